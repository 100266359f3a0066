//! Letting an account be signed in to through the provider, or no more.

use app::Page;
use axum::response::{IntoResponse, Redirect, Response};
use backend::{AccountName, AuditEvent, AuthError, Entry, Error, Visitor};
use serde::Deserialize;

use super::at_provider::AtProvider;
use super::leave::send;
use super::pending::Purpose;
use crate::auth::account_holder::AccountHolder;
use crate::auth::caller::Caller;
use crate::auth::reauth;
use crate::http::error::Rejection;
use crate::http::form::Form;
use crate::http::page_response;
use crate::me::page;

/// What stands in the form. No `Debug`: it has a password in it.
#[derive(Deserialize, Default)]
pub(crate) struct Given {
    #[serde(default)]
    password: String,
}

/// Sends somebody to the provider, to let their account be signed in to that way. It is asked for the password first: who found an
/// open browser shall not be able to leave themselves a door.
pub(crate) async fn link(
    AtProvider(provider): AtProvider,
    AccountHolder(visitor): AccountHolder,
    caller: Caller,
    Form(given): Form<Given>,
) -> Response {
    if let Err(refused) = confirm(&caller, &visitor, &given.password).await {
        return me_again(&caller, visitor, refused).await;
    }
    let purpose = Purpose::link(visitor.person(), visitor.session());
    match send(&caller, &provider, visitor.person(), purpose).await {
        Ok(page) => page,
        Err(problem) => {
            let sentence = problem.sentence(&provider.settings.label);
            let (page, is_shown) = me_with(&caller, visitor, sentence).await;
            if is_shown { problem.answer(page) } else { page }
        }
    }
}

/// Lets an account be signed in to through the provider no more.
pub(crate) async fn unlink(
    AtProvider(provider): AtProvider,
    AccountHolder(visitor): AccountHolder,
    caller: Caller,
) -> Response {
    if let Some(elsewhere) = reauth::elsewhere(&caller.state, &visitor, "/me") {
        return elsewhere;
    }
    let backend = &caller.state.backend;
    match backend
        .accounts()
        .unlink_identity(&visitor, provider.settings.issuer.as_str())
        .await
    {
        Ok(()) => {
            caller.credential_changed(&visitor, "provider removed");
            Redirect::to("/me").into_response()
        }
        Err(error) => me_again(&caller, visitor, error.into()).await,
    }
}

/// The page `/me`, which says why nothing came of it, with the status of that.
async fn me_again(caller: &Caller, visitor: Visitor, refused: Rejection) -> Response {
    let (page, is_shown) = me_with(caller, visitor, refused.sentence()).await;
    if is_shown { refused.answer(page) } else { page }
}

/// The page `/me` with a sentence, and whether it is that.
pub(super) async fn me_with(caller: &Caller, visitor: Visitor, sentence: String) -> (Response, bool) {
    let page = page::page(&caller.state, visitor, &caller.origin, None).await;
    let page = page.map(|page| with_problem(page, sentence));
    let is_shown = page.is_ok();
    (page_response::respond(&caller.state, page, None).await, is_shown)
}

fn with_problem(page: Page, sentence: String) -> Page {
    let Page::Me(mut me) = page else { return page };
    if let Some(part) = me.account.as_mut().and_then(|account| account.provider.as_mut()) {
        part.problem = Some(sentence);
    }
    Page::Me(me)
}

/// Whether it is the account's owner who asks: by the password, or where there is none by having just come in.
async fn confirm(caller: &Caller, visitor: &Visitor, password: &str) -> Result<(), Rejection> {
    let backend = &caller.state.backend;
    let named = backend.accounts().sign_in_name(visitor).await?;
    let named = named.ok_or(Error::from(AuthError::NoAccount))?;
    let attempt = caller.attempt(&AccountName::parse(&named.name)?)?;
    let confirmed = backend.mfa().confirm(visitor, password).await;
    if matches!(confirmed, Err(Error::Auth(AuthError::WrongPassword))) {
        let entry = Entry::new(AuditEvent::SignInRefused).by(visitor.person());
        caller.audit(entry.with("to add the provider"));
    } else {
        attempt.succeeded();
    }
    Ok(confirmed?)
}
