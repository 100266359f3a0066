//! Every address of the product, by who uses it.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use backend::{Backend, Health};

use crate::state::AppState;
use crate::{
    api, assets, away, jobs, live_check, metrics, operator, origin, pages, presence, session, stream,
};

/// All of it.
pub(crate) fn router(state: AppState) -> Router {
    // A person's: documents. Opening one begins a session and writes nothing; only asking for a link to share does.
    let documents = Router::new()
        .route("/", get(pages::home))
        .route("/lists/{list}", get(pages::one_list))
        .route("/lists/{list}/share", get(pages::share))
        .route("/lists/{list}/task", get(pages::task))
        .route("/join", get(pages::join))
        .route("/me", get(pages::me))
        .route("/live-check", get(live_check::page))
        .route("/jobs/{id}", get(jobs::page))
        .route("/jobs/{id}/result", get(jobs::result))
        .layer(middleware::from_fn_with_state(state.clone(), session::begin));
    // The operator's; to everyone else each of them is the form that asks for the code.
    let operator = Router::new()
        .route("/admin", any(operator::home))
        .route("/admin/live", get(operator::live))
        .route("/admin/", any(pages::missing))
        .route("/admin/{*rest}", any(pages::missing))
        .layer(middleware::from_fn_with_state(state.clone(), operator::only))
        .layer(middleware::from_fn_with_state(state.clone(), session::begin));
    // The script's and the forms': server functions and the stream.
    let machine = Router::new()
        .route("/api/{function}", post(api::answer))
        .route("/api/snapshot", get(api::snapshot))
        .route("/lists/{list}/away", get(away::panel))
        .route("/lists/{list}/people", get(away::people))
        .route("/events", get(stream::events))
        .route("/events/check", get(live_check::events))
        .route("/changes", get(stream::changes))
        .route("/presence", presence::route())
        .route("/session", get(session::whose));
    Router::new()
        .merge(documents)
        .merge(operator)
        .merge(machine)
        .layer(middleware::from_fn_with_state(
            state.origins.clone(),
            origin::same_site_only,
        ))
        // Everyone's.
        .route("/offline", get(pages::offline))
        .route("/healthz", get(health))
        .route("/metrics", get(metrics::metrics))
        .fallback(file_or_missing)
        .layer(middleware::from_fn(headers))
        .with_state(state)
}

async fn file_or_missing(State(state): State<AppState>, request: Request) -> Response {
    match assets::file(State(state.assets.clone()), request).await {
        Ok(file) => file,
        Err(_) => pages::missing(State(state)).await,
    }
}

/// Whether the server can do its work: 200, or 503 with the reason.
async fn health(State(backend): State<Backend>) -> Response {
    match backend.health() {
        Health::Good => (StatusCode::OK, "good\n").into_response(),
        Health::DiskFull => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the disk is full: reading works, writing does not\n",
        )
            .into_response(),
        Health::Stopped(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")).into_response(),
    }
}

async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}
