//! Merging notes that two people wrote at once, by line, without losing a word of either.

use crate::{Notes, Refusal};

/// `mine`, written against `base`, brought together with `theirs`, which came of `base` meanwhile.
///
/// Each side is taken as one changed stretch of lines. Stretches that do not touch are both applied; where they
/// overlap both stay, mine first. That may keep more than a finer diff would, never less.
pub(crate) fn merge(base: &Notes, mine: &Notes, theirs: &Notes) -> Result<Notes, Refusal> {
    if theirs == base || theirs == mine {
        return Ok(mine.clone());
    }
    if mine == base {
        return Ok(theirs.clone());
    }
    let (base, mine, theirs) = (lines(base), lines(mine), lines(theirs));
    let (ours, other) = (Stretch::of(&base, &mine), Stretch::of(&base, &theirs));
    // Where both begin at one line, what only adds comes before what takes away, whoever of the two came first.
    let (first, second) = if (ours.start, ours.end) <= (other.start, other.end) {
        (ours, other)
    } else {
        (other, ours)
    };

    let mut out: Vec<&str> = Vec::new();
    let disjoint = first.end <= second.start && (first.start, first.end) != (second.start, second.end);
    if disjoint {
        out.extend(base.iter().take(first.start));
        out.extend(first.lines);
        out.extend(base.iter().take(second.start).skip(first.end));
        out.extend(second.lines);
        out.extend(base.iter().skip(second.end));
    } else {
        let (start, end) = (ours.start.min(other.start), ours.end.max(other.end));
        out.extend(base.iter().take(start));
        for side in [&ours, &other] {
            out.extend(base.iter().take(side.start).skip(start));
            out.extend(side.lines);
            out.extend(base.iter().take(end).skip(side.end));
        }
        out.extend(base.iter().skip(end));
    }
    let mut text = String::new();
    for line in out {
        text += line;
        text.push('\n');
    }
    Notes::parse(&text).map_err(|_| Refusal::NotesTooLong)
}

fn lines(notes: &Notes) -> Vec<&str> {
    notes.as_str().split('\n').collect()
}

/// Lines `start..end` of the base and what stands in their place.
#[derive(Clone, Copy)]
struct Stretch<'a> {
    start: usize,
    end: usize,
    lines: &'a [&'a str],
}

impl<'a> Stretch<'a> {
    fn of(base: &[&str], edited: &'a [&'a str]) -> Self {
        let start = base.iter().zip(edited).take_while(|(a, b)| a == b).count();
        let most = base.len().min(edited.len()) - start;
        let same = base
            .iter()
            .rev()
            .zip(edited.iter().rev())
            .take(most)
            .take_while(|(a, b)| a == b)
            .count();
        let lines = edited.get(start..edited.len() - same).unwrap_or_default();
        Self {
            start,
            end: base.len() - same,
            lines,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(base: &str, mine: &str, theirs: &str, expected: &str) {
        let notes = |text| Notes::parse(text).unwrap();
        let merged = merge(&notes(base), &notes(mine), &notes(theirs)).unwrap();
        assert_eq!(merged.as_str(), expected);
    }

    #[test]
    fn edits_of_different_lines_are_both_there() {
        check("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC");
        check("a\nb\nc", "a\nb\nC", "A\nb\nc", "A\nb\nC");
        check("a", "x\na", "a\ny", "x\na\ny");
        check("a\nb", "b", "a\nb\nc", "b\nc");
        check("a\nb", "x\na\nb", "b", "x\nb");
        check("a\nb", "b", "x\na\nb", "x\nb");
    }

    #[test]
    fn edits_of_the_same_line_both_stay() {
        check("a\nb\nc", "a\nmine\nc", "a\ntheirs\nc", "a\nmine\ntheirs\nc");
        check("", "mine", "theirs", "mine\ntheirs");
        check("a", "a\nmine", "a\ntheirs", "a\nmine\ntheirs");
        check("a\nb\nc", "x\ny\nc", "a\nz\nc", "x\ny\na\nz\nc");
    }

    #[test]
    fn an_edit_against_nothing_new_is_taken_as_it_is() {
        check("a", "b", "a", "b");
        check("a", "a", "b", "b");
        check("a", "b", "b", "b");
        check("a\nb", "", "a\nb", "");
    }
}
