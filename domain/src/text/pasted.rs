//! A text that was copied from another program, as the lines that are to become tasks.

use super::characters::is_break;

/// The most bytes of a quoted cell: more is no title, and is not looked for.
const LARGEST_CELL: usize = 4_000;

/// Bullets that are nothing else, as programs write them; the last three are those of Word, in the font that it takes them from.
const BULLETS: &[char] = &[
    '•', '·', '▪', '▫', '◦', '‣', '⁃', '●', '○', '■', '□', '◆', '➢', '\u{f0b7}', '\u{f0a7}', '\u{f0d8}',
];

/// What is a bullet only with white space after it.
const DASHES: &[char] = &['-', '–', '—', '*', '+'];

/// Letters that are Word's bullets where a tab follows them.
const LETTERS: &[char] = &['o', '§', 'Ø', 'ü'];

/// Boxes that are not ticked.
const OPEN_BOXES: &[char] = &['☐', '⬜', '▢'];

/// Ticks, with a box or without. A cross in a box is how Word ticks one.
const TICKS: &[char] = &['☑', '☒', '✓', '✔', '✅'];

/// How many spaces a tab is.
const TAB: usize = 4;

/// A line that was pasted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PastedLine {
    /// What it says.
    pub text: String,
    /// Whether a box before it is ticked.
    pub is_done: bool,
    /// Below how many of the lines before it it is indented, one in the other.
    pub level: usize,
    /// Whether it is a heading of Markdown.
    pub is_heading: bool,
}

/// The lines with something in them, each without the bullet, the number and the box that other programs put before it. The
/// cells of a row of a spreadsheet are one line with tabs between them; a cell in quotation marks is one, also where a line
/// breaks in it.
pub fn pasted_lines(text: &str) -> Vec<PastedLine> {
    let (mut lines, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let (line, next) = row(rest);
        lines.push(line);
        rest = next;
    }
    let has_bullets = lines.iter().any(|line| line.trim_start().starts_with(BULLETS));
    // How far the lines are indented that the next one may be below.
    let mut above = Vec::new();
    let lines = lines.iter().filter_map(|line| {
        if let Some((_, text)) = heading(line) {
            above.clear();
            let text = text.to_owned();
            return Some(PastedLine {
                text,
                is_done: false,
                level: 0,
                is_heading: true,
            });
        }
        let (text, is_done) = plain(line, has_bullets);
        if text.is_empty() {
            return None;
        }
        let indent = indent(line) + word_level(line, has_bullets) * TAB;
        while above.pop_if(|above| *above >= indent).is_some() {}
        let level = above.len();
        above.push(indent);
        let text = text.to_owned();
        Some(PastedLine {
            text,
            is_done,
            level,
            is_heading: false,
        })
    });
    lines.collect()
}

/// The level of a heading of Markdown, from 1 to 6, and what it says: `## Kitchen`.
pub fn heading(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    let is_one = (1..=6).contains(&level) && text.starts_with([' ', '\t']);
    let text = text.trim().trim_end_matches('#').trim_end();
    (is_one && !text.is_empty()).then_some((level, text))
}

/// How far a line is indented, in spaces.
fn indent(line: &str) -> usize {
    let space = line.chars().take_while(|c| c.is_whitespace());
    space.map(|c| if c == '\t' { TAB } else { 1 }).sum()
}

/// On which level a bullet is that says so by its shape, as Word's do, which have no indent where they are text.
fn word_level(line: &str, has_bullets: bool) -> usize {
    let line = line.trim_start();
    match line.chars().next() {
        Some('o') if bullet(line, has_bullets).is_some() => 1,
        Some('§' | '\u{f0a7}') if bullet(line, has_bullets).is_some() => 2,
        _ => 0,
    }
}

/// The first row, and what follows it.
fn row(text: &str) -> (String, &str) {
    let (mut line, mut rest) = (String::new(), text);
    loop {
        let (cell, after) = quoted(rest).unwrap_or_else(|| {
            let end = rest.find(ends_cell).unwrap_or(rest.len());
            let (cell, after) = rest.split_at(end);
            (cell.to_owned(), after)
        });
        line += &cell;
        let mut after = after.chars();
        match after.next() {
            Some('\t') => line.push('\t'),
            _ => return (line, after.as_str()),
        }
        rest = after.as_str();
    }
}

