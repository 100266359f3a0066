//! Times of day: `5pm`, `at 17:30`, `um 17 Uhr`, `at 7 in the evening`, and behind a day `at 9` and `morning`.

use super::clock::{NIGHT, Sure, clock, ends_clock};
use super::date::{self, month};
use super::estimate;
use super::word::{Wants, Word};
use super::words::{Language, Meaning, is};
use crate::{Day, DueTime};

/// Behind these a time is about right, which no time says.
const ABOUT: &[&str] = &[
    "about", "around", "approx", "ca", "circa", "etwa", "gegen", "@", "~",
];

/// Between two times, which say how long something is, or which of them.
const BETWEEN: &[&str] = &[
    "to", "until", "till", "or", "and", "bis", "oder", "und", "-", "–", "—", "/", "&",
];

/// What a part of a day is called, from which hour on it is meant where nobody says the hour, and whether it may stand behind an hour.
const PARTS: &[(Language, &[&str], u16, bool)] = &[
    (Language::English, &["morning"], 9, false),
    (Language::English, &["in", "the", "morning"], 9, true),
    (Language::English, &["noon"], 12, false),
    (Language::English, &["at", "noon"], 12, false),
    (Language::English, &["afternoon"], 15, false),
    (Language::English, &["in", "the", "afternoon"], 15, true),
    (Language::English, &["evening"], 19, false),
    (Language::English, &["in", "the", "evening"], 19, true),
    (Language::English, &["night"], NIGHT, false),
    (Language::English, &["at", "night"], NIGHT, true),
    (Language::German, &["früh"], 9, true),
    (Language::German, &["frueh"], 9, true),
    (Language::German, &["morgens"], 9, true),
    (Language::German, &["am", "morgen"], 9, true),
    (Language::German, &["vormittag"], 10, false),
    (Language::German, &["vormittags"], 10, true),
    (Language::German, &["am", "vormittag"], 10, true),
    (Language::German, &["mittag"], 12, false),
    (Language::German, &["mittags"], 12, true),
    (Language::German, &["am", "mittag"], 12, true),
    (Language::German, &["nachmittag"], 15, false),
    (Language::German, &["nachmittags"], 15, true),
    (Language::German, &["am", "nachmittag"], 15, true),
    (Language::German, &["abend"], 19, false),
    (Language::German, &["abends"], 19, true),
    (Language::German, &["am", "abend"], 19, true),
    (Language::German, &["nacht"], NIGHT, false),
    (Language::German, &["nachts"], NIGHT, true),
];

/// From which hour on it is evening.
const EVENING: u16 = 19;

/// A day that is a part of a day, too.
const TONIGHT: &str = "tonight";

/// What may follow `at 9` in English. Behind it a noun is what is counted: `at 3 shops`.
const BEHIND_HOUR: &[&str] = &[
    "about",
    "and",
    "at",
    "because",
    "before",
    "but",
    "for",
    "from",
    "if",
    "in",
    "near",
    "on",
    "or",
    "re",
    "regarding",
    "so",
    "then",
    "to",
    "until",
    "via",
    "when",
    "while",
    "with",
    "-",
    "–",
];

/// What is counted in German, so that the number before it is no hour: `um 10 Prozent`. Times and days are others.
const COUNTED: &[&str] = &[
    "prozent", "%", "euro", "€", "grad", "meter", "km", "kg", "cm", "stück", "personen", "leute", "plätze",
    "punkte",
];

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

