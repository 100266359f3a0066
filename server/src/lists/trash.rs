//! `GET /lists/{id}/trash`: what was deleted in a list.

use app::Page;
use app::pages::{TrashLine, TrashPage};
use axum::extract::{Path, State};
use axum::response::Response;
use backend::{Backend, Error, Visitor};
use domain::durations::ago;
use domain::{ListId, Refusal, Role};

use crate::auth::session::CurrentUser;
use crate::http::page_response;
use crate::state::AppState;

/// How many are shown.
const MOST: usize = 200;

/// What is in the trash.
pub(crate) async fn page(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Path(list): Path<String>,
) -> Response {
    let page = match list.parse() {
        Ok(list) => trash_page(&state.backend, &visitor, list).await,
        Err(_) => Err(Refusal::NotFound.into()),
    };
    page_response::respond(&state, page, None).await
}

async fn trash_page(backend: &Backend, visitor: &Visitor, list: ListId) -> Result<Page, Error> {
    let trash = backend.lists().trash(visitor, list, MOST).await?;
    let now = backend.now();
    let may = trash.list.role(visitor.person()).is_some_and(Role::can_edit);
    let shown = trash.tasks.len() as u64;
    let lines = trash.tasks.into_iter().map(|(task, by)| TrashLine {
        task: task.id,
        title: task.title.to_string(),
        by: by.to_string(),
        when: ago(task.deleted.map_or(now, |deleted| deleted.at), now),
    });
    let lines = lines.collect();
    Ok(Page::Trash(Box::new(TrashPage {
        list,
        name: trash.list.name.to_string(),
        lines: may.then_some(lines),
        more: trash.count.saturating_sub(shown),
    })))
}
