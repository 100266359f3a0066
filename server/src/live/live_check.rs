//! `GET /live-check`, the page that tells a self-hoster what works, and `GET /events/check`, the stream it looks at. It
//! lies below `/events` so that whatever a proxy was told about the stream holds for it as well.

use std::convert::Infallible;
use std::time::Duration;

use app::Page;
use app::pages::LiveCheckPage;
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;

use crate::auth::session::CurrentUser;
use crate::http::page_response::respond;
use crate::http::proxies::Forwarding;
use crate::http::public_origin::PublicOrigin;
use crate::state::AppState;

/// How many events the stream has. A proxy that collects brings them all at once.
const EVENTS: u32 = 5;

/// How long it is silent between two.
const GAP: Duration = Duration::from_millis(200);

/// What arrived of the request, as the server saw it.
#[derive(Clone, Serialize)]
struct Seen {
    session: bool,
    /// The origin that the server believes the browser to have.
    origin: String,
    /// Whether a proxy says for whom it asks and is not trusted.
    untrusted: bool,
    /// As it stands in the request.
    host: Option<String>,
    proto: Option<String>,
}

/// The page.
pub(crate) async fn page(State(state): State<AppState>, origin: PublicOrigin) -> Response {
    let origin = origin.to_string();
    respond(
        &state,
        Ok(Page::LiveCheck(Box::new(LiveCheckPage { origin }))),
        None,
    )
    .await
}

/// A stream that says five things, a fifth of a second apart, and ends.
pub(crate) async fn events(
    user: Option<CurrentUser>,
    origin: PublicOrigin,
    forwarding: Option<Extension<Forwarding>>,
    headers: HeaderMap,
) -> Response {
    let text = |name: &str| Some(headers.get(name)?.to_str().ok()?.to_owned());
    let seen = Seen {
        session: user.is_some(),
        origin: origin.to_string(),
        untrusted: matches!(forwarding, Some(Extension(Forwarding::Untrusted))),
        host: text("host"),
        proto: text("x-forwarded-proto"),
    };
    let events = stream::unfold(1, move |number| {
        let seen = serde_json::to_string(&seen).unwrap_or_default();
        async move {
            if number > EVENTS {
                return None;
            }
            if number > 1 {
                tokio::time::sleep(GAP).await;
            }
            let data = if number == 1 { seen } else { number.to_string() };
            let event = format!("event: check\ndata: {data}\n\n");
            Some((Ok::<_, Infallible>(Bytes::from(event)), number + 1))
        }
    });
    // As the stream's own: see `stream`.
    let headers = [
        (header::CONTENT_TYPE.as_str(), "text/event-stream"),
        (header::CACHE_CONTROL.as_str(), "no-cache, no-transform"),
        ("x-accel-buffering", "no"),
    ];
    (headers, Body::from_stream(events)).into_response()
}
