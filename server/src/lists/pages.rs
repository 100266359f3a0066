//! The documents: each reads what it shows and draws it.

use app::pages::TaskPage;
use app::{InitialState, Kept, Page};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use backend::{Error, Visitor};
use domain::{ListId, Refusal, Role, Step, TaskId};
use serde::Deserialize;

use crate::auth::session::CurrentUser;
use crate::http::page_response;
use crate::http::random::random_text;
use crate::state::AppState;

/// How many tasks the first HTML of a list holds at the most; the rest comes with the snapshot, or behind a link.
const FIRST: usize = 200;

/// What the address of a list may say besides the list.
#[derive(Deserialize, Default)]
pub(crate) struct ListQuery {
    /// Whether all tasks are wanted at once.
    all: Option<u8>,
    /// A task that a form has just deleted.
    deleted: Option<TaskId>,
}

/// What another program shares with Tandem, or a link puts into the line for new tasks (`/?add=Milk`). The names are those of
/// `public/site.webmanifest`.
#[derive(Deserialize, Default)]
pub(crate) struct SharedText {
    add: Option<String>,
    title: Option<String>,
    url: Option<String>,
}

impl SharedText {
    /// What is to stand in the line: `public/start.js` does the same for a page that comes from a copy.
    fn kept(self) -> Option<Kept> {
        let text = self.add.filter(|text| !text.is_empty()).or(self.title)?;
        let text = match self.url {
            Some(url) if !text.contains(&url) => format!("{text} {url}"),
            _ => text,
        };
        Some(Kept {
            action: "add_task".to_owned(),
            text,
            ..Kept::default()
        })
    }
}

/// Which task the page of a task is about.
#[derive(Deserialize)]
pub(crate) struct TaskQuery {
    task: TaskId,
}

/// The person's lists, the first of them open.
pub(crate) async fn home(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    shared: Result<Query<SharedText>, QueryRejection>,
) -> Response {
    let kept = shared.ok().and_then(|Query(shared)| shared.kept());
    let page = list(&state, visitor, None, ListQuery::default(), kept).await;
    page_response::respond(&state, page, None).await
}

/// The page of a list.
pub(crate) async fn one_list(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Path(id): Path<String>,
    Query(query): Query<ListQuery>,
    shared: Result<Query<SharedText>, QueryRejection>,
) -> Response {
    let kept = shared.ok().and_then(|Query(shared)| shared.kept());
    let page = match id.parse() {
        Ok(id) => list(&state, visitor, Some(id), query, kept).await,
        Err(_) => Err(Refusal::NotFound.into()),
    };
    page_response::respond(&state, page, None).await
}

/// One task, for those without script.
pub(crate) async fn task(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Path(id): Path<String>,
    Query(TaskQuery { task }): Query<TaskQuery>,
) -> Response {
    let page = match id.parse() {
        Ok(list) => task_page(&state, visitor, list, task, None).await,
        Err(_) => Err(Refusal::NotFound.into()),
    };
    page_response::respond(&state, page, None).await
}

/// Where a share link leads.
pub(crate) async fn join(State(state): State<AppState>) -> Response {
    page_response::respond(&state, Ok(Page::Join(Box::default())), None).await
}

pub(super) async fn list(
    state: &AppState,
    visitor: Visitor,
    id: Option<ListId>,
    query: ListQuery,
    kept: Option<Kept>,
) -> Result<Page, Error> {
    let most = query.all.is_none().then_some(FIRST);
    let (hello, snapshot) = state.backend.lists().page(&visitor, id, most).await?;
    let once = random_text()?;
    Ok(Page::List(Box::new(InitialState {
        hello,
        snapshot,
        once,
        kept,
        deleted: query.deleted,
    })))
}

pub(super) async fn task_page(
    state: &AppState,
    visitor: Visitor,
    list: ListId,
    task: TaskId,
    kept: Option<Kept>,
) -> Result<Page, Error> {
    let snapshot = state.backend.lists().snapshot(&visitor, list, None).await?;
    let task = snapshot.list.task(task).cloned().ok_or(Refusal::NotFound)?;
    let role = snapshot.list.role(visitor.person());
    let parent = snapshot.list.parents(&task).next().cloned();
    let subtasks = snapshot.list.subtasks(Some(task.id)).cloned();
    let sections = snapshot.list.sections().cloned().collect();
    let can = |to| domain::step(&snapshot.list, task.id, to).is_some();
    Ok(Page::Task(Box::new(TaskPage {
        list,
        once: random_text()?,
        parent,
        sections,
        subtasks: subtasks.collect(),
        goes_in: can(Step::In),
        goes_out: can(Step::Out),
        task,
        members: snapshot.list.members.into_iter().collect(),
        edits: role.is_some_and(Role::can_edit),
        kept,
    })))
}
