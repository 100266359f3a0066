//! What can be set of a task, one thing at a time. Everything about a field is in this file, its words beside it, and in its value's: to add
//! one, add a case here, the value to [`Task`], and its column to the database.
//!
//! Two people who set different fields of a task both succeed. If two set the same field, the last
//! one at the server wins. Notes are merged, so that no text is lost.

mod words;

use std::iter::successors;
use std::mem::discriminant;

use serde::{Deserialize, Serialize};

use super::day::Day;
use super::due_time::DueTime;
use super::estimate::Estimate;
use super::merge_notes::merge;
use super::priority::Priority;
use super::recurrence::Recurrence;
pub use words::Verbs;

use crate::json::Read;
use crate::{Attribution, LabelName, Notes, PersonId, Refusal, Task, TextProblem, Title};

/// A field of a task with a value for it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// What is to be done.
    Title(Title),
    /// The notes.
    Notes(Notes),
    /// Whether it is done.
    Done(bool),
    /// How urgent it is; none for a task without a priority.
    Priority(Option<Priority>),
    /// The day on which somebody means to do it, or by which; none for a task without one.
    Due(Option<Day>),
    /// The time of that day; none for a task that is due at no time of it. While there is no day it says nothing.
    DueTime(Option<DueTime>),
    /// The day after which it is too late; none for a task without one.
    Deadline(Option<Day>),
    /// The day before which nobody need think of it; none for a task without one.
    Start(Option<Day>),
    /// How long it takes; none for a task of which nobody said so.
    Estimate(Option<Estimate>),
    /// When it comes again once it is completed; none for a task that does not.
    Repeat(Option<Recurrence>),
    /// Whether that person is to do it. Each person is a field by itself, so that two who assign two people both succeed.
    Assigned(PersonId, bool),
    /// Whether it has that label. Each label is a field by itself, likewise.
    Labelled(LabelName, bool),
    /// Whether it is a section, which tasks stand below.
    Section(bool),
}

impl Field {
    /// What setting the field changes of the task; none where it has that value already. `base` is the value that the
    /// person started from. Notes are merged against it; any other field is refused if it has another value by now, so
    /// that taking something back never takes back what somebody else did since.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotesTooLong`] where merged notes are past their limit, [`Refusal::ChangedMeanwhile`] where the field
    /// is no longer what `base` says, [`Refusal::TooManyAssignees`], [`Refusal::TooManyLabels`], [`Refusal::IsSection`] where a
    /// section is to be completed, [`Refusal::NoSection`] where what is to become a section is done or a subtask.
    pub fn settle(&self, task: &Task, base: Option<&Self>) -> Result<Option<Self>, Refusal> {
        let settled = match (self, base) {
            (Self::Notes(notes), Some(Self::Notes(base))) => Self::Notes(merge(base, notes, &task.notes)?),
            // Without a base the sender did not know the present notes, so these stay.
            (Self::Notes(notes), None) => Self::Notes(merge(&Notes::default(), notes, &task.notes)?),
            (_, Some(base)) if *base != base.of(task) => return Err(Refusal::ChangedMeanwhile),
            (Self::Assigned(person, true), _)
                if !task.assignees.contains(person) && task.assignees.len() >= Task::MOST_ASSIGNEES =>
            {
                return Err(Refusal::TooManyAssignees);
            }
            (Self::Labelled(label, true), _)
                if !task.labels.contains(label) && task.labels.len() >= Task::MOST_LABELS =>
            {
                return Err(Refusal::TooManyLabels);
            }
            (Self::Done(true), _) if task.section => return Err(Refusal::IsSection),
            (Self::Section(true), _) if task.done.is_some() || task.parent.is_some() => {
                return Err(Refusal::NoSection);
            }
            _ => self.clone(),
        };
        Ok((settled != settled.of(task)).then_some(settled))
    }

    /// Makes the value the task's.
    pub fn apply(&self, task: &mut Task, stamp: Attribution) {
        match self {
            Self::Title(title) => task.title.clone_from(title),
            Self::Notes(notes) => task.notes.clone_from(notes),
            Self::Done(done) => task.done = done.then_some(stamp),
            Self::Priority(priority) => task.priority = *priority,
            Self::Due(due) => task.due = *due,
            Self::DueTime(time) => task.due_time.clone_from(time),
            Self::Deadline(deadline) => task.deadline = *deadline,
            Self::Start(start) => task.start = *start,
            Self::Estimate(estimate) => task.estimate = *estimate,
            Self::Repeat(repeat) => task.repeat.clone_from(repeat),
            Self::Assigned(person, is_assigned) => put(&mut task.assignees, person, *is_assigned),
            Self::Labelled(label, is_labelled) => put(&mut task.labels, label, *is_labelled),
            Self::Section(is_section) => task.section = *is_section,
        }
    }

