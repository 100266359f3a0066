//! A task as a file has it, on its way to one that is right.

use domain::{
    Day, DueTime, Estimate, LabelName, Notes, Priority, Recurrence, Repetition, Task, Title, beginning,
    is_break,
};

use crate::bounds::MOST_TEXT;
use crate::dates::Said;
use crate::imported::ImportedTask;
use crate::remark::{Reason, Remark};
use crate::stamp::Stamp;

/// The most characters of what a remark is about.
const ABOUT: usize = 60;

/// What stands before the title of a task that it was a part of.
pub(crate) const PART_OF: &str = "Part of";

/// A task as a file has it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) row: Option<usize>,
    pub(crate) title: String,
    pub(crate) notes: String,
    pub(crate) is_done: bool,
    /// Whether it is a section.
    pub(crate) is_section: bool,
    pub(crate) priority: Option<Priority>,
    pub(crate) due: Option<Day>,
    pub(crate) due_time: Option<DueTime>,
    pub(crate) deadline: Option<Day>,
    pub(crate) start: Option<Day>,
    pub(crate) estimate: Option<Estimate>,
    pub(crate) repeat: Option<Recurrence>,
    labels: Vec<LabelName>,
    /// What the notes end with: what there is no other place for, each on a line of its own.
    kept: String,
    /// How many bytes of white space were looked at for that.
    trimmed: usize,
    reasons: Vec<Reason>,
}

impl Draft {
    pub(crate) fn new(row: impl Into<Option<usize>>, title: impl Into<String>) -> Self {
        Self {
            row: row.into(),
            title: title.into(),
            ..Self::default()
        }
    }

    /// A section of that name. Where it stands in the file is not known in every shape.
    pub(crate) fn section(row: impl Into<Option<usize>>, name: impl Into<String>) -> Self {
        Self {
            is_section: true,
            ..Self::new(row, name)
        }
    }

    /// Something is not as it was.
    pub(crate) fn remark(&mut self, reason: Reason) {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }

    /// Keeps a text in the notes, `Labels: a, b`, with the reason why it is there; an empty one is none.
    pub(crate) fn keep(&mut self, label: &str, text: &str, reason: Reason) {
        self.keep_all(label, [text], reason);
    }

