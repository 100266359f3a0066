//! Which key was pressed. What an input method takes, and what is repeated while a key is held, does not come this far:
//! `public/keys.js` keeps it back.

use leptos::web_sys::{Event, KeyboardEvent};
use wasm_bindgen::JsCast;

use super::focus::is_typing;

/// The key by its name, such as `Enter`; a letter as a small one, whether or not it is held with Shift or Caps Lock is on. On a
/// layout that has no Latin letters it is the letter that the key has on one that does.
pub(crate) fn key(event: &KeyboardEvent) -> String {
    let key = event.key();
    let mut characters = key.chars();
    match (characters.next(), characters.next()) {
        // After Latin with all its marks: Greek, Cyrillic, Hebrew and so on.
        (Some(character), None) if character > '\u{24f}' => latin(&event.code()),
        (_, None) => key.to_ascii_lowercase(),
        _ => key,
    }
}

/// Whether such an event asks to take back what was done last: Z with Ctrl or ⌘, or alone. What is typed into has its own way
/// back, where something stands in it.
pub(crate) fn takes_back(event: &Event) -> bool {
    let event: &KeyboardEvent = event.unchecked_ref();
    let is_command = event.ctrl_key() || event.meta_key();
    let is_another = event.alt_key() || is_command && event.shift_key();
    key(event) == "z" && !is_another && !is_typing(!is_command)
}

/// What a key is on the layout that codes are named after: `KeyN` is `n`, `Digit1` is `1`.
fn latin(code: &str) -> String {
    let mark = code.strip_prefix("Key").or_else(|| code.strip_prefix("Digit"));
    mark.unwrap_or(code).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_its_letter_or_digit() {
        for (code, expected) in [
            ("KeyN", "n"),
            ("Digit1", "1"),
            ("Semicolon", "semicolon"),
            ("", ""),
        ] {
            assert_eq!(latin(code), expected);
        }
    }
}
