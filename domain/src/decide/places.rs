//! Where tasks come to stand: what they are a part of, what goes with them, and the keys that say it.

use std::iter::once;

use crate::{Change, List, OrderKey, Place, Refusal, Task, TaskId};

/// All that is done goes to the trash. What is still to be done of it stays, in its place and a part of what that was a part of.
pub(super) fn clear_completed(list: &List) -> Vec<Change> {
    let mut changes = Vec::new();
    let done = list.completed();
    for task in &done {
        if list.parents(task).next().is_some_and(|parent| !parent.is_open()) {
            continue; // It is a part of what is cleared itself.
        }
        let is_next = |part: &Task| {
            list.parents(part)
                .find(|above| above.is_open() || above.id == task.id)
        };
        let mut stays = list.parts(task.id);
        stays.retain(|part| part.is_open() && is_next(part).is_some_and(|above| above.id == task.id));
        let high = list.next_key(task.parent, Some(&task.order), task.id);
        let keys = OrderKey::n_between(Some(&task.order), high, stays.len());
        changes.extend(
            stays
                .into_iter()
                .zip(keys)
                .map(|(part, order)| Change::TaskMoved {
                    task: part.id,
                    order,
                    parent: task.parent,
                }),
        );
    }
    changes.extend(done.into_iter().map(|task| Change::TaskDeleted { task: task.id }));
    changes
}

/// What the task was a part of may be in the trash or have no level left for it: then it stands below that.
pub(super) fn restore(list: &List, id: TaskId) -> Result<Vec<Change>, Refusal> {
    let task = list.task(id).ok_or(Refusal::NotFound)?;
    if task.is_live() {
        return Ok(vec![]);
    }
    if list.count() >= List::MOST_TASKS {
        return Err(Refusal::ListFull);
    }
    let mut above = once(task).chain(list.parents(task));
    let beside = above.find(|task| joins(list, task.parent, id, 0).is_ok());
    // Its old place: right below the task at its key or, if there is none, above it. Its own key may be in use.
    let place = beside.map_or(Place::End, |task| Place::After(task.id));
    let (parent, order, mut changes) = mint(list, place, id)?;
    changes.push(Change::TaskRestored {
        task: Task {
            parent,
            order,
            deleted: None,
            ..task.clone()
        },
    });
    Ok(changes)
}

pub(super) fn move_task(list: &List, id: TaskId, place: Place) -> Result<Vec<Change>, Refusal> {
    let task = list.task(id).ok_or(Refusal::NotFound)?;
    if !task.is_live() {
        return Err(Refusal::Deleted);
    }
    let Gap { parent, low, high } = gap(list, place, id)?;
    let stands_there = parent == task.parent
        && low.is_none_or(|low| *low < task.order)
        && high.is_none_or(|high| task.order < *high);
    if place == Place::After(id) || stands_there {
        return Ok(vec![]);
    }
    if parent.is_some() {
        joins(list, parent, id, list.height(id))?;
    }
    let (parent, order, mut changes) = mint(list, place, id)?;
    changes.push(Change::TaskMoved {
        task: id,
        order,
        parent,
    });
    Ok(changes)
}

/// Whether a task with so many levels of subtasks can be a part of that one.
fn joins(list: &List, parent: Option<TaskId>, id: TaskId, height: usize) -> Result<(), Refusal> {
    let Some(parent) = parent else { return Ok(()) };
    let parent = list.task(parent).ok_or(Refusal::NotFound)?;
    if list.task(id).is_some_and(|task| task.section) {
        return Err(Refusal::IsSection);
    }
    if !parent.is_live() {
        return Err(Refusal::Deleted);
    }
    if parent.id == id || list.parents(parent).any(|above| above.id == id) {
        return Err(Refusal::WithinItself);
    }
    let above = once(parent).chain(list.parents(parent));
    if above.filter(|task| !task.section).count() + height > Task::MOST_LEVELS {
        return Err(Refusal::TooDeep);
    }
    Ok(())
}

/// A place among the tasks of a list.
struct Gap<'a> {
    /// What a task there is a part of.
    parent: Option<TaskId>,
    /// The keys around it.
    low: Option<&'a OrderKey>,
    high: Option<&'a OrderKey>,
}

/// The gap at that place, as if `but` were not in the list.
fn gap(list: &List, place: Place, but: TaskId) -> Result<Gap<'_>, Refusal> {
    let end = |parent| (parent, list.last_key(parent, but));
    let (parent, low) = match place {
        Place::Start => (None, None),
        Place::StartOf(parent) => (Some(parent), None),
        Place::EndOf(parent) => end(Some(parent)),
        Place::End => end(None),
        Place::After(other) => {
            // It may have been deleted with what it was a part of: then that is where it was.
            let is_there = |task: &&Task| task.parent.is_none_or(|parent| list.has(parent));
            let other = list.task(other);
            let other = other.and_then(|task| once(task).chain(list.parents(task)).find(is_there));
            other.map_or_else(|| end(None), |task| (task.parent, Some(&task.order)))
        }
    };
    joins(list, parent, but, 0)?;
    let high = list.next_key(parent, low, but);
    Ok(Gap { parent, low, high })
}

/// What `id` is a part of at that place, a key for it there, and fresh keys for its neighbours where the key would grow long.
pub(super) fn mint(
    list: &List,
    place: Place,
    id: TaskId,
) -> Result<(Option<TaskId>, OrderKey, Vec<Change>), Refusal> {
    let Gap { parent, low, high } = gap(list, place, id)?;
    // The first subtask has a key behind that of its parent: so the first tasks by key, which a page of a long list begins with, are
    // parents before their subtasks.
    let parents_key = parent
        .and_then(|parent| list.task(parent))
        .map(|parent| &parent.order);
    let parents_key = parents_key.filter(|key| high.is_none_or(|high| *key < high));
    let low = low.or(parents_key);
    let key = OrderKey::between(low, high);
    if !key.is_long() {
        return Ok((parent, key, vec![]));
    }
    let mut count = 8;
    loop {
        let around = list.around((parent, low), id, count);
        let (before, total) = (around.before.len(), around.before.len() + 1 + around.after.len());
        let mut keys = OrderKey::n_between(around.low, around.high, total);
        if keys.iter().all(|key| key.as_str().len() <= OrderKey::LONG / 2) || total > list.count() {
            let key = keys.remove(before);
            let tasks = around.before.into_iter().chain(around.after);
            let moved = tasks
                .zip(keys)
                .map(|(task, order)| Change::TaskMoved { task, order, parent });
            return Ok((parent, key, moved.collect()));
        }
        count *= 4;
    }
}
