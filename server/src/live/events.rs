//! `GET /events`, the stream, and `GET /changes`, the same for those who cannot hold one open.
//!
//! Any status but 200 makes a browser give up for good. So a stream that cannot go on, since the server is stopping or
//! full, is a 200 that ends in order: with the reason, and with a time to come back at, a different one for everyone.

use std::convert::Infallible;
use std::future::ready;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::{Backend, Frame, Visitor};
use domain::wire::Ending;
use futures_util::stream;

use crate::auth::session::CurrentUser;
use crate::http::client_ip::ClientIp;
use crate::http::stream_connection::Handover;
use crate::live::operator_events::OperatorEvents;
use crate::live::stream_body::{goodbye, pieces};
use crate::live::stream_limits::{Permit, StreamLimits};
use crate::live::stream_query::StreamQuery;
use crate::state::AppState;

/// The stream.
pub(crate) async fn events(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    ClientIp(address): ClientIp,
    query: StreamQuery,
    headers: HeaderMap,
) -> Response {
    let (stream, ending) = match state.stream_limits.take(visitor.person(), address) {
        None => (None, Ending::Full),
        Some(permit) => {
            let query = query.with_last_event_id(&headers);
            (open(&state, visitor, query, permit).await, Ending::Unavailable)
        }
    };
    // What is said where there is no stream after the head.
    let body = Body::from_stream(stream::once(ready(Ok::<_, Infallible>(goodbye(ending)))));
    let headers = [
        (header::CONTENT_TYPE.as_str(), "text/event-stream"),
        (header::CACHE_CONTROL.as_str(), "no-cache, no-transform"),
        ("x-accel-buffering", "no"),
    ];
    (headers, stream.map(Extension), body).into_response()
}

/// A stream of somebody's, for the connection that it goes over.
async fn open(state: &AppState, visitor: Visitor, query: StreamQuery, permit: Permit) -> Option<Handover> {
    let StreamQuery {
        since,
        filter,
        wanted,
        ..
    } = query;
    let subscribed = state
        .backend
        .live()
        .subscribe(&visitor, since.as_deref(), filter)
        .await;
    let subscriber = subscribed
        .inspect_err(|error| tracing::warn!(%error, "a stream could not begin"))
        .ok()?;
    let line = subscriber.line();
    let events = OperatorEvents::new(subscriber).with(wanted, state, visitor);
    Some(Handover::new(pieces(events, permit), line))
}

/// The events after a cursor, as JSON, waiting for news up to `?wait=` seconds: `[{"id":"k3.42","event":"change","data":{…}}, …]`.
pub(crate) async fn changes(
    State(backend): State<Backend>,
    State(limits): State<StreamLimits>,
    CurrentUser(visitor): CurrentUser,
    ClientIp(address): ClientIp,
    query: StreamQuery,
) -> Response {
    let Some(_permit) = limits.take(visitor.person(), address) else {
        let sentence = "Too many pages are open. Try again in a moment.\n";
        let later = [(header::RETRY_AFTER, "5")];
        return (StatusCode::SERVICE_UNAVAILABLE, later, sentence).into_response();
    };
    let StreamQuery {
        since, wait, filter, ..
    } = query;
    match backend
        .live()
        .changes(&visitor, since.as_deref(), filter, wait)
        .await
    {
        Ok(frames) => {
            let headers = [
                (header::CONTENT_TYPE, "application/json"),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (headers, json(&backend, &frames)).into_response()
        }
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response(),
    }
}

fn json(backend: &Backend, frames: &[Frame]) -> Vec<u8> {
    let epoch = backend.epoch();
    let mut json = b"[".to_vec();
    for (index, frame) in frames.iter().enumerate() {
        let id = frame
            .seq()
            .map_or_else(String::new, |seq| format!("\"id\":\"{epoch}.{seq}\","));
        let comma = if index > 0 { "," } else { "" };
        let head = format!("{comma}{{{id}\"event\":\"{}\",\"data\":", frame.event());
        json.extend_from_slice(head.as_bytes());
        json.extend_from_slice(frame.data());
        json.push(b'}');
    }
    json.push(b']');
    json
}
