//! Documents and lists, compressed where a browser asks for it.
//!
//! The length of what is compressed depends on all that is in it. Where somebody else chooses a part of it and sees the
//! lengths go by, they learn the rest letter by letter (BREACH, CVE-2013-3587). So nothing is compressed of its own accord:
//!
//! 1. A handler says so of an answer ([`Compressible`]). It does only where the answer has no secret that lasts (a code of a
//!    link, a recovery code, a key) and repeats nothing of the request. What is random and new with every answer may be in it:
//!    a nonce, what makes a form one-shot.
//! 2. Members of a list choose titles that stand beside the names of the reader's other lists. So each compressed answer is
//!    longer by a random number of bytes, and a single length says nothing.
//!
//! The fastest gzip it is: a list becomes an eighth, and whatever takes longer costs more than it saves. It runs on the threads for
//! work that blocks, so that no answer to somebody else waits for it.

use std::io::{self, Write};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use flate2::{Compression, GzBuilder};

use crate::http::assets::accepts;
use crate::http::memory_limits::AnswerShare;
use crate::http::random::random;

/// Fewer bytes than this are sent as they are: they fit into one packet anyway.
const LEAST: usize = 1_400;

/// An extension of an answer that may be compressed, by the rule above.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Compressible;

/// Compresses what may be compressed and is asked for so.
pub(crate) async fn compress(request: Request, next: Next) -> Response {
    let reads = *request.method() == Method::GET;
    let accepted = request.headers().get_all(header::ACCEPT_ENCODING);
    let mut accepted = accepted.iter().filter_map(|value| value.to_str().ok());
    let asks = reads && accepted.any(|accepted| accepts(accepted, "gzip"));
    let mut response = next.run(request).await;
    if response.extensions_mut().remove::<Compressible>().is_none() {
        return response;
    }
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    if !asks || headers.contains_key(header::CONTENT_ENCODING) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let share = parts.extensions.remove::<AnswerShare>();
    let held = |body: Body| match &share {
        Some(share) => share.hold(body),
        None => body,
    };
    if let Some(packed) = packed(&body).await {
        parts.headers.remove(header::CONTENT_LENGTH);
        let gzip = HeaderValue::from_static("gzip");
        parts.headers.insert(header::CONTENT_ENCODING, gzip);
        return Response::from_parts(parts, held(Body::from(packed)));
    }
    Response::from_parts(parts, held(Body::from(body)))
}

/// The bytes in fewer bytes; none where that does not pay or does not work.
async fn packed(body: &Bytes) -> Option<Vec<u8>> {
    if body.len() < LEAST {
        return None;
    }
    let [mask] = random::<1>().ok()?;
    let body = body.clone();
    let packing = tokio::task::spawn_blocking(move || gzip(&body, mask));
    packing.await.ok()?.ok()
}

/// A gzip stream whose head has a field of so many bytes that nobody reads (RFC 1952, 2.3.1.1).
fn gzip(body: &[u8], mask: u8) -> io::Result<Vec<u8>> {
    let room = Vec::with_capacity(body.len() / 4);
    let mut writer = GzBuilder::new()
        .extra(vec![0; usize::from(mask)])
        .write(room, Compression::fast());
    writer.write_all(body)?;
    writer.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn the_mask_makes_it_longer_and_changes_nothing_of_what_it_says() {
        let body = "a list of many tasks, ".repeat(1_000);
        let plain = gzip(body.as_bytes(), 0).unwrap();
        for mask in [1, 100, u8::MAX] {
            let masked = gzip(body.as_bytes(), mask).unwrap();
            assert_eq!(masked.len(), plain.len() + usize::from(mask));
            let mut text = String::new();
            GzDecoder::new(masked.as_slice())
                .read_to_string(&mut text)
                .unwrap();
            assert_eq!(text, body);
        }
    }

    #[tokio::test]
    async fn one_length_says_nothing() {
        let body = Bytes::from("a list of many tasks, ".repeat(1_000));
        let mut lengths = std::collections::BTreeSet::new();
        for _ in 0..64 {
            lengths.insert(packed(&body).await.unwrap().len());
        }
        assert!(lengths.len() > 20, "{lengths:?}");
    }
}
