//! Who sends a request: found out once, by its cookie, and kept in the request's extensions for whoever asks again.
//!
//! The cookie is 256 random bits. Everything about a guest follows from it, so handing one out writes nothing; whoever signs in gets
//! another one.

use std::borrow::Cow;
use std::convert::Infallible;

use app::Page;
use app::pages::ProblemPage;
use app::server_fns::ApiError;
use axum::Json;
use axum::extract::{FromRequestParts, OptionalFromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use backend::{Backend, Guests, SignedIn, Token, Visitor};
use domain::PersonId;
use serde::Serialize;

use super::wanted::sign_in;
use crate::http::cookies::{self, CookieName};
use crate::http::page_response;
use crate::http::public_origin::PublicOrigin;
use crate::state::AppState;

/// The cookie that a session is in.
const COOKIE: CookieName = CookieName {
    safe: "__Host-tandem",
    plain: "tandem",
};

/// The header that says whose a document or a list is: the cookie is out of reach of scripts, and a service worker keeps
/// what it fetches for one person only.
pub(crate) const PERSON: &str = "tandem-person";

/// Browsers keep a cookie for 400 days at the most; each visit begins them anew. In seconds.
const MAX_AGE: u32 = 400 * 24 * 60 * 60;

/// What the cookie of a request comes to.
#[derive(Clone)]
pub(crate) struct RequestSession {
    /// What the browser sent, if it can be a token.
    token: Option<Token>,
    /// Whoever bears it, if their session is open, whether or not they are let in.
    visitor: Option<Visitor>,
    is_admitted: bool,
}

impl RequestSession {
    /// What is known of a request already, or else what its cookie comes to.
    fn of(extensions: &mut Extensions, headers: &HeaderMap, backend: &Backend) -> Self {
        match extensions.get::<Self>() {
            Some(known) => known.clone(),
            None => {
                let https = is_https(extensions);
                let session = Self::look_up(token(headers, https), backend);
                extensions.insert(session.clone());
                session
            }
        }
    }

    /// The one place that asks the backend who bears a token.
    fn look_up(token: Option<Token>, backend: &Backend) -> Self {
        #[cfg(test)]
        tests::LOOK_UPS.with(|count| count.set(count.get() + u32::from(token.is_some())));
        let visitor = token.as_ref().and_then(|token| backend.accounts().bearer(token));
        let is_admitted = visitor.is_some_and(|visitor| backend.admin().admits(&visitor));
        let session = Self {
            token,
            visitor,
            is_admitted,
        };
        session.trace();
        session
    }

    backend::guard! {
        /// Says in the log who asks: by the person's id, never by the token, which would let whoever reads it in.
        fn trace(&self) {
            let person = self.visitor.map(|visitor| visitor.person());
            tracing::trace!(?person, is_admitted = self.is_admitted, "a session was looked up");
        }
        ToldToken: tracing::debug!(token = self.token.as_ref().map(Token::reveal), "a session was looked up")
    }

    /// A guest whom nobody has seen before.
    pub(crate) fn new_guest(backend: &Backend) -> Result<Self, backend::Error> {
        Ok(Self::look_up(Some(Token::guest()?), backend))
    }

    /// Whoever asks, if they are let in.
    fn current(&self) -> Option<Visitor> {
        self.visitor.filter(|_| self.is_admitted)
    }

    /// Whoever asks, whether or not they are let in.
    pub(crate) fn any(&self) -> Option<Visitor> {
        self.visitor
    }

    /// Whether an account was signed in by this cookie and is not any more.
    fn was_signed_in(&self) -> bool {
        self.visitor.is_none() && self.token.as_ref().is_some_and(|token| !token.is_guests())
    }
}

/// The person behind a request, if their session is open and they are let in. All others are answered 401.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CurrentUser(pub(crate) Visitor);

/// The person behind a request, if their session is open, whether or not guests are let in: for where one comes in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AnyVisitor(pub(crate) Visitor);

fn session(parts: &mut Parts, state: &AppState) -> RequestSession {
    RequestSession::of(&mut parts.extensions, &parts.headers, &state.backend)
}

/// Whether whoever sends a request has a session, for what may be read of it.
pub(crate) fn is_known(parts: &mut Parts, backend: &Backend) -> bool {
    let session = RequestSession::of(&mut parts.extensions, &parts.headers, backend);
    session.any().is_some()
}

pub(crate) fn no_session() -> Response {
    let sentence = "Open the page first: it gives you a session.\n";
    (StatusCode::UNAUTHORIZED, sentence).into_response()
}

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        session(parts, state).current().map(Self).ok_or_else(no_session)
    }
}

