//! What one does on `/me` about signing in: another password, and ending sessions elsewhere.

use app::Page;
use app::pages::PasswordPage;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use backend::{AccountName, AuditEvent, AuthError, Entry, Error, Reauth, SessionId, SignedIn, Visitor};
use serde::Deserialize;

use crate::auth::caller::Caller;
use crate::auth::redirect::lead_on;
use crate::auth::session::CurrentUser;
use crate::http::error::Rejection;
use crate::http::form::Form;
use crate::http::page_response;
use crate::http::public_origin::PublicOrigin;
use crate::state::AppState;

/// What is typed to change a password.
#[derive(Deserialize, Default)]
pub(crate) struct Change {
    #[serde(default)]
    old: String,
    #[serde(default)]
    password: String,
}

/// Where somebody chooses another password.
pub(crate) async fn password_page(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    origin: PublicOrigin,
) -> Response {
    match password_form(&state, &visitor, &origin).await {
        // The first password wants a proof in another way, better before it is typed.
        Ok(Some(page)) if !page.asks_old && state.backend.mfa().reauth(&visitor).is_none() => {
            Redirect::to("/me/prove?next=/me/password").into_response()
        }
        Ok(Some(page)) => page_response::document(&state, Page::Password(Box::new(page))).await,
        Ok(None) => Redirect::to("/sign-up").into_response(),
        Err(error) => page_response::respond(&state, Err(error), None).await,
    }
}

/// Gives somebody another password.
pub(crate) async fn change_password(
    CurrentUser(visitor): CurrentUser,
    caller: Caller,
    Form(change): Form<Change>,
) -> Response {
    let state = &caller.state;
    let mut page = match password_form(state, &visitor, &caller.origin).await {
        Ok(Some(page)) => page,
        Ok(None) => return Redirect::to("/sign-up").into_response(),
        Err(error) => return page_response::respond(state, Err(error), None).await,
    };
    let refused = match replace(&caller, &visitor, &page.name, &change).await {
        Ok(signed_in) => return lead_on(&signed_in, "/me"),
        // Who has no password yet proves in another way who they are.
        Err(Rejection::Backend(Error::Auth(AuthError::NotProven))) => {
            return Redirect::to("/me/prove?next=/me/password").into_response();
        }
        Err(refused) => refused,
    };
    let sentence = Some(refused.sentence());
    match &refused {
        Rejection::Backend(Error::Auth(AuthError::WrongPassword)) => page.old_problem = sentence,
        refused if refused.is_about_the_password() => page.new_problem = sentence,
        _ => page.problem = sentence,
    }
    refused.answer(page_response::document(state, Page::Password(Box::new(page))).await)
}

/// Ends another session of one's own.
pub(crate) async fn end_session(
    CurrentUser(visitor): CurrentUser,
    Path(session): Path<String>,
    caller: Caller,
) -> Response {
    let Some(session) = SessionId::parse(&session) else {
        return page_response::missing(State(caller.state)).await;
    };
    let backend = &caller.state.backend;
    let ended = backend.accounts().end_other_session(&visitor, session).await;
    sessions_ended(&caller, &visitor, ended).await
}

/// Ends all other sessions of one's own.
pub(crate) async fn end_other_sessions(CurrentUser(visitor): CurrentUser, caller: Caller) -> Response {
    let backend = &caller.state.backend;
    let ended = backend.accounts().end_other_sessions(&visitor).await;
    sessions_ended(&caller, &visitor, ended.map(|many| many > 0)).await
}

async fn sessions_ended(caller: &Caller, visitor: &Visitor, ended: Result<bool, Error>) -> Response {
    match ended {
        Err(error) => return page_response::respond(&caller.state, Err(error), None).await,
        Ok(true) => {
            let entry = Entry::new(AuditEvent::SessionEnded).by(visitor.person());
            caller.audit(entry.with("elsewhere"));
        }
        // One that is over already, or another's: nothing has happened.
        Ok(false) => {}
    }
    Redirect::to("/me").into_response()
}

async fn replace(
    caller: &Caller,
    visitor: &Visitor,
    name: &str,
    change: &Change,
) -> Result<SignedIn, Rejection> {
    let attempt = caller.attempt(&AccountName::parse(name)?)?;
    let backend = &caller.state.backend;
    let changed = backend
        .accounts()
        .change_password(visitor, &change.old, &change.password, caller.device())
        .await;
    if matches!(changed, Err(Error::Auth(AuthError::WrongPassword))) {
        let entry = Entry::new(AuditEvent::SignInRefused).by(visitor.person());
        caller.audit(entry.with("to change the password"));
    } else {
        attempt.succeeded();
    }
    let signed_in = changed?;
    caller.credential_changed(visitor, "password");
    Ok(signed_in)
}

async fn password_form(
    state: &AppState,
    visitor: &Visitor,
    origin: &PublicOrigin,
) -> Result<Option<PasswordPage>, Error> {
    let named = state.backend.accounts().sign_in_name(visitor).await?;
    let has_one = state
        .backend
        .mfa()
        .sign_in_methods(visitor)
        .await?
        .is_some_and(|ways| ways.password);
    let proof = state.backend.mfa().reauth(visitor);
    Ok(named.map(|named| PasswordPage {
        name: named.name,
        asks_old: has_one && proof != Some(Reauth::Passkey),
        is_first: !has_one,
        is_open_air: origin.is_open_air(),
        ..PasswordPage::default()
    }))
}
