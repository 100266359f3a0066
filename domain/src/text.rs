//! What people type, parsed once at the edge into types that cannot be wrong.
//!
//! Lengths count Unicode scalar values of what is left after parsing, but for notes, whose limit is a size: bytes of UTF-8.
//! The page, the server and the papers count alike, since all of them parse here.

mod characters;
#[cfg(feature = "clusters")]
mod clusters;
mod isolated;
mod pasted;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::json::Read;
use characters::{draws_nothing, is_blank, is_turning};

pub use characters::is_break;
#[cfg(feature = "clusters")]
pub use clusters::{beginning, first_cluster};
pub use isolated::isolated;
pub use pasted::{PastedLine, heading, pasted_lines};

/// Why a text was not taken. Its `Display` is the sentence a person reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TextProblem {
    /// Nothing visible in it.
    Empty,
    /// More than `limit` characters.
    TooLong {
        /// How many characters it may have at the most.
        limit: usize,
        /// How many it has.
        length: usize,
    },
    /// More than `limit` bytes of UTF-8.
    TooLarge {
        /// How many bytes it may have at the most.
        limit: usize,
        /// How many it has.
        length: usize,
    },
    /// NUL, escape or another control character that is neither white space nor a line break.
    ControlCharacter,
}

impl fmt::Display for TextProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Please type something first."),
            Self::TooLong { limit, length } => {
                write!(f, "This is {length} characters long. The limit is {limit}.")
            }
            Self::TooLarge { limit, length } => {
                write!(f, "This is {length} bytes long. The limit is {limit}.")
            }
            Self::ControlCharacter => f.write_str("Control characters are not allowed here."),
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

            /// Makes the text one line and trims it, and takes it if something visible is left, within the limit. White space
            /// in which a line breaks, or which has a tab, becomes one space; what turns the direction of whatever follows goes.
            ///
            /// # Errors
            /// Nothing visible is left, it is too long, or there is a control character in it.
            pub fn parse(text: &str) -> Result<Self, TextProblem> {
                one_line(text, Self::LIMIT).map(Self)
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
    /// A label: tasks with the same one belong together.
    LabelName up to 50;
}

fn one_line(text: &str, limit: usize) -> Result<String, TextProblem> {
    let mut line = String::with_capacity(text.len());
    // Where the last character that is to stay at the end has ended, and whether a line or a column has since.
    let (mut end, mut is_broken, mut is_visible) = (0, false, false);
    for c in text.chars().filter(|c| !is_turning(*c)) {
        let is_space = c.is_whitespace();
        if !is_space && c.is_control() {
            return Err(TextProblem::ControlCharacter);
        }
        if is_space || is_blank(c) {
            is_broken |= c == '\t' || is_break(c);
            if !line.is_empty() {
                line.push(c);
            }
            continue;
        }
        if is_broken && !line.is_empty() {
            line.truncate(end);
            line.push(' ');
        }
        line.push(c);
        (end, is_broken) = (line.len(), false);
        is_visible |= !draws_nothing(c);
    }
    line.truncate(end);
    if !is_visible {
        return Err(TextProblem::Empty);
    }
    let length = line.chars().count();
    if length > limit {
        Err(TextProblem::TooLong { limit, length })
    } else {
        Ok(line)
    }
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

    /// Takes the text with its line ends made `\n`, whatever program wrote them, and the white space at its end removed.
    ///
    /// # Errors
    /// It is too large, or there is a control character in it.
    pub fn parse(text: &str) -> Result<Self, TextProblem> {
        let (mut lines, mut before) = (String::with_capacity(text.len()), ' ');
        for c in text.chars() {
            if is_break(c) {
                if (before, c) != ('\r', '\n') {
                    lines.push('\n');
                }
            } else if c.is_control() && c != '\t' {
                return Err(TextProblem::ControlCharacter);
            } else {
                lines.push(c);
            }
            before = c;
        }
        let text = lines.trim_end();
        let length = text.len();
        if length > Self::LIMIT {
            Err(TextProblem::TooLarge {
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
mod tests;
