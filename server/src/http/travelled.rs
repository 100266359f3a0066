//! Addresses of links that travelled: what stands behind the `#` of a link is a code, and some programs write `%23` in place of
//! that, or put a slash before it.

use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

/// The pages whose links have a code behind the `#`.
const PAGES: &[&str] = &["/join", "/reset", "/sign-up"];

/// Leads to the page that the link was meant for, with the code where it belongs. None where the address is none of these.
pub(crate) fn mended(uri: &Uri) -> Option<Response> {
    let to = target(uri.path())?;
    let location = HeaderValue::from_str(&to).ok()?;
    Some((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}

/// A browser that is led on without a code takes the one along that it has.
fn target(path: &str) -> Option<String> {
    let (page, code) = match path.split_once("%23") {
        Some((page, code)) => (page, format!("#{code}")),
        None => (path, String::new()),
    };
    let page = PAGES.iter().find(|known| page.trim_end_matches('/') == **known)?;
    (path != *page).then(|| format!("{page}{code}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_goes_where_it_belongs() {
        for (path, expected) in [
            ("/join%23abc", Some("/join#abc")),
            ("/join/%23abc%2E", Some("/join#abc%2E")),
            ("/join/", Some("/join")),
            ("/reset%23abcd-efgh", Some("/reset#abcd-efgh")),
            ("/sign-up/", Some("/sign-up")),
            ("/join", None),
            ("/joint%23abc", None),
            ("//evil.example/join%23abc", None),
            ("/lists/%23abc", None),
            ("/", None),
        ] {
            assert_eq!(target(path).as_deref(), expected, "{path}");
        }
    }
}
