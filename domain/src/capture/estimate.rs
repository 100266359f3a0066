//! How long a task takes, in words: `for 30 min`, `for an hour`, `für 1 h 30 min`.

use super::word::{Wants, Word};
use super::words::{Language, Meaning, is};
use crate::Estimate;

/// What stands before it.
const BEFORE: &[(Language, &str)] = &[
    (Language::English, "for"),
    (Language::German, "für"),
    (Language::German, "fuer"),
];

/// What is counted, in minutes: behind a number, or at one with it. Whoever reads one of the languages writes the units of the other, too.
const UNITS: &[(&str, u32)] = &[
    ("min", 1),
    ("mins", 1),
    ("minute", 1),
    ("minutes", 1),
    ("minuten", 1),
    ("h", 60),
    ("hr", 60),
    ("hrs", 60),
    ("hour", 60),
    ("hours", 60),
    ("std", 60),
    ("stunde", 60),
    ("stunden", 60),
];

/// `half an hour`, `eine halbe Stunde`.
const HALF: &[&[&str]] = &[
    &["half", "an", "hour"],
    &["half", "hour"],
    &["a", "half", "hour"],
    &["eine", "halbe", "stunde"],
    &["halbe", "stunde"],
];

/// An estimate that words say.
pub(super) struct Said {
    pub(super) estimate: Estimate,
    /// How many words say it.
    pub(super) length: usize,
    pub(super) wants: Wants,
}

/// The estimate that a line says from its first word on. It stands at the end, or ends with a comma at the beginning: in the midst it is
/// part of the title, `Bake for 30 min at 180 degrees`.
pub(super) fn read(words: &[Word<'_>], languages: &[Language]) -> Option<Said> {
    let first = words.first().filter(|word| word.mark.is_none())?;
    let is_before =
        |(language, before): &(Language, &str)| languages.contains(language) && is(first.text, before);
    BEFORE.iter().find(|before| is_before(before))?;
    let (minutes, length) = minutes(words.get(1..)?)?;
    Some(Said {
        estimate: Estimate::of_minutes(minutes)?,
        length: length + 1,
        wants: Wants::EndOrMark,
    })
}

/// So many minutes, or hours, or hours and minutes, and how many words say it.
pub(super) fn minutes(words: &[Word<'_>]) -> Option<(u32, usize)> {
    let is_said = |half: &&&[&str]| {
        let ends = half.len() - 1;
        let is_next = |(at, (word, text)): (usize, (&Word<'_>, &&str))| {
            is(word.text, text) && is_open(word) && (at == ends || word.mark.is_none())
        };
        words.len() > ends && words.iter().zip(half.iter()).enumerate().all(is_next)
    };
    if let Some(half) = HALF.iter().find(is_said) {
        return Some((30, half.len()));
    }
    let (first, unit, length) = amount(words)?;
    let goes_on = words.get(length - 1).is_some_and(|word| !ends(word));
    let rest = words.get(length..).filter(|_| unit == 60 && goes_on);
    match rest.and_then(amount) {
        Some((minutes @ ..60, 1, more)) => Some((first + minutes, length + more)),
        _ => Some((first, length)),
    }
}

/// One number with its unit, in minutes; the unit; and how many words say it.
fn amount(words: &[Word<'_>]) -> Option<(u32, u32, usize)> {
    let first = words.first().filter(|word| is_open(word))?;
    let end = first
        .text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')));
    // `30min`
    if let Some((figures, unit)) = end.and_then(|end| first.text.split_at_checked(end))
        && !figures.is_empty()
    {
        let unit = unit_of(unit)?;
        return Some((times(figures, unit)?, unit, 1));
    }
    let second = words
        .get(1)
        .filter(|word| is_open(word) && first.mark.is_none())?;
    let unit = unit_of(second.text)?;
    let minutes = match first.meaning {
        Some(Meaning::Number(number)) => u32::from(number) * unit,
        _ => times(first.text, unit)?,
    };
    Some((minutes, unit, 2))
}

pub(super) fn unit_of(text: &str) -> Option<u32> {
    let unit = UNITS.iter().find(|(unit, _)| is(text, unit));
    unit.map(|(_, minutes)| *minutes)
}

/// A number times that many minutes. Of hours there may be a half: `1.5`, `1,5`.
fn times(figures: &str, unit: u32) -> Option<u32> {
    let halved = figures.strip_suffix(".5").or_else(|| figures.strip_suffix(",5"));
    let (whole, half) = match halved.filter(|_| unit > 1) {
        Some(whole) => (whole, unit / 2),
        None => (figures, 0),
    };
    let is_number = (1..=5).contains(&whole.len()) && whole.bytes().all(|digit| digit.is_ascii_digit());
    let number = whole.parse::<u32>().ok().filter(|_| is_number)?;
    Some(number * unit + half)
}

const fn is_open(word: &Word<'_>) -> bool {
    !word.is_quoted && !word.is_escaped
}

/// Whether a mark behind the word ends what is said. A full stop shortens it: `2 Std. 30 Min.`
const fn ends(word: &Word<'_>) -> bool {
    matches!(word.mark, Some(mark) if mark != '.')
}
