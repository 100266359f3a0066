//! What is understood of a line: tables of what people type, one a language.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "the tables are given")]

use domain::capture::{Captured, Language, Names, capture, estimate};
use domain::{Day, Estimate, Field};

/// A Wednesday.
const TODAY: &str = "2026-12-02";

fn today() -> Day {
    Day::parse(TODAY).unwrap()
}

/// What a line in English says where nothing can be named.
fn read(line: &str) -> Captured {
    read_but(line, &[])
}

/// The same where these parts are to stay title.
fn read_but(line: &str, plain: &[&str]) -> Captured {
    let plain: Vec<_> = plain.iter().map(|text| (*text).to_owned()).collect();
    capture(line, today(), &[Language::English], &Names::default(), &plain)
}

/// What stands in the columns of a table behind the line and its title.
const FIELDS: [&str; 4] = ["due", "priority", "repeat", "due_time"];
const TIMES: [&str; 6] = ["due", "due_time", "repeat", "start", "priority", "estimate"];
const PLAN: [&str; 4] = ["start", "estimate", "due", "repeat"];

/// Reads each line of a table, and says all that is otherwise.
fn check_table(table: &str, languages: &[Language], fields: &[&str], least: usize) {
    let (mut wrong, mut count) = (String::new(), 0);
    for line in table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
    {
        let mut parts = line.split(" | ");
        let typed = parts.next().unwrap();
        let title = parts.next().unwrap_or(typed);
        let mut wanted: Vec<Field> = Vec::new();
        for (field, value) in fields.iter().zip(parts).filter(|(_, value)| *value != "-") {
            wanted.push(Field::parse(field, value).expect(value).unwrap());
        }
        let captured = capture(typed, today(), languages, &Names::default(), &[]);
        let fields = captured.fields(today(), 0);
        let is_right = fields.len() == wanted.len() && wanted.iter().all(|field| fields.contains(field));
        if !is_right || captured.title.trim() != title {
            wrong += &format!(
                "{typed}: “{}” {fields:?}, and not “{title}” {wanted:?}\n",
                captured.title.trim()
            );
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "of {count} lines:\n{wrong}");
    assert!(count >= least, "{count} lines");
}

#[test]
fn a_line_in_english_is_read_as_a_person_means_it() {
    let table = include_str!("capture/english.txt");
    check_table(table, &[Language::English], &FIELDS, 300);
}

#[test]
fn a_line_in_german_is_read_as_a_person_means_it() {
    let table = include_str!("capture/german.txt");
    check_table(table, &Language::of(["fr", "de-AT"]), &FIELDS, 300);
}

#[test]
fn when_a_task_starts_and_how_long_it_takes_is_read_in_english() {
    let table = include_str!("capture/english-plan.txt");
    check_table(table, &[Language::English], &PLAN, 60);
}

#[test]
fn when_a_task_starts_and_how_long_it_takes_is_read_in_german() {
    let table = include_str!("capture/german-plan.txt");
    check_table(table, &Language::of(["de"]), &PLAN, 40);
}

#[test]
fn a_time_of_day_is_read_in_english() {
    let table = include_str!("capture/english-times.txt");
    check_table(table, &[Language::English], &TIMES, 80);
}

#[test]
fn a_time_of_day_is_read_in_german() {
    let table = include_str!("capture/german-times.txt");
    check_table(table, &Language::of(["de"]), &TIMES, 35);
}

#[test]
fn a_time_of_day_without_a_day_is_the_next_that_a_clock_shows() {
    let due = |line: &str, minute: u16| {
        let fields = read(line).fields(today(), minute);
        let due = fields.iter().find_map(|field| match field {
            Field::Due(day) => *day,
            _ => None,
        });
        due.map(|day| day.to_string()).unwrap_or_default()
    };
    for (line, minute, day) in [
        ("Call Ana at 5pm", 0, "2026-12-02"),
        ("Call Ana at 5pm", 16 * 60 + 59, "2026-12-02"),
        ("Call Ana at 5pm", 17 * 60, "2026-12-03"),
        ("Call Ana at 5pm", 23 * 60, "2026-12-03"),
        // A day that is said stays that day.
        ("Call Ana today at 5pm", 23 * 60, "2026-12-02"),
        ("Stretch every day at 8am", 7 * 60, "2026-12-02"),
        ("Stretch every day at 8am", 9 * 60, "2026-12-03"),
        ("Stretch every Monday at 8am", 9 * 60, "2026-12-07"),
        ("Stretch every day", 9 * 60, "2026-12-02"),
    ] {
        assert_eq!(due(line, minute), day, "{line} at {minute}");
    }
}

#[test]
fn an_estimate_is_read_by_itself_in_any_language() {
    for (text, minutes) in [
        ("30", Some(30)),
        (" 45 ", Some(45)),
        ("30 min", Some(30)),
        ("1 h 30 min", Some(90)),
        ("1.5 hours", Some(90)),
        ("2 Std.", Some(120)),
        ("half an hour", Some(30)),
        ("eine halbe Stunde", Some(30)),
        ("999 h", Some(59_940)),
        ("1000 h", None),
        ("99999 h", None),
        ("0", None),
        ("0 min", None),
        ("", None),
        ("soon", None),
        ("for 30 min", None),
        ("30 min and more", None),
        ("2 days", None),
    ] {
        assert_eq!(estimate(text).map(Estimate::minutes), minutes, "{text}");
    }
    for minutes in (1..=Estimate::MOST).step_by(7) {
        let it = Estimate::of_minutes(minutes).unwrap();
        assert_eq!(estimate(&it.in_words()), Some(it));
        assert_eq!(estimate(&it.to_string()), Some(it));
    }
}

#[test]
fn german_is_read_for_those_who_read_german() {
    assert_eq!(Language::of([]), [Language::English]);
    assert_eq!(Language::of(["en-GB", "dev"]), [Language::English]);
    assert_eq!(Language::of(["en", "de"]), [Language::English, Language::German]);
    let line = "Milch morgen";
    assert_eq!(read(line).title, line);
}

#[test]
fn what_somebody_wants_to_stay_title_stays_title() {
    let plain = |plain: &[&str]| {
        let captured = read_but("Read Tomorrow tomorrow p1", plain);
        (captured.title, captured.spans.len())
    };
    assert_eq!(plain(&[]), ("Read Tomorrow ".to_owned(), 2));
    assert_eq!(plain(&["P1"]), ("Read Tomorrow p1".to_owned(), 1));
    assert_eq!(plain(&["tomorrow"]), ("Read Tomorrow tomorrow ".to_owned(), 1));
    assert_eq!(
        plain(&["tomorrow", "p1"]),
        ("Read Tomorrow tomorrow p1".to_owned(), 0)
    );
}

#[test]
fn the_day_is_counted_from_the_day_that_it_is_typed_on() {
    let due = |line: &str, today: &str| {
        let captured = capture(
            line,
            Day::parse(today).unwrap(),
            &[Language::English],
            &Names::default(),
            &[],
        );
        captured.spans.first().and_then(|span| span.says.field().cloned())
    };
    let day = |text: &str| Some(Field::Due(Day::parse(text)));
    for (line, today, then) in [
        ("Call Monday", "2026-12-06", "2026-12-07"),
        ("Call Monday", "2026-12-07", "2026-12-14"),
        ("Call this Monday", "2026-12-07", "2026-12-07"),
        ("Call next Monday", "2026-12-06", "2026-12-07"),
        ("Call next Monday", "2026-12-07", "2026-12-14"),
        ("Call next Sunday", "2026-12-06", "2026-12-13"),
        ("Call next Sunday", "2026-12-07", "2026-12-20"),
        ("Call this weekend", "2026-12-06", "2026-12-06"),
        ("Call this weekend", "2026-12-05", "2026-12-05"),
        ("Call next week", "2026-12-06", "2026-12-07"),
        ("Call in a month", "2027-01-31", "2027-02-28"),
        ("Call eom", "2028-02-03", "2028-02-29"),
        ("Call 29 Feb", "2096-03-01", "2104-02-29"),
        ("Call on the 31st", "2027-02-01", "2027-03-31"),
        ("Call tomorrow", "2026-12-31", "2027-01-01"),
    ] {
        assert_eq!(due(line, today), day(then), "{line} on {today}");
    }
    // At the end of the calendar nothing is understood, and nothing fails.
    for line in [
        "Call tomorrow",
        "Call next week",
        "Call in 3 months",
        "Call next year",
        "Call Monday",
        "Call 1 May",
    ] {
        assert_eq!(due(line, "9999-12-31"), None, "{line}");
    }
}

#[test]
fn a_line_that_is_longer_than_any_title_is_not_read() {
    let read_times = |times: usize| {
        let line = "Call Bob on Friday, ".repeat(times);
        let captured = read(&line);
        (captured.spans.len(), captured.title == line)
    };
    assert_eq!(read_times(200), (1, false));
    assert_eq!(read_times(201), (0, true));
}

#[test]
fn a_deadline_stands_between_braces() {
    for (line, title, deadline, due) in [
        ("Tax {31 May}", "Tax", "2027-05-31", None),
        ("Tax {tomorrow} now", "Tax now", "2026-12-03", None),
        ("Tax Friday {in 2 weeks}", "Tax", "2026-12-16", Some("2026-12-04")),
        ("{5 June}, pay the tax", "pay the tax", "2027-06-05", None),
        ("Steuer {bis 5. Juni}", "Steuer", "2027-06-05", None),
        ("Tax {some day}", "Tax {some day}", "", None),
        ("Tax {tomorrow", "Tax {tomorrow", "", None),
        ("Tax \\{tomorrow}", "Tax {tomorrow}", "", None),
        ("Format “{tomorrow}”", "Format “{tomorrow}”", "", None),
        ("Set {}", "Set {}", "", None),
    ] {
        let captured = capture(line, today(), &Language::of(["de"]), &Names::default(), &[]);
        let fields = captured.fields(today(), 0);
        let day = |text: &str| Day::parse(text);
        let mut wanted = Vec::new();
        wanted.extend(day(deadline).map(|day| Field::Deadline(Some(day))));
        wanted.extend(due.map(|due| Field::Due(day(due))));
        let is_right = fields.len() == wanted.len() && wanted.iter().all(|field| fields.contains(field));
        assert!(is_right && captured.title.trim() == title, "{line}: {captured:?}");
    }
}

#[test]
fn what_stands_behind_two_strokes_is_notes() {
    for (line, title, notes, count) in [
        ("Call Bob // about the roof", "Call Bob", "about the roof", 1),
        (
            "Call Bob tomorrow // p1 is not meant // nor this ",
            "Call Bob",
            "p1 is not meant // nor this",
            2,
        ),
        (
            "Read https://example.org/a//b",
            "Read https://example.org/a//b",
            "",
            0,
        ),
        ("Call Bob //", "Call Bob //", "", 0),
        ("// about the roof", "// about the roof", "", 0),
        ("Either \\// or", "Either // or", "", 0),
        ("Write “a // b”", "Write “a // b”", "", 0),
    ] {
        let captured = read(line);
        let found = captured.notes().and_then(|notes| notes.text().map(str::to_owned));
        assert_eq!(
            (captured.title.trim(), found.unwrap_or_default().as_str()),
            (title, notes),
            "{line}"
        );
        assert_eq!(captured.spans.len(), count, "{line}");
        assert!(
            captured
                .fields(today(), 0)
                .iter()
                .all(|field| field.text().is_none())
        );
    }
    let captured = read_but("Call Bob // about the roof", &["// about"]);
    assert_eq!(captured.title, "Call Bob // about the roof");
}
