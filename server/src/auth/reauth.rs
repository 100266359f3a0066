//! Proving again who one is: asked before anything that guards an account is changed, unless somebody has just signed in.

use app::Page;
use app::pages::ProvePage;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use backend::{AccountName, AuditEvent, AuthError, Entry, Error, Visitor};
use serde::Deserialize;

use crate::auth::caller::Caller;
use crate::auth::passkey;
use crate::auth::redirect::{Next, local};
use crate::auth::session::CurrentUser;
use crate::http::error::Rejection;
use crate::http::form::Form;
use crate::http::page_response;
use crate::http::public_origin::PublicOrigin;
use crate::state::AppState;

/// What is typed. No `Debug`: it has a password in it.
#[derive(Deserialize, Default)]
pub(crate) struct Given {
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// Where somebody is led to prove who they are, unless they just have.
pub(crate) fn elsewhere(state: &AppState, visitor: &Visitor, next: &str) -> Option<Response> {
    let is_fresh = state.backend.mfa().reauth(visitor).is_some();
    (!is_fresh).then(|| Redirect::to(&format!("/me/prove?next={next}")).into_response())
}

/// The page that asks for the password or a passkey again.
pub(crate) async fn page(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Query(Next { next }): Query<Next>,
    origin: PublicOrigin,
) -> Response {
    match form(&state, &visitor, &origin, next).await {
        Ok(Some(page)) => page_response::document(&state, Page::Prove(Box::new(page))).await,
        Ok(None) => Redirect::to("/sign-up").into_response(),
        Err(error) => page_response::respond(&state, Err(error), None).await,
    }
}

/// Takes the password as a proof.
pub(crate) async fn by_password(
    CurrentUser(visitor): CurrentUser,
    caller: Caller,
    Form(given): Form<Given>,
) -> Response {
    let state = &caller.state;
    let mut page = match form(state, &visitor, &caller.origin, given.next.clone()).await {
        Ok(Some(page)) => page,
        Ok(None) => return Redirect::to("/sign-up").into_response(),
        Err(error) => return page_response::respond(state, Err(error), None).await,
    };
    match password(&caller, &visitor, &given.password).await {
        Ok(()) => Redirect::to(local(&given.next)).into_response(),
        Err(refused) => {
            page.problem = Some(refused.sentence());
            refused.answer(page_response::document(state, Page::Prove(Box::new(page))).await)
        }
    }
}

/// Whether it is the password of who is signed in; how often that may be tried is counted as at the sign-in.
pub(crate) async fn password(caller: &Caller, visitor: &Visitor, password: &str) -> Result<(), Rejection> {
    let backend = &caller.state.backend;
    let named = backend.accounts().sign_in_name(visitor).await?;
    let named = named.ok_or(Error::from(AuthError::NoAccount))?;
    let attempt = caller.attempt(&AccountName::parse(&named.name)?)?;
    let proved = backend.mfa().reauth_with_password(visitor, password).await;
    if matches!(proved, Err(Error::Auth(AuthError::WrongPassword))) {
        let entry = Entry::new(AuditEvent::SignInRefused).by(visitor.person());
        caller.audit(entry.with("to change how they sign in"));
    } else {
        attempt.succeeded();
    }
    Ok(proved?)
}

async fn form(
    state: &AppState,
    visitor: &Visitor,
    origin: &PublicOrigin,
    next: String,
) -> Result<Option<ProvePage>, Error> {
    let named = state.backend.accounts().sign_in_name(visitor).await?;
    let (Some(named), Some(ways)) = (named, state.backend.mfa().sign_in_methods(visitor).await?) else {
        return Ok(None);
    };
    let passkey = (!ways.passkeys.is_empty()).then(|| passkey::offer(origin));
    let elsewhere = !ways.password && passkey.is_none();
    Ok(Some(ProvePage {
        name: named.name,
        has_password: ways.password,
        passkey,
        problem: elsewhere.then(|| {
            "Please sign out and sign in again. For ten minutes after that, nothing else is asked.".to_owned()
        }),
        next: local(&next).to_owned(),
        is_open_air: origin.is_open_air(),
    }))
}
