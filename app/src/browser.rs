//! The browser: the only file (with `browser/`) that touches it. On the server none of this is ever called but where it
//! says so; it compiles there, since what a person does is written once for both halves.

mod clusters;
mod compose;
pub(crate) mod database;
mod dates;
mod desktop;
mod dragging;
mod focus;
mod keys;
mod network;
mod pictures;
mod rows;
mod stream;
mod zones;

use std::future::Future;

use domain::{ClientId, ListId, TaskId, Timestamp};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

pub(crate) use clusters::{beginning, first_cluster};
pub(crate) use compose::composed;
pub(crate) use dates::{clock, day, in_words, languages, minute, today};
pub(crate) use desktop::{alone, may_notify, notify, on_notification_click};
pub(crate) use dragging::{
    Listener, hide_drag, is_in_panel, is_of_element, listen, scroll_by, scrolled, show_drag, show_level,
    window_height,
};
pub(crate) use focus::{
    blur, focus, focus_in, focus_in_row, focus_link_in, focus_now, focus_title, focus_work, has_focus,
    is_focused, is_in_use, row_in_focus, stays_in,
};
pub(crate) use keys::{key, takes_back};
pub(crate) use network::{Answer, fetch, send_form};
pub(crate) use pictures::show_pictures;
pub(crate) use rows::{Sight, has_place, row_of};
pub(crate) use stream::Stream;
pub(crate) use zones::{local, zone};

/// The time by the browser's clock.
pub(crate) fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as u64)
}

/// The time of a clock that nobody sets, in milliseconds.
pub(crate) fn steady() -> usize {
    window()
        .and_then(|window| window.performance())
        .map_or(0, |clock| clock.now() as usize)
}

/// A client id that was never used before. On the server, which draws the page but never pushes: none.
pub(crate) fn new_client() -> ClientId {
    if is_server() {
        return ClientId::from_bytes([0; 16]);
    }
    ClientId::derived(random())
}

/// An id for a new task.
pub(crate) fn new_task() -> TaskId {
    TaskId::new(now(), random())
}

/// An id for a new list.
pub(crate) fn new_list() -> ListId {
    ListId::new(now(), random())
}

/// A number that tells a thing on the page from the others.
pub(crate) fn number() -> u32 {
    u32::from_le_bytes(random())
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if let Some(crypto) = window().and_then(|window| window.crypto().ok()) {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes
}

/// A fraction from 0 to 1, for spreading in time what must not come all at once.
pub(crate) fn chance() -> f64 {
    js_sys::Math::random()
}

fn window() -> Option<web_sys::Window> {
    web_sys::window()
}

fn document() -> Option<web_sys::Document> {
    window()?.document()
}

/// Does something after so many milliseconds.
pub(crate) fn after(milliseconds: u64, act: impl FnOnce() + 'static) {
    if !is_server() {
        set_timeout(act, std::time::Duration::from_millis(milliseconds));
    }
}

/// Does something before the page is next painted.
pub(crate) fn before_paint(act: impl FnOnce() + 'static) {
    request_animation_frame(act);
}

/// Waits so many milliseconds, or until the page is told that the network is back.
pub(crate) fn pause(milliseconds: f64) -> impl Future<Output = ()> {
    let promise = js_sys::Promise::new(&mut |done, _| {
        if let Some(window) = window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds as i32);
            let _ = window.add_event_listener_with_callback("tandem-awake", &done);
        }
    });
    async {
        let _ = JsFuture::from(promise).await;
    }
}

/// Ends every [`pause`].
pub(crate) fn wake() {
    if let (Some(window), Ok(event)) = (window(), web_sys::Event::new("tandem-awake")) {
        let _ = window.dispatch_event(&event);
    }
}

/// Whether the browser believes that there is a network.
pub(crate) fn has_network() -> bool {
    window().is_none_or(|window| window.navigator().on_line())
}

/// Calls every so many milliseconds, as long as the page lives.
pub(crate) fn every(milliseconds: u64, call: impl Fn() + 'static) {
    let _ = set_interval_with_handle(call, std::time::Duration::from_millis(milliseconds));
}

