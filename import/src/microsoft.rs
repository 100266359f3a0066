//! Microsoft To Do, as Microsoft Graph answers: the tasks of a list (`value`), the lists with their tasks, or an array of either.

use domain::Priority;
use serde::Deserialize;

use crate::collect::{Collected, ListAt};
use crate::dates::Stamp;
use crate::draft::Draft;
use crate::family::below;
use crate::html::to_text;
use crate::imported::{Imported, Shape};
use crate::json::{or_default, read as read_json};
use crate::refused::FileRefused;
use crate::remark::Reason;
use crate::source::Source;

/// A list, or a task: which of both is said by its keys.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    /// Of a list.
    #[serde(default, deserialize_with = "or_default")]
    display_name: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    tasks: Option<Vec<Entry>>,
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
    recurrence: Option<Recurrence>,
    #[serde(default, deserialize_with = "or_default")]
    checklist_items: Vec<Step>,
    #[serde(default, deserialize_with = "or_default")]
    linked_resources: Vec<Linked>,
    #[serde(default, deserialize_with = "or_default")]
    has_attachments: bool,
}

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
struct Recurrence {
    #[serde(default, deserialize_with = "or_default")]
    pattern: Option<Pattern>,
    #[serde(default, deserialize_with = "or_default")]
    range: Option<Range>,
}

#[derive(Deserialize)]
struct Range {
    #[serde(default, rename = "type", deserialize_with = "or_default")]
    kind: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pattern {
    #[serde(default, rename = "type", deserialize_with = "or_default")]
    kind: String,
    #[serde(default, deserialize_with = "or_default")]
    interval: i64,
    #[serde(default, deserialize_with = "or_default")]
    days_of_week: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    day_of_month: i64,
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
}

/// The entries of an answer, of an array, or the only one.
fn entries(text: &str) -> Result<Vec<Entry>, FileRefused> {
    if text.trim_start().starts_with('[') {
        return read_json(text);
    }
    match read_json::<Answer>(text) {
        Ok(answer) => Ok(answer.value),
        Err(_) => Ok(vec![read_json(text)?]),
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
    entries(text).is_ok_and(|entries| entries.iter().any(Entry::is_known))
}

pub(crate) fn read(text: &str, source: &Source<'_>) -> Result<Imported, FileRefused> {
    let (mut found, mut row) = (Collected::default(), 0);
    let mut of_file = None;
    for entry in entries(text)? {
        if entry.is_list() {
            let list = found.list(entry.display_name.as_deref().unwrap_or_default())?;
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
    let moment = |moment: &Option<Moment>| moment.as_ref().map(Moment::text).unwrap_or_default();
    task.keep("Start", &moment(&entry.start_date_time), Reason::Start);
    task.keep("Reminder", &moment(&entry.reminder_date_time), Reason::Reminder);
    task.keep_all(
        "Labels",
        entry.categories.iter().map(String::as_str),
        Reason::Labels,
    );
    if let Some(recurrence) = &entry.recurrence {
        let pattern = recurrence.pattern.as_ref();
        let words = pattern.map_or_else(|| "yes".to_owned(), Pattern::text);
        let is_endless = recurrence
            .range
            .as_ref()
            .is_none_or(|range| range.kind == "noEnd");
        let rule = pattern.and_then(Pattern::rule).filter(|_| is_endless);
        task.repeats("", &rule.unwrap_or_default(), &words);
    }
    for linked in &entry.linked_resources {
        task.keep_all(
            "Link",
            [linked.display_name.as_str(), linked.web_url.as_str()],
            Reason::Attachments,
        );
    }
    if entry.has_attachments {
        task.remark(Reason::Attachments);
    }
    let about = task.about();
    found.add(list, task)?;
    for step in &entry.checklist_items {
        let mut task = Draft::new(row, &*step.display_name);
        task.is_done = step.is_checked;
        below(&mut task, &about);
        found.add(list, task)?;
    }
    Ok(())
}

impl Pattern {
    /// The rule of RFC 5545, where one says the same.
    fn rule(&self) -> Option<String> {
        let unit = match &*self.kind {
            "daily" => "DAILY",
            "weekly" => "WEEKLY",
            "absoluteMonthly" => "MONTHLY",
            "absoluteYearly" => "YEARLY",
            _ => return None,
        };
        let mut rule = format!("FREQ={unit};INTERVAL={}", self.interval.max(1));
        if unit == "WEEKLY" && !self.days_of_week.is_empty() {
            let days = self.days_of_week.iter().map(|day| day.get(..2));
            let days: Vec<&str> = days.collect::<Option<_>>()?;
            rule += &format!(";BYDAY={}", days.join(",").to_uppercase());
        }
        if unit == "MONTHLY" && self.day_of_month > 0 {
            rule += &format!(";BYMONTHDAY={}", self.day_of_month);
        }
        Some(rule)
    }

    fn text(&self) -> String {
        let mut words = self.kind.clone();
        if self.interval > 1 {
            words += &format!(", every {}", self.interval);
        }
        if !self.days_of_week.is_empty() {
            words += &format!(", {}", self.days_of_week.join(" and "));
        }
        if self.day_of_month > 0 {
            words += &format!(", day {}", self.day_of_month);
        }
        words
    }
}
