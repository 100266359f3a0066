//! Bodies that never end, and answers that are not taken.

use std::convert::Infallible;

use axum::body::to_bytes;
use axum::middleware::from_fn;
use axum::response::IntoResponse;
use axum::{Extension, Router};
use futures_util::{FutureExt, StreamExt, stream};
use tower::ServiceExt;

use super::*;
use crate::http::compression::{Compressible, compress};

fn address(last: u8) -> Household {
    Household::of([192, 0, 2, last].into())
}

/// A router that reads what it is sent, for whoever is at that address.
fn router(limits: &MemoryLimits, address: Household, is_known: bool) -> Router {
    let limits = limits.clone();
    Router::new()
        .fallback(async |request: Request| {
            if request.uri().path() == "/large" {
                return vec![0; 40 * MIB].into_response();
            }
            if request.uri().path() == "/packed" {
                return (Extension(Compressible), "a list ".repeat(6 * MIB)).into_response();
            }
            let read = to_bytes(request.into_body(), usize::MAX).await;
            read.is_ok().to_string().into_response()
        })
        .layer(from_fn(move |request: Request, next: Next| {
            let limits = limits.clone();
            async move { limits.answer(address, is_known, request, next).await }
        }))
        .layer(from_fn(compress))
}

/// A body of which so many bytes come, and no end.
fn unfinished(bytes: usize) -> Body {
    let piece = Ok::<_, Infallible>(Bytes::from(vec![0; bytes]));
    Body::from_stream(stream::iter([piece]).chain(stream::pending()))
}

async fn send(router: &Router, body: Body) -> StatusCode {
    let request = Request::post("/").body(body).unwrap();
    router.clone().oneshot(request).await.unwrap().status()
}

#[tokio::test]
async fn unfinished_bodies_of_one_address_hold_so_much_and_others_are_read() {
    let limits = MemoryLimits::default();
    let (mine, others) = (
        router(&limits, address(1), true),
        router(&limits, address(2), true),
    );
    let mut waiting = Vec::new();
    for _ in 0..12 {
        let mut one = Box::pin(send(&mine, unfinished(2 * MIB)));
        assert!(one.as_mut().now_or_never().is_none());
        waiting.push(one);
    }
    assert_eq!(
        send(&mine, unfinished(2 * MIB)).await,
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(send(&others, Body::from(vec![0; MIB])).await, StatusCode::OK);
    drop(waiting);
    assert_eq!(send(&mine, Body::from(vec![0; MIB])).await, StatusCode::OK);
    assert_eq!(
        *limits.0.lock().by_address.keys().collect::<Vec<_>>(),
        Vec::<&Household>::new()
    );
    assert_eq!(limits.0.lock().all, Held::default());
}

#[tokio::test]
async fn many_small_bodies_that_never_end_are_counted_too() {
    let limits = MemoryLimits::default();
    let mine = router(&limits, address(1), true);
    let mut waiting = Vec::new();
    for _ in 0..128 {
        let mut one = Box::pin(send(&mine, unfinished(1)));
        assert!(one.as_mut().now_or_never().is_none());
        waiting.push(one);
    }
    assert_eq!(send(&mine, unfinished(1)).await, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_stranger_sends_little_whether_or_not_they_say_how_much() {
    let limits = MemoryLimits::default();
    let router = router(&limits, address(1), false);
    assert_eq!(
        send(&router, Body::from(vec![0; 64 * 1024])).await,
        StatusCode::OK
    );
    for body in [Body::from(vec![0; 64 * 1024 + 1]), unfinished(64 * 1024 + 1)] {
        assert_eq!(send(&router, body).await, StatusCode::PAYLOAD_TOO_LARGE);
    }
}

#[tokio::test]
async fn a_large_answer_is_counted_until_it_is_sent() {
    for path in ["/large", "/packed"] {
        let limits = MemoryLimits::default();
        let router = router(&limits, address(1), true);
        let ask = async || {
            let request = Request::get(path).header(header::ACCEPT_ENCODING, "gzip");
            let request = request.body(Body::empty()).unwrap();
            router.clone().oneshot(request).await.unwrap()
        };
        let first = ask().await;
        assert_eq!(first.status(), StatusCode::OK);
        let is_packed = first.headers().contains_key(header::CONTENT_ENCODING);
        assert_eq!(is_packed, path == "/packed");
        assert_eq!(ask().await.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
        drop(first);
        assert_eq!(ask().await.status(), StatusCode::OK, "{path}");
    }
}
