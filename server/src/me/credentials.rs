//! What one does on `/me` about signing in: another password, and ending sessions elsewhere.

use app::Page;
use app::pages::PasswordPage;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use backend::{AccountName, AuditEvent, AuthError, Entry, Error, Reauth, SessionId, SignedIn, Visitor};
use serde::Deserialize;

use crate::auth::device::device;
use crate::auth::session::{CurrentUser, is_open_air};
use crate::auth::sign_in::{attempt, lead_on};
use crate::http::client_ip::Peer;
use crate::http::error::Rejection;
use crate::http::form::Form;
use crate::http::page_response;
use crate::state::AppState;

/// What is typed to change a password.
#[derive(Deserialize, Default)]
pub(crate) struct Change {
    #[serde(default)]
    old: String,
    #[serde(default)]
    password: String,
}

/// Which sessions are to end.
#[derive(Deserialize, Default)]
pub(crate) struct Ends {
    session: Option<String>,
    others: Option<String>,
}

/// Where somebody chooses another password.
pub(crate) async fn password_page(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    headers: HeaderMap,
) -> Response {
    match password_form(&state, &visitor, &headers).await {
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
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    peer: Peer,
    headers: HeaderMap,
    Form(change): Form<Change>,
) -> Response {
    let mut page = match password_form(&state, &visitor, &headers).await {
        Ok(Some(page)) => page,
        Ok(None) => return Redirect::to("/sign-up").into_response(),
        Err(error) => return page_response::respond(&state, Err(error), None).await,
    };
    let refused = match replace(&state, &visitor, peer, &headers, &page.name, &change).await {
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
    refused.answer(page_response::document(&state, Page::Password(Box::new(page))).await)
}

/// Ends other sessions of one's own.
pub(crate) async fn end_sessions(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    peer: Peer,
    headers: HeaderMap,
    Form(ends): Form<Ends>,
) -> Response {
    let session = ends.session.as_deref().and_then(SessionId::parse);
    let ended = match (session, ends.others) {
        (Some(session), _) => state
            .backend
            .accounts()
            .end_other_session(&visitor, session)
            .await
            .map(drop),
        (None, Some(_)) => state
            .backend
            .accounts()
            .end_other_sessions(&visitor)
            .await
            .map(drop),
        (None, None) => Ok(()),
    };
    match ended {
        Ok(()) => {
            let entry = Entry::new(AuditEvent::SessionEnded)
                .by(visitor.person())
                .with("elsewhere");
            state.backend.admin().audit(entry.from(peer.address(&headers)));
            Redirect::to("/me").into_response()
        }
        Err(error) => page_response::respond(&state, Err(error), None).await,
    }
}

async fn replace(
    state: &AppState,
    visitor: &Visitor,
    peer: Peer,
    headers: &HeaderMap,
    name: &str,
    change: &Change,
) -> Result<SignedIn, Rejection> {
    let name = AccountName::parse(name).map_err(|problem| Rejection::Name(problem.to_string()))?;
    let attempt = attempt(state, peer, headers, &name)?;
    let device = device(peer, headers);
    let changed = state
        .backend
        .accounts()
        .change_password(visitor, &change.old, &change.password, device)
        .await;
    let address = peer.address(headers);
    match &changed {
        Ok(_) => {
            let entry = Entry::new(AuditEvent::CredentialChanged)
                .by(visitor.person())
                .with("password");
            state.backend.admin().audit(entry.from(address));
            attempt.succeeded();
        }
        Err(Error::Auth(AuthError::WrongPassword)) => {
            let entry = Entry::new(AuditEvent::SignInRefused)
                .by(visitor.person())
                .with("to change the password");
            state.backend.admin().audit(entry.from(address));
        }
        Err(_) => attempt.succeeded(),
    }
    Ok(changed?)
}

async fn password_form(
    state: &AppState,
    visitor: &Visitor,
    headers: &HeaderMap,
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
        is_open_air: is_open_air(headers),
        ..PasswordPage::default()
    }))
}
