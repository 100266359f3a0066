//! Who is asking: a cookie of 256 random bits. Everything about a guest follows from it, so handing one out writes nothing;
//! whoever signs in gets another one.

use app::server_fns::ApiError;
use axum::Json;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use backend::{Backend, Guests, Hole, Token, Visitor};
use domain::PersonId;
use serde::Serialize;

use crate::http::security_headers::is_https;
use crate::state::AppState;

/// The cookie over HTTPS, where a browser makes sure that no other host can set it.
const SAFE: &str = "__Host-tandem";

/// The cookie over plain HTTP.
const PLAIN: &str = "tandem";

/// The header that says whose a document or a list is: the cookie is out of reach of scripts, and a service worker keeps
/// what it fetches for one person only.
pub(crate) const PERSON: &str = "tandem-person";

/// Browsers keep a cookie for 400 days at the most; each visit begins them anew.
const KEPT_FOR: u32 = 400 * 24 * 60 * 60;

/// The person behind a request that carries a session. A request without one, or with one that is over, is answered 401.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Someone(pub(crate) Visitor);

/// What a browser is to send from now on: a handler puts it into its response.
#[derive(Clone)]
pub(crate) struct Renewed(pub(crate) Token);

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

/// The person behind a request, whether or not guests are let in: for where one comes in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bearer(pub(crate) Visitor);

impl FromRequestParts<AppState> for Bearer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        match bearer(&state.backend, &parts.headers) {
            Some(visitor) => Ok(Self(visitor)),
            None => Someone::from_request_parts(parts, state)
                .await
                .map(|Someone(visitor)| Self(visitor)),
        }
    }
}

/// Who asks, if their session is open and they are let in.
pub(crate) fn visitor(backend: &Backend, headers: &HeaderMap) -> Option<Visitor> {
    let token = token(headers)?;
    if Hole::ToldToken.is_open() {
        tracing::debug!(token = token.reveal(), "somebody asks");
    }
    backend.visitor(&token)
}

/// Who asks, if their session is open, whether or not guests are let in.
pub(crate) fn bearer(backend: &Backend, headers: &HeaderMap) -> Option<Visitor> {
    backend.bearer(&token(headers)?)
}

/// The pages by which one comes in. They show nothing of anybody, and are open to guests also where those are not let in.
fn is_way_in(path: &str, backend: &Backend) -> bool {
    let is_open = ["/sign-", "/passkey/", "/reset", "/admin"];
    let is_open = is_open.iter().any(|begin| path.starts_with(begin));
    is_open || path == "/join" && backend.house().guests != Guests::No
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

/// Gives every visitor of a page a session: theirs, for longer, or a new one. Who was signed in and is not any more is asked to
/// sign in: a guest's empty list would look as if theirs were gone.
pub(crate) async fn begin(State(backend): State<Backend>, mut request: Request, next: Next) -> Response {
    let https = is_https(request.headers());
    let name = if https { SAFE } else { PLAIN };
    let before = token(request.headers());
    // A guest who is not let in keeps the cookie: it may be let in another day, and be brought along into an account.
    let known = before.clone().filter(|token| backend.bearer(token).is_some());
    let was_signed_in = known.is_none() && before.as_ref().is_some_and(|token| !token.is_guests());
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if known.is_none() && before.is_some() && !reads {
        // A form of a page whose session is over: what it brought is told apart from what a new guest does.
        let mut response = next.run(request).await;
        if let Some(Renewed(token)) = response.extensions_mut().remove() {
            hand_out(&backend, &token, https, &mut response);
        }
        return response;
    }
    let token = match known.map_or_else(Token::guest, Ok) {
        Ok(token) => token,
        Err(error) => return (StatusCode::SERVICE_UNAVAILABLE, error.to_string()).into_response(),
    };
    // What is behind this reads the cookie as if the browser had sent it.
    let others = pairs(request.headers()).filter(|(name, _)| ![SAFE, PLAIN].contains(name));
    let others: String = others.map(|(name, value)| format!("; {name}={value}")).collect();
    if let Ok(cookie) = HeaderValue::from_bytes(format!("{name}={}{others}", token.reveal()).as_bytes()) {
        request.headers_mut().insert(header::COOKIE, cookie);
    }
    let path = request.uri().path();
    let leads_to_sign_in = !path.starts_with("/sign-") && !path.starts_with("/reset");
    let mut response = if was_signed_in && leads_to_sign_in {
        Redirect::to(&format!("/sign-in?over=1&next={path}")).into_response()
    } else if backend.visitor(&token).is_none() && !is_way_in(path, &backend) {
        Redirect::to(&format!("/sign-in?next={path}")).into_response()
    } else {
        next.run(request).await
    };
    let renewed = response.extensions_mut().remove::<Renewed>();
    let token = renewed.map_or(token, |Renewed(token)| token);
    hand_out(&backend, &token, https, &mut response);
    response
}

/// Says to the browser what it is to send, and to its service worker whose that is.
fn hand_out(backend: &Backend, token: &Token, https: bool, response: &mut Response) {
    let (name, secure) = if https { (SAFE, "; Secure") } else { (PLAIN, "") };
    let text = token.reveal();
    let hidden = if Hole::ScriptCookie.is_open() {
        ""
    } else {
        "; HttpOnly"
    };
    let cookie = format!("{name}={text}; Path=/{hidden}; SameSite=Lax; Max-Age={KEPT_FOR}{secure}");
    let visitor = backend.visitor(token);
    let person = visitor.map(|visitor| visitor.person().to_string());
    for (name, value) in [(header::SET_COOKIE.as_str(), Some(cookie)), (PERSON, person)] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            response.headers_mut().append(name, value);
        }
    }
}

