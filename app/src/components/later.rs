//! What browsers load when it is wanted: parts of the program that lie in wasm files of their own.
//!
//! This file alone knows of them, and the others call it as if all were here. With the feature `split`, which `setup/site`
//! sets, all functions that name the same part are one file; without it (`make watch`, the server's half, tests) they are
//! plain calls. Nothing else calls what is in a part: one call from elsewhere and all of it is in the first load again, which
//! `setup/size` notices.

use domain::TaskId;
use leptos::ev::{MouseEvent, PointerEvent};
use leptos::prelude::*;
#[cfg(not(feature = "split"))]
use leptos::wasm_split::SplitLoaderError;

use super::acts::{self, Act};
use super::line::Line;
use super::selection_bar::bar;
use super::task_menu::{TaskMenu, TaskMenuProps};
use super::task_notes::{TaskNotes, TaskNotesProps};
use super::{capture, drag, paste, task_details};
use crate::browser;
use crate::session::Session;
use crate::store::{Missed, Panel};
use crate::view::{
    Dynamic, ErasedView, Load, NotLoaded, client_only, dynamic, handler, if_here, when_loaded,
};

/// What is said of what is in a part that does not come.
const NOT_LOADED: &str = "This could not be loaded. Perhaps there is no network, or Tandem was updated.";

