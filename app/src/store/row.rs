//! What a row of the list shows of its task.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use domain::{Estimate, List, LiteMap, Priority, Profile, Task, TaskId, isolated};
use leptos::prelude::*;

use super::due::{due_text, says_the_same};
use crate::browser;

/// What a row has open.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Panel {
    /// The title, to be changed in place.
    Title,
    /// The notes.
    Notes,
    /// The menu.
    Menu,
    /// The menu, at the day by which the task is to be done.
    Due,
    /// All of it, beside the list.
    Details,
    /// The same, at the people who are to do the task.
    Assignees,
    /// The same, at the labels.
    Labels,
}

impl Panel {
    /// Whether it is all of the task, wherever it opens.
    pub(crate) const fn is_details(self) -> bool {
        matches!(self, Self::Details | Self::Assignees | Self::Labels)
    }
}

/// As many blanks as a day has bytes.
const BLANK: &str = "          ";

/// One signal for each thing that changes by itself. Counted references: a row may go while something still looks at it.
#[derive(Clone)]
pub(crate) struct Row {
    /// Its number on the page, counted from 1 in the order of the ids: both halves count alike.
    number: u32,
    /// What the task is a part of.
    pub(super) parent: Option<TaskId>,
    /// How far to the right it stands, and how far its subtasks are, as [`nest_of`] reads it; empty for a task without either.
    pub(crate) nest: ArcRwSignal<String>,
    /// What is to be done.
    pub(crate) title: ArcRwSignal<String>,
    /// What more there is to say.
    pub(crate) notes: ArcRwSignal<String>,
    /// How urgent it is.
    pub(crate) priority: ArcRwSignal<Option<Priority>>,
    /// The day by which it is to be done, its time and whether it comes again, as [`due_of`] reads it; empty for none. The reason is that of [`Store::day`](crate::store::Store::day).
    pub(crate) due: ArcRwSignal<String>,
    /// The day after which it is too late, as [`day_of`] reads it, and behind it what no row shows: when it starts and how long it takes.
    /// Empty for none of that.
    pub(crate) deadline: ArcRwSignal<String>,
    /// Who is to do it: a line for each, with their colour and their name, as [`assignees_of`] reads it. A text, as `due` is.
    pub(crate) assigned: ArcRwSignal<String>,
    /// Its labels, each on a line.
    pub(crate) labels: ArcRwSignal<String>,
    /// Whether something about it may not be on disk.
    pub(crate) pending: ArcRwSignal<bool>,
    /// Who else just changed it.
    pub(crate) changed_by: ArcRwSignal<Option<RowMark>>,
    /// Who else is on it.
    pub(crate) here: ArcRwSignal<Option<RowMark>>,
    /// Whether somebody else changed it while the person was away.
    pub(crate) unseen: ArcRwSignal<Option<AwayMark>>,
    /// Whether the person has selected it.
    pub(crate) selected: ArcRwSignal<bool>,
    /// What it has open. Each row knows for itself, so that opening one does not ask all others.
    pub(crate) open: ArcRwSignal<Option<Panel>>,
    /// Counts the marks, so that an old one does not take a new one away.
    turn: Arc<AtomicU32>,
}

/// What a row says of somebody else.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RowMark {
    /// The number of their colour.
    pub(crate) colour: String,
    /// Their name, and what they do.
    pub(crate) words: String,
}

impl RowMark {
    /// Somebody's name.
    pub(super) fn of(profile: &Profile) -> Self {
        Self {
            colour: profile.colour.number().to_string(),
            words: isolated(profile.name.as_str()),
        }
    }
}

/// The mark on a row that somebody else changed meanwhile.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum AwayMark {
    /// It is there.
    Unseen,
    /// It fades.
    Seen,
}

impl AwayMark {
    /// The word for styles: `data-away`.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Unseen => "unseen",
            Self::Seen => "seen",
        }
    }
}

/// The id of the element with the title of the task with that number. Short: a row says it three times.
pub(crate) fn title_id(number: u32) -> String {
    format!("t{number}")
}

impl Row {
    /// The row of a task of that list that has nothing open.
    pub(crate) fn new(number: u32, list: &List, task: &Task) -> Self {
        Self {
            number,
            title: ArcRwSignal::new(task.title.to_string()),
            notes: ArcRwSignal::new(task.notes.as_str().to_owned()),
            priority: ArcRwSignal::new(task.priority),
            parent: task.parent,
            nest: ArcRwSignal::new(nest_text(list, task)),
            due: ArcRwSignal::new(due_text(task)),
            deadline: ArcRwSignal::new(deadline_text(task)),
            assigned: ArcRwSignal::new(assigned_text(list, task)),
            labels: ArcRwSignal::new(labels_text(task)),
            pending: ArcRwSignal::new(false),
            changed_by: ArcRwSignal::new(None),
            here: ArcRwSignal::new(None),
            unseen: ArcRwSignal::new(None),
            selected: ArcRwSignal::new(false),
            open: ArcRwSignal::new(None),
            turn: Arc::default(),
        }
    }

