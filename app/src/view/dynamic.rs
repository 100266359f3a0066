//! Closures of one type each, for what follows signals and what handles events.
//!
//! Leptos compiles the code that draws, hydrates and updates anew for every type of closure. These hide the type, as
//! [`ErasedView`](super::ErasedView) does for a view.

use std::sync::{Arc, Mutex};

use leptos::prelude::*;

use super::erased::{ErasedView, any};
use crate::store::Key;

/// A closure whose result is drawn again whenever a signal that it has read changes.
pub(crate) type Dynamic<T> = Arc<Mutex<dyn FnMut() -> T + Send>>;

/// Draws what the closure gives, and again whenever a signal that it has read changes: `{move || …}` of one type.
pub(crate) fn dynamic<T>(draw: impl FnMut() -> T + Send + 'static) -> Dynamic<T> {
    Arc::new(Mutex::new(draw))
}

/// Draws the view as long as the condition holds: `<Show>` of one type.
pub(crate) fn show(
    condition: impl Fn() -> bool + Send + Sync + 'static,
    draw: impl Fn() -> ErasedView + Send + 'static,
) -> Dynamic<Option<ErasedView>> {
    fn memo(condition: Box<dyn Fn() -> bool + Send + Sync>) -> Memo<bool> {
        Memo::new(move |_| condition())
    }
    let holds = memo(Box::new(condition));
    dynamic(move || holds.get().then(&draw))
}

/// Draws a view for each key and leaves alone those that stay: `<For>` of one type.
pub(crate) fn for_each(
    keys: impl Fn() -> Vec<Key> + Send + Sync + 'static,
    draw: impl Fn(Key) -> Option<ErasedView> + Send + Sync + 'static,
) -> ErasedView {
    fn rows(
        keys: Box<dyn Fn() -> Vec<Key> + Send + Sync>,
        draw: Arc<dyn Fn(Key) -> Option<ErasedView> + Send + Sync>,
    ) -> ErasedView {
        if is_server() {
            // The same HTML, without the owner and the key of each row, which only what changes needs.
            return any(keys().into_iter().map(|key| draw(key)).collect::<Vec<_>>());
        }
        any(view! { <For each=keys key=|key| *key children=move |key| draw(key)/> })
    }
    rows(Box::new(keys), Arc::new(draw))
}

/// Hides the type of what handles an event.
pub(crate) fn handler<E: 'static>(handle: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(handle)
}

/// Does something in the browser, and again whenever a signal that it has read changes: an `Effect` of one type.
pub(crate) fn effect(act: impl FnMut() + 'static) {
    fn run(mut act: Box<dyn FnMut()>) {
        Effect::new(move |_| act());
    }
    run(Box::new(act));
}
