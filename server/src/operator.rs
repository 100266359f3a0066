//! `/admin`: what is for the operator. Who is not sees nothing there but a form that asks for the code, whatever the
//! address, so that nobody learns from an answer what there is.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use app::pages::AdminPage;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use backend::{Backend, Code, Config};
use serde::Deserialize;

use crate::pages;
use crate::session::Someone;
use crate::state::AppState;

/// Where an operator begins.
const HOME: &str = "/admin/live";

/// The most bytes that are read of the form.
const MOST_BYTES: usize = 16 * 1024;

/// Wrong codes that may be given within [`WHILE`]. A code has 80 bits: this keeps the log short, not the code safe.
const MOST_WRONG: u32 = 10;

/// How long wrong codes count.
const WHILE: Duration = Duration::from_secs(60);

/// The form.
#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    code: String,
}

/// Lets the operator pass, and asks everyone else for the code.
pub(crate) async fn only(
    State(state): State<AppState>,
    Someone(visitor): Someone,
    request: Request,
    next: Next,
) -> Response {
    if state.backend.is_operator(&visitor) {
        return next.run(request).await;
    }
    if request.method() != Method::POST || request.uri().path() != "/admin" {
        return pages::admin(&state, AdminPage::default(), StatusCode::OK).await;
    }
    let body = to_bytes(request.into_body(), MOST_BYTES).await;
    let given = body
        .ok()
        .and_then(|body| serde_urlencoded::from_bytes::<Given>(&body).ok())
        .map_or_else(String::new, |given| given.code);
    let (status, problem) = match judge(&state, &visitor, &given).await {
        Ok(()) => return Redirect::to(HOME).into_response(),
        Err(refused) => refused,
    };
    let page = AdminPage {
        code: given,
        problem: Some(problem.to_owned()),
    };
    let mut response = pages::admin(&state, page, status).await;
    if status == StatusCode::TOO_MANY_REQUESTS {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, WHILE.as_secs().into());
    }
    response
}

/// Where an operator begins. One who gives a code a second time, by reloading or by going back, is led there too.
pub(crate) async fn home() -> Redirect {
    Redirect::to(HOME)
}

/// Makes the visitor the operator, or says in a sentence why not.
async fn judge(
    state: &AppState,
    visitor: &backend::Visitor,
    given: &str,
) -> Result<(), (StatusCode, &'static str)> {
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    if given.trim().is_empty() {
        return Err((wrong, "Please type the code first."));
    }
    if !state.attempts.may_try() {
        let sentence = "That were too many wrong codes. Please wait a minute and try again.";
        return Err((StatusCode::TOO_MANY_REQUESTS, sentence));
    }
    let Some(code) = Code::parse(given) else {
        return Err((
            wrong,
            "This is no operator code: it has 16 letters and digits, in groups of four.",
        ));
    };
    match state.backend.become_operator(visitor, code).await {
        Ok(true) => {
            tracing::info!(person = %visitor.person(), "there is a new operator");
            state.attempts.forget();
            Ok(())
        }
        Ok(false) => {
            tracing::warn!("a wrong operator code was given");
            Err((wrong, "This code is not right, or somebody has used it already."))
        }
        Err(error) => {
            tracing::error!(%error, source = ?std::error::Error::source(&error), "no operator could be made");
            Err((
                StatusCode::SERVICE_UNAVAILABLE,
                "The server could not save this. Please try again in a moment.",
            ))
        }
    }
}

/// A code for a server that has no operator, to be printed when it starts.
pub(crate) async fn offer(backend: &Backend) -> Option<Code> {
    match backend.offer_operator().await {
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
    println!("Open /admin and give this operator code, which works once: {code}");
    Ok(())
}

/// How many wrong codes were given lately. A clone is the same.
#[derive(Clone, Default)]
pub(crate) struct Attempts {
    since: Arc<Mutex<Option<(Instant, u32)>>>,
}

impl Attempts {
    /// Counts a try; false if there were enough of them.
    fn may_try(&self) -> bool {
        let now = Instant::now();
        let mut lately = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, count) = lately
            .filter(|(since, _)| now.duration_since(*since) < WHILE)
            .unwrap_or((now, 0));
        *lately = Some((since, count.saturating_add(1)));
        count < MOST_WRONG
    }

    fn forget(&self) {
        *self.since.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