const fn ends_cell(c: char) -> bool {
    c == '\t' || is_break(c)
}

/// The cell that begins with a quotation mark, and what follows it. None where nothing in it needed the marks: they are part of
/// the text then.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('"')?;
    let (mut cell, mut is_needed) = (String::new(), false);
    while cell.len() <= LARGEST_CELL {
        let (part, after) = rest.split_once('"')?;
        is_needed |= part.contains(ends_cell);
        cell += part;
        match after.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                (is_needed, rest) = (true, more);
            }
            None => {
                let is_end = after.chars().next().is_none_or(ends_cell);
                return (is_end && is_needed).then_some((cell, after));
            }
        }
    }
    None
}

/// The line without what stands before its text, and whether that is a ticked box.
fn plain(line: &str, has_bullets: bool) -> (&str, bool) {
    let line = line.trim();
    let line = bullet(line, has_bullets)
        .or_else(|| number(line))
        .unwrap_or(line)
        .trim_start();
    let apart = |mark: &str| line.strip_prefix(mark).filter(|after| is_apart(after));
    let open = line
        .strip_prefix(OPEN_BOXES)
        .or_else(|| apart("[ ]"))
        .or_else(|| apart("[]"));
    let ticked = line
        .strip_prefix(TICKS)
        .or_else(|| apart("[x]"))
        .or_else(|| apart("[X]"));
    // A symbol that is drawn in two ways says after it in which.
    let text = ticked
        .or(open)
        .unwrap_or(line)
        .trim_start_matches('\u{fe0f}')
        .trim();
    (text, ticked.is_some())
}

fn bullet(line: &str, has_bullets: bool) -> Option<&str> {
    if let Some(after) = line.strip_prefix(BULLETS) {
        return Some(after);
    }
    if let Some(after) = line.strip_prefix(DASHES) {
        return is_apart(after).then_some(after);
    }
    // One space is also what follows a word of one letter, unless there are bullets around it.
    let after = line.strip_prefix(LETTERS)?;
    let spaces = after.chars().take_while(|c| c.is_whitespace()).count();
    (after.starts_with('\t') || spaces > 1 || spaces == 1 && has_bullets).then_some(after)
}

/// `1.`, `2)`, `3.)` or `1.2.`, with white space after it.
fn number(line: &str) -> Option<&str> {
    let after = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - after.len();
    let after_all = after.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')'));
    let (mark, _) = after.split_at(after.len() - after_all.len());
    let is_number = (1..=3).contains(&digits) && mark.len() <= 8 && mark.ends_with(['.', ')']);
    (is_number && is_apart(after_all)).then_some(after_all)
}

