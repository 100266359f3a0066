//! Server functions over HTTP: for the script as JSON, for forms as pages.
//!
//! A form that was done leads on (303). One that was refused shows its page again (422) with the sentence, and with
//! what was typed still in the field. Both come of the same function: the form's request is asked as JSON, and the
//! answer is turned into a page here.

use std::time::Duration;

use app::server_fns::{ApiError, Done, RequestContext, RetryAfter};
use axum::Extension;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header, request};
use axum::response::{IntoResponse, Redirect, Response};
use backend::{Backend, Visitor};
use domain::ListId;
use futures_util::StreamExt;
use leptos::prelude::provide_context;
use serde::Deserialize;

use crate::auth::session::{AnyVisitor, CurrentUser, PERSON};
use crate::http::body_deadline::CUT_OFF;
use crate::http::client_ip::ClientIp;
use crate::http::compression::Compressible;
use crate::http::error;
use crate::http::locale;
use crate::http::pieces;
use crate::http::public_origin::PublicOrigin;
use crate::http::retry_after::come_back;
use crate::lists::refused_form::RefusedForm;
use crate::state::AppState;

/// The most bytes that a request may have: a full push with room to spare.
pub(crate) const MOST_BYTES: usize = 2 * 1024 * 1024;

/// The most bytes that are read of a request that is too large.
const MOST_IGNORED: usize = 64 * 1024 * 1024;

/// The header that says which version a snapshot is of.
const VERSION: &str = "tandem-version";

/// Answers a server function.
pub(crate) async fn answer(
    State(state): State<AppState>,
    user: Option<CurrentUser>,
    bearer: Option<AnyVisitor>,
    request: Request,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let visitor = if parts.uri.path() == "/fn/join_list" {
        // A share link may make a guest whom nobody knows; whether it does is decided where it is written.
        bearer.map(|AnyVisitor(visitor)| visitor)
    } else {
        user.map(|CurrentUser(visitor)| visitor)
    };
    let sent = read(body).await;
    // Reading it may have taken half a minute. What is written asks again; this is for what is only shown.
    let visitor = visitor.filter(|visitor| !state.backend.accounts().has_ended(visitor));
    let done = match &sent {
        Ok(sent) => ask(&state, visitor, parts.clone(), sent.clone()).await,
        Err(error) => Err((error.clone(), None)),
    };
    let (error, wait) = match done {
        Ok(body) if is_form(&parts.headers) => return led_on(&body),
        Ok(body) => return json(body),
        Err(refused) => refused,
    };
    let mut answer = if is_form(&parts.headers) {
        let visitor = visitor.filter(|_| error != ApiError::NoSession);
        let form = RefusedForm::read(&parts, &sent.unwrap_or_default(), &error);
        let Ok(origin) = PublicOrigin::from_request_parts(&mut parts, &state).await;
        form.answer(&state, visitor, &origin).await
    } else {
        error::json(&error)
    };
    if let Some(wait) = wait {
        come_back(&mut answer, StatusCode::TOO_MANY_REQUESTS, wait);
    }
    answer
}

/// Whether a browser sends a form, and shows what it is answered as a page.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .is_some_and(|accept| accept.as_bytes().windows(9).any(|part| part == b"text/html"))
}

/// Leads on whoever sent a form that was done.
fn led_on(body: &[u8]) -> Response {
    match serde_json::from_slice::<Done>(body) {
        Ok(done) => Redirect::to(&done.to).into_response(),
        Err(_) => Redirect::to("/").into_response(),
    }
}

fn json(body: Bytes) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, body).into_response()
}

/// Which list is wanted.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    list: ListId,
}

/// A list in full. A service worker keeps it, for when there is no network: hence it says whose it is and of which version.
pub(crate) async fn snapshot(
    State(backend): State<Backend>,
    CurrentUser(visitor): CurrentUser,
    Query(Wanted { list }): Query<Wanted>,
) -> Response {
    match backend.lists().snapshot_text(&visitor, list).await {
        Ok(snapshot) => {
            let headers = [
                (header::CONTENT_TYPE.as_str(), "application/json".to_owned()),
                (header::CACHE_CONTROL.as_str(), "no-store".to_owned()),
                (PERSON, visitor.person().to_string()),
                (VERSION, format!("{}.{}", snapshot.epoch, snapshot.version)),
            ];
            // What its members know anyway, and nothing of the request.
            (Extension(Compressible), headers, pieces::body(snapshot.pieces)).into_response()
        }
        Err(error) => error::json(&error.into()),
    }
}

/// Reads a request. One that is too large is read on, and ignored: a browser that is cut off while it still sends shows
/// its person a broken connection and not the answer.
async fn read(body: Body) -> Result<Bytes, ApiError> {
    let (mut bytes, mut length) = (Vec::new(), 0);
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await
        && length <= MOST_IGNORED
    {
        // Nothing is wrong with what was asked, as far as it came.
        let piece = piece.map_err(|_| ApiError::Unavailable(CUT_OFF.to_owned()))?;
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

/// Runs the server function at that path, as for a script. Where it is refused only for now, this is also how long to wait.
async fn ask(
    state: &AppState,
    visitor: Option<Visitor>,
    mut parts: request::Parts,
    body: Bytes,
) -> Result<Bytes, (ApiError, Option<Duration>)> {
    parts
        .headers
        .insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let Ok(address) = ClientIp::from_request_parts(&mut parts, state).await;
    let languages = locale::languages(&parts.headers);
    let request = Request::from_parts(parts, Body::from(body));
    let retry_after = RetryAfter::default();
    let context = visitor.map(|visitor| RequestContext {
        backend: state.backend.clone(),
        visitor,
        household: address.household(),
        retry_after: retry_after.clone(),
        today: locale::today(),
        minute: locale::minute(),
        languages,
    });
    let provide = move || {
        if let Some(context) = context.clone() {
            provide_context(context);
        }
    };
    let response = leptos_axum::handle_server_fns_with_context(provide, request)
        .await
        .into_response();
    let good = response.status().is_success();
    let body = to_bytes(response.into_body(), usize::MAX)
        .await
        .map_err(|_| (ApiError::Malformed, None))?;
    if good {
        Ok(body)
    } else {
        let error = serde_json::from_slice(&body).unwrap_or(ApiError::Malformed);
        Err((error, retry_after.get()))
    }
}
