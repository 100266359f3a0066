//! Who is asking: a cookie of 256 random bits. Everything about a guest follows from it, so handing one out writes nothing.

use app::api::{ApiError, random};
use axum::Json;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use backend::{Backend, Visitor};
use domain::PersonId;
use serde::Serialize;

use crate::headers::is_https;
use crate::state::AppState;

/// The cookie over plain HTTP, and over HTTPS, where a browser makes sure that no other host can set it.
const NAMES: [&str; 2] = ["tandem", "__Host-tandem"];

/// The header that says whose a document or a list is: the cookie is out of reach of scripts, and a service worker keeps
/// what it fetches for one person only.
pub(crate) const PERSON: &str = "tandem-person";

/// Browsers keep a cookie for 400 days at the most; each visit begins them anew.
const KEPT_FOR: u32 = 400 * 24 * 60 * 60;

/// The person behind a request that carries a session. A request without one, or with one that is over, is answered 401.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Someone(pub(crate) Visitor);

impl FromRequestParts<AppState> for Someone {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        match visitor(&state.backend, &parts.headers) {
            Some(visitor) => Ok(Self(visitor)),
            None => Err((
                StatusCode::UNAUTHORIZED,
                "Open the page first: it gives you a session.\n",
            )
                .into_response()),
        }
    }
}

fn visitor(backend: &Backend, headers: &HeaderMap) -> Option<Visitor> {
    let visitor = Visitor::from_token(&token(headers)?);
    (!backend.has_ended(&visitor)).then_some(visitor)
}

/// Whose session it is.
#[derive(Serialize)]
struct Whose {
    person: PersonId,
}

/// Tells a page whose stream was refused whether its session is the reason.
pub(crate) async fn whose(State(backend): State<Backend>, headers: HeaderMap) -> Response {
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    match visitor(&backend, &headers) {
        Some(visitor) => (
            no_store,
            Json(Whose {
                person: visitor.person(),
            }),
        )
            .into_response(),
        None => (StatusCode::UNAUTHORIZED, no_store, Json(ApiError::NoSession)).into_response(),
    }
}

/// Gives every visitor of a page a session: theirs, for longer, or a new one.
pub(crate) async fn begin(State(backend): State<Backend>, mut request: Request, next: Next) -> Response {
    let https = is_https(request.headers());
    let name = if https { NAMES[1] } else { NAMES[0] };
    let before = token(request.headers()).filter(|token| !backend.has_ended(&Visitor::from_token(token)));
    let token = match before {
        Some(token) => token,
        None => match random() {
            Ok(token) => token,
            Err(error) => return (StatusCode::SERVICE_UNAVAILABLE, error.to_string()).into_response(),
        },
    };
    let text = hex(&token);
    // What is behind this reads the cookie as if the browser had sent it.
    if let Ok(cookie) = HeaderValue::from_str(&format!("{name}={text}")) {
        request.headers_mut().insert(header::COOKIE, cookie);
    }
    let secure = if https { "; Secure" } else { "" };
    let cookie = format!("{name}={text}; Path=/; HttpOnly; SameSite=Lax; Max-Age={KEPT_FOR}{secure}");
    let person = Visitor::from_token(&token).person().to_string();
    let mut response = next.run(request).await;
    for (name, value) in [(header::SET_COOKIE.as_str(), cookie), (PERSON, person)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

fn token(headers: &HeaderMap) -> Option<[u8; 32]> {
    // Byte by byte: another program on this host may have set a cookie that is no text, and it stands in the same line.
    let cookies = headers.get_all(header::COOKIE).into_iter();
    let pairs = cookies
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| str::from_utf8(pair).ok()?.trim().split_once('='));
    pairs
        .filter(|(name, _)| NAMES.contains(name))
        .find_map(|(_, value)| unhex(value))
}

fn hex(token: &[u8; 32]) -> String {
    token.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits
        .chunks_exact(2)
        .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
        .collect();
    (text.len() == 64).then_some(bytes)?.try_into().ok()
}

#[cfg(test)]
mod fuzz;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_64_hexadecimal_digits_and_nothing_else() {
        let token = std::array::from_fn(|n| (n * 9) as u8);
        assert_eq!(unhex(&hex(&token)), Some(token));
        for bad in [
            "",
            "00",
            &"0".repeat(63),
            &"0".repeat(66),
            &"g".repeat(64),
            &"é".repeat(32),
        ] {
            assert_eq!(unhex(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let token = [7; 32];
        let headers = HeaderMap::from_iter([(
            header::COOKIE,
            format!("a=b; tandem={}; c=d", hex(&token)).parse().unwrap(),
        )]);
        assert_eq!(super::token(&headers), Some(token));
    }
}
