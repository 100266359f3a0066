//! The rows of the list as they are drawn: which is in sight, and in which something happens.

use domain::TaskId;
use js_sys::Array;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// How much of a row must be in sight.
const IN_SIGHT: f64 = 0.6;

/// What is called with the rows that came into sight or left it.
type OnChange = Closure<dyn Fn(Array)>;

/// Watches rows as long as the page lives.
pub(crate) struct Sight(SendWrapper<(web_sys::IntersectionObserver, OnChange)>);

impl Sight {
    /// Says of each watched row whether it is in sight: at once, and again whenever that changes.
    pub(crate) fn new(say: impl Fn(TaskId, bool) + 'static) -> Option<Self> {
        let on_change = OnChange::new(move |entries: Array| {
            for entry in entries.iter() {
                let entry = entry.unchecked_into::<web_sys::IntersectionObserverEntry>();
                if let Some(task) = task_of(&entry.target()) {
                    say(task, entry.is_intersecting());
                }
            }
        });
        let options = web_sys::IntersectionObserverInit::new();
        options.set_threshold(&IN_SIGHT.into());
        let callback = on_change.as_ref().unchecked_ref();
        let observer = web_sys::IntersectionObserver::new_with_options(callback, &options).ok()?;
        Some(Self(SendWrapper::new((observer, on_change))))
    }

    /// Watches the row of a task, if it is drawn.
    pub(crate) fn watch(&self, task: TaskId) {
        if let Some(row) = row(task) {
            self.0.0.observe(&row);
        }
    }

    /// Watches that row no more.
    pub(crate) fn forget(&self, task: TaskId) {
        if let Some(row) = row(task) {
            self.0.0.unobserve(&row);
        }
    }

    /// Watches none any more.
    pub(crate) fn forget_all(&self) {
        self.0.0.disconnect();
    }
}

/// The task in whose row something happened.
pub(crate) fn row_of(event: &web_sys::Event) -> Option<TaskId> {
    task_of(event.target()?.dyn_ref()?)
}

/// The task in whose row that element is.
pub(super) fn task_of(element: &web_sys::Element) -> Option<TaskId> {
    let row = element.closest("[id^=row-]").ok()??;
    row.id().strip_prefix("row-")?.parse().ok()
}

/// The row of a task, where it is drawn.
pub(super) fn row(task: TaskId) -> Option<web_sys::Element> {
    super::document()?.get_element_by_id(&format!("row-{task}"))
}

/// Whether the row of a task has a place on the page: one that is folded away has none.
pub(crate) fn has_place(task: TaskId) -> bool {
    row(task).is_some_and(|row| row.get_client_rects().length() > 0)
}
