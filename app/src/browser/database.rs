//! The outbox on this device, which `public/outbox.js` keeps: texts under keys, on disk before the next thing happens.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Where what is not answered stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kept {
    /// Nowhere but on this page: the browser keeps nothing for it.
    Not,
    /// On its way to this device's disk.
    Soon,
    /// On it.
    Here,
}

/// The texts that earlier pages left and that were not given before, by key. They may come in two parts, the second however late
/// the browser opens its database; none where there are no more.
pub(crate) async fn all() -> Option<Vec<String>> {
    let promise = call("all", &[])?.dyn_into::<Promise>().ok()?;
    let texts = JsFuture::from(promise).await.ok().filter(JsValue::is_object)?;
    let texts = texts.unchecked_into::<Array>();
    Some(texts.iter().filter_map(|text| text.as_string()).collect())
}

/// Puts a text under a key; none takes out what is there.
pub(crate) fn write(key: &str, text: Option<String>) {
    call("write", &[key.into(), text.into()]);
}

/// Where that is by now.
pub(crate) fn kept() -> Kept {
    match call("kept", &[]).and_then(|kept| kept.as_f64()) {
        Some(2.0) => Kept::Here,
        Some(1.0) => Kept::Soon,
        _ => Kept::Not,
    }
}

fn call(name: &str, with: &[JsValue]) -> Option<JsValue> {
    let outbox = Reflect::get(&js_sys::global(), &"tandemOutbox".into()).ok()?;
    let method: Function = Reflect::get(&outbox, &name.into()).ok()?.dyn_into().ok()?;
    method.apply(&outbox, &with.iter().collect()).ok()
}