impl OptionalFromRequestParts<AppState> for CurrentUser {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Option<Self>, Self::Rejection> {
        Ok(session(parts, state).current().map(Self))
    }
}

impl FromRequestParts<AppState> for AnyVisitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        session(parts, state).any().map(Self).ok_or_else(no_session)
    }
}

impl OptionalFromRequestParts<AppState> for AnyVisitor {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Option<Self>, Self::Rejection> {
        Ok(session(parts, state).any().map(Self))
    }
}

/// What a browser is to send from now on: a handler puts it into its response.
#[derive(Clone)]
pub(crate) struct Renewed {
    token: Token,
    /// Whose that is. A guest who has just been made has nothing that could be kept for them.
    person: Option<PersonId>,
}

impl Renewed {
    pub(crate) fn signed_in(signed_in: &SignedIn) -> Self {
        Self {
            token: signed_in.token.clone(),
            person: Some(signed_in.visitor.person()),
        }
    }

    pub(crate) const fn guest(token: Token) -> Self {
        Self { token, person: None }
    }
}

/// The pages by which one comes in. They show nothing of anybody, and are open to guests also where those are not let in.
fn is_way_in(path: &str, backend: &Backend) -> bool {
    let is_open = ["/sign-", "/passkey/", "/reset", "/admin"];
    let is_open = is_open.iter().any(|begin| path.starts_with(begin));
    is_open || path == "/join" && backend.admin().settings().guests != Guests::No
}

/// Whose session it is.
#[derive(Serialize)]
struct Whose {
    person: PersonId,
}

/// Tells a page whose stream was refused whether its session is the reason.
pub(crate) async fn whose(user: Option<CurrentUser>) -> Response {
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    match user.map(|CurrentUser(visitor)| visitor.person()) {
        Some(person) => (no_store, Json(Whose { person })).into_response(),
        None => (StatusCode::UNAUTHORIZED, no_store, Json(ApiError::NoSession)).into_response(),
    }
}

/// Whether a response is for a session that is over by now, since it ended while its request was on its way. Where the request itself has
/// ended it, the response has another session, or leads on along a way in.
fn is_for_nobody(backend: &Backend, session: &RequestSession, path: &str, response: &Response) -> bool {
    let is_over = session
        .visitor
        .is_some_and(|visitor| backend.accounts().has_ended(&visitor));
    let has_ended_it = response.extensions().get::<Renewed>().is_some()
        || response.status().is_redirection() && is_way_in(path, backend);
    is_over && !has_ended_it
}

/// Gives every visitor of a page a session: theirs, for longer, or a new one. Who was signed in and is not any more is asked to
/// sign in: a guest's empty list would look as if theirs were gone.
pub(crate) async fn begin(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let AppState { backend, .. } = &state;
    let (mut parts, body) = request.into_parts();
    // A browser has the safe cookie, and sends it, over HTTPS only, whether or not the proxy in front is believed. Handed out as a plain
    // one it would go over plain HTTP, too.
    let https = is_https(&parts.extensions) || has_safe_cookie(&parts.headers);
    let sent = RequestSession::of(&mut parts.extensions, &parts.headers, backend);
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    if sent.visitor.is_none() && sent.token.is_some() && !reads {
        // A form of a page whose session is over: what it brought is told apart from what a new guest does.
        let response = next.run(Request::from_parts(parts, body)).await;
        return with_cookie(response, None, https);
    }
    let was_signed_in = sent.was_signed_in();
    let session = match sent.visitor {
        // A guest who is not let in keeps the cookie: it may be let in another day, and be brought along into an account.
        Some(_) => sent,
        None => match RequestSession::new_guest(backend) {
            Ok(session) => session,
            Err(error) => return (StatusCode::SERVICE_UNAVAILABLE, error.to_string()).into_response(),
        },
    };
    parts.extensions.insert(session.clone());
    let (path, uri) = (parts.uri.path().to_owned(), parts.uri.clone());
    if !reads && keeps_no_cookie(&parts.headers) {
        return with_cookie(no_cookie(&state, &parts.headers).await, Some(session), https);
    }
    let response = match way_to_sign_in(&session, was_signed_in, &uri, backend) {
        Some(redirect) => redirect.into_response(),
        None => next.run(Request::from_parts(parts, body)).await,
    };
    if is_for_nobody(backend, &session, &path, &response) {
        // Whoever only reads comes once more, with the cookie that the browser has by now.
        let to = uri.path_and_query().map_or("/", |to| to.as_str());
        return if reads {
            Redirect::to(to).into_response()
        } else {
            no_session()
        };
    }
    with_cookie(response, Some(session), https)
}

