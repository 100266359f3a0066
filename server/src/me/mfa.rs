//! What one sets up on `/me` to guard one's account: an authenticator app, and recovery codes. Forms that need no script.

use app::Page;
use app::pages::{PendingTotp, RecoveryPage, SecondFactorPage};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use backend::{AuthError, Error, Flash, SignInMethods, Visitor};
use domain::durations::days_ago;
use serde::Deserialize;

use crate::auth::caller::Caller;
use crate::auth::reauth;
use crate::auth::redirect::recovery_codes;
use crate::auth::session::CurrentUser;
use crate::cli::announce;
use crate::http::error::Rejection;
use crate::http::form::Form;
use crate::http::page_response;
use crate::http::public_origin::PublicOrigin;
use crate::state::AppState;

/// Why a page is shown: what was done just now.
#[derive(Deserialize)]
pub(crate) struct Why {
    #[serde(default)]
    pub(super) did: String,
    #[serde(default)]
    told: String,
}

/// A code of the app that is set up.
#[derive(Deserialize, Default)]
pub(crate) struct Shown {
    #[serde(default)]
    code: String,
}

/// The password of who switches the app off. No `Debug`.
#[derive(Deserialize, Default)]
pub(crate) struct Proof {
    #[serde(default)]
    password: String,
}

/// The second step, as it stands.
pub(crate) async fn second_factor(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Query(query): Query<Why>,
    origin: PublicOrigin,
) -> Response {
    let page = second_factor_page(&state, &visitor, &origin, &query.did).await;
    show(&state, page.map(|page| Page::SecondFactor(Box::new(page)))).await
}

/// Begins to set up an app.
pub(crate) async fn begin_totp(CurrentUser(visitor): CurrentUser, caller: Caller) -> Response {
    if let Some(elsewhere) = reauth::elsewhere(&caller.state, &visitor, "/me/second-factor") {
        return elsewhere;
    }
    let begun = begin(&caller, &visitor).await;
    second_factor_answer(&caller, &visitor, begun).await
}

/// Switches it on for who shows that it works.
pub(crate) async fn confirm_totp(
    CurrentUser(visitor): CurrentUser,
    caller: Caller,
    Form(Shown { code }): Form<Shown>,
) -> Response {
    if let Some(elsewhere) = reauth::elsewhere(&caller.state, &visitor, "/me/second-factor") {
        return elsewhere;
    }
    let confirmed = confirm(&caller, &visitor, &code).await;
    second_factor_answer(&caller, &visitor, confirmed).await
}

/// Turns the authenticator app off.
pub(crate) async fn remove_totp(
    CurrentUser(visitor): CurrentUser,
    caller: Caller,
    Form(Proof { password }): Form<Proof>,
) -> Response {
    let removed = switch_off(&caller, &visitor, &password).await;
    second_factor_answer(&caller, &visitor, removed).await
}

/// How many recovery codes are left, and those that were just made.
pub(crate) async fn recovery(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Query(query): Query<Why>,
    origin: PublicOrigin,
) -> Response {
    let page = recovery_page(&state, &visitor, &origin, &query.told).await;
    show(&state, page.map(|page| Page::Recovery(Box::new(page)))).await
}

/// Makes new ones.
pub(crate) async fn renew_recovery(CurrentUser(visitor): CurrentUser, caller: Caller) -> Response {
    let state = &caller.state;
    if let Some(elsewhere) = reauth::elsewhere(state, &visitor, "/me/recovery-codes") {
        return elsewhere;
    }
    let made = match state.backend.mfa().renew_codes(&visitor).await {
        Ok(made) => made,
        Err(Error::Auth(_)) => return Redirect::to("/me/recovery-codes").into_response(),
        Err(error) => return show(state, Err(error)).await,
    };
    caller.credential_changed(&visitor, "recovery codes");
    match state
        .backend
        .keep_flash(&visitor, caller.household(), Flash::Codes(made))
    {
        Ok(key) => Redirect::to(&recovery_codes(&key)).into_response(),
        Err(error) => show(state, Err(error)).await,
    }
}

