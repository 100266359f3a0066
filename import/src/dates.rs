//! Days as files write them: as times in one of the usual forms, as numbers, or in words.

use domain::capture::{Language, Names, capture, repetition};
use domain::{Day, DueTime, Field, Repetition};

use crate::times::time_of;

/// The most bytes of a date that is looked at.
const LONGEST: usize = 100;

/// How a moment ends that is in UTC.
const UTC: [&str; 4] = ["Z", "z", "+0000", "+00:00"];

/// By how many hours the clocks of a part of the world are behind UTC at the most, and before it.
const HOURS: [(&str, u8, u8); 7] = [
    ("Africa", 1, 4),
    ("America", 10, 0),
    ("Asia", 0, 12),
    ("Australia", 0, 11),
    ("Europe", 0, 4),
    ("Indian", 0, 7),
    ("Pacific", 11, 14),
];

/// A moment as a file writes it: `2026-12-05T18:00:00.000Z`, `2026-12-05 18:00`, `2026-12-05`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Stamp {
    pub(crate) day: Day,
    /// Hours and minutes, where it has some other than midnight.
    time: Option<(u8, u8)>,
    /// Whether it says that it is in UTC.
    is_utc: bool,
}

impl Stamp {
    /// Reads it as it stands, in whatever zone that is.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let day = Day::parse(text.get(..10)?)?;
        let rest = text.get(10..)?;
        if rest.is_empty() {
            return Some(Self {
                day,
                time: None,
                is_utc: false,
            });
        }
        let clock = rest.strip_prefix(['T', 't', ' '])?;
        let (hour, minute) = (
            two_digits(clock.get(..2)?)?,
            two_digits(clock.strip_prefix(clock.get(..2)?)?.strip_prefix(':')?.get(..2)?)?,
        );
        let is_rest_of_time = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | '+' | '-' | 'Z' | 'z');
        let is_right = hour < 24 && minute < 60 && clock.chars().all(is_rest_of_time);
        is_right.then_some(Self {
            day,
            time: ((hour, minute) != (0, 0)).then_some((hour, minute)),
            is_utc: UTC.iter().any(|zone| clock.ends_with(zone)),
        })
    }

    /// Whether it says a time of day.
    pub(crate) const fn has_time(self) -> bool {
        self.time.is_some()
    }

    /// The time of day that it says: in UTC where it says so, and else by every clock.
    pub(crate) fn due_time(self) -> Option<DueTime> {
        let (hour, minute) = self.time?;
        let time = DueTime::of(u16::from(hour) * 60 + u16::from(minute))?;
        Some(if self.is_utc { time.in_zone("UTC") } else { time })
    }

    /// Whether the day may be another one in that zone, or where nobody knows the zone. A list of zones and their hours would be a large
    /// thing to keep up to date, so the part of the world has to do.
    pub(crate) fn is_doubtful(self, zone: &str) -> bool {
        let (region, _) = zone.split_once('/').unwrap_or((zone, ""));
        let known = HOURS.iter().find(|(name, ..)| *name == region);
        let (_, behind, before) = known.copied().unwrap_or(("", 8, 10));
        let is_other = |(hour, _): (u8, u8)| hour < behind || hour + before >= 24;
        self.is_utc && self.time.is_some_and(is_other)
    }

    /// The day that is meant by a whole day's midnight in some zone, written in UTC: from 11:00 on it is the next one, somewhere in the
    /// east. There is summer time 13 hours before UTC, and hardly anybody lives 11 hours behind it.
    pub(crate) fn whole_day(self) -> Day {
        let is_east = self.time.is_some_and(|(hour, _)| hour >= 11);
        let next = if is_east { self.day.plus(1) } else { None };
        next.unwrap_or(self.day)
    }
}

fn two_digits(text: &str) -> Option<u8> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

/// What a date says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Said {
    /// The day, if it can be told.
    pub(crate) day: Option<Day>,
    /// The time of that day, if it says one.
    pub(crate) time: Option<DueTime>,
    pub(crate) repeats: bool,
    /// How it repeats, if that is understood.
    pub(crate) repeat: Option<Repetition>,
}

/// Words with which something begins that repeats.
const REPEATING: &[&str] = &[
    "every",
    "every!",
    "ev",
    "ev!",
    "each",
    "after",
    "daily",
    "weekly",
    "monthly",
    "yearly",
    "jeden",
    "jede",
    "jedes",
    "alle",
    "täglich",
    "wöchentlich",
    "monatlich",
    "jährlich",
];

/// The first year that is read in words.
const FIRST_YEAR: i32 = 1970;

/// In days.
const HALF_A_YEAR: i32 = 182;

/// Words before a time of day.
const BEFORE_TIME: &[&str] = &["at", "@", "um"];

