//! What came of what somebody asked by a form, kept for the page that shows it next. In memory, for minutes, and for nobody
//! else: a link's code is nowhere on disk, and yet a page that is loaded again still shows it.

use std::collections::VecDeque;

use domain::{LinkId, PersonId, PersonName, Role, Timestamp};
use parking_lot::Mutex;

use crate::{Backend, Error, MadeLink, RecoveryCodes, Visitor, random};

/// How many are kept, of everybody's. The oldest go.
const MOST: usize = 1_000;

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

/// What was kept.
#[derive(Default)]
pub(crate) struct Flashes(Mutex<VecDeque<Kept>>);

struct Kept {
    key: String,
    person: PersonId,
    until: Timestamp,
    told: Flash,
}

impl Backend {
    /// Keeps what is to be shown to the visitor; the key that gives it back.
    pub fn keep_told(&self, visitor: &Visitor, told: Flash) -> Result<String, Error> {
        let bytes: [u8; 16] = random::bytes().map_err(|error| Error::Corrupt(error.to_string()))?;
        let key: String = bytes
            .iter()
            .map(|byte| char::from(random::digit(*byte)))
            .collect();
        let kept = Kept {
            key: key.clone(),
            person: visitor.person(),
            until: Timestamp(self.inner.clock.now().0.saturating_add(KEPT)),
            told,
        };
        let mut all = self.inner.tolds.0.lock();
        if all.len() >= MOST {
            all.pop_front();
        }
        all.push_back(kept);
        Ok(key)
    }

    /// What was kept for the visitor under that key, as long as it is.
    pub fn told(&self, visitor: &Visitor, key: &str) -> Option<Flash> {
        let now = self.inner.clock.now();
        let mut all = self.inner.tolds.0.lock();
        all.retain(|kept| kept.until > now);
        let mut mine = all.iter().filter(|kept| kept.person == visitor.person());
        mine.find(|kept| kept.key == key).map(|kept| kept.told.clone())
    }
}
