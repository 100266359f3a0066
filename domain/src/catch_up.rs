//! What others did to a list while somebody was away, as one would tell it: what of it still holds, by person, the most
//! telling first. A task that came and went, or was completed and reopened, is no news to who comes back.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::{Change, PersonId, Row, Task, TaskId, describe};

/// How many things are told of one person in words; the others are a number.
const MOST_WORDS: usize = 4;

/// How many tasks of a kind are named; more are counted.
const MOST_NAMED: usize = 2;

/// How many characters of a title are told.
const MOST_TITLE: usize = 60;

/// What others did meanwhile.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CatchUp {
    /// Each who did something, the busiest first.
    pub people: Vec<Deeds>,
    /// The tasks that are there and not as they were.
    pub tasks: Vec<TaskId>,
}

/// What one of them did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deeds {
    /// Who.
    pub person: PersonId,
    /// The words behind the name, such as `added 3 tasks`, the most telling first.
    pub words: Vec<String>,
    /// How much more there was.
    pub more: usize,
}

/// A kind of thing that one can do, the most telling first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Kind {
    Added,
    Completed,
    Deleted,
    OfTheList,
    Restored,
    Reopened,
    Retitled,
    Noted,
    Moved,
}

/// What became of a task meanwhile, and by whom.
#[derive(Default)]
struct Fate {
    /// How many other tasks something was done to before.
    place: usize,
    added: Option<PersonId>,
    restored: Option<PersonId>,
    deleted: Option<PersonId>,
    /// Whether it was completed or reopened, at first …
    first_done: Option<bool>,
    /// … and in the end.
    done: Option<(bool, PersonId)>,
    retitled: Option<PersonId>,
    noted: Option<PersonId>,
    moved: Option<PersonId>,
}

type Told = BTreeMap<PersonId, BTreeMap<Kind, Vec<String>>>;

/// What these rows of others come to. `now` is a task as it is by now, one in the bin included.
pub fn catch_up(rows: &[Row], now: impl Fn(TaskId) -> Option<Task>) -> CatchUp {
    let mut fates: BTreeMap<TaskId, Fate> = BTreeMap::new();
    let (mut told, mut name) = (Told::new(), None);
    for row in rows {
        for change in &row.changes {
            match change {
                Change::ListRenamed { .. } => name = Some((row.actor, change)),
                change => match change.task() {
                    Some(task) => {
                        let place = fates.len();
                        let fate = fates.entry(task).or_insert_with(|| Fate {
                            place,
                            ..Fate::default()
                        });
                        fate.goes_on(row.actor, change);
                    }
                    None => of_the_list(&mut told, row.actor, change),
                },
            }
        }
    }
    // Of many names only the last is there.
    if let Some((actor, change)) = name {
        of_the_list(&mut told, actor, change);
    }
    let mut tasks = Vec::new();
    let mut fates: Vec<_> = fates.into_iter().collect();
    fates.sort_by_key(|(_, fate)| fate.place);
    for (id, fate) in fates {
        let task = now(id);
        let title = task.as_ref().map(|task| short(task.title.as_str()));
        let came_to = fate.came_to(task.as_ref());
        if !came_to.is_empty() && task.as_ref().is_some_and(Task::is_live) {
            tasks.push(id);
        }
        for (kind, actor) in came_to {
            let of_kind = told.entry(actor).or_default().entry(kind).or_default();
            of_kind.push(title.clone().unwrap_or_default());
        }
    }
    CatchUp {
        people: people(told),
        tasks,
    }
}

fn of_the_list(told: &mut Told, actor: PersonId, change: &Change) {
    let words = match change {
        Change::MemberJoined { person, .. } if *person == actor => Some("joined".to_owned()),
        Change::MemberLeft { person } if *person == actor => Some("left the list".to_owned()),
        change => describe(change, |_| None).map(|(_, words)| words),
    };
    if let Some(words) = words {
        let kinds = told.entry(actor).or_default();
        kinds.entry(Kind::OfTheList).or_default().push(words);
    }
}

