//! Where the focus is, and where it goes.

use domain::TaskId;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::rows::task_of;
use super::{document, find};

/// Moves the focus to that element once what is being drawn is there.
pub(crate) fn focus(id: String) {
    focus_first(vec![format!("#{id}")]);
}

/// Moves the focus to the element of that class in the row of a task, once what is being drawn is there.
pub(crate) fn focus_in_row(task: TaskId, class: &str) {
    // A section has no check.
    focus_first(vec![
        format!("#row-{task} > .{class}"),
        format!("#row-{task} .task-title"),
    ]);
}

/// Moves the focus to what is there already, at once: keys that follow each other faster than pages are drawn go on from there.
pub(crate) fn focus_now(selector: &str) {
    if let Some(element) = find(selector) {
        let _ = element.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}

/// The same, to the title of a task whose row is there.
pub(crate) fn focus_title(task: TaskId) {
    focus_now(&format!("#row-{task} .task-title"));
}

/// Moves the focus to the first link in the element with that id, once what is being drawn is there.
pub(crate) fn focus_link_in(id: &str) {
    focus_first(vec![format!("#{id} a")]);
}

/// Moves the focus to where one goes on when what had it is taken away.
pub(crate) fn focus_work() {
    focus_first(vec!["#new-task".to_owned(), "main a".to_owned()]);
}

/// Moves the focus to the first of these that is there, once what is being drawn is.
fn focus_first(selectors: Vec<String>) {
    request_animation_frame(move || {
        if let Some(element) = selectors.iter().find_map(|selector| find(selector))
            && let Ok(element) = element.dyn_into::<web_sys::HtmlElement>()
        {
            let _ = element.focus();
        }
    });
}

/// Moves the focus by `step` among the buttons in that element; with 0 to the first.
pub(crate) fn focus_in(id: &str, step: i32) {
    let Some(document) = document() else { return };
    let Ok(buttons) = document.query_selector_all(&format!("#{id} button")) else {
        return;
    };
    let count = buttons.length();
    let active = document.active_element();
    let at = (0..count).find(|at| {
        buttons
            .get(*at)
            .as_ref()
            .map(JsCast::unchecked_ref::<web_sys::Element>)
            == active.as_ref()
    });
    let next = match at {
        Some(at) if step != 0 => (at + count).wrapping_add_signed(step) % count.max(1),
        _ => 0,
    };
    if let Some(button) = buttons.get(next) {
        let _ = button.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}

/// Lets what has the focus lose it: what is being typed there is saved, or refused.
pub(crate) fn blur() {
    if let Some(active) = document().and_then(|document| document.active_element()) {
        let _ = active.unchecked_into::<web_sys::HtmlElement>().blur();
    }
}

/// Whether the focus is on the element with that id.
pub(crate) fn is_focused(id: &str) -> bool {
    there_is(&format!("#{id}:focus"))
}

/// Whether the focus is in something that is typed into. With `empty` also where nothing stands in it yet.
pub(crate) fn is_typing(empty: bool) -> bool {
    there_is(if empty {
        ":is(input, textarea):focus"
    } else {
        ":is(input, textarea):focus:not(:placeholder-shown)"
    })
}

/// Whether the focus is in the element with that id.
pub(crate) fn has_focus(id: &str) -> bool {
    there_is(&format!("#{id}:focus-within"))
}

/// Whether the pointer or the focus is in the element with that id.
pub(crate) fn is_in_use(id: &str) -> bool {
    there_is(&format!("#{id}:is(:hover, :focus-within)"))
}

fn there_is(selector: &str) -> bool {
    find(selector).is_some()
}

/// The task in whose row the focus is. On the server: none.
pub(crate) fn row_in_focus() -> Option<TaskId> {
    if is_server() {
        return None;
    }
    task_of(&document()?.active_element()?)
}

/// Whether the focus that leaves an element goes to something inside of the one that listens.
pub(crate) fn stays_in(event: &web_sys::FocusEvent) -> bool {
    let inside = event
        .current_target()
        .and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    let to = event
        .related_target()
        .and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    inside
        .zip(to)
        .is_some_and(|(inside, to)| inside.contains(Some(&to)))
}
