//! `GET /events`, the stream, and `GET /changes`, the same for those who cannot hold one open.
//!
//! Any status but 200 makes a browser give up for good. So a stream that cannot go on, since the server is stopping or
//! full, is a 200 that ends in order: with the reason, and with a time to come back at, a different one for everyone.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::future::ready;
use std::mem::replace;
use std::time::Duration;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::{Backend, Filter, Frame, Kinds};
use domain::wire::{Bye, Ending, Level};
use futures_util::stream;

use crate::auth::session::CurrentUser;
use crate::http::client_ip::Peer;
use crate::http::random::random;
use crate::http::stream_connection::{Handover, Piece};
use crate::live::operator_events::{OperatorEvents, Wanted};
use crate::live::stream_limits::{Permit, StreamLimits};
use crate::state::AppState;

/// How long `GET /changes` waits for something to happen, at the most.
const WAIT: Duration = Duration::from_secs(25);

/// How many bytes make one piece for a reader who is behind: several frames, or one that is larger.
const PIECE: usize = 16 * 1024;

/// What the address asks for.
#[derive(Debug)]
struct Wish {
    since: Option<String>,
    /// How long to wait for something to happen, where that is asked for.
    wait: Duration,
    filter: Filter,
    wanted: Wanted,
}

impl Wish {
    /// Reads the parts of the address. A wrong one is a slip of whoever wrote the program, and is told so.
    fn parse(parts: Vec<(String, String)>) -> Result<Self, String> {
        let (mut since, mut wait) = (None, WAIT);
        let mut lists: Option<BTreeSet<_>> = None;
        let mut kinds: Option<Kinds> = None;
        let mut least = Level::Trace;
        for (name, value) in parts {
            match name.as_str() {
                "since" => since = Some(value),
                "list" => {
                    let list = value
                        .parse()
                        .map_err(|_| format!("“{value}” is not the id of a list."))?;
                    lists.get_or_insert_default().insert(list);
                }
                "events" => {
                    for name in value.split(',') {
                        let kind = Kinds::parse(name).ok_or_else(|| {
                            format!(
                                "There are no events called “{name}”. Choose from change, presence, notice, progress, invited, figures and log."
                            )
                        })?;
                        kinds = Some(kinds.unwrap_or(Kinds::NONE) | kind);
                    }
                }
                "wait" => {
                    let seconds: u64 = value
                        .parse()
                        .map_err(|_| format!("“{value}” is not a number of seconds."))?;
                    wait = WAIT.min(Duration::from_secs(seconds));
                }
                "level" => {
                    least = Level::parse(&value).ok_or_else(|| {
                        format!(
                            "The log has no level “{value}”. Choose from error, warn, info, debug and trace."
                        )
                    })?;
                }
                // What a later version may know.
                _ => {}
            }
        }
        // The figures and the server's own log are the operator's, and come from elsewhere.
        let kinds = kinds.unwrap_or_default();
        let wanted = Wanted {
            figures: kinds.contains(Kinds::FIGURES),
            log: kinds.contains(Kinds::LOG).then_some(least),
        };
        let kinds = kinds.without(Kinds::FIGURES | Kinds::LOG);
        Ok(Self {
            since,
            wait,
            filter: Filter { lists, kinds },
            wanted,
        })
    }
}

