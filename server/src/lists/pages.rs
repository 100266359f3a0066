//! The documents: each reads what it shows and draws it. The lists are read first and the one that is shown after
//! them, so it may be a row ahead, never behind.

use std::sync::Arc;

use app::pages::{JoinPage, ProblemPage, TaskPage};
use app::{InitialState, Kept, Page, shell};
use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use backend::{Error, Hole, Visitor};
use domain::{ListId, Refusal, Role, TaskId};
use parking_lot::Mutex;
use serde::Deserialize;

use crate::auth::session::CurrentUser;
use crate::http::compression::Compressible;
use crate::http::random::random_text;
use crate::lists::share;
use crate::me::page;
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

/// Which task the page of a task is about.
#[derive(Deserialize)]
pub(crate) struct TaskQuery {
    task: TaskId,
}

/// The person's lists, the first of them open.
pub(crate) async fn home(State(state): State<AppState>, CurrentUser(visitor): CurrentUser) -> Response {
    respond(
        &state,
        list(&state, visitor, None, ListQuery::default(), None).await,
        None,
    )
    .await
}

/// A list.
pub(crate) async fn one_list(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Path(id): Path<String>,
    Query(query): Query<ListQuery>,
) -> Response {
    let page = match id.parse() {
        Ok(id) => list(&state, visitor, Some(id), query, None).await,
        Err(_) => Err(Refusal::NotFound.into()),
    };
    respond(&state, page, None).await
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
    respond(&state, page, None).await
}

/// Where a share link leads.
pub(crate) async fn join(State(state): State<AppState>) -> Response {
    respond(&state, Ok(Page::Join(Box::default())), None).await
}

/// The person.
pub(crate) async fn me(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    headers: HeaderMap,
) -> Response {
    let page = page::page(&state, visitor, &headers, None).await;
    respond(&state, page, None).await
}

/// Any page as it is.
pub(crate) async fn document(state: &AppState, page: Page) -> Response {
    respond(state, Ok(page), None).await
}

/// Nothing is there.
pub(crate) async fn missing(State(state): State<AppState>) -> Response {
    respond(&state, Err(Refusal::NotFound.into()), None).await
}

/// What a service worker shows in place of a page that it has no copy of.
pub(crate) async fn offline(State(state): State<AppState>) -> Response {
    respond(&state, Ok(Page::Problem(ProblemPage::OFFLINE)), None).await
}

/// The page at `from` once more, with what came of one of its forms.
pub(crate) async fn again(
    state: &AppState,
    visitor: Option<Visitor>,
    headers: &HeaderMap,
    from: &str,
    about: Option<ListId>,
    kept: Kept,
    status: StatusCode,
) -> Response {
    let typed = [
        Some(kept.text.clone()),
        kept.field("field[notes]").map(str::to_owned),
    ];
    let typed = typed.into_iter().flatten().filter(|text| !text.trim().is_empty());
    let typed = typed.collect::<Vec<_>>().join("\n\n");
    let Some(visitor) = visitor else {
        return match typed.is_empty() {
            // Where guests are not let in; the link that brought them still has its code.
            _ if from == "/join" => Redirect::to("/sign-in?next=/join").into_response(),
            true => Redirect::to("/").into_response(),
            false => {
                respond(
                    state,
                    Ok(Page::Problem(ProblemPage {
                        kept: typed,
                        ..ProblemPage::NO_SESSION
                    })),
                    Some(status),
                )
                .await
            }
        };
    };
    // A page that shows nothing to type into has no place for what was typed.
    if status == StatusCode::FORBIDDEN && !typed.is_empty() {
        let page = Page::Problem(ProblemPage {
            kept: typed,
            ..ProblemPage::NOT_ALLOWED
        });
        return respond(state, Ok(page), None).await;
    }
    let segments: Vec<&str> = from.split('/').skip(1).collect();
    let problem = Some(kept.sentence.clone());
    let page = match (segments.as_slice(), about) {
        (["join"], _) => Ok(Page::Join(Box::new(JoinPage {
            code: kept.text,
            problem,
        }))),
        (["me"], _) => page::page(state, visitor, headers, Some(kept)).await,
        (["lists", _, "share"], Some(list)) => {
            share::share_page(
                state,
                visitor,
                list,
                &origin(headers),
                share::Why::Refused(kept.sentence),
            )
            .await
        }
        (["lists", _, "task"], Some(list)) => match kept.task {
            Some(task) => task_page(state, visitor, list, task, Some(kept)).await,
            None => Err(Refusal::NotFound.into()),
        },
        (["lists", id], about) => {
            let id = id.parse().ok().or(about);
            list(state, visitor, id, ListQuery::default(), Some(kept)).await
        }
        (_, about) => list(state, visitor, about, ListQuery::default(), Some(kept)).await,
    };
    // The page may be gone, as a task that somebody deleted; what was typed is not.
    let page = page.or_else(|error| {
        Ok(Page::Problem(ProblemPage {
            kept: typed,
            ..problem_page(&error)
        }))
    });
    respond(state, page, Some(status)).await
}

