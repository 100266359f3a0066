//! Server functions: what the page asks of the server, under addresses that never change.
//!
//! [`push`] is the script's, and so is a list in full: [`fetch_list`] gets it, so that a service worker may keep it. The others are forms': plain fields, one command each, answered with
//! where to go next. A form carries `once`, random and new with every page: the same form sent twice is the same
//! command of the same client, and the register answers it without doing it again.

#![expect(
    missing_docs,
    reason = "the macro makes a struct of each function's arguments, which the function documents"
)]

mod done;
mod error;
#[cfg(feature = "ssr")]
mod server;

use std::collections::BTreeMap;

use domain::json::Read;
use domain::wire::{Push, Reply, Snapshot};
use domain::{LinkId, ListId, PersonId, TaskId};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::server_fn::codec::Json;
use serde::Serialize;

use crate::browser::{self, Answer};
use crate::json;

pub use done::Done;
pub use error::ApiError;
#[cfg(feature = "ssr")]
pub use server::{RequestContext, RetryAfter, random};

/// Calls a server function from the browser. What the macro makes for that does the same, and would bring a second
/// reader of JSON along.
pub(crate) async fn call<F>(function: &F) -> Result<F::Output, Failure>
where
    F: ServerFn<Error = ApiError> + Serialize,
    F::Output: Read,
{
    read(browser::fetch(F::PATH, json::write(function).ok()).await)
}

/// A list in full.
pub(crate) async fn fetch_list(list: ListId) -> Result<Snapshot, Failure> {
    read(browser::fetch(&format!("/fn/snapshot?list={list}"), None).await)
}

/// Why a call came to nothing.
pub(crate) struct Failure {
    /// What the server says; [`ApiError::Unreachable`] where that cannot be read. None where it is not the server that answers: something
    /// between the two does in its place, or nothing does.
    pub(crate) error: Option<ApiError>,
    /// The status of the answer, if there is one; 0 where it leads elsewhere.
    pub(crate) status: Option<u16>,
    /// How many milliseconds are to pass before the next try, if that is said.
    pub(crate) rest: f64,
}

fn read<T: Read>(answer: Result<Answer, impl Sized>) -> Result<T, Failure> {
    let Ok(answer) = answer else {
        return Err(Failure {
            error: None,
            status: None,
            rest: 0.0,
        });
    };
    let is_done = matches!(answer.status, 200..300);
    // What reads as what was asked for can be nobody else's; a page of a login does not.
    let done = is_done.then(|| json::read(&answer.text).ok()).flatten();
    // What answers before any function is asked says it in plain words.
    let plain = || match answer.status {
        401 => ApiError::NoSession,
        413 => ApiError::TooLarge,
        408 | 429 | 503 => ApiError::Unavailable(answer.text.clone()),
        _ => ApiError::Unreachable,
    };
    done.ok_or_else(|| Failure {
        error: answer
            .is_ours
            .then(|| json::read(&answer.text).unwrap_or_else(|_| plain())),
        status: Some(answer.status),
        rest: answer.rest,
    })
}

/// Sends commands; the answer comes when they are on disk.
#[server(name = PushCommands, prefix = "/fn", endpoint = "push", input = Json)]
pub async fn push(push: Push) -> Result<Reply, ApiError> {
    server::context()?.push(push).await
}

/// Adds a task below all others, or below the other subtasks of `parent`. What the line says beside its title is read as [`domain::capture`] does.
#[server(name = AddTask, prefix = "/fn", endpoint = "add_task")]
pub async fn add_task(
    list: ListId,
    title: String,
    #[server(default)] once: String,
    #[server(default)] parent: Option<TaskId>,
) -> Result<Done, ApiError> {
    server::context()?.add_task(list, &title, &once, parent).await
}

/// Adds a section behind the others.
#[server(name = AddSection, prefix = "/fn", endpoint = "add_section")]
pub async fn add_section(
    list: ListId,
    title: String,
    #[server(default)] once: String,
) -> Result<Done, ApiError> {
    server::context()?.add_section(list, &title, &once).await
}

