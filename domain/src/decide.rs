//! Every business rule and permission: what a command changes, or why it may not.
//!
//! Pure, so the server, the browser (as a prediction), the simulator and the tests run the same rules. No changes is a
//! legal outcome: completing a completed task is not an error.

use crate::command::{AccountCommand, Command, ListCommand};
use crate::{
    Account, Attribution, Change, Day, Field, List, ListId, OrderKey, Place, Refusal, Role, Task, TaskId,
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
        ListCommand::ClearCompleted {} => Ok(here(
            list.completed()
                .into_iter()
                .map(|task| Change::TaskDeleted { task: task.id })
                .collect(),
        )),
        ListCommand::Delete { task } => {
            let task = list.task(*task).ok_or(Refusal::NotFound)?;
            Ok(here(if task.is_live() {
                vec![Change::TaskDeleted { task: task.id }]
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
    let settled = field.settle(task, base)?;
    if settled.as_ref().is_some_and(|field| !is_of(list, field)) {
        return Err(Refusal::NotAMember);
    }
    Ok(settled
        .map(|field| Change::TaskSet { task: id, field })
        .into_iter()
        .collect())
}

/// Whether whom the field is about is in the list, where somebody is to do a task.
fn is_of(list: &List, field: &Field) -> bool {
    !matches!(field, Field::Assigned(person, true) if list.role(*person).is_none())
}

/// A task is completed, and the one that comes next is added with all that it has but its check. It stands where this one stood. The
/// finished one comes again no longer: taken up once more, it is one task.
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
    let (order, mut changes) = mint(list, Place::After(id), next);
    changes.push(Change::TaskAdded {
        task: Task {
            notes: task.notes.clone(),
            priority: task.priority,
            due: Some(due),
            // As far from the day as it was.
            deadline: task
                .deadline
                .zip(task.due)
                .and_then(|(deadline, before)| due.plus(deadline.since(before))),
            repeat: task.repeat.clone(),
            assignees: task.assignees.clone(),
            labels: task.labels.clone(),
            ..Task::new(next, task.title.clone(), order, actor.stamp)
        },
    });
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
    let (order, mut changes) = mint(list, place, id);
    let mut task = Task::new(id, title.clone(), order, actor.stamp);
    // Who has left meanwhile does not keep the task from being there.
    for field in fields.iter().filter(|field| is_of(list, field)) {
        if let Some(field) = field.settle(&task, None)? {
            field.apply(&mut task, actor.stamp);
        }
    }
    changes.push(Change::TaskAdded { task });
    Ok(changes)
}

fn restore(list: &List, id: TaskId) -> Result<Vec<Change>, Refusal> {
    let task = list.task(id).ok_or(Refusal::NotFound)?;
    if task.is_live() {
        return Ok(vec![]);
    }
    if list.count() >= List::MOST_TASKS {
        return Err(Refusal::ListFull);
    }
    // Its old place: right below the task at its key or, if there is none, above it. Its own key may be in use.
    let (order, mut changes) = mint(list, Place::After(id), id);
    changes.push(Change::TaskRestored {
        task: Task {
            order,
            deleted: None,
            ..task.clone()
        },
    });
    Ok(changes)
}

fn move_task(list: &List, id: TaskId, place: Place) -> Result<Vec<Change>, Refusal> {
    let task = list.task(id).ok_or(Refusal::NotFound)?;
    if !task.is_live() {
        return Err(Refusal::Deleted);
    }
    let (low, high) = gap(list, place, id);
    let stands_there = low.is_none_or(|low| *low < task.order) && high.is_none_or(|high| task.order < *high);
    if place == Place::After(id) || stands_there {
        return Ok(vec![]);
    }
    let (order, mut changes) = mint(list, place, id);
    changes.push(Change::TaskMoved { task: id, order });
    Ok(changes)
}

/// The keys around a place, as if `but` were not in the list.
fn gap(list: &List, place: Place, but: TaskId) -> (Option<&OrderKey>, Option<&OrderKey>) {
    let low = match place {
        Place::Start => None,
        Place::After(id) => list
            .task(id)
            .map(|task| &task.order)
            .or_else(|| list.last_key(Some(but))),
        Place::End => list.last_key(Some(but)),
    };
    (low, list.next_key(low, Some(but)))
}

/// A key for `id` at that place, and fresh keys for its neighbours where the key would grow long.
fn mint(list: &List, place: Place, id: TaskId) -> (OrderKey, Vec<Change>) {
    let (low, high) = gap(list, place, id);
    let key = OrderKey::between(low, high);
    if !key.is_long() {
        return (key, vec![]);
    }
    let mut count = 8;
    loop {
        let around = list.around(low, Some(id), count);
        let (before, total) = (around.before.len(), around.before.len() + 1 + around.after.len());
        let mut keys = OrderKey::n_between(around.low, around.high, total);
        if keys.iter().all(|key| key.as_str().len() <= OrderKey::LONG / 2) || total > list.count() {
            let key = keys.remove(before);
            let tasks = around.before.into_iter().chain(around.after);
            return (
                key,
                tasks
                    .zip(keys)
                    .map(|(task, order)| Change::TaskMoved { task, order })
                    .collect(),
            );
        }
        count *= 4;
    }
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
