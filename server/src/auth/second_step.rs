//! The second step of signing in: a code after the password. Until it is given there is no session: the browser has a cookie of
//! ten minutes, which opens nothing but this form.

use app::Page;
use app::pages::SecondStepPage;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use backend::{AuditEvent, AuthError, Entry, Error, PendingSignIn, SignIn, SignedIn};
use serde::Deserialize;

use crate::admin::audit::way;
use crate::auth::caller::Caller;
use crate::auth::redirect::{self, Next, local};
use crate::http::cookies::{self, CookieName};
use crate::http::error::Rejection;
use crate::http::form::Form;
use crate::http::page_response;
use crate::state::AppState;

/// The cookie that opens the form.
const COOKIE: CookieName = CookieName {
    safe: "__Host-tandem-step",
    plain: "tandem-step",
};

/// As long as the backend keeps it, in seconds.
const MAX_AGE: u32 = 10 * 60;

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
    caller: Caller,
) -> Response {
    if half(&caller).is_none_or(|half| state.backend.mfa().pending_sign_in(&half).is_none()) {
        return Redirect::to("/sign-in").into_response();
    }
    let page = SecondStepPage {
        problem: None,
        next,
        is_open_air: caller.origin.is_open_air(),
    };
    page_response::document(&state, Page::SecondStep(Box::new(page))).await
}

/// Signs in whoever gives it.
pub(crate) async fn enter(caller: Caller, Form(given): Form<Given>) -> Response {
    let Some(half) = half(&caller) else {
        return Redirect::to("/sign-in?late=1").into_response();
    };
    let refused = match judge(&caller, &half, &given.code).await {
        Ok(signed_in) => {
            let response = redirect::lead_on(&signed_in, local(&given.next));
            return without_cookie(&caller, response);
        }
        Err(Rejection::Backend(Error::Auth(AuthError::TooLate))) => {
            return without_cookie(&caller, Redirect::to("/sign-in?late=1").into_response());
        }
        Err(refused) => refused,
    };
    let page = SecondStepPage {
        problem: Some(refused.sentence()),
        next: given.next,
        is_open_air: caller.origin.is_open_air(),
    };
    refused.answer(page_response::document(&caller.state, Page::SecondStep(Box::new(page))).await)
}

/// Leads on whoever has given a right password: to where they wanted to go, or to the form, with the cookie that opens it.
pub(crate) fn lead_on(caller: &Caller, came: &SignIn, to: &str) -> Response {
    let half = match came {
        SignIn::Done(signed_in) => return redirect::lead_on(signed_in, to),
        SignIn::Second(half) => half,
    };
    let next = serde_urlencoded::to_string([("next", to)]).unwrap_or_default();
    let mut response = Redirect::to(&format!("/sign-in/second?{next}")).into_response();
    hand_out(Some(half), caller.is_https(), &mut response);
    response
}

async fn judge(caller: &Caller, half: &PendingSignIn, code: &str) -> Result<SignedIn, Rejection> {
    let backend = &caller.state.backend;
    let (person, name) = backend
        .mfa()
        .pending_sign_in(half)
        .ok_or(Error::from(AuthError::TooLate))?;
    let attempt = caller.attempt(&name)?;
    let entered = backend.mfa().second_step(half, code, caller.device()).await;
    match &entered {
        Ok(signed_in) => {
            attempt.succeeded();
            let entry = Entry::new(AuditEvent::SignedIn).by(person);
            caller.audit(entry.with(way(signed_in.method)));
        }
        Err(Error::Auth(AuthError::WrongCode | AuthError::TooLate)) => {
            let entry = Entry::new(AuditEvent::SignInRefused).by(person);
            caller.audit(entry.with("a wrong code after the password"));
            tracing::warn!(address = %caller.address(), "a wrong code was given after the right password");
        }
        Err(Error::Auth(AuthError::CodesClosed { .. })) => {
            let entry = Entry::new(AuditEvent::SignInRefused).by(person);
            caller.audit(entry.with("codes are closed after too many wrong ones"));
        }
        Err(_) => attempt.succeeded(),
    }
    Ok(entered?)
}

/// What the browser has of a sign-in that is half done.
fn half(caller: &Caller) -> Option<PendingSignIn> {
    let mut values = cookies::values(&caller.headers, COOKIE.over(caller.is_https()));
    values.find_map(|value| PendingSignIn::parse(&value))
}

/// The cookie has done what it was for.
fn without_cookie(caller: &Caller, mut response: Response) -> Response {
    hand_out(None, caller.is_https(), &mut response);
    response
}

/// Gives the browser the cookie, or takes it away.
fn hand_out(half: Option<&PendingSignIn>, https: bool, response: &mut Response) {
    let (value, max_age) = half.map_or(("", 0), |half| (half.reveal(), MAX_AGE));
    cookies::set(response.headers_mut(), COOKIE, value, max_age, https);
}
