//! What every answer tells a browser about how to treat it.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::http::public_origin::PublicOrigin;

/// The mark of an answer that is Tandem's. What lies in front (a login, a firewall, a proxy) answers in its place at times, with
/// the same statuses. Only an answer with this mark says anything of a session, a list or an edit.
pub(crate) const MARK: HeaderName = HeaderName::from_static("tandem");

/// On every answer: it is ours, its type is what it says, no other site learns where somebody came from or loads what is ours, and the
/// page asks for nothing of the device.
const ALWAYS: [(HeaderName, &str); 5] = [
    (MARK, "1"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), serial=(), usb=()",
    ),
];

/// For whatever is no page of ours; those bring a policy of their own (see `pages`). A worker lives by the policy of its
/// script, and ours ask the server and load each other.
const NO_PAGE: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Over HTTPS: two years of it and nothing else, for this host and those below it; and no other site holds a window of ours.
/// A household that uses plain HTTP in its own network hears nothing of it: there browsers complain.
const OVER_HTTPS: [(HeaderName, &str); 2] = [
    (
        header::STRICT_TRANSPORT_SECURITY,
        "max-age=63072000; includeSubDomains",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

/// Adds the security headers to an answer.
pub(crate) async fn protect(request: Request, next: Next) -> Response {
    let origin = request.extensions().get::<PublicOrigin>();
    let https = origin.is_some_and(PublicOrigin::is_https);
    let mut response = next.run(request).await;
    add(response.headers_mut(), https);
    response
}

/// Adds them to the head of an answer, which goes over HTTPS or not.
pub(super) fn add(headers: &mut HeaderMap, https: bool) {
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(NO_PAGE));
    if https {
        for (name, value) in OVER_HTTPS {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}
