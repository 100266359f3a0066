//! Everything that is somebody's own, as a file that they keep.

use std::sync::Arc;

use data_encoding::BASE64;
use domain::{List, ListId, PersonId, Profile, Role, Task, TaskId, Timestamp};
use serde::Serialize;

use crate::database::{snapshot, tasks};
use crate::lists::export_files::ExportWriter;
use crate::lists::jobs::{JobOutcome, JobProgress};
use crate::lists::snapshot::is_unwritten;
use crate::{Error, Lists, Visitor};

/// How many tasks are read at once: with the longest notes, 4 MiB.
const AT_A_TIME: usize = 64;

/// What the file begins with; after it come `lists`, without their trash, and `trash`, of the lists that they may edit where there is
/// anything. Fields may be added, never altered.
#[derive(Serialize)]
struct Head {
    /// The version of this shape.
    tandem: u32,
    person: PersonId,
    profile: Profile,
    /// A PNG, in base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<String>,
    /// None of a guest.
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<Account>,
}

/// What guards an account, without what would open it.
#[derive(Serialize)]
struct Account {
    name: String,
    made: Timestamp,
    sessions: Vec<Session>,
    passkeys: Vec<Passkey>,
}

#[derive(Serialize)]
struct Session {
    browser: String,
    network: String,
    made: Timestamp,
    seen: Timestamp,
}

#[derive(Serialize)]
struct Passkey {
    name: String,
    host: String,
    made: Timestamp,
    used: Option<Timestamp>,
}

#[derive(Serialize)]
struct Trash {
    list: ListId,
    tasks: [(); 0],
}

