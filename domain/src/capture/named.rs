//! What a line names: who is to do the task, `+Ana`, or `+Ana Maria` or `+Dr. Bob` where that is the name; its labels, `@home`; its
//! section, `/Kitchen`; and its list, `#Groceries`.

use super::word::{Word, is_mark};
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

/// The section, with `/`, or the list, with `#`, that a line names from its first word on, whatever its letters' case, and how many words name
/// it: one that there is, by its whole name. What begins with such a mark is often something else: `/etc/hosts`, `#1`.
pub(super) fn place<T: Copy>(words: &[Word<'_>], mark: char, places: &[(T, String)]) -> Option<(T, usize)> {
    let typed = marked(words, mark)?;
    let mut best: Option<(T, usize)> = None;
    for (place, name) in places {
        let said = begins(words, typed, name).filter(|(_, is_whole)| *is_whole);
        if let Some((length, _)) = said
            && best.is_none_or(|(_, before)| before < length)
        {
            best = Some((*place, length));
        }
    }
    best
}

/// The first word behind that mark.
fn marked<'a>(words: &[Word<'a>], mark: char) -> Option<&'a str> {
    let typed = words.first()?.text.strip_prefix(mark)?;
    (!typed.is_empty()).then_some(typed)
}

/// Whether a name begins with what is typed; then how many words say how much of it, and whether that is all.
fn begins(words: &[Word<'_>], typed: &str, name: &str) -> Option<(usize, bool)> {
    let mut parts = name.split_whitespace();
    let mut goes_on = says(words.first()?, typed, parts.next()?)?;
    let mut length = 1;
    let is_whole = parts.all(|part| {
        let next = words
            .get(length)
            .filter(|word| goes_on && !word.is_quoted && !word.is_escaped);
        let said = next.and_then(|word| says(word, word.text, part));
        length += usize::from(said.is_some());
        goes_on = said.unwrap_or_default();
        said.is_some()
    });
    Some((length, is_whole))
}

/// Whether a word, of which this is typed, is that part of a name; then whether the name may go on behind it. A mark behind the word ends
/// the name, unless it is of the name: `Dr.`, which may be typed as `Dr` as well.
fn says(word: &Word<'_>, typed: &str, part: &str) -> Option<bool> {
    let (bare, mark) = match part.chars().next_back().filter(|last| is_mark(*last)) {
        Some(mark) => (part.strip_suffix(mark)?, Some(mark)),
        None => (part, None),
    };
    let is_said = same_text(typed, part) || !bare.is_empty() && same_text(typed, bare);
    is_said.then_some(word.mark.is_none() || word.mark == mark)
}
