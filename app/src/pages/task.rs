//! One task on a page of its own: what the row does in place, for those without script.

use domain::{ListId, Task, View};
use leptos::prelude::*;

use super::Solo;
use crate::Kept;

/// The page of a task.
#[derive(Clone, Debug)]
pub struct TaskPage {
    /// The list it is in.
    pub list: ListId,
    /// The task.
    pub task: Task,
    /// What was typed, if it was refused.
    pub kept: Option<Kept>,
}

impl TaskPage {
    pub(super) fn view(self) -> impl IntoView {
        let Self { list, task, kept } = self;
        let (list_id, id) = (list.to_string(), task.id.to_string());
        let problem = kept.as_ref().map(|kept| kept.sentence.clone());
        let title = kept.map_or_else(|| task.title.to_string(), |kept| kept.text);
        let wrong = problem.is_some();
        let ids = move || {
            view! {
                <input type="hidden" name="list" value=list_id.clone()/>
                <input type="hidden" name="task" value=id.clone()/>
            }
        };
        view! {
            <Solo wide=true>
                <h1>"Edit task"</h1>
                <form method="post" action="/api/retitle_task">
                    {ids()}
                    <input type="hidden" name="base" value=task.notes.as_str().to_owned() autocomplete="off"/>
                    <div class="field">
                        <label for="title">"Title"</label>
                        <input
                            class="input" id="title" name="title" value=title required dir="auto" autocomplete="off"
                            aria-invalid=wrong.then_some("true") aria-describedby="title-problem"
                        />
                        <p class="field-error" id="title-problem">{problem}</p>
                    </div>
                    <div class="field">
                        <label for="notes">"Notes"</label>
                        <textarea class="input" id="notes" name="notes" rows="5" dir="auto">{task.notes.as_str().to_owned()}</textarea>
                    </div>
                    <button class="button button--primary">"Save"</button>
                </form>
                <div class="buttons">
                    {task.is_open().then(|| view! {
                        <form method="post" action="/api/move_task" class="buttons">
                            {ids()}
                            <button class="button" name="to" value="up">"Move up"</button>
                            <button class="button" name="to" value="down">"Move down"</button>
                        </form>
                    })}
                    <form method="post" action="/api/delete_task">{ids()}<button class="button button--danger">"Delete"</button></form>
                </div>
                <a href=View::List(list).path()>"Back to the list"</a>
            </Solo>
        }
    }
}
