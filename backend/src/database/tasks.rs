//! Tasks as rows: the one place that names their columns. And lists read whole, for the writer, which decides on them, and
//! for those who check that all is well.

use std::collections::BTreeMap;
use std::str::FromStr;

use domain::{
    Attribution, Day, DueTime, Estimate, LabelName, List, ListId, ListName, Member, Notes, OrderKey,
    PersonId, Priority, Recurrence, Role, Task, TaskId, Timestamp, Title,
};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;

use super::Connection;
use super::columns::{Columns, Hex, id, id_array, senseless, time, who_and_when};
use super::people::profile;
use crate::Error;

/// A query for tasks, to be read by [`task`]: other columns, if any, and what follows them.
macro_rules! select_tasks {
    ($from:literal) => {
        $crate::database::tasks::select_tasks!("", $from)
    };
    ($also:literal, $from:literal) => {
        concat!(
            "select tasks.id, list_id, title, priority, due, due_time, deadline, start, estimate, repeat, assignees, labels, section, parent, order_key, added_by, added_at, done_by, done_at, deleted_by, deleted_at",
            $also,
            " ",
            $from
        )
    };
}
pub(crate) use select_tasks;

/// A task outside the trash as a JSON array, to be read by [`json_tasks`].
macro_rules! json_task {
    () => {
        "json_array(hex(id), title, priority, due, due_time, deadline, start, estimate, repeat, assignees, labels, section,
             iif(parent is null, null, hex(parent)), order_key, hex(added_by), added_at, iif(done_by is null, null, hex(done_by)), done_at, exists (select 1 from notes where task_id = tasks.id))"
    };
}
pub(crate) use json_task;

/// The same, as it is read.
#[derive(Deserialize)]
struct JsonTask(
    TaskId,
    Title,
    Option<u8>,
    Option<Day>,
    Option<DueTime>,
    Option<Day>,
    Option<Day>,
    Option<Estimate>,
    Option<Recurrence>,
    Option<String>,
    Option<String>,
    u8,
    Option<TaskId>,
    OrderKey,
    PersonId,
    Timestamp,
    Option<PersonId>,
    Option<Timestamp>,
    u8,
);

/// The tasks of a JSON array, without their notes, and whether each has any.
pub(crate) fn json_tasks(text: &str) -> Result<Vec<(Task, bool)>, Error> {
    let tasks: Vec<JsonTask> =
        serde_json::from_str(text).map_err(|error| Error::Corrupt(format!("a task is {error}")))?;
    let task = |task| {
        let JsonTask(
            id,
            title,
            priority,
            due,
            due_time,
            deadline,
            start,
            estimate,
            repeat,
            assignees,
            labels,
            section,
            parent,
            order,
            by,
            at,
            done_by,
            done_at,
            has_notes,
        ) = task;
        let mut task = Task::new(id, title, order, Attribution { by, at });
        task.parent = parent;
        task.priority = priority.map(known_priority).transpose()?;
        task.due = due;
        task.due_time = due_time;
        task.deadline = deadline;
        (task.start, task.estimate) = (start, estimate);
        task.repeat = repeat;
        task.assignees = read_assignees(assignees.as_deref())?;
        task.labels = read_labels(labels.as_deref())?;
        task.section = section != 0;
        task.done = done_by.zip(done_at).map(|(by, at)| Attribution { by, at });
        Ok((task, has_notes != 0))
    };
    tasks.into_iter().map(task).collect()
}

/// A new task, or one of which a field was set.
#[derive(Serialize)]
pub(crate) struct TaskRow<'a> {
    id: Hex<16>,
    list: Hex<16>,
    title: &'a str,
    priority: Option<u8>,
    due: Option<Day>,
    due_time: Option<&'a DueTime>,
    deadline: Option<Day>,
    start: Option<Day>,
    estimate: Option<Estimate>,
    repeat: Option<&'a Recurrence>,
    assignees: Option<String>,
    labels: Option<String>,
    section: u8,
    parent: Option<Hex<16>>,
    order_key: &'a str,
    added_by: Hex<16>,
    added_at: i64,
    done_by: Option<Hex<16>>,
    done_at: Option<i64>,
    deleted_by: Option<Hex<16>>,
    deleted_at: Option<i64>,
}

