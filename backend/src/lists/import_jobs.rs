//! Importing lists: each is made by the commands that a page would send, with ids that follow from the file, so that an import that was cut
//! off, or asked for twice, goes on where it stopped. Each attempt sends them as a client of its own, since an answer that was refused once
//! stays refused for the client that asked, and leaves out what is there.
//!
//! A subtask is added behind the other subtasks of its parent. What the parent was turned into meanwhile keeps no task away: then it is
//! added to what that was a part of in the file, or to the list.
//!
//! That a list is too large, or that there are too many, is known before the first command.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::iter::successors;

use domain::wire::{Asked, MOST_COMMANDS, Numbered, Outcome, Push, Reply};
use domain::{
    Account, AccountCommand, ClientId, Command, CommandSeq, Field, List, ListCommand, ListId, ListName,
    Notes, Place, Refusal, TaskId, Title, isolated,
};
use sha2::{Digest, Sha256};

use crate::lists::import_files::{Claim, ImportFile, ImportWriter};
use crate::lists::jobs::{JobOutcome, JobProgress};
use crate::random::random;
use crate::{Error, Lists, Visitor};

/// What a task has in the quota of its list beside its text.
const OVERHEAD: u64 = 200;

/// A list that is to be made.
#[derive(Clone, Debug)]
pub struct ListToMake {
    /// What it is called.
    pub name: ListName,
    /// Its tasks and sections, in order, each behind what it is a part of.
    pub tasks: Vec<TaskToMake>,
}

/// A task that is to be made.
#[derive(Clone, Debug)]
pub struct TaskToMake {
    /// What is to be done.
    pub title: Title,
    /// Which task of the list it is a part of, counted from 0: one before it.
    pub parent: Option<usize>,
    /// What else is set of it from the beginning, without texts.
    pub fields: Vec<Field>,
    /// The notes.
    pub notes: Notes,
}