    /// The same field with the value that the task has.
    pub fn of(&self, task: &Task) -> Self {
        match self {
            Self::Title(_) => Self::Title(task.title.clone()),
            Self::Notes(_) => Self::Notes(task.notes.clone()),
            Self::Done(_) => Self::Done(task.done.is_some()),
            Self::Priority(_) => Self::Priority(task.priority),
            Self::Due(_) => Self::Due(task.due),
            Self::DueTime(_) => Self::DueTime(task.due_time.clone()),
            Self::Deadline(_) => Self::Deadline(task.deadline),
            Self::Start(_) => Self::Start(task.start),
            Self::Estimate(_) => Self::Estimate(task.estimate),
            Self::Repeat(_) => Self::Repeat(task.repeat.clone()),
            Self::Assigned(person, _) => Self::Assigned(*person, task.assignees.contains(person)),
            Self::Labelled(label, _) => Self::Labelled(label.clone(), task.labels.contains(label)),
            Self::Section(_) => Self::Section(task.section),
        }
    }

    /// Whether both are about the same field, whatever the values.
    pub fn is_same_field(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Assigned(one, _), Self::Assigned(another, _)) => one == another,
            (Self::Labelled(one, _), Self::Labelled(another, _)) => one == another,
            _ => discriminant(self) == discriminant(other),
        }
    }

    /// What the person typed, if it is a text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Title(title) => Some(title.as_str()),
            Self::Notes(notes) => Some(notes.as_str()),
            Self::Done(_)
            | Self::Priority(_)
            | Self::Due(_)
            | Self::DueTime(_)
            | Self::Deadline(_)
            | Self::Start(_)
            | Self::Estimate(_)
            | Self::Repeat(_)
            | Self::Assigned(..)
            | Self::Labelled(..)
            | Self::Section(_) => None,
        }
    }

    /// The bytes that the value takes beside what every task takes.
    pub fn size(&self) -> usize {
        match self {
            Self::Assigned(person, true) => person.as_bytes().len() * 2,
            Self::Labelled(label, true) => label.as_str().len() + 1,
            _ => self.text().map_or(0, str::len),
        }
    }

    /// The bytes that a task takes beside what every task takes: its texts, its labels, who is to do it.
    pub fn size_of(task: &Task) -> usize {
        let others: usize = Self::others_of(task).iter().map(Self::size).sum();
        task.title.as_str().len() + task.notes.as_str().len() + others
    }

    /// Writes a text anew, e.g. in Unicode's composed form. One that would then not parse stays as it is.
    pub fn rewrite(&mut self, rewrite: impl Fn(&str) -> String) {
        let other = match self {
            Self::Title(title) => Title::parse(&rewrite(title.as_str())).map(Self::Title),
            Self::Notes(notes) => Notes::parse(&rewrite(notes.as_str())).map(Self::Notes),
            Self::Labelled(label, is_labelled) => {
                LabelName::parse(&rewrite(label.as_str())).map(|label| Self::Labelled(label, *is_labelled))
            }
            Self::Done(_)
            | Self::Priority(_)
            | Self::Due(_)
            | Self::DueTime(_)
            | Self::Deadline(_)
            | Self::Start(_)
            | Self::Estimate(_)
            | Self::Repeat(_)
            | Self::Assigned(..)
            | Self::Section(_) => return,
        };
        if let Ok(other) = other {
            *self = other;
        }
    }

    /// The field of a plain form with that name and that text; none if there is no such field, or no such value of it. A
    /// priority is a number from 1 to 4, a day `2027-03-01`, a time `17:00 Europe/Berlin`, an estimate a number of minutes, a repetition
    /// `2027-03-01 FREQ=DAILY`, or nothing for none. Whether it is done, or a section, is `true` or `false`. Who is to do it is `assigned:` with the id of a person, `true` or `false`;
    /// a label is `labelled:` with its name, likewise.
    pub fn parse(name: &str, text: &str) -> Option<Result<Self, TextProblem>> {
        Some(match name {
            "title" => Title::parse(text).map(Self::Title),
            "notes" => Notes::parse(text).map(Self::Notes),
            "done" => Ok(Self::Done(text.parse().ok()?)),
            "priority" if text.is_empty() => Ok(Self::Priority(None)),
            "priority" => Ok(Self::Priority(Some(text.parse().ok()?))),
            "due" if text.is_empty() => Ok(Self::Due(None)),
            "due" => Ok(Self::Due(Some(text.parse().ok()?))),
            "due_time" if text.is_empty() => Ok(Self::DueTime(None)),
            "due_time" => Ok(Self::DueTime(Some(text.parse().ok()?))),
            "deadline" if text.is_empty() => Ok(Self::Deadline(None)),
            "deadline" => Ok(Self::Deadline(Some(text.parse().ok()?))),
            "start" if text.is_empty() => Ok(Self::Start(None)),
            "start" => Ok(Self::Start(Some(text.parse().ok()?))),
            "estimate" if text.is_empty() => Ok(Self::Estimate(None)),
            "estimate" => Ok(Self::Estimate(Some(text.parse().ok()?))),
            "repeat" if text.is_empty() => Ok(Self::Repeat(None)),
            "repeat" => Ok(Self::Repeat(Some(text.parse().ok()?))),
            "section" => Ok(Self::Section(text.parse().ok()?)),
            name => {
                let is_so = text.parse().ok()?;
                match name.strip_prefix("assigned:") {
                    Some(person) => Ok(Self::Assigned(person.parse().ok()?, is_so)),
                    None => LabelName::parse(name.strip_prefix("labelled:")?)
                        .map(|label| Self::Labelled(label, is_so)),
                }
            }
        })
    }

    /// How many fields there are, at the most.
    pub const COUNT: usize = 3 + Self::OTHERS.len() + Task::MOST_ASSIGNEES + Task::MOST_LABELS;

    /// Each field but title, notes and check, as a new task has it, and but people and labels: it has none.
    const OTHERS: &[Self] = &[
        Self::Priority(None),
        Self::Due(None),
        Self::DueTime(None),
        Self::Deadline(None),
        Self::Start(None),
        Self::Estimate(None),
        Self::Repeat(None),
        Self::Section(false),
    ];

    /// What is set of the task beside its title, its notes and its check: what a page must be told of it in addition.
    pub fn others_of(task: &Task) -> Vec<Self> {
        let of_task = Self::OTHERS.iter().map(|field| (field, field.of(task)));
        let of_task = of_task
            .filter(|(blank, field)| *blank != field)
            .map(|(_, field)| field);
        let (assignees, labels) = (task.assignees.iter(), task.labels.iter());
        of_task
            .chain(assignees.map(|person| Self::Assigned(*person, true)))
            .chain(labels.map(|label| Self::Labelled(label.clone(), true)))
            .collect()
    }

    /// One of each field, other values for other numbers: for the simulator, the tables of who may do what, and fuzzing.
    pub fn examples(number: u32) -> Vec<Self> {
        let title = Title::parse(&format!("Task {number}")).ok().map(Self::Title);
        successors(title, |field| field.next_example(number)).collect()
    }

    /// An example of the field that comes after this one. A new field does not compile until it has its place here.
    fn next_example(&self, number: u32) -> Option<Self> {
        match self {
            Self::Title(_) => Notes::parse(&format!("line {number}")).ok().map(Self::Notes),
            Self::Notes(_) => Some(Self::Done(number.is_multiple_of(2))),
            Self::Done(_) => Some(Self::Priority(Priority::from_number((number % 5) as u8))),
            Self::Priority(_) => Some(Self::Due(
                (!number.is_multiple_of(3))
                    .then(|| Day::of_unix_days((20_000 + number % 1_000) as i32))
                    .flatten(),
            )),
            Self::Due(_) => Some(Self::DueTime(DueTime::example(number))),
            Self::DueTime(_) => Some(Self::Deadline(
                number
                    .is_multiple_of(2)
                    .then(|| Day::of_unix_days((21_000 + number % 1_000) as i32))
                    .flatten(),
            )),
            Self::Deadline(_) => Some(Self::Start(
                (!number.is_multiple_of(4))
                    .then(|| Day::of_unix_days((19_000 + number % 1_000) as i32))
                    .flatten(),
            )),
            Self::Start(_) => Some(Self::Estimate(Estimate::of_minutes(number % 300))),
            Self::Estimate(_) => Some(Self::Repeat(Recurrence::example(number))),
            Self::Repeat(_) => {
                let person = PersonId::from_bytes([(number % 3) as u8; 16]);
                Some(Self::Assigned(person, number % 5 == 2))
            }
            Self::Assigned(..) => {
                let label = LabelName::parse(&format!("label {}", number % 4)).ok()?;
                Some(Self::Labelled(label, number % 5 < 3))
            }
            Self::Labelled(..) => Some(Self::Section(number % 7 == 3)),
            Self::Section(_) => None,
        }
    }
}

/// Has something be among these, behind the others, or not. Done twice it is the same.
fn put<T: Clone + PartialEq>(all: &mut Vec<T>, one: &T, is_in: bool) {
    if !is_in {
        all.retain(|other| other != one);
    } else if !all.contains(one) {
        all.push(one.clone());
    }
}

#[cfg(test)]
mod tests;