fn people(told: Told) -> Vec<Deeds> {
    let count = |kinds: &BTreeMap<Kind, Vec<String>>| kinds.values().map(Vec::len).sum::<usize>();
    let mut all: Vec<_> = told.into_iter().collect();
    all.sort_by_key(|(_, kinds)| Reverse(count(kinds)));
    let deeds = |(person, kinds): (PersonId, BTreeMap<Kind, Vec<String>>)| {
        let mut left = count(&kinds);
        let mut words = Vec::new();
        for (kind, of_kind) in kinds {
            for (said, things) in kind.words(&of_kind) {
                if words.len() < MOST_WORDS {
                    words.push(said);
                    left -= things;
                }
            }
        }
        Deeds {
            person,
            words,
            more: left,
        }
    };
    all.into_iter().map(deeds).collect()
}

impl Fate {
    fn goes_on(&mut self, actor: PersonId, change: &Change) {
        match change {
            Change::TaskAdded { .. } => self.added = Some(actor),
            // What was in the bin only meanwhile is where it was, and the other way round.
            Change::TaskRestored { .. } if self.deleted.take().is_none() => self.restored = Some(actor),
            Change::TaskDeleted { .. } if self.restored.take().is_none() => self.deleted = Some(actor),
            Change::TaskCompleted { .. } | Change::TaskReopened { .. } => {
                let done = matches!(change, Change::TaskCompleted { .. });
                self.first_done.get_or_insert(done);
                self.done = Some((done, actor));
            }
            Change::TaskRetitled { .. } => self.retitled = Some(actor),
            Change::NotesSet { .. } => self.noted = Some(actor),
            Change::TaskMoved { .. } => self.moved = Some(actor),
            _ => {}
        }
    }

    /// What is worth telling of it, the task being so by now. The person may have had a hand in it as well, elsewhere.
    fn came_to(&self, now: Option<&Task>) -> Vec<(Kind, PersonId)> {
        let Some(now) = now.filter(|task| task.is_live()) else {
            let deleted = self.deleted.filter(|_| self.added.is_none());
            return deleted.map(|actor| (Kind::Deleted, actor)).into_iter().collect();
        };
        let mut came_to = Vec::new();
        let mut tell = |kind, actor: Option<PersonId>| came_to.extend(actor.map(|actor| (kind, actor)));
        let is_new = self.added.is_some();
        tell(Kind::Added, self.added);
        tell(Kind::Restored, self.restored.filter(|_| !is_new));
        // One that was reopened and completed again, or the other way round, is as it was.
        let done = self
            .done
            .filter(|(done, _)| self.first_done == Some(*done) && now.done.is_some() == *done);
        if let Some((done, actor)) = done {
            let kind = if done { Kind::Completed } else { Kind::Reopened };
            tell(kind, Some(actor));
        }
        tell(Kind::Retitled, self.retitled.filter(|_| !is_new));
        tell(Kind::Noted, self.noted.filter(|_| !is_new));
        if came_to.is_empty() {
            came_to.extend(self.moved.map(|actor| (Kind::Moved, actor)));
        }
        came_to
    }
}

impl Kind {
    /// What is said of tasks with these titles, each with how many things it tells. Of the list they are words already.
    fn words(self, titles: &[String]) -> Vec<(String, usize)> {
        let verb = match self {
            Self::Added => "added",
            Self::Completed => "completed",
            Self::Deleted => "deleted",
            Self::OfTheList => return titles.iter().map(|words| (words.clone(), 1)).collect(),
            Self::Restored => "brought back",
            Self::Reopened => "reopened",
            Self::Retitled => "renamed",
            Self::Noted => "changed the notes of",
            Self::Moved => "moved",
        };
        let said = match titles {
            [title] if title.is_empty() => format!("{verb} a task"), // It is gone from the bin, too.
            [title] if self == Self::Retitled => format!("{verb} a task to “{title}”"),
            titles
                if titles.len() <= MOST_NAMED
                    && self != Self::Retitled
                    && titles.iter().all(|title| !title.is_empty()) =>
            {
                format!("{verb} “{}”", titles.join("” and “"))
            }
            titles => format!("{verb} {} tasks", titles.len()),
        };
        vec![(said, titles.len())]
    }
}

fn short(title: &str) -> String {
    if title.chars().count() <= MOST_TITLE {
        return title.to_owned();
    }
    let mut short: String = title.chars().take(MOST_TITLE - 1).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}
