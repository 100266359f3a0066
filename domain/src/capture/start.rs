//! The day before which nobody need think of a task, in words: `starting 5 June`, `ab 5. Juni`. Behind a repetition the same words say from
//! when it counts, and are read with it.

use super::date;
use super::repeat_words::Sign;
use super::word::{Wants, Word};
use super::words::{Meaning, is};
use crate::Day;

/// The start that a line says from its first word on. It stands at the end, or ends with a comma at the beginning.
pub(super) fn read(words: &[Word<'_>], today: Day) -> Option<date::Said> {
    let first = words.first().filter(|word| word.mark.is_none())?;
    // A letter, a meal and a flight are from a day, too.
    if first.sign != Some(Sign::Starting) || is(first.text, "from") {
        return None;
    }
    // `ab dem 5. Juni`
    let articles = words
        .iter()
        .skip(1)
        .take_while(|word| word.meaning == Some(Meaning::Article))
        .count();
    let before = 1 + articles;
    let said = date::read(words.get(before..)?, false, false, today)?;
    Some(date::Said {
        length: said.length + before,
        wants: Wants::EndOrMark,
        ..said
    })
}
