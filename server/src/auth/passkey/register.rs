//! Registering a passkey: one more for an account, or the one with which an account is made.

use axum::response::Response;
use backend::{AccountName, AuditEvent, AuthError, Challenge, Entry, Error, Flash, Visitor};
use domain::PersonName;
use serde::Deserialize;

use super::{Answer, FromScript, Nothing, Reply, asked, begin, finished};
use crate::auth::caller::Caller;
use crate::auth::redirect::recovery_codes;
use crate::auth::session::{AnyVisitor, Renewed};
use crate::http::error::Rejection;

/// Of the account that is to be made.
#[derive(Deserialize)]
pub(crate) struct Named {
    #[serde(default)]
    name: String,
}

/// What an authenticator said, and what the new passkey is called. No `Debug`.
#[derive(Deserialize)]
pub(crate) struct New {
    #[serde(flatten)]
    answer: Answer,
    #[serde(default)]
    called: String,
}

/// What to ask the browser of who adds a passkey. It is asked for a proof first.
pub(crate) async fn begin_add(
    AnyVisitor(visitor): AnyVisitor,
    caller: Caller,
    FromScript(Nothing {}): FromScript<Nothing>,
) -> Response {
    let question = async {
        let (site, backend) = (begin(&caller)?, &caller.state.backend);
        if backend.mfa().reauth(&visitor).is_none() {
            let to = "/me/prove?next=/me/passkeys".to_owned();
            return Ok(Reply::Go { to });
        }
        Ok(backend
            .mfa()
            .begin_passkey(&visitor, caller.household(), &site)
            .await?
            .into())
    };
    asked(question.await)
}

/// Adds the passkey.
pub(crate) async fn finish_add(
    AnyVisitor(visitor): AnyVisitor,
    caller: Caller,
    FromScript(new): FromScript<New>,
) -> Response {
    if caller.state.backend.mfa().reauth(&visitor).is_none() {
        return finished(Err(Error::from(AuthError::NotProven).into()));
    }
    finished(register(&caller, &visitor, true, &new).await)
}

/// What to ask the browser of who makes an account with a passkey.
pub(crate) async fn begin_sign_up(
    AnyVisitor(visitor): AnyVisitor,
    caller: Caller,
    FromScript(Named { name }): FromScript<Named>,
) -> Response {
    asked(ask_sign_up(&caller, &visitor, &name).await.map(Reply::from))
}

/// Makes the account.
pub(crate) async fn finish_sign_up(
    AnyVisitor(visitor): AnyVisitor,
    caller: Caller,
    FromScript(new): FromScript<New>,
) -> Response {
    if let Err(wait) = caller.state.throttle.enter(caller.address()) {
        return finished(Err(Rejection::Wait(wait)));
    }
    finished(register(&caller, &visitor, false, &new).await)
}

async fn ask_sign_up(caller: &Caller, visitor: &Visitor, name: &str) -> Result<Challenge, Rejection> {
    let site = begin(caller)?;
    let name = AccountName::parse(name)?;
    // It says whether a name is taken: so it counts as a try at that.
    let attempt = caller.attempt(&name)?;
    let mfa = caller.state.backend.mfa();
    let begun = mfa
        .begin_passkey_sign_up(visitor, caller.household(), &name, &site)
        .await;
    if !matches!(
        begun,
        Err(Error::Auth(AuthError::NameTaken | AuthError::NameLooksAlike))
    ) {
        attempt.succeeded();
    }
    Ok(begun?)
}

/// Takes a new passkey; where the page goes on, and what its browser sends from now on.
async fn register(
    caller: &Caller,
    visitor: &Visitor,
    adds: bool,
    new: &New,
) -> Result<(String, Option<Renewed>), Rejection> {
    let (backend, from) = (&caller.state.backend, caller.device());
    let called = Some(new.called.as_str()).filter(|called| !called.trim().is_empty());
    let called = PersonName::parse(called.unwrap_or(&from.agent))?;
    let Answer { key, credential } = &new.answer;
    let made = backend
        .mfa()
        .finish_passkey(visitor, adds, key, credential, called, from)
        .await?;
    let owner = made.signed_in.as_ref().map(|signed_in| signed_in.visitor);
    match owner {
        Some(owner) => {
            let entry = Entry::new(AuditEvent::AccountMade).by(owner.person());
            caller.audit(entry.with("with a passkey"));
        }
        None => caller.credential_changed(visitor, "a passkey added"),
    }
    let to = match made.codes {
        Some(codes) => {
            let owner = owner.unwrap_or(*visitor);
            recovery_codes(&backend.keep_flash(&owner, caller.household(), Flash::Codes(codes))?)
        }
        None => "/me/passkeys?did=added".to_owned(),
    };
    Ok((to, made.signed_in.as_ref().map(Renewed::signed_in)))
}