/// Completes a task.
#[server(name = CompleteTask, prefix = "/fn", endpoint = "complete_task")]
pub async fn complete_task(list: ListId, task: TaskId) -> Result<Done, ApiError> {
    server::context()?.complete_task(list, task).await
}

/// Takes a completed task up again.
#[server(name = ReopenTask, prefix = "/fn", endpoint = "reopen_task")]
pub async fn reopen_task(list: ListId, task: TaskId) -> Result<Done, ApiError> {
    server::context()?.reopen_task(list, task).await
}

/// Sets fields of a task, all that the person changed in one push. `field[name]` is a field by its name in
/// [`domain::Field::parse`], `base[name]` what it was when the form was made.
#[server(name = EditTask, prefix = "/fn", endpoint = "edit_task")]
pub async fn edit_task(
    list: ListId,
    task: TaskId,
    #[server(default)] field: BTreeMap<String, String>,
    #[server(default)] base: BTreeMap<String, String>,
) -> Result<Done, ApiError> {
    server::context()?.edit_task(list, task, &field, &base).await
}

/// Moves a task one place `up` or `down` among those to be done, `in` to the subtasks of the one above, `out` of what it is a part of, or
/// to the end of a `section`: of what is in none, where that is empty.
#[server(name = MoveTask, prefix = "/fn", endpoint = "move_task")]
pub async fn move_task(
    list: ListId,
    task: TaskId,
    to: String,
    #[server(default)] section: String,
) -> Result<Done, ApiError> {
    let step = match to.as_str() {
        "section" => return server::context()?.move_to_section(list, task, &section).await,
        "up" => domain::Step::Up,
        "in" => domain::Step::In,
        "out" => domain::Step::Out,
        _ => domain::Step::Down,
    };
    server::context()?.move_task(list, task, step).await
}

/// Adds a task once more right below it, with its subtasks.
#[server(name = DuplicateTask, prefix = "/fn", endpoint = "duplicate_task")]
pub async fn duplicate_task(
    list: ListId,
    task: TaskId,
    #[server(default)] once: String,
) -> Result<Done, ApiError> {
    server::context()?.duplicate_task(list, task, &once).await
}

/// Puts a task into the trash.
#[server(name = DeleteTask, prefix = "/fn", endpoint = "delete_task")]
pub async fn delete_task(list: ListId, task: TaskId) -> Result<Done, ApiError> {
    server::context()?.delete_task(list, task).await
}

/// Takes a task out of the trash.
#[server(name = RestoreTask, prefix = "/fn", endpoint = "restore_task")]
pub async fn restore_task(list: ListId, task: TaskId) -> Result<Done, ApiError> {
    server::context()?.restore_task(list, task).await
}

/// Puts all completed tasks into the trash.
#[server(name = ClearCompleted, prefix = "/fn", endpoint = "clear_completed")]
pub async fn clear_completed(list: ListId) -> Result<Done, ApiError> {
    server::context()?.clear_completed(list).await
}

/// Makes a new list.
#[server(name = CreateList, prefix = "/fn", endpoint = "create_list")]
pub async fn create_list(name: String, #[server(default)] once: String) -> Result<Done, ApiError> {
    server::context()?.create_list(&name, &once).await
}

/// Calls a list something else.
#[server(name = RenameList, prefix = "/fn", endpoint = "rename_list")]
pub async fn rename_list(list: ListId, name: String) -> Result<Done, ApiError> {
    server::context()?.rename_list(list, &name).await
}

/// Joins a list with the code of its share link.
#[server(name = JoinList, prefix = "/fn", endpoint = "join_list")]
pub async fn join_list(code: String) -> Result<Done, ApiError> {
    server::context()?.join_list(&code).await
}

/// Takes a member out of a list, or oneself.
#[server(name = RemoveMember, prefix = "/fn", endpoint = "remove_member")]
pub async fn remove_member(list: ListId, person: PersonId) -> Result<Done, ApiError> {
    server::context()?.remove_member(list, person).await
}

