//! Texts as people and other programs write them.

use super::*;

#[track_caller]
fn check(text: &str, expected: Result<&str, TextProblem>) {
    assert_eq!(
        Title::parse(text).as_ref().map(Title::as_str),
        expected.as_ref().map(|text| *text)
    );
}

#[test]
fn a_title_is_one_visible_trimmed_line_of_at_most_500_characters() {
    check("  Milk \t", Ok("Milk"));
    check("", Err(TextProblem::Empty));
    check(" \u{a0}\u{3000} ", Err(TextProblem::Empty));
    check("\u{200b}\u{feff}", Err(TextProblem::Empty));
    check("a\0b", Err(TextProblem::ControlCharacter));
    check("a\u{1b}b", Err(TextProblem::ControlCharacter));
    check("👨‍👩‍👧 <script>", Ok("👨‍👩‍👧 <script>"));
    check("قائمة المشتريات", Ok("قائمة المشتريات"));
    check(&"é".repeat(500), Ok(&"é".repeat(500)));
    check(
        &"é".repeat(501),
        Err(TextProblem::TooLong {
            limit: 500,
            length: 501,
        }),
    );
}

#[test]
fn a_tab_or_a_line_break_in_one_title_becomes_one_space() {
    for between in [
        "\t",
        "\n",
        "\r",
        "\r\n",
        "\u{b}",
        "\u{c}",
        "\u{85}",
        "\u{2028}",
        "\u{2029}",
        " \t ",
        "\n\n",
        "\u{200b}\n",
    ] {
        check(&format!("a{between}b"), Ok("a b"));
        check(&format!("{between}a b{between}"), Ok("a b"));
        check(between, Err(TextProblem::Empty));
    }
    check("a  b", Ok("a  b")); // What somebody typed stays.
    assert_eq!(PersonName::parse("Ana\tBo").unwrap().as_str(), "Ana Bo");
    assert_eq!(ListName::parse("Our\u{2028}list").unwrap().as_str(), "Our list");
}

#[test]
fn what_draws_nothing_is_no_text() {
    for c in [
        '\u{ad}',
        '\u{34f}',
        '\u{61c}',
        '\u{115f}',
        '\u{1160}',
        '\u{17b4}',
        '\u{180e}',
        '\u{200b}',
        '\u{200c}',
        '\u{200d}',
        '\u{200e}',
        '\u{200f}',
        '\u{202e}',
        '\u{2060}',
        '\u{2064}',
        '\u{2067}',
        '\u{2069}',
        '\u{206f}',
        '\u{2800}',
        '\u{3164}',
        '\u{fe0f}',
        '\u{feff}',
        '\u{ffa0}',
        '\u{fff9}',
        '\u{1d159}',
        '\u{1d173}',
        '\u{e0001}',
        '\u{e0061}',
        '\u{e0100}',
        '\u{301}',
        '\u{20e3}',
        '\u{fe20}',
        '\u{5b0}',
        '\u{64b}',
    ] {
        check(&c.to_string(), Err(TextProblem::Empty));
        check(&format!(" {c}{c}\u{200b}{c} "), Err(TextProblem::Empty));
        assert_eq!(
            PersonName::parse(&format!("{c}\u{3164}")),
            Err(TextProblem::Empty)
        );
        assert!(
            Title::parse(&format!("x{c}")).is_ok(),
            "{c:?} after a letter is the writer's"
        );
    }
}

#[test]
fn nothing_that_turns_the_direction_of_what_follows_is_kept() {
    check("\u{202e}evil\u{202c} \u{2066}x\u{2069}", Ok("evil x"));
    check("a\u{202a}\u{202b}\u{202d}\u{2067}\u{2068}b", Ok("ab"));
    // Marks turn nothing, and who writes from right to left needs them.
    check("שלום C++\u{200e}!", Ok("שלום C++\u{200e}!"));
    check("\u{61c}حليب\u{200f}", Ok("\u{61c}حليب\u{200f}"));
}

#[test]
fn what_people_write_stays_as_it_is() {
    for text in [
        "👨‍👩‍👧",
        "🇩🇪 Flag",
        "❤\u{fe0f}",
        "👍🏽",
        "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
        "می\u{200c}خواهم",
        "نامه\u{200c}",
        "क्\u{200d}",
        "e\u{301}",
        "Z\u{301}\u{302}",
        "각",
        "ᄀ\u{1161}",
        "1\u{fe0f}\u{20e3}",
        "a\u{200b}b",
        "soft\u{ad}hyphen",
        "⠓⠊",
    ] {
        check(text, Ok(text));
    }
}

#[test]
fn parsing_a_parsed_text_changes_nothing() {
    for text in [
        "\u{200d} x \u{200b}",
        "\u{feff}a\u{feff}",
        "\u{2066}x\u{2069}",
        "\u{200b}\t\u{2067}a\t\u{200b}b",
    ] {
        let once = Title::parse(text).unwrap();
        assert_eq!(Title::parse(once.as_str()).as_ref(), Ok(&once));
    }
}

#[test]
fn notes_keep_their_lines_and_refuse_more_than_64_kib() {
    assert_eq!(Notes::parse("a\r\n\tb\rc\n\n").unwrap().as_str(), "a\n\tb\nc");
    assert_eq!(
        Notes::parse("a\u{b}b\u{c}c\u{85}d\u{2028}e\u{2029}\r\n\rf")
            .unwrap()
            .as_str(),
        "a\nb\nc\nd\ne\n\n\nf"
    );
    assert_eq!(Notes::parse("a\0"), Err(TextProblem::ControlCharacter));
    let length = Notes::LIMIT + 1;
    let refused = Notes::parse(&"x".repeat(length)).unwrap_err();
    assert_eq!(
        refused,
        TextProblem::TooLarge {
            limit: Notes::LIMIT,
            length
        }
    );
    // The limit is one of bytes, and the sentence says so.
    assert_eq!(
        refused.to_string(),
        "This is 65537 bytes long. The limit is 65536."
    );
}
