//! Everything that is somebody's own, as a file that they keep.

use bytes::Bytes;
use data_encoding::BASE64;
use domain::{List, ListId, PersonId, Profile, Task, Timestamp};
use serde::Serialize;

use crate::database::tasks;
use crate::lists::jobs::{JobOutcome, JobProgress};
use crate::{Error, Lists, Visitor};

/// The file. Fields may be added, never altered.
#[derive(Serialize)]
struct Export {
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
    /// The lists without their trash.
    lists: Vec<List>,
    /// Of the lists that they may edit, where there is anything.
    trash: Vec<Trash>,
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
    tasks: Vec<Task>,
}

impl Lists<'_> {
    /// Collects it, a list a step.
    pub(crate) async fn export(
        self,
        visitor: &Visitor,
        progress: &mut JobProgress,
    ) -> Result<JobOutcome, Error> {
        let hello = self.overview(visitor).await?;
        let ids: Vec<ListId> = hello.lists.keys().copied().collect();
        let (mut lists, mut trash, mut tasks) = (Vec::with_capacity(ids.len()), Vec::new(), 0);
        for (index, id) in ids.iter().enumerate() {
            self.backend.check_right(visitor)?;
            progress.done(index, ids.len());
            match self.snapshot(visitor, *id, None).await {
                Ok(snapshot) => {
                    tasks += snapshot.list.tasks().count();
                    trash.extend(self.exported_trash(visitor, *id).await?);
                    lists.push(snapshot.list);
                }
                // They were taken out of it since.
                Err(Error::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        progress.done(ids.len(), ids.len());
        let picture = self.backend.accounts().picture(visitor, visitor.person()).await?;
        let export = Export {
            tandem: 1,
            person: visitor.person(),
            profile: hello.account.profile,
            picture: picture.map(|picture| BASE64.encode(&picture.bytes)),
            account: self.exported_account(visitor).await?,
            lists,
            trash,
        };
        // Whoever was signed out meanwhile leaves no copy of everything behind.
        self.backend.check_right(visitor)?;
        let json = serde_json::to_vec_pretty(&export)
            .map_err(|error| Error::Corrupt(format!("an export that is no JSON: {error}")))?;
        Ok(JobOutcome {
            sentence: format!(
                "Your data is ready. Lists: {}, tasks: {tasks}.",
                export.lists.len()
            ),
            result: Some(Bytes::from(json)),
        })
    }

    async fn exported_trash(self, visitor: &Visitor, list: ListId) -> Result<Option<Trash>, Error> {
        let trash = match self.trash(visitor, list, usize::MAX).await {
            Err(Error::Refused(_)) => return Ok(None),
            trash => trash?,
        };
        let mut tasks: Vec<Task> = trash.tasks.into_iter().map(|(task, _)| task).collect();
        let mut read = self.backend.inner.readers.acquire().await?;
        let mut notes = tasks::notes(&mut read, tasks.iter().map(|task| task.id)).await?;
        for task in &mut tasks {
            task.notes = notes.remove(&task.id).unwrap_or_default();
        }
        Ok((!tasks.is_empty()).then_some(Trash { list, tasks }))
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
