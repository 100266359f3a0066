//! A row that goes with a pointer, and what happens meanwhile.

use domain::TaskId;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::rows::{row, task_of};
use super::{document, find, window};

/// What hears an event of the window before anything else does, until it is dropped.
pub(crate) struct Listener {
    name: &'static str,
    call: Closure<dyn FnMut(web_sys::Event)>,
}

/// Hears an event of the window, and may keep the browser from what it would do.
pub(crate) fn listen(name: &'static str, call: impl FnMut(web_sys::Event) + 'static) -> Listener {
    let call = Closure::<dyn FnMut(web_sys::Event)>::new(call);
    let options = web_sys::AddEventListenerOptions::new();
    options.set_capture(true);
    options.set_passive(false);
    if let Some(window) = window() {
        let function = call.as_ref().unchecked_ref();
        let _ =
            window.add_event_listener_with_callback_and_add_event_listener_options(name, function, &options);
    }
    Listener { name, call }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(window) = window() {
            let function = self.call.as_ref().unchecked_ref();
            let _ = window.remove_event_listener_with_callback_and_bool(self.name, function, true);
        }
    }
}

/// Whether something happens where a row is typed into, in its menu or its panel.
pub(crate) fn is_in_panel(event: &web_sys::Event) -> bool {
    let element = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let panel = element.and_then(|element| {
        element
            .closest("input, textarea, .menu, .details, .details-scrim, .task-notes, .task-say")
            .ok()?
    });
    panel.is_some()
}

/// Whether something happens to an element, and not to the window itself.
pub(crate) fn is_of_element(event: &web_sys::Event) -> bool {
    let target = event.target();
    target.is_some_and(|target| target.dyn_into::<web_sys::Element>().is_ok())
}

/// How far the page is scrolled, in pixels.
pub(crate) fn scrolled() -> f64 {
    window()
        .and_then(|window| window.scroll_y().ok())
        .unwrap_or_default()
}

/// Scrolls the page by so many pixels.
pub(crate) fn scroll_by(pixels: f64) {
    if let Some(window) = window() {
        window.scroll_by_with_x_and_y(0.0, pixels);
    }
}

/// How high the window is, in pixels.
pub(crate) fn window_height() -> i32 {
    let height = window().and_then(|window| window.inner_height().ok()?.as_f64());
    height.unwrap_or_default() as i32
}

/// Shows the row of a task so many pixels below its place, and a line where it would stand with the pointer at that height of the window. Gives
/// the task above the line, if there is one; none at all where there is no row.
pub(crate) fn show_drag(task: TaskId, by: i32, pointer: i32) -> Option<Option<TaskId>> {
    let (document, dragged) = (document()?, row(task)?);
    let list = dragged.parent_element()?;
    document
        .document_element()?
        .set_attribute("data-dragging", "")
        .ok()?;
    let dragged: web_sys::HtmlElement = dragged.unchecked_into();
    dragged.set_attribute("data-dragged", "").ok()?;
    dragged.style().set_property("--drag", &pixels(by)).ok()?;
    let bounds = list.get_bounding_client_rect();
    let (left, width) = (bounds.left(), bounds.width());
    // The dragged row is out of the pointer's way.
    let y = f64::from(pointer).clamp(bounds.top() + 1.0, bounds.bottom() - 1.0);
    let under = document.element_from_point((left + width / 2.0) as f32, y as f32)?;
    if !list.contains(Some(&under)) {
        return None; // Something else lies over the list: the line stays where it is.
    }
    let under = under.closest(".task").ok()?;
    let (above, line) = match under {
        Some(row) => {
            let row_bounds = row.get_bounding_client_rect();
            if y > row_bounds.top() + row_bounds.height() / 2.0 {
                (Some(row), row_bounds.bottom())
            } else {
                (before(&row, &dragged), row_bounds.top())
            }
        }
        // The place where the row itself was.
        None => (dragged.previous_element_sibling(), dragged_place(&dragged, by)),
    };
    let list: web_sys::HtmlElement = list.unchecked_into();
    list.set_attribute("data-dropping", "").ok()?;
    list.style()
        .set_property("--line", &pixels((line - bounds.top()) as i32))
        .ok()?;
    Some(above.as_ref().and_then(task_of))
}

/// Has the line begin where a row of that level does.
pub(crate) fn show_level(task: TaskId, level: usize) {
    if let Some(list) = row(task).and_then(|row| row.parent_element()) {
        let list: web_sys::HtmlElement = list.unchecked_into();
        let _ = list.style().set_property("--line-level", &level.to_string());
    }
}

/// So many pixels for a style.
fn pixels(number: i32) -> String {
    number.to_string() + "px"
}

/// The row above another, but for the one that is dragged.
fn before(row: &web_sys::Element, dragged: &web_sys::Element) -> Option<web_sys::Element> {
    let before = row.previous_element_sibling()?;
    if before == *dragged {
        before.previous_element_sibling()
    } else {
        Some(before)
    }
}

/// The upper edge of the place where a row stood that is shown so many pixels below it.
fn dragged_place(dragged: &web_sys::Element, by: i32) -> f64 {
    dragged.get_bounding_client_rect().top() - f64::from(by)
}

/// Shows the row of a task in its place again.
pub(crate) fn hide_drag(task: TaskId) {
    // The row may be gone by now, and the line may not stay.
    for name in ["data-dragging", "data-dropping"] {
        if let Some(element) = find(&format!("[{name}]")) {
            let _ = element.remove_attribute(name);
        }
    }
    if let Some(dragged) = row(task) {
        let _ = dragged.remove_attribute("data-dragged");
        let _ = dragged
            .unchecked_into::<web_sys::HtmlElement>()
            .style()
            .remove_property("--drag");
    }
}