/// Declares a view of a part. Its function and what loads it belong together: each function knows for itself whether it is
/// here.
macro_rules! view_of_part {
    ($part:ident, $(#[$doc:meta])* fn $name:ident($($argument:ident: $type:ty),*) { $view:expr }) => {
        $(#[$doc])*
        pub(crate) fn $name($($argument: $type),*) -> Dynamic<Option<ErasedView>> {
            #[cfg(feature = "split")]
            #[leptos::wasm_split::wasm_split($part, wasm_split_path = ::leptos::wasm_split, preload(load), fallible)]
            fn $name($($argument: $type),*) -> Result<ErasedView, NotLoaded> {
                Ok(client_only($view))
            }

            #[cfg(not(feature = "split"))]
            async fn $name($($argument: $type),*) -> Result<ErasedView, NotLoaded> {
                Ok(client_only($view))
            }

            #[cfg(not(feature = "split"))]
            async fn load() -> Result<(), SplitLoaderError> {
                Ok(())
            }

            later(|| Box::pin(load()), move || $name($(Clone::clone(&$argument)),*))
        }
    };
}

view_of_part! {
    panels,
    /// The menu of a task.
    fn task_menu(task: TaskId, done: bool) { TaskMenu(TaskMenuProps { task, done }) }
}

view_of_part! {
    selection,
    /// What can be done with all that are selected.
    fn selection_bar(session: Session) { bar(session) }
}

view_of_part! {
    details,
    /// All of a task.
    fn task_details(session: Session, task: TaskId) { task_details::task_details(session, task) }
}

view_of_part! {
    company,
    /// What others did while the person was away.
    fn away_panel(missed: Missed) { super::away_panel::panel(expect_context::<Session>(), missed) }
}

view_of_part! {
    panels,
    /// The notes of a task.
    fn task_notes(task: TaskId, notes: ArcRwSignal<String>) { TaskNotes(TaskNotesProps { task, notes, panel: Panel::Notes }) }
}

/// Adds the lines that were pasted as tasks. Where the part does not come they are kept with what is not saved.
pub(super) fn add_lines(line: Line, text: String) {
    let session = line.session;
    let shown = session.store.shown.get_untracked();
    #[cfg(feature = "split")]
    #[leptos::wasm_split::wasm_split(panels, wasm_split_path = ::leptos::wasm_split, preload(load), fallible)]
    fn add(line: Line, text: String) -> Result<(), NotLoaded> {
        paste::add_lines(line, &text);
        Ok(())
    }

    #[cfg(not(feature = "split"))]
    async fn add(line: Line, text: String) -> Result<(), NotLoaded> {
        paste::add_lines(line, &text);
        Ok(())
    }

    #[cfg(not(feature = "split"))]
    async fn load() -> Result<(), SplitLoaderError> {
        Ok(())
    }

    let then = move |is_here: bool| {
        let unsaved = session.store.unsaved;
        if shown != session.store.shown.get_untracked() {
            unsaved.add(text, "You went to another list before these lines were added.");
        } else if !is_here || if_here(add(line, text.clone())).is_none() {
            unsaved.add(text, NOT_LOADED);
        }
    };
    when_loaded(|| Box::pin(load()), Box::new(then));
}

/// What is understood of the line that is being typed. Where the part does not come there is nothing to see, and nothing is understood.
pub(super) fn understood(line: Line) -> Dynamic<Option<ErasedView>> {
    #[cfg(feature = "split")]
    #[leptos::wasm_split::wasm_split(capture, wasm_split_path = ::leptos::wasm_split, preload(load), fallible)]
    fn understood(line: Line) -> Result<ErasedView, NotLoaded> {
        Ok(client_only(capture::understood(line)))
    }

    #[cfg(not(feature = "split"))]
    async fn understood(line: Line) -> Result<ErasedView, NotLoaded> {
        Ok(client_only(capture::understood(line)))
    }

    #[cfg(not(feature = "split"))]
    async fn load() -> Result<(), SplitLoaderError> {
        Ok(())
    }

    let is_here = RwSignal::new(false);
    dynamic(move || {
        is_here.track();
        let view = if_here(understood(line));
        if view.is_none() {
            let then = move |here: bool| {
                if here {
                    is_here.try_set(true);
                }
            };
            when_loaded(|| Box::pin(load()), Box::new(then));
        }
        view
    })
}

/// Does what a key or a click asks of a task. Where the part does not come, nothing is done, and that is said.
pub(super) fn act(session: Session, act: Act) {
    #[cfg(feature = "split")]
    #[leptos::wasm_split::wasm_split(panels, wasm_split_path = ::leptos::wasm_split, preload(load), fallible)]
    fn done(session: Session, act: Act) -> Result<(), NotLoaded> {
        acts::act(session, act);
        Ok(())
    }

    #[cfg(not(feature = "split"))]
    async fn done(session: Session, act: Act) -> Result<(), NotLoaded> {
        acts::act(session, act);
        Ok(())
    }

    #[cfg(not(feature = "split"))]
    async fn load() -> Result<(), SplitLoaderError> {
        Ok(())
    }

    if if_here(done(session, act)).is_none() {
        let then = move |is_here: bool| {
            if is_here && if_here(done(session, act)).is_some() {
                return;
            }
            let sentence = match act {
                // Nobody asked, and the row shows the time as it was said.
                Act::LocalTime(_) => return,
                Act::Added(..) => "Added to the other list.",
                _ => NOT_LOADED,
            };
            session.store.notices.add(sentence.to_owned(), Vec::new());
        };
        when_loaded(|| Box::pin(load()), Box::new(then));
    }
}

/// A pointer is pressed on a row, which it may drag.
pub(crate) fn press_row(session: Session, event: PointerEvent) {
    #[cfg(feature = "split")]
    #[leptos::wasm_split::wasm_split(panels, wasm_split_path = ::leptos::wasm_split, preload(load), fallible)]
    fn press(session: Session, event: PointerEvent) -> Result<(), NotLoaded> {
        drag::press(session, &event);
        Ok(())
    }

    #[cfg(not(feature = "split"))]
    async fn press(session: Session, event: PointerEvent) -> Result<(), NotLoaded> {
        drag::press(session, &event);
        Ok(())
    }

    #[cfg(not(feature = "split"))]
    async fn load() -> Result<(), SplitLoaderError> {
        Ok(())
    }

    if if_here(press(session, event.clone())).is_none() {
        // A tap is over before the part has come: then nothing is held any more.
        let is_over = RwSignal::new(false);
        for end in ["pointerup", "pointercancel"] {
            browser::on(end, move |_| {
                is_over.try_set(true);
            });
        }
        let then = move |is_here: bool| {
            if is_here && is_over.try_get_untracked() == Some(false) {
                if_here(press(session, event));
            }
        };
        when_loaded(|| Box::pin(load()), Box::new(then));
    }
}

/// Draws what is in a part: at once where the part is here, otherwise when it has come.
fn later<F>(load: Load, draw: impl Fn() -> F + Send + 'static) -> Dynamic<Option<ErasedView>>
where
    F: Future<Output = Result<ErasedView, NotLoaded>>,
{
    drawn(load, Box::new(move || if_here(draw())))
}

fn drawn(load: Load, now: Box<dyn Fn() -> Option<ErasedView> + Send>) -> Dynamic<Option<ErasedView>> {
    let has_failed = RwSignal::new(false);
    dynamic(move || {
        if has_failed.get() {
            return Some(failed(has_failed));
        }
        let view = now();
        if view.is_none() {
            let then = move |is_here: bool| {
                has_failed.try_set(!is_here);
            };
            when_loaded(load, Box::new(then));
        }
        view
    })
}

/// What stands in place of a part that could not be loaded.
fn failed(has_failed: RwSignal<bool>) -> ErasedView {
    let again = move |_: MouseEvent| has_failed.set(false);
    client_only(view! {
        <div class="task-say" data-kind="refused" role="alert">
            <p>{NOT_LOADED}</p>
            <div class="buttons">
                <button type="button" class="button" on:click=handler(again)>"Try again"</button>
                <a class="button" href="">"Reload the page"</a>
            </div>
        </div>
    })
}
