//! Signing in and out: forms that need no script. What was refused shows its page again with a sentence at the field, and with what was
//! typed, but for passwords.

use app::Page;
use app::pages::SignInPage;
use axum::extract::{Query, State};
use axum::response::Response;
use backend::{AccountName, AuditEvent, AuthError, Entry, Error, SignIn, Visitor};
use serde::Deserialize;

use crate::admin::audit::way;
use crate::auth::account_holder::Newcomer;
use crate::auth::caller::Caller;
use crate::auth::redirect::{goodbye, with_code};
use crate::auth::session::{AnyVisitor, CurrentUser};
use crate::auth::sign_up::{guests_lists, who_may};
use crate::auth::{passkey, second_step};
use crate::http::error::Rejection;
use crate::http::form::Form;
use crate::http::page_response;
use crate::http::public_origin::PublicOrigin;
use crate::state::AppState;

/// Why the page is shown.
#[derive(Deserialize)]
pub(crate) struct Why {
    over: Option<u8>,
    out: Option<u8>,
    left: Option<u8>,
    late: Option<u8>,
    #[serde(default)]
    next: String,
}

/// What is typed to sign in. No `Debug`: it has a password in it.
#[derive(Deserialize, Default)]
pub(crate) struct Given {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
    bring: Option<String>,
    /// Of a share link that led here.
    #[serde(default)]
    code: String,
}

/// Where somebody with an account signs in.
pub(crate) async fn sign_in_page(
    State(state): State<AppState>,
    Newcomer(visitor): Newcomer,
    Query(why): Query<Why>,
    origin: PublicOrigin,
) -> Response {
    let page = SignInPage {
        notice: why.notice(state.backend.admin().admits(&visitor)),
        next: why.next,
        ..sign_in_form(&state, Some(&visitor), &origin).await
    };
    page_response::document(&state, Page::SignIn(Box::new(page))).await
}

/// Signs somebody in.
pub(crate) async fn sign_in(
    before: Option<AnyVisitor>,
    caller: Caller,
    Form(given): Form<Given>,
) -> Response {
    let before = before.map(|AnyVisitor(before)| before);
    let refused = match enter(&caller, before.as_ref(), &given).await {
        Ok(come) => return second_step::lead_on(&caller, &come, &with_code(&given.next, &given.code)),
        Err(refused) => refused,
    };
    let page = SignInPage {
        name: given.name,
        problem: Some(refused.sentence()),
        next: given.next,
        leaves: given.bring.is_none(),
        ..sign_in_form(&caller.state, before.as_ref(), &caller.origin).await
    };
    refused.answer(page_response::document(&caller.state, Page::SignIn(Box::new(page))).await)
}

/// Signs somebody out: their session is over, and nothing of them stays in the browser.
pub(crate) async fn sign_out(user: Option<CurrentUser>, caller: Caller) -> Response {
    if let Some(CurrentUser(visitor)) = user.filter(|CurrentUser(visitor)| visitor.guest().is_none()) {
        if let Err(error) = caller.state.backend.accounts().end_session(&visitor).await {
            return page_response::respond(&caller.state, Err(error), None).await;
        }
        let entry = Entry::new(AuditEvent::SessionEnded).by(visitor.person());
        caller.audit(entry.with("signed out"));
    }
    goodbye("/sign-in?out=1")
}

/// The form, empty.
pub(crate) async fn sign_in_form(
    state: &AppState,
    before: Option<&Visitor>,
    origin: &PublicOrigin,
) -> SignInPage {
    let house = state.backend.admin().settings();
    SignInPage {
        lists: guests_lists(state, before).await,
        is_open_air: origin.is_open_air(),
        sign_up: who_may(house.sign_up),
        is_guest: before.is_some_and(|before| state.backend.admin().admits(before)),
        is_new_house: !state.backend.admin().has_operator(),
        provider: state.oidc.button(None),
        passkey: Some(passkey::offer(origin)),
        ..SignInPage::default()
    }
}

impl Why {
    /// The sentence above the form.
    const fn notice(&self, is_admitted: bool) -> Option<&'static str> {
        if self.late.is_some() {
            Some("This took too long, or there were too many wrong codes. Please start again.")
        } else if self.over.is_some() {
            Some("You are signed out here. The session was ended or has expired.")
        } else if self.out.is_some() {
            Some("You have signed out.")
        } else if self.left.is_some() {
            Some("Your account is deleted. Goodbye.")
        } else if is_admitted {
            None
        } else {
            Some("You need an account to use this server.")
        }
    }
}

/// Lets somebody in by name and password, or half of the way where a code is asked for as well.
async fn enter(caller: &Caller, before: Option<&Visitor>, given: &Given) -> Result<SignIn, Rejection> {
    let (name, brings) = (AccountName::parse(&given.name)?, given.bring.is_some());
    let attempt = caller.attempt(&name)?;
    let backend = &caller.state.backend;
    let came = backend
        .accounts()
        .sign_in(before, brings, &name, &given.password, caller.device());
    let came = came.await;
    match &came {
        Err(Error::Auth(AuthError::Wrong)) => {
            caller.audit(Entry::new(AuditEvent::SignInRefused));
            tracing::warn!(address = %caller.address(), "a wrong name or password was given");
        }
        _ => attempt.succeeded(),
    }
    if let Ok(SignIn::Done(signed_in)) = &came {
        let entry = Entry::new(AuditEvent::SignedIn).by(signed_in.visitor.person());
        caller.audit(entry.with(way(signed_in.method)));
    }
    Ok(came?)
}
