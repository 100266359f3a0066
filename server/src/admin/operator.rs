//! `/admin`: what is for the operator. Who is not sees nothing there but a form that asks for the code, whatever the
//! address, so that nobody learns from an answer what there is.

use std::net::IpAddr;

use app::Page;
use app::pages::{AdminPage, MetricsPage};
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use backend::{AuditEvent, Backend, Code, Config, Entry};
use domain::wire::Level;
use serde::Deserialize;

use crate::auth::session::{AnyVisitor, no_session};
use crate::http::client_ip::ClientIp;
use crate::http::error::Rejection;
use crate::http::form::Form;
use crate::http::page_response;
use crate::http::public_origin::PublicOrigin;
use crate::state::AppState;

/// Where an operator begins.
const HOME: &str = "/admin/live";

/// The most bytes that are read of the form: anybody may send it.
const MAX_BYTES: usize = 16 * 1024;

/// The form.
#[derive(Deserialize, Default)]
struct Given {
    #[serde(default)]
    code: String,
}

/// Lets the operator pass, and asks everyone else for the code. It is asked again when there is an answer: what was made for somebody who
/// is not the operator any more, such as a code for a new password, is shown to nobody.
pub(crate) async fn only(
    State(state): State<AppState>,
    AnyVisitor(visitor): AnyVisitor,
    ClientIp(address): ClientIp,
    origin: PublicOrigin,
    request: Request,
    next: Next,
) -> Response {
    let is_open_air = origin.is_open_air();
    if is_let_in(&state.backend, &visitor) {
        let response = next.run(request).await;
        return if state.backend.accounts().has_ended(&visitor) {
            no_session()
        } else if is_let_in(&state.backend, &visitor) {
            response
        } else {
            ask_for_code(&state, is_open_air).await
        };
    }
    if request.method() != Method::POST || request.uri().path() != "/admin" {
        return ask_for_code(&state, is_open_air).await;
    }
    let Form(Given { code }) = match Form::<_, MAX_BYTES>::from_request(request, &state).await {
        Ok(form) => form,
        Err(broken) => return broken,
    };
    let refused = match judge(&state, &visitor, address, &code).await {
        Ok(()) => return Redirect::to(HOME).into_response(),
        Err(refused) => refused,
    };
    let page = AdminPage {
        code,
        problem: Some(refused.sentence()),
        is_open_air,
    };
    refused.answer(page_response::document(&state, Page::Admin(Box::new(page))).await)
}

async fn ask_for_code(state: &AppState, is_open_air: bool) -> Response {
    let page = AdminPage {
        is_open_air,
        ..AdminPage::default()
    };
    page_response::document(state, Page::Admin(Box::new(page))).await
}

backend::guard! {
    /// Whether the visitor runs this server.
    fn is_let_in(backend: &Backend, visitor: &backend::Visitor) -> bool {
        backend.admin().is_operator(visitor)
    }
    EveryOperator: true
}

/// Where an operator begins. One who gives a code a second time, by reloading or by going back, is led there too.
pub(crate) async fn home() -> Redirect {
    Redirect::to(HOME)
}

/// What of the log the operator wants to see.
#[derive(Deserialize)]
pub(crate) struct LogQuery {
    level: Option<String>,
    #[serde(default)]
    text: String,
}

/// How it is going, as of now.
pub(crate) async fn live(
    State(state): State<AppState>,
    Query(LogQuery { level, text }): Query<LogQuery>,
) -> Response {
    let level = level
        .and_then(|level| Level::parse(&level))
        .unwrap_or(Level::Info);
    let wanted = text.trim().to_lowercase();
    let mut lines = state.log_buffer.recent();
    lines.retain(|line| {
        let fits = |part: &str| part.to_lowercase().contains(&wanted);
        line.level <= level && (fits(&line.message) || fits(&line.target))
    });
    let page = MetricsPage {
        metrics: state.sampler.metrics(),
        history: state.sampler.history(),
        lines,
        level,
        text,
    };
    page_response::document(&state, Page::Metrics(Box::new(page))).await
}

/// Makes the visitor the operator, or says in a sentence why not.
async fn judge(
    state: &AppState,
    visitor: &backend::Visitor,
    address: IpAddr,
    given: &str,
) -> Result<(), Rejection> {
    let wrong = |sentence: &str| Err(Rejection::Name(sentence.to_owned()));
    if given.trim().is_empty() {
        return wrong("Please enter the code first.");
    }
    state.throttle.operator_code(address).map_err(Rejection::Wait)?;
    let Some(code) = Code::parse(given) else {
        return wrong("This is not an operator code. It has 16 letters and digits, in groups of four.");
    };
    let is_right = state.backend.admin().become_operator(visitor, code).await?;
    let event = if is_right {
        AuditEvent::OperatorMade
    } else {
        AuditEvent::OperatorRefused
    };
    state
        .backend
        .admin()
        .audit(Entry::new(event).by(visitor.person()).from(address));
    if !is_right {
        tracing::warn!(%address, "a wrong operator code was given");
        return wrong("This code is wrong or has already been used.");
    }
    tracing::info!(person = %visitor.person(), "there is a new operator");
    state.throttle.forget_operator_codes(address);
    Ok(())
}

/// A code for a server that has no operator, to be printed when it starts.
pub(crate) async fn offer(backend: &Backend) -> Option<Code> {
    match backend.admin().offer_operator().await {
        Ok(code) => code,
        // It serves all the same; `tandem operator-code` makes one later.
        Err(error) => {
            tracing::warn!(%error, "no operator code could be made");
            None
        }
    }
}

/// `tandem operator-code`.
pub(crate) async fn print_code(database: String) -> Result<(), String> {
    let code = backend::operator_code(&Config::new(database))
        .await
        .map_err(|error| error.to_string())?;
    println!("Open /admin and enter this operator code, which works once: {code}");
    Ok(())
}
