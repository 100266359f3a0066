//! The long jobs there are: taking everything that is one's own along, clearing a list however long it is, and putting back what is
//! in its trash.

use domain::wire::{Asked, MOST_COMMANDS, Numbered, Outcome, Push, Reply};
use domain::{ClientId, Command, CommandSeq, ListCommand, ListId, Refusal, TaskId, isolated};

use crate::database::snapshot;
use crate::lists::jobs::{JobOutcome, JobProgress};
use crate::lists::snapshot::is_unwritten;
use crate::{Error, Lists, Visitor, random};

impl Lists<'_> {
    /// Begins to collect everything that the visitor can see as JSON, in place of what was collected before; gives the job's id, or that of
    /// the one that does so already.
    pub fn start_export(self, visitor: &Visitor) -> Result<String, Error> {
        let (backend, visitor) = (self.backend.clone(), *visitor);
        self.start(
            &visitor,
            ("export", true),
            "Exporting your data",
            move |mut progress| async move {
                let outcome = backend.lists().export(&visitor, &mut progress).await;
                progress.finish(outcome.map_err(|error| error.to_string()));
            },
        )
    }

    /// Begins to put every task of a list into the trash; gives the job's id.
    pub async fn start_clearing(self, visitor: &Visitor, list: ListId) -> Result<String, Error> {
        // Asked here so that whoever may not hears it at once.
        let now = self.snapshot(visitor, list, Some(0)).await?.list;
        if !now.role(visitor.person()).is_some_and(domain::Role::can_edit) {
            return Err(Refusal::ReadOnly.into());
        }
        let name = isolated(now.name.as_str());
        let tasks = self.live_tasks(visitor, list).await?;
        let (backend, visitor) = (self.backend.clone(), *visitor);
        let sentence = format!("Clearing “{name}”");
        self.start_job(&visitor, "clear", &sentence, move |mut progress| async move {
            let delete = |task| ListCommand::Delete { task };
            let outcome = backend
                .lists()
                .to_each(&visitor, list, &tasks, delete, &mut progress)
                .await;
            progress.finish(told(outcome, |count| match count {
                1 => format!("Cleared one task from “{name}”. It is in the trash."),
                count => format!("Cleared {count} tasks from “{name}”. They are in the trash."),
            }));
        })
    }

    /// Begins to put everything back that is in the trash of a list; gives the job's id.
    pub async fn start_restoring(self, visitor: &Visitor, list: ListId) -> Result<String, Error> {
        // Asked here so that whoever may not hears it at once.
        let (name, tasks) = self.deleted_tasks(visitor, list).await?;
        let name = isolated(name.as_str());
        let (backend, visitor) = (self.backend.clone(), *visitor);
        let sentence = format!("Restoring the trash of “{name}”");
        self.start_job(&visitor, "restore", &sentence, move |mut progress| async move {
            let restore = |task| ListCommand::Restore { task };
            let outcome = backend
                .lists()
                .to_each(&visitor, list, &tasks, restore, &mut progress)
                .await;
            progress.finish(told(outcome, |count| match count {
                1 => format!("Restored one task to “{name}”."),
                count => format!("Restored {count} tasks to “{name}”."),
            }));
        })
    }

    /// The tasks of a list outside the trash.
    async fn live_tasks(self, visitor: &Visitor, list: ListId) -> Result<Vec<TaskId>, Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        match visitor.guest() {
            Some(guest) if guest.list == list && is_unwritten(&mut read, visitor).await? => {
                Ok(guest.first_list().tasks().map(|task| task.id).collect())
            }
            _ => snapshot::ids(&mut read, list, false).await,
        }
    }

    /// Does that to the tasks, to many in one transaction; gives how many were there for it.
    async fn to_each(
        self,
        visitor: &Visitor,
        list: ListId,
        tasks: &[TaskId],
        what: impl Fn(TaskId) -> ListCommand,
        progress: &mut JobProgress,
    ) -> Result<usize, Error> {
        let client = ClientId::derived(random()?);
        let (mut rest, mut there) = (tasks, 0);
        progress.done(0, tasks.len());
        while !rest.is_empty() {
            let done = tasks.len() - rest.len();
            let numbered = |(index, task): (usize, &TaskId)| Numbered {
                command_seq: CommandSeq((done + index + 1) as u64),
                command: Asked::Readable(Command::List(list, what(*task))),
            };
            let push = Push {
                person: visitor.person(),
                epoch: self.backend.epoch().clone(),
                client,
                commands: rest
                    .iter()
                    .take(MOST_COMMANDS)
                    .enumerate()
                    .map(numbered)
                    .collect(),
            };
            let answers = match self.backend.push(visitor, push).await? {
                // What is not answered is asked again; where nothing is, the error says why.
                Reply::Answered { answers, .. } if !answers.is_empty() => answers,
                _ => return Err(Error::Unknown),
            };
            rest = rest.get(answers.len()..).unwrap_or_default();
            for answer in answers {
                match answer.outcome {
                    Outcome::Done { .. } => there += 1,
                    // Somebody else was quicker.
                    Outcome::Refused { code, .. }
                        if code == Refusal::NotFound.code() || code == Refusal::Deleted.code() => {}
                    Outcome::Refused { code, .. } if code == Refusal::ListFull.code() => {
                        return Err(Refusal::ListFull.into());
                    }
                    Outcome::Refused { .. } => return Err(Refusal::ReadOnly.into()),
                }
            }
            progress.done(tasks.len() - rest.len(), tasks.len());
        }
        Ok(there)
    }
}

/// How that ended, in words.
fn told(outcome: Result<usize, Error>, words: impl Fn(usize) -> String) -> Result<JobOutcome, String> {
    match outcome {
        Ok(count) => Ok(JobOutcome {
            sentence: words(count),
            result: None,
        }),
        Err(error) => Err(error.to_string()),
    }
}