/// Reads a date in words or numbers on that day.
pub(crate) fn said(text: &str, today: Option<Day>, languages: &[Language]) -> Said {
    let text = text.trim();
    if text.len() > LONGEST {
        return Said::default();
    }
    if let Some(stamp) = Stamp::parse(text) {
        return Said {
            day: Some(stamp.day),
            time: stamp.due_time(),
            ..Said::default()
        };
    }
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let repeats = words
        .first()
        .is_some_and(|first| REPEATING.contains(&first.to_lowercase().as_str()));
    let at = words.iter().position(|word| time_of(word).is_some());
    let mut time = None;
    if let Some(at) = at {
        let mut said = words.remove(at).to_lowercase();
        let behind = words.get(at).map(|word| word.to_lowercase());
        if let Some(behind) = behind.filter(|word| matches!(word.as_str(), "am" | "pm" | "uhr")) {
            words.remove(at);
            said += behind.trim_end_matches("uhr");
        }
        time = time_of(&said);
        if at
            .checked_sub(1)
            .and_then(|before| words.get(before))
            .is_some_and(|word| BEFORE_TIME.contains(&word.to_lowercase().as_str()))
        {
            words.remove(at - 1);
        }
    }
    let repeat = today.and_then(|today| repetition(&words.join(" "), today));
    if let Some(first) = repeat.and_then(|repeat| repeat.first()) {
        return Said {
            day: Some(first),
            time,
            repeats: true,
            repeat,
        };
    }
    let rest = words.get(usize::from(repeats)..).unwrap_or_default().join(" ");
    Said {
        day: in_numbers(&rest).or_else(|| in_words(&rest, today, languages)),
        time,
        repeats,
        repeat: None,
    }
}

/// `5.12.2026`, `2026/12/05`, and `13/5/2026` or `13-5-2026` where only one of both can be the month.
fn in_numbers(text: &str) -> Option<Day> {
    let mark = ['.', '/', '-'].into_iter().find(|mark| text.contains(*mark))?;
    let mut parts = text.split(mark).map(|part| part.trim().parse::<i32>().ok());
    let (Some(first), Some(second), Some(third), None) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next())
    else {
        return None;
    };
    let small = |number: i32| u8::try_from(number).unwrap_or(u8::MAX);
    if first > 31 {
        return Day::of(first, small(second), small(third));
    }
    if third < 1_000 {
        return None;
    }
    match (first, second) {
        _ if mark == '.' => Day::of(third, small(second), small(first)),
        (1..=12, 1..=12) if first != second => None,
        (13.., _) => Day::of(third, small(second), small(first)),
        _ => Day::of(third, small(first), small(second)),
    }
}

/// A day that words say. Who types a task means a day to come, and a file also has days that are over: a day of a year that is said is that
/// day, and one without a year the nearest.
fn in_words(text: &str, today: Option<Day>, languages: &[Language]) -> Option<Day> {
    let today = today?;
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    let year = words.find_map(|word| word.parse::<i32>().ok().filter(|number| *number > 999));
    if let Some(year) = year {
        let day = captured(text, Day::of(FIRST_YEAR, 1, 1)?, languages);
        return day.filter(|day| day.parts().0 == year);
    }
    let day = captured(text, today, languages)?;
    let is_of_year = |other: &Day| {
        let ((_, month, of_month), (_, other_month, other)) = (day.parts(), other.parts());
        (month, of_month) == (other_month, other) && text.contains(|c: char| c.is_ascii_digit())
    };
    // Words that count from today say something else half a year ago.
    let nearest = captured(text, today.plus(-HALF_A_YEAR)?, languages).filter(is_of_year);
    Some(nearest.unwrap_or(day))
}

