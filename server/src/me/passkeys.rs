//! The passkeys of an account on `/me`: plain forms. Making and using one needs a script, and is in `auth/passkey.rs`.

use app::Page;
use app::pages::{PasskeyLine, PasskeysPage};
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use backend::{Error, PasskeyId, PasskeyInfo, Visitor};
use domain::durations::days_ago;
use domain::{PersonName, Timestamp};
use serde::Deserialize;

use crate::auth::caller::Caller;
use crate::auth::session::CurrentUser;
use crate::auth::{passkey, reauth};
use crate::http::error::Rejection;
use crate::http::form::Form;
use crate::http::page_response;
use crate::me::mfa::{Why, account, is_elsewhere, show};

/// What a passkey is called from now on.
#[derive(Deserialize, Default)]
pub(crate) struct Called {
    #[serde(default)]
    name: String,
}

/// The passkeys there are.
pub(crate) async fn page(
    CurrentUser(visitor): CurrentUser,
    caller: Caller,
    Query(query): Query<Why>,
) -> Response {
    let page = passkeys_page(&caller, &visitor, &query.did).await;
    show(&caller.state, page.map(|page| Page::Passkeys(Box::new(page)))).await
}

/// Renames a passkey.
pub(crate) async fn rename(
    CurrentUser(visitor): CurrentUser,
    Path(passkey): Path<String>,
    caller: Caller,
    Form(Called { name }): Form<Called>,
) -> Response {
    let renamed = async {
        let Some(passkey) = PasskeyId::parse(&passkey) else {
            return Ok("");
        };
        let (name, backend) = (PersonName::parse(&name)?, &caller.state.backend);
        backend.mfa().rename_passkey(&visitor, passkey, name).await?;
        Ok("renamed")
    };
    passkeys_answer(&caller, &visitor, renamed.await).await
}

/// Removes a passkey.
pub(crate) async fn remove(
    CurrentUser(visitor): CurrentUser,
    Path(passkey): Path<String>,
    caller: Caller,
) -> Response {
    if let Some(elsewhere) = reauth::elsewhere(&caller.state, &visitor, "/me/passkeys") {
        return elsewhere;
    }
    let removed = async {
        let Some(passkey) = PasskeyId::parse(&passkey) else {
            return Ok("");
        };
        let mfa = caller.state.backend.mfa();
        if !mfa.remove_passkey(&visitor, passkey).await? {
            return Ok("");
        }
        caller.credential_changed(&visitor, "a passkey removed");
        Ok("removed")
    };
    passkeys_answer(&caller, &visitor, removed.await).await
}

/// Leads on with the word for what was done; what was refused shows the page again, with the sentence.
async fn passkeys_answer(
    caller: &Caller,
    visitor: &Visitor,
    done: Result<&'static str, Rejection>,
) -> Response {
    let refused = match done {
        Ok(did) => return Redirect::to(&format!("/me/passkeys?did={did}")).into_response(),
        Err(refused) => refused,
    };
    match passkeys_page(caller, visitor, "").await {
        Ok(mut page) => {
            page.problem = Some(refused.sentence());
            refused.answer(page_response::document(&caller.state, Page::Passkeys(Box::new(page))).await)
        }
        Err(error) => show(&caller.state, Err(error)).await,
    }
}

async fn passkeys_page(caller: &Caller, visitor: &Visitor, did: &str) -> Result<PasskeysPage, Error> {
    let (_, ways) = account(&caller.state, visitor).await?;
    let (now, host) = (caller.state.backend.now(), caller.origin.host());
    let passkeys = ways.passkeys.into_iter();
    let accepted = match passkey::site(&caller.origin) {
        Ok(site) => Some(
            caller
                .state
                .backend
                .mfa()
                .accepted_passkeys(visitor, &site)
                .await?
                .to_string(),
        ),
        Err(_) => None,
    };
    Ok(PasskeysPage {
        accepted,
        passkeys: passkeys.map(|passkey| line(passkey, now, &host)).collect(),
        offer: passkey::offer(&caller.origin),
        suggestion: caller.device().agent,
        said: sentence(did),
        problem: None,
        elsewhere: matches!(did, "added" | "removed") && is_elsewhere(&caller.state, visitor),
    })
}

/// A passkey with how old it is, when it was used, and where it works if that is not here.
fn line(passkey: PasskeyInfo, now: Timestamp, host: &str) -> PasskeyLine {
    let made = days_ago(passkey.made, now);
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
        about: format!("Made {made}, {used}{place}"),
    }
}

/// What was done, by the word for it in the address.
fn sentence(did: &str) -> Option<&'static str> {
    match did {
        "added" => Some("The passkey is added. You can now sign in with it."),
        "removed" => Some("The passkey is removed and no longer works here. Remove it from your device too."),
        "renamed" => Some("The passkey is renamed."),
        _ => None,
    }
}
