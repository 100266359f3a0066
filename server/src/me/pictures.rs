//! Pictures of people: taken in, drawn anew, and shown to who shares a list with them.
//!
//! Nothing of what was sent is ever served: it is read as pixels within limits, cut to a square, made small and written as a PNG. A
//! style names the pictures of all whom somebody may see, so pages need no script for them; the list and the page of who is in it
//! ask for it again when there is another.

use std::fmt::Write as _;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use backend::{Backend, Household, Visitor};
use domain::PersonId;
use serde::Deserialize;

use crate::auth::session::{CurrentUser, PERSON};
use crate::http::client_ip::ClientIp;
use crate::http::page_response;
use crate::http::public_origin::PublicOrigin;
use crate::http::retry_after::come_back;
use crate::me::page;
use crate::state::AppState;

/// What is said where nothing could be made of it.
const NONE: &str = "This picture could not be read. Please choose a PNG, JPEG, WebP or GIF of at most 2 MB and 16 megapixels.";

/// What is said to who chooses one after the other.
const OFTEN: &str = "Too many pictures in a short time. Please wait a minute and try again.";

/// What is said where too many wait for a turn, and when to come back.
const MANY: &str = "Other pictures have to be made smaller first. Please try again in 5 seconds.";
const BUSY: Duration = Duration::from_secs(5);

/// Which of somebody's pictures.
#[derive(Deserialize)]
pub(crate) struct Which {
    #[serde(default)]
    v: String,
}

/// Whether none is to be shown any more.
#[derive(Deserialize)]
pub(crate) struct What {
    remove: Option<String>,
}

/// Shows a picture of oneself, or none any more.
pub(crate) async fn choose(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Query(What { remove }): Query<What>,
    ClientIp(address): ClientIp,
    origin: PublicOrigin,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Response {
    if remove.is_some() {
        return show(&state, visitor, &origin, None).await;
    }
    if let Err(wait) = state.throttle.picture(visitor.person(), address) {
        let mut refused = problem(&state, visitor, &origin, OFTEN.to_owned()).await;
        come_back(&mut refused, StatusCode::TOO_MANY_REQUESTS, wait);
        return refused;
    }
    let sent = match form {
        Ok(form) => first(form).await,
        Err(_) => None,
    };
    let png = match sent {
        Some(sent) => match state.picture_resizer.resize(sent, Household::of(address)).await {
            Ok(png) => png,
            Err(_) => {
                state.throttle.picture_waits(visitor.person(), address);
                let mut refused = problem(&state, visitor, &origin, MANY.to_owned()).await;
                come_back(&mut refused, StatusCode::SERVICE_UNAVAILABLE, BUSY);
                return refused;
            }
        },
        None => None,
    };
    let Some(png) = png else {
        return problem(&state, visitor, &origin, NONE.to_owned()).await;
    };
    show(&state, visitor, &origin, Some(png)).await
}

/// Somebody's picture.
pub(crate) async fn picture(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Path(person): Path<String>,
    Query(Which { v }): Query<Which>,
) -> Response {
    let found = match person.parse::<PersonId>() {
        Ok(person) => state.backend.accounts().picture(&visitor, person).await,
        Err(_) => Ok(None),
    };
    match found {
        // Under its own name it never changes.
        Ok(Some(picture)) => {
            let kept = if v == picture.name {
                "private, max-age=31536000, immutable"
            } else {
                "private, no-store"
            };
            (
                [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, kept)],
                picture.bytes,
            )
                .into_response()
        }
        Ok(None) => (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")]).into_response(),
        Err(error) => page_response::respond(&state, Err(error), None).await,
    }
}

/// The style that shows the pictures of everyone whom one may see.
pub(crate) async fn style(State(backend): State<Backend>, CurrentUser(visitor): CurrentUser) -> Response {
    let kinds = [
        (
            header::CONTENT_TYPE.as_str(),
            "text/css; charset=utf-8".to_owned(),
        ),
        (header::CACHE_CONTROL.as_str(), "private, no-store".to_owned()),
        // A service worker keeps it with what is theirs.
        (PERSON, visitor.person().to_string()),
    ];
    match backend.accounts().pictures(&visitor).await {
        Ok(pictures) => (kinds, rules(&pictures)).into_response(),
        Err(error) => {
            tracing::error!(%error, "pictures could not be read");
            (StatusCode::SERVICE_UNAVAILABLE, kinds, String::new()).into_response()
        }
    }
}

fn rules(pictures: &[(PersonId, String)]) -> String {
    let mut rules = String::new();
    for (person, name) in pictures {
        // A text is written to: it has no way to fail.
        let _ = writeln!(
            rules,
            ":is(.avatar[data-person=\"{person}\"],[data-person=\"{person}\"] .avatar){{background:center/cover url(\"/people/{person}/picture?v={name}\");color:transparent}}"
        );
    }
    rules
}

/// The first file of a form.
async fn first(mut form: Multipart) -> Option<Bytes> {
    while let Ok(Some(field)) = form.next_field().await {
        if field.name() == Some("picture") {
            return field.bytes().await.ok();
        }
    }
    None
}

/// The page with a sentence at the field.
async fn problem(state: &AppState, visitor: Visitor, origin: &PublicOrigin, sentence: String) -> Response {
    let page = page::page(state, visitor, origin, None)
        .await
        .map(|page| page::with_picture_problem(page, sentence));
    page_response::respond(state, page, Some(StatusCode::UNPROCESSABLE_ENTITY)).await
}

/// Shows it, and leads back.
async fn show(state: &AppState, visitor: Visitor, origin: &PublicOrigin, png: Option<Vec<u8>>) -> Response {
    match state.backend.accounts().set_picture(&visitor, png).await {
        Ok(()) => Redirect::to("/me").into_response(),
        Err(error) => {
            let Some(wait) = error.retry_after() else {
                return page_response::respond(state, Err(error), None).await;
            };
            let mut refused = problem(state, visitor, origin, error.to_string()).await;
            come_back(&mut refused, StatusCode::TOO_MANY_REQUESTS, wait);
            refused
        }
    }
}