    /// Keeps several texts on one line.
    pub(crate) fn keep_all<'a>(
        &mut self,
        label: &str,
        texts: impl IntoIterator<Item = &'a str>,
        reason: Reason,
    ) {
        let mut is_first = true;
        for whole in texts {
            // More than a whole file may have is refused anyway; until then it need not be held, or looked at.
            if self.kept.len() + self.trimmed > MOST_TEXT {
                break;
            }
            let text = whole.trim();
            self.trimmed += whole.len() - text.len();
            if text.is_empty() {
                continue;
            }
            if is_first {
                self.kept += label;
                self.kept += ": ";
            } else {
                self.kept += ", ";
            }
            self.kept += text;
            is_first = false;
        }
        if !is_first {
            self.kept.push('\n');
            self.remark(reason);
        }
    }

    /// Keeps the title of a task that it was a part of, with the reason why it is not here.
    pub(crate) fn part_of(&mut self, parent: &str, reason: Reason) {
        self.remark(reason);
        self.keep(PART_OF, &short(parent), reason);
    }

    /// Puts labels on it. Those that are none here, or too many, are kept in the notes.
    pub(crate) fn label<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        let mut others = Vec::new();
        for name in names {
            match LabelName::parse(name) {
                Ok(label) if self.labels.contains(&label) => {}
                Ok(label) if self.labels.len() < Task::MOST_LABELS => self.labels.push(label),
                _ => others.push(name),
            }
        }
        self.keep_all("Labels", others, Reason::Labels);
    }

    /// It is due at that moment, by the clocks of that zone.
    pub(crate) fn due_at(&mut self, stamp: Stamp, zone: &str) {
        let (day, time) = stamp.due(zone);
        (self.due, self.due_time) = (Some(day), time);
    }

    /// It is due then, as a date says it. What it says beside a day and a time is kept with that label.
    pub(crate) fn due_on(&mut self, label: &str, text: &str, said: Said) {
        (self.due, self.due_time) = (said.day, said.time);
        if let Some(repeat) = said.repeat {
            self.repeat = Some(repeat.into());
        }
        if said.repeats && said.repeat.is_none() {
            self.keep(label, text, Reason::Repeats);
        } else if said.day.is_none() {
            self.keep(label, text, Reason::UnknownDate);
        }
    }

    /// It starts then, of which only the day comes.
    pub(crate) fn starts_at(&mut self, text: &str, zone: &str) {
        match Stamp::parse(text) {
            Some(stamp) => self.start = Some(self.day_at("Start", text, stamp, zone)),
            None => self.keep("Start", text, Reason::UnknownDate),
        }
    }

    /// The day of that moment; its time of day is kept.
    fn day_at(&mut self, label: &str, text: &str, stamp: Stamp, zone: &str) -> Day {
        if stamp.has_time() {
            self.keep_all(label, [text, zone], Reason::Time);
        }
        if stamp.is_doubtful(zone.trim()) {
            self.remark(Reason::DayOfUtc);
            return stamp.day;
        }
        stamp.day_in(zone)
    }

    /// Keeps a comment, with the beginning of who wrote it.
    pub(crate) fn comment(&mut self, by: &str, text: &str) {
        let by = short(by);
        let label = if by.is_empty() {
            "Comment".to_owned()
        } else {
            format!("Comment by {by}")
        };
        self.keep(&label, text, Reason::Comments);
    }

    /// It repeats by a rule of RFC 5545, counted from the day that it is due on, or with `!` from each completion. Where it has no day, or
    /// the rule says what rules do not say here, the text is kept.
    pub(crate) fn repeats(&mut self, mark: &str, rule: &str, text: &str) {
        self.repeats_since(self.due, mark, rule, text);
    }

    /// The same, counted from another day.
    pub(crate) fn repeats_since(&mut self, anchor: Option<Day>, mark: &str, rule: &str, text: &str) {
        let counted = anchor
            .filter(|_| self.due.is_some())
            .map(|anchor| format!("{anchor}{mark} {rule}"));
        self.repeat = counted
            .and_then(|text| text.parse::<Repetition>().ok())
            .map(Into::into);
        if self.repeat.is_none() {
            self.keep("Repeats", text, Reason::Repeats);
        }
    }

    /// The bytes of its text, with those that were looked at for it.
    pub(crate) fn bytes(&self) -> usize {
        let labels: usize = self.labels.iter().map(|label| label.as_str().len()).sum();
        self.title.len() + self.notes.len() + self.kept.len() + self.trimmed + labels
    }

    /// What a remark on it is about.
    pub(crate) fn about(&self) -> String {
        short(if self.title.trim().is_empty() {
            &self.notes
        } else {
            &self.title
        })
    }

    /// The task, or the tasks that its notes need, with the remarks on them. None of a draft without text.
    pub(crate) fn finish(mut self) -> (Vec<ImportedTask>, Vec<Remark>) {
        let about = self.about();
        let mut notes = self.notes.trim_matches(is_break).trim_end().to_owned();
        if !self.kept.is_empty() {
            if !notes.is_empty() {
                notes += "\n\n";
            }
            notes += self.kept.trim_end();
        }
        let title = std::mem::take(&mut self.title);
        let (title, notes) = (self.clean(&title), self.clean(&notes));
        let (title, notes) = match self.titled(&title, notes) {
            Some(both) => both,
            None => return (Vec::new(), vec![remark(self.row, about, Reason::Nothing)]),
        };
        let mut tasks = Vec::new();
        let mut rest = notes.as_str();
        loop {
            let (piece, after) = piece(rest);
            // Control characters are gone and the piece is short, so notes take it.
            let notes = Notes::parse(piece).unwrap_or_default();
            // What does not fit into the notes of a section goes on in its first tasks.
            let section = self.is_section && tasks.is_empty();
            tasks.push(ImportedTask {
                title: title.clone(),
                parent: None,
                section,
                notes,
                is_done: self.is_done && !self.is_section,
                priority: self.priority,
                due: self.due,
                due_time: self.due_time.clone().filter(|_| self.due.is_some()),
                deadline: self.deadline,
                start: self.start,
                estimate: self.estimate,
                repeat: self.repeat.clone(),
                labels: self.labels.clone(),
            });
            rest = after;
            if rest.is_empty() {
                break;
            }
            self.remark(Reason::LongNotes);
        }
        let remarks = self
            .reasons
            .iter()
            .map(|reason| remark(self.row, about.clone(), *reason));
        (tasks, remarks.collect())
    }

    /// The text without what no page can show.
    fn clean(&mut self, text: &str) -> String {
        let is_shown = |c: char| !c.is_control() || c == '\t' || is_break(c);
        if text.chars().all(is_shown) {
            return text.to_owned();
        }
        self.remark(Reason::ControlCharacters);
        text.chars().filter(|c| is_shown(*c)).collect()
    }

    /// A title that is right, and the notes with what did not fit into it. None where there is nothing.
    fn titled(&mut self, title: &str, notes: String) -> Option<(Title, String)> {
        if let Ok(title) = Title::parse(title) {
            return Some((title, notes));
        }
        let cut = |text: &str| {
            let cut = || Title::parse(&(beginning(text.trim(), Title::LIMIT - 1) + "…"));
            Title::parse(text).or_else(|_| cut()).ok()
        };
        if let Some(seen) = seen(title) {
            self.remark(Reason::LongTitle);
            let title = title.trim();
            let whole = if notes.is_empty() {
                title.to_owned()
            } else {
                format!("{title}\n\n{notes}")
            };
            return cut(seen).map(|title| (title, whole));
        }
        // What is left is a title of which nothing can be seen.
        let title = cut(notes.split(is_break).find_map(seen)?)?;
        self.remark(Reason::NoTitle);
        Some((title, notes))
    }
}

/// The text from about where something of it can be seen; none where nothing can. It may begin with megabytes of marks that draw nothing.
fn seen(mut text: &str) -> Option<&str> {
    while !text.is_empty() {
        let end = text.char_indices().nth(Title::LIMIT / 2);
        let (head, tail) = text.split_at(end.map_or(text.len(), |(at, _)| at));
        if Title::parse(head).is_ok() {
            return Some(text);
        }
        text = tail;
    }
    None
}

/// A remark on a row.
pub(crate) fn remark(row: impl Into<Option<usize>>, about: String, reason: Reason) -> Remark {
    Remark {
        row: row.into(),
        about,
        reason,
    }
}

/// The beginning of a text, on one line.
pub(crate) fn short(text: &str) -> String {
    let line: String = text
        .trim()
        .chars()
        .take(ABOUT + 1)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if line.chars().count() > ABOUT {
        beginning(&line, ABOUT - 1) + "…"
    } else {
        line
    }
}

/// As much of the notes as one task takes, up to the end of a line if there is one, and the rest.
fn piece(text: &str) -> (&str, &str) {
    if text.len() <= Notes::LIMIT {
        return (text, "");
    }
    let limit = text.floor_char_boundary(Notes::LIMIT);
    let (head, _) = text.split_at(limit);
    let end = head.rfind('\n').filter(|at| *at > 0).map_or(limit, |at| at + 1);
    text.split_at(end)
}
