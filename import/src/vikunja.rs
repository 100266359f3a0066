//! The `data.json` in an export of Vikunja: projects with their tasks, and the buckets of a kanban view as sections. Descriptions and
//! comments are HTML.

mod file;

use std::collections::{HashMap, HashSet};

use domain::Priority;
use serde::Deserialize;
use serde::de::IgnoredAny;

use self::file::{Bucket, Entry, Project, User};
use crate::collect::{Collected, ListAt, TaskAt};
use crate::draft::{Draft, short};
use crate::family::{Kin, in_order};
use crate::html::{is_html, to_text};
use crate::imported::{Imported, Shape};
use crate::json::{Id, is_no_day, read as read_json};
use crate::refused::FileRefused;
use crate::remark::Reason;
use crate::source::Source;
use crate::stamp::Stamp;

/// How a task repeats: else every so many seconds from the day that it was due on.
const MONTHLY: i64 = 1;
const FROM_COMPLETION: i64 = 2;

/// The views of a project that show a list and buckets.
const LIST: &str = "list";
const KANBAN: &str = "kanban";

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
    // Once for all children, since a title may be as long as the file.
    let tasks = projects.iter().flat_map(|project| &project.tasks);
    let titles: HashMap<Id, String> = tasks.map(|task| (task.id.clone(), short(&task.title))).collect();
    let (mut found, mut row) = (Collected::default(), 0);
    for mut project in projects {
        let name = if project.title.trim().is_empty() {
            source.list_name()
        } else {
            &project.title
        };
        let list = found.list(name)?;
        if project.is_archived {
            found.remark_on(list, Reason::ArchivedList);
        }
        found.describe(list, row + 1, &plain(&project.description))?;
        sort(&mut project);
        add_tasks(&mut found, list, &project, &titles, &mut row)?;
    }
    found.remark("", Reason::History);
    found.finish(Shape::Vikunja)
}

/// Puts the tasks in the order of the list's view, or of the first one that says an order.
fn sort(project: &mut Project) {
    let list = project.views.iter().find(|view| view.view_kind.0 == LIST);
    let positions = &project.positions;
    let view = list
        .map(|view| view.id)
        .filter(|id| positions.iter().any(|one| one.project_view_id == *id))
        .or_else(|| positions.iter().map(|one| one.project_view_id).min());
    let of_view: HashMap<&Id, f64> = positions
        .iter()
        .filter(|one| Some(one.project_view_id) == view)
        .map(|one| (&one.task_id, one.position))
        .collect();
    let place = |task: &Entry| of_view.get(&task.id).copied().unwrap_or(task.position);
    project.tasks.sort_by(|a, b| place(a).total_cmp(&place(b)));
}

fn add_tasks(
    found: &mut Collected,
    list: ListAt,
    project: &Project,
    titles: &HashMap<Id, String>,
    row: &mut usize,
) -> Result<(), FileRefused> {
    let mut sections = Sections::of(found, list, project)?;
    let parents = parents(project);
    let entries = project.tasks.iter();
    let ids: Vec<_> = entries
        .map(|task| (&task.id, parents.get(&task.id).copied()))
        .collect();
    let mut tasks = HashMap::with_capacity(ids.len());
    for (index, kin) in in_order(&ids) {
        let Some(entry) = project.tasks.get(index) else {
            continue;
        };
        *row += 1;
        let mut task = draft(entry, *row);
        let elsewhere = parents.get(&entry.id).and_then(|id| titles.get(*id));
        let parent = match elsewhere.filter(|_| kin == Kin::Orphan) {
            Some(title) => {
                task.part_of(title, Reason::OtherList);
                None
            }
            None => kin.parent(&mut task, &tasks),
        };
        let section = sections.of_task(entry, &mut task);
        tasks.insert(index, found.add_in(list, section, parent, task)?);
    }
    Ok(())
}

