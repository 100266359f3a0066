//! Whatever line is typed: the title keeps what is not understood.

use bolero::{check, one_of};

use super::TRIES;
use super::soup::{changed, soup};
use crate::capture::{Captured, Language, Names, capture};
use crate::{Day, Field, LabelName, ListId, PersonId, TaskId, Title};

fn names() -> Names {
    let person = |number: u8, name: &str| (PersonId::from_bytes([number; 16]), name.to_owned());
    Names {
        people: vec![
            person(1, "Ana"),
            person(2, "Ana Friday"),
            person(3, "Bob p1"),
            person(1, "me"),
        ],
        labels: ["home", "in two weeks"]
            .map(|name| LabelName::parse(name).unwrap())
            .to_vec(),
        sections: ["Kitchen", "in two weeks"]
            .map(|name| (TaskId::from_bytes([name.len() as u8; 16]), name.to_owned()))
            .to_vec(),
        lists: ["Home", "Monday p1"]
            .map(|name| (ListId::from_bytes([name.len() as u8; 16]), name.to_owned()))
            .to_vec(),
    }
}

/// What must be so of any line.
fn holds(line: &str) -> Captured {
    let (both, today) = (Language::of(["de"]), Day::of(2026, 12, 2).unwrap());
    let captured = capture(line, today, &both, &names(), &[]);
    let mut before = 0;
    for (at, span) in captured.spans.iter().enumerate() {
        assert!(
            before <= span.start && span.start < span.end,
            "{line:?}: {captured:?}"
        );
        before = span.end;
        let text = &line[span.start..span.end];
        assert_eq!(text.trim(), text, "{line:?}: {captured:?}");
        let is_word = |rest: &str, from_end: bool| match from_end {
            true => rest.chars().next_back().is_none_or(char::is_whitespace),
            false => rest.chars().next().is_none_or(char::is_whitespace),
        };
        assert!(
            is_word(&line[..span.start], true) && is_word(&line[span.end..], false),
            "{line:?}"
        );
        assert!(
            captured.spans[..at]
                .iter()
                .all(|other| !other.says.is_of_same(&span.says))
        );
        // Only notes are a text, and they are the last.
        let is_last = at + 1 == captured.spans.len();
        let field = span.says.field();
        let is_text = field.is_some_and(|field| field.text().is_some());
        assert!(!is_text || is_last && captured.notes().as_ref() == field);
    }
    let fields = captured.fields(today, 720);
    let is_own = |(at, field): (usize, &Field)| !fields[..at].iter().any(|one| one.is_same_field(field));
    assert!(fields.iter().enumerate().all(is_own), "{line:?}: {fields:?}");
    // What comes again has a day, and so has a time of day.
    let comes_again = fields.iter().any(|field| matches!(field, Field::Repeat(_)));
    let has_day = fields.iter().any(|field| matches!(field, Field::Due(Some(_))));
    let has_time = fields.iter().any(|field| matches!(field, Field::DueTime(_)));
    assert!(has_day || !comes_again && !has_time, "{line:?}: {fields:?}");
    // The title has every character that is in no span, but for white space and backslashes.
    let letters = |text: &str| {
        text.chars()
            .filter(|c| !c.is_whitespace() && *c != '\\')
            .collect::<String>()
    };
    let (mut left, mut from) = (String::new(), 0);
    for span in &captured.spans {
        left += &line[from..span.start];
        from = span.end;
    }
    left += &line[from..];
    assert_eq!(letters(&captured.title), letters(&left), "{line:?}: {captured:?}");
    // What stays title by somebody's wish leaves the others as they are.
    let plain: Vec<String> = captured
        .spans
        .iter()
        .map(|span| line[span.start..span.end].to_owned())
        .collect();
    let again = capture(line, today, &both, &names(), &plain);
    assert!(
        again
            .spans
            .iter()
            .all(|span| !plain.contains(&line[span.start..span.end].to_owned())),
        "{line:?}: {again:?}"
    );
    // A line that can be a title leaves one that can.
    if Title::parse(line).is_ok() {
        assert!(!captured.title.trim().is_empty(), "{line:?}");
    }
    captured
}

#[test]
fn whatever_is_typed_the_title_keeps_what_is_not_understood() {
    let words = &[
        "tomorrow",
        "Today",
        "on",
        "by",
        "due",
        "the",
        "5th",
        "5.",
        "5.12.",
        "5.12.2026",
        "2026-12-05",
        "Dec",
        "may",
        "Friday",
        "fri",
        "next",
        "this",
        "week",
        "weekend",
        "in",
        "3",
        "days",
        "end",
        "of",
        "month",
        "p1",
        "+Ana",
        "+bob",
        "+me",
        "@home",
        "#Home",
        "#Monday",
        "/Kitchen",
        "//",
        "{",
        "}",
        "{Friday}",
        "@In",
        "@é",
        "every",
        "every!",
        "other",
        "and",
        "last",
        "weekday",
        "until",
        "at",
        "by",
        "5pm",
        "17:00",
        "9",
        "um",
        "Uhr",
        "17.30",
        "pm",
        "morning",
        "in the morning",
        "Abend",
        "starting",
        "for",
        "times",
        "jeden",
        "alle",
        "Monat",
        "freitags",
        "P4",
        "\\",
        "\"",
        "„",
        "“",
        "bis",
        "morgen",
        "Übermorgen",
        "am",
        "nächsten",
        "Freitag",
        "Milk",
        " ",
        "  ",
        "\t",
        ",",
        ".",
        ":",
        "!",
        "99999999999",
        "\u{2028}",
        "é",
        "🥛",
    ];
    check!()
        .with_generator(one_of((
            soup(words),
            changed(
                &[
                    "Call Bob on Friday p1",
                    "Rent every month on the 1st until 5 June",
                    "Milch bis zum 5. Dezember 2027",
                ],
                words,
            ),
        )))
        .with_iterations(TRIES)
        .for_each(|line| drop(holds(line)));
}
