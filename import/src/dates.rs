//! Days as files write them: as times in one of the usual forms, as numbers, or in words.

use domain::capture::{Language, Names, capture, repetition};
use domain::{Day, DueTime, Field, Repetition};

use crate::stamp::Stamp;
use crate::times::time_of;

/// The most bytes of a date that is looked at.
const LONGEST: usize = 100;

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
        let (day, time) = stamp.due("");
        return Said {
            day: Some(day),
            time,
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
            ("2026-12-05T18:05:00+01:00", "17:05 UTC"),
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
}
