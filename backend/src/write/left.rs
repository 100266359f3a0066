//! Somebody whose account is deleted, as a transaction has it, and how they appear from then on.

use domain::{ListId, PersonId, PersonName, Profile, Seq, profile};

/// What they are called from then on who left.
pub const GONE: &str = "Somebody who left";

/// Somebody who leaves in a transaction.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) person: PersonId,
    /// The first row of that.
    pub(crate) since: Seq,
    /// The lists that go.
    pub(crate) erased: Vec<ListId>,
}

/// How they appear from then on.
pub(crate) fn gone(person: PersonId) -> Profile {
    let colour = profile(person).colour;
    let name = PersonName::parse(GONE).unwrap_or_else(|_| PersonName::unknown());
    Profile { name, colour }
}