/// Makes a link by which others get into a list: `expires` is in how many seconds, `most_uses` for how many people; empty
/// for ever and for any number.
#[server(name = MakeLink, prefix = "/fn", endpoint = "make_link")]
pub async fn make_link(
    list: ListId,
    #[server(default)] role: String,
    #[server(default)] expires: String,
    #[server(default)] most_uses: String,
) -> Result<Done, ApiError> {
    server::context()?
        .make_link(list, &role, &expires, &most_uses)
        .await
}

/// Ends a link; with `and_remove` also for everyone who came by it.
#[server(name = RevokeLink, prefix = "/fn", endpoint = "revoke_link")]
pub async fn revoke_link(
    list: ListId,
    link: LinkId,
    #[server(default)] and_remove: String,
) -> Result<Done, ApiError> {
    server::context()?
        .revoke_link(list, link, !and_remove.is_empty())
        .await
}

/// Lets a member do more or less.
#[server(name = SetRole, prefix = "/fn", endpoint = "set_role")]
pub async fn set_role(list: ListId, person: PersonId, role: String) -> Result<Done, ApiError> {
    server::context()?.set_role(list, person, &role).await
}

/// Makes a member the owner in one's own place.
#[server(name = HandOver, prefix = "/fn", endpoint = "hand_over")]
pub async fn hand_over(list: ListId, person: PersonId) -> Result<Done, ApiError> {
    server::context()?.hand_over(list, person).await
}

/// Takes another name and colour.
#[server(name = SetProfile, prefix = "/fn", endpoint = "set_profile")]
pub async fn set_profile(name: String, colour: u8) -> Result<Done, ApiError> {
    server::context()?.set_profile(&name, colour).await
}

/// Ends the session: this browser is nobody any more, and so are its open pages.
#[server(name = EndSession, prefix = "/fn", endpoint = "end_session")]
pub async fn end_session() -> Result<Done, ApiError> {
    server::context()?.end_session().await
}

/// Begins to collect everything that is one's own, to be downloaded.
#[server(name = StartExport, prefix = "/fn", endpoint = "start_export")]
pub async fn start_export() -> Result<Done, ApiError> {
    server::context()?.start_export()
}

/// Begins to put every task of a list into the trash.
#[server(name = ClearList, prefix = "/fn", endpoint = "clear_list")]
pub async fn clear_list(list: ListId) -> Result<Done, ApiError> {
    server::context()?.clear_list(list).await
}

/// Begins to put everything back that is in the trash of a list.
#[server(name = RestoreAll, prefix = "/fn", endpoint = "restore_all")]
pub async fn restore_all(list: ListId) -> Result<Done, ApiError> {
    server::context()?.restore_all(list).await
}

/// Forgets a job that has ended.
#[server(name = ForgetJob, prefix = "/fn", endpoint = "forget_job")]
pub async fn forget_job(job: String) -> Result<Done, ApiError> {
    server::context()?.forget_job(&job)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, is_ours: bool, text: &str) -> Option<ApiError> {
        let answer = Answer {
            status,
            is_ours,
            rest: 0.0,
            text: text.to_owned(),
        };
        read::<Snapshot>(Ok::<_, ()>(answer)).err().unwrap().error
    }

    #[test]
    fn what_the_server_says_in_plain_words_is_its_own_and_what_others_say_is_not() {
        let text = "Too busy. Please try again.\n";
        let later = ApiError::Unavailable(text.to_owned());
        for (status, meant) in [
            (401, ApiError::NoSession),
            (413, ApiError::TooLarge),
            (408, later.clone()),
            (429, later.clone()),
            (503, later),
            (400, ApiError::Unreachable),
            // Of another version, say.
            (200, ApiError::Unreachable),
        ] {
            assert_eq!(error(status, true, text), Some(meant), "{status}");
            assert_eq!(error(status, false, text), None, "{status}");
        }
        let said = ApiError::Unavailable("Later.".to_owned());
        let text = serde_json::to_string(&said).unwrap();
        assert_eq!(error(503, true, &text), Some(said));
        assert_eq!(error(503, false, &text), None);
    }
}
