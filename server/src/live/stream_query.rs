//! What the address of a stream asks for: since when, of which lists, which kinds of events.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use backend::{Filter, Kinds};
use domain::ListId;
use domain::wire::Level;

use crate::live::operator_events::Wanted;

/// How long `GET /changes` waits for something to happen, at the most.
const WAIT: Duration = Duration::from_secs(25);

/// What is asked for.
#[derive(Debug)]
pub(crate) struct StreamQuery {
    pub(crate) since: Option<String>,
    /// How long to wait for something to happen, where that is asked for.
    pub(crate) wait: Duration,
    pub(crate) filter: Filter,
    pub(crate) wanted: Wanted,
}

impl StreamQuery {
    /// Reads the parts of the address. A wrong one is a slip of whoever wrote the program, and is told so.
    pub(super) fn parse(parts: Vec<(String, String)>) -> Result<Self, String> {
        let (mut since, mut wait, mut least) = (None, WAIT, Level::Trace);
        let mut lists: Option<BTreeSet<_>> = None;
        let mut kinds: Option<Kinds> = None;
        for (name, value) in parts {
            match name.as_str() {
                "since" => since = Some(value),
                "list" => drop(lists.get_or_insert_default().insert(list(&value)?)),
                "events" => kinds = Some(kinds.unwrap_or(Kinds::NONE) | events(&value)?),
                "wait" => wait = WAIT.min(seconds(&value)?),
                "level" => least = level(&value)?,
                // What a later version may know.
                _ => {}
            }
        }
        // The metrics and the server's own log are the operator's, and come from elsewhere.
        let kinds = kinds.unwrap_or_default();
        let wanted = Wanted {
            metrics: kinds.contains(Kinds::METRICS),
            log: kinds.contains(Kinds::LOG).then_some(least),
        };
        let kinds = kinds.without(Kinds::METRICS | Kinds::LOG);
        Ok(Self {
            since,
            wait,
            filter: Filter { lists, kinds },
            wanted,
        })
    }

    /// A browser that reconnects sends the old address again: the header knows better since when.
    pub(super) fn with_last_event_id(self, headers: &HeaderMap) -> Self {
        let last = headers.get("last-event-id").filter(|id| !id.is_empty());
        let last = last.map(|id| id.to_str().unwrap_or("?").to_owned());
        Self {
            since: last.or(self.since),
            ..self
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for StreamQuery {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let query = Query::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let Query(query) = query.map_err(IntoResponse::into_response)?;
        Self::parse(query)
            .map_err(|sentence| (StatusCode::BAD_REQUEST, format!("{sentence}\n")).into_response())
    }
}

fn list(value: &str) -> Result<ListId, String> {
    value
        .parse()
        .map_err(|_| format!("“{value}” is not the id of a list."))
}

fn events(value: &str) -> Result<Kinds, String> {
    value.split(',').try_fold(Kinds::NONE, |kinds, name| {
        let kind = Kinds::parse(name).ok_or_else(|| {
            format!(
                "There are no events called “{name}”. Choose from change, presence, notice, progress, invited, metrics and log."
            )
        })?;
        Ok(kinds | kind)
    })
}

fn seconds(value: &str) -> Result<Duration, String> {
    let seconds = value.parse().map(Duration::from_secs);
    seconds.map_err(|_| format!("“{value}” is not a number of seconds."))
}

fn level(value: &str) -> Result<Level, String> {
    Level::parse(value).ok_or_else(|| {
        format!("The log has no level “{value}”. Choose from error, warn, info, debug and trace.")
    })
}

#[cfg(test)]
mod fuzz;

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(parts: &[(&str, &str)]) -> Result<StreamQuery, String> {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        StreamQuery::parse(parts.iter().map(own).collect())
    }

    #[test]
    fn the_address_chooses_lists_and_kinds() {
        let everything = wish(&[("since", "k3.1"), ("later", "x")]).unwrap();
        assert_eq!(everything.since.as_deref(), Some("k3.1"));
        assert_eq!((everything.filter, everything.wait), (Filter::default(), WAIT));
        assert_eq!(wish(&[("wait", "0")]).unwrap().wait, Duration::ZERO);
        assert_eq!(wish(&[("wait", "999")]).unwrap().wait, WAIT);
        let (one, other) = (
            "01890000-0000-7000-8000-000000000001",
            "01890000-0000-7000-8000-000000000002",
        );
        let lists = wish(&[("list", one), ("list", other), ("list", one)]).unwrap();
        assert_eq!(lists.filter.lists.map(|lists| lists.len()), Some(2));
        let kinds = wish(&[("events", "change,presence"), ("events", "notice")]).unwrap();
        assert_eq!(
            kinds.filter.kinds,
            Kinds::CHANGE | Kinds::PRESENCE | Kinds::NOTICE
        );
        let operator = wish(&[("events", "log,metrics"), ("level", "warn")]).unwrap();
        assert_eq!(operator.filter.kinds, Kinds::NONE);
        assert_eq!(
            (operator.wanted.metrics, operator.wanted.log),
            (true, Some(Level::Warn))
        );
        assert_eq!((everything.wanted.metrics, everything.wanted.log), (false, None));
        for (wrong, says) in [
            (("list", "milk"), "“milk”"),
            (("events", "change,chat"), "“chat”"),
            (("events", ""), "“”"),
            (("wait", "soon"), "“soon”"),
            (("level", "loud"), "“loud”"),
        ] {
            assert!(wish(&[wrong]).unwrap_err().contains(says));
        }
    }
}
