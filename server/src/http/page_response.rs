//! A page as an answer: drawn, with its status and its policy.

use std::sync::Arc;

use app::pages::ProblemPage;
use app::{Page, shell};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use backend::Error;
use domain::Refusal;
use parking_lot::Mutex;

use crate::http::compression::Compressible;
use crate::http::error::{self, problem_page};
use crate::http::retry_after::come_back;
use crate::state::AppState;

/// Any page as it is.
pub(crate) async fn document(state: &AppState, page: Page) -> Response {
    respond(state, Ok(page), None).await
}

/// The answer for an address that does not exist.
pub(crate) async fn missing(State(state): State<AppState>) -> Response {
    respond(&state, Err(Refusal::NotFound.into()), None).await
}

/// What a service worker shows in place of a page that it has no copy of.
pub(crate) async fn offline(State(state): State<AppState>) -> Response {
    respond(&state, Ok(Page::Problem(ProblemPage::OFFLINE)), None).await
}

/// Draws the page, or the one that says why there is none.
pub(crate) async fn respond(
    state: &AppState,
    page: Result<Page, Error>,
    status: Option<StatusCode>,
) -> Response {
    let wait = page.as_ref().err().and_then(Error::retry_after);
    let page = page.unwrap_or_else(|error| Page::Problem(problem_page(&error)));
    let status = match &page {
        Page::Problem(problem) => error::status(problem.status),
        _ => status.unwrap_or(StatusCode::OK),
    };
    let may_be_compressed = repeats_nothing(&page);
    let files = Arc::clone(&state.assets.files);
    // It is drawn once, though Leptos asks for what could draw it again.
    let page = Arc::new(Mutex::new(Some(page)));
    let draw = leptos_axum::render_app_async_with_context(policy, move || {
        let page = page.lock().take();
        shell(
            page.unwrap_or(Page::Problem(ProblemPage::UNAVAILABLE)),
            (*files).clone(),
        )
    });
    let mut response = draw(Request::new(Body::empty())).await;
    match wait {
        Some(wait) => come_back(&mut response, status, wait),
        None => *response.status_mut() = status,
    }
    // A page is one person's and of one moment.
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if may_be_compressed {
        response.extensions_mut().insert(Compressible);
    }
    response
}

/// Whether the document may be compressed by the rule of [`compression`](crate::http::compression). Only lists are long enough
/// for it to matter, so no other document need be looked at for secrets.
const fn repeats_nothing(page: &Page) -> bool {
    match page {
        Page::List(state) => state.kept.is_none() && state.deleted.is_none(),
        _ => false,
    }
}

/// Only our own script runs, and only what this page names.
fn policy() {
    let nonce = leptos::nonce::use_nonce()
        .map(|nonce| nonce.to_string())
        .unwrap_or_default();
    // A development build that is watched reloads over a socket; a release never does, whatever its environment says.
    let reload = if cfg!(debug_assertions) && std::env::var_os("LEPTOS_WATCH").is_some() {
        " ws:"
    } else {
        ""
    };
    let ancestors = frame_ancestors();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         connect-src 'self'{reload}; manifest-src 'self'; form-action 'self'; base-uri 'none'{ancestors}"
    );
    if let (Some(options), Ok(policy)) = (
        leptos::prelude::use_context::<leptos_axum::ResponseOptions>(),
        HeaderValue::from_str(&policy),
    ) {
        options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

backend::guard! {
    /// No site shows the page inside its own.
    fn frame_ancestors() -> &'static str {
        "; frame-ancestors 'none'"
    }
    FramedPage: ""
}
