//! A summary of what others did to a list while somebody was away: only what still holds, by person, the most important
//! first. A task that came and went, or was completed and reopened, is no news.

use std::cmp::Reverse;
use std::collections::BTreeMap;

#[cfg(feature = "clusters")]
use crate::beginning;
use crate::{Change, Field, PersonId, Row, Task, TaskId, Verbs, describe, isolated};

/// How many actions of one person are put into words; the others are counted.
const MOST_WORDS: usize = 4;

/// How many tasks of a kind are named; more are counted.
const MOST_NAMED: usize = 2;

/// How many characters of a title are shown.
const MOST_TITLE: usize = 60;

/// What others did meanwhile.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CatchUp {
    /// The people who did something, the busiest first.
    pub people: Vec<Deeds>,
    /// The tasks that exist and have changed.
    pub tasks: Vec<TaskId>,
}

/// What one of them did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deeds {
    /// The person who did it.
    pub person: PersonId,
    /// The words that follow the name, such as `added 3 tasks`, the most important first.
    pub words: Vec<String>,
    /// How many more actions there were.
    pub more: usize,
}

/// A kind of action: its rank, the most important first, and the verbs that come before titles.
type Kind = (u8, Verbs);

const ADDED: Kind = (0, Verbs::of("added"));
/// A completed task is more important than a deleted one.
const COMPLETED: u8 = 1;
const DELETED: Kind = (2, Verbs::of("deleted"));
/// Changes of the list itself, which have words in place of titles.
const OF_THE_LIST: Kind = (3, Verbs::of(""));
const RESTORED: Kind = (4, Verbs::of("restored"));
/// Fields of tasks that were set, ranked by [`Field::rank`].
const SET: u8 = 5;
const MOVED: Kind = (u8::MAX, Verbs::of("moved"));

/// What happened to a task meanwhile, and who did it.
#[derive(Default)]
struct Fate {
    /// The number of tasks that were touched before this one.
    place: usize,
    added: Option<PersonId>,
    restored: Option<PersonId>,
    deleted: Option<PersonId>,
    moved: Option<PersonId>,
    set: Vec<Setting>,
}

/// The first and the last value that a field was set to.
struct Setting {
    first: Field,
    last: Field,
    by: PersonId,
}

type Told = BTreeMap<PersonId, BTreeMap<Kind, Vec<String>>>;

/// The summary of these rows of others. `now` gives a task as it is now, also from the trash.
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
    // Of several new names only the last still holds.
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
        kinds.entry(OF_THE_LIST).or_default().push(words);
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
            for (said, things) in words_of(kind, &of_kind) {
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
            // A task that was in the trash only meanwhile has not changed, and the other way round.
            Change::TaskRestored { .. } if self.deleted.take().is_none() => self.restored = Some(actor),
            Change::TaskDeleted { .. } if self.restored.take().is_none() => self.deleted = Some(actor),
            Change::TaskSet { field, .. } => self.is_set(actor, field),
            Change::TaskMoved { .. } => self.moved = Some(actor),
            Change::TaskRestored { .. } | Change::TaskDeleted { .. } => {}
            Change::ListCreated { .. }
            | Change::ListRenamed { .. }
            | Change::MemberJoined { .. }
            | Change::MemberRenamed { .. }
            | Change::MemberLeft { .. }
            | Change::ProfileSet { .. }
            | Change::ListJoined { .. }
            | Change::ListLeft { .. } => {}
        }
    }

    fn is_set(&mut self, by: PersonId, field: &Field) {
        let before = self.set.iter_mut().find(|set| set.last.is_same_field(field));
        match before {
            Some(set) => (set.last, set.by) = (field.clone(), by),
            None => self.set.push(Setting {
                first: field.clone(),
                last: field.clone(),
                by,
            }),
        }
    }

    /// The changes that are worth telling, given the task as it is now. The reader may have changed it too, on another device.
    fn came_to(&self, now: Option<&Task>) -> Vec<(Kind, PersonId)> {
        let Some(now) = now.filter(|task| task.is_live()) else {
            let deleted = self.deleted.filter(|_| self.added.is_none());
            return deleted.map(|actor| (DELETED, actor)).into_iter().collect();
        };
        let mut came_to = Vec::new();
        let mut tell = |kind, actor: Option<PersonId>| came_to.extend(actor.map(|actor| (kind, actor)));
        let is_new = self.added.is_some();
        tell(ADDED, self.added);
        tell(RESTORED, self.restored.filter(|_| !is_new));
        for Setting { first, last, by } in &self.set {
            // For a new task the only news is that it is done already.
            let kind = kind_of(last);
            if last.is_news(first, now) && (!is_new || kind.0 == COMPLETED) {
                tell(kind, Some(*by));
            }
        }
        if came_to.is_empty() {
            came_to.extend(self.moved.map(|actor| (MOVED, actor)));
        }
        // Who assigned two people did one thing to the task.
        came_to.sort_unstable();
        came_to.dedup();
        came_to
    }
}

const fn kind_of(field: &Field) -> Kind {
    match field {
        Field::Done(true) => (COMPLETED, field.verbs()),
        field => (SET + field.rank(), field.verbs()),
    }
}

/// The words for tasks with these titles, each with the number of actions it stands for. Of the list itself the titles are
/// words already.
fn words_of(kind: Kind, titles: &[String]) -> Vec<(String, usize)> {
    if kind == OF_THE_LIST {
        return titles.iter().map(|words| (words.clone(), 1)).collect();
    }
    let (_, Verbs { one, several }) = kind;
    let titles: Vec<String> = titles.iter().map(|title| isolated(title)).collect();
    let said = match titles.as_slice() {
        [title] if title.is_empty() => format!("{several} a task"), // It is gone from the trash, too.
        [title] => format!("{one} “{title}”"),
        titles
            if titles.len() <= MOST_NAMED
                && one == several
                && titles.iter().all(|title| !title.is_empty()) =>
        {
            format!("{several} “{}”", titles.join("” and “"))
        }
        titles => format!("{several} {} tasks", titles.len()),
    };
    vec![(said, titles.len())]
}

fn short(title: &str) -> String {
    if title.chars().count() <= MOST_TITLE {
        return title.to_owned();
    }
    format!("{}…", beginning(title, MOST_TITLE - 1).trim_end())
}

/// A build that has no tables cuts between any two characters. It is no server's.
#[cfg(not(feature = "clusters"))]
fn beginning(title: &str, most: usize) -> String {
    title.chars().take(most).collect()
}
