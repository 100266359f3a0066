//! What is read of the `data.json` in an export of Vikunja.

use std::collections::HashMap;

use serde::Deserialize;

use crate::bounds::LARGEST_OBJECT;
use crate::json::{Id, or_default};

#[derive(Deserialize)]
pub(super) struct Project {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) title: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) description: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) tasks: Vec<Entry>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) buckets: Vec<Bucket>,
    /// Which tasks are in which bucket, since 0.24; before, each task said so.
    #[serde(default, deserialize_with = "or_default")]
    pub(super) task_buckets: Vec<InBucket>,
    /// Where the tasks stand in each view, since 0.24; before, each task said so.
    #[serde(default, deserialize_with = "or_default")]
    pub(super) positions: Vec<Position>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) views: Vec<View>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) is_archived: bool,
}

#[derive(Deserialize)]
pub(super) struct InBucket {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) bucket_id: Id,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) task_id: Id,
}

#[derive(Deserialize)]
pub(super) struct Position {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) task_id: Id,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) project_view_id: i64,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) position: f64,
}

#[derive(Deserialize)]
pub(super) struct View {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) id: i64,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) view_kind: Id,
}

#[derive(Deserialize)]
pub(super) struct Bucket {
    pub(super) id: Id,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) title: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) position: f64,
    /// The view that it is of, since 0.24; before, there was one.
    #[serde(default, deserialize_with = "or_default")]
    pub(super) project_view_id: i64,
}

#[derive(Deserialize)]
pub(super) struct Entry {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) id: Id,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) title: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) description: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) done: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) due_date: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) start_date: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) end_date: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) priority: i64,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) position: f64,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) percent_done: f64,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) repeat_after: i64,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) repeat_mode: i64,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) repeats: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) bucket_id: Id,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) labels: Vec<Label>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) assignees: Vec<User>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) reminders: Vec<Reminder>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) comments: Vec<Comment>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) attachments: Vec<Attachment>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) related_tasks: HashMap<String, Vec<Related>>,
}

const _: () = assert!(
    size_of::<Entry>() <= LARGEST_OBJECT,
    "a small file would be held as a large one"
);

#[derive(Deserialize)]
pub(super) struct Label {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) title: String,
}

#[derive(Deserialize)]
pub(super) struct User {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) username: String,
}

impl User {
    pub(super) fn text(&self) -> &str {
        if self.name.is_empty() {
            &self.username
        } else {
            &self.name
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Reminder {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) reminder: String,
}

#[derive(Deserialize)]
pub(super) struct Comment {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) comment: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) author: Option<User>,
}

#[derive(Deserialize)]
pub(super) struct Attachment {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) file: Option<File>,
}

#[derive(Deserialize)]
pub(super) struct File {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) name: String,
}

#[derive(Deserialize)]
pub(super) struct Related {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) id: Id,
}
