//! Refuses what another site makes a browser send: posts, and reads of what belongs to a person.
//!
//! A browser says where a request comes from (`Sec-Fetch-Site`, or `Origin` in older ones). What says neither is no
//! browser and carries no cookie it was tricked into. An operator may name other origins of the same site (a dashboard
//! beside Tandem, say) whose scripts may read: not post.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::http::public_origin::PublicOrigin;

/// The origins that the operator lets read. A clone is the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origins(Arc<[PublicOrigin]>);

impl Origins {
    pub(crate) fn new(origins: Vec<PublicOrigin>) -> Self {
        Self(origins.into())
    }

    /// The origin of a request, if the operator lets it read. What a browser calls another site, it is not for.
    fn may_read(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let origin = headers.get(header::ORIGIN)?;
        let read = origin
            .to_str()
            .ok()
            .and_then(|text| PublicOrigin::parse(text).ok());
        let named = read.is_some_and(|origin| self.0.contains(&origin));
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
    let ours = request.extensions().get::<PublicOrigin>();
    if is_foreign(request.headers(), ours) && !(reads && page) && reader.is_none() {
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
    /// Whether a browser says that another site made it send this. The scheme is not compared: a proxy that is not trusted yet
    /// cannot say which it is, and forms work all the same.
    fn is_foreign(headers: &HeaderMap, ours: Option<&PublicOrigin>) -> bool {
        match headers.get("sec-fetch-site").map(|site| site.as_bytes()) {
            Some(b"same-origin" | b"none") => false,
            Some(_) => true,
            None => headers.get(header::ORIGIN).is_some_and(|origin| {
                let origin = origin.to_str().ok().and_then(|origin| PublicOrigin::parse(origin).ok());
                let host = |origin: &PublicOrigin| origin.authority();
                origin.is_none_or(|origin| ours.map(host) != Some(host(&origin)))
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
        let ours = PublicOrigin::parse("https://tandem.example").unwrap();
        assert_eq!(is_foreign(&headers, Some(&ours)), foreign, "{headers:?}");
    }

    #[test]
    fn a_browser_on_another_site_is_told_from_everyone_else() {
        check(&[], false);
        check(&[("sec-fetch-site", "same-origin")], false);
        check(&[("sec-fetch-site", "none")], false);
        check(&[("sec-fetch-site", "cross-site")], true);
        check(&[("sec-fetch-site", "same-site")], true);
        check(&[("origin", "https://tandem.example")], false);
        check(&[("origin", "http://tandem.example")], false);
        check(&[("origin", "https://tandem.example:443")], false);
        check(&[("origin", "https://tandem.example:8443")], true);
        check(&[("origin", "https://evil.example")], true);
        check(&[("origin", "tandem.example")], true);
        check(&[("origin", "null")], true);
    }

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        for good in [
            "https://board.example.org",
            "http://localhost:8080",
            "https://[::1]:9",
        ] {
            assert_eq!(PublicOrigin::parse(good).unwrap().to_string(), good);
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
            assert!(PublicOrigin::parse(bad).is_err(), "{bad}");
        }
    }
}
