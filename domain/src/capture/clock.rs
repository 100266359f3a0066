//! Times of day in figures, and what stands before and behind them: `5pm`, `at 17:30`, `um 17 Uhr`, `at 9 o'clock`.

use super::word::Word;
use super::words::{Language, is};

/// What stands before a time, and whether an hour alone may follow: `pages 3 bis 5` are none.
const BEFORE: &[(Language, &str, bool)] = &[
    (Language::English, "at", true),
    (Language::English, "by", false),
    (Language::German, "um", true),
    (Language::German, "bis", false),
];

/// What may stand before that.
const DUE: &[&str] = &["due", "fällig"];

/// What stands behind an hour, as a word of its own.
const CLOCK: &[&str] = &["o'clock", "o’clock", "oclock"];
const UHR: &str = "uhr";

/// Hours of which nobody says whether they are before noon or after it: until this one they are meant after it, `at 5`.
const FIRST_BEFORE_NOON: u16 = 7;

/// Hours before this one are of the afternoon where it is noon: `mittags um 1`.
const LAST_MORNING: u16 = 10;

/// The evening begins behind this one, and no hour of it before that.
const FIRST_OF_AFTERNOON: u16 = 15;
const FIRST_EVENING: u16 = 5;

/// The hours from which on it is noon, and night.
const NOON: u16 = 12;
pub(super) const NIGHT: u16 = 20;

/// How sure it is that figures are a time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sure {
    /// `9`: only behind `at`, beside a day or with a part of one.
    No,
    /// `17:00`: beside a day, or behind `at`.
    Beside,
    /// `5pm`.
    Yes,
}

/// A time in figures, with what stands before it.
pub(super) struct Clock {
    pub(super) hour: u16,
    pub(super) minute: u16,
    /// Whether it says which half of the day is meant.
    has_half: bool,
    /// Whether an early hour is meant after noon.
    shifts: bool,
    pub(super) sure: Sure,
    /// How many words say it.
    pub(super) length: usize,
    /// Whether a word before it says that it is a time; whether an hour alone may follow that; and in which language it is.
    pub(super) is_meant: bool,
    pub(super) takes_hour: bool,
    pub(super) language: Language,
}

impl Clock {
    /// The hour that is meant, in a part of a day that is meant from that hour on. None where it is of the day after: `Friday night at 1`.
    pub(super) fn hour_in(&self, part: Option<u16>) -> Option<u16> {
        let hour = self.hour;
        let is_late = |from: u16| from > FIRST_OF_AFTERNOON && (hour < FIRST_EVENING || hour == NOON);
        match part {
            _ if self.has_half || hour > NOON => Some(hour),
            Some(from) if is_late(from) => None,
            Some(NOON) if hour < LAST_MORNING => Some(hour + NOON),
            Some(from) if from > NOON && hour < NOON => Some(hour + NOON),
            None if self.shifts && hour > 0 && hour < FIRST_BEFORE_NOON => Some(hour + NOON),
            _ => Some(hour),
        }
    }
}

/// The time in figures that begins there, with the words before it.
pub(super) fn clock(words: &[Word<'_>], languages: &[Language]) -> Option<Clock> {
    let is_open = |word: &&Word<'_>| word.mark.is_none() && !word.is_quoted;
    let is_due = |word: &Word<'_>| DUE.iter().any(|due| is(word.text, due));
    let due = usize::from(words.first().filter(is_open).is_some_and(is_due));
    let first = words.get(due).filter(is_open);
    let before = BEFORE.iter().find(|(language, before, _)| {
        languages.contains(language) && first.is_some_and(|first| is(first.text, before))
    });
    let length = due + usize::from(before.is_some());
    let rest = words.get(length..)?;
    let is_german = languages.contains(&Language::German);
    // `um 10 am Bahnhof` is no English.
    let is_english = match before {
        Some((language, ..)) => *language == Language::English,
        None => !is_german,
    };
    let figures = figures(rest, is_german, is_english)?;
    Some(Clock {
        length: length + figures.length,
        is_meant: length > 0,
        takes_hour: before.is_some_and(|(.., takes_hour)| *takes_hour),
        language: before.map_or(Language::English, |(language, ..)| *language),
        ..figures
    })
}

/// A time in figures.
fn figures(words: &[Word<'_>], is_german: bool, is_english: bool) -> Option<Clock> {
    let first = words.first().filter(|word| !word.is_quoted)?;
    let of = |hour, minute, sure, length| Clock {
        hour,
        minute,
        has_half: false,
        shifts: false,
        sure,
        length,
        is_meant: false,
        takes_hour: false,
        language: Language::English,
    };
    if let Some((hour, minute)) = in_one_word(first.text) {
        return Some(Clock {
            has_half: true,
            ..of(hour, minute, Sure::Yes, 1)
        });
    }
    let (hour, minute, has_minutes) = figures_of(first.text, is_german)?;
    let has_colon = first.text.contains(':');
    if let Some(second) = words
        .get(1)
        .filter(|word| !word.is_quoted && first.mark.is_none())
    {
        // `5 pm`
        let half = after_noon(hour, second.text).filter(|_| !has_minutes || has_colon);
        if let Some(hour) = half.filter(|_| is_english || !is(second.text, "am")) {
            return Some(Clock {
                has_half: true,
                ..of(hour, minute, Sure::Yes, 2)
            });
        }
        if is_german && is(second.text, UHR) {
            return Some(of(hour, minute, Sure::Yes, 2));
        }
        if !has_minutes && CLOCK.iter().any(|clock| is(second.text, clock)) {
            return Some(Clock {
                shifts: true,
                ..of(hour, minute, Sure::Yes, 2)
            });
        }
    }
    if has_minutes {
        // `17.30` is a number, unless `Uhr` follows.
        return has_colon.then(|| of(hour, minute, Sure::Beside, 1));
    }
    (first.text.len() <= 2 && hour > 0).then(|| Clock {
        shifts: true,
        ..of(hour, 0, Sure::No, 1)
    })
}

/// Whether a word may be the end of a time in figures.
pub(super) fn ends_clock(word: &Word<'_>) -> bool {
    let is_word = |known: &&str| is(word.text, known);
    figures_of(word.text, true).is_some()
        || in_one_word(word.text).is_some()
        || [UHR, "am", "pm"].iter().any(is_word)
        || CLOCK.iter().any(is_word)
}

/// `5pm`, `5:30pm`: the hour and the minute.
fn in_one_word(text: &str) -> Option<(u16, u16)> {
    let end = text
        .find(|c: char| c.is_ascii_alphabetic())
        .filter(|end| *end > 0)?;
    let (figures, half) = text.split_at_checked(end)?;
    let (hour, minute, _) = figures_of(figures, false)?;
    Some((after_noon(hour, half)?, minute))
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
