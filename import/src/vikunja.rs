//! The `data.json` in an export of Vikunja: projects with their tasks. Descriptions and comments are HTML.

use std::collections::HashMap;

use domain::Priority;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::collect::{Collected, ListAt};
use crate::dates::Stamp;
use crate::draft::{Draft, short};
use crate::family::{in_order, tell};
use crate::html::{is_html, to_text};
use crate::imported::{Imported, Shape};
use crate::json::{Id, is_no_day, or_default, read as read_json};
use crate::refused::FileRefused;
use crate::remark::Reason;
use crate::source::Source;

/// How a task repeats: else every so many seconds from the day that it was due on.
const MONTHLY: i64 = 1;
const FROM_COMPLETION: i64 = 2;

#[derive(Deserialize)]
struct Project {
    #[serde(default, deserialize_with = "or_default")]
    title: String,
    #[serde(default, deserialize_with = "or_default")]
    description: String,
    #[serde(default, deserialize_with = "or_default")]
    tasks: Vec<Entry>,
    #[serde(default, deserialize_with = "or_default")]
    buckets: Vec<Bucket>,
}

#[derive(Deserialize)]
struct Bucket {
    id: Id,
    #[serde(default, deserialize_with = "or_default")]
    title: String,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default, deserialize_with = "or_default")]
    id: Id,
    #[serde(default, deserialize_with = "or_default")]
    title: String,
    #[serde(default, deserialize_with = "or_default")]
    description: String,
    #[serde(default, deserialize_with = "or_default")]
    done: bool,
    #[serde(default, deserialize_with = "or_default")]
    due_date: String,
    #[serde(default, deserialize_with = "or_default")]
    start_date: String,
    #[serde(default, deserialize_with = "or_default")]
    end_date: String,
    #[serde(default, deserialize_with = "or_default")]
    priority: i64,
    #[serde(default, deserialize_with = "or_default")]
    position: f64,
    #[serde(default, deserialize_with = "or_default")]
    repeat_after: i64,
    #[serde(default, deserialize_with = "or_default")]
    repeat_mode: i64,
    #[serde(default, deserialize_with = "or_default")]
    repeats: String,
    #[serde(default, deserialize_with = "or_default")]
    bucket_id: Id,
    #[serde(default, deserialize_with = "or_default")]
    labels: Vec<Label>,
    #[serde(default, deserialize_with = "or_default")]
    assignees: Vec<User>,
    #[serde(default, deserialize_with = "or_default")]
    reminders: Vec<Reminder>,
    #[serde(default, deserialize_with = "or_default")]
    comments: Vec<Comment>,
    #[serde(default, deserialize_with = "or_default")]
    attachments: Vec<Attachment>,
    #[serde(default, deserialize_with = "or_default")]
    related_tasks: HashMap<String, Vec<Related>>,
}

#[derive(Deserialize)]
struct Label {
    #[serde(default, deserialize_with = "or_default")]
    title: String,
}

#[derive(Deserialize)]
struct User {
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    username: String,
}

impl User {
    fn text(&self) -> &str {
        if self.name.is_empty() {
            &self.username
        } else {
            &self.name
        }
    }
}

#[derive(Deserialize)]
struct Reminder {
    #[serde(default, deserialize_with = "or_default")]
    reminder: String,
}

#[derive(Deserialize)]
struct Comment {
    #[serde(default, deserialize_with = "or_default")]
    comment: String,
    #[serde(default, deserialize_with = "or_default")]
    author: Option<User>,
}

#[derive(Deserialize)]
struct Attachment {
    #[serde(default, deserialize_with = "or_default")]
    file: Option<File>,
}

#[derive(Deserialize)]
struct File {
    #[serde(default, deserialize_with = "or_default")]
    name: String,
}

#[derive(Deserialize)]
struct Related {
    #[serde(default, deserialize_with = "or_default")]
    id: Id,
}

/// What a project has at the least.
#[derive(Deserialize)]
#[expect(dead_code, reason = "only whether it can be read is asked")]
struct Known {
    title: String,
    #[serde(default)]
    tasks: Option<Vec<IgnoredAny>>,
    owner: Option<IgnoredAny>,
    hex_color: Option<IgnoredAny>,
    is_archived: Option<bool>,
    identifier: Option<IgnoredAny>,
}

/// Whether the text is an array of projects.
pub(crate) fn is_one(text: &str) -> bool {
    let is_project = |project: &Known| {
        project.tasks.is_some()
            || project.identifier.is_some()
            || project.is_archived.is_some()
            || project.hex_color.is_some()
    };
    read_json::<Vec<Known>>(text).is_ok_and(|projects| projects.iter().any(is_project))
}

pub(crate) fn read(text: &str, source: &Source<'_>) -> Result<Imported, FileRefused> {
    let projects: Vec<Project> = read_json(text)?;
    let (mut found, mut row) = (Collected::default(), 0);
    for mut project in projects {
        let name = if project.title.trim().is_empty() {
            source.list_name()
        } else {
            &project.title
        };
        let list = found.list(name)?;
        found.describe(list, row + 1, &plain(&project.description))?;
        project.tasks.sort_by(|a, b| a.position.total_cmp(&b.position));
        add_tasks(&mut found, list, &project, &mut row)?;
    }
    found.remark("", Reason::History);
    found.finish(Shape::Vikunja)
}