    /// Makes the task's row show it. Whether it is to be drawn anew: a section has other elements than a task.
    pub(super) fn put(
        rows: &mut LiteMap<TaskId, Self>,
        last_number: &mut u32,
        (list, task): (&List, &Task),
        pending: bool,
        open: Option<Panel>,
        unseen: &[TaskId],
    ) -> bool {
        match rows.get_mut(&task.id) {
            Some(row) => {
                let was_section = row.is_section();
                row.parent = task.parent;
                set(&row.nest, &nest_text(list, task));
                set(&row.title, task.title.as_str());
                set(&row.notes, task.notes.as_str());
                if row.priority.get_untracked() != task.priority {
                    row.priority.set(task.priority);
                }
                let due = due_text(task);
                if !row.due.with_untracked(|now| says_the_same(now, &due)) {
                    row.due.set(due);
                }
                set(&row.deadline, &deadline_text(task));
                set(&row.assigned, &assigned_text(list, task));
                set(&row.labels, &labels_text(task));
                if row.pending.get_untracked() != pending {
                    row.pending.set(pending);
                }
                was_section != task.section
            }
            None => {
                *last_number += 1;
                let row = Self::new(*last_number, list, task);
                row.pending.set(pending);
                row.set_open(open);
                if unseen.contains(&task.id) {
                    row.unseen.set(Some(AwayMark::Unseen));
                }
                rows.insert(task.id, row);
                false
            }
        }
    }

    /// Whether there is more to say than the title does.
    pub(crate) fn has_notes(&self) -> bool {
        self.notes.with_untracked(|notes| !notes.is_empty())
    }

    /// On which level it stands, counted from 1; 0 of a section.
    pub(crate) fn level(&self) -> u8 {
        self.nest
            .with_untracked(|nest| nest.bytes().next().map_or(1, |digit| digit - b'0'))
    }

    /// Whether it is a section.
    pub(crate) fn is_section(&self) -> bool {
        self.nest.with_untracked(|nest| is_section(nest))
    }

    /// The id of the element with the title, by which the row's buttons are named.
    pub(crate) fn title_id(&self) -> String {
        title_id(self.number)
    }

    /// Opens something of it, or closes what is open.
    pub(super) fn set_open(&self, panel: Option<Panel>) {
        // At whatever place, it is the menu.
        let panel = panel.map(|panel| match panel {
            Panel::Due => Panel::Menu,
            Panel::Assignees | Panel::Labels => Panel::Details,
            panel => panel,
        });
        if self.open.get_untracked() != panel {
            self.open.set(panel);
        }
    }

    /// Says who else is on it.
    pub(super) fn set_here(&self, mark: Option<RowMark>) {
        if self.here.with_untracked(|now| *now != mark) {
            self.here.set(mark);
        }
    }

    /// Marks it as just changed by somebody, for as long as it takes to look.
    pub(crate) fn mark(&self, by: &Profile) {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) + 1;
        self.changed_by.set(Some(RowMark::of(by)));
        let row = self.clone();
        browser::after(4_000, move || {
            if row.turn.load(Ordering::Relaxed) == turn {
                row.changed_by.set(None);
            }
        });
    }
}

/// On which level a task stands, counted from 1, and how many of how many subtasks of it are done. A section is on the level 0.
pub(crate) fn nest_text(list: &List, task: &Task) -> String {
    // Those that are done stand by the time at which they were.
    let level = if task.is_open() { list.level(task) } else { 0 };
    let (done, all) = list.progress(task.id);
    let mut text = String::new();
    if task.section {
        text.push('0');
    } else if level + all > 0 {
        text += &(level + 1).to_string();
    }
    if all > 0 {
        text = text + " " + &done.to_string() + "/" + &all.to_string();
    }
    text
}

/// Whether that text is a section's.
pub(crate) fn is_section(nest: &str) -> bool {
    nest.starts_with('0')
}

/// The level in that text, if it is not the first, and how many of how many subtasks are done.
pub(crate) fn nest_of(text: &str) -> (Option<String>, Option<(&str, &str)>) {
    let (level, progress) = text.split_once(' ').unwrap_or((text, ""));
    let level = Some(level).filter(|level| *level > "1");
    (level.map(str::to_owned), progress.split_once('/'))
}

/// The deadline of a task, and behind it whatever else only its panel shows: one text, and so one signal. Where there is no deadline its
/// place is blank.
fn deadline_text(task: &Task) -> String {
    let mut text = task.deadline.map(String::from).unwrap_or_default();
    if task.start.is_some() || task.estimate.is_some() {
        if text.is_empty() {
            text.push_str(BLANK);
        }
        text += &task.start.map(String::from).unwrap_or_default();
        text.push(' ');
        text += &task.estimate.map_or(0, Estimate::minutes).to_string();
    }
    text
}

/// The colour and the name of each member who is to do the task, each on a line.
pub(crate) fn assigned_text(list: &List, task: &Task) -> String {
    let mut text = String::new();
    for member in task
        .assignees
        .iter()
        .filter_map(|person| list.members.get(person))
    {
        text += &member.profile.colour.number().to_string();
        text.push(' ');
        text += member.profile.name.as_str();
        text.push('\n');
    }
    text
}

/// The labels of the task, each on a line.
pub(crate) fn labels_text(task: &Task) -> String {
    let mut text = String::new();
    for label in &task.labels {
        text += label.as_str();
        text.push('\n');
    }
    text
}

/// The colours and the names in that text.
pub(crate) fn assignees_of(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter_map(|line| line.split_once(' '))
}

fn set(signal: &ArcRwSignal<String>, text: &str) {
    if signal.with_untracked(|now| now != text) {
        signal.set(text.to_owned());
    }
}