impl<'a> TaskRow<'a> {
    /// The row of a task, notes left out: they have a table of their own.
    pub(crate) fn of(list: ListId, task: &'a Task) -> Self {
        let (done_by, done_at) = who_and_when(task.done);
        let (deleted_by, deleted_at) = who_and_when(task.deleted);
        Self {
            id: id(&task.id),
            list: id(&list),
            title: task.title.as_str(),
            priority: task.priority.map(Priority::number),
            due: task.due,
            due_time: task.due_time.as_ref(),
            deadline: task.deadline,
            start: task.start,
            estimate: task.estimate,
            repeat: task.repeat.as_ref(),
            assignees: joined(&task.assignees, " "),
            labels: joined(&task.labels, "\n"),
            section: task.section.into(),
            parent: task.parent.as_ref().map(id),
            order_key: task.order.as_str(),
            added_by: id(&task.added.by),
            added_at: time(task.added.at),
            done_by,
            done_at,
            deleted_by,
            deleted_at,
        }
    }
}

/// A task that stands elsewhere.
#[derive(Serialize)]
pub(crate) struct MovedTask<'a> {
    id: Hex<16>,
    parent: Option<Hex<16>>,
    order_key: &'a str,
}

impl<'a> MovedTask<'a> {
    /// Where a task stands.
    pub(crate) fn of(task: &'a Task) -> Self {
        Self {
            id: id(&task.id),
            parent: task.parent.as_ref().map(id),
            order_key: task.order.as_str(),
        }
    }
}

/// The notes of a task.
#[derive(Serialize)]
pub(crate) struct NotesRow<'a> {
    pub(crate) task: Hex<16>,
    pub(crate) body: &'a str,
}

/// Writes new tasks.
pub(super) const INSERT: &str = "insert into tasks
        (id, list_id, title, priority, due, due_time, deadline, start, estimate, repeat, assignees, labels, section, parent, order_key, added_by, added_at,
         done_by, done_at, deleted_by, deleted_at)
    select unhex(value ->> 'id'), unhex(value ->> 'list'), value ->> 'title', value ->> 'priority', value ->> 'due', value ->> 'due_time',
        value ->> 'deadline', value ->> 'start', value ->> 'estimate', value ->> 'repeat', value ->> 'assignees', value ->> 'labels', value ->> 'section',
        unhex(value ->> 'parent'), value ->> 'order_key', unhex(value ->> 'added_by'), value ->> 'added_at', unhex(value ->> 'done_by'), value ->> 'done_at',
        unhex(value ->> 'deleted_by'), value ->> 'deleted_at'
    from json_each(new.document, '$.tasks_new')";

/// Writes the fields of tasks; their places stay, and with them the index of places.
pub(super) const SET: &str = "update tasks
    set title = row.value ->> 'title', priority = row.value ->> 'priority', due = row.value ->> 'due', due_time = row.value ->> 'due_time',
        deadline = row.value ->> 'deadline', start = row.value ->> 'start', estimate = row.value ->> 'estimate', repeat = row.value ->> 'repeat', assignees = row.value ->> 'assignees', labels = row.value ->> 'labels', section = row.value ->> 'section',
        done_by = unhex(row.value ->> 'done_by'), done_at = row.value ->> 'done_at',
        deleted_by = unhex(row.value ->> 'deleted_by'), deleted_at = row.value ->> 'deleted_at'
    from json_each(new.document, '$.tasks_set') as row where tasks.id = unhex(row.value ->> 'id')";

/// Writes where tasks stand.
pub(super) const MOVE: &str =
    "update tasks set parent = unhex(row.value ->> 'parent'), order_key = row.value ->> 'order_key'
    from json_each(new.document, '$.tasks_moved') as row where tasks.id = unhex(row.value ->> 'id')";

/// Writes notes.
pub(super) const NOTES: &str = "insert into notes (task_id, body)
    select unhex(value ->> 'task'), value ->> 'body' from json_each(new.document, '$.notes') where true
    on conflict (task_id) do update set body = excluded.body";

/// The lists that there are of these, trash included, notes left out.
pub(crate) async fn lists(
    connection: &mut Connection,
    ids: impl IntoIterator<Item = ListId>,
) -> Result<BTreeMap<ListId, List>, Error> {
    let ids = id_array(ids);
    let mut lists = headings(connection, ids.clone()).await?;
    let rows = sqlx::query(select_tasks!(
        "from tasks where list_id in (select unhex(value) from json_each($1))"
    ))
    .bind(ids)
    .fetch_all(connection)
    .await?;
    for row in rows {
        if let Some(list) = lists.get_mut(&row.id("list_id")?) {
            list.put(task(&row, Notes::default())?);
        }
    }
    Ok(lists)
}