impl Lists<'_> {
    /// Begins to take in a file that the visitor wants to import.
    pub fn begin_import(self, visitor: &Visitor, name: &str) -> Result<ImportWriter, Error> {
        self.backend.check_right(visitor)?;
        self.backend
            .inner
            .imports
            .begin(visitor.person(), name, self.backend.now())
    }

    /// A file of the visitor's that waits, when it is their turn; none where there is no such file.
    pub async fn import_file(self, visitor: &Visitor, token: &str) -> Result<Option<ImportFile>, Error> {
        self.backend.check_right(visitor)?;
        self.backend.inner.imports.read(visitor.person(), token).await
    }

    /// Begins to import a file of the visitor's; gives the job's id, or that of the one that does so already or did. `read` says which
    /// lists are in it, and runs on a thread of its own; `how` says how it reads, since another reading is another import. None where
    /// there is no such file.
    pub fn start_import(
        self,
        visitor: &Visitor,
        token: &str,
        how: &str,
        read: impl FnOnce(&ImportFile) -> Result<Vec<ListToMake>, String> + Send + 'static,
    ) -> Result<Option<String>, Error> {
        let (backend, visitor) = (self.backend.clone(), *visitor);
        let seed = derive(&[visitor.person().as_bytes(), token.as_bytes(), how.as_bytes()]);
        let file = token.to_owned();
        self.backend
            .inner
            .imports
            .claim(visitor.person(), token, how, |name, claim| {
                let sentence = format!("Importing “{}”", isolated(name));
                self.start_job(&visitor, "import", &sentence, move |mut progress| async move {
                    let lists = backend.lists();
                    let outcome = match lists.read_lists(&visitor, &file, read).await {
                        // The file is held no longer than it is read; its turn is, with what was made of it.
                        Ok((made, _file)) => lists.import(&visitor, seed, &made, &mut progress).await,
                        Err(sentence) => Err(sentence),
                    };
                    end(claim, progress, outcome);
                })
            })
    }

    async fn read_lists(
        self,
        visitor: &Visitor,
        token: &str,
        read: impl FnOnce(&ImportFile) -> Result<Vec<ListToMake>, String> + Send + 'static,
    ) -> Result<(Vec<ListToMake>, ImportFile), String> {
        let file = self
            .import_file(visitor, token)
            .await
            .map_err(|error| error.to_string())?;
        let mut file =
            file.ok_or_else(|| "This file is not here any more. Please choose it again.".to_owned())?;
        let reading = tokio::task::spawn_blocking(move || {
            let made = read(&file);
            file.bytes = Vec::new();
            made.map(|made| (made, file))
        });
        reading.await.map_err(|_| Error::Stopped.to_string())?
    }

    /// Makes one list after the other.
    async fn import(
        self,
        visitor: &Visitor,
        seed: [u8; 32],
        lists: &[ListToMake],
        progress: &mut JobProgress,
    ) -> Result<JobOutcome, String> {
        for list in lists {
            self.check_size(list)?;
        }
        self.check_count(visitor, seed, lists.len()).await?;
        let total: usize = lists.iter().map(|list| list.tasks.len()).sum();
        let mut done = 0;
        for (index, list) in lists.iter().enumerate() {
            progress.done(done, total);
            let seed = seed_of(seed, index);
            let made = self
                .import_list(visitor, seed, list, (done, total), progress)
                .await;
            made.map_err(|error| {
                let name = isolated(list.name.as_str());
                format!("“{name}” is not there as a whole: {error} Choose Import again on the page of the file, and it goes on where it stopped.")
            })?;
            done += list.tasks.len();
        }
        progress.done(done, total);
        let tasks = lists.iter().flat_map(|list| &list.tasks);
        let tasks = tasks.filter(|task| !task.is_section()).count();
        let words = |count: usize, one: &str, several: &str| match count {
            1 => format!("one {one}"),
            count => format!("{count} {several}"),
        };
        Ok(JobOutcome {
            sentence: format!(
                "Imported {} in {}.",
                words(tasks, "task", "tasks"),
                words(lists.len(), "list", "lists")
            ),
            result: None,
        })
    }

    /// Whether the visitor may be in so many lists more; those that an earlier attempt has made are there.
    async fn check_count(self, visitor: &Visitor, seed: [u8; 32], lists: usize) -> Result<(), String> {
        let overview = self.overview(visitor).await.map_err(|error| error.to_string())?;
        let is_new = |index: &usize| !overview.lists.contains_key(&id_of(seed_of(seed, *index)));
        let (there, new) = (overview.lists.len(), (0..lists).filter(is_new).count());
        if there + new <= Account::MOST_LISTS {
            return Ok(());
        }
        Err(format!(
            "You are on {there} lists and this file has {new} more: the limit is {}. So nothing was imported.",
            Account::MOST_LISTS
        ))
    }

    /// The tasks of a list that an earlier attempt has made, each with whether it has notes.
    async fn tasks_there(self, visitor: &Visitor, list: ListId) -> BTreeMap<TaskId, bool> {
        let there = self.snapshot(visitor, list, None).await;
        let tasks = there.iter().flat_map(|snapshot| snapshot.list.all_tasks());
        tasks.map(|task| (task.id, !task.notes.is_empty())).collect()
    }

    /// Whether a list may be as large as that.
    fn check_size(self, list: &ListToMake) -> Result<(), String> {
        let bytes = |task: &TaskToMake| {
            let fields: usize = task.fields.iter().map(Field::size).sum();
            OVERHEAD + (task.title.as_str().len() + task.notes.as_str().len() + fields) as u64
        };
        let is_large = list.tasks.iter().map(bytes).sum::<u64>() > self.backend.inner.list_bytes;
        if !is_large && list.tasks.len() <= List::MOST_TASKS {
            return Ok(());
        }
        let name = isolated(list.name.as_str());
        Err(format!(
            "“{name}” has more text than a list may hold, so nothing was imported. Please split the file."
        ))
    }

    async fn import_list(
        self,
        visitor: &Visitor,
        seed: [u8; 32],
        list: &ListToMake,
        (before, total): (usize, usize),
        progress: &mut JobProgress,
    ) -> Result<(), Error> {
        let (id, client) = (id_of(seed), ClientId::derived(random::<16>()?));
        let there = self.tasks_there(visitor, id).await;
        let name = list.name.clone();
        let first = Command::Account(AccountCommand::CreateList { list: id, name });
        let mut waiting = VecDeque::from([(0, first)]);
        let (mut sent, mut next) = (0_u64, 0);
        loop {
            while let Some(task) = list.tasks.get(next).filter(|_| waiting.len() < MOST_COMMANDS) {
                let made = task_of(seed, next);
                let commands = task.commands(made, list.place(seed, task.parent)).into_iter();
                let is_missing = |command: &ListCommand| match (command, there.get(&made)) {
                    (_, None) => true,
                    (ListCommand::Set { .. }, Some(has_notes)) => !has_notes,
                    _ => false,
                };
                waiting.extend(
                    commands
                        .filter(is_missing)
                        .map(|command| (next, Command::List(id, command))),
                );
                next += 1;
            }
            let Some((index, _)) = waiting.front() else {
                return Ok(());
            };
            progress.done(before + index, total);
            let numbered =
                waiting
                    .iter()
                    .take(MOST_COMMANDS)
                    .zip(sent + 1..)
                    .map(|((_, command), number)| Numbered {
                        command_seq: CommandSeq(number),
                        command: Asked::Readable(command.clone()),
                    });
            let push = Push {
                person: visitor.person(),
                epoch: self.backend.epoch().clone(),
                client,
                commands: numbered.collect(),
            };
            let answers = match self.backend.push(visitor, push).await? {
                // What is not answered is asked again; where nothing is, the error says why.
                Reply::Answered { answers, .. } if !answers.is_empty() => answers,
                _ => return Err(Error::Unknown),
            };
            sent += answers.len() as u64;
            let answered: Vec<_> = waiting.drain(..answers.len().min(waiting.len())).collect();
            let (mut asked_again, mut again) = (VecDeque::new(), BTreeSet::new());
            for (answer, mut asked) in answers.iter().zip(answered) {
                if let Outcome::Refused { code, .. } = &answer.outcome {
                    let refusal = Refusal::parse(code).unwrap_or(Refusal::Malformed);
                    if list.ask_again(seed, &mut asked, refusal, &mut again)? {
                        asked_again.push_back(asked);
                    }
                }
            }
            asked_again.append(&mut waiting);
            waiting = asked_again;
        }
    }
}