/// The stream.
pub(crate) async fn events(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    peer: Peer,
    Query(parts): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    let Wish {
        since,
        filter,
        wanted,
        ..
    } = match Wish::parse(parts) {
        Ok(wish) => wish,
        Err(sentence) => return (StatusCode::BAD_REQUEST, format!("{sentence}\n")).into_response(),
    };
    // A browser that reconnects sends the old address again: the header knows better.
    let last = headers
        .get("last-event-id")
        .filter(|id| !id.is_empty())
        .map(|id| id.to_str().unwrap_or("?").to_owned());
    let (stream, ending) = match state.stream_limits.take(visitor.person(), peer.address(&headers)) {
        None => (None, Ending::Full),
        Some(permit) => match state
            .backend
            .subscribe(&visitor, last.or(since).as_deref(), filter)
            .await
        {
            Ok(subscriber) => {
                let line = subscriber.line();
                let events = OperatorEvents::new(subscriber).with(wanted, &state, visitor);
                let stream = Handover::new(pieces(events, permit), line);
                (Some(stream), Ending::Unavailable)
            }
            Err(error) => {
                tracing::warn!(%error, "a stream could not begin");
                (None, Ending::Unavailable)
            }
        },
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

/// The events after a cursor, as JSON, waiting for news up to `?wait=` seconds: `[{"id":"k3.42","event":"change","data":{…}}, …]`.
pub(crate) async fn changes(
    State(backend): State<Backend>,
    State(limits): State<StreamLimits>,
    CurrentUser(visitor): CurrentUser,
    peer: Peer,
    Query(parts): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    let Wish {
        since, wait, filter, ..
    } = match Wish::parse(parts) {
        Ok(wish) => wish,
        Err(sentence) => return (StatusCode::BAD_REQUEST, format!("{sentence}\n")).into_response(),
    };
    let Some(_permit) = limits.take(visitor.person(), peer.address(&headers)) else {
        let sentence = "Too many pages are open. Try again in a moment.\n";
        return (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::RETRY_AFTER, "5")],
            sentence,
        )
            .into_response();
    };
    match backend.changes(&visitor, since.as_deref(), filter, wait).await {
        Ok(frames) => (
            [
                (header::CONTENT_TYPE, "application/json"),
                (header::CACHE_CONTROL, "no-store"),
            ],
            json(&backend, &frames),
        )
            .into_response(),
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

/// A stream piece by piece: when to come back after a cut, then frames as they come, several in one for who is behind.
fn pieces(events: OperatorEvents, permit: Permit) -> impl futures_util::Stream<Item = Piece> {
    struct Source {
        events: OperatorEvents,
        has_begun: bool,
        has_ended: bool,
        _permit: Permit,
    }
    // In a box, since it changes hands with every piece.
    let source = Box::new(Source {
        events,
        has_begun: false,
        has_ended: false,
        _permit: permit,
    });
    stream::unfold(source, |mut source| async move {
        if source.has_ended {
            return None;
        }
        let mut own = if replace(&mut source.has_begun, true) {
            Vec::new()
        } else {
            format!("{}\n", come_back()).into_bytes()
        };
        let Some(first) = source.events.next().await else {
            // The end, at the end of an event.
            source.has_ended = true;
            own.extend(goodbye(source.events.ending().unwrap_or(Ending::Unavailable)));
            return Some((Piece::Own(own), source));
        };
        let mut next = source.events.next_now();
        if own.is_empty() && next.is_none() {
            return Some((Piece::Shared(first), source));
        }
        own.extend_from_slice(first.bytes());
        while let Some(frame) = next {
            own.extend_from_slice(frame.bytes());
            next = if own.len() < PIECE {
                source.events.next_now()
            } else {
                None
            };
        }
        Some((Piece::Own(own), source))
    })
}

/// The last event of a stream that ends in order.
fn goodbye(reason: Ending) -> Vec<u8> {
    let bye = Frame::beside("bye", &Bye { reason });
    let mut bytes = come_back().into_bytes();
    bytes.extend_from_slice(bye.bytes());
    bytes
}

/// `retry:` with a time from half a second to four, so that a thousand readers do not come back in one moment.
fn come_back() -> String {
    let spread = random::<2>().map_or(1_000, u16::from_le_bytes) % 3_500;
    format!("retry: {}\n", 500 + spread)
}

#[cfg(test)]
mod fuzz;

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(parts: &[(&str, &str)]) -> Result<Wish, String> {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Wish::parse(parts.iter().map(own).collect())
    }

    #[test]
    fn the_address_chooses_lists_and_kinds() {
        let everything = wish(&[("since", "k3.1"), ("later", "x")]).unwrap();
        assert_eq!(everything.since.as_deref(), Some("k3.1"));
        assert_eq!((everything.filter, everything.wait), (Filter::default(), WAIT));
        assert_eq!(wish(&[("wait", "0")]).unwrap().wait, Duration::ZERO);
        assert_eq!(wish(&[("wait", "999")]).unwrap().wait, WAIT);
        let (one, other) = (
            "01890000-0000-7000-8000-000000000001",
            "01890000-0000-7000-8000-000000000002",
        );
        let lists = wish(&[("list", one), ("list", other), ("list", one)]).unwrap();
        assert_eq!(lists.filter.lists.map(|lists| lists.len()), Some(2));
        let kinds = wish(&[("events", "change,presence"), ("events", "notice")]).unwrap();
        assert_eq!(
            kinds.filter.kinds,
            Kinds::CHANGE | Kinds::PRESENCE | Kinds::NOTICE
        );
        let operator = wish(&[("events", "log,figures"), ("level", "warn")]).unwrap();
        assert_eq!(operator.filter.kinds, Kinds::NONE);
        assert_eq!(
            (operator.wanted.figures, operator.wanted.log),
            (true, Some(Level::Warn))
        );
        assert_eq!((everything.wanted.figures, everything.wanted.log), (false, None));
        for (wrong, says) in [
            (("list", "milk"), "“milk”"),
            (("events", "change,chat"), "“chat”"),
            (("events", ""), "“”"),
            (("wait", "soon"), "“soon”"),
            (("level", "loud"), "“loud”"),
        ] {
            assert!(wish(&[wrong]).unwrap_err().contains(says));
        }
    }
}
