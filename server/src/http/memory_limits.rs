//! How much memory requests and answers may hold: the bytes of bodies that are not read and answered yet, and of large answers that
//! are not sent yet, in all and of one address.
//!
//! A body is counted as it comes, and given back when its request is answered. An answer is counted when it is made, and given back
//! as it is sent, or when its reader is dropped for being too slow (`listener.rs`). Whoever asks for more is told to come back.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use backend::Household;
use hyper::body::{Frame, SizeHint};
use parking_lot::Mutex;

use crate::http::error::close_with;

/// The most bytes of a body before it is known who asks: no form that a stranger may send is longer.
const MOST_OF_A_STRANGER: usize = 64 * 1024;

/// The most bytes of a body that anything reads and keeps in memory. What comes beyond is thrown away, or is on disk by
/// then.
const MOST_KEPT: usize = 2 * 1024 * 1024 + 64 * 1024;

/// Answers of fewer bytes are not counted: a socket takes them at once.
const SMALL: usize = 64 * 1024;

const MIB: usize = 1024 * 1024;

/// The most bodies and answers at once.
#[derive(Clone, Copy, Debug)]
struct Most {
    bodies: usize,
    body_bytes: usize,
    answer_bytes: usize,
}

const OF_AN_ADDRESS: Most = Most {
    bodies: 128,
    body_bytes: 24 * MIB,
    answer_bytes: 48 * MIB,
};

const OF_ALL: Most = Most {
    bodies: 2_048,
    body_bytes: 64 * MIB,
    answer_bytes: 128 * MIB,
};

/// What is held. A clone counts the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemoryLimits(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    all: Held,
    by_address: HashMap<Household, Held>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Held {
    bodies: usize,
    body_bytes: usize,
    answer_bytes: usize,
}

/// A part of what is held, given back when this is dropped.
#[derive(Debug)]
struct Share {
    limits: MemoryLimits,
    address: Household,
    held: Mutex<Held>,
}

impl MemoryLimits {
    /// Answers a request within the limits. `is_known` says whether its sender has a session.
    pub(crate) async fn answer(
        &self,
        address: Household,
        is_known: bool,
        request: Request,
        next: Next,
    ) -> Response {
        let response = if request.body().is_end_stream() {
            next.run(request).await
        } else {
            self.answer_body(address, is_known, request, next).await
        };
        self.counted(address, response)
    }

    async fn answer_body(
        &self,
        address: Household,
        is_known: bool,
        request: Request,
        next: Next,
    ) -> Response {
        let most = if is_known { usize::MAX } else { MOST_OF_A_STRANGER };
        if request.body().size_hint().lower() > most as u64 {
            return too_large();
        }
        let share = Arc::new(self.share(address));
        let one = Held {
            bodies: 1,
            ..Held::default()
        };
        if !share.take(one) {
            return busy();
        }
        let outcome = Arc::new(Outcome::default());
        let (parts, body) = request.into_parts();
        let body = Body::new(CountedBody {
            body,
            share: Arc::clone(&share),
            outcome: Arc::clone(&outcome),
            length: 0,
            most,
        });
        let response = next.run(Request::from_parts(parts, body)).await;
        if outcome.is_too_large.load(Ordering::Relaxed) {
            too_large()
        } else if outcome.is_refused.load(Ordering::Relaxed) {
            busy()
        } else {
            response
        }
    }

    /// The answer, which holds its share of memory until it is sent.
    fn counted(&self, address: Household, response: Response) -> Response {
        let length = response.body().size_hint().exact();
        let length = length
            .and_then(|length| usize::try_from(length).ok())
            .unwrap_or(0);
        if length <= SMALL {
            return response;
        }
        let share = self.share(address);
        let bytes = Held {
            answer_bytes: length,
            ..Held::default()
        };
        if !share.take(bytes) {
            return busy();
        }
        let share = AnswerShare {
            _until_dropped: Arc::new(share),
        };
        let mut response = response.map(|body| share.hold(body));
        response.extensions_mut().insert(share);
        response
    }

    fn share(&self, address: Household) -> Share {
        Share {
            limits: self.clone(),
            address,
            held: Mutex::default(),
        }
    }
}

/// The memory of an answer as its handler made it, as an extension of the answer: whoever puts another body in its place, which may be
/// shorter, holds as much until that is sent.
#[derive(Clone)]
pub(crate) struct AnswerShare {
    _until_dropped: Arc<Share>,
}

impl AnswerShare {
    /// The body, which holds the memory until it is sent.
    pub(crate) fn hold(&self, body: Body) -> Body {
        Body::new(CountedAnswer {
            body,
            rest: Bytes::new(),
            _share: self.clone(),
        })
    }
}

