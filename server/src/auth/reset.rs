//! `/reset`: where somebody chooses a new password with a code that whoever runs the server handed them.

use app::Page;
use app::pages::ResetPage;
use axum::extract::State;
use axum::response::Response;
use backend::{AuditEvent, AuthError, Code, Entry, Error, SignIn, Visitor};
use serde::Deserialize;

use crate::auth::caller::Caller;
use crate::auth::second_step;
use crate::auth::session::AnyVisitor;
use crate::http::error::Rejection;
use crate::http::form::Form;
use crate::http::page_response;
use crate::http::public_origin::PublicOrigin;
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
pub(crate) async fn page(State(state): State<AppState>, origin: PublicOrigin) -> Response {
    let page = ResetPage {
        is_open_air: origin.is_open_air(),
        ..ResetPage::default()
    };
    page_response::document(&state, Page::Reset(Box::new(page))).await
}

/// Sets the password and signs them in.
pub(crate) async fn set(before: Option<AnyVisitor>, caller: Caller, Form(given): Form<Given>) -> Response {
    let before = before.map(|AnyVisitor(before)| before);
    match enter(&caller, before.as_ref(), &given).await {
        Ok(came) => {
            audit(&caller, &came);
            second_step::lead_on(&caller, &came, "/")
        }
        Err(refused) => {
            let page = Page::Reset(Box::new(given.refused(&refused, caller.origin.is_open_air())));
            refused.answer(page_response::document(&caller.state, page).await)
        }
    }
}

async fn enter(caller: &Caller, before: Option<&Visitor>, given: &Given) -> Result<SignIn, Rejection> {
    // A code has 80 bits: this keeps the work small that guessing makes, and not the code safe.
    let attempt = caller.attempt_at("/reset")?;
    let code = Code::parse(&given.code).ok_or(Error::Auth(AuthError::ResetInvalid))?;
    let backend = &caller.state.backend;
    let used = backend
        .admin()
        .use_reset(before, &code, &given.password, caller.device())
        .await;
    if !matches!(used, Err(Error::Auth(AuthError::ResetInvalid))) {
        attempt.succeeded();
    }
    Ok(used?)
}

/// Writes down whose password is another one now.
fn audit(caller: &Caller, came: &SignIn) {
    let backend = &caller.state.backend;
    let person = match came {
        SignIn::Done(signed_in) => Some(signed_in.visitor.person()),
        SignIn::Second(half) => backend.mfa().pending_sign_in(half).map(|(person, _)| person),
    };
    let entry = Entry::new(AuditEvent::CredentialChanged).with("password, with a reset link");
    caller.audit(person.map_or(entry.clone(), |person| entry.by(person)));
}

impl Given {
    /// The form with the code that was typed, and the sentence at the field that it is about.
    fn refused(self, refused: &Rejection, is_open_air: bool) -> ResetPage {
        let sentence = Some(refused.sentence());
        let mut page = ResetPage {
            code: self.code,
            is_open_air,
            ..ResetPage::default()
        };
        match refused {
            Rejection::Backend(Error::Auth(AuthError::ResetInvalid)) => page.code_problem = sentence,
            refused if refused.is_about_the_password() => page.password_problem = sentence,
            _ => page.problem = sentence,
        }
        page
    }
}
