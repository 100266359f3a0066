//! Which program wrote a file: by its content, never by its name.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::imported::Imported;
use crate::refused::FileRefused;
use crate::remark::{Reason, Remark};
use crate::source::Source;
use crate::{json, markdown, microsoft, plain, tandem, text, ticktick, todoist, trello, vikunja};

/// Reads a file.
///
/// # Errors
/// It is too large, no text, of no shape that is known, broken, or has nothing that is a task.
pub fn read(source: &Source<'_>) -> Result<Imported, FileRefused> {
    let decoded = text::decode(source.bytes)?;
    let mut imported = read_text(&decoded.text, source)?;
    if decoded.is_guessed {
        imported.remarks.insert(
            0,
            Remark {
                row: None,
                about: String::new(),
                reason: Reason::Encoding,
            },
        );
    }
    Ok(imported)
}

fn read_text(text: &str, source: &Source<'_>) -> Result<Imported, FileRefused> {
    if is_json(text) {
        json::check(text)?;
        return read_json(text, source);
    }
    if let Some(table) = todoist::table(text) {
        return todoist::read(table, source);
    }
    if let Some(table) = ticktick::table(text) {
        return ticktick::read(table, source);
    }
    let table = match plain::with_known_names(text)? {
        None if !markdown::has_marks(text) => plain::with_even_rows(text),
        table => table,
    };
    match table {
        Some(table) => plain::read(text, table, source),
        None => markdown::read(text, source),
    }
}

/// Whether a text begins as JSON does, and not as a box of Markdown or a link.
fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    let inside = text.strip_prefix('[').map(str::trim_start);
    text.starts_with('{') || inside.is_some_and(|inside| inside.starts_with('{') || inside == "]")
}

fn read_json(text: &str, source: &Source<'_>) -> Result<Imported, FileRefused> {
    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only whether it can be read is asked")]
    struct Board {
        cards: IgnoredAny,
        lists: IgnoredAny,
    }
    // What is no JSON at all says where it is broken.
    json::read::<IgnoredAny>(text)?;
    // Serde takes an array for an object, too, value by value.
    let is_object = text.trim_start().starts_with('{');
    if is_object && tandem::is_one(text) {
        tandem::read(text, source)
    } else if is_object && json::read::<Board>(text).is_ok() {
        trello::read(text, source)
    } else if microsoft::is_one(text) {
        microsoft::read(text, source)
    } else if vikunja::is_one(text) {
        vikunja::read(text, source)
    } else {
        Err(FileRefused::UnknownJson)
    }
}
