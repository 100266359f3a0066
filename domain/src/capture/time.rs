//! Times of day: `5pm`, `at 17:30`, `um 17 Uhr`, and behind a day `at 9` and `morning`.

use super::date::{self, month};
use super::word::{Wants, Word};
use super::words::{Language, is};
use crate::{Day, DueTime};

/// What stands before a time, and whether an hour alone may follow: `pages 3 bis 5` are none.
const BEFORE: &[(Language, &str, bool)] = &[
    (Language::English, "at", true),
    (Language::English, "by", false),
    (Language::German, "um", true),
    (Language::German, "bis", false),
];

/// What stands behind an hour in German, as a word of its own.
const UHR: &str = "uhr";

/// What a part of a day is called, and from which hour on it is meant. Whoever wants another hour says it.
const PARTS: &[(Language, &[&str], u16)] = &[
    (Language::English, &["morning"], 9),
    (Language::English, &["in", "the", "morning"], 9),
    (Language::English, &["noon"], 12),
    (Language::English, &["at", "noon"], 12),
    (Language::English, &["afternoon"], 15),
    (Language::English, &["in", "the", "afternoon"], 15),
    (Language::English, &["evening"], 19),
    (Language::English, &["in", "the", "evening"], 19),
    (Language::English, &["night"], 20),
    (Language::German, &["früh"], 9),
    (Language::German, &["frueh"], 9),
    (Language::German, &["am", "morgen"], 9),
    (Language::German, &["vormittag"], 10),
    (Language::German, &["am", "vormittag"], 10),
    (Language::German, &["mittag"], 12),
    (Language::German, &["am", "mittag"], 12),
    (Language::German, &["nachmittag"], 15),
    (Language::German, &["am", "nachmittag"], 15),
    (Language::German, &["abend"], 19),
    (Language::German, &["am", "abend"], 19),
];

/// Hours of which nobody says whether they are before noon or after it: until this one they are meant after it, `at 5`.
const FIRST_BEFORE_NOON: u16 = 7;

const NOON: u16 = 12;

/// A time that words say.
pub(super) struct Said {
    pub(super) time: DueTime,
    /// How many words say it.
    pub(super) length: usize,
    pub(super) wants: Wants,
    /// Whether a word before it says that it is a time.
    pub(super) is_meant: bool,
    /// Whether it is one only with a day beside it.
    pub(super) leans: bool,
}

