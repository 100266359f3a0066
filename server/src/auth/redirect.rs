//! Where somebody is led who has come in or gone, and what their browser sends from then on.

use axum::http::HeaderValue;
use axum::response::{IntoResponse, Redirect, Response};
use backend::{SignedIn, Token};
use serde::Deserialize;

use crate::auth::session::Renewed;

/// Where somebody wants to go then, in an address.
#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    pub(crate) next: String,
}

/// A path of this server, and nothing that a browser takes for another's.
pub(crate) fn local(next: &str) -> &str {
    if is_of_this_server(next) { next } else { "/" }
}

backend::guard! {
    /// Whether no browser finds another site's address in it.
    fn is_of_this_server(next: &str) -> bool {
        let is_path = next.starts_with('/') && !next.starts_with("//");
        is_path && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    }
    OpenRedirect: true
}

/// Where somebody is led who has come in: where they wanted to go, with the code of a share link that they had for it.
pub(crate) fn with_code(next: &str, code: &str) -> String {
    let (path, code) = (local(next), code.trim());
    if path == "/join" && backend::parse_code(code).is_some() {
        format!("{path}#{code}")
    } else {
        path.to_owned()
    }
}

/// Where recovery codes that were just made are shown, once.
pub(crate) fn recovery_codes(flash: &str) -> String {
    format!("/me/recovery-codes?told={flash}")
}

/// Leads on somebody who has signed in, with what their browser sends from now on.
pub(crate) fn lead_on(signed_in: &SignedIn, to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    response.extensions_mut().insert(Renewed::signed_in(signed_in));
    response
}

/// Leads on somebody of whom nothing stays in the browser.
pub(crate) fn goodbye(to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    response.headers_mut().insert(
        "clear-site-data",
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    if let Ok(guest) = Token::guest() {
        response.extensions_mut().insert(Renewed::guest(guest));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere() {
        for path in ["/", "/me", "/lists/01890000-0000-7000-8000-000000000001"] {
            assert_eq!(local(path), path);
        }
        for elsewhere in [
            "",
            "me",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "/a\r\nset-cookie: a=b",
        ] {
            assert_eq!(local(elsewhere), "/", "{elsewhere:?}");
        }
    }
}
