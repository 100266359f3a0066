//! `POST /presence`: what a page says of itself, also as its last word (a beacon), hence without an answer to read.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use backend::Backend;
use domain::wire::Beat;

use crate::auth::session::{CurrentUser, no_session};
use crate::state::AppState;

/// The most bytes that a beat may have.
const MOST_BYTES: usize = 1024;

/// The address's answer.
pub(crate) fn route() -> MethodRouter<AppState> {
    post(beat).layer(DefaultBodyLimit::max(MOST_BYTES))
}

async fn beat(State(backend): State<Backend>, CurrentUser(visitor): CurrentUser, body: Bytes) -> Response {
    let Ok(beat) = serde_json::from_slice::<Beat>(&body) else {
        return (StatusCode::BAD_REQUEST, "This message could not be read.\n").into_response();
    };
    match backend.live().beat(&visitor, &beat) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(_) => no_session(),
    }
}
