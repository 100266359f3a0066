//! Whatever bytes come: what every parser here promises. `make fuzz` runs these for long, led by coverage.

mod capture;
mod json;
mod recurrence;
#[path = "../tests/support/soup.rs"]
mod soup;

use std::collections::BTreeMap;

use bolero::{ValueGenerator, check, one_of, produce};

use self::soup::{changed, soup};
use crate::json::{Read, read};
use crate::task::merge_notes::merge;
use crate::wire::Cursor;
use crate::{ListId, ListName, Notes, OrderKey, PersonName, TextProblem, Title, is_break, pasted_lines};

/// How often each target is tried where nothing else is said.
const TRIES: usize = 2_000;

#[test]
fn a_cursor_that_is_read_is_the_same_when_it_is_said_and_read_again() {
    let words = &["k3", ".", "0", "42", "007", "18446744073709551615", "+", "-", " "];
    check!()
        .with_generator(one_of((
            soup(words),
            changed(&["k3.42", "0000000000000000.9"], words),
        )))
        .with_iterations(TRIES)
        .for_each(|text| {
            let Some(cursor) = Cursor::parse(text) else { return };
            assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
            // It goes into a line of the stream and into a header as it is.
            assert!(text.len() <= 36 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.'));
        });
}

#[test]
fn an_id_is_its_hexadecimal_digits_however_they_are_written() {
    const RIGHT: &[&str] = &[
        "01890000-0000-7000-8000-000000000001",
        "0189000000007000800000000000abcd",
        "{01890000-0000-7000-8000-00000000ABCD}",
        "urn:uuid:01890000-0000-7000-8000-000000000001",
    ];
    let words = &["0", "f", "F", "0189", "-", "{", "}", "urn:uuid:", "g", " "];
    check!()
        .with_generator(one_of((soup(words), changed(RIGHT, words))))
        .with_iterations(TRIES)
        .for_each(|text| {
            let json = serde_json::to_string(text).unwrap();
            assert_eq!(read::<ListId>(&json).ok(), serde_json::from_str(&json).ok());
            let Ok(id) = text.parse::<ListId>() else { return };
            assert_eq!(id.to_string().parse(), Ok(id));
            let digits = text.strip_prefix("urn:uuid:").unwrap_or(text);
            let digits: String = digits.chars().filter(char::is_ascii_hexdigit).collect();
            assert_eq!(digits.to_ascii_lowercase(), id.to_string().replace('-', ""));
        });
}

#[test]
fn a_text_that_is_taken_is_within_its_limit_and_is_taken_as_it_is_from_then_on() {
    let texts = || {
        let words = &[
            "a",
            " ",
            "\n",
            "\r\n",
            "\r",
            "\t",
            "\0",
            "\u{7f}",
            "\u{85}",
            "\u{2028}",
            "\u{200b}",
            "\u{200d}",
            "\u{202e}",
            "\u{2067}",
            "\u{2069}",
            "\u{b}",
            "\u{c}",
            "\u{2029}",
            "\u{2800}",
            "\u{ad}",
            "👩‍👩‍👧",
            "e\u{301}",
            "\u{feff}",
        ];
        // Also ones that are about as long as they may be.
        (soup(words), 0..=3_usize, soup(words)).map_gen(|(text, long, end)| {
            let longer = "é".repeat([0, 49, 99, 499][long]);
            format!("{text}{longer}{end}")
        })
    };
    check!()
        .with_generator(texts())
        .with_iterations(TRIES)
        .for_each(|text| {
            line(text, Title::LIMIT, Title::parse, Title::as_str);
            line(text, ListName::LIMIT, ListName::parse, ListName::as_str);
            line(text, PersonName::LIMIT, PersonName::parse, PersonName::as_str);
            both_read_what_is_parsed(text, Notes::parse);
            let Ok(notes) = Notes::parse(text) else { return };
            assert!(notes.as_str().len() <= Notes::LIMIT && !notes.as_str().contains('\r'));
            let lines = text.replace("\r\n", "\n").replace(is_break, "\n");
            let lines = lines.trim_end();
            assert_eq!(notes.as_str(), lines, "nothing but line ends and the end changes");
        });
}

#[test]
fn of_a_text_that_is_pasted_no_word_is_lost_and_no_line_is_empty() {
    let words = &[
        "a",
        "b c",
        "\"",
        "\"\"",
        "\t",
        "\n",
        "\r\n",
        "\r",
        "\u{b}",
        "\u{2028}",
        "• ",
        "- ",
        "[x] ",
        "1. ",
        "2) ",
        "o ",
        "☐",
        " ",
        "é",
        "👩‍👩‍👧",
    ];
    check!()
        .with_generator(soup(words))
        .with_iterations(TRIES)
        .for_each(|text| {
            let lines: Vec<_> = pasted_lines(text).into_iter().map(|line| line.text).collect();
            assert!(lines.iter().all(|line| !line.is_empty() && line.trim() == line));
            let letters = |text: &str| {
                text.chars()
                    .filter(|c| matches!(c, 'a' | 'b' | 'c' | 'é' | '👩'))
                    .collect::<String>()
            };
            assert_eq!(letters(&lines.concat()), letters(text));
        });
}

/// What holds for every text of one line.
fn line<T: Read + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(
    text: &str,
    limit: usize,
    parse: impl Fn(&str) -> Result<T, TextProblem>,
    as_str: impl Fn(&T) -> &str,
) {
    both_read_what_is_parsed(text, &parse);
    let Ok(taken) = parse(text) else { return };
    let said = as_str(&taken);
    let mut left = text.chars();
    let mut is_there =
        |c: char| left.any(|typed| typed == c || c == ' ' && (typed == '\t' || is_break(typed)));
    assert!(
        said.chars().all(&mut is_there),
        "nothing is put in but a space where a line or a column ends"
    );
    assert!((1..=limit).contains(&said.chars().count()));
    let strange = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!said.contains(strange), "{said:?}");
    let nothing = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{feff}' | '\u{2800}' | '\u{301}'
            )
    };
    assert!(!said.chars().all(nothing), "something is to be seen of it");
}

