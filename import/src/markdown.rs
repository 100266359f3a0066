//! Markdown, and any other text: a line is a task. The highest headings are lists, those below them sections.

use domain::{is_break, pasted_lines};

use crate::collect::{Collected, ListAt};
use crate::draft::Draft;
use crate::family::below;
use crate::imported::{Imported, Shape};
use crate::refused::FileRefused;
use crate::remark::Reason;
use crate::source::Source;

/// How deep bullets stand below one another at the most.
const DEEPEST: usize = 32;

/// How many columns a tab is.
const TAB: usize = 4;

/// Whether a text has headings or bullets.
pub(crate) fn has_marks(text: &str) -> bool {
    text.lines()
        .any(|line| heading(line).is_some() || is_item(line.trim_start()))
}

pub(crate) fn read(text: &str, source: &Source<'_>) -> Result<Imported, FileRefused> {
    let text = text.replace("\r\n", "\n");
    let lines = || text.split(is_break).enumerate();
    let highest = lines()
        .filter_map(|(_, line)| heading(line))
        .map(|(level, _)| level)
        .min();
    let mut reading = Reading {
        found: Collected::default(),
        list: None,
        source,
        has_items: lines().any(|(_, line)| is_item(line.trim_start())),
        task: None,
        sections: Vec::new(),
        above: Vec::new(),
    };
    for (index, line) in lines() {
        reading.line(index + 1, line, highest)?;
    }
    reading.take()?;
    reading.leave_sections(0)?;
    reading.found.finish(Shape::Markdown)
}

struct Reading<'a> {
    found: Collected,
    list: Option<ListAt>,
    source: &'a Source<'a>,
    has_items: bool,
    /// The last task, whose notes may follow.
    task: Option<Draft>,
    /// The headings that the next line is below, but for that of the list.
    sections: Vec<Section>,
    /// The tasks that the next one may be below, by how far they are indented.
    above: Vec<(usize, String)>,
}

/// A heading within a list.
struct Section {
    level: usize,
    row: usize,
    name: String,
    is_empty: bool,
}

impl Reading<'_> {
    /// The headings of that level and those below it end.
    fn leave_sections(&mut self, level: usize) -> Result<(), FileRefused> {
        while let Some(section) = self.sections.pop_if(|section| section.level >= level) {
            if section.is_empty {
                self.found.empty_section(Some(section.row), &section.name)?;
            }
        }
        Ok(())
    }

    fn line(&mut self, row: usize, line: &str, highest: Option<usize>) -> Result<(), FileRefused> {
        let (indent, text) = indent(line);
        if text.is_empty() {
            return Ok(());
        }
        if let Some((level, name)) = heading(line) {
            self.take()?;
            self.above.clear();
            self.leave_sections(level)?;
            if Some(level) == highest {
                self.list = Some(self.found.list(name)?);
            } else {
                self.sections.push(Section {
                    level,
                    row,
                    name: name.to_owned(),
                    is_empty: true,
                });
            }
            return Ok(());
        }
        let is_item = is_item(text);
        if !is_item && is_rule(text) {
            return Ok(());
        }
        // An indented line without a bullet goes on with the task above.
        if !is_item
            && indent > 0
            && let Some(task) = &mut self.task
        {
            task.notes += text;
            task.notes.push('\n');
            return Ok(());
        }
        self.take()?;
        let read = pasted_lines(text).into_iter().next();
        let Some(read) = read else {
            return Ok(());
        };
        let mut task = Draft::new(row, read.text);
        task.is_done = read.is_done;
        if !is_item && self.has_items {
            task.remark(Reason::NoBullet);
        }
        self.above.retain(|(other, _)| is_item && *other < indent);
        if let Some((_, parent)) = self.above.last() {
            below(&mut task, parent);
        }
        if is_item && self.above.len() < DEEPEST {
            self.above.push((indent, task.about()));
        }
        // Put together for each task, whose text is counted, and not for each heading: they may be long and many.
        let mut names = Vec::new();
        for section in &mut self.sections {
            section.is_empty = false;
            names.push(section.name.as_str());
        }
        task.keep("Section", &names.join(" › "), Reason::Section);
        self.task = Some(task);
        Ok(())
    }

    fn take(&mut self) -> Result<(), FileRefused> {
        let Some(task) = self.task.take() else {
            return Ok(());
        };
        let list = match self.list {
            Some(list) => list,
            None => *self.list.insert(self.found.list(self.source.list_name())?),
        };
        self.found.add(list, task)
    }
}

/// How far a line is indented, and what is in it.
fn indent(line: &str) -> (usize, &str) {
    let text = line.trim();
    let white = line.chars().take_while(|c| c.is_whitespace());
    (white.map(|c| if c == '\t' { TAB } else { 1 }).sum(), text)
}

/// The level of a heading, and what it says.
fn heading(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    let is_one = (1..=6).contains(&level) && text.starts_with([' ', '\t']);
    let text = text.trim().trim_end_matches('#').trim();
    (is_one && !text.is_empty()).then_some((level, text))
}

/// Whether a line has a bullet, a number or a box.
fn is_item(text: &str) -> bool {
    pasted_lines(text)
        .first()
        .is_some_and(|read| read.text.len() < text.trim_end().len())
}

/// A line that is drawn.
fn is_rule(text: &str) -> bool {
    text.len() >= 3
        && ["-", "*", "_", "=", "`"]
            .iter()
            .any(|mark| text.replace(mark, "").trim().is_empty())
}