/// Whether others can read what the browser sends: it is not encrypted, and leaves the machine.
pub(crate) fn is_open_air(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let is_here = matches!(name, "localhost" | "127.0.0.1" | "[::1]") || name.ends_with(".localhost");
    !is_https(headers) && !is_here
}

/// The token that a request carries. Over HTTPS one that somebody signed in to get counts only where no other host, and nobody
/// between, can have set it.
fn token(headers: &HeaderMap) -> Option<Token> {
    let named = |wanted: &str| cookie(headers, wanted).find_map(Token::parse);
    let https = is_https(headers);
    named(SAFE).or_else(|| named(PLAIN).filter(|token| token.is_guests() || !https))
}

/// What a browser has kept under a name.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> impl Iterator<Item = &'a str> {
    pairs(headers).filter_map(move |(name, value)| (name == wanted).then_some(value))
}

fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    // Byte by byte: another program on this host may have set a cookie that is no text, and it stands in the same line.
    let lines = headers.get_all(header::COOKIE).into_iter();
    lines
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| str::from_utf8(pair).ok()?.trim().split_once('='))
}

#[cfg(test)]
mod fuzz;

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lines: &[(&'static str, &str)]) -> Option<String> {
        let headers = lines
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        token(&headers).map(|token| token.reveal())
    }

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let text = "07".repeat(32);
        assert_eq!(
            found(&[("cookie", &format!("a=b; tandem={text}; c=d"))]),
            Some(text)
        );
    }

    #[test]
    fn over_https_nobody_else_can_sign_a_browser_in() {
        let (one, other) = (format!("s{}", "07".repeat(32)), "08".repeat(32));
        let both = format!("tandem={one}; __Host-tandem={other}");
        assert_eq!(found(&[("cookie", &both)]), Some(other.clone()));
        let https = ("x-forwarded-proto", "https");
        assert_eq!(found(&[("cookie", &format!("tandem={one}")), https]), None);
        assert_eq!(
            found(&[("cookie", &format!("__Host-tandem={one}")), https]),
            Some(one.clone())
        );
        assert_eq!(found(&[("cookie", &format!("tandem={one}"))]), Some(one));
        // Who came before there was HTTPS keeps what they have.
        assert_eq!(
            found(&[("cookie", &format!("tandem={other}")), https]),
            Some(other)
        );
    }

    #[test]
    fn what_leaves_the_machine_unencrypted_is_in_the_open() {
        let headers = |lines: &[(&'static str, &'static str)]| {
            let line = |(name, value): &(&'static str, &'static str)| {
                (
                    name.parse::<header::HeaderName>().unwrap(),
                    HeaderValue::from_static(value),
                )
            };
            lines.iter().map(line).collect::<HeaderMap>()
        };
        for (host, open) in [
            ("localhost:3000", false),
            ("127.0.0.1:3000", false),
            ("[::1]:3000", false),
            ("tandem.localhost", false),
            ("192.168.1.7:3000", true),
            ("localhost.example.org", true),
        ] {
            assert_eq!(is_open_air(&headers(&[("host", host)])), open, "{host}");
        }
        let over_https = [("host", "tandem.example"), ("x-forwarded-proto", "https")];
        assert!(!is_open_air(&headers(&over_https)));
    }
}
