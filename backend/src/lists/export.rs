//! Everything that is somebody's own, as a file that they keep.

use std::sync::Arc;

use data_encoding::BASE64;
use domain::{List, ListId, PersonId, Profile, Role, Task, TaskId, Timestamp};
use serde::Serialize;

use crate::database::{members, snapshot, tasks};
use crate::lists::export_files::ExportWriter;
use crate::lists::jobs::{JobOutcome, JobProgress};
use crate::lists::snapshot::{heading, is_unwritten};
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

/// A list as it is written, and which tasks are.
struct Exported {
    list: List,
    /// Outside the trash, and in it, as far as that is theirs to see.
    live: Vec<TaskId>,
    gone: Vec<TaskId>,
    /// The tasks themselves, where nothing of the list is on disk.
    unwritten: Option<Vec<Task>>,
}

crate::guard! {
    /// Whether somebody who is that in a list by now reads on.
    fn is_still_in(role: Option<Role>) -> bool {
        role.is_some()
    }
    OustedExport: {
        let _ = role;
        true
    }
}

impl Lists<'_> {
    /// Writes it to disk, some tasks at a time: a list may have more text than memory should hold. What is in the trash waits in a file of
    /// its own, since each task is in one of both as it was at one moment.
    pub(crate) async fn export(
        self,
        visitor: &Visitor,
        progress: &mut JobProgress,
    ) -> Result<JobOutcome, Error> {
        let exports = &self.backend.inner.exports;
        let _turn = exports.turn(visitor.person()).await?;
        let mut file = exports.begin(visitor.person(), progress.id())?;
        let mut trash = file.part()?;
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
        let (mut lists, mut trashes, mut count) = (0, 0, 0);
        for (index, id) in ids.iter().enumerate() {
            self.backend.check_right(visitor)?;
            progress.done(index, ids.len());
            let Some(found) = self.exported_list(visitor, *id).await? else {
                continue;
            };
            file.write([separator(lists), open(&found.list, "]}", "")?].concat())
                .await?;
            count += match found.unwritten {
                Some(tasks) => write_tasks(&mut file, tasks, 0).await?,
                None => self.export_tasks(&mut file, visitor, *id, &found.live).await?,
            };
            file.write(b"]}".to_vec()).await?;
            lists += 1;
            if !found.gone.is_empty() {
                let list = Trash { list: *id, tasks: [] };
                trash
                    .write([separator(trashes), open(&list, "]}", "")?].concat())
                    .await?;
                self.export_tasks(&mut trash, visitor, *id, &found.gone).await?;
                trash.write(b"]}".to_vec()).await?;
                trashes += 1;
            }
        }
        file.write(b"],\n\"trash\":[".to_vec()).await?;
        file.append(trash).await?;
        file.write(b"]}\n".to_vec()).await?;
        // Whoever was signed out meanwhile leaves no copy of everything behind.
        self.backend.check_right(visitor)?;
        progress.done(ids.len(), ids.len());
        Ok(JobOutcome {
            sentence: format!("Your data is ready. Lists: {lists}, tasks: {count}."),
            result: Some(Arc::new(file.finish())),
        })
    }

    /// A list without its tasks, and which those are, all read in one transaction; none where they were taken out of it since.
    async fn exported_list(self, visitor: &Visitor, id: ListId) -> Result<Option<Exported>, Error> {
        let mut read = self.backend.inner.readers.begin().await?;
        let list = match heading(&mut read, visitor, id).await {
            Ok(list) => list,
            Err(Error::Refused(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        // Of a guest who did nothing yet nothing is on disk.
        if let Some(guest) = visitor.guest().filter(|guest| guest.list == id)
            && is_unwritten(&mut read, visitor).await?
        {
            let first: Vec<Task> = guest.first_list().tasks().cloned().collect();
            return Ok(Some(Exported {
                list,
                live: Vec::new(),
                gone: Vec::new(),
                unwritten: Some(first),
            }));
        }
        let edits = list.role(visitor.person()).is_some_and(Role::can_edit);
        Ok(Some(Exported {
            list,
            live: snapshot::ids(&mut read, id, false).await?,
            gone: match edits {
                true => snapshot::ids(&mut read, id, true).await?,
                false => Vec::new(),
            },
            unwritten: None,
        }))
    }

    /// Writes the tasks with their notes, as long as the list is the visitor's to read; gives how many there were.
    async fn export_tasks(
        self,
        file: &mut ExportWriter,
        visitor: &Visitor,
        list: ListId,
        ids: &[TaskId],
    ) -> Result<usize, Error> {
        let mut count = 0;
        for ids in ids.chunks(AT_A_TIME) {
            self.backend.check_right(visitor)?;
            let mut read = self.backend.inner.readers.begin().await?;
            let role = members::role(&mut read, visitor.person(), list).await?;
            if !is_still_in(role) {
                break;
            }
            let sees_trash = role.is_some_and(Role::can_edit);
            let mut tasks = snapshot::by_id(&mut read, ids.iter().copied()).await?;
            let mut notes = tasks::notes(&mut read, ids.iter().copied()).await?;
            drop(read);
            let whole = ids.iter().filter_map(|id| {
                let mut task = tasks.remove(id)?;
                task.notes = notes.remove(id).unwrap_or_default();
                Some(task).filter(|task| sees_trash || task.is_live())
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
