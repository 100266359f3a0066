//! One way to write each text: Unicode's composed form (NFC), by the browser's tables. The server writes texts so; a page that types
//! otherwise would not know its own text again when it takes it back.

use js_sys::JsString;

/// The text in its composed form.
pub(crate) fn composed(text: &str) -> String {
    JsString::from(text).normalize("NFC").into()
}