/// The time of day that a line says from that word on. `is_behind_day` says whether the words before it are a day: then it may be short;
/// `opens` whether all before it is understood.
/// A number with a colon may be a score or a verse, so without a day beside it or `at` before it, it is title. So is what is from one time
/// to another, or about right: a task has one time.
pub(super) fn read(
    words: &[Word<'_>],
    at: usize,
    (is_behind_day, opens): (bool, bool),
    languages: &[Language],
    today: Day,
) -> Option<Said> {
    let rest = words.get(at..)?;
    let behind = |length: usize| {
        let is_joined = rest.get(length.checked_sub(1)?)?.mark.is_none();
        rest.get(length..).filter(|_| is_joined)
    };
    let part = is_behind_day.then(|| part(rest, languages, false)).flatten();
    // In the midst of a line a part of a day may be one of what is done: `tomorrow morning run`. In German the verb is the last word.
    let part_alone = part.filter(|part| !is_list(rest, *part, languages));
    let part_alone = part_alone.and_then(|part| {
        Some(Said {
            time: DueTime::of(part.hour * 60)?,
            length: part.length,
            wants: match part.language {
                Language::German => Wants::Nothing,
                Language::English => Wants::End,
            },
            is_meant: true,
            leans: true,
        })
    });
    let part_length = part.map_or(0, |part| part.length);
    let figures = if part.is_some() {
        behind(part_length)
    } else {
        Some(rest)
    };
    let Some(clock) = figures.and_then(|words| clock(words, languages)) else {
        return part_alone;
    };
    let mut length = part_length + clock.length;
    let follows = behind(length).and_then(|words| self::part(words, languages, true));
    let is_tonight = |word: Option<&Word<'_>>| word.is_some_and(|word| is(word.text, TONIGHT));
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    let has_day_behind = behind(length)
        .and_then(|rest| date::read(rest, false, false, today))
        .is_some();
    let of_day = part.or(follows).map(|part| part.hour).or_else(|| {
        let is_evening =
            is_behind_day && is_tonight(before) || is_tonight(behind(length).and_then(<[_]>::first));
        is_evening.then_some(EVENING)
    });
    length += follows.map_or(0, |part| part.length);
    let is_beside_day = is_behind_day || has_day_behind;
    let is_time = match clock.sure {
        Sure::No => {
            let goes_on = || {
                goes_on(
                    behind(length),
                    opens || has_day_behind || clock.language == Language::German,
                )
            };
            clock.takes_hour && (follows.is_some() || is_beside_day && goes_on())
        }
        Sure::Beside => clock.is_meant || is_beside_day,
        Sure::Yes => true,
    };
    let is_about = |word: &Word<'_>| ABOUT.iter().any(|about| is(word.text, about));
    let is_about = !clock.is_meant && before.is_some_and(is_about);
    if is_about || is_range(words, at, at + length, is_behind_day, languages) {
        return None;
    }
    if !is_time {
        return part_alone;
    }
    let leans = match clock.sure {
        Sure::No => follows.is_none(),
        Sure::Beside => !clock.is_meant,
        Sure::Yes => false,
    };
    Some(Said {
        time: DueTime::of(clock.hour_in(of_day)? * 60 + clock.minute)?,
        length,
        wants: if clock.is_meant || is_beside_day {
            Wants::Nothing
        } else {
            Wants::EndOrMark
        },
        is_meant: clock.is_meant,
        leans: leans || part.is_some(),
    })
}

/// Whether what follows an hour leaves it one. `is_sure` says whether any word may follow that is not counted.
fn goes_on(behind: Option<&[Word<'_>]>, is_sure: bool) -> bool {
    let Some(next) = behind.and_then(<[_]>::first) else {
        return true;
    };
    let is_of = |words: &[&str]| words.iter().any(|word| is(next.text, word));
    let is_counted = matches!(next.meaning, Some(Meaning::Unit(_)))
        || estimate::unit_of(next.text).is_some()
        || month(next).is_some()
        || is_of(COUNTED);
    let is_small = || {
        let is_marked = next.text.starts_with(['+', '@', '#', '/', '{', '(']);
        is_marked || next.meaning.is_some() || next.sign.is_some() || is_of(BEHIND_HOUR)
    };
    !is_counted && (is_sure || is_small())
}

/// Whether a part of a day is one of several: `morgens und abends`.
fn is_list(words: &[Word<'_>], part: Part, languages: &[Language]) -> bool {
    let last = part.length.checked_sub(1).and_then(|last| words.get(last));
    let has_comma = last.is_some_and(|last| last.mark == Some(','));
    let is_between = words.get(part.length).is_some_and(is_between);
    let next = part.length + usize::from(!has_comma);
    (has_comma || is_between)
        && words
            .get(next..)
            .is_some_and(|rest| self::part(rest, languages, false).is_some())
}

/// Whether a word stands between two that belong together.
fn is_between(word: &Word<'_>) -> bool {
    BETWEEN.iter().any(|between| is(word.text, between))
}

/// Whether the words from `at` to `end` are one of two times: `von 8 bis 12 Uhr`, `2pm to 4pm`, `5pm or 6pm`. What is counted behind them is
/// none: `5pm and 2 pizzas`.
fn is_range(words: &[Word<'_>], at: usize, end: usize, is_behind_day: bool, languages: &[Language]) -> bool {
    let word = |at: Option<usize>| at.and_then(|at| words.get(at));
    let is_between = |at| word(at).is_some_and(is_between);
    let is_joined = word(end.checked_sub(1)).is_some_and(|last| last.mark.is_none());
    let is_other = |rest: &[Word<'_>]| {
        clock(rest, languages).is_some_and(|clock| {
            let ends = rest.get(clock.length - 1).is_some_and(|last| last.mark.is_some());
            clock.sure != Sure::No || ends || rest.len() == clock.length
        })
    };
    let goes_on = is_joined && is_between(Some(end)) && words.get(end + 1..).is_some_and(is_other);
    // Behind a day `bis` says until when: `am 5.12. bis 17 Uhr`.
    let ends_clock = |at| word(at).is_some_and(ends_clock);
    let before = |count| at.checked_sub(count);
    let went_before =
        is_between(Some(at)) && ends_clock(before(1)) || is_between(before(1)) && ends_clock(before(2));
    goes_on || !is_behind_day && went_before
}

/// A part of a day that words say.
#[derive(Clone, Copy)]
struct Part {
    language: Language,
    /// The hour that is meant where nobody says one.
    hour: u16,
    /// How many words say it.
    length: usize,
}

/// The part of a day that begins there; behind an hour, only those that may stand there.
fn part(words: &[Word<'_>], languages: &[Language], is_behind_hour: bool) -> Option<Part> {
    let is_said = |(language, part, _, follows): &&(Language, &[&str], u16, bool)| {
        let ends = part.len() - 1;
        let is_next = |(at, (word, text)): (usize, (&Word<'_>, &&str))| {
            // A name has capital letters, which in German every noun has: `Monday Morning`.
            let is_name = word.is_capital && *language == Language::English;
            is(word.text, text) && !word.is_quoted && (at == ends || word.mark.is_none()) && !is_name
        };
        languages.contains(language)
            && (*follows || !is_behind_hour)
            && words.len() > ends
            && words.iter().zip(part.iter()).enumerate().all(is_next)
    };
    let (language, part, hour, _) = PARTS.iter().find(is_said)?;
    Some(Part {
        language: *language,
        hour: *hour,
        length: part.len(),
    })
}