/// The lists with their members and no tasks. `ids` is a JSON array.
pub(crate) async fn headings(
    connection: &mut Connection,
    ids: String,
) -> Result<BTreeMap<ListId, List>, Error> {
    let rows = sqlx::query(
        "select id, name, version from lists where id in (select unhex(value) from json_each($1))",
    )
    .bind(ids)
    .fetch_all(&mut *connection)
    .await?;
    let mut lists = BTreeMap::new();
    for row in rows {
        let id = row.id("id")?;
        let mut list = List::new(id, row.parsed("name", |name| ListName::parse(name).ok())?);
        list.version = row.version("version")?;
        lists.insert(id, list);
    }
    add_members(connection, &mut lists).await?;
    Ok(lists)
}

/// Reads the members of the lists.
async fn add_members(connection: &mut Connection, lists: &mut BTreeMap<ListId, List>) -> Result<(), Error> {
    let rows = sqlx::query(
        "select members.list_id, members.person_id, members.role, persons.name, persons.colour
         from members join persons on persons.id = members.person_id
         where members.list_id in (select unhex(value) from json_each($1))",
    )
    .bind(id_array(lists.keys().copied()))
    .fetch_all(connection)
    .await?;
    for row in rows {
        if let Some(list) = lists.get_mut(&row.id("list_id")?) {
            let member = Member {
                role: row.parsed("role", Role::parse)?,
                profile: profile(&row)?,
            };
            list.members.insert(row.id("person_id")?, member);
        }
    }
    Ok(())
}

/// The notes of those of the tasks that have any.
pub(crate) async fn notes(
    connection: &mut Connection,
    tasks: impl IntoIterator<Item = TaskId>,
) -> Result<BTreeMap<TaskId, Notes>, Error> {
    let rows = sqlx::query(
        "select task_id, body from notes where task_id in (select unhex(value) from json_each($1))",
    )
    .bind(id_array(tasks))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok((
                row.id("task_id")?,
                row.parsed("body", |body| Notes::parse(body).ok())?,
            ))
        })
        .collect()
}

/// The task in a row of `tasks`.
pub(crate) fn task(row: &SqliteRow, notes: Notes) -> Result<Task, Error> {
    Ok(Task {
        id: row.id("id")?,
        title: row.parsed("title", |title| Title::parse(title).ok())?,
        notes,
        priority: priority(row)?,
        due: parsed(row, "due")?,
        due_time: parsed(row, "due_time")?,
        deadline: parsed(row, "deadline")?,
        start: parsed(row, "start")?,
        estimate: estimate(row)?,
        repeat: parsed(row, "repeat")?,
        assignees: read_assignees(row.maybe_text("assignees")?)?,
        labels: read_labels(row.maybe_text("labels")?)?,
        section: row.number("section")? != 0,
        parent: row.maybe_id("parent")?,
        order: row.parsed("order_key", OrderKey::parse)?,
        added: Attribution {
            by: row.id("added_by")?,
            at: Timestamp(row.count("added_at")?),
        },
        done: row.stamp("done_by", "done_at")?,
        deleted: row.stamp("deleted_by", "deleted_at")?,
    })
}

fn priority(row: &SqliteRow) -> Result<Option<Priority>, Error> {
    row.maybe_count("priority")?
        .map(|number| known_priority(u8::try_from(number).unwrap_or_default()))
        .transpose()
}

fn estimate(row: &SqliteRow) -> Result<Option<Estimate>, Error> {
    let known = |minutes| u32::try_from(minutes).ok().and_then(Estimate::of_minutes);
    let minutes = row.maybe_count("estimate")?;
    minutes
        .map(|minutes| known(minutes).ok_or_else(|| senseless("estimate")))
        .transpose()
}

/// Several values as one text; nothing for none. The ids of people have spaces between them, and labels, which have no line breaks, those.
fn joined<T: ToString>(all: &[T], between: &str) -> Option<String> {
    let all: Vec<String> = all.iter().map(T::to_string).collect();
    (!all.is_empty()).then(|| all.join(between))
}

fn read_assignees(text: Option<&str>) -> Result<Vec<PersonId>, Error> {
    let people = text.unwrap_or_default().split_whitespace();
    people
        .map(|person| person.parse().map_err(|_| senseless("assignees")))
        .collect()
}

fn read_labels(text: Option<&str>) -> Result<Vec<LabelName>, Error> {
    let labels = text.unwrap_or_default().lines();
    labels
        .map(|label| LabelName::parse(label).map_err(|_| senseless("labels")))
        .collect()
}

/// A column whose text is nothing, or a value.
fn parsed<T: FromStr>(row: &SqliteRow, column: &'static str) -> Result<Option<T>, Error> {
    let parse = |text: &str| text.parse().map_err(|_| senseless(column));
    row.maybe_text(column)?.map(parse).transpose()
}

fn known_priority(number: u8) -> Result<Priority, Error> {
    Priority::from_number(number).ok_or_else(|| senseless("priority"))
}
