//! `GET /jobs/{id}`: how a long job of one's own stands; `GET /jobs/{id}/result`: what it made.

use app::pages::{JobPage, Page};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::wire::JobState;

use crate::auth::session::CurrentUser;
use crate::http::page_response;
use crate::state::AppState;

/// The progress of a job: a page, and for a script that asks for it JSON. While the job is running the browser reloads the
/// page every second, also without script.
pub(crate) async fn page(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some((progress, _)) = state.backend.lists().job(&visitor, &id) else {
        return page_response::missing(State(state)).await;
    };
    let vary = (header::VARY, "accept");
    if headers
        .get(header::ACCEPT)
        .is_some_and(|accept| accept == "application/json")
    {
        return ([vary, (header::CACHE_CONTROL, "no-store")], Json(progress)).into_response();
    }
    let running = progress.state == JobState::Running;
    let mut response = page_response::document(&state, Page::Job(Box::new(JobPage { progress }))).await;
    if running {
        response
            .headers_mut()
            .insert(header::REFRESH, HeaderValue::from_static("1"));
    }
    ([vary], response).into_response()
}

/// What it made, as a file.
pub(crate) async fn result(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Path(id): Path<String>,
) -> Response {
    match state.backend.lists().job(&visitor, &id) {
        Some((_, Some(result))) => (
            StatusCode::OK,
            [
                (header::CONTENT_TYPE, "application/json"),
                (
                    header::CONTENT_DISPOSITION,
                    "attachment; filename=\"tandem.json\"",
                ),
                (header::CACHE_CONTROL, "no-store"),
            ],
            result,
        )
            .into_response(),
        _ => page_response::missing(State(state)).await,
    }
}
