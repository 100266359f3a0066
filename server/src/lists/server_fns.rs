//! Server functions over HTTP: for the script as JSON, for forms as pages.
//!
//! A form that was done leads on (303). One that was refused shows its page again (422) with the sentence, and with
//! what was typed still in the field. Both come of the same function: the form's request is asked as JSON, and the
//! answer is turned into a page here.

use app::Kept;
use app::server_fns::{ApiError, Asker, Done};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header, request};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Json};
use backend::Backend;
use domain::ListId;
use futures_util::StreamExt;
use leptos::prelude::provide_context;
use serde::Deserialize;

use crate::auth::session;
use crate::auth::session::{PERSON, Someone};
use crate::http::compression::Compressible;
use crate::lists::pages;
use crate::state::AppState;

/// The most bytes that a request may have: a full push with room to spare.
pub(crate) const MOST_BYTES: usize = 2 * 1024 * 1024;

/// The most bytes that are read of a request that is too large.
const MOST_IGNORED: usize = 64 * 1024 * 1024;

/// The header that says which version a snapshot is of.
const VERSION: &str = "tandem-version";

/// Answers a server function.
pub(crate) async fn answer(State(state): State<AppState>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let someone = if parts.uri.path() == "/api/join_list" {
        // A share link may make a guest whom nobody knows; whether it does is decided where it is written.
        session::bearer(&state.backend, &parts.headers).map(Someone)
    } else {
        Someone::from_request_parts(&mut parts, &state).await.ok()
    };
    let is_form = parts
        .headers
        .get(header::ACCEPT)
        .is_some_and(|accept| accept.as_bytes().windows(9).any(|part| part == b"text/html"));
    let asked = match read(body).await {
        Ok(body) => ask(&state, someone, parts.clone(), body.clone())
            .await
            .map_err(|error| (error, body)),
        Err(error) => Err((error, Bytes::new())),
    };
    match asked {
        Ok(body) if is_form => match serde_json::from_slice::<Done>(&body) {
            Ok(done) => Redirect::to(&done.to).into_response(),
            Err(_) => Redirect::to("/").into_response(),
        },
        Ok(body) => (
            [
                (header::CONTENT_TYPE, "application/json"),
                (header::CACHE_CONTROL, "no-store"),
            ],
            body,
        )
            .into_response(),
        Err((error, body)) if is_form => {
            let someone = someone.filter(|_| error != ApiError::NoSession);
            refused_form(&state, someone, parts, &body, &error).await
        }
        Err((error, _)) => failed(&error),
    }
}

/// Which list is wanted.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    list: ListId,
}

/// A list in full. A service worker keeps it, for when there is no network: hence it says whose it is and of which version.
pub(crate) async fn snapshot(
    State(backend): State<Backend>,
    Someone(visitor): Someone,
    Query(Wanted { list }): Query<Wanted>,
) -> Response {
    match backend.snapshot(&visitor, list, None).await {
        Ok(snapshot) => {
            let headers = [
                (header::CACHE_CONTROL.as_str(), "no-store".to_owned()),
                (PERSON, visitor.person().to_string()),
                (VERSION, format!("{}.{}", snapshot.epoch, snapshot.list.version)),
            ];
            // What its members know anyway, and nothing of the request.
            (Extension(Compressible), headers, Json(snapshot)).into_response()
        }
        Err(error) => failed(&error.into()),
    }
}

/// Says no in the shape that the page's half of a server function expects.
pub(crate) fn failed(error: &ApiError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CACHE_CONTROL, "no-store")], Json(error)).into_response()
}

/// Reads a request. One that is too large is read on, and ignored: a browser that is cut off while it still sends shows
/// its person a broken connection and not the answer.
async fn read(body: Body) -> Result<Bytes, ApiError> {
    let (mut bytes, mut length) = (Vec::new(), 0);
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await
        && length <= MOST_IGNORED
    {
        let piece = piece.map_err(|_| ApiError::Malformed)?;
        length += piece.len();
        if length > MOST_BYTES {
            bytes = Vec::new();
        } else {
            bytes.extend_from_slice(&piece);
        }
    }
    if length > MOST_BYTES {
        Err(ApiError::TooLarge)
    } else {
        Ok(bytes.into())
    }
}

/// Runs the server function at that path, as for a script.
async fn ask(
    state: &AppState,
    someone: Option<Someone>,
    mut parts: request::Parts,
    body: Bytes,
) -> Result<Bytes, ApiError> {
    parts
        .headers
        .insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let request = Request::from_parts(parts, Body::from(body));
    let asker = someone.map(|Someone(visitor)| Asker {
        backend: state.backend.clone(),
        visitor,
    });
    let context = move || {
        if let Some(asker) = asker.clone() {
            provide_context(asker);
        }
    };
    let response = leptos_axum::handle_server_fns_with_context(context, request)
        .await
        .into_response();
    let good = response.status().is_success();
    let body = to_bytes(response.into_body(), usize::MAX)
        .await
        .map_err(|_| ApiError::Malformed)?;
    if good {
        Ok(body)
    } else {
        Err(serde_json::from_slice(&body).unwrap_or(ApiError::Malformed))
    }
}

/// Shows the page that the form was on, with the sentence and with what was typed.
async fn refused_form(
    state: &AppState,
    someone: Option<Someone>,
    parts: request::Parts,
    body: &[u8],
    error: &ApiError,
) -> Response {
    let action = parts.uri.path().rsplit('/').next().unwrap_or_default().to_owned();
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(body).unwrap_or_default();
    let field = |name: &str| {
        fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
    };
    let kept = Kept {
        sentence: error.to_string(),
        text: field("title")
            .or_else(|| field("name"))
            .or_else(|| field("code"))
            .unwrap_or_default(),
        task: field("task").and_then(|task| task.parse().ok()),
        notes: field("notes").map(|notes| (notes, field("base").unwrap_or_default())),
        action,
    };
    // The page that the form was on; its address stays, so that a reload asks nothing twice.
    let referer = parts
        .headers
        .get(header::REFERER)
        .and_then(|value| value.to_str().ok())
        .and_then(|url| url.parse::<axum::http::Uri>().ok());
    let from = referer
        .map(|url| url.path().to_owned())
        .unwrap_or_else(|| "/".to_owned());
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let list = field("list").and_then(|list| list.parse().ok());
    pages::again(state, someone, &parts.headers, &from, list, kept, status).await
}
