//! `/me/delete`: deleting one's own account, after the page has said what happens to each list.

use std::collections::BTreeMap;

use app::Page;
use app::pages::{FateLine, FateWords, LeavePage};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use backend::{AccountName, AuditEvent, AuthError, Entry, Error, Fate, Leaving, Visitor};
use domain::{ListId, PersonId};

use crate::auth::caller::Caller;
use crate::auth::redirect::goodbye;
use crate::auth::session::CurrentUser;
use crate::http::error::Rejection;
use crate::http::form::Form;
use crate::http::page_response;
use crate::http::public_origin::PublicOrigin;
use crate::state::AppState;

/// What stands before the list's id in the name of the field that chooses its next owner.
const HEIR: &str = "heir.";

/// What happens, and the form.
pub(crate) async fn page(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    origin: PublicOrigin,
) -> Response {
    match form(&state, &visitor, &origin).await {
        Ok(Some(page)) => page_response::document(&state, Page::Leave(Box::new(page))).await,
        Ok(None) => Redirect::to("/sign-up").into_response(),
        Err(error) => page_response::respond(&state, Err(error), None).await,
    }
}

/// Deletes the account.
pub(crate) async fn delete(
    CurrentUser(visitor): CurrentUser,
    caller: Caller,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let state = &caller.state;
    let mut page = match form(state, &visitor, &caller.origin).await {
        Ok(Some(page)) => page,
        Ok(None) => return Redirect::to("/sign-up").into_response(),
        Err(error) => return page_response::respond(state, Err(error), None).await,
    };
    let refused = match leave(&caller, &visitor, &page.name, &fields).await {
        Ok(()) => return goodbye("/sign-in?left=1"),
        Err(refused) => refused,
    };
    let sentence = Some(refused.sentence());
    match &refused {
        Rejection::Backend(Error::Auth(AuthError::WrongPassword)) => page.password_problem = sentence,
        _ => page.problem = sentence,
    }
    refused.answer(page_response::document(state, Page::Leave(Box::new(page))).await)
}

async fn leave(
    caller: &Caller,
    visitor: &Visitor,
    name: &str,
    fields: &[(String, String)],
) -> Result<(), Rejection> {
    let attempt = caller.attempt(&AccountName::parse(name)?)?;
    let password = fields.iter().find(|(name, _)| name == "password");
    let password = password.map_or("", |(_, password)| password);
    let backend = &caller.state.backend;
    let left = backend
        .accounts()
        .delete_account(visitor, password, &heirs(fields))
        .await;
    if matches!(left, Err(Error::Auth(AuthError::WrongPassword))) {
        let entry = Entry::new(AuditEvent::SignInRefused).by(visitor.person());
        caller.audit(entry.with("to delete the account"));
    } else {
        attempt.succeeded();
    }
    left?;
    caller.audit(Entry::new(AuditEvent::AccountDeleted).by(visitor.person()));
    Ok(())
}

/// The next owners that were chosen. What is none of the list's people counts as not chosen.
fn heirs(fields: &[(String, String)]) -> BTreeMap<ListId, PersonId> {
    let heir = |(name, person): &(String, String)| {
        let list = name.strip_prefix(HEIR)?.parse().ok()?;
        Some((list, person.parse().ok()?))
    };
    fields.iter().filter_map(heir).collect()
}

async fn form(
    state: &AppState,
    visitor: &Visitor,
    origin: &PublicOrigin,
) -> Result<Option<LeavePage>, Error> {
    let Some(named) = state.backend.accounts().sign_in_name(visitor).await? else {
        return Ok(None);
    };
    Ok(Some(LeavePage {
        name: named.name,
        has_password: state.backend.mfa().has_password(visitor).await?,
        fates: fates(state, visitor.person()).await?,
        is_open_air: origin.is_open_air(),
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
