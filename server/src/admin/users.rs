//! `/admin/people`: who has an account, and what is known of each.

use app::Page;
use app::pages::{DeletePage, MadeCode, PeoplePage, PersonLine, PersonPage};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use backend::{AccountName, AuditEvent, Entry, Error, People, Person};
use domain::{PersonId, Refusal, Timestamp};
use serde::Deserialize;

use crate::admin::settings::made_code;
use crate::auth::session::CurrentUser;
use crate::http::client_ip::Peer;
use crate::http::durations::ago;
use crate::http::form::Form;
use crate::http::page_response;
use crate::me::delete_account::fates;
use crate::state::AppState;

/// How many people a page has.
const ROWS: usize = 50;

/// Which people are wanted.
#[derive(Deserialize, Default)]
pub(crate) struct Wanted {
    #[serde(default)]
    search: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    said: String,
}

/// The name of an account that is to be made.
#[derive(Deserialize, Default)]
pub(crate) struct Named {
    #[serde(default)]
    name: String,
}

/// What is shown beside a page.
#[derive(Default)]
pub(super) struct Beside {
    pub(super) made: Option<MadeCode>,
    pub(super) said: Option<&'static str>,
    pub(super) problem: Option<String>,
}

/// Everyone with an account.
pub(crate) async fn page(State(state): State<AppState>, Query(wanted): Query<Wanted>) -> Response {
    let page = people(&state, wanted, String::new(), None).await;
    page_response::respond(&state, page, None).await
}

/// Makes an account for somebody.
pub(crate) async fn make(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    peer: Peer,
    headers: HeaderMap,
    Form(given): Form<Named>,
) -> Response {
    let made = match AccountName::parse(&given.name) {
        Ok(name) => state
            .backend
            .make_account(&name)
            .await
            .map_err(|error| match error {
                Error::Auth(denied) => Ok(denied.to_string()),
                error => Err(error),
            }),
        Err(problem) => Err(Ok(problem.to_string())),
    };
    match made {
        Ok((person, code)) => {
            let entry = Entry::new(AuditEvent::AccountMade)
                .by(visitor.person())
                .to(person);
            state.backend.audit(entry.from(peer.address(&headers)));
            let beside = Beside {
                made: Some(made_code(&headers, "/reset", &code)),
                said: Some("The account is created."),
                problem: None,
            };
            let page = one(&state, visitor.person(), person, beside).await;
            page_response::respond(&state, page, None).await
        }
        Err(Ok(sentence)) => {
            let page = people(&state, Wanted::default(), given.name, Some(sentence)).await;
            page_response::respond(&state, page, Some(StatusCode::UNPROCESSABLE_ENTITY)).await
        }
        Err(Err(error)) => page_response::respond(&state, Err(error), None).await,
    }
}

/// The page of one person.
pub(crate) async fn person(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let said = match wanted.said.as_str() {
        "suspend" => Some("Suspended. They are signed out everywhere."),
        "reinstate" => Some("They can sign in again."),
        "end-sessions" => Some("They are signed out everywhere."),
        "remove-factors" => Some(
            "Their authenticator app, passkeys and recovery codes are removed. If they have no password, they need a password reset link.",
        ),
        _ => None,
    };
    let beside = Beside {
        said,
        ..Beside::default()
    };
    let page = match id.parse() {
        Ok(id) => one(&state, visitor.person(), id, beside).await,
        Err(_) => Err(Refusal::NotFound.into()),
    };
    page_response::respond(&state, page, None).await
}

/// What happens if an account is deleted.
pub(crate) async fn delete_page(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Path(id): Path<String>,
) -> Response {
    let page = match id.parse() {
        Ok(id) if id != visitor.person() => departure(&state, id).await,
        _ => Err(Refusal::NotFound.into()),
    };
    page_response::respond(&state, page, None).await
}

async fn departure(state: &AppState, person: PersonId) -> Result<Page, Error> {
    let person = state.backend.person(person).await?.ok_or(Refusal::NotFound)?;
    Ok(Page::Delete(Box::new(DeletePage {
        id: person.id.to_string(),
        name: person.name,
        fates: fates(state, person.id).await?,
    })))
}

async fn people(
    state: &AppState,
    wanted: Wanted,
    name: String,
    problem: Option<String>,
) -> Result<Page, Error> {
    let after = wanted.after.parse().ok();
    let People {
        people,
        more,
        accounts,
        suspended,
        guests,
    } = state.backend.persons(&wanted.search, after, ROWS).await?;
    let now = state.backend.now();
    let more = people.last().filter(|_| more).map(|last| last.id.to_string());
    let suspended = match suspended {
        0 => String::new(),
        count => format!(", {count} of them suspended"),
    };
    Ok(Page::People(Box::new(PeoplePage {
        search: wanted.search,
        people: people.iter().map(|person| line(person, now)).collect(),
        more,
        first: after.is_none(),
        counts: format!(
            "{}{suspended}, and {}.",
            count(accounts, "account"),
            count(guests, "guest")
        ),
        name,
        problem,
        said: (wanted.said == "deleted").then_some("The account is deleted."),
    })))
}

pub(super) async fn one(
    state: &AppState,
    by: PersonId,
    person: PersonId,
    beside: Beside,
) -> Result<Page, Error> {
    let person = state.backend.person(person).await?.ok_or(Refusal::NotFound)?;
    let now = state.backend.now();
    let Beside { made, said, problem } = beside;
    let mut facts = vec![
        ("Display name", person.called.clone()),
        ("Account since", app::pages::day(person.made.0)),
        (
            "Last seen",
            person
                .seen
                .map_or_else(|| "never".to_owned(), |seen| ago(seen, now)),
        ),
        ("Signed in on", count(person.sessions as u64, "device")),
        ("Lists", format!("{}, owner of {}", person.lists, person.owns)),
    ];
    if let Some(since) = person.suspended {
        facts.push(("Suspended", ago(since, now)));
    }
    if person.reset.is_some() {
        facts.push(("Password reset", "link created, not used yet".to_owned()));
    }
    Ok(Page::Person(Box::new(PersonPage {
        line: line(&person, now),
        facts,
        is_oneself: person.id == by,
        made,
        said,
        problem,
    })))
}

fn line(person: &Person, now: Timestamp) -> PersonLine {
    PersonLine {
        id: person.id.to_string(),
        name: person.name.clone(),
        called: person.called.clone(),
        seen: match person.seen {
            Some(seen) => format!("Last seen {}", ago(seen, now)),
            None => "Never signed in".to_owned(),
        },
        is_suspended: person.suspended.is_some(),
        is_operator: person.is_operator,
    }
}

fn count(count: u64, what: &str) -> String {
    match count {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}
