//! The marks behind the title of a row: what is set of its task.

use domain::{Day, Priority, label_colour};
use leptos::prelude::*;

use crate::browser;
use crate::store::{Due, assignees_of, is_section, nest_of};
use crate::view::{ErasedView, any};

/// What is set of a task, as its row knows it.
pub(super) struct Marks<'a> {
    /// How far its subtasks are, as [`nest_of`] reads it.
    pub(super) nest: &'a str,
    /// Its labels, each on a line.
    pub(super) labels: &'a str,
    /// When it is due, by the clocks where the person is, as far as that is known.
    pub(super) due: Option<Due>,
    /// The day after which it is too late.
    pub(super) deadline: Option<Day>,
    /// How urgent it is.
    pub(super) priority: Option<Priority>,
    /// Who is to do it, as [`assignees_of`] reads it.
    pub(super) assigned: &'a str,
    /// What day it is where the person is, as far as that is known.
    pub(super) today: Option<Day>,
    /// What a clock shows there.
    pub(super) clock: &'a str,
}

/// All marks of a row, in their order. They are drawn together: most rows have none, and each thing that follows a signal takes time to
/// make for each row.
pub(super) fn marks(of: &Marks) -> Option<ErasedView> {
    let marks = [
        progress_mark(of.nest),
        labels_mark(of.labels),
        of.due.as_ref().map(|due| due_mark(due, of.today, of.clock)),
        of.deadline.map(|deadline| deadline_mark(deadline, of.today)),
        of.priority.map(priority_mark),
        assignees_mark(of.assigned),
    ];
    let marks: Vec<_> = marks.into_iter().flatten().collect();
    (!marks.is_empty()).then(|| any(marks))
}

/// How urgent the task is, in words for those who see no colour.
fn priority_mark(priority: Priority) -> ErasedView {
    let (number, class) = match priority {
        Priority::First => (1, "task-priority task-priority--1"),
        Priority::Second => (2, "task-priority task-priority--2"),
        Priority::Third => (3, "task-priority task-priority--3"),
        Priority::Fourth => (4, "task-priority task-priority--4"),
    };
    mark(
        class,
        format!("Priority {number}"),
        (None, None),
        false,
        format!("P{number}"),
    )
}

/// How many of how many subtasks are done; of a section, how many tasks are to be done.
fn progress_mark(nest: &str) -> Option<ErasedView> {
    let (done, all) = nest_of(nest).1?;
    let (label, words) = if is_section(nest) {
        let open = all
            .parse()
            .unwrap_or(0_usize)
            .saturating_sub(done.parse().unwrap_or(0));
        (format!("{open} to be done"), open.to_string())
    } else {
        (format!("{done} of {all} subtasks done"), format!("{done}/{all}"))
    };
    Some(mark("task-progress", label, (None, None), false, words))
}

/// The labels, each in its colour.
fn labels_mark(labels: &str) -> Option<ErasedView> {
    let mark = |label: &str| {
        let (colour, label) = (label_colour(label).number().to_string(), label.to_owned());
        any(view! { <li class="task-label" data-colour=colour dir="auto">{label}</li> })
    };
    let marks: Vec<_> = labels.lines().map(mark).collect();
    (!marks.is_empty())
        .then(|| any(view! { <ul class="task-labels" role="list" aria-label="Labels">{marks}</ul> }))
}

/// Who is to do the task: the first letters of their names, and the names for those who do not see them.
fn assignees_mark(assigned: &str) -> Option<ErasedView> {
    let (mut label, mut marks) = (String::new(), Vec::new());
    for (colour, name) in assignees_of(assigned) {
        label += if label.is_empty() { "Assigned to " } else { ", " };
        label += name;
        let (colour, initial) = (colour.to_owned(), browser::first_cluster(name));
        marks.push(any(
            view! { <span class="avatar" data-colour=colour>{initial}</span> },
        ));
    }
    (!marks.is_empty()).then(|| {
        any(view! { <span class="task-assignees" role="img" title=label.clone() aria-label=label>{marks}</span> })
    })
}

/// The day by which the task is to be done, its time, and whether it comes again then. One that is over is said in a colour and in words.
fn due_mark(due: &Due, today: Option<Day>, now: &str) -> ErasedView {
    let mut when = when(due.day, today);
    let mut words = due.day.in_words(today);
    let clock = due.clock();
    if !clock.is_empty() {
        words = words + " " + clock;
        if when == Some("today") && clock <= now {
            when = Some("overdue");
        }
    }
    let mut label = if when == Some("overdue") {
        "Overdue since "
    } else {
        "Due "
    }
    .to_owned()
        + &words;
    // Before a script knows the person's zone, the style shows that of the time.
    let zone = due.zone();
    if let Some(zone) = zone {
        label = label + " " + zone;
    }
    if due.again {
        label += ", repeats";
    }
    mark("task-due", label, (when, zone), due.again, words)
}

/// The day after which it is too late. A flag says which of the two days it is.
fn deadline_mark(deadline: Day, today: Option<Day>) -> ErasedView {
    let words = deadline.in_words(today);
    let label = format!("Deadline {words}");
    mark(
        "task-due task-deadline",
        label,
        (when(deadline, today), None),
        false,
        words,
    )
}

/// A mark with words and what it is called, one kind of element for all: each kind is code for every visitor.
fn mark(
    class: &'static str,
    label: String,
    (when, zone): (Option<&'static str>, Option<&str>),
    again: bool,
    words: String,
) -> ErasedView {
    let zone = zone.map(str::to_owned);
    any(view! {
        <span class=class role="img" data-due=when data-zone=zone data-again=again.then_some("") aria-label=label>{words}</span>
    })
}

/// How near a day is, for styles.
fn when(day: Day, today: Option<Day>) -> Option<&'static str> {
    Some(match day.since(today?) {
        ..0 => "overdue",
        0 => "today",
        1 => "tomorrow",
        _ => "later",
    })
}
