//! `/reset`: where somebody chooses a new password with a code that whoever runs the server handed them.

use app::Page;
use app::pages::ResetPage;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use backend::{AuditEvent, AuthError, Code, Entry, Error, SignIn, Visitor};
use serde::Deserialize;

use crate::auth::device::device;
use crate::auth::second_step;
use crate::auth::session::{AnyVisitor, is_open_air};
use crate::auth::sign_in::lead_on;
use crate::http::client_ip::Peer;
use crate::http::error::Rejection;
use crate::http::form::Form;
use crate::http::page_response;
use crate::http::security_headers::is_https;
use crate::state::AppState;

/// What is typed. No `Debug`: it has a password in it.
#[derive(Deserialize, Default)]
pub(crate) struct Given {
    #[serde(default)]
    code: String,
    #[serde(default)]
    password: String,
}

/// The form for a new password.
pub(crate) async fn page(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let page = ResetPage {
        is_open_air: is_open_air(&headers),
        ..ResetPage::default()
    };
    page_response::document(&state, Page::Reset(Box::new(page))).await
}

/// Sets the password and signs them in.
pub(crate) async fn set(
    State(state): State<AppState>,
    before: Option<AnyVisitor>,
    peer: Peer,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Response {
    let before = before.map(|AnyVisitor(before)| before);
    let refused = match enter(&state, before.as_ref(), peer, &headers, &given).await {
        Ok(came) => {
            let person = match &came {
                SignIn::Done(signed_in) => Some(signed_in.visitor.person()),
                SignIn::Second(half) => state.backend.half(half).map(|(person, _)| person),
            };
            let entry = Entry::new(AuditEvent::CredentialChanged).with("password, with a reset link");
            let entry = person.map_or(entry.clone(), |person| entry.by(person));
            state.backend.audit(entry.from(peer.address(&headers)));
            return match came {
                SignIn::Done(signed_in) => lead_on(&signed_in, "/"),
                SignIn::Second(half) => second_step::lead_to(&half, "/", is_https(&headers)),
            };
        }
        Err(refused) => refused,
    };
    let sentence = Some(refused.sentence());
    let mut page = ResetPage {
        code: given.code,
        is_open_air: is_open_air(&headers),
        ..ResetPage::default()
    };
    match &refused {
        Rejection::Backend(Error::Auth(AuthError::ResetInvalid)) => page.code_problem = sentence,
        refused if refused.is_about_the_password() => page.password_problem = sentence,
        _ => page.problem = sentence,
    }
    refused.answer(page_response::document(&state, Page::Reset(Box::new(page))).await)
}

async fn enter(
    state: &AppState,
    before: Option<&Visitor>,
    peer: Peer,
    headers: &HeaderMap,
    given: &Given,
) -> Result<SignIn, Rejection> {
    // A code has 80 bits: this keeps the work small that guessing makes, and not the code safe.
    let attempt = state.throttle.attempt(peer.address(headers), "/reset", false);
    let attempt = attempt.map_err(Rejection::Wait)?;
    let code = Code::parse(&given.code).ok_or(Error::Auth(AuthError::ResetInvalid))?;
    let used = state
        .backend
        .use_reset(before, &code, &given.password, device(peer, headers))
        .await;
    if !matches!(used, Err(Error::Auth(AuthError::ResetInvalid))) {
        attempt.succeeded();
    }
    Ok(used?)
}
