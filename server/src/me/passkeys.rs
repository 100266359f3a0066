//! The passkeys of an account on `/me`: plain forms. Making and using one needs a script, and is in `auth/passkey.rs`.

use app::Page;
use app::pages::{PasskeyLine, PasskeysPage};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use backend::{Error, PasskeyId, PasskeyInfo, Visitor};
use domain::PersonName;
use serde::Deserialize;

use crate::auth::device::device;
use crate::auth::session::CurrentUser;
use crate::auth::{passkey, reauth};
use crate::http::client_ip::Peer;
use crate::http::durations::days_ago;
use crate::http::error::Rejection;
use crate::http::form::Form;
use crate::http::page_response;
use crate::me::mfa::{Why, account, changed, is_elsewhere, show};
use crate::state::AppState;

/// What a passkey is called from now on.
#[derive(Deserialize, Default)]
pub(crate) struct Called {
    #[serde(default)]
    name: String,
}

/// The passkeys there are.
pub(crate) async fn page(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    peer: Peer,
    Query(query): Query<Why>,
    headers: HeaderMap,
) -> Response {
    let page = passkeys_page(&state, &visitor, peer, &headers, &query.did).await;
    show(&state, page.map(|page| Page::Passkeys(Box::new(page)))).await
}

/// Renames a passkey.
pub(crate) async fn rename(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Path(passkey): Path<String>,
    peer: Peer,
    headers: HeaderMap,
    Form(Called { name }): Form<Called>,
) -> Response {
    let renamed = async {
        let Some(passkey) = PasskeyId::parse(&passkey) else {
            return Ok("");
        };
        let name = PersonName::parse(&name).map_err(|problem| Rejection::Name(problem.to_string()))?;
        state.backend.rename_passkey(&visitor, passkey, name).await?;
        Ok("renamed")
    };
    passkeys_answer(&state, &visitor, peer, &headers, renamed.await).await
}

/// Removes a passkey.
pub(crate) async fn remove(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Path(passkey): Path<String>,
    peer: Peer,
    headers: HeaderMap,
) -> Response {
    if let Some(elsewhere) = reauth::elsewhere(&state, &visitor, "/me/passkeys") {
        return elsewhere;
    }
    let removed = async {
        let Some(passkey) = PasskeyId::parse(&passkey) else {
            return Ok("");
        };
        if !state.backend.remove_passkey(&visitor, passkey).await? {
            return Ok("");
        }
        changed(&state, &visitor, peer, &headers, "a passkey removed");
        Ok("removed")
    };
    passkeys_answer(&state, &visitor, peer, &headers, removed.await).await
}

/// Leads on with the word for what was done; what was refused shows the page again, with the sentence.
async fn passkeys_answer(
    state: &AppState,
    visitor: &Visitor,
    peer: Peer,
    headers: &HeaderMap,
    done: Result<&'static str, Rejection>,
) -> Response {
    let refused = match done {
        Ok(did) => return Redirect::to(&format!("/me/passkeys?did={did}")).into_response(),
        Err(refused) => refused,
    };
    match passkeys_page(state, visitor, peer, headers, "").await {
        Ok(mut page) => {
            page.problem = Some(refused.sentence());
            refused.answer(page_response::document(state, Page::Passkeys(Box::new(page))).await)
        }
        Err(error) => show(state, Err(error)).await,
    }
}

async fn passkeys_page(
    state: &AppState,
    visitor: &Visitor,
    peer: Peer,
    headers: &HeaderMap,
    did: &str,
) -> Result<PasskeysPage, Error> {
    let (_, ways) = account(state, visitor).await?;
    let (now, host) = (state.backend.now(), passkey::host(headers));
    let line = |passkey: PasskeyInfo| {
        let made = format!("Created {}", days_ago(passkey.made, now));
        let used = match passkey.used {
            Some(used) => format!("used {}", days_ago(used, now)),
            None => "not used yet".to_owned(),
        };
        let place = if passkey.host == host {
            String::new()
        } else {
            format!(" · works at {}", passkey.host)
        };
        PasskeyLine {
            id: passkey.id.to_string(),
            name: passkey.name,
            about: format!("{made}, {used}{place}"),
        }
    };
    let said = match did {
        "added" => Some("The passkey is added. You can now sign in with it."),
        "removed" => Some("The passkey is removed and no longer works here. Remove it from your device too."),
        "renamed" => Some("The passkey is renamed."),
        _ => None,
    };
    Ok(PasskeysPage {
        passkeys: ways.passkeys.into_iter().map(line).collect(),
        offer: passkey::offer(headers),
        suggestion: device(peer, headers).agent,
        said,
        problem: None,
        elsewhere: matches!(did, "added" | "removed") && is_elsewhere(state, visitor),
    })
}
