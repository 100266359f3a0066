//! Cookies: reading what a browser sends, and setting ours.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::time::Duration;
use cookie::{Cookie, CookieBuilder, SameSite};

/// What one of our cookies is called.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CookieName {
    /// Over HTTPS: the prefix `__Host-` makes the browser refuse it from any other host (RFC 6265bis, 4.1.3.2).
    pub(crate) safe: &'static str,
    /// Over plain HTTP, where that prefix is not allowed.
    pub(crate) plain: &'static str,
}

impl CookieName {
    /// The one that counts on that kind of connection.
    pub(crate) const fn over(self, https: bool) -> &'static str {
        if https { self.safe } else { self.plain }
    }
}

/// What a browser sends under a name: one name may stand there several times.
pub(crate) fn values(headers: &HeaderMap, name: &str) -> impl Iterator<Item = String> {
    // Byte by byte: another program on this host may have set a cookie that is no text, and it stands in the same line.
    let lines = headers.get_all(header::COOKIE).into_iter();
    let pairs = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    pairs.filter_map(move |pair| {
        let pair = str::from_utf8(pair).ok()?.trim();
        // A browser puts no blanks into a pair, and what others put there is not for guessing.
        let cookie = Cookie::parse(pair).ok().filter(|_| !pair.contains([' ', '\t']))?;
        (cookie.name() == name).then(|| cookie.value().to_owned())
    })
}

/// Sets a cookie of ours for that many seconds: on every page of this host, out of reach of scripts, and not sent with what other
/// sites post. None at all takes it away.
pub(crate) fn set(headers: &mut HeaderMap, name: CookieName, value: &str, max_age: u32, https: bool) {
    let cookie = out_of_reach(Cookie::build((name.over(https), value)))
        .path("/")
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(max_age.into()))
        .secure(https);
    if let Ok(cookie) = HeaderValue::from_str(&cookie.to_string()) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

backend::guard! {
    /// Keeps a cookie from scripts.
    fn out_of_reach(cookie: CookieBuilder<'_>) -> CookieBuilder<'_> {
        cookie.http_only(true)
    }
    ScriptCookie: cookie
}
