//! The second step of signing in: a code after the password. Until it is given there is no session: the browser has a cookie of
//! ten minutes, which opens nothing but this form.

use app::Page;
use app::pages::SecondStepPage;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use backend::{AuditEvent, AuthError, Entry, Error, PendingSignIn, SignedIn};
use serde::Deserialize;

use crate::admin::audit::way;
use crate::auth::device::device;
use crate::auth::session;
use crate::auth::sign_in::{attempt, lead_on, local};
use crate::http::client_ip::Peer;
use crate::http::cookies::{self, CookieName};
use crate::http::error::Rejection;
use crate::http::form::Form;
use crate::http::page_response;
use crate::http::security_headers::is_https;
use crate::state::AppState;

/// The cookie that opens the form.
const COOKIE: CookieName = CookieName {
    safe: "__Host-tandem-step",
    plain: "tandem-step",
};

/// As long as the backend keeps it, in seconds.
const MAX_AGE: u32 = 10 * 60;

/// Where to go then.
#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

/// What is typed. No `Debug`.
#[derive(Deserialize, Default)]
pub(crate) struct Given {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

/// Asks for the code of who has given the right password.
pub(crate) async fn page(
    State(state): State<AppState>,
    Query(Next { next }): Query<Next>,
    headers: HeaderMap,
) -> Response {
    if half(&headers).is_none_or(|half| state.backend.mfa().pending_sign_in(&half).is_none()) {
        return Redirect::to("/sign-in").into_response();
    }
    let page = SecondStepPage {
        problem: None,
        next,
        is_open_air: session::is_open_air(&headers),
    };
    page_response::document(&state, Page::SecondStep(Box::new(page))).await
}

/// Signs in whoever gives it.
pub(crate) async fn enter(
    State(state): State<AppState>,
    peer: Peer,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Response {
    let https = is_https(&headers);
    let Some(half) = half(&headers) else {
        return Redirect::to("/sign-in?late=1").into_response();
    };
    let refused = match judge(&state, peer, &headers, &half, &given.code).await {
        Ok(signed_in) => {
            let mut response = lead_on(&signed_in, local(&given.next));
            hand_out(None, https, &mut response);
            return response;
        }
        Err(Rejection::Backend(Error::Auth(AuthError::TooLate))) => {
            let mut response = Redirect::to("/sign-in?late=1").into_response();
            hand_out(None, https, &mut response);
            return response;
        }
        Err(refused) => refused,
    };
    let page = SecondStepPage {
        problem: Some(refused.sentence()),
        next: given.next,
        is_open_air: session::is_open_air(&headers),
    };
    refused.answer(page_response::document(&state, Page::SecondStep(Box::new(page))).await)
}

/// Leads to the form, with the cookie that opens it.
pub(crate) fn lead_to(half: &PendingSignIn, next: &str, https: bool) -> Response {
    let next = serde_urlencoded::to_string([("next", next)]).unwrap_or_default();
    let mut response = Redirect::to(&format!("/sign-in/second?{next}")).into_response();
    hand_out(Some(half), https, &mut response);
    response
}

async fn judge(
    state: &AppState,
    peer: Peer,
    headers: &HeaderMap,
    half: &PendingSignIn,
    code: &str,
) -> Result<SignedIn, Rejection> {
    let (person, name) = state
        .backend
        .mfa()
        .pending_sign_in(half)
        .ok_or(Error::from(AuthError::TooLate))?;
    let attempt = attempt(state, peer, headers, &name)?;
    let address = peer.address(headers);
    let entered = state
        .backend
        .mfa()
        .second_step(half, code, device(peer, headers))
        .await;
    match &entered {
        Ok(signed_in) => {
            attempt.succeeded();
            let entry = Entry::new(AuditEvent::SignedIn)
                .by(person)
                .with(way(signed_in.method));
            state.backend.admin().audit(entry.from(address));
        }
        Err(Error::Auth(AuthError::WrongCode | AuthError::TooLate)) => {
            let entry = Entry::new(AuditEvent::SignInRefused).by(person);
            state
                .backend
                .admin()
                .audit(entry.from(address).with("a wrong code after the password"));
            tracing::warn!(%address, "a wrong code was given after the right password");
        }
        Err(_) => attempt.succeeded(),
    }
    Ok(entered?)
}

/// What the browser has of a sign-in that is half done.
fn half(headers: &HeaderMap) -> Option<PendingSignIn> {
    let mut values = cookies::values(headers, COOKIE.over(is_https(headers)));
    values.find_map(|value| PendingSignIn::parse(&value))
}

/// Gives the browser the cookie, or takes it away.
fn hand_out(half: Option<&PendingSignIn>, https: bool, response: &mut Response) {
    let (value, max_age) = half.map_or(("", 0), |half| (half.reveal(), MAX_AGE));
    cookies::set(response.headers_mut(), COOKIE, value, max_age, https);
}
