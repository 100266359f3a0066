//! Who is asking: the bearer of a cookie.

use domain::{Guest, ListId, PersonId, TaskId};
use sha2::{Digest, Sha256};

/// Who is asking. Everything about a newcomer follows from their cookie, so that opening a page writes nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Visitor {
    guest: Guest,
}

impl Visitor {
    /// The bearer of those 256 random bits. From the ids nobody can tell the bits.
    pub fn from_token(token: &[u8; 32]) -> Self {
        let guest = Guest {
            person: PersonId::derived(hash(token, "person")),
            list: ListId::derived(hash(token, "list")),
            tasks: ["task 1", "task 2", "task 3"].map(|label| TaskId::derived(hash(token, label))),
        };
        Self { guest }
    }

    /// Who they are.
    pub const fn person(&self) -> PersonId {
        self.guest.person
    }

    /// What they are shown until they do something.
    pub const fn guest(&self) -> &Guest {
        &self.guest
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
