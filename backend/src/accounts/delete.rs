//! Deleting an account: what becomes of each list, and what is erased.
//!
//! It is decided like everything else by the one writer, so every open page follows the log. In the same transaction who they were is
//! forgotten, and nobody gets into the lists any more that only they were in. Those are erased afterwards, with what the log held of them;
//! what they wrote where others are stays, and their name goes from it: nobody reads it from that transaction on. That may be much, so it
//! goes piece by piece.

use std::collections::BTreeMap;

use domain::{ListId, PersonId, Role};

use crate::authority::Authority;
use crate::database::{accounts, members};
use crate::write::request::{WriteOutcome, WriteRequest};
use crate::{Accounts, Administrator, AuthError, Error, SessionId, Visitor};

/// How many of those who may become the owner of a list are asked with.
const HEIRS: usize = 3;

/// How often it is asked while lists change under it.
const TRIES: usize = 8;

/// A list of somebody who leaves, and what becomes of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leaving {
    /// The list's id.
    pub list: ListId,
    /// The list's name.
    pub name: String,
    /// What becomes of it.
    pub fate: Fate,
}

/// What becomes of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fate {
    /// Nobody else is in it: it goes.
    Goes,
    /// It stays with those who are in it.
    Stays,
    /// It needs an owner: the first of these, unless another is chosen. Editors first, and who has been in it longest.
    NeedsOwner(Vec<(PersonId, String)>),
}

impl Accounts<'_> {
    /// What becomes of each list of somebody's if their account is deleted, by name.
    pub async fn leaving(self, person: PersonId) -> Result<Vec<Leaving>, Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        let rows = members::shared(&mut read, person).await?;
        let mut all: Vec<Leaving> = Vec::new();
        for row in rows {
            if all.last().is_none_or(|last| last.list != row.list) {
                let (list, name, fate) = (row.list, row.name, Fate::Goes);
                all.push(Leaving { list, name, fate });
            }
            let (Some(last), Some(other)) = (all.last_mut(), row.other) else {
                continue;
            };
            match &mut last.fate {
                fate if other.role == Role::Owner || !row.owns => *fate = Fate::Stays,
                Fate::NeedsOwner(heirs) => heirs.push((other.person, other.name)),
                fate @ Fate::Goes => *fate = Fate::NeedsOwner(vec![(other.person, other.name)]),
                Fate::Stays => {}
            }
        }
        Ok(all)
    }

    /// Deletes the visitor's account, if it is they who ask: with the password or, where there is none, another proof from within the last
    /// ten minutes, which counts only if it stands when it comes to it. `heirs` are the new owners that they chose.
    pub async fn delete_account(
        self,
        visitor: &Visitor,
        password: &str,
        heirs: &BTreeMap<ListId, PersonId>,
    ) -> Result<(), Error> {
        if self.sign_in_name(visitor).await?.is_none() {
            return Err(AuthError::NoAccount.into());
        }
        self.backend.mfa().confirm(visitor, password).await?;
        self.depart_by(Authority::Proven(*visitor), visitor.person(), heirs)
            .await
    }

    /// Deletes somebody's account for who runs the server. It is on disk when this returns; what is left of it, which nobody can read, is
    /// erased piece by piece.
    pub async fn depart(
        self,
        by: Administrator,
        person: PersonId,
        heirs: &BTreeMap<ListId, PersonId>,
    ) -> Result<(), Error> {
        self.depart_by(by.into(), person, heirs).await
    }

    /// Deletes somebody's account, whoever asks for it. When this returns it is on disk that nobody has it, and nobody reads any more who
    /// they were, nor what was only theirs. The bytes of that go piece by piece (`maintenance/erasing.rs`), also after a restart.
    async fn depart_by(
        self,
        by: Authority,
        person: PersonId,
        heirs: &BTreeMap<ListId, PersonId>,
    ) -> Result<(), Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        let found = accounts::first_list(&mut read, person).await?;
        drop(read);
        let (first_list, _) = found.ok_or(domain::Refusal::NotFound)?;
        let visitor = Visitor::signed_in(person, SessionId::of_guest(person), first_list);
        for _ in 0..TRIES {
            let lists = self.leaving(person).await?.into_iter().map(|leaving| {
                let chosen = heirs.get(&leaving.list).copied();
                let next = match leaving.fate {
                    Fate::NeedsOwner(next) => next,
                    Fate::Goes | Fate::Stays => Vec::new(),
                };
                let next = next.into_iter().map(|(person, _)| person).take(HEIRS);
                (leaving.list, chosen.into_iter().chain(next).collect())
            });
            let ask = WriteRequest::Depart {
                lists: lists.collect(),
            };
            if let Some(WriteOutcome::Exists) = self.backend.ask_by(by, &visitor, vec![ask]).await?.pop() {
                let is_they =
                    |operator: &mut Option<PersonId>| operator.take_if(|they| *they == person).is_some();
                self.backend.inner.operator.send_if_modified(is_they);
                self.backend.inner.under_way.forget(person);
                self.backend.inner.jobs.forget_all(person);
                self.backend.inner.imports.forget_all(person);
                return Ok(());
            }
        }
        Err(Error::Busy)
    }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use tokio::sync::oneshot;

    use super::*;
    use crate::{Backend, Clock, Config, Device, OidcIdentity};

    /// Somebody who comes in through a provider alone, just now.
    async fn newcomer(backend: &Backend) -> Visitor {
        let identity = OidcIdentity {
            issuer: "https://id.example.org".to_owned(),
            subject: "1".to_owned(),
            name: "ana".to_owned(),
            is_operator: false,
        };
        let guest = Visitor::from_token(&[7; 32]);
        let accounts = backend.accounts();
        let signed_in =
            accounts.sign_in_with_identity(Some(&guest), false, true, &identity, Device::default());
        signed_in.await.unwrap().0.visitor
    }

    #[tokio::test]
    async fn a_proof_that_is_lost_while_others_write_deletes_no_account() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::new(format!("sqlite:{}", folder.path().join("tandem.db").display()));
        config.clock = Clock::fixed(Timestamp(1_800_000_000_000));
        let backend = Backend::open(config).await.unwrap();
        let me = newcomer(&backend).await;
        let ((begun, has_begun), (go_on, goes_on)) = (oneshot::channel(), oneshot::channel::<()>());
        let others = backend.clone();
        let busy = tokio::spawn(async move {
            let work = others.write_transaction(
                Authority::Server,
                move |_| {
                    Box::pin(async move {
                        begun.send(()).unwrap();
                        goes_on.await.unwrap();
                        Ok(())
                    })
                },
                |()| {},
            );
            work.await
        });
        has_begun.await.unwrap();
        let (deleting, waiting) = (backend.clone(), backend.inner.queue.waiting());
        let deleted = tokio::spawn(async move {
            deleting
                .accounts()
                .delete_account(&me, "", &BTreeMap::new())
                .await
        });
        while backend.inner.queue.waiting() == waiting && !deleted.is_finished() {
            tokio::task::yield_now().await;
        }
        let now = backend.now();
        backend.inner.under_way.forget_proofs(me.person(), None, now);
        go_on.send(()).unwrap();
        busy.await.unwrap().unwrap();
        let deleted = deleted.await.unwrap();
        // An errand may have come into the queue before it: then it is refused at once.
        assert!(
            matches!(
                deleted,
                Err(Error::Auth(AuthError::NotProven | AuthError::NotFresh))
            ),
            "{deleted:?}"
        );
        assert!(backend.accounts().sign_in_name(&me).await.unwrap().is_some());
    }
}
