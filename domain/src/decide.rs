//! Every business rule and permission: what a command changes, or why it may not.
//!
//! Pure, so the server, the browser (as a prediction), the simulator and the tests run the same rules. No changes is a
//! legal outcome: completing a completed task is not an error.

mod places;

use places::{clear_completed, mint, move_task, restore};

use crate::command::{AccountCommand, Command, ListCommand};
use crate::{
    Account, Attribution, Change, Day, Field, List, ListId, PersonId, Place, Refusal, Role, Task, TaskId,
    Timestamp, Title, Topic,
};

/// What a decision needs to know from outside the list and the account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Facts {
    /// The time.
    pub at: Timestamp,
    /// Whether the id of the thing to be made exists already, anywhere.
    pub id_taken: bool,
}

/// What a command changes, topic by topic; each pair becomes one log row.
pub type Decision = Vec<(Topic, Vec<Change>)>;

/// Decides a command of `who` on `list`, the list it names, if that exists.
pub fn decide(
    command: &Command,
    who: &Account,
    list: Option<&List>,
    facts: Facts,
) -> Result<Decision, Refusal> {
    match command {
        Command::List(id, command) => {
            let list = list.ok_or(Refusal::NotFound)?;
            let role = list.role(who.person).ok_or(Refusal::NotFound)?;
            let actor = Actor {
                stamp: Attribution {
                    by: who.person,
                    at: facts.at,
                },
                role,
                id_taken: facts.id_taken,
            };
            decide_in_list(command, *id, list, actor)
        }
        Command::Account(command) => decide_for_account(command, who, list, facts),
    }
}

#[derive(Clone, Copy)]
struct Actor {
    stamp: Attribution,
    role: Role,
    id_taken: bool,
}

fn decide_in_list(command: &ListCommand, id: ListId, list: &List, actor: Actor) -> Result<Decision, Refusal> {
    let here = |changes: Vec<Change>| {
        if changes.is_empty() {
            Vec::new()
        } else {
            vec![(Topic::List(id), changes)]
        }
    };
    match command {
        ListCommand::Rename { name } => {
            if !actor.role.can_manage() {
                return Err(Refusal::OwnerOnly);
            }
            let same = list.name == *name;
            Ok(here(if same {
                vec![]
            } else {
                vec![Change::ListRenamed { name: name.clone() }]
            }))
        }
        ListCommand::RemoveMember { person } => {
            if *person != actor.stamp.by && !actor.role.can_manage() {
                return Err(Refusal::OwnerOnly);
            }
            let Some(role) = list.role(*person) else {
                return Ok(vec![]);
            };
            if role == Role::Owner && list.owners() == 1 {
                return Err(Refusal::LastOwner);
            }
            Ok(vec![
                (Topic::List(id), vec![Change::MemberLeft { person: *person }]),
                (Topic::Person(*person), vec![Change::ListLeft { list: id }]),
            ])
        }
        _ if !actor.role.can_edit() => Err(Refusal::ReadOnly),
        ListCommand::AddTask {
            task,
            place,
            title,
            fields,
        } => add(list, actor, (*task, *place), title, fields).map(here),
        ListCommand::ClearCompleted {} => Ok(here(clear_completed(list))),
        ListCommand::Delete { task } => {
            let task = list.task(*task).ok_or(Refusal::NotFound)?;
            Ok(here(if task.is_live() {
                // The last is what is told of it.
                let all = list.parts(task.id).into_iter().chain([task]);
                all.map(|task| Change::TaskDeleted { task: task.id }).collect()
            } else {
                vec![]
            }))
        }
        ListCommand::Restore { task } => restore(list, *task).map(here),
        ListCommand::Set { task, field, base } => set(list, *task, field, base.as_ref()).map(here),
        ListCommand::Complete { task, next, due } => complete(list, actor, *task, (*next, *due)).map(here),
        ListCommand::Move { task, place } => move_task(list, *task, *place).map(here),
    }
}

fn set(list: &List, id: TaskId, field: &Field, base: Option<&Field>) -> Result<Vec<Change>, Refusal> {
    let task = list.task(id).ok_or(Refusal::NotFound)?;
    if !task.is_live() {
        return Err(Refusal::Deleted);
    }
    // Of a section the subtasks have a level more below them.
    if *field == Field::Section(false) && task.section && list.height(id) > Task::MOST_LEVELS {
        return Err(Refusal::TooDeep);
    }
    let left = make_way(list, task, field);
    let settled = if left.is_empty() {
        field.settle(task, base)?
    } else {
        let mut task = task.clone();
        task.assignees.retain(|person| !left.contains(person));
        field.settle(&task, base)?
    };
    let Some(field) = settled else {
        return Ok(Vec::new());
    };
    if !is_of(list, &field) {
        return Err(Refusal::NotAMember);
    }
    let taken_off = left.into_iter().map(|person| Field::Assigned(person, false));
    let fields = taken_off.chain([field]);
    Ok(fields.map(|field| Change::TaskSet { task: id, field }).collect())
}