/// Whether a page of ours sends this from a browser that keeps no cookie: each page brings one along.
pub(crate) fn keeps_no_cookie(headers: &HeaderMap) -> bool {
    let is_browser = headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN);
    is_browser && token(headers, false).is_none()
}

/// Says so. Whatever was asked for would be a stranger's with the next page.
async fn no_cookie(state: &AppState, headers: &HeaderMap) -> Response {
    let accept = headers.get(header::ACCEPT);
    let is_script = accept.is_some_and(|accept| accept.as_bytes().starts_with(b"application/json"));
    if is_script {
        let problem = ProblemPage::NO_COOKIE.sentence;
        return (StatusCode::UNAUTHORIZED, Json(NoCookie { problem })).into_response();
    }
    page_response::document(state, Page::Problem(ProblemPage::NO_COOKIE)).await
}

/// Why a script's request came to nothing.
#[derive(Serialize)]
struct NoCookie {
    problem: Cow<'static, str>,
}

/// Where somebody is led who is to sign in before they see that page.
fn way_to_sign_in(
    session: &RequestSession,
    was_signed_in: bool,
    wanted: &Uri,
    backend: &Backend,
) -> Option<Redirect> {
    let path = wanted.path();
    let is_for_that = path.starts_with("/sign-") || path.starts_with("/reset");
    let is_over = was_signed_in && !is_for_that;
    let is_shut = !session.is_admitted && !is_way_in(path, backend);
    (is_over || is_shut).then(|| Redirect::to(&sign_in(is_over, wanted)))
}

/// The response with what the browser is to send from now on: what a handler put into it, or else the session's own token.
fn with_cookie(mut response: Response, session: Option<RequestSession>, https: bool) -> Response {
    let own = session.and_then(|session| {
        let person = session.current().map(|visitor| visitor.person());
        Some(Renewed {
            token: session.token?,
            person,
        })
    });
    if let Some(renewed) = response.extensions_mut().remove().or(own) {
        hand_out(&renewed, https, &mut response);
    }
    response
}

/// Says to the browser what it is to send, and to its service worker whose that is.
fn hand_out(renewed: &Renewed, https: bool, response: &mut Response) {
    let headers = response.headers_mut();
    cookies::set(headers, COOKIE, &renewed.token.reveal(), MAX_AGE, https);
    let person = renewed.person.map(|person| person.to_string());
    if let Some(person) = person.and_then(|person| HeaderValue::from_str(&person).ok()) {
        headers.append(PERSON, person);
    }
}

/// Whether a request came over HTTPS.
fn is_https(extensions: &Extensions) -> bool {
    extensions
        .get::<PublicOrigin>()
        .is_some_and(PublicOrigin::is_https)
}

/// Whether a request carries the cookie that browsers take and send over HTTPS only.
fn has_safe_cookie(headers: &HeaderMap) -> bool {
    cookies::values(headers, COOKIE.safe).any(|value| Token::parse(&value).is_some())
}

/// The token that a request carries. Over HTTPS one that somebody signed in to get counts only where no other host, and nobody
/// between, can have set it.
fn token(headers: &HeaderMap, https: bool) -> Option<Token> {
    let named = |name: &str| cookies::values(headers, name).find_map(|value| Token::parse(&value));
    named(COOKIE.safe).or_else(|| named(COOKIE.plain).filter(|token| token.is_guests() || !https))
}

#[cfg(test)]
mod fuzz;

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        /// How often this thread has asked the backend who bears a token.
        pub(crate) static LOOK_UPS: Cell<u32> = const { Cell::new(0) };
    }

    fn found(cookie: &str, https: bool) -> Option<String> {
        let headers = HeaderMap::from_iter([(header::COOKIE, cookie.parse().unwrap())]);
        token(&headers, https).map(|token| token.reveal())
    }

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let text = "07".repeat(32);
        assert_eq!(found(&format!("a=b; tandem={text}; c=d"), false), Some(text));
    }

    #[test]
    fn over_https_nobody_else_can_sign_a_browser_in() {
        let (one, other) = (format!("s{}", "07".repeat(32)), "08".repeat(32));
        let both = format!("tandem={one}; __Host-tandem={other}");
        assert_eq!(found(&both, false), Some(other.clone()));
        assert_eq!(found(&format!("tandem={one}"), true), None);
        assert_eq!(found(&format!("__Host-tandem={one}"), true), Some(one.clone()));
        assert_eq!(found(&format!("tandem={one}"), false), Some(one));
        // Who came before there was HTTPS keeps what they have.
        assert_eq!(found(&format!("tandem={other}"), true), Some(other));
    }
}
