//! Refuses what another site makes a browser send: posts, and reads of what belongs to a person.
//!
//! A browser says where a request comes from (`Sec-Fetch-Site`, or `Origin` in older ones). What says neither is no
//! browser and carries no cookie it was tricked into.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Lets a request pass unless another site sent it. Following a link here is fine.
pub(crate) async fn same_site_only(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let page = request
        .headers()
        .get("sec-fetch-mode")
        .is_some_and(|mode| mode == "navigate");
    if is_foreign(request.headers()) && !(reads && page) {
        return (
            StatusCode::FORBIDDEN,
            "This was sent from another site, so it was not done.\n",
        )
            .into_response();
    }
    next.run(request).await
}

fn is_foreign(headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match headers.get("sec-fetch-site").map(|site| site.as_bytes()) {
        Some(b"same-origin" | b"none") => false,
        Some(_) => true,
        None => text(header::ORIGIN).is_some_and(|origin| {
            let host = origin.split_once("://").map_or(origin, |(_, host)| host);
            text(header::HOST) != Some(host)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headers: &[(&'static str, &'static str)], foreign: bool) {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        assert_eq!(is_foreign(&headers), foreign, "{headers:?}");
    }

    #[test]
    fn a_browser_on_another_site_is_told_from_everyone_else() {
        check(&[], false);
        check(&[("sec-fetch-site", "same-origin")], false);
        check(&[("sec-fetch-site", "none")], false);
        check(&[("sec-fetch-site", "cross-site")], true);
        check(&[("sec-fetch-site", "same-site")], true);
        check(
            &[("host", "tandem.example"), ("origin", "https://tandem.example")],
            false,
        );
        check(
            &[("host", "tandem.example"), ("origin", "https://evil.example")],
            true,
        );
        check(&[("host", "tandem.example"), ("origin", "null")], true);
    }
}