/// A day that all of the words are needed for.
fn captured(text: &str, today: Day, languages: &[Language]) -> Option<Day> {
    // A line needs a title beside its day.
    let captured = capture(&format!("Task {text}"), today, languages, &Names::default(), &[]);
    // What says a part of a day, too, is kept as it stands.
    let is_more = captured
        .spans
        .iter()
        .any(|span| matches!(span.says.field(), Some(Field::DueTime(_))));
    if is_more || captured.title.trim() != "Task" {
        return None;
    }
    captured.spans.iter().find_map(|span| match span.says.field() {
        Some(Field::Due(day)) => *day,
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_where_it_can_be_told() {
        let today = Day::of(2026, 12, 2);
        let languages = Language::of(["de"]);
        for (text, day, has_time, repeats) in [
            ("2026-12-05", "2026-12-05", false, false),
            ("2026-12-05T18:00:00.000Z", "2026-12-05", true, false),
            ("2026-12-05T00:00:00+0000", "2026-12-05", false, false),
            ("2026-12-05 18:00", "2026-12-05", true, false),
            ("2026-12-05T99:00", "", false, false),
            ("tomorrow", "2026-12-03", false, false),
            ("tomorrow morning", "", false, false),
            ("tomorrow at 18:00", "2026-12-03", true, false),
            ("5 Dec 2026 6pm", "2026-12-05", true, false),
            ("Dec 5", "2026-12-05", false, false),
            ("every friday", "2026-12-04", false, true),
            ("every day", "2026-12-02", false, true),
            ("ev other blue moon", "", false, true),
            ("every fri 6:30 pm", "2026-12-04", true, true),
            ("übermorgen um 9:00 Uhr", "2026-12-04", true, false),
            ("5.12.2026", "2026-12-05", false, false),
            ("13/5/2026", "2026-05-13", false, false),
            ("5/13/2026", "2026-05-13", false, false),
            ("5/5/2026", "2026-05-05", false, false),
            ("5/6/2026", "", false, false),
            ("05-12-2026", "", false, false),
            ("13-12-2026", "2026-12-13", false, false),
            ("1 Nov", "2026-11-01", false, false),
            ("1. November um 18:00", "2026-11-01", true, false),
            ("1.11.", "2026-11-01", false, false),
            ("1 Jul", "2026-07-01", false, false),
            ("1 Jun", "2027-06-01", false, false),
            ("29 Feb", "2028-02-29", false, false),
            ("5 Dec 2025", "2025-12-05", false, false),
            ("Dec 5, 2025 at 6pm", "2025-12-05", true, false),
            ("5 Dec 2027", "2027-12-05", false, false),
            ("5th", "", false, false),
            ("on the 1st", "2027-01-01", false, false),
            ("in 3 days", "2026-12-05", false, false),
            ("next year", "2027-01-01", false, false),
            ("2026/12/05", "2026-12-05", false, false),
            ("31.2.2026", "", false, false),
            ("someday", "", false, false),
            ("", "", false, false),
        ] {
            let day = (!day.is_empty()).then(|| Day::parse(day).unwrap());
            let found = said(text, today, &languages);
            assert_eq!(
                (found.day, found.time.is_some(), found.repeats),
                (day, has_time, repeats),
                "{text}"
            );
            assert_eq!(found.repeat.is_some(), text.starts_with("every"), "{text}");
        }
    }

    #[test]
    fn the_time_of_a_date_is_read_with_it() {
        let today = Day::of(2026, 12, 2);
        for (text, time) in [
            ("2026-12-05T18:00:00.000Z", "18:00 UTC"),
            ("2026-12-05 18:05", "18:05"),
            ("2026-12-05T18:05:00+01:00", "18:05"),
            ("2026-12-05T00:00:00Z", ""),
            ("tomorrow at 18:00", "18:00"),
            ("tomorrow at 18:00:30", "18:00"),
            ("5 Dec 2026 6pm", "18:00"),
            ("5 Dec 2026 6:30 pm", "18:30"),
            ("5 Dec 2026 12am", "00:00"),
            ("5 Dec 2026 12:15 pm", "12:15"),
            ("every fri 6:30 AM", "06:30"),
            ("übermorgen um 9:00 Uhr", "09:00"),
            ("tomorrow", ""),
        ] {
            let found = said(text, today, &Language::of(["de"])).time;
            assert_eq!(
                found.map(|time| time.to_string()).unwrap_or_default(),
                time,
                "{text}"
            );
        }
    }

    #[test]
    fn a_whole_day_in_utc_is_the_day_of_its_zone() {
        for (text, day) in [
            ("2026-12-05T00:00:00.0000000", "2026-12-05"),
            ("2026-12-04T23:00:00+0000", "2026-12-05"),
            ("2026-12-05T05:00:00+0000", "2026-12-05"),
            ("2026-12-31T15:00:00Z", "2027-01-01"),
            ("2026-12-31T11:00:00Z", "2027-01-01"),
            ("2026-12-31T10:00:00Z", "2026-12-31"),
        ] {
            assert_eq!(
                Some(Stamp::parse(text).unwrap().whole_day()),
                Day::parse(day),
                "{text}"
            );
        }
    }

    #[test]
    fn a_time_in_utc_near_midnight_may_be_of_another_day() {
        for (text, zone, expected) in [
            ("2026-12-05T12:00:00Z", "", false),
            ("2026-12-05T02:00:00Z", "", true),
            ("2026-12-05T23:00:00+0000", "", true),
            ("2026-12-05T23:00:00+01:00", "", false),
            ("2026-12-05 23:00", "", false),
            ("2026-12-05T00:00:00Z", "", false),
            ("2026-12-05T02:00:00Z", "Europe/Berlin", false),
            ("2026-12-05T23:30:00Z", "Europe/Berlin", true),
            ("2026-12-05T02:00:00Z", "America/New_York", true),
            ("2026-12-05T23:30:00Z", "America/New_York", false),
            ("2026-12-05T13:00:00Z", "Asia/Tokyo", true),
        ] {
            assert_eq!(
                Stamp::parse(text).unwrap().is_doubtful(zone),
                expected,
                "{text} {zone}"
            );
        }
    }
}