fn add_tasks(
    found: &mut Collected,
    list: ListAt,
    project: &Project,
    row: &mut usize,
) -> Result<(), FileRefused> {
    let buckets: HashMap<&Id, &str> = project
        .buckets
        .iter()
        .map(|bucket| (&bucket.id, bucket.title.trim()))
        .collect();
    // A family is told by the parent, by the child, or by both.
    let mut parents: HashMap<&Id, &Id> = HashMap::new();
    for task in &project.tasks {
        for child in task.related_tasks.get("subtask").into_iter().flatten() {
            parents.entry(&child.id).or_insert(&task.id);
        }
        for parent in task.related_tasks.get("parenttask").into_iter().flatten().take(1) {
            parents.insert(&task.id, &parent.id);
        }
    }
    let tasks = project.tasks.iter();
    let ids: Vec<_> = tasks
        .map(|task| (&task.id, parents.get(&task.id).copied()))
        .collect();
    // Once for all children, since a title may be as long as the file.
    let titles: Vec<String> = project.tasks.iter().map(|task| short(&task.title)).collect();
    for (index, kin) in in_order(&ids) {
        let Some(entry) = project.tasks.get(index) else {
            continue;
        };
        *row += 1;
        let mut task = draft(entry, *row);
        tell(&mut task, kin, |parent| {
            titles.get(parent).cloned().unwrap_or_default()
        });
        task.keep(
            "Section",
            buckets.get(&entry.bucket_id).copied().unwrap_or_default(),
            Reason::Section,
        );
        found.add(list, task)?;
    }
    Ok(())
}

fn draft(entry: &Entry, row: usize) -> Draft {
    let mut task = Draft::new(row, &*entry.title);
    task.notes = plain(&entry.description);
    if is_html(&entry.description) && task.notes.contains('\n') {
        task.remark(Reason::Formatting);
    }
    task.is_done = entry.done;
    // 1 is low, 2 medium, 3 high, 4 urgent, 5 “do now”.
    task.priority = match entry.priority {
        1 => Some(Priority::Fourth),
        2 => Some(Priority::Third),
        3 => Some(Priority::Second),
        4 | 5 => Some(Priority::First),
        _ => None,
    };
    if !(0..=5).contains(&entry.priority) {
        task.keep("Priority", &entry.priority.to_string(), Reason::UnknownPriority);
    }
    match Stamp::parse(&entry.due_date) {
        None => task.keep("Due", &entry.due_date, Reason::UnknownDate),
        Some(stamp) if is_no_day(stamp.day) => {}
        Some(stamp) => {
            task.due = Some(stamp.day);
            if stamp.has_time() {
                task.keep("Due", &entry.due_date, Reason::Time);
            }
        }
    }
    let said = |date: &str| !Stamp::parse(date).is_some_and(|stamp| is_no_day(stamp.day));
    for (label, date) in [("Start", &entry.start_date), ("End", &entry.end_date)] {
        if said(date) {
            task.keep(label, date, Reason::Start);
        }
    }
    task.keep_all(
        "Labels",
        entry.labels.iter().map(|label| label.title.as_str()),
        Reason::Labels,
    );
    task.keep_all(
        "Assignees",
        entry.assignees.iter().map(User::text),
        Reason::Assignees,
    );
    task.keep_all(
        "Reminders",
        entry.reminders.iter().map(|one| one.reminder.as_str()),
        Reason::Reminder,
    );
    let days = entry.repeat_after / 86_400;
    match entry.repeat_mode {
        MONTHLY => task.repeats("", "FREQ=MONTHLY", "every month"),
        _ if entry.repeat_after <= 0 => {}
        _ if days * 86_400 != entry.repeat_after => {
            let text = format!("every {} seconds", entry.repeat_after);
            task.keep("Repeats", &text, Reason::Repeats);
        }
        mode => {
            let mark = if mode == FROM_COMPLETION { "!" } else { "" };
            let rule = format!("FREQ=DAILY;INTERVAL={days}");
            task.repeats(mark, &rule, &format!("every{mark} {days} days"));
        }
    }
    task.keep("Repeats", &entry.repeats, Reason::Repeats);
    let files = entry.attachments.iter().filter_map(|one| one.file.as_ref());
    task.keep_all(
        "Attachments",
        files.map(|file| file.name.as_str()),
        Reason::Attachments,
    );
    for comment in &entry.comments {
        let by = comment.author.as_ref().map_or("", User::text);
        task.comment(by, &plain(&comment.comment));
    }
    if entry
        .related_tasks
        .iter()
        .any(|(kind, tasks)| !tasks.is_empty() && kind != "subtask" && kind != "parenttask")
    {
        task.remark(Reason::Relations);
    }
    task
}

fn plain(text: &str) -> String {
    if is_html(text) {
        to_text(text)
    } else {
        text.to_owned()
    }
}
