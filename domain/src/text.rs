//! What people type, parsed once at the edge into types that cannot be wrong.
//!
//! Lengths count Unicode scalar values, but for notes, whose limit is a size: bytes of UTF-8.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::json::Read;

/// Why a text was not taken. Its `Display` is the sentence a person reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TextProblem {
    /// Nothing visible in it.
    Empty,
    /// More than `limit` of what the type counts.
    TooLong {
        /// What it may have at the most.
        limit: usize,
        /// What it has.
        length: usize,
    },
    /// A line break, NUL or another control character where the text is one line.
    ControlCharacter,
}

impl fmt::Display for TextProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Please type something first."),
            Self::TooLong { limit, length } => {
                write!(f, "This is {length} characters long. The limit is {limit}.")
            }
            Self::ControlCharacter => f.write_str("Line breaks and control characters are not allowed here."),
        }
    }
}

impl std::error::Error for TextProblem {}

macro_rules! line {
    ($($(#[$doc:meta])* $name:ident up to $limit:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Read)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The most characters it may have.
            pub const LIMIT: usize = $limit;

            /// Trims the text and takes it if something visible is left, on one line, within the limit.
            pub fn parse(text: &str) -> Result<Self, TextProblem> {
                one_line(text, Self::LIMIT).map(|text| Self(text.to_owned()))
            }

            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextProblem;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

line! {
    /// What is to be done, on one line.
    Title up to 500;
    /// What a list is called.
    ListName up to 100;
    /// What a person is called.
    PersonName up to 50;
}

fn one_line(text: &str, limit: usize) -> Result<&str, TextProblem> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c) && !is_joiner(c));
    if text.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
        return Err(TextProblem::Empty);
    }
    if text.chars().any(char::is_control) || text.contains(['\u{2028}', '\u{2029}']) {
        return Err(TextProblem::ControlCharacter);
    }
    let length = text.chars().count();
    if length > limit {
        Err(TextProblem::TooLong { limit, length })
    } else {
        Ok(text)
    }
}

/// Characters that draw nothing: a text of only these would be a row that nobody can see.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{3164}')
}

/// At an end these mean something: a family emoji or a Persian word may end in one.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{2069}' | '\u{2066}'..='\u{2068}' | '\u{202a}'..='\u{202e}' | '\u{200e}' | '\u{200f}')
}

impl PersonName {
    /// Stands for the name of somebody of whom nothing is known.
    pub fn unknown() -> Self {
        Self("…".to_owned())
    }
}

impl ListName {
    /// Stands for the name of a list that is not loaded yet.
    pub fn unknown() -> Self {
        Self("…".to_owned())
    }
}

/// What more there is to say about a task: any number of lines, also none.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize, Read)]
#[serde(try_from = "String", into = "String")]
pub struct Notes(String);

impl Notes {
    /// The most bytes of UTF-8 that notes may have.
    pub const LIMIT: usize = 64 * 1024;

    /// Takes the text with its line ends made `\n` and the white space at its end removed.
    pub fn parse(text: &str) -> Result<Self, TextProblem> {
        let mut parts = text.split('\r');
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            if !part.starts_with('\n') {
                text.push('\n');
            }
            text += part;
        }
        let text = text.trim_end();
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(TextProblem::ControlCharacter);
        }
        let length = text.len();
        if length > Self::LIMIT {
            Err(TextProblem::TooLong {
                limit: Self::LIMIT,
                length,
            })
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryFrom<String> for Notes {
    type Error = TextProblem;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Notes> for String {
    fn from(text: Notes) -> Self {
        text.0
    }
}

#[cfg(test)]
mod tests {
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
        check("a\nb", Err(TextProblem::ControlCharacter));
        check("a\rb", Err(TextProblem::ControlCharacter));
        check("a\0b", Err(TextProblem::ControlCharacter));
        check("a\u{2028}b", Err(TextProblem::ControlCharacter));
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
    fn parsing_a_parsed_text_changes_nothing() {
        for text in ["\u{200d} x \u{200b}", "\u{feff}a\u{feff}", "\u{2066}x\u{2069}"] {
            let once = Title::parse(text).unwrap();
            assert_eq!(Title::parse(once.as_str()).as_ref(), Ok(&once));
        }
    }

    #[test]
    fn notes_keep_their_lines_and_refuse_more_than_64_kib() {
        assert_eq!(Notes::parse("a\r\n\tb\rc\n\n").unwrap().as_str(), "a\n\tb\nc");
        assert_eq!(Notes::parse("a\0"), Err(TextProblem::ControlCharacter));
        let length = Notes::LIMIT + 1;
        assert_eq!(
            Notes::parse(&"x".repeat(length)),
            Err(TextProblem::TooLong {
                limit: Notes::LIMIT,
                length
            })
        );
    }
}
