//! `GET /lists/{id}/away`: what others did to a list since the page was last looked at, as a part to be put into it; and
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
    // A part of a page brings no policy of a page: nobody is to be led to it as if it were one.
    if headers
        .get("sec-fetch-dest")
        .is_some_and(|dest| dest.as_bytes() != b"empty")
    {
        return (
            StatusCode::FORBIDDEN,
            "This is a part of a page, for the page's own script.\n",
        )
            .into_response();
    }
    let Some(since) = Cursor::parse(&since) else {
        return (
            StatusCode::BAD_REQUEST,
            "since= wants a cursor: the id of an event of the stream.\n",
        )
            .into_response();
    };
    let meanwhile = match list.parse::<ListId>() {
        Ok(list) => backend.meanwhile(&visitor, list, &since).await,
        Err(_) => Err(Refusal::NotFound.into()),
    };
    let panel = match meanwhile {
        Ok(Missed::Changes(catch_up, mut profiles)) => {
            let people = catch_up.people.into_iter();
            // Whoever did something has an account: there is no other way to do anything.
            let people = people.filter_map(|deeds| Some((profiles.remove(&deeds.person)?, deeds)));
            AwayPanel::Told(people.collect(), catch_up.tasks)
        }
        Ok(Missed::Much(people)) => AwayPanel::Much(people),
        Ok(Missed::Unknown) => AwayPanel::Much(Vec::new()),
        Err(error) => return refused(error),
    };
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
        Ok(list) => backend.people(&visitor, list).await,
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
