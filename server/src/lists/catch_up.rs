//! `GET /lists/{id}/catch-up`: what others did to a list since the page was last looked at.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use backend::{Backend, Error, Missed};
use domain::wire::{Cursor, Digest, DigestLine};
use domain::{CatchUp, Deeds, ListId, PersonId, Profile, Refusal};
use serde::Deserialize;

use crate::auth::session::CurrentUser;
use crate::http::error;

/// How many people are told of each; the others are a number.
const MOST_PEOPLE: usize = 4;

/// Since when.
#[derive(Deserialize)]
pub(crate) struct Since {
    #[serde(default)]
    since: String,
}

/// It in words; nothing (204) where nobody else did anything.
pub(crate) async fn digest(
    State(backend): State<Backend>,
    CurrentUser(visitor): CurrentUser,
    Path(list): Path<String>,
    Query(Since { since }): Query<Since>,
) -> Response {
    let Some(since) = Cursor::parse(&since) else {
        let sentence = "since= wants a cursor: the id of an event of the stream.\n";
        return (StatusCode::BAD_REQUEST, sentence).into_response();
    };
    let missed = match list.parse::<ListId>() {
        Ok(list) => backend.lists().catch_up(&visitor, list, &since).await,
        Err(_) => Err(Refusal::NotFound.into()),
    };
    let digest = match missed {
        Ok(Missed::Changes(catch_up, profiles)) => each(catch_up, profiles),
        Ok(Missed::Much(people)) => much(&people),
        Ok(Missed::Unknown) => much(&[]),
        Err(error) => return refused(error),
    };
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    if digest.lines.is_empty() {
        return (StatusCode::NO_CONTENT, no_store).into_response();
    }
    (no_store, Json(digest)).into_response()
}

/// A line for each of the busiest.
fn each(CatchUp { people, tasks }: CatchUp, mut profiles: BTreeMap<PersonId, Profile>) -> Digest {
    let line = |deeds: Deeds| {
        // Whoever did something has an account: there is no other way to do anything.
        let profile = profiles.remove(&deeds.person)?;
        let words = words(&deeds);
        Some(DigestLine {
            profile: Some(profile),
            words,
        })
    };
    let mut lines: Vec<_> = people.into_iter().filter_map(line).collect();
    let more = others(lines.len().saturating_sub(MOST_PEOPLE));
    lines.truncate(MOST_PEOPLE);
    Digest { lines, more, tasks }
}

/// What stands behind a name.
fn words(deeds: &Deeds) -> String {
    let mut words = deeds.words.join(", ");
    if deeds.more > 0 {
        words += &format!(", and {} more", deeds.more);
    }
    words
}

fn others(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "One more person made changes.".to_owned(),
        count => format!("{count} more people made changes."),
    }
}

/// More than can be told, by these at the least; by nobody who is known, if the log says nothing of that time.
fn much(people: &[Profile]) -> Digest {
    let names: Vec<&str> = people
        .iter()
        .take(2)
        .map(|profile| profile.name.as_str())
        .collect();
    let by = match (names.as_slice(), people.len().saturating_sub(names.len())) {
        ([], _) => None,
        ([one], _) => Some((*one).to_owned()),
        (two, 0) => Some(two.join(" and ")),
        (two, 1) => Some(format!("{} and one more person", two.join(", "))),
        (two, rest) => Some(format!("{} and {rest} others", two.join(", "))),
    };
    let words = match by {
        Some(by) => format!("A lot has changed, by {by}. This is the list as it is now."),
        None => "A lot may have changed. This is the list as it is now.".to_owned(),
    };
    let line = DigestLine { profile: None, words };
    Digest {
        lines: vec![line],
        ..Digest::default()
    }
}

fn refused(error: Error) -> Response {
    if !matches!(error, Error::Refused(_)) {
        tracing::error!(%error, source = ?std::error::Error::source(&error), "the changes since the last visit could not be read");
    }
    error::json(&error.into())
}