/// Calls for each such event of the window or the document, as long as the page lives.
pub(crate) fn on(event: &str, call: impl FnMut(web_sys::Event) + 'static) {
    let target: Option<web_sys::EventTarget> = if event == "visibilitychange" {
        document().map(Into::into)
    } else {
        window().map(Into::into)
    };
    if let Some(target) = target {
        on_element(&target, event, call);
    }
}

/// Calls for each such event of an element, as long as the page lives.
pub(crate) fn on_element(
    element: &web_sys::EventTarget,
    event: &str,
    call: impl FnMut(web_sys::Event) + 'static,
) {
    let call = Closure::<dyn FnMut(web_sys::Event)>::new(call);
    let _ = element.add_event_listener_with_callback(event, call.as_ref().unchecked_ref());
    call.forget(); // The page's life is the closure's.
}

/// Where the caret of a field is, or what is chosen in it: two places between the bytes of its text.
pub(crate) fn selection(field: &web_sys::HtmlInputElement) -> Option<(usize, usize)> {
    let (from, to) = (field.selection_start().ok()??, field.selection_end().ok()??);
    let text = field.value();
    // A browser counts in units of UTF-16.
    let byte = |units: u32| {
        let mut left = units as usize;
        let found = text
            .char_indices()
            .find(|(_, c)| match left.checked_sub(c.len_utf16()) {
                Some(rest) if left > 0 => {
                    left = rest;
                    false
                }
                _ => true,
            });
        found.map_or(text.len(), |(at, _)| at)
    };
    Some((byte(from), byte(to)))
}

/// Says something to the service worker that is at work for this page; false where there is none.
pub(crate) fn tell_worker(text: &str) -> bool {
    worker().is_some_and(|worker| {
        let say = js_sys::Reflect::get(&worker, &"postMessage".into()).ok();
        let say = say.and_then(|say| say.dyn_into::<js_sys::Function>().ok());
        say.is_some_and(|say| say.call1(&worker, &text.into()).is_ok())
    })
}

/// Whether a service worker is at work for this page, which may have opened it from its copy.
pub(crate) fn has_worker() -> bool {
    worker().is_some()
}

/// Absent outside of secure contexts, and until the first one is there. Where storage is blocked each step may throw.
fn worker() -> Option<JsValue> {
    let get = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &name.into()).ok();
    let worker = get(&get(&window()?.navigator(), "serviceWorker")?, "controller")?;
    worker.is_object().then_some(worker)
}

/// Has the browser ask before it closes the page, or not. It is only told while it should: some browsers do not keep a page
/// for the way back that might ask.
pub(crate) fn warn_on_close(warn: bool) {
    thread_local! {
        static ASK: Closure<dyn FnMut(web_sys::Event)> = Closure::new(|event: web_sys::Event| event.prevent_default());
    }
    if let Some(window) = window() {
        ASK.with(|ask| window.set_onbeforeunload(warn.then(|| ask.as_ref().unchecked_ref())));
    }
}

/// The path of the address.
pub(crate) fn path() -> String {
    window()
        .and_then(|window| window.location().pathname().ok())
        .unwrap_or_default()
}

/// Loads another page.
pub(crate) fn go(path: &str) {
    if let Some(window) = window() {
        let _ = window.location().set_href(path);
    }
}

/// Changes the address without loading anything.
pub(crate) fn show_address(path: &str) {
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(path));
    }
}

/// Changes the page's title.
pub(crate) fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Says on the document's root how live the page is and how much is not saved: for people's tools and for tests.
pub(crate) fn show_state(sync: &str, pending: usize, role: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        let _ = root.set_attribute("data-sync", sync);
        let _ = root.set_attribute("data-pending", &pending.to_string());
        let _ = root.set_attribute("data-role", role);
    }
}

/// Says that something of the page is missing, and offers to load it again: `public/start.js` and the style do the rest.
pub(crate) fn show_stale() {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        let _ = root.set_attribute("data-stale", "");
    }
}

/// Closes what is open as a popover, e.g. the lists on a phone.
pub(crate) fn close_popover(id: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id))
        && let Ok(hide) = js_sys::Reflect::get(&element, &"hidePopover".into())
        && let Ok(hide) = hide.dyn_into::<js_sys::Function>()
    {
        let _ = hide.call0(&element); // Throws where nothing is open, which is fine.
    }
}

