//! How long the body of a request may take to arrive, at every address.
//!
//! A body that is held open holds whatever its handler holds, and whoever sent it may not be by the end who they were at the beginning.
//! So all of it must have come by a deadline, and bytes that come meanwhile do not move that. What anything is allowed by is asked
//! again where it is written; this is why it need not be asked for longer.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::http::error::close_with;

/// The longest that a body may take from the end of its request's head. A picture of 2 MB needs a network of 70 kB a second for it.
pub(crate) const LONGEST: Duration = Duration::from_secs(30);

/// How it stands with the body of a request, for whoever reads it.
#[derive(Clone, Default)]
pub(crate) struct BodyState(Arc<AtomicU8>);

/// What is said of one that was cut off.
pub(crate) const CUT_OFF: &str =
    "Your request did not arrive in full, so nothing was done. Please try again.";

const WHOLE: u8 = 0;
const CUT: u8 = 1;
const LATE: u8 = 2;

impl BodyState {
    /// Whether it did not come as a whole: too late, or cut off.
    pub(crate) fn is_broken(&self) -> bool {
        self.0.load(Ordering::Relaxed) != WHOLE
    }

    fn is_late(&self) -> bool {
        self.0.load(Ordering::Relaxed) == LATE
    }

    /// What is answered to a body that did not come as a whole.
    pub(crate) fn answer(&self) -> Response {
        if self.is_late() {
            let sentence = format!(
                "Your request took longer than {} seconds to arrive, so nothing was done. Please try again.\n",
                LONGEST.as_secs()
            );
            return close_with(StatusCode::REQUEST_TIMEOUT, sentence);
        }
        close_with(StatusCode::BAD_REQUEST, format!("{CUT_OFF}\n"))
    }
}

/// Gives every request's body a deadline. Whatever a handler made of one that was late, the answer says so.
pub(crate) async fn limit(State(longest): State<Duration>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let state = BodyState::default();
    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(state.clone());
    let body = Body::new(TimedBody {
        body,
        until: deadline(longest),
        deadline: None,
        state: state.clone(),
    });
    let response = next.run(Request::from_parts(parts, body)).await;
    if state.is_late() { state.answer() } else { response }
}

backend::guard! {
    /// When all of a body that begins now must have come.
    fn deadline(longest: Duration) -> Instant {
        Instant::now() + longest
    }
    LateBody: Instant::now() + longest * 10_000
}

struct TimedBody {
    body: Body,
    until: Instant,
    /// Only a body that is waited for has a timer: most come with their head.
    deadline: Option<Pin<Box<Sleep>>>,
    state: BodyState,
}

impl TimedBody {
    fn fail(&self, why: u8, error: axum::Error) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.state.0.store(why, Ordering::Relaxed);
        Poll::Ready(Some(Err(error)))
    }
}

impl HttpBody for TimedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.state.is_broken() {
            return Poll::Ready(None);
        }
        // Asked first: bytes that keep coming must not keep it from being noticed.
        if Instant::now() < self.until {
            match Pin::new(&mut self.body).poll_frame(context) {
                Poll::Ready(Some(Err(error))) => return self.fail(CUT, error),
                Poll::Ready(frame) => return Poll::Ready(frame),
                Poll::Pending => {}
            }
        }
        let until = self.until;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep_until(until)));
        ready!(deadline.as_mut().poll(context));
        self.fail(LATE, axum::Error::new("the body took too long"))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        HttpBody::size_hint(&self.body)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::Router;
    use axum::body::to_bytes;
    use futures_util::stream;
    use tower::ServiceExt;

    use super::*;

    /// Answers with what it was sent, within that time.
    async fn sent(longest: Duration, body: Body) -> (StatusCode, String) {
        let echo = |body: String| async move { body };
        let router: Router = Router::new()
            .fallback(echo)
            .layer(axum::middleware::from_fn_with_state(longest, limit));
        let request = axum::http::Request::post("/").body(body).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let status = response.status();
        let text = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(text.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_body_that_comes_is_read_and_one_that_stays_away_is_answered() {
        let piece = |text: &'static str| Ok::<_, Infallible>(text);
        let whole = Body::from_stream(stream::iter([piece("a"), piece("b")]));
        assert_eq!(
            sent(Duration::from_secs(60), whole).await,
            (StatusCode::OK, "ab".to_owned())
        );
        assert_eq!(
            sent(Duration::ZERO, Body::empty()).await.0,
            StatusCode::OK,
            "there is nothing to wait for"
        );
        let half = stream::StreamExt::chain(stream::iter([piece("a")]), stream::pending());
        let (status, sentence) = sent(Duration::from_millis(20), Body::from_stream(half)).await;
        assert_eq!(status, StatusCode::REQUEST_TIMEOUT);
        assert!(sentence.contains("30 seconds"), "{sentence}");
    }

    #[tokio::test]
    async fn bytes_that_keep_coming_do_not_move_the_deadline() {
        let trickle = stream::unfold((), |()| async {
            tokio::task::yield_now().await;
            Some((Ok::<_, Infallible>("a"), ()))
        });
        let (status, _) = sent(Duration::from_millis(20), Body::from_stream(trickle)).await;
        assert_eq!(status, StatusCode::REQUEST_TIMEOUT);
    }
}
