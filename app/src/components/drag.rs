//! Rows that are dragged to another place, with a mouse, a pen or a finger that rests on them first. By keys it is `Alt ↑` and `Alt ↓`.
//!
//! To the side it goes in among the subtasks of the row above, or out of what it is a part of.
//!
//! What is sent is “after that task”, or “among its subtasks”, by the row above the line when the row is let go: whatever others move meanwhile, it lands where it was
//! meant. Escape, a second finger and a window that loses the focus leave everything as it was.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use domain::{List, Place, TaskId, below};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Event, KeyboardEvent, PointerEvent};

use super::selection::move_row;
use crate::browser::{self, Listener};
use crate::session::Session;

/// How far a pointer goes before a press is a drag, in pixels.
const FAR: i32 = 6;

/// How long a finger rests before it lifts a row and does not scroll, in milliseconds.
const REST: u64 = 350;

/// How far to the side a pointer goes for one level, in pixels.
const LEVEL: i32 = 28;

/// How near to the edge of the window the page scrolls, and how fast at the edge, in pixels and pixels a frame.
const EDGE: i32 = 72;
const FAST: f64 = 16.0;

/// A row under a pointer.
struct Drag {
    session: Session,
    task: TaskId,
    pointer: i32,
    is_touch: bool,
    /// Where the pointer was when it was pressed, and is.
    from: (i32, i32),
    at: (i32, i32),
    /// How far the page was scrolled then.
    scrolled: f64,
    is_lifted: bool,
    /// On which level the row stands, and where it is to stand: where the line is.
    level: i32,
    place: Option<Place>,
    /// Whether the click that follows is that of a row that was let go.
    is_dropped: Rc<Cell<bool>>,
    listeners: Vec<Listener>,
}

/// One that may be over.
type Shared = Rc<RefCell<Option<Drag>>>;

/// A pointer is pressed on a row of the list.
pub(super) fn press(session: Session, event: &PointerEvent) {
    let Some(task) = browser::row_of(event).filter(|_| session.store.can_edit()) else {
        return;
    };
    if !event.is_primary() || event.button() != 0 || browser::is_in_panel(event) {
        return;
    }
    let at = (event.client_x(), event.client_y());
    let is_dropped = Rc::new(Cell::new(false));
    let drag: Shared = Rc::new(RefCell::new(Some(Drag {
        session,
        task,
        pointer: event.pointer_id(),
        is_touch: event.pointer_type() == "touch",
        from: at,
        at,
        scrolled: browser::scrolled(),
        is_lifted: false,
        level: shown(session, |list| {
            list.task(task).map_or(0, |task| list.level(task) as i32)
        })
        .unwrap_or_default(),
        place: None,
        is_dropped: Rc::clone(&is_dropped),
        listeners: Vec::new(),
    })));
    let names = [
        "pointermove",
        "pointerup",
        "pointercancel",
        "pointerdown",
        "keydown",
        "blur",
        "contextmenu",
        "touchmove",
        "click",
    ];
    let listeners = names.map(|name| {
        let (drag, is_dropped) = (Rc::clone(&drag), Rc::clone(&is_dropped));
        browser::listen(name, move |event| {
            if name == "click" && is_dropped.get() {
                event.prevent_default();
                event.stop_propagation();
            }
            on_event(&drag, name, &event);
        })
    });
    if let Some(drag) = drag.borrow_mut().as_mut() {
        drag.listeners = listeners.into();
    }
    if event.pointer_type() == "touch" {
        browser::after(REST, move || lift(&drag));
    }
}

