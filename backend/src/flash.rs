//! What came of what somebody asked by a form, kept for the page that shows it next. In memory, for minutes, and for nobody
//! else: a link's code is nowhere on disk, and yet a page that is loaded again still shows it.

use domain::{LinkId, PersonId, PersonName, Role, Timestamp};

use crate::expiring::{ExpiringMap, Holder};
use crate::{Error, MadeLink, RecoveryCodes, random};

/// How many are kept, of everybody's.
const MOST: usize = 10_000;

/// How many of one person's. The oldest go.
const OF_A_PERSON: usize = 20;

/// For how long, in milliseconds.
const KEPT: u64 = 10 * 60 * 1_000;

/// What came of it.
#[derive(Clone, PartialEq, Eq)]
pub enum Flash {
    /// A link was made.
    Made(MadeLink),
    /// A link lets nobody in any more, and these people are out of the list.
    Revoked(Vec<PersonName>),
    /// Somebody is out of the list; they came by this link, which still lets people in.
    Removed(PersonName, Option<LinkId>),
    /// Somebody has another role.
    Role(PersonName, Role),
    /// Whoever has that name is asked into the list.
    Invited(String),
    /// And is not any more.
    TakenBack(String),
    /// Somebody else owns the list.
    HandedOver(PersonName),
    /// Recovery codes were made.
    Codes(RecoveryCodes),
}

/// What is kept, by its key, and for whom.
pub(crate) struct Flashes(ExpiringMap<String, (PersonId, Flash)>);

impl Default for Flashes {
    fn default() -> Self {
        Self(ExpiringMap::new(MOST, OF_A_PERSON, KEPT))
    }
}

impl Flashes {
    /// Keeps what is to be shown to somebody; the key that gives it back. Where there is no room it gives nothing.
    pub(crate) fn keep(&self, holder: Holder, now: Timestamp, flash: Flash) -> Result<String, Error> {
        let key = random::key::<16>()?;
        self.0.put(key.clone(), holder, (holder.person, flash), now);
        Ok(key)
    }

    /// What was kept for somebody under that key, as long as it is.
    pub(crate) fn of(&self, person: PersonId, now: Timestamp, key: &str) -> Option<Flash> {
        let look = |(of, flash): &mut (PersonId, Flash)| (*of == person).then(|| flash.clone());
        self.0.with(&key.to_owned(), now, look)?
    }
}
