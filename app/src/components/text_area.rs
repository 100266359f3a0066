//! What stands in a `<textarea>`. Leptos writes it there as it is, as it does in a script (`ESCAPE_CHILDREN` in tachys), so a
//! name or a note with a tag in it would end the field and become part of the page.

#[cfg(feature = "ssr")]
backend::guard! {
    /// The text as it is written between the tags: what is in it stays text, and a line break at its beginning stays, too.
    pub(crate) fn inside(text: String) -> String {
        // HTML drops a line break right after the tag.
        let first = if text.starts_with('\n') { "\n" } else { "" };
        format!("{first}{}", text.replace('&', "&amp;").replace('<', "&lt;"))
    }
    StoredMarkup: text
}

/// The text: a browser puts it there as text.
#[cfg(not(feature = "ssr"))]
pub(crate) fn inside(text: String) -> String {
    text
}