fn on_event(drag: &Shared, name: &str, event: &Event) {
    let is_lifted = drag.borrow().as_ref().is_some_and(|drag| drag.is_lifted);
    let pointer: &PointerEvent = event.unchecked_ref();
    let is_ours = drag
        .borrow()
        .as_ref()
        .is_some_and(|drag| drag.pointer == pointer.pointer_id());
    match name {
        // It was let go before this could hear of it.
        "pointermove" if is_ours && pointer.buttons() == 0 => end(drag, None),
        "pointermove" if is_ours => on_move(drag, (pointer.client_x(), pointer.client_y())),
        "pointerup" if is_ours => {
            if is_lifted {
                let place = drag.borrow().as_ref().and_then(|drag| drag.place);
                end(drag, place);
            } else {
                end(drag, None);
            }
        }
        "pointercancel" if is_ours => end(drag, None),
        "pointerdown" if !is_ours => end(drag, None),
        // The window's own, and not that of a field in it.
        "blur" if !browser::is_of_element(event) => end(drag, None),
        "keydown" if is_lifted => {
            let key: &KeyboardEvent = event.unchecked_ref();
            event.prevent_default();
            event.stop_propagation();
            if browser::key(key) == "Escape" {
                end(drag, None);
            }
        }
        // A finger that holds a row scrolls nothing and opens no menu.
        "contextmenu" | "touchmove" if is_lifted => event.prevent_default(),
        _ => {}
    }
}

fn on_move(drag: &Shared, at: (i32, i32)) {
    let far = {
        let mut drag = drag.borrow_mut();
        let Some(drag) = drag.as_mut() else { return };
        drag.at = at;
        let far = (at.0 - drag.from.0).abs().max((at.1 - drag.from.1).abs()) > FAR;
        far && !drag.is_lifted
    };
    if far {
        // A finger that moves at once scrolls.
        if drag.borrow().as_ref().is_some_and(|drag| drag.is_touch) {
            return end(drag, None);
        }
        lift(drag);
    }
    show(drag);
}

/// From now on the row goes with the pointer.
fn lift(drag: &Shared) {
    {
        let mut drag = drag.borrow_mut();
        let Some(drag) = drag.as_mut().filter(|drag| !drag.is_lifted) else {
            return;
        };
        drag.is_lifted = true;
        drag.session.store.edit(None);
    }
    show(drag);
    follow(Rc::clone(drag));
}

/// Scrolls at the edges of the window, as long as the row is in the air.
fn follow(drag: Shared) {
    let near = match drag.borrow().as_ref() {
        Some(drag) => {
            let (y, height) = (drag.at.1, browser::window_height());
            let (above, below) = (EDGE - y, y - (height - EDGE));
            f64::from(below.max(0) - above.max(0)) / f64::from(EDGE)
        }
        None => return,
    };
    if near != 0.0 {
        browser::scroll_by(near.clamp(-1.0, 1.0) * FAST);
        show(&drag);
    }
    browser::before_paint(move || follow(drag));
}

/// Shows the row at the pointer, and the line where it would stand.
fn show(drag: &Shared) {
    let mut drag = drag.borrow_mut();
    let Some(drag) = drag.as_mut().filter(|drag| drag.is_lifted) else {
        return;
    };
    let by = drag.at.1 - drag.from.1 + (browser::scrolled() - drag.scrolled) as i32;
    if let Some(above) = browser::show_drag(drag.task, by, drag.at.1) {
        let level = drag.level + (drag.at.0 - drag.from.0) / LEVEL;
        let level = usize::try_from(level).unwrap_or_default();
        if let Some((place, level)) = shown(drag.session, |list| below(list, drag.task, above, level)) {
            drag.place = Some(place);
            browser::show_level(drag.task, level);
        }
    }
}

/// Looks at the list that is shown.
fn shown<T>(session: Session, look: impl FnOnce(&List) -> T) -> Option<T> {
    let list = session.store.shown.get_untracked()?;
    session.with(|client| client.list(list).map(look))
}

/// Lets go of the row: it stands at that place, or where it stood.
fn end(drag: &Shared, place: Option<Place>) {
    let Some(over) = drag.borrow_mut().take() else {
        return;
    };
    let Drag {
        session,
        task,
        is_lifted,
        is_dropped,
        listeners,
        ..
    } = over;
    if is_lifted {
        is_dropped.set(true);
        browser::hide_drag(task);
    }
    // The click that follows is still caught; and none may go while it is being called.
    browser::after(0, move || drop(listeners));
    if let Some(place) = place {
        move_row(session, task, place);
    }
}
