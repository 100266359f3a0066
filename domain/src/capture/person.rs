//! Who is to do a task: `+Ana`, or `+Ana Maria` where that is the name.

use super::word::Word;
use super::{Named, same_text};
use crate::PersonId;

/// The person whom a line names from its first word on, and how many words name them. A first name is enough where one person has it;
/// a name that two people have names nobody.
pub(super) fn read(words: &[Word<'_>], people: &[Named]) -> Option<(PersonId, usize)> {
    let first = words.first()?;
    let typed = first.text.strip_prefix('+').filter(|typed| !typed.is_empty())?;
    let mut best: Option<(PersonId, usize, bool)> = None;
    let mut is_doubtful = false;
    for (person, name) in people {
        let mut parts = name.split_whitespace();
        if !parts.next().is_some_and(|part| same_text(part, typed)) {
            continue;
        }
        let mut length = 1;
        let is_whole = parts.all(|part| {
            let goes_on = words.get(length - 1).is_some_and(|word| word.mark.is_none());
            let is_next = |word: &Word<'_>| !word.is_quoted && !word.is_escaped && same_text(word.text, part);
            let is_said = goes_on && words.get(length).is_some_and(is_next);
            length += usize::from(is_said);
            is_said
        });
        let length = if is_whole { length } else { 1 };
        match best {
            Some((_, before, was_whole)) if (was_whole, before) > (is_whole, length) => {}
            Some((other, before, was_whole)) if (was_whole, before) == (is_whole, length) => {
                is_doubtful |= other != *person;
            }
            _ => {
                best = Some((*person, length, is_whole));
                is_doubtful = false;
            }
        }
    }
    best.filter(|_| !is_doubtful)
        .map(|(person, length, _)| (person, length))
}
