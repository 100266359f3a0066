//! Who is asking: the bearer of a cookie.

use domain::{Guest, ListId, PersonId, TaskId};
use sha2::{Digest, Sha256};

use crate::SessionId;

/// Who is asking, and by which session. Everything about a newcomer follows from their cookie, so that opening a page writes
/// nothing; who has an account follows from what is on disk about their session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Visitor {
    person: PersonId,
    session: SessionId,
    first_list: ListId,
    guest: Option<Guest>,
}

impl Visitor {
    /// The guest who bears those 256 random bits. From the ids nobody can tell the bits.
    pub fn from_token(token: &[u8; 32]) -> Self {
        let guest = Guest {
            person: PersonId::derived(hash(token, "person")),
            list: ListId::derived(hash(token, "list")),
            tasks: ["task 1", "task 2", "task 3"].map(|label| TaskId::derived(hash(token, label))),
        };
        Self {
            person: guest.person,
            session: SessionId::of_guest(guest.person),
            first_list: guest.list,
            guest: Some(guest),
        }
    }

    /// Somebody with an account.
    pub(crate) const fn signed_in(person: PersonId, session: SessionId, first_list: ListId) -> Self {
        Self {
            person,
            session,
            first_list,
            guest: None,
        }
    }

    /// The person's id.
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// By which of their sessions they ask.
    pub const fn session(&self) -> SessionId {
        self.session
    }

    /// The list that they had from the beginning, wherever it is now.
    pub const fn first_list(&self) -> ListId {
        self.first_list
    }

    /// What a guest is shown until they do something; none for who has an account.
    pub const fn guest(&self) -> Option<&Guest> {
        self.guest.as_ref()
    }
}

/// The labels are on disk by what they make: they must never change.
fn hash(token: &[u8; 32], label: &str) -> [u8; 16] {
    let digest: [u8; 32] = Sha256::new()
        .chain_update(token)
        .chain_update(label)
        .finalize()
        .into();
    let mut first = [0; 16];
    first.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    first
}
