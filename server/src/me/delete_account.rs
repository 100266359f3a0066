//! `/me/delete`: deleting one's own account, after the page has said what happens to each list.

use std::collections::BTreeMap;

use app::Page;
use app::pages::{FateLine, FateWords, LeavePage};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use backend::{AccountName, AuditEvent, AuthError, Entry, Error, Fate, Leaving, Visitor};
use domain::{ListId, PersonId};

use crate::auth::session::{CurrentUser, is_open_air};
use crate::auth::sign_in::{attempt, goodbye};
use crate::http::client_ip::Peer;
use crate::http::error::Rejection;
use crate::http::form::Form;
use crate::http::page_response;
use crate::state::AppState;

/// What stands before the list's id in the name of the field that chooses its next owner.
const HEIR: &str = "heir.";

/// What happens, and the form.
pub(crate) async fn page(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    headers: HeaderMap,
) -> Response {
    match form(&state, &visitor, &headers).await {
        Ok(Some(page)) => page_response::document(&state, Page::Leave(Box::new(page))).await,
        Ok(None) => Redirect::to("/sign-up").into_response(),
        Err(error) => page_response::respond(&state, Err(error), None).await,
    }
}

/// Deletes the account.
pub(crate) async fn delete(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    peer: Peer,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let mut page = match form(&state, &visitor, &headers).await {
        Ok(Some(page)) => page,
        Ok(None) => return Redirect::to("/sign-up").into_response(),
        Err(error) => return page_response::respond(&state, Err(error), None).await,
    };
    let refused = match leave(&state, &visitor, peer, &headers, &page.name, &fields).await {
        Ok(()) => return goodbye("/sign-in?left=1"),
        Err(refused) => refused,
    };
    let sentence = Some(refused.sentence());
    match &refused {
        Rejection::Backend(Error::Auth(AuthError::WrongPassword)) => page.password_problem = sentence,
        _ => page.problem = sentence,
    }
    refused.answer(page_response::document(&state, Page::Leave(Box::new(page))).await)
}

async fn leave(
    state: &AppState,
    visitor: &Visitor,
    peer: Peer,
    headers: &HeaderMap,
    name: &str,
    fields: &[(String, String)],
) -> Result<(), Rejection> {
    let name = AccountName::parse(name).map_err(|problem| Rejection::Name(problem.to_string()))?;
    let attempt = attempt(state, peer, headers, &name)?;
    let password = fields.iter().find(|(name, _)| name == "password");
    let password = password.map_or("", |(_, password)| password);
    let left = state
        .backend
        .accounts()
        .delete_account(visitor, password, &heirs(fields))
        .await;
    let address = peer.address(headers);
    let entry = match &left {
        Ok(()) => Some(Entry::new(AuditEvent::AccountDeleted).by(visitor.person())),
        Err(Error::Auth(AuthError::WrongPassword)) => Some(
            Entry::new(AuditEvent::SignInRefused)
                .by(visitor.person())
                .with("to delete the account"),
        ),
        Err(_) => None,
    };
    if !matches!(left, Err(Error::Auth(AuthError::WrongPassword))) {
        attempt.succeeded();
    }
    if let Some(entry) = entry {
        state.backend.admin().audit(entry.from(address));
    }
    Ok(left?)
}

/// The next owners that were chosen. What is none of the list's people counts as not chosen.
fn heirs(fields: &[(String, String)]) -> BTreeMap<ListId, PersonId> {
    let heir = |(name, person): &(String, String)| {
        let list = name.strip_prefix(HEIR)?.parse().ok()?;
        Some((list, person.parse().ok()?))
    };
    fields.iter().filter_map(heir).collect()
}

async fn form(state: &AppState, visitor: &Visitor, headers: &HeaderMap) -> Result<Option<LeavePage>, Error> {
    let Some(named) = state.backend.accounts().sign_in_name(visitor).await? else {
        return Ok(None);
    };
    Ok(Some(LeavePage {
        name: named.name,
        has_password: state.backend.mfa().has_password(visitor).await?,
        fates: fates(state, visitor.person()).await?,
        is_open_air: is_open_air(headers),
        ..LeavePage::default()
    }))
}

/// What happens to each list of somebody's.
pub(crate) async fn fates(state: &AppState, person: PersonId) -> Result<Vec<FateLine>, Error> {
    let line = |Leaving { list, name, fate }: Leaving| FateLine {
        list: list.to_string(),
        name,
        fate: match fate {
            Fate::Goes => FateWords::Goes,
            Fate::Stays => FateWords::Stays,
            Fate::NeedsOwner(heirs) => {
                let heir = |(person, name): (PersonId, String)| (person.to_string(), name);
                FateWords::NeedsOwner(heirs.into_iter().map(heir).collect())
            }
        },
    };
    Ok(state
        .backend
        .accounts()
        .leaving(person)
        .await?
        .into_iter()
        .map(line)
        .collect())
}