/// The time of day that a line says from its first word on. `is_behind_day` says whether the words before it are a day: then it may be short.
/// A number with a colon may be a score or a verse, so without a day beside it or `at` before it, it is title.
pub(super) fn read(
    words: &[Word<'_>],
    is_behind_day: bool,
    languages: &[Language],
    today: Day,
) -> Option<Said> {
    if is_behind_day && let Some((language, minute, length)) = part(words, languages) {
        // In the midst of a line it may be a part of what is done: `tomorrow morning run`. In German the verb is the last word.
        let wants = match language {
            Language::German => Wants::Nothing,
            Language::English => Wants::End,
        };
        return Some(Said {
            time: DueTime::of(minute)?,
            length,
            wants,
            is_meant: true,
            leans: true,
        });
    }
    let first = words.first()?;
    let is_before = |(language, before, _): &&(Language, &str, bool)| {
        languages.contains(language) && is(first.text, before)
    };
    let before = BEFORE.iter().find(is_before);
    let before = before.filter(|_| first.mark.is_none() && !first.is_quoted);
    let is_meant = before.is_some();
    let (minute, length, sure) = clock(words.get(usize::from(is_meant)..)?, is_meant, languages)?;
    let length = usize::from(is_meant) + length;
    let has_day_behind = || {
        let is_joined = words.get(length - 1).is_some_and(|last| last.mark.is_none());
        let rest = words.get(length..).filter(|_| is_joined);
        rest.and_then(|rest| date::read(rest, false, false, today))
            .is_some()
    };
    let is_beside_day = is_behind_day || has_day_behind();
    let is_time = match sure {
        // `at 5 December`
        Sure::No => {
            let is_date = words.get(length).is_some_and(|next| month(next).is_some());
            before.is_some_and(|(.., takes_hour)| *takes_hour) && is_beside_day && !is_date
        }
        Sure::Beside => is_meant || is_beside_day,
        Sure::Yes => true,
    };
    if !is_time {
        return None;
    }
    let wants = if is_meant || is_beside_day {
        Wants::Nothing
    } else {
        Wants::EndOrMark
    };
    Some(Said {
        time: DueTime::of(minute)?,
        length,
        wants,
        is_meant,
        leans: sure == Sure::No || sure == Sure::Beside && !is_meant,
    })
}

/// A part of a day: in which language, in minutes after midnight, and how many words say it.
fn part(words: &[Word<'_>], languages: &[Language]) -> Option<(Language, u16, usize)> {
    let is_said = |(language, part, _): &&(Language, &[&str], u16)| {
        let ends = part.len() - 1;
        let is_next = |(at, (word, text)): (usize, (&Word<'_>, &&str))| {
            // A name has capital letters, which in German every noun has: `Monday Morning`.
            let is_name = word.is_capital && *language == Language::English;
            is(word.text, text) && is_open(word) && (at == ends || word.mark.is_none()) && !is_name
        };
        languages.contains(language)
            && words.len() > ends
            && words.iter().zip(part.iter()).enumerate().all(is_next)
    };
    let (language, part, hour) = PARTS.iter().find(is_said)?;
    Some((*language, hour * 60, part.len()))
}

/// How sure it is that figures are a time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sure {
    /// `9`: only behind `at`, beside a day.
    No,
    /// `17:00`: beside a day, or behind `at`.
    Beside,
    /// `5pm`.
    Yes,
}

/// A time in figures, in minutes after midnight, and how many words say it. `is_meant` says whether a word before them says that they are one.
fn clock(words: &[Word<'_>], is_meant: bool, languages: &[Language]) -> Option<(u16, usize, Sure)> {
    let first = words.first().filter(|word| is_open(word))?;
    let reads_german = languages.contains(&Language::German);
    // `5pm`, `5:30pm`
    let end = first.text.find(|c: char| c.is_ascii_alphabetic());
    if let Some((figures, half)) = end.and_then(|end| first.text.split_at_checked(end))
        && !figures.is_empty()
    {
        let (hour, minute, _) = figures_of(figures, false)?;
        return Some((after_noon(hour, half)? * 60 + minute, 1, Sure::Yes));
    }
    let (hour, minute, has_minutes) = figures_of(first.text, reads_german)?;
    if let Some(second) = words.get(1).filter(|word| is_open(word) && first.mark.is_none()) {
        // `5 pm`
        let has_colon = !has_minutes || first.text.contains(':');
        // `Zimmer 12 am Freitag`
        let is_german = reads_german && !is_meant && is(second.text, "am");
        if let Some(hour) = after_noon(hour, second.text).filter(|_| has_colon && !is_german) {
            return Some((hour * 60 + minute, 2, Sure::Yes));
        }
        if reads_german && is(second.text, UHR) {
            return Some((hour * 60 + minute, 2, Sure::Yes));
        }
    }
    if has_minutes {
        // `17.30` is a number, unless `Uhr` follows.
        return first
            .text
            .contains(':')
            .then_some((hour * 60 + minute, 1, Sure::Beside));
    }
    let is_early = hour > 0 && hour < FIRST_BEFORE_NOON;
    let hour = if is_early { hour + NOON } else { hour };
    (first.text.len() <= 2 && hour > 0).then_some((hour * 60, 1, Sure::No))
}

/// The hour that is meant by that one and `am` or `pm`.
fn after_noon(hour: u16, half: &str) -> Option<u16> {
    let is_pm = ["pm", "p.m"].iter().any(|known| is(half, known));
    let is_am = ["am", "a.m"].iter().any(|known| is(half, known));
    ((is_am || is_pm) && (1..=NOON).contains(&hour)).then(|| hour % NOON + if is_pm { NOON } else { 0 })
}

/// The hour and the minute of `17`, `17:30` or, with a dot, `17.30`, and whether it says minutes.
fn figures_of(text: &str, with_dot: bool) -> Option<(u16, u16, bool)> {
    let number = |text: &str, below: u16| {
        let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
        text.parse::<u16>()
            .ok()
            .filter(|number| is_number && *number < below)
    };
    let split = text
        .split_once(':')
        .or_else(|| text.split_once('.').filter(|_| with_dot));
    match split {
        Some((hour, minute)) => {
            let minute = number(minute, 60).filter(|_| minute.len() == 2)?;
            Some((number(hour, 24)?, minute, true))
        }
        None => Some((number(text, 24)?, 0, false)),
    }
}

fn is_open(word: &Word<'_>) -> bool {
    !word.is_quoted && !word.is_escaped
}