/// Those who have left the list and are taken off the task, so that there is room for whom the field assigns. Nobody else sees them
/// assigned.
fn make_way(list: &List, task: &Task, field: &Field) -> Vec<PersonId> {
    let is_new = matches!(field, Field::Assigned(person, true) if !task.assignees.contains(person));
    let too_many = (task.assignees.len() + 1).saturating_sub(Task::MOST_ASSIGNEES);
    let left = task
        .assignees
        .iter()
        .filter(|person| list.role(**person).is_none());
    left.take(if is_new { too_many } else { 0 }).copied().collect()
}

/// Whether whom the field is about is in the list, where somebody is to do a task.
fn is_of(list: &List, field: &Field) -> bool {
    !matches!(field, Field::Assigned(person, true) if list.role(*person).is_none())
}

/// A task is completed, and the one that comes next is added with all that it has but its check. It stands where this one stood, and
/// the subtasks go on with it, all of them to be done again. The finished one comes again no longer: taken up once more, it is one task.
fn complete(
    list: &List,
    actor: Actor,
    id: TaskId,
    (next, due): (TaskId, Day),
) -> Result<Vec<Change>, Refusal> {
    let done = set(list, id, &Field::Done(true), None)?;
    // It may be done by now, or come again no longer.
    let task = list
        .task(id)
        .filter(|task| !done.is_empty() && task.repeat.is_some());
    let Some(task) = task else { return Ok(done) };
    if actor.id_taken || list.task(next).is_some() {
        return Err(Refusal::IdTaken);
    }
    if list.count() >= List::MOST_TASKS {
        return Err(Refusal::ListFull);
    }
    let as_far = |day: Option<Day>| due.plus(day?.since(task.due?));
    let (parent, order, mut changes) = mint(list, Place::After(id), next)?;
    changes.push(Change::TaskAdded {
        task: Task {
            parent,
            notes: task.notes.clone(),
            priority: task.priority,
            due: Some(due),
            due_time: task.due_time.clone(),
            // As far from the day as they were.
            deadline: as_far(task.deadline),
            start: as_far(task.start),
            estimate: task.estimate,
            repeat: task.repeat.clone(),
            assignees: task.assignees.clone(),
            labels: task.labels.clone(),
            ..Task::new(next, task.title.clone(), order, actor.stamp)
        },
    });
    changes.extend(list.subtasks(Some(id)).map(|task| Change::TaskMoved {
        task: task.id,
        order: task.order.clone(),
        parent: Some(next),
    }));
    for part in list.parts(id) {
        changes.extend(set(list, part.id, &Field::Done(false), None)?);
    }
    changes.extend(set(list, id, &Field::Repeat(None), None)?);
    // The last is what is told of it.
    changes.extend(done);
    Ok(changes)
}

fn add(
    list: &List,
    actor: Actor,
    (id, place): (TaskId, Place),
    title: &Title,
    fields: &[Field],
) -> Result<Vec<Change>, Refusal> {
    let is_again = |at: usize, field: &Field| fields.iter().take(at).any(|other| other.is_same_field(field));
    let is_wrong = |(at, field): (usize, &Field)| field.text().is_some() || is_again(at, field);
    if fields.len() > Field::COUNT || fields.iter().enumerate().any(is_wrong) {
        return Err(Refusal::Malformed);
    }
    if actor.id_taken || list.task(id).is_some() {
        return Err(Refusal::IdTaken);
    }
    if list.count() >= List::MOST_TASKS {
        return Err(Refusal::ListFull);
    }
    let (parent, order, mut changes) = mint(list, place, id)?;
    let mut task = Task::new(id, title.clone(), order, actor.stamp);
    task.parent = parent;
    // Who has left meanwhile does not keep the task from being there.
    for field in fields.iter().filter(|field| is_of(list, field)) {
        if let Some(field) = field.settle(&task, None)? {
            field.apply(&mut task, actor.stamp);
        }
    }
    changes.push(Change::TaskAdded { task });
    Ok(changes)
}

fn decide_for_account(
    command: &AccountCommand,
    who: &Account,
    list: Option<&List>,
    facts: Facts,
) -> Result<Decision, Refusal> {
    match command {
        AccountCommand::CreateList { list: id, name } => {
            if facts.id_taken || list.is_some() {
                return Err(Refusal::IdTaken);
            }
            if who.lists.len() >= Account::MOST_LISTS {
                return Err(Refusal::TooManyLists);
            }
            let (list, person, role) = (*id, who.person, Role::Owner);
            let joined = Change::MemberJoined {
                person,
                role,
                profile: who.profile.clone(),
            };
            Ok(vec![
                (Topic::Person(person), vec![Change::ListJoined { list, role }]),
                (
                    Topic::List(list),
                    vec![Change::ListCreated { name: name.clone() }, joined],
                ),
            ])
        }
        // Only a server knows whether a link's code is right: see `join`.
        AccountCommand::Join { .. } => Err(Refusal::LinkInvalid),
        AccountCommand::SetProfile { profile } => {
            if who.profile == *profile {
                return Ok(vec![]);
            }
            let mine = (
                Topic::Person(who.person),
                vec![Change::ProfileSet {
                    profile: profile.clone(),
                }],
            );
            let renamed = |list: &ListId| {
                (
                    Topic::List(*list),
                    vec![Change::MemberRenamed {
                        person: who.person,
                        profile: profile.clone(),
                    }],
                )
            };
            Ok(std::iter::once(mine)
                .chain(who.lists.keys().map(renamed))
                .collect())
        }
    }
}