impl Share {
    /// Takes so much more, if there is as much for this address and in all. A single large answer is not too much for whoever has none.
    fn take(&self, more: Held) -> bool {
        let mut counts = self.limits.0.lock();
        let mine = counts.by_address.get(&self.address).copied().unwrap_or_default();
        let is_first = mine.answer_bytes == 0;
        if !is_within(mine.and(more), more, OF_AN_ADDRESS, is_first)
            || !is_within(counts.all.and(more), more, OF_ALL, false)
        {
            return false;
        }
        counts.all = counts.all.and(more);
        counts.by_address.insert(self.address, mine.and(more));
        let mut held = self.held.lock();
        *held = held.and(more);
        true
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let held = *self.held.lock();
        let mut counts = self.limits.0.lock();
        counts.all = counts.all.without(held);
        if let Some(mine) = counts.by_address.get_mut(&self.address) {
            *mine = mine.without(held);
            if *mine == Held::default() {
                counts.by_address.remove(&self.address);
            }
        }
    }
}

backend::guard! {
    /// Whether that is not more than may be held of what there is more of now: a large answer on its way keeps no body out.
    fn is_within(held: Held, more: Held, most: Most, is_first_answer: bool) -> bool {
        (more.bodies == 0 || held.bodies <= most.bodies)
            && (more.body_bytes == 0 || held.body_bytes <= most.body_bytes)
            && (more.answer_bytes == 0 || is_first_answer || held.answer_bytes <= most.answer_bytes)
    }
    EndlessBodies: true
}

impl Held {
    const fn and(self, other: Self) -> Self {
        Self {
            bodies: self.bodies + other.bodies,
            body_bytes: self.body_bytes + other.body_bytes,
            answer_bytes: self.answer_bytes + other.answer_bytes,
        }
    }

    const fn without(self, other: Self) -> Self {
        Self {
            bodies: self.bodies.saturating_sub(other.bodies),
            body_bytes: self.body_bytes.saturating_sub(other.body_bytes),
            answer_bytes: self.answer_bytes.saturating_sub(other.answer_bytes),
        }
    }
}

/// What a body came to that its handler does not know.
#[derive(Default)]
struct Outcome {
    is_refused: AtomicBool,
    is_too_large: AtomicBool,
}

/// A body that is counted as it comes.
struct CountedBody {
    body: Body,
    share: Arc<Share>,
    outcome: Arc<Outcome>,
    length: usize,
    most: usize,
}

impl HttpBody for CountedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        let Poll::Ready(Some(Ok(frame))) = &polled else {
            return polled;
        };
        let before = self.length.min(MOST_KEPT);
        self.length += frame.data_ref().map_or(0, Bytes::len);
        if self.length > self.most {
            self.outcome.is_too_large.store(true, Ordering::Relaxed);
            return Poll::Ready(Some(Err(axum::Error::new("a body of a stranger is too large"))));
        }
        let more = Held {
            body_bytes: self.length.min(MOST_KEPT) - before,
            ..Held::default()
        };
        if !self.share.take(more) {
            self.outcome.is_refused.store(true, Ordering::Relaxed);
            return Poll::Ready(Some(Err(axum::Error::new("too many bodies at once"))));
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer that is counted until it is sent. It goes piece by piece: hyper takes a whole answer at once, and lets go of its body long
/// before a slow reader has it.
struct CountedAnswer {
    body: Body,
    rest: Bytes,
    _share: AnswerShare,
}

impl HttpBody for CountedAnswer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            let polled = Pin::new(&mut self.body).poll_frame(context);
            let Poll::Ready(Some(Ok(frame))) = polled else {
                return polled;
            };
            match frame.into_data() {
                Ok(data) => self.rest = data,
                Err(frame) => return Poll::Ready(Some(Ok(frame))),
            }
        }
        let piece = self.rest.len().min(SMALL);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let left = self.body.size_hint().exact().unwrap_or_default();
        SizeHint::with_exact(left + self.rest.len() as u64)
    }
}

fn too_large() -> Response {
    let sentence =
        "This is too large for somebody who is not known here. Open the page first, and try again.\n";
    close_with(StatusCode::PAYLOAD_TOO_LARGE, sentence)
}

fn busy() -> Response {
    let sentence = "Too much is being sent from your network at once. Please try again in a moment.\n";
    let mut response = close_with(StatusCode::SERVICE_UNAVAILABLE, sentence);
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    response
}

#[cfg(test)]
mod tests;
