//! Where a text may be cut: between two of what a person takes for one character. The tables for that are the browser's; the
//! server has its own, in `domain`.

#[cfg(feature = "ssr")]
pub(crate) use domain::{beginning, first_cluster};

#[cfg(not(feature = "ssr"))]
pub(crate) use of_browser::{beginning, first_cluster};

#[cfg(not(feature = "ssr"))]
mod of_browser {
    use js_sys::{Function, Reflect};
    use wasm_bindgen::{JsCast, JsValue};

    /// The first character as people count them; nothing of an empty text.
    pub(crate) fn first_cluster(text: &str) -> String {
        cut(text, 0).unwrap_or_default()
    }

    /// The whole characters, as people count them, among the first `most` of Unicode's.
    pub(crate) fn beginning(text: &str, most: usize) -> String {
        let first: String = text.chars().take(most).collect();
        if first == text {
            return first;
        }
        cut(text, first.encode_utf16().count()).unwrap_or(first)
    }

    /// What `public/start.js` cuts off before the character at that unit of UTF-16; at the beginning that character.
    fn cut(text: &str, at: usize) -> Option<String> {
        let cut: Function = Reflect::get(&js_sys::global(), &"tandemCut".into())
            .ok()?
            .dyn_into()
            .ok()?;
        let cut = cut.call2(&JsValue::NULL, &text.into(), &at.into()).ok()?;
        cut.as_string()
    }
}
