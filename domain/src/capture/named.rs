//! What a line names: who is to do the task, `+Ana`, or `+Ana Maria` where that is the name; and its labels, `@home`.

use super::word::Word;
use super::words::same_text;
use crate::{LabelName, PersonId};

/// The person whom a line names from its first word on, and how many words name them. A first name is enough where one person has it;
/// a name that two people have names nobody.
pub(super) fn person(words: &[Word<'_>], people: &[(PersonId, String)]) -> Option<(PersonId, usize)> {
    let typed = marked(words, '+')?;
    let mut best: Option<(PersonId, usize, bool)> = None;
    let mut is_doubtful = false;
    for (person, name) in people {
        let Some((length, is_whole)) = begins(words, typed, name) else {
            continue;
        };
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

/// The label that a line names from its first word on, and how many words name it: one that there is, whatever its letters' case, or else
/// a new one of one word. What begins with a figure is none: `Dinner @7`.
pub(super) fn label(words: &[Word<'_>], labels: &[LabelName]) -> Option<(LabelName, usize)> {
    let typed = marked(words, '@')?;
    let known = labels.iter().filter_map(|label| {
        let (length, is_whole) = begins(words, typed, label.as_str())?;
        is_whole.then_some((label, length))
    });
    if let Some((label, length)) = known.max_by_key(|(_, length)| *length) {
        return Some((label.clone(), length));
    }
    let is_word = !typed.starts_with(|c: char| c.is_ascii_digit()) && !typed.contains('@');
    let label = LabelName::parse(typed).ok().filter(|_| is_word)?;
    Some((label, 1))
}

/// The first word behind that mark.
fn marked<'a>(words: &[Word<'a>], mark: char) -> Option<&'a str> {
    let typed = words.first()?.text.strip_prefix(mark)?;
    (!typed.is_empty()).then_some(typed)
}

/// Whether a name begins with what is typed; then how many words say how much of it, and whether that is all.
fn begins(words: &[Word<'_>], typed: &str, name: &str) -> Option<(usize, bool)> {
    let mut parts = name.split_whitespace();
    if !same_text(parts.next()?, typed) {
        return None;
    }
    let mut length = 1;
    let is_whole = parts.all(|part| {
        let goes_on = words.get(length - 1).is_some_and(|word| word.mark.is_none());
        let is_next = |word: &Word<'_>| !word.is_quoted && !word.is_escaped && same_text(word.text, part);
        let is_said = goes_on && words.get(length).is_some_and(is_next);
        length += usize::from(is_said);
        is_said
    });
    Some((length, is_whole))
}