/// Whether there is nothing more, or white space first.
fn is_apart(after: &str) -> bool {
    after.is_empty() || after.starts_with(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        pasted_lines(text).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn a_heading_of_markdown_is_one_and_begins_anew() {
        let read = |line: PastedLine| (line.text, line.level, line.is_heading);
        let lines: Vec<_> =
            pasted_lines("- Tea\n  - Green\n## Kitchen ##\n  - Lamp\n#1 fan\n####### Deep\n#\n")
                .into_iter()
                .map(read)
                .collect();
        let line = |text: &str, level, is_heading| (text.to_owned(), level, is_heading);
        assert_eq!(
            lines,
            [
                line("Tea", 0, false),
                line("Green", 1, false),
                line("Kitchen", 0, true),
                line("Lamp", 0, false),
                line("#1 fan", 0, false),
                line("####### Deep", 0, false),
                line("#", 0, false),
            ]
        );
    }

    #[test]
    fn a_ticked_box_says_that_it_is_done() {
        for (line, is_done) in [
            ("☑ Tea", true),
            ("☑\u{fe0f} Tea", true),
            ("☒ Tea", true),
            ("✓ Tea", true),
            ("✔\u{fe0f} Tea", true),
            ("✅ Tea", true),
            ("- [x] Tea", true),
            ("1. [X] Tea", true),
            ("☐ Tea", false),
            ("⬜ Tea", false),
            ("* [ ] Tea", false),
            ("[] Tea", false),
            ("• Tea", false),
            ("Tea", false),
        ] {
            let text = "Tea".to_owned();
            assert_eq!(
                pasted_lines(line),
                [PastedLine {
                    text,
                    is_done,
                    level: 0,
                    is_heading: false
                }],
                "{line:?}"
            );
        }
        assert!(!pasted_lines("[x]y")[0].is_done, "it is text");
    }

    #[test]
    fn a_line_loses_its_bullet_number_or_box_and_nothing_else() {
        for (line, expected) in [
            ("- Milk", "Milk"),
            ("  * [ ] Eggs ", "Eggs"),
            ("-5 degrees", "-5 degrees"),
            ("• Tea", "Tea"),
            ("•\tTea", "Tea"),
            ("·\u{a0}Tea", "Tea"),
            ("\u{f0b7}\tTea", "Tea"),
            ("▪Tea", "Tea"),
            ("– Tea", "Tea"),
            ("o\tTea", "Tea"),
            ("o   Tea", "Tea"),
            ("o leite", "o leite"),
            ("§\tTea", "Tea"),
            ("1. Tea", "Tea"),
            ("12)\tTea", "Tea"),
            ("3.) Tea", "Tea"),
            ("1.2. Tea", "Tea"),
            ("1. [x] Tea", "Tea"),
            ("1.5 litres", "1.5 litres"),
            ("2001. A film", "2001. A film"),
            ("2 eggs", "2 eggs"),
            ("☐ Tea", "Tea"),
            ("☑\u{fe0f} Tea", "Tea"),
            ("[ ] Tea", "Tea"),
            ("- [X] Tea", "Tea"),
            ("[x]y", "[x]y"),
            ("*bold*", "*bold*"),
            ("--all", "--all"),
            ("\"Milk\"", "\"Milk\""),
            ("حليب", "حليب"),
        ] {
            assert_eq!(texts(line), [expected], "{line:?}");
        }
        assert_eq!(
            texts("• Fruit\no Apples"),
            ["Fruit", "Apples"],
            "Word's second level"
        );
        assert_eq!(texts(" \n\t\r\n•\n"), [""; 0]);
    }

    #[test]
    fn an_indent_says_below_which_lines_a_line_is() {
        let levels = |text: &str| -> Vec<usize> {
            let lines = pasted_lines(text).into_iter();
            lines.map(|line| line.level).collect()
        };
        assert_eq!(levels("a\n  b\n    c\n  d\ne"), [0, 1, 2, 1, 0]);
        assert_eq!(levels("- a\n\t- b\n\t\t- [x] c\n\n\td"), [0, 1, 2, 1]);
        assert_eq!(
            levels("    a\n    b\n  c\n    d"),
            [0, 0, 0, 1],
            "all of it is indented"
        );
        assert_eq!(
            levels("a\n        b\n    c\n"),
            [0, 1, 1],
            "less than the one before, more than the first"
        );
        assert_eq!(levels("•\ta\no\tb\n§\tc\n•\td"), [0, 1, 2, 0], "Word's bullets");
        assert_eq!(levels("o leite\no queijo"), [0, 0]);
        assert_eq!(
            levels("Milk\t2\n\tBread\t1"),
            [0, 1],
            "a cell further to the right"
        );
    }

    #[test]
    fn a_line_ends_where_some_program_ends_it() {
        for end in [
            "\n", "\r\n", "\r", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}", "\n\n", "\r\r\n",
        ] {
            assert_eq!(texts(&format!("a{end}b{end}")), ["a", "b"], "{end:?}");
        }
    }

    #[test]
    fn a_quoted_cell_is_one_line() {
        assert_eq!(
            texts("\"Milk\nor oats\"\t2\r\n\"Say \"\"hi\"\"\"\r\nTea\t1"),
            ["Milk\nor oats\t2", "Say \"hi\"", "Tea\t1"]
        );
        // A quotation mark that no cell explains is text.
        for text in ["\"a\nb", "\"a\nb\"c", "5\" of rain", "\"\"", "a \"b\nc\""] {
            let lines: Vec<&str> = text.split('\n').collect();
            assert_eq!(texts(text), lines);
        }
    }
}
