//! `GET /jobs/{id}`: how a long job of one's own stands; `GET /jobs/{id}/result`: what it made.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use app::pages::{JobPage, Page};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::ExportFile;
use domain::wire::JobState;
use futures_util::stream;

use crate::auth::session::CurrentUser;
use crate::http::page_response;
use crate::state::AppState;

/// The most bytes of a file that are in memory at once.
const PIECE: usize = 64 * 1024;

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
        Some((_, Some(export))) => match export.open() {
            Ok(file) => download(file, export),
            Err(error) => {
                tracing::error!(%error, "an export could not be read");
                StatusCode::SERVICE_UNAVAILABLE.into_response()
            }
        },
        _ => page_response::missing(State(state)).await,
    }
}

/// The file, piece by piece: it is on disk as long as somebody reads it.
fn download(file: File, export: Arc<ExportFile>) -> Response {
    let length = export.bytes();
    let pieces = stream::try_unfold((file, export), |(mut file, export)| async move {
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; PIECE];
            let count = file.read(&mut piece)?;
            piece.truncate(count);
            Ok::<_, io::Error>((piece, file))
        });
        let (piece, file) = read.await.map_err(io::Error::other)??;
        Ok::<_, io::Error>((!piece.is_empty()).then_some((Bytes::from(piece), (file, export))))
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"tandem.json\""),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_LENGTH, HeaderValue::from(length)),
    ];
    (headers, Body::from_stream(pieces)).into_response()
}
