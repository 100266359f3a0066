//! Microsoft To Do, as Microsoft Graph answers: the tasks of a list (`value`), the lists with their tasks, or an array of either.

mod repeat;

use domain::Priority;
use serde::Deserialize;
use serde::de::IgnoredAny;

use self::repeat::Recurrence;
use crate::bounds::LARGEST_OBJECT;
use crate::collect::{Collected, ListAt};
use crate::draft::Draft;
use crate::html::to_text;
use crate::imported::{Imported, Shape};
use crate::json::{or_default, read as read_json};
use crate::refused::FileRefused;
use crate::remark::Reason;
use crate::source::Source;
use crate::stamp::Stamp;

/// A list, or a task: which of both is said by its keys.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    /// Of a list.
    #[serde(default, deserialize_with = "or_default")]
    display_name: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    tasks: Option<Vec<Entry>>,
    #[serde(default, rename = "tasks@odata.nextLink", deserialize_with = "or_default")]
    more_tasks: Option<IgnoredAny>,
    /// Of a task.
    #[serde(default, deserialize_with = "or_default")]
    title: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    importance: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    status: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    body: Option<Body>,
    #[serde(default, deserialize_with = "or_default")]
    due_date_time: Option<Moment>,
    #[serde(default, deserialize_with = "or_default")]
    start_date_time: Option<Moment>,
    #[serde(default, deserialize_with = "or_default")]
    reminder_date_time: Option<Moment>,
    #[serde(default, deserialize_with = "or_default")]
    categories: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    recurrence: Option<Box<Recurrence>>,
    #[serde(default, deserialize_with = "or_default")]
    checklist_items: Vec<Step>,
    #[serde(
        default,
        rename = "checklistItems@odata.nextLink",
        deserialize_with = "or_default"
    )]
    more_steps: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "or_default")]
    linked_resources: Vec<Linked>,
    #[serde(default, deserialize_with = "or_default")]
    has_attachments: bool,
}

const _: () = assert!(
    size_of::<Entry>() <= LARGEST_OBJECT,
    "a small file would be held as a large one"
);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    #[serde(default, deserialize_with = "or_default")]
    content: String,
    #[serde(default, deserialize_with = "or_default")]
    content_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Moment {
    #[serde(default, deserialize_with = "or_default")]
    date_time: String,
    #[serde(default, deserialize_with = "or_default")]
    time_zone: String,
}

impl Moment {
    fn text(&self) -> String {
        format!("{} {}", self.date_time, self.time_zone)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Step {
    #[serde(default, deserialize_with = "or_default")]
    display_name: String,
    #[serde(default, deserialize_with = "or_default")]
    is_checked: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Linked {
    #[serde(default, deserialize_with = "or_default")]
    display_name: String,
    #[serde(default, deserialize_with = "or_default")]
    web_url: String,
}

#[derive(Deserialize)]
struct Answer {
    value: Vec<Entry>,
    /// Where the next page of the answer is, if this is not the last one.
    #[serde(default, rename = "@odata.nextLink", deserialize_with = "or_default")]
    more: Option<IgnoredAny>,
}

/// An answer, or an array of entries, or the only one.
fn answer(text: &str) -> Result<Answer, FileRefused> {
    let all = |value| Answer { value, more: None };
    if text.trim_start().starts_with('[') {
        return read_json(text).map(all);
    }
    match read_json::<Answer>(text) {
        Ok(answer) => Ok(answer),
        Err(_) => Ok(all(vec![read_json(text)?])),
    }
}

impl Entry {
    fn is_list(&self) -> bool {
        self.display_name.is_some() && self.title.is_none()
    }

    /// A task of this program has at least one of these beside its title.
    fn is_known(&self) -> bool {
        self.is_list() || self.title.is_some() && (self.importance.is_some() || self.status.is_some())
    }
}

/// Whether the text is of this program.
pub(crate) fn is_one(text: &str) -> bool {
    answer(text).is_ok_and(|answer| answer.value.iter().any(Entry::is_known))
}

pub(crate) fn read(text: &str, source: &Source<'_>) -> Result<Imported, FileRefused> {
    let (mut found, mut row) = (Collected::default(), 0);
    let mut of_file = None;
    let answer = answer(text)?;
    if answer.more.is_some() {
        found.remark("", Reason::MorePages);
    }
    for entry in answer.value {
        if entry.is_list() {
            let name = entry.display_name.as_deref().unwrap_or_default();
            let list = found.list(name)?;
            if entry.more_tasks.is_some() {
                found.remark(name, Reason::MorePages);
            }
            for task in entry.tasks.into_iter().flatten() {
                row += 1;
                add(&mut found, list, row, &task)?;
            }
        } else {
            let list = match of_file {
                Some(list) => list,
                None => *of_file.insert(found.list(source.list_name())?),
            };
            row += 1;
            add(&mut found, list, row, &entry)?;
        }
    }
    found.finish(Shape::MicrosoftToDo)
}

fn add(found: &mut Collected, list: ListAt, row: usize, entry: &Entry) -> Result<(), FileRefused> {
    let mut task = Draft::new(row, entry.title.as_deref().unwrap_or_default());
    if let Some(body) = &entry.body {
        let is_html = body.content_type.eq_ignore_ascii_case("html");
        task.notes = if is_html {
            to_text(&body.content)
        } else {
            body.content.clone()
        };
        if is_html && !task.notes.is_empty() {
            task.remark(Reason::Formatting);
        }
    }
    match entry.status.as_deref() {
        None | Some("notStarted") => {}
        Some("completed") => task.is_done = true,
        Some(other) => task.keep("State", other, Reason::UnknownState),
    }
    match entry.importance.as_deref() {
        None | Some("normal") => {}
        Some("high") => task.priority = Some(Priority::First),
        Some("low") => task.priority = Some(Priority::Fourth),
        Some(other) => task.keep("Priority", other, Reason::UnknownPriority),
    }
    if let Some(due) = &entry.due_date_time {
        // A task has a day there; it is written as the midnight of that day, in some zone.
        task.due = Stamp::parse(&due.date_time).map(Stamp::whole_day);
        if task.due.is_none() {
            task.keep("Due", &due.text(), Reason::UnknownDate);
        }
    }
    if let Some(start) = &entry.start_date_time {
        task.start = Stamp::parse(&start.date_time).map(Stamp::whole_day);
        if task.start.is_none() {
            task.keep("Start", &start.text(), Reason::UnknownDate);
        }
    }
    let moment = |moment: &Option<Moment>| moment.as_ref().map(Moment::text).unwrap_or_default();
    task.keep("Reminder", &moment(&entry.reminder_date_time), Reason::Reminder);
    task.label(entry.categories.iter().map(String::as_str));
    if let Some(recurrence) = &entry.recurrence {
        let anchor = recurrence.anchor().or(task.due);
        let rule = recurrence.rule().unwrap_or_default();
        task.repeats_since(anchor, "", &rule, &recurrence.text());
    }
    for linked in &entry.linked_resources {
        task.keep_all(
            "Link",
            [linked.display_name.as_str(), linked.web_url.as_str()],
            Reason::Attachments,
        );
    }
    if entry.has_attachments {
        task.remark(Reason::Files);
    }
    if entry.more_steps.is_some() {
        task.remark(Reason::MorePages);
    }
    let parent = found.add(list, None, task)?;
    for step in &entry.checklist_items {
        let mut task = Draft::new(row, &*step.display_name);
        task.is_done = step.is_checked;
        found.add(list, Some(parent), task)?;
    }
    Ok(())
}