/// What the server put into the page for the script, as JSON. On the server: none.
pub(crate) fn initial_state() -> Option<String> {
    if is_server() {
        return None;
    }
    document()?.get_element_by_id("initial-state")?.text_content()
}

/// Gives the rows that the server drew what only scripts need: the id of the row, and that its last button opens a menu.
pub(crate) fn finish_rows() {
    let rows = document().and_then(|document| document.query_selector_all(".task").ok());
    let Some(rows) = rows else { return };
    for row in (0..rows.length()).filter_map(|at| rows.get(at)) {
        let row = row.unchecked_into::<web_sys::Element>();
        let check = row.first_element_child();
        let id = check.and_then(|check| check.get_attribute("value")?.parse::<TaskId>().ok());
        if let Some(id) = id {
            row.set_id(&format!("row-{id}"));
        }
        if let Some(more) = row.query_selector(".task-more").ok().flatten() {
            let _ = more.set_attribute("aria-haspopup", "menu");
            let _ = more.set_attribute("aria-expanded", "false");
        }
    }
}

fn find(selector: &str) -> Option<web_sys::Element> {
    document()?.query_selector(selector).ok()?
}

/// Whether the page is out of sight.
pub(crate) fn is_hidden() -> bool {
    document().is_some_and(|document| document.hidden())
}

/// Sends JSON even if the page is about to go, without waiting for an answer.
pub(crate) fn send_beacon(path: &str, json: &str) {
    if let Some(window) = window() {
        let _ = window.navigator().send_beacon_with_opt_str(path, Some(json));
    }
}

/// Copies a text for pasting elsewhere.
pub(crate) fn copy(text: &str) {
    if let Some(window) = window() {
        // Absent outside of secure contexts, where the text can still be selected by hand.
        let clipboard =
            js_sys::Reflect::get(&window.navigator(), &"clipboard".into()).unwrap_or(JsValue::UNDEFINED);
        if !clipboard.is_undefined() {
            let _ = window.navigator().clipboard().write_text(text);
        }
    }
}

/// Where a text stays in the browser.
#[derive(Clone, Copy)]
pub(crate) enum Keep {
    /// For this tab, over reloads.
    Tab,
    /// For good.
    Browser,
}

/// A text that was kept.
pub(crate) fn kept(place: Keep, key: &str) -> Option<String> {
    storage(place)?.get_item(key).ok()?
}

/// Keeps a text; none takes it away. False where the browser has no room for it, or no leave.
pub(crate) fn keep(place: Keep, key: &str, text: Option<&str>) -> bool {
    storage(place).is_some_and(|storage| {
        let kept = match text {
            Some(text) => storage.set_item(key, text),
            None => storage.remove_item(key),
        };
        kept.is_ok()
    })
}

fn storage(place: Keep) -> Option<web_sys::Storage> {
    let window = window()?;
    match place {
        Keep::Tab => window.session_storage(),
        Keep::Browser => window.local_storage(),
    }
    .ok()?
}

/// Calls with what another page of this browser keeps for good under that key from now on; none where it takes it away.
pub(crate) fn on_kept_elsewhere(key: &'static str, call: impl Fn(Option<String>) + 'static) {
    on("storage", move |event| {
        let event: web_sys::StorageEvent = event.unchecked_into();
        if event.key().as_deref() == Some(key) {
            call(event.new_value());
        }
    });
}

/// Says something to whoever looks into the browser's console.
pub(crate) fn complain(what: &str, why: &dyn std::fmt::Display) {
    leptos::logging::error!("{what}: {why}");
}

/// Whether that element is in sight, if it is drawn.
pub(crate) fn is_in_sight(id: &str) -> Option<bool> {
    let place = document()?.get_element_by_id(id)?.get_bounding_client_rect();
    let height = window()?.inner_height().ok()?.as_f64()?;
    Some(place.bottom() > 0.0 && place.top() < height)
}

/// Brings that element into sight once it is drawn.
pub(crate) fn reveal(id: String) {
    request_animation_frame(move || {
        if let Some(element) = document().and_then(|document| document.get_element_by_id(&id)) {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            element.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}
