//! `/admin`: what is for the operator. Who is not sees nothing there but a form that asks for the code, whatever the
//! address, so that nobody learns from an answer what there is.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use app::Page;
use app::pages::{AdminPage, FiguresPage};
use axum::body::to_bytes;
use axum::extract::{Query, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use backend::{AuditEvent, Backend, Code, Config, Entry, Hole};
use domain::wire::Level;
use serde::Deserialize;

use crate::auth::session::{Bearer, is_open_air};
use crate::http::client_ip::Peer;
use crate::lists::pages;
use crate::state::AppState;

/// Where an operator begins.
const HOME: &str = "/admin/live";

/// The most bytes that are read of the form.
const MOST_BYTES: usize = 16 * 1024;

/// Wrong codes that one address may give within [`WHILE`]. A code has 80 bits: this keeps the log short, not the code safe.
const MOST_WRONG: u32 = 10;

/// How long wrong codes count.
const WHILE: Duration = Duration::from_secs(60);

/// The most addresses that are remembered. When there are more, all are forgotten.
const MOST_ADDRESSES: usize = 10_000;

/// The form.
#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    code: String,
}

/// Lets the operator pass, and asks everyone else for the code.
pub(crate) async fn only(
    State(state): State<AppState>,
    Bearer(visitor): Bearer,
    peer: Peer,
    request: Request,
    next: Next,
) -> Response {
    if state.backend.is_operator(&visitor) || Hole::EveryOperator.is_open() {
        return next.run(request).await;
    }
    let is_open_air = is_open_air(request.headers());
    if request.method() != Method::POST || request.uri().path() != "/admin" {
        let page = AdminPage {
            is_open_air,
            ..AdminPage::default()
        };
        return pages::admin(&state, page, StatusCode::OK).await;
    }
    let address = peer.address(request.headers());
    let body = to_bytes(request.into_body(), MOST_BYTES).await;
    let given = body
        .ok()
        .and_then(|body| serde_urlencoded::from_bytes::<Given>(&body).ok())
        .map_or_else(String::new, |given| given.code);
    let (status, problem) = match judge(&state, &visitor, address, &given).await {
        Ok(()) => return Redirect::to(HOME).into_response(),
        Err(refused) => refused,
    };
    let page = AdminPage {
        code: given,
        problem: Some(problem.to_owned()),
        is_open_air,
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
    let mut lines = state.tail.recent();
    lines.retain(|line| {
        let fits = |part: &str| part.to_lowercase().contains(&wanted);
        line.level <= level && (fits(&line.message) || fits(&line.target))
    });
    let page = FiguresPage {
        figures: state.gauge.figures(),
        history: state.gauge.history(),
        lines,
        level,
        text,
    };
    pages::document(&state, Page::Metrics(Box::new(page))).await
}

/// Makes the visitor the operator, or says in a sentence why not.
async fn judge(
    state: &AppState,
    visitor: &backend::Visitor,
    address: IpAddr,
    given: &str,
) -> Result<(), (StatusCode, &'static str)> {
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    if given.trim().is_empty() {
        return Err((wrong, "Please type the code first."));
    }
    if !state.attempts.may_try(address) {
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
            let entry = Entry::new(AuditEvent::OperatorMade).by(visitor.person());
            state.backend.audit(entry.from(address));
            tracing::info!(person = %visitor.person(), "there is a new operator");
            state.attempts.forget(address);
            Ok(())
        }
        Ok(false) => {
            let entry = Entry::new(AuditEvent::OperatorRefused).by(visitor.person());
            state.backend.audit(entry.from(address));
            tracing::warn!(%address, "a wrong operator code was given");
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

/// Who has given wrong codes lately. A clone is the same.
#[derive(Clone, Default)]
pub(crate) struct Attempts {
    by_address: Arc<Mutex<HashMap<IpAddr, (Instant, u32)>>>,
}

impl Attempts {
    /// Counts a try; false if that address has had its share.
    fn may_try(&self, address: IpAddr) -> bool {
        let now = Instant::now();
        let mut known = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_ADDRESSES && !known.contains_key(&address) {
            known.clear();
        }
        let (since, count) = known.entry(address).or_insert((now, 0));
        if now.duration_since(*since) >= WHILE {
            (*since, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        *count <= MOST_WRONG
    }

    fn forget(&self, address: IpAddr) {
        let mut known = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        known.remove(&address);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_that_guesses_does_not_keep_another_out() {
        let attempts = Attempts::default();
        let address = |last| IpAddr::from([192, 0, 2, last]);
        for _ in 0..MOST_WRONG {
            assert!(attempts.may_try(address(1)));
        }
        assert!(!attempts.may_try(address(1)));
        assert!(attempts.may_try(address(2)));
        attempts.forget(address(1));
        assert!(attempts.may_try(address(1)));
    }
}
