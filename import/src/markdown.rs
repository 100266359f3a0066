//! Markdown, and any other text: a line is a task. The highest headings are lists, those below them sections.
//!
//! There are no sections in sections, so a heading below one is a section beside it that has both names, `Garden › Shed`: a task of that
//! name would be one more that nobody wrote. A heading without lines of its own comes by itself only where there is none below it.

use domain::{heading, is_break, pasted_lines};

use crate::collect::{Collected, ListAt, TaskAt};
use crate::draft::Draft;
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
        headings: Vec::new(),
        above: Vec::new(),
    };
    for (index, line) in lines() {
        reading.line(index + 1, line, highest)?;
    }
    reading.take()?;
    reading.leave(0)?;
    reading.found.finish(Shape::Markdown)
}

struct Reading<'a> {
    found: Collected,
    list: Option<ListAt>,
    source: &'a Source<'a>,
    has_items: bool,
    /// The last task, whose notes may follow, and how far it is indented if it has a bullet.
    task: Option<(Draft, Option<usize>)>,
    /// The headings that the next line is below, but for that of the list.
    headings: Vec<Heading>,
    /// The tasks that the next one may be below, by how far they are indented.
    above: Vec<(usize, TaskAt)>,
}

/// A heading within a list.
struct Heading {
    level: usize,
    row: usize,
    name: String,
    /// Whether there are headings below it.
    has_more: bool,
    /// The section, once it is made; none of a heading without text.
    section: Option<Option<TaskAt>>,
}

impl Reading<'_> {
    /// The headings of that level and those below it end.
    fn leave(&mut self, level: usize) -> Result<(), FileRefused> {
        while let Some(last) = self.headings.last().filter(|last| last.level >= level) {
            if !last.has_more {
                self.section()?;
            }
            self.headings.pop();
        }
        Ok(())
    }

    /// The section of the last heading.
    fn section(&mut self) -> Result<Option<TaskAt>, FileRefused> {
        let list = self.list()?;
        let Some(last) = self.headings.last() else {
            return Ok(None);
        };
        if let Some(section) = last.section {
            return Ok(section);
        }
        // Put together and counted once for each section, and not for each heading or task.
        let names: Vec<&str> = self.headings.iter().map(|heading| &*heading.name).collect();
        let section = Draft::section(last.row, names.join(" › "));
        let section = self.found.section(list, section)?;
        if let Some(last) = self.headings.last_mut() {
            last.section = Some(section);
        }
        Ok(section)
    }

    /// The list that the next line is in.
    fn list(&mut self) -> Result<ListAt, FileRefused> {
        Ok(match self.list {
            Some(list) => list,
            None => *self.list.insert(self.found.list(self.source.list_name())?),
        })
    }

    fn line(&mut self, row: usize, line: &str, highest: Option<usize>) -> Result<(), FileRefused> {
        let (indent, text) = indent(line);
        if text.is_empty() {
            return Ok(());
        }
        if let Some((level, name)) = heading(line) {
            self.take()?;
            self.above.clear();
            self.leave(level)?;
            if Some(level) == highest {
                self.list = Some(self.found.list(name)?);
            } else {
                if let Some(above) = self.headings.last_mut() {
                    above.has_more = true;
                }
                self.headings.push(Heading {
                    level,
                    row,
                    name: name.to_owned(),
                    has_more: false,
                    section: None,
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
            && let Some((task, _)) = &mut self.task
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
        self.task = Some((task, is_item.then_some(indent)));
        Ok(())
    }

    fn take(&mut self) -> Result<(), FileRefused> {
        let Some((task, indent)) = self.task.take() else {
            return Ok(());
        };
        let (list, section) = (self.list()?, self.section()?);
        self.above
            .retain(|(other, _)| indent.is_some_and(|indent| *other < indent));
        let parent = self.above.last().map(|(_, task)| *task).or(section);
        let task = self.found.add(list, parent, task)?;
        if let Some(indent) = indent.filter(|_| self.above.len() < DEEPEST) {
            self.above.push((indent, task));
        }
        Ok(())
    }
}

/// How far a line is indented, and what is in it.
fn indent(line: &str) -> (usize, &str) {
    let text = line.trim();
    let white = line.chars().take_while(|c| c.is_whitespace());
    (white.map(|c| if c == '\t' { TAB } else { 1 }).sum(), text)
}

/// Whether a line has a bullet, a number or a box.
fn is_item(text: &str) -> bool {
    pasted_lines(text)
        .first()
        .is_some_and(|read| !read.is_heading && read.text.len() < text.trim_end().len())
}

/// A line that is drawn.
fn is_rule(text: &str) -> bool {
    text.len() >= 3
        && ["-", "*", "_", "=", "`"]
            .iter()
            .any(|mark| text.replace(mark, "").trim().is_empty())
}
