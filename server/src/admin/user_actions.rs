//! `POST /admin/people/{person}/…`: what the operator does about somebody, an address for each.

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use backend::{Administrator, AuditEvent, AuthError, Backend, Entry, Error, Visitor};
use domain::{PersonId, Refusal};
use serde::Deserialize;

use crate::admin::settings::made_code;
use crate::admin::users::{Beside, one};
use crate::auth::caller::Caller;
use crate::auth::session::CurrentUser;
use crate::http::form::Form;
use crate::http::page_response;
use crate::state::AppState;

/// Whether whoever deletes an account has read what happens then.
#[derive(Deserialize, Default)]
pub(crate) struct Sure {
    #[serde(default)]
    sure: String,
}

/// Suspends an account.
pub(crate) async fn suspend(action: Action) -> Response {
    let done = async {
        action
            .backend()
            .admin()
            .suspend(action.by(), action.person()?)
            .await
    };
    action.answer("suspend", "suspended", done.await).await
}

/// Ends a suspension.
pub(crate) async fn reinstate(action: Action) -> Response {
    let done = async {
        action
            .backend()
            .admin()
            .resume(action.by(), action.person()?)
            .await
    };
    action.answer("reinstate", "let in again", done.await).await
}

/// Signs somebody out everywhere.
pub(crate) async fn end_sessions(action: Action) -> Response {
    let done = async {
        action
            .backend()
            .admin()
            .end_all_sessions(action.by(), action.person()?)
            .await
            .map(drop)
    };
    action
        .answer("end-sessions", "signed out everywhere", done.await)
        .await
}

/// Takes somebody's app, passkeys and recovery codes away.
pub(crate) async fn remove_factors(action: Action) -> Response {
    let done = async {
        action
            .backend()
            .mfa()
            .remove_all(action.by(), action.person()?)
            .await
            .map(drop)
    };
    action
        .answer("remove-factors", "second factors taken away", done.await)
        .await
}

/// Makes a link with which somebody chooses a new password, and shows it once.
pub(crate) async fn reset(action: Action) -> Response {
    let made = async {
        action
            .backend()
            .admin()
            .reset_password(action.by(), action.person()?)
            .await
    };
    let code = match made.await {
        Ok(code) => code,
        Err(error) => return action.refused(error).await,
    };
    action.audit(AuditEvent::AccountManaged, "a new password to be chosen");
    let beside = Beside {
        made: Some(made_code(&action.caller.origin, "/reset", &code)),
        ..Beside::default()
    };
    action.page(beside, None).await
}

/// Deletes an account, once whoever asks has read what happens then.
pub(crate) async fn delete(action: Action, Form(Sure { sure }): Form<Sure>) -> Response {
    let gone = match action.person() {
        Ok(person) if sure == "yes" => {
            let accounts = action.backend().accounts();
            accounts.depart(action.by(), person, &BTreeMap::new()).await
        }
        Ok(person) => return Redirect::to(&format!("/admin/people/{person}/delete")).into_response(),
        Err(error) => Err(error),
    };
    if let Err(error) = gone {
        return action.refused(error).await;
    }
    action.audit(AuditEvent::AccountDeleted, "deleted");
    Redirect::to("/admin/people?said=deleted").into_response()
}

/// What the operator asks to be done about somebody with an account.
pub(crate) struct Action {
    caller: Caller,
    operator: Visitor,
    /// Nobody, where the address names none.
    person: Option<PersonId>,
}

impl FromRequestParts<AppState> for Action {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let CurrentUser(visitor) = CurrentUser::from_request_parts(parts, state).await?;
        let Ok(caller) = Caller::from_request_parts(parts, state).await;
        let id = Path::<String>::from_request_parts(parts, state).await;
        Ok(Self {
            caller,
            operator: visitor,
            person: id.ok().and_then(|Path(id)| id.parse().ok()),
        })
    }
}

impl Action {
    fn backend(&self) -> &Backend {
        &self.caller.state.backend
    }

    /// By whom it is asked: whether they still run the server is asked where it is written.
    const fn by(&self) -> Administrator {
        Administrator::Operator(self.operator)
    }

    /// Whom it is about. Nobody does any of this to themselves.
    fn person(&self) -> Result<PersonId, Error> {
        match self.person {
            Some(person) if person == self.operator.person() => Err(AuthError::Oneself.into()),
            Some(person) => Ok(person),
            None => Err(Refusal::NotFound.into()),
        }
    }

    fn audit(&self, event: AuditEvent, what: &'static str) {
        let entry = Entry::new(event).by(self.operator.person()).with(what);
        self.caller
            .audit(self.person.map_or(entry.clone(), |person| entry.to(person)));
    }

    /// Leads back to the person's page, which says under that word what was done; or says why nothing was.
    async fn answer(&self, said: &str, what: &'static str, done: Result<(), Error>) -> Response {
        match (done, self.person) {
            (Ok(()), Some(person)) => {
                self.audit(AuditEvent::AccountManaged, what);
                Redirect::to(&format!("/admin/people/{person}?said={said}")).into_response()
            }
            (Ok(()), None) => self.refused(Refusal::NotFound.into()).await,
            (Err(error), _) => self.refused(error).await,
        }
    }

    async fn refused(&self, error: Error) -> Response {
        let Error::Auth(denied) = error else {
            return page_response::respond(&self.caller.state, Err(error), None).await;
        };
        let beside = Beside {
            problem: Some(denied.to_string()),
            ..Beside::default()
        };
        self.page(beside, Some(StatusCode::UNPROCESSABLE_ENTITY)).await
    }

    async fn page(&self, beside: Beside, status: Option<StatusCode>) -> Response {
        let page = match self.person {
            Some(person) => one(&self.caller.state, self.operator.person(), person, beside).await,
            None => Err(Refusal::NotFound.into()),
        };
        page_response::respond(&self.caller.state, page, status).await
    }
}
