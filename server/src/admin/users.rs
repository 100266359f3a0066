//! `/admin/people`: who has an account, and what is known of each.

use app::Page;
use app::pages::{DeletePage, MadeCode, PeoplePage, PersonLine, PersonPage};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use backend::{AccountName, Administrator, AuditEvent, Code, Entry, Error, People, Person};
use domain::durations::ago;
use domain::{PersonId, Refusal, Timestamp};
use serde::Deserialize;

use crate::admin::settings::made_code;
use crate::auth::caller::Caller;
use crate::auth::session::CurrentUser;
use crate::http::error::Rejection;
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
    CurrentUser(visitor): CurrentUser,
    caller: Caller,
    Form(given): Form<Named>,
) -> Response {
    let state = &caller.state;
    match make_account(state, Administrator::Operator(visitor), &given.name).await {
        Ok((person, code)) => {
            let entry = Entry::new(AuditEvent::AccountMade).by(visitor.person());
            caller.audit(entry.to(person));
            let beside = Beside {
                made: Some(made_code(&caller.origin, "/reset", &code)),
                said: Some("The account is created."),
                problem: None,
            };
            let page = one(state, visitor.person(), person, beside).await;
            page_response::respond(state, page, None).await
        }
        Err(Rejection::Backend(error)) if !matches!(error, Error::Auth(_)) => {
            page_response::respond(state, Err(error), None).await
        }
        Err(refused) => {
            let sentence = Some(refused.sentence());
            let page = people(state, Wanted::default(), given.name, sentence).await;
            page_response::respond(state, page, Some(StatusCode::UNPROCESSABLE_ENTITY)).await
        }
    }
}

async fn make_account(
    state: &AppState,
    by: Administrator,
    name: &str,
) -> Result<(PersonId, Code), Rejection> {
    let name = AccountName::parse(name)?;
    Ok(state.backend.admin().make_account(by, &name).await?)
}

/// One of them.
pub(crate) async fn person(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let beside = Beside {
        said: sentence(&wanted.said),
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
    let person = state
        .backend
        .admin()
        .user(person)
        .await?
        .ok_or(Refusal::NotFound)?;
    Ok(Page::Delete(Box::new(DeletePage {
        id: person.id.to_string(),
        name: person.name,
        fates: fates(state, person.id).await?,
    })))
}

/// What was done about somebody, by the word for it in the address.
fn sentence(said: &str) -> Option<&'static str> {
    match said {
        "suspend" => Some("Suspended. They are signed out everywhere."),
        "reinstate" => Some("They can sign in again."),
        "end-sessions" => Some("They are signed out everywhere."),
        "remove-factors" => Some(
            "Their authenticator app, passkeys and recovery codes are removed. If they have no password, they need a password reset link.",
        ),
        _ => None,
    }
}

async fn people(
    state: &AppState,
    wanted: Wanted,
    name: String,
    problem: Option<String>,
) -> Result<Page, Error> {
    let after = wanted.after.parse().ok();
    let found = state.backend.admin().users(&wanted.search, after, ROWS).await?;
    let now = state.backend.now();
    let last = found.people.last().filter(|_| found.more);
    Ok(Page::People(Box::new(PeoplePage {
        search: wanted.search,
        people: found.people.iter().map(|person| line(person, now)).collect(),
        more: last.map(|last| last.id.to_string()),
        first: after.is_none(),
        counts: counts(&found),
        name,
        problem,
        said: (wanted.said == "deleted").then_some("The account is deleted."),
    })))
}

/// How many people there are.
fn counts(found: &People) -> String {
    let suspended = match found.suspended {
        0 => String::new(),
        count => format!(", {count} of them suspended"),
    };
    let (accounts, guests) = (count(found.accounts, "account"), count(found.guests, "guest"));
    format!("{accounts}{suspended}, and {guests}.")
}

pub(super) async fn one(
    state: &AppState,
    by: PersonId,
    person: PersonId,
    beside: Beside,
) -> Result<Page, Error> {
    let person = state
        .backend
        .admin()
        .user(person)
        .await?
        .ok_or(Refusal::NotFound)?;
    let now = state.backend.now();
    let Beside { made, said, problem } = beside;
    Ok(Page::Person(Box::new(PersonPage {
        line: line(&person, now),
        facts: facts(&person, now),
        is_oneself: person.id == by,
        made,
        said,
        problem,
    })))
}

/// What is known of somebody, each with what it is called.
fn facts(person: &Person, now: Timestamp) -> Vec<(&'static str, String)> {
    let seen = person.seen.map(|seen| ago(seen, now));
    let suspended = person.suspended.map(|since| ("Suspended", ago(since, now)));
    let reset = person.reset.map(|_| {
        let words = "link created, not used yet";
        ("Password reset", words.to_owned())
    });
    [
        ("Display name", person.called.clone()),
        ("Account since", app::pages::day(person.made.0)),
        ("Last seen", seen.unwrap_or_else(|| "never".to_owned())),
        ("Signed in on", count(person.sessions as u64, "device")),
        ("Lists", format!("{}, owner of {}", person.lists, person.owns)),
    ]
    .into_iter()
    .chain(suspended)
    .chain(reset)
    .collect()
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
