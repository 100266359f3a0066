//! Asking people into a list by the name of their account, and what those say to it: plain forms.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use backend::{AccountName, AuditEvent, Entry, Error, Flash, Visitor};
use domain::{ListId, Refusal, Role};
use serde::Deserialize;

use crate::auth::account_holder::AccountHolder;
use crate::auth::caller::Caller;
use crate::auth::session::CurrentUser;
use crate::http::error::Rejection;
use crate::http::form::Form;
use crate::http::page_response;
use crate::lists::server_fns::is_form;
use crate::lists::share::{Why, share_page};
use crate::state::AppState;

/// Who is to be asked, or asked no more.
#[derive(Deserialize, Default)]
pub(crate) struct Whom {
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
}

/// Asks somebody into a list.
pub(crate) async fn invite(
    CurrentUser(visitor): CurrentUser,
    Path(list): Path<String>,
    caller: Caller,
    Form(whom): Form<Whom>,
) -> Response {
    let state = &caller.state;
    let Ok(list) = list.parse() else {
        return page_response::missing(State(state.clone())).await;
    };
    let outcome = async {
        let name = AccountName::parse(&whom.name)?;
        let role = Role::parse(&whom.role).ok_or(Error::Refused(Refusal::Malformed))?;
        state
            .throttle
            .invite(visitor.person(), caller.address())
            .map_err(Rejection::Wait)?;
        state.backend.lists().invite(&visitor, list, &name, role).await?;
        Ok(Flash::Invited(name.as_str().to_owned()))
    };
    answer(&caller, visitor, list, outcome.await).await
}

/// Withdraws an invitation.
pub(crate) async fn take_back(
    CurrentUser(visitor): CurrentUser,
    Path(list): Path<String>,
    caller: Caller,
    Form(whom): Form<Whom>,
) -> Response {
    let state = &caller.state;
    let Ok(list) = list.parse() else {
        return page_response::missing(State(state.clone())).await;
    };
    let outcome = async {
        let name = AccountName::parse(&whom.name)?;
        state
            .backend
            .lists()
            .revoke_invitation(&visitor, list, &name)
            .await?;
        Ok(Flash::TakenBack(name.as_str().to_owned()))
    };
    answer(&caller, visitor, list, outcome.await).await
}

/// Comes into a list that one was asked into.
pub(crate) async fn accept(
    State(state): State<AppState>,
    AccountHolder(visitor): AccountHolder,
    Path(list): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Ok(list) = list.parse::<ListId>() else {
        return page_response::missing(State(state)).await;
    };
    match state.backend.lists().accept_invitation(&visitor, list).await {
        Ok(()) => done(&headers, &format!("/lists/{list}")),
        Err(error) => page_response::respond(&state, Err(error), None).await,
    }
}

/// Says no to being asked into a list.
pub(crate) async fn decline(
    State(state): State<AppState>,
    AccountHolder(visitor): AccountHolder,
    Path(list): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Ok(list) = list.parse::<ListId>() else {
        return page_response::missing(State(state)).await;
    };
    match state.backend.lists().decline_invitation(&visitor, list).await {
        Ok(()) => done(&headers, "/me"),
        Err(error) => page_response::respond(&state, Err(error), None).await,
    }
}

/// It was done. A form is led on; to a script that would look like being led to a sign-in of somebody else's.
fn done(headers: &HeaderMap, to: &str) -> Response {
    if is_form(headers) {
        Redirect::to(to).into_response()
    } else {
        StatusCode::NO_CONTENT.into_response()
    }
}

/// Whether the operator is to hear of it.
#[derive(Deserialize, Default)]
pub(crate) struct Muting {
    report: Option<String>,
}

/// Says no, and wants to see no invitations of who asked any more; perhaps the operator is to hear of it.
pub(crate) async fn mute(
    AccountHolder(visitor): AccountHolder,
    Path(list): Path<String>,
    caller: Caller,
    Form(muting): Form<Muting>,
) -> Response {
    let state = &caller.state;
    let Ok(list) = list.parse::<ListId>() else {
        return page_response::missing(State(state.clone())).await;
    };
    match state.backend.lists().mute_inviter(&visitor, list).await {
        Ok(maker) => {
            if let Some(maker) = maker.filter(|_| muting.report.is_some()) {
                let entry = Entry::new(AuditEvent::InvitationReported).by(visitor.person());
                caller.audit(entry.to(maker).of(list));
            }
            Redirect::to("/me").into_response()
        }
        Err(error) => page_response::respond(state, Err(error), None).await,
    }
}

/// Wants to see all invitations again.
pub(crate) async fn unmute(State(state): State<AppState>, AccountHolder(visitor): AccountHolder) -> Response {
    match state.backend.lists().unmute_inviters(&visitor).await {
        Ok(()) => Redirect::to("/me").into_response(),
        Err(error) => page_response::respond(&state, Err(error), None).await,
    }
}

async fn answer(
    caller: &Caller,
    visitor: Visitor,
    list: ListId,
    outcome: Result<Flash, Rejection>,
) -> Response {
    let state = &caller.state;
    let keep = |told| state.backend.keep_flash(&visitor, caller.household(), told);
    let kept = outcome.and_then(|told| Ok(keep(told)?));
    match kept {
        Ok(key) => Redirect::to(&format!("/lists/{list}/share?told={key}")).into_response(),
        Err(refused) => {
            let why = Why::Refused(refused.sentence());
            let page = share_page(state, visitor, list, &caller.origin, why).await;
            let is_shown = page.is_ok();
            let response = page_response::respond(state, page, None).await;
            if is_shown {
                refused.answer(response)
            } else {
                response
            }
        }
    }
}
