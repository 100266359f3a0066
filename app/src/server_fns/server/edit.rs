//! The server's side of the page of a task: what was changed on it is set.

use std::collections::BTreeMap;

use domain::capture::repetition;
use domain::{Command, Field, LabelName, ListCommand, ListId, TaskId, isolated};

use super::{ApiError, Done, RequestContext, new_client, to_list};

/// The fields of the form whose values are words.
const REPEAT: &str = "repeat";
const LABELS: &str = "labels";

/// How the fields of a form begin that say who is to do the task.
const ASSIGNED: &str = "assigned:";

/// A field as it is to be, and as it was when the form was made, if that is known.
type Edit = (Field, Option<Field>);

impl RequestContext {
    pub(in crate::server_fns) async fn edit_task(
        &self,
        list: ListId,
        task: TaskId,
        typed: &BTreeMap<String, String>,
        bases: &BTreeMap<String, String>,
    ) -> Result<Done, ApiError> {
        let parse =
            |name: &str, text: &str| Ok::<_, ApiError>(Field::parse(name, text).ok_or(ApiError::Malformed)??);
        let mut edits = Vec::new();
        // What is written in words is read with what day it is, or with what stood there.
        for (name, text) in typed
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), REPEAT | LABELS))
        {
            let base = bases.get(name).map(|base| parse(name, base)).transpose()?;
            let field = match (parse(name, text)?, &base) {
                (Field::DueTime(Some(time)), Some(Field::DueTime(Some(base)))) => {
                    Field::DueTime(Some(time.in_zone(base.zone().unwrap_or_default())))
                }
                (field, _) => field,
            };
            edits.push((field, base));
        }
        // A box that is not ticked is not sent.
        let is_unticked = |name: &str| name.starts_with(ASSIGNED) && !typed.contains_key(name);
        for (name, base) in bases.iter().filter(|(name, _)| is_unticked(name)) {
            edits.push((parse(name, "false")?, Some(parse(name, base)?)));
        }
        if let Some(text) = typed.get(LABELS) {
            let before = labels(bases.get(LABELS).map_or("", String::as_str))?;
            let after = labels(text)?;
            let gone = before.iter().filter(|label| !after.contains(label));
            edits.extend(gone.map(|label| (Field::Labelled(label.clone(), false), None)));
            let new = after.iter().filter(|label| !before.contains(label));
            edits.extend(new.map(|label| (Field::Labelled(label.clone(), true), None)));
        }
        if let Some(words) = typed.get(REPEAT) {
            if bases.get(REPEAT) != Some(words) {
                edits = self.repeating(list, task, edits, words).await?;
            } else if edits
                .iter()
                .any(|edit| edit.0 == Field::Due(None) && is_changed(edit))
            {
                // What has no day does not come again.
                edits.push((Field::Repeat(None), None));
            }
        }
        self.day_and_time(list, task, &mut edits).await?;
        // What was left as it was is not set again, or it would take back what somebody else did meanwhile. Where that is
        // all of it, it is asked all the same: whoever may not hears that.
        if edits.iter().any(is_changed) {
            edits.retain(is_changed);
        }
        let sets = edits.into_iter().map(|(field, base)| {
            // Notes are merged; of any other field the last word counts.
            let base = base.filter(|base| matches!(base, Field::Notes(_)));
            Command::List(list, ListCommand::Set { task, field, base })
        });
        self.ask_all(new_client()?, sets.collect()).await?;
        Ok(to_list(list))
    }

    /// Has a time of day have a day: the next on which a clock shows it, where the task has none. A time that stood there goes with its day.
    async fn day_and_time(&self, list: ListId, task: TaskId, edits: &mut Vec<Edit>) -> Result<(), ApiError> {
        let time = edits.iter().find_map(|edit| match &edit.0 {
            Field::DueTime(Some(time)) => Some((time.clone(), is_changed(edit))),
            _ => None,
        });
        let Some((time, is_new)) = time else {
            return Ok(());
        };
        let due = edits.iter().rev().find_map(|edit| match edit.0 {
            Field::Due(due) => Some(due),
            _ => None,
        });
        let due = match due {
            Some(due) => due,
            None => self.now(list).await?.task(task).and_then(|task| task.due),
        };
        if due.is_some() {
            return Ok(());
        }
        let next = self.today.and_then(|today| time.next_day(today, self.minute));
        if let Some(next) = next.filter(|_| is_new) {
            edits.retain(|(field, _)| !matches!(field, Field::Due(_)));
            edits.push((Field::Due(Some(next)), None));
        } else {
            edits.retain(|(field, _)| !matches!(field, Field::DueTime(_)));
            edits.push((Field::DueTime(None), None));
        }
        Ok(())
    }

    /// What is set, with a repetition in words. A task that comes again is due on one of its days.
    async fn repeating(
        &self,
        list: ListId,
        task: TaskId,
        mut edits: Vec<Edit>,
        words: &str,
    ) -> Result<Vec<Edit>, ApiError> {
        if words.trim().is_empty() {
            edits.push((Field::Repeat(None), None));
            return Ok(edits);
        }
        let said = self.today.and_then(|today| repetition(words, today));
        let said = said.ok_or_else(|| {
            ApiError::Text(format!(
                "“{}” is not understood as a repetition. Write, for example, “every Friday” or “every 2 weeks”.",
                isolated(words)
            ))
        })?;
        let chosen = edits.iter().find_map(|edit| match edit.0 {
            Field::Due(due) if is_changed(edit) => Some(due),
            _ => None,
        });
        let due = match chosen {
            Some(due) => due,
            None => self.now(list).await?.task(task).and_then(|task| task.due),
        };
        let (repeat, first) = said.fitted(due);
        edits.push((Field::Repeat(Some(repeat.into())), None));
        if first != due {
            edits.retain(|(field, _)| !matches!(field, Field::Due(_)));
            edits.push((Field::Due(first), None));
        }
        Ok(edits)
    }
}

/// The labels of a text with each on a line.
fn labels(text: &str) -> Result<Vec<LabelName>, ApiError> {
    let names = text.lines().filter(|name| !name.trim().is_empty());
    Ok(names.map(LabelName::parse).collect::<Result<_, _>>()?)
}

/// Whether the person changed a field from what it was when the form was made, if that is known.
fn is_changed((field, base): &Edit) -> bool {
    base.as_ref() != Some(field)
}