impl ListToMake {
    /// Where a task is added that is a part of that one.
    fn place(&self, seed: [u8; 32], parent: Option<usize>) -> Place {
        parent.map_or(Place::End, |parent| Place::EndOf(task_of(seed, parent)))
    }

    /// Whether a command for that task that was refused is asked again, changed so that it can be done. `again` are the tasks that are
    /// added again.
    fn ask_again(
        &self,
        seed: [u8; 32],
        (index, asked): &mut (usize, Command),
        refusal: Refusal,
        again: &mut BTreeSet<usize>,
    ) -> Result<bool, Refusal> {
        let Command::List(_, asked) = asked else {
            return is_there(refusal);
        };
        match (asked, refusal) {
            // Somebody has deleted or moved its parent since that was made, or that is added again itself.
            (ListCommand::AddTask { place, .. }, Refusal::Deleted | Refusal::NotFound | Refusal::TooDeep)
                if *place != Place::End =>
            {
                let mut parents = successors(Some(*index), |at| self.tasks.get(*at)?.parent);
                let parent = parents.find(|at| self.place(seed, Some(*at)) == *place);
                if parent.is_none_or(|parent| !again.contains(&parent)) {
                    *place = self.place(seed, parents.next());
                }
                again.insert(*index);
                Ok(true)
            }
            (ListCommand::Set { .. }, Refusal::NotFound) if again.contains(index) => Ok(true),
            (_, refusal) => is_there(refusal),
        }
    }
}

/// Where an earlier attempt has made it, and it may be in the trash by now, nothing is asked again.
fn is_there(refusal: Refusal) -> Result<bool, Refusal> {
    match refusal {
        Refusal::IdTaken | Refusal::Deleted => Ok(false),
        refusal => Err(refusal),
    }
}

impl TaskToMake {
    fn is_section(&self) -> bool {
        self.fields.contains(&Field::Section(true))
    }

    /// Adds it there, below all others. Notes are set by a command of their own, as a page does.
    fn commands(&self, task: TaskId, place: Place) -> Vec<ListCommand> {
        let mut commands = vec![ListCommand::AddTask {
            task,
            place,
            title: self.title.clone(),
            fields: self.fields.clone(),
        }];
        if !self.notes.is_empty() {
            commands.push(ListCommand::set(task, Field::Notes(self.notes.clone())));
        }
        commands
    }
}

/// What the ids of the list with that number follow from.
fn seed_of(seed: [u8; 32], index: usize) -> [u8; 32] {
    derive(&[&seed, &index.to_be_bytes()])
}

/// The id of the task with that number in the list.
fn task_of(seed: [u8; 32], index: usize) -> TaskId {
    TaskId::derived(half(derive(&[&seed, &index.to_be_bytes()])))
}

/// The id of the list that follows from that.
fn id_of(seed: [u8; 32]) -> ListId {
    ListId::derived(half(seed))
}

/// Ends the job, and lets go of the file if it is imported.
fn end(claim: Claim, progress: JobProgress, outcome: Result<JobOutcome, String>) {
    if outcome.is_ok() {
        claim.done();
    } else {
        drop(claim);
    }
    progress.finish(outcome);
}

/// What follows from these and from nothing else.
fn derive(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

fn half(hash: [u8; 32]) -> [u8; 16] {
    let [first, ..] = hash.as_chunks::<16>().0 else {
        return [0; 16];
    };
    *first
}
