//! `GET /events`, the stream, and `GET /changes`, the same for those who cannot hold one open.
//!
//! Any status but 200 makes a browser give up for good. So a stream that cannot go on, since the server is stopping or
//! full, is a 200 that ends at once with a time to come back at, a different one for everyone.

use std::convert::Infallible;
use std::time::Duration;

use app::api::random;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::{Backend, Subscriber};
use futures_util::stream;
use serde::Deserialize;

use crate::session::Someone;

/// How long `GET /changes` waits for something to happen.
const WAIT: Duration = Duration::from_secs(25);

/// The most frames that are sent in one piece to a reader who is behind.
const PIECE: usize = 64;

/// Where a reader stands.
#[derive(Deserialize)]
pub(crate) struct Since {
    since: Option<String>,
}

/// The stream.
pub(crate) async fn events(
    State(backend): State<Backend>,
    Someone(visitor): Someone,
    Query(Since { since }): Query<Since>,
    headers: HeaderMap,
) -> Response {
    // A browser that reconnects sends the old address again: the header knows better.
    let last = headers
        .get("last-event-id")
        .filter(|id| !id.is_empty())
        .map(|id| id.to_str().unwrap_or("?").to_owned());
    let body = match backend.subscribe(&visitor, last.or(since).as_deref()).await {
        Ok(subscriber) => Body::from_stream(frames(subscriber)),
        Err(error) => {
            tracing::warn!(%error, "a stream could not begin");
            Body::from(come_back())
        }
    };
    let headers = [
        (header::CONTENT_TYPE.as_str(), "text/event-stream"),
        (header::CACHE_CONTROL.as_str(), "no-cache, no-transform"),
        ("x-accel-buffering", "no"),
    ];
    (headers, body).into_response()
}

/// The events after a cursor, as JSON: `[{"id":"k3.42","event":"change","data":{…}}, …]`.
pub(crate) async fn changes(
    State(backend): State<Backend>,
    Someone(visitor): Someone,
    Query(Since { since }): Query<Since>,
) -> Response {
    match backend.changes(&visitor, since.as_deref(), WAIT).await {
        Ok(frames) => {
            let epoch = backend.epoch();
            let mut json = b"[".to_vec();
            for (index, frame) in frames.iter().enumerate() {
                let head = format!(
                    "{{\"id\":\"{epoch}.{}\",\"event\":\"{}\",\"data\":",
                    frame.seq(),
                    frame.event()
                );
                json.extend_from_slice(if index > 0 { b"," } else { b"" });
                json.extend_from_slice(head.as_bytes());
                json.extend_from_slice(frame.data());
                json.push(b'}');
            }
            json.push(b']');
            (
                [
                    (header::CONTENT_TYPE, "application/json"),
                    (header::CACHE_CONTROL, "no-store"),
                ],
                json,
            )
                .into_response()
        }
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response(),
    }
}

/// The bytes of a stream: when to come back after a cut, then frames as they come, several in one piece for who is behind.
fn frames(subscriber: Subscriber) -> impl futures_util::Stream<Item = Result<Bytes, Infallible>> {
    enum At {
        Beginning,
        Middle,
        End,
    }
    stream::unfold((subscriber, At::Beginning), |(mut subscriber, at)| async move {
        let mut piece = match at {
            At::Beginning => come_back(),
            At::Middle => Vec::new(),
            At::End => return None,
        };
        let Some(first) = subscriber.next().await else {
            // The end, at the end of an event: everyone is told a time of their own to come back at.
            return Some((Ok(Bytes::from(come_back())), (subscriber, At::End)));
        };
        let mut count = 1;
        let alone = piece.is_empty();
        let mut next = subscriber.next_now();
        if alone && next.is_none() {
            return Some((Ok(first.bytes().clone()), (subscriber, At::Middle)));
        }
        piece.extend_from_slice(first.bytes());
        while let Some(frame) = next {
            piece.extend_from_slice(frame.bytes());
            count += 1;
            next = if count < PIECE {
                subscriber.next_now()
            } else {
                None
            };
        }
        Some((Ok(Bytes::from(piece)), (subscriber, At::Middle)))
    })
}

/// `retry:` with a time from half a second to four, so that a thousand readers do not come back in one moment.
fn come_back() -> Vec<u8> {
    let spread = random::<2>().map_or(1_000, u16::from_le_bytes) % 3_500;
    format!("retry: {}\n\n", 500 + spread).into_bytes()
}
