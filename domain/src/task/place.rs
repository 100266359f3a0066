//! Where a task is to stand among the others: intent, which the server turns into an order key.

use std::iter::once;

use serde::{Deserialize, Serialize};

use crate::json::Read;
use crate::{List, Task, TaskId};

/// Where a task is to stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Above all others.
    Start,
    /// Right below that task, or where it stood last, and a part of the same task; below all others if the list never had it.
    After(TaskId),
    /// Below all others.
    End,
    /// Above all other subtasks of that task.
    StartOf(TaskId),
    /// Below all other subtasks of that task.
    EndOf(TaskId),
}

impl Place {
    /// Where a task stands among the tasks, or a section among the sections.
    pub fn of(list: &List, task: &Task) -> Self {
        let mut before = None;
        for other in list
            .subtasks(task.parent)
            .filter(|other| other.section == task.section)
        {
            if other.id == task.id {
                break;
            }
            before = Some(other.id);
        }
        match (before, task.parent) {
            (Some(before), _) => Self::After(before),
            (None, Some(parent)) => Self::StartOf(parent),
            (None, None) => Self::Start,
        }
    }
}

/// Where a task comes to stand that is put below that row of the list as it is read, so many levels in, or as near to that as there is a
/// place. None above is the top. And the level of the place.
pub fn below(list: &List, task: TaskId, above: Option<TaskId>, level: usize) -> (Place, usize) {
    let is_section = list.task(task).is_some_and(|task| task.section);
    let parts = list.parts(task);
    let goes_along = |id: TaskId| id == task || parts.iter().any(|part| part.id == id);
    let mut rows = list.open();
    // Below what goes along is where the task is: below the row before it.
    let is_along = above.is_some_and(goes_along);
    let at = |id| rows.iter().position(|row| row.id == id);
    let end = match above {
        Some(_) if is_along => at(task),
        Some(above) => at(above).map(|at| at + 1),
        None => Some(0),
    };
    let after = rows.split_off(end.unwrap_or(rows.len()));
    let before = rows.into_iter().rev().find(|row| !goes_along(row.id));
    let Some(above) = before else {
        return (Place::Start, 0);
    };
    if is_section {
        let mut sections = once(above).chain(list.parents(above));
        let section = sections.find(|row| row.section);
        return (
            section.map_or(Place::Start, |section| Place::After(section.id)),
            0,
        );
    }
    if above.section {
        return (Place::StartOf(above.id), 0);
    }
    let after = after.into_iter().find(|row| !goes_along(row.id));
    let (least, inside) = (after.map_or(0, |row| list.level(row)), list.level(above) + 1);
    // With its own subtasks it has a level less for each of theirs.
    let most = inside.min(Task::MOST_LEVELS.saturating_sub(list.height(task)));
    let level = level.min(most).max(least.min(inside));
    if level == inside {
        let is_first = after.is_some_and(|row| row.parent == Some(above.id));
        let place = if is_first { Place::StartOf } else { Place::EndOf };
        return (place(above.id), level);
    }
    let mut beside = once(above).chain(list.parents(above).filter(|parent| parent.is_to_do()));
    let beside = beside.find(|row| list.level(row) == level).unwrap_or(above);
    (Place::After(beside.id), level)
}

/// One step of a task.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Above the one before it.
    Up,
    /// Below the one after it.
    Down,
    /// It becomes the last subtask of the one before it.
    In,
    /// It becomes no part any more of what it is a part of, and stands below that.
    Out,
}

/// The place one step further, among the tasks that are to be done and part of the same, or among the sections; none at the end. From
/// the first or the last task of a section it goes on to the section before or after.
pub fn step(list: &List, task: TaskId, step: Step) -> Option<Place> {
    let task = list.task(task)?;
    let (parent, is_section, task) = (task.parent, task.section, task.id);
    let beside: Vec<TaskId> = list
        .subtasks(parent)
        .filter(|task| task.is_open() && task.section == is_section)
        .map(|task| task.id)
        .collect();
    let at = beside.iter().position(|other| *other == task)?;
    let before = |by: usize| at.checked_sub(by).and_then(|at| beside.get(at)).copied();
    let start = parent.map_or(Place::Start, Place::StartOf);
    let section = parent.filter(|parent| list.task(*parent).is_some_and(|parent| parent.section));
    // The sections, with what is in none before them.
    let sections = || -> Vec<Option<TaskId>> {
        let sections = list.sections().map(|section| Some(section.id));
        once(None).chain(sections).collect()
    };
    let is_in_sections = !is_section && section == parent;
    let here = |sections: &[Option<TaskId>]| sections.iter().position(|other| *other == section);
    Some(match step {
        Step::Up if before(1).is_some() => before(2).map_or(start, Place::After),
        Step::Up if is_in_sections => {
            let sections = sections();
            let above = here(&sections)?.checked_sub(1)?;
            sections.get(above)?.map_or(Place::End, Place::EndOf)
        }
        Step::Up => return None,
        Step::Down => match beside.get(at + 1) {
            Some(next) => Place::After(*next),
            None if is_in_sections => {
                let sections = sections();
                Place::StartOf((*sections.get(here(&sections)? + 1)?)?)
            }
            None => return None,
        },
        Step::In if is_section => return None,
        Step::In => Place::EndOf(before(1)?),
        Step::Out => Place::After(parent.filter(|_| section.is_none())?),
    })
}