/// Leads on; what was refused shows its page again, with the sentence at its field.
async fn second_factor_answer(
    caller: &Caller,
    visitor: &Visitor,
    done: Result<String, Rejection>,
) -> Response {
    let refused = match done {
        Ok(to) => return Redirect::to(&to).into_response(),
        Err(refused) => refused,
    };
    let state = &caller.state;
    let mut page = match second_factor_page(state, visitor, &caller.origin, "").await {
        Ok(page) => page,
        Err(error) => return show(state, Err(error)).await,
    };
    let sentence = Some(refused.sentence());
    match &refused {
        Rejection::Backend(Error::Auth(AuthError::WrongPassword)) => page.password_problem = sentence,
        Rejection::Backend(Error::Auth(AuthError::WrongCode)) => page.code_problem = sentence,
        _ => page.problem = sentence,
    }
    refused.answer(page_response::document(state, Page::SecondFactor(Box::new(page))).await)
}

async fn begin(caller: &Caller, visitor: &Visitor) -> Result<String, Rejection> {
    let backend = &caller.state.backend;
    let ways = backend.mfa().sign_in_methods(visitor).await?;
    if ways.is_some_and(|ways| ways.password) {
        backend.mfa().begin_totp(visitor).await?;
    }
    Ok("/me/second-factor".to_owned())
}

async fn confirm(caller: &Caller, visitor: &Visitor, code: &str) -> Result<String, Rejection> {
    let backend = &caller.state.backend;
    let made = backend.mfa().confirm_totp(visitor, code).await?;
    caller.credential_changed(visitor, "an authenticator app added");
    Ok(match made {
        Some(codes) => {
            recovery_codes(&backend.keep_flash(visitor, caller.household(), Flash::Codes(codes))?)
        }
        None => "/me/second-factor?did=on".to_owned(),
    })
}

async fn switch_off(caller: &Caller, visitor: &Visitor, password: &str) -> Result<String, Rejection> {
    reauth::password(caller, visitor, password).await?;
    if caller.state.backend.mfa().remove_totp(visitor).await? {
        caller.credential_changed(visitor, "an authenticator app removed");
    }
    Ok("/me/second-factor?did=off".to_owned())
}

async fn second_factor_page(
    state: &AppState,
    visitor: &Visitor,
    origin: &PublicOrigin,
    did: &str,
) -> Result<SecondFactorPage, Error> {
    let (named, ways) = account(state, visitor).await?;
    let host = origin.host();
    let pending = state.backend.mfa().pending_totp(visitor).map(|secret| {
        let address = secret.address(&host, &named);
        PendingTotp {
            secret: secret.base32(),
            qr: announce::qr_svg(&address),
            address,
        }
    });
    let said = match did {
        "on" => Some("The authenticator app is on. Codes from an earlier app no longer work here."),
        "off" => Some("The authenticator app is off."),
        _ => None,
    };
    Ok(SecondFactorPage {
        has_password: ways.password,
        since: ways.totp.map(|then| days_ago(then, state.backend.now())),
        pending,
        name: named,
        elsewhere: said.is_some() && is_elsewhere(state, visitor),
        said,
        is_open_air: origin.is_open_air(),
        ..SecondFactorPage::default()
    })
}

async fn recovery_page(
    state: &AppState,
    visitor: &Visitor,
    origin: &PublicOrigin,
    told: &str,
) -> Result<RecoveryPage, Error> {
    let (named, ways) = account(state, visitor).await?;
    let codes = match state.backend.flash(visitor, told) {
        Some(Flash::Codes(codes)) => codes.texts(),
        _ => Vec::new(),
    };
    Ok(RecoveryPage {
        account: format!("{named} at {}", origin.host()),
        left: ways.recovery,
        has_factor: ways.totp.is_some() || !ways.passkeys.is_empty(),
        problem: None,
        elsewhere: !codes.is_empty() && is_elsewhere(state, visitor),
        is_open_air: origin.is_open_air(),
        codes,
    })
}

/// The name and the ways in of an account. Guests have neither.
pub(super) async fn account(state: &AppState, visitor: &Visitor) -> Result<(String, SignInMethods), Error> {
    let named = state.backend.accounts().sign_in_name(visitor).await?;
    let ways = state.backend.mfa().sign_in_methods(visitor).await?;
    named
        .map(|named| named.name)
        .zip(ways)
        .ok_or_else(|| AuthError::NoAccount.into())
}

pub(super) fn is_elsewhere(state: &AppState, visitor: &Visitor) -> bool {
    state.backend.accounts().sessions(visitor).len() > 1
}

/// The page; guests, who have none of this, are led to where they make an account.
pub(super) async fn show(state: &AppState, page: Result<Page, Error>) -> Response {
    match page {
        Err(Error::Auth(AuthError::NoAccount)) => Redirect::to("/sign-up").into_response(),
        page => page_response::respond(state, page, None).await,
    }
}
