//! The trash of a list, where one task or all of them can be restored.

use domain::{ListId, TaskId, View};
use leptos::prelude::*;

use crate::pages::Solo;

/// The page of a list's trash.
#[derive(Clone, Debug)]
pub struct TrashPage {
    /// The list's id.
    pub list: ListId,
    /// The list's name.
    pub name: String,
    /// The deleted tasks, the latest first; none for a viewer.
    pub lines: Option<Vec<TrashLine>>,
    /// How many there are that were deleted earlier.
    pub more: u64,
}

/// One deleted task.
#[derive(Clone, Debug)]
pub struct TrashLine {
    /// The task's id.
    pub task: TaskId,
    /// Its title.
    pub title: String,
    /// The name of the person who deleted it.
    pub by: String,
    /// When, in words.
    pub when: String,
}

impl TrashPage {
    pub(crate) fn view(self) -> impl IntoView {
        let Self {
            list,
            name,
            lines,
            more,
        } = self;
        let list_id = list.to_string();
        let hint = match &lines {
            None => "Only people who can edit this list see its deleted tasks.",
            Some(lines) if lines.is_empty() => "The trash is empty.",
            Some(_) => "Deleted tasks stay here until somebody restores them.",
        };
        let lines = lines.unwrap_or_default();
        let all = (lines.len() > 1).then(|| {
            view! {
                <form method="post" action="/fn/restore_all">
                    <input type="hidden" name="list" value=list_id.clone()/>
                    <button class="button">"Restore everything"</button>
                </form>
            }
        });
        let lines: Vec<_> = lines.into_iter().map(TrashLine::view).collect();
        let shown = (!lines.is_empty()).then(|| {
            view! {
                <form method="post" action="/fn/restore_task">
                    <input type="hidden" name="list" value=list_id/>
                    <ul class="sessions" role="list">{lines}</ul>
                </form>
            }
        });
        view! {
            <Solo wide=true>
                <h1>"Trash of “"<bdi>{name}</bdi>"”"</h1>
                <p class="muted">{hint}</p>
                {shown}
                {(more > 0).then(|| view! { <p class="muted">{earlier(more)}</p> })}
                {all}
                <a href=View::List(list).path()>"Back to the list"</a>
            </Solo>
        }
    }
}

impl TrashLine {
    fn view(self) -> impl IntoView + use<> {
        let label = format!("Restore “{}”", self.title);
        view! {
            <li>
                <div><span dir="auto">{self.title}</span><small>"Deleted by "<bdi>{self.by}</bdi>", "{self.when}</small></div>
                <button class="button button--plain" name="task" value=self.task.to_string() aria-label=label>"Restore"</button>
            </li>
        }
    }
}

fn earlier(more: u64) -> String {
    match more {
        1 => "One more task was deleted earlier.".to_owned(),
        more => format!("{more} more tasks were deleted earlier."),
    }
}
