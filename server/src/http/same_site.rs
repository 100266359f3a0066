//! Refuses what another site makes a browser send: posts, and reads of what belongs to a person.
//!
//! A browser says where a request comes from (`Sec-Fetch-Site`, or `Origin` in older ones). What says neither is no
//! browser and carries no cookie it was tricked into. An operator may name other origins of the same site (a dashboard
//! beside Tandem, say) whose scripts may read: not post.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The origins that the operator lets read. A clone is the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origins(Arc<[String]>);

/// Reads an origin: a scheme and a host, nothing behind it.
pub(crate) fn origin(text: &str) -> Result<String, String> {
    let wrong = || format!("“{text}” is not an origin such as https://board.example.org");
    let address: Uri = text.parse().map_err(|_| wrong())?;
    match (address.scheme_str(), address.authority()) {
        (Some(scheme @ ("http" | "https")), Some(host))
            if text == format!("{scheme}://{host}") && !text.contains('@') =>
        {
            Ok(text.to_owned())
        }
        _ => Err(wrong()),
    }
}

impl Origins {
    pub(crate) fn new(origins: Vec<String>) -> Self {
        Self(origins.into())
    }

    /// The origin of a request, if the operator lets it read. What a browser calls another site, it is not for.
    fn may_read(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let origin = headers.get(header::ORIGIN)?;
        let named = self.0.iter().any(|named| named.as_bytes() == origin.as_bytes());
        let site = headers.get("sec-fetch-site").map(|site| site.as_bytes());
        (named && matches!(site, None | Some(b"same-site" | b"same-origin"))).then(|| origin.clone())
    }
}

/// Lets a request pass unless another site sent it. Following a link here is fine.
pub(crate) async fn same_site_only(State(origins): State<Origins>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let page = request
        .headers()
        .get("sec-fetch-mode")
        .is_some_and(|mode| mode == "navigate");
    let reader = origins.may_read(request.headers()).filter(|_| reads);
    if is_foreign(request.headers()) && !(reads && page) && reader.is_none() {
        return (
            StatusCode::FORBIDDEN,
            "This was sent from another site, so it was not done.\n",
        )
            .into_response();
    }
    let mut response = next.run(request).await;
    if let Some(origin) = reader {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        );
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    response
}

backend::guard! {
    /// Whether a browser says that another site made it send this.
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
    ForeignPost: false
}

#[cfg(test)]
mod fuzz;

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

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        for good in [
            "https://board.example.org",
            "http://localhost:8080",
            "https://[::1]:9",
        ] {
            assert_eq!(origin(good).as_deref(), Ok(good));
        }
        for bad in [
            "",
            "*",
            "null",
            "board.example.org",
            "https://board.example.org/",
            "https://board.example.org/a",
            "https://me@board.example.org",
            "ftp://board.example.org",
        ] {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }
}
