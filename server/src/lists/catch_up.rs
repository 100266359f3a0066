//! `GET /lists/{id}/catch-up`: what others did to a list since the page was last looked at, as a part to be put into it; and
//! `GET /lists/{id}/people`, how those appear who are in it.

use app::pages::AwayPanel;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::{Backend, Error, Missed};
use domain::wire::Cursor;
use domain::{ListId, Refusal};
use serde::Deserialize;

use crate::auth::session::CurrentUser;
use crate::http::error;

/// Since when.
#[derive(Deserialize)]
pub(crate) struct Since {
    #[serde(default)]
    since: String,
}

/// The part of the page; nothing (204) where nobody else did anything.
pub(crate) async fn panel(
    State(backend): State<Backend>,
    CurrentUser(visitor): CurrentUser,
    Path(list): Path<String>,
    Query(Since { since }): Query<Since>,
    headers: HeaderMap,
) -> Response {
    if !is_for_script(&headers) {
        let sentence = "This is a part of a page, for the page's own script.\n";
        return (StatusCode::FORBIDDEN, sentence).into_response();
    }
    let Some(since) = Cursor::parse(&since) else {
        let sentence = "since= wants a cursor: the id of an event of the stream.\n";
        return (StatusCode::BAD_REQUEST, sentence).into_response();
    };
    let missed = match list.parse::<ListId>() {
        Ok(list) => backend.lists().catch_up(&visitor, list, &since).await,
        Err(_) => Err(Refusal::NotFound.into()),
    };
    match missed {
        Ok(missed) => part(told(missed)),
        Err(error) => refused(error),
    }
}

/// Whether a script asks. A part of a page brings no policy of a page: nobody is to be led to it as if it were one.
fn is_for_script(headers: &HeaderMap) -> bool {
    let dest = headers.get("sec-fetch-dest");
    dest.is_none_or(|dest| dest.as_bytes() == b"empty")
}

fn told(missed: Missed) -> AwayPanel {
    match missed {
        Missed::Changes(catch_up, mut profiles) => {
            let people = catch_up.people.into_iter();
            // Whoever did something has an account: there is no other way to do anything.
            let people = people.filter_map(|deeds| Some((profiles.remove(&deeds.person)?, deeds)));
            AwayPanel::Told(people.collect(), catch_up.tasks)
        }
        Missed::Much(people) => AwayPanel::Much(people),
        Missed::Unknown => AwayPanel::Much(Vec::new()),
    }
}

fn part(panel: AwayPanel) -> Response {
    let no_store = (header::CACHE_CONTROL, "no-store");
    if matches!(&panel, AwayPanel::Told(people, _) if people.is_empty()) {
        return (StatusCode::NO_CONTENT, [no_store]).into_response();
    }
    let html = (header::CONTENT_TYPE, "text/html; charset=utf-8");
    ([no_store, html], panel.html()).into_response()
}

/// Names and colours by person.
pub(crate) async fn people(
    State(backend): State<Backend>,
    CurrentUser(visitor): CurrentUser,
    Path(list): Path<String>,
) -> Response {
    let people = match list.parse::<ListId>() {
        Ok(list) => backend.lists().people(&visitor, list).await,
        Err(_) => Err(Refusal::NotFound.into()),
    };
    match people {
        Ok(people) => ([(header::CACHE_CONTROL, "no-store")], Json(people)).into_response(),
        Err(error) => refused(error),
    }
}

fn refused(error: Error) -> Response {
    if !matches!(error, Error::Refused(_)) {
        tracing::error!(%error, source = ?std::error::Error::source(&error), "the changes since the last visit could not be read");
    }
    error::json(&error.into())
}