impl Lists<'_> {
    /// Writes it to disk, some tasks at a time: a list may have more text than memory should hold.
    pub(crate) async fn export(
        self,
        visitor: &Visitor,
        progress: &mut JobProgress,
    ) -> Result<JobOutcome, Error> {
        let exports = &self.backend.inner.exports;
        let _turn = exports.turns.acquire().await.map_err(|_| Error::Stopped)?;
        let mut file = exports.begin(progress.id())?;
        let hello = self.overview(visitor).await?;
        let ids: Vec<ListId> = hello.lists.keys().copied().collect();
        let picture = self.backend.accounts().picture(visitor, visitor.person()).await?;
        let head = Head {
            tandem: 1,
            person: visitor.person(),
            profile: hello.account.profile,
            picture: picture.map(|picture| BASE64.encode(&picture.bytes)),
            account: self.exported_account(visitor).await?,
        };
        file.write(open(&head, "}", ",\n\"lists\":[")?).await?;
        let (mut lists, mut trashes, mut tasks) = (0, 0, 0);
        let steps = ids.len() * 2;
        for (index, id) in ids.iter().enumerate() {
            self.backend.check_right(visitor)?;
            progress.done(index, steps);
            let Some(list) = self.exported_list(visitor, *id).await? else {
                continue;
            };
            file.write([separator(lists), open(&list, "]}", "")?].concat())
                .await?;
            tasks += match visitor.guest().filter(|guest| guest.list == *id) {
                // Of a guest who did nothing yet nothing is on disk.
                Some(guest) if self.is_unwritten(visitor).await? => {
                    let first: Vec<Task> = guest.first_list().tasks().cloned().collect();
                    write_tasks(&mut file, first, 0).await?
                }
                _ => {
                    let live = self.tasks_of(*id, false).await?;
                    self.export_tasks(&mut file, &live).await?
                }
            };
            file.write(b"]}".to_vec()).await?;
            lists += 1;
        }
        file.write(b"],\n\"trash\":[".to_vec()).await?;
        for (index, id) in ids.iter().enumerate() {
            self.backend.check_right(visitor)?;
            progress.done(ids.len() + index, steps);
            let list = self.exported_list(visitor, *id).await?;
            let role = list.and_then(|list| list.role(visitor.person()));
            let gone = match role.is_some_and(Role::can_edit) {
                true => self.tasks_of(*id, true).await?,
                false => Vec::new(),
            };
            if gone.is_empty() {
                continue;
            }
            let trash = Trash { list: *id, tasks: [] };
            file.write([separator(trashes), open(&trash, "]}", "")?].concat())
                .await?;
            self.export_tasks(&mut file, &gone).await?;
            file.write(b"]}".to_vec()).await?;
            trashes += 1;
        }
        file.write(b"]}\n".to_vec()).await?;
        // Whoever was signed out meanwhile leaves no copy of everything behind.
        self.backend.check_right(visitor)?;
        progress.done(steps, steps);
        Ok(JobOutcome {
            sentence: format!("Your data is ready. Lists: {lists}, tasks: {tasks}."),
            result: Some(Arc::new(file.finish())),
        })
    }

    /// A list without its tasks; none where they were taken out of it since.
    async fn exported_list(self, visitor: &Visitor, list: ListId) -> Result<Option<List>, Error> {
        match self.snapshot(visitor, list, Some(0)).await {
            Ok(snapshot) => Ok(Some(snapshot.list)),
            Err(Error::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn is_unwritten(self, visitor: &Visitor) -> Result<bool, Error> {
        is_unwritten(&mut *self.backend.inner.readers.acquire().await?, visitor).await
    }

    async fn tasks_of(self, list: ListId, in_trash: bool) -> Result<Vec<TaskId>, Error> {
        snapshot::ids(&mut *self.backend.inner.readers.acquire().await?, list, in_trash).await
    }

    /// Writes the tasks with their notes; gives how many there were.
    async fn export_tasks(self, file: &mut ExportWriter, ids: &[TaskId]) -> Result<usize, Error> {
        let mut count = 0;
        for ids in ids.chunks(AT_A_TIME) {
            let mut read = self.backend.inner.readers.acquire().await?;
            let mut tasks = snapshot::by_id(&mut read, ids.iter().copied()).await?;
            let mut notes = tasks::notes(&mut read, ids.iter().copied()).await?;
            drop(read);
            let whole = ids.iter().filter_map(|id| {
                let mut task = tasks.remove(id)?;
                task.notes = notes.remove(id).unwrap_or_default();
                Some(task)
            });
            count += write_tasks(file, whole.collect(), count).await?;
        }
        Ok(count)
    }

    async fn exported_account(self, visitor: &Visitor) -> Result<Option<Account>, Error> {
        let (Some(named), Some(ways)) = (
            self.backend.accounts().sign_in_name(visitor).await?,
            self.backend.mfa().sign_in_methods(visitor).await?,
        ) else {
            return Ok(None);
        };
        let sessions = self
            .backend
            .accounts()
            .sessions(visitor)
            .into_iter()
            .map(|session| Session {
                browser: session.device.agent,
                network: session.device.place,
                made: session.made,
                seen: session.seen,
            });
        let passkeys = ways.passkeys.into_iter().map(|passkey| Passkey {
            name: passkey.name,
            host: passkey.host,
            made: passkey.made,
            used: passkey.used,
        });
        Ok(Some(Account {
            name: named.name,
            made: named.made,
            sessions: sessions.collect(),
            passkeys: passkeys.collect(),
        }))
    }
}

/// Writes tasks behind so many others; how many.
async fn write_tasks(file: &mut ExportWriter, tasks: Vec<Task>, before: usize) -> Result<usize, Error> {
    let mut piece = Vec::new();
    for (index, task) in tasks.iter().enumerate() {
        piece.extend(separator(before + index));
        serde_json::to_writer(&mut piece, task).map_err(no_json)?;
    }
    file.write(piece).await?;
    Ok(tasks.len())
}

/// What stands between the parts of an array.
fn separator(before: usize) -> Vec<u8> {
    if before == 0 { b"\n" } else { b",\n".as_slice() }.to_vec()
}

/// Something as JSON with another end.
fn open(value: &impl Serialize, end: &str, other: &str) -> Result<Vec<u8>, Error> {
    let text = serde_json::to_string(value).map_err(no_json)?;
    let begin = text.strip_suffix(end).unwrap_or(&text);
    Ok([begin, other].concat().into_bytes())
}

fn no_json(error: serde_json::Error) -> Error {
    Error::Corrupt(format!("an export that is no JSON: {error}"))
}