/// Both readers take the text for what the parser does, and what was taken once is taken again as it is.
fn both_read_what_is_parsed<T: Read + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(
    text: &str,
    parse: impl Fn(&str) -> Result<T, TextProblem>,
) {
    let json = serde_json::to_string(text).unwrap();
    let taken = parse(text).ok();
    assert_eq!(read::<T>(&json).ok(), taken);
    assert_eq!(serde_json::from_str::<T>(&json).ok(), taken);
}

#[test]
fn there_is_always_a_key_between_two_keys() {
    let key = || {
        let digits = &["0", "1", "2", "U", "V", "z", "zzzz", "0000"];
        soup(digits).map_gen(|text| OrderKey::parse(&text))
    };
    check!()
        .with_generator((key(), key(), 0..=20_usize))
        .with_iterations(TRIES)
        .for_each(|(one, other, count)| {
            let (low, high) = match (one, other) {
                (Some(one), Some(other)) if one == other => (Some(one), None),
                (Some(one), Some(other)) => (Some(one.min(other)), Some(one.max(other))),
                (one, other) => (one.as_ref(), other.as_ref()),
            };
            let mut keys = OrderKey::n_between(low, high, *count);
            assert_eq!(keys.len(), *count);
            assert!(keys.is_sorted_by(|a, b| a < b));
            keys.push(OrderKey::between(low, high));
            for key in keys {
                assert_eq!(OrderKey::parse(key.as_str()).as_ref(), Some(&key));
                assert!(low.is_none_or(|low| *low < key) && high.is_none_or(|high| key < *high));
            }
        });
}

#[test]
fn merging_keeps_every_line_that_somebody_wrote() {
    let notes = || {
        let line = (0..6_usize).map_gen(|at| ["a", "b", "c", "", " d", "e "][at].to_owned());
        let lines = produce::<Vec<String>>().with().len(0..=8_usize).values(line);
        lines.map_gen(|lines| Notes::parse(&lines.join("\n")).unwrap())
    };
    check!()
        .with_generator((notes(), notes(), notes()))
        .with_iterations(TRIES)
        .for_each(|(base, mine, theirs)| {
            let merged = merge(base, mine, theirs).unwrap();
            let (kept, before) = (lines(&merged), lines(base));
            for (line, count) in lines(mine).into_iter().chain(lines(theirs)) {
                let known = before.get(line).copied().unwrap_or_default();
                let there = kept.get(line).copied().unwrap_or_default();
                assert!(
                    line.is_empty() || there + known >= count,
                    "{line:?} is lost: {merged:?}"
                );
            }
            let other = merge(base, theirs, mine).unwrap();
            assert_eq!(kept, lines(&other), "whoever comes first");
        });
}

/// How often each line stands there. At the end of notes white space is dropped.
fn lines(notes: &Notes) -> BTreeMap<&str, usize> {
    let mut lines = BTreeMap::new();
    for line in notes
        .as_str()
        .split('\n')
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
    {
        *lines.entry(line).or_default() += 1;
    }
    lines
}
