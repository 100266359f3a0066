//! The lists that somebody has as a guest, and brings along where they sign in to an account.

use std::collections::BTreeSet;

use domain::{Account, ListId, PersonId, Refusal};

use crate::database::members;
use crate::write::request::{WriteOutcome, WriteRequest};
use crate::{Accounts, Error, Visitor};

impl Accounts<'_> {
    /// Makes the guest's lists the visitor's: they are in each as what the guest was, and the guest is in none. A guest who
    /// never did anything has none.
    pub(crate) async fn bring(self, visitor: &Visitor, guest: &Visitor) -> Result<(), Error> {
        let lists = self.written_lists(guest).await?;
        if guest.guest().is_none() || lists.is_empty() {
            return Ok(());
        }
        let lists = lists.into_iter().map(|(id, _)| id).collect();
        let from = guest.person();
        match self
            .backend
            .ask(visitor, vec![WriteRequest::Bring { from, lists }])
            .await?
            .pop()
        {
            Some(WriteOutcome::Refused(refusal)) => Err(refusal.into()),
            _ => Ok(()),
        }
    }

    /// Refuses a guest's lists that would be too many with those that somebody is in: before anything is begun or used up for them.
    pub(crate) async fn check_room(self, person: PersonId, guest: Option<&Visitor>) -> Result<(), Error> {
        let Some(guest) = guest.filter(|guest| guest.guest().is_some()) else {
            return Ok(());
        };
        let mut read = self.backend.inner.readers.begin().await?;
        let mine = members::lists_of(&mut read, person).await?;
        let mine: BTreeSet<ListId> = mine.into_iter().map(|(list, _)| list).collect();
        let brought = members::lists_of(&mut read, guest.person()).await?;
        let new = brought.iter().filter(|(list, _)| !mine.contains(list)).count();
        if new > 0 && mine.len() + new > Account::MOST_LISTS {
            return Err(Refusal::TooManyLists.into());
        }
        Ok(())
    }

    /// The lists of a guest that are on disk, by name.
    pub async fn written_lists(self, guest: &Visitor) -> Result<Vec<(ListId, String)>, Error> {
        let mut read = self.backend.inner.readers.acquire().await?;
        members::lists_of(&mut read, guest.person()).await
    }
}