/// The parent of each task. A family is told by the parent, by the child, or by both.
fn parents(project: &Project) -> HashMap<&Id, &Id> {
    let mut parents: HashMap<&Id, &Id> = HashMap::new();
    for task in &project.tasks {
        for child in task.related_tasks.get("subtask").into_iter().flatten() {
            parents.entry(&child.id).or_insert(&task.id);
        }
        for parent in task.related_tasks.get("parenttask").into_iter().flatten().take(1) {
            parents.insert(&task.id, &parent.id);
        }
    }
    parents
}

/// The buckets of a project. Those of the first kanban view that has some are sections.
struct Sections<'a> {
    /// What each is called, and the section.
    buckets: HashMap<&'a Id, (&'a str, Option<TaskAt>)>,
    of_tasks: HashMap<&'a Id, Vec<&'a Id>>,
}

impl<'a> Sections<'a> {
    fn of(found: &mut Collected, list: ListAt, project: &'a Project) -> Result<Self, FileRefused> {
        let view = view_of_sections(project);
        let mut of_tasks: HashMap<_, Vec<_>> = HashMap::new();
        for one in &project.task_buckets {
            of_tasks.entry(&one.task_id).or_default().push(&one.bucket_id);
        }
        let used: HashSet<&Id> = project.task_buckets.iter().map(|one| &one.bucket_id).collect();
        let mut in_order: Vec<&Bucket> = project.buckets.iter().collect();
        in_order.sort_by(|a, b| a.position.total_cmp(&b.position));
        let mut buckets = HashMap::with_capacity(in_order.len());
        for bucket in in_order {
            let name = bucket.title.trim();
            if Some(bucket.project_view_id) == view {
                let section = found.section(list, Draft::section(None, name))?;
                buckets.extend(section.map(|section| (&bucket.id, (name, Some(section)))));
            } else if used.contains(&bucket.id) {
                buckets.insert(&bucket.id, (name, None));
            } else {
                found.empty_section(name)?;
            }
        }
        Ok(Self { buckets, of_tasks })
    }

    /// The section of a task, with its name; the names of other buckets that it is in are kept. Of two tasks with one id, which no
    /// export has, the first has them.
    fn of_task(&mut self, entry: &'a Entry, task: &mut Draft) -> Option<(TaskAt, &'a str)> {
        let of_task = self.of_tasks.remove(&entry.id);
        let of_task = of_task.unwrap_or_else(|| vec![&entry.bucket_id]);
        let (mut section, mut others) = (None, Vec::new());
        for (name, at) in of_task.into_iter().filter_map(|id| self.buckets.get(id)) {
            match at.filter(|_| section.is_none()) {
                Some(at) => section = Some((at, *name)),
                None => others.push(*name),
            }
        }
        task.keep_all("Section", others, Reason::Section);
        section
    }
}

/// The view whose buckets are sections.
fn view_of_sections(project: &Project) -> Option<i64> {
    let views: HashSet<i64> = project
        .buckets
        .iter()
        .map(|bucket| bucket.project_view_id)
        .collect();
    let kanban = project.views.iter().filter(|view| view.view_kind.0 == KANBAN);
    let first = kanban.map(|view| view.id).find(|id| views.contains(id));
    first.or_else(|| project.buckets.first().map(|bucket| bucket.project_view_id))
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
    if entry.percent_done != 0.0 {
        let percent = format!("{} %", (entry.percent_done * 100.0).round());
        task.keep("Done", &percent, Reason::Progress);
    }
    match Stamp::parse(&entry.due_date) {
        None => task.keep("Due", &entry.due_date, Reason::UnknownDate),
        Some(stamp) if is_no_day(stamp.day) => {}
        Some(stamp) => task.due_at(stamp, ""),
    }
    let said = |date: &str| !Stamp::parse(date).is_some_and(|stamp| is_no_day(stamp.day));
    if said(&entry.start_date) {
        task.starts_at(&entry.start_date, "");
    }
    if said(&entry.end_date) {
        task.keep("End", &entry.end_date, Reason::End);
    }
    task.label(entry.labels.iter().map(|label| label.title.as_str()));
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