async fn list(
    state: &AppState,
    visitor: Visitor,
    id: Option<ListId>,
    query: ListQuery,
    kept: Option<Kept>,
) -> Result<Page, Error> {
    let hello = state.backend.overview(&visitor).await?;
    // Their own first list, or else whichever they are in.
    let first = visitor.first_list();
    let id = id.or_else(|| {
        hello
            .lists
            .get(&first)
            .map(|heading| (&first, heading))
            .or_else(|| hello.lists.first())
            .map(|(id, _)| *id)
    });
    let most = query.all.is_none().then_some(FIRST);
    let snapshot = match id {
        Some(id) => Some(state.backend.snapshot(&visitor, id, most).await?),
        None => None,
    };
    let once = random_text()?;
    Ok(Page::List(Box::new(InitialState {
        hello,
        snapshot,
        once,
        kept,
        deleted: query.deleted,
    })))
}

async fn task_page(
    state: &AppState,
    visitor: Visitor,
    list: ListId,
    task: TaskId,
    kept: Option<Kept>,
) -> Result<Page, Error> {
    let snapshot = state.backend.snapshot(&visitor, list, None).await?;
    let task = snapshot.list.task(task).cloned().ok_or(Refusal::NotFound)?;
    let role = snapshot.list.role(visitor.person());
    Ok(Page::Task(Box::new(TaskPage {
        list,
        task,
        edits: role.is_some_and(Role::can_edit),
        kept,
    })))
}

fn problem_page(error: &Error) -> ProblemPage {
    match error {
        Error::Refused(_) => ProblemPage::MISSING,
        Error::SessionEnded => ProblemPage::NO_SESSION,
        error => {
            tracing::error!(%error, source = ?std::error::Error::source(error), "a page could not be read");
            ProblemPage::UNAVAILABLE
        }
    }
}

/// Draws the page, or the one that says why there is none.
pub(crate) async fn respond(
    state: &AppState,
    page: Result<Page, Error>,
    status: Option<StatusCode>,
) -> Response {
    let page = page.unwrap_or_else(|error| Page::Problem(problem_page(&error)));
    let status = match &page {
        Page::Problem(problem) => {
            StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
        }
        _ => status.unwrap_or(StatusCode::OK),
    };
    let may_be_compressed = repeats_nothing(&page);
    let files = state.files();
    // It is drawn once, though Leptos asks for what could draw it again.
    let page = Arc::new(Mutex::new(Some(page)));
    let draw = leptos_axum::render_app_async_with_context(policy, move || {
        let page = page.lock().take();
        shell(
            page.unwrap_or(Page::Problem(ProblemPage::UNAVAILABLE)),
            files.clone(),
        )
    });
    let mut response = draw(Request::new(Body::empty())).await;
    *response.status_mut() = status;
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
    let framed = if Hole::FramedPage.is_open() {
        ""
    } else {
        "; frame-ancestors 'none'"
    };
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         connect-src 'self'{reload}; manifest-src 'self'; form-action 'self'; base-uri 'none'{framed}"
    );
    if let (Some(options), Ok(policy)) = (
        leptos::prelude::use_context::<leptos_axum::ResponseOptions>(),
        HeaderValue::from_str(&policy),
    ) {
        options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// The address that the browser has of this server.
pub(crate) fn origin(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let proto = text("x-forwarded-proto")
        .filter(|proto| *proto == "https")
        .unwrap_or("http");
    text("host")
        .map(|host| format!("{proto}://{host}"))
        .unwrap_or_default()
}
