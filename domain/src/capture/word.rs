//! A line as words.

use super::repeat_words::{self, Sign};
use super::words::{self, Language, Meaning};

/// A word of a line: what lies between white space.
pub(super) struct Word<'a> {
    pub(super) start: usize,
    /// Behind it and its mark.
    pub(super) end: usize,
    /// Without a backslash before it and a mark behind it.
    pub(super) text: &'a str,
    /// The mark behind it: a full stop, a comma, a semicolon, a colon, or an exclamation mark.
    pub(super) mark: Option<char>,
    pub(super) meaning: Option<Meaning>,
    pub(super) sign: Option<Sign>,
    pub(super) is_escaped: bool,
    /// Whether it is title whatever it says.
    pub(super) is_quoted: bool,
    pub(super) is_capital: bool,
}

/// The words of a line.
pub(super) fn split<'a>(line: &'a str, languages: &[Language]) -> Vec<Word<'a>> {
    let quotes = quotes(line);
    let mut words = Vec::new();
    let mut rest = line;
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return words;
        }
        let start = line.len() - rest.len();
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (whole, behind) = rest.split_at(length);
        rest = behind;
        let escaped = whole.strip_prefix('\\').filter(|rest| !rest.is_empty());
        let whole = escaped.unwrap_or(whole);
        let mark = whole.chars().next_back().filter(|mark| is_mark(*mark));
        let text = mark
            .and_then(|mark| whole.strip_suffix(mark))
            .filter(|text| !text.is_empty());
        let (text, mark) = match text {
            Some(text) => (text, mark),
            None => (whole, None),
        };
        let end = start + length;
        words.push(Word {
            start,
            end,
            text,
            mark,
            meaning: words::meaning(text, languages),
            sign: repeat_words::sign(text, languages),
            is_escaped: escaped.is_some(),
            is_quoted: quotes.iter().any(|(from, to)| start < *to && *from < end),
            is_capital: text.starts_with(|c: char| c.is_ascii_uppercase() || matches!(c, 'Ä' | 'Ö' | 'Ü')),
        });
    }
}

/// Whether that may stand behind a word without being part of it.
pub(super) const fn is_mark(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':' | '!')
}

/// Where something stands between quotation marks, of whatever kind. One without another says nothing, and one right behind a figure
/// begins nothing: `a 5" pipe`.
fn quotes(line: &str) -> Vec<(usize, usize)> {
    let (mut pairs, mut open, mut before) = (Vec::new(), None, ' ');
    for (at, c) in line.char_indices() {
        if is_quote(c) {
            match open.take() {
                Some(from) => pairs.push((from, at + c.len_utf8())),
                None => open = Some(at).filter(|_| !before.is_ascii_digit()),
            }
        }
        before = c;
    }
    pairs
}

const fn is_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '`' | '“' | '”' | '„' | '«' | '»' | '‹' | '›' | '「' | '」'
    )
}

/// Where it has to stand so that a person means it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wants {
    /// Anywhere.
    Nothing,
    /// At the end, but for what is understood as well.
    End,
    /// At the beginning, or at the end.
    Edge,
    /// At the end, or at the beginning with a comma or a colon behind it.
    EndOrMark,
}
