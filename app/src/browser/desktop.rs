//! The person's desktop: whether anything may be told there, and the telling. Browsers have this on secure pages, and not
//! all have all of it, so that nothing here is taken for granted.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::{go, window};

/// Whether the browser lets the page tell something on the desktop.
pub(crate) fn may_notify() -> bool {
    let permission = get(&js_sys::global(), "Notification").and_then(|kind| get(&kind, "permission"));
    permission.is_some_and(|permission| permission == "granted")
}

/// Tells something on the desktop, in place of what was told about the same path. A click leads there.
pub(crate) async fn notify(title: &str, body: &str, path: &str) {
    let options: JsValue = Object::new().into();
    for (name, value) in [
        ("body", body),
        ("tag", path),
        ("icon", "/icon-192.png"),
        ("data", path),
    ] {
        let _ = Reflect::set(&options, &name.into(), &value.into());
    }
    let words = [JsValue::from_str(title), options];
    if let Some(worker) = registration().await {
        call(&worker, "showNotification", &words);
    } else if let Some(kind) = get(&js_sys::global(), "Notification")
        && let Ok(told) = Reflect::construct(kind.unchecked_ref::<Function>(), &words.iter().collect())
    {
        let (path, clicked) = (path.to_owned(), told.clone());
        let on_click = Closure::once_into_js(move || {
            call(&clicked, "close", &[]);
            call(&js_sys::global(), "focus", &[]);
            go(&path);
        });
        let _ = Reflect::set(&told, &"onclick".into(), &on_click);
    }
}

/// The service worker that is at work for this page.
async fn registration() -> Option<JsValue> {
    let workers = get(&window()?.navigator(), "serviceWorker")?;
    let asked: Promise = call(&workers, "getRegistration", &[])?.dyn_into().ok()?;
    let registration = JsFuture::from(asked).await.ok()?;
    get(&registration, "active").is_some().then_some(registration)
}

/// Calls with the path of what was told and clicked, as the service worker says.
pub(crate) fn on_notification_click(act: impl Fn(String) + 'static) {
    let hear = move |event: JsValue| {
        let path = get(&event, "data").and_then(|data| get(&data, "show"));
        if let Some(path) = path.and_then(|path| path.as_string()) {
            act(path);
        }
    };
    let hear = Closure::<dyn Fn(JsValue)>::new(hear);
    if let Some(workers) = window().and_then(|window| get(&window.navigator(), "serviceWorker")) {
        call(
            &workers,
            "addEventListener",
            &["message".into(), hear.as_ref().clone()],
        );
    }
    hear.forget(); // The page's life is the closure's.
}

/// Does something while no other page of the browser does anything under that name. None where the browser cannot promise
/// that.
pub(crate) async fn alone<T: 'static>(name: &str, act: impl FnOnce() -> T + 'static) -> Option<T> {
    let done = Rc::new(Cell::new(None));
    let result = done.clone();
    let act = Closure::once(move |_: JsValue| result.set(Some(act())));
    let locks = get(&window()?.navigator(), "locks")?;
    let asked: Promise = call(&locks, "request", &[name.into(), act.as_ref().clone()])?
        .dyn_into()
        .ok()?;
    let _ = JsFuture::from(asked).await;
    done.take()
}

/// What stands there, if anything does.
fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    let found = Reflect::get(of, &name.into()).ok()?;
    (!found.is_undefined() && !found.is_null()).then_some(found)
}

fn call(of: &JsValue, name: &str, with: &[JsValue]) -> Option<JsValue> {
    let function: Function = get(of, name)?.dyn_into().ok()?;
    function.apply(of, &with.iter().collect::<Array>()).ok()
}
