//! Pictures of people: a style that names those whom one may see.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Asks for the pictures once more. What was there stays until the new ones are.
pub(crate) fn show_pictures(turn: u32) {
    let now = super::document().and_then(|document| document.get_element_by_id("pictures"));
    let Some(now) = now else { return };
    let Ok(next) = now
        .clone_node()
        .map(JsCast::unchecked_into::<web_sys::HtmlElement>)
    else {
        return;
    };
    let _ = next.set_attribute("href", &format!("/pictures.css?{turn}"));
    let (old, failed) = (now.clone(), next.clone());
    let on_load = Closure::once_into_js(move || old.remove());
    let on_error = Closure::once_into_js(move || failed.remove());
    next.set_onload(Some(on_load.unchecked_ref()));
    next.set_onerror(Some(on_error.unchecked_ref()));
    let _ = now.remove_attribute("id");
    let _ = now.after_with_node_1(&next);
}
