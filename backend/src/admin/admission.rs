//! Who is let in: decided here, both when somebody asks for anything and again inside the transaction that writes.
//!
//! Everything it knows is in memory and changes on the writer's task, once the change is on disk: so what a transaction
//! finds here is what was committed before it, and nobody writes after they were suspended, however the two race.

use std::collections::HashSet;
use std::sync::Arc;

use domain::{PersonId, Timestamp};
use parking_lot::{RwLock, RwLockReadGuard};
use tokio::sync::watch;

use crate::accounts::mfa::UnderWay;
use crate::accounts::open_sessions::Sessions;
use crate::admin::policy::{Guests, RegistrationPolicy, Settings};
use crate::authority::Authority;
use crate::{AuthError, Error, SessionId, Visitor};

pub(crate) struct Admission {
    fixed: RegistrationPolicy,
    chosen: RwLock<Chosen>,
    sessions: Arc<Sessions>,
    under_way: Arc<UnderWay>,
    operator: watch::Receiver<Option<PersonId>>,
}

struct Chosen {
    house: Settings,
    /// Everyone who has written anything, where guests have to be known.
    known: HashSet<PersonId>,
}

impl Admission {
    /// What was chosen, and who has written anything, as it is on disk.
    pub(crate) fn new(
        (house, known): (Settings, HashSet<PersonId>),
        fixed: RegistrationPolicy,
        sessions: Arc<Sessions>,
        under_way: Arc<UnderWay>,
        operator: watch::Receiver<Option<PersonId>>,
    ) -> Self {
        Self {
            fixed,
            chosen: RwLock::new(Chosen { house, known }),
            sessions,
            under_way,
            operator,
        }
    }

    pub(crate) const fn fixed(&self) -> RegistrationPolicy {
        self.fixed
    }

    /// How the house is run.
    pub(crate) fn house(&self) -> Settings {
        self.fixed.over(self.read().house)
    }

    pub(crate) fn set(&self, house: Settings, known: HashSet<PersonId>) {
        let mut chosen = self.chosen.write();
        *chosen = Chosen { house, known };
    }

    /// Asks whether that right stands: nobody's does who was signed out, suspended, shut out or put out of office since they asked, or
    /// whose proof of who they are was.
    pub(crate) fn check(&self, authority: &Authority, now: Timestamp) -> Result<(), Error> {
        let (visitor, is_let) = match authority {
            Authority::Server => return Ok(()),
            Authority::Bearer(visitor) | Authority::Operator(visitor) => (visitor, true),
            Authority::Visitor(visitor) | Authority::Proven(visitor) => (visitor, self.admits(visitor)),
        };
        if !is_let || !self.is_open(visitor, now) {
            return Err(Error::SessionEnded);
        }
        match authority {
            Authority::Operator(visitor) if !self.is_in_office(visitor, now) => Err(Error::NotOperator),
            Authority::Proven(visitor) if !self.is_proven(visitor, now) => Err(AuthError::NotProven.into()),
            _ => Ok(()),
        }
    }

    crate::guard! {
        /// Whether who asked as the operator still is.
        fn is_in_office(&self, visitor: &Visitor, now: Timestamp) -> bool {
            self.runs_it(visitor, now)
        }
        OustedOperator: true
    }

    crate::guard! {
        /// Whether the visitor has proved lately who they are.
        fn is_proven(&self, visitor: &Visitor, now: Timestamp) -> bool {
            self.under_way.proof(&self.sessions, visitor.session(), now).is_some()
        }
        LostProof: true
    }

    crate::guard! {
        /// Whether the visitor's session is open.
        pub(crate) fn is_open(&self, visitor: &Visitor, now: Timestamp) -> bool {
            self.sessions.is_open_for(visitor, now)
        }
        EndedWrites: true
    }

    /// Whether somebody's session as a guest is open.
    pub(crate) fn is_guests_open(&self, person: PersonId) -> bool {
        self.sessions.is_guests_open(person)
    }

    /// Whether the visitor runs the server: since they gave the code, or since a provider says so of this session.
    pub(crate) fn runs_it(&self, visitor: &Visitor, now: Timestamp) -> bool {
        self.is_operator(visitor.person()) || self.sessions.is_in_office(visitor.session(), now)
    }

    /// Whether somebody may be here and write. That their session is open is another question, which comes first.
    pub(crate) fn admits(&self, visitor: &Visitor) -> bool {
        let person = visitor.person();
        match visitor.guest() {
            Some(_) => !self.sessions.is_suspended(person) && self.admits_guest(person),
            None => self.sessions.may_be_here(person),
        }
    }

    /// The same of somebody without an account. Who runs the server is let in in any case: else nobody could change that.
    pub(crate) fn admits_guest(&self, person: PersonId) -> bool {
        self.is_operator(person)
            || match self.house().guests {
                Guests::Yes => true,
                Guests::ByLink => self.read().known.contains(&person),
                Guests::No => false,
            }
    }

    /// Whether somebody has an account, also if they are kept out.
    pub(crate) fn has_account(&self, person: PersonId) -> bool {
        self.sessions.has_account(person)
    }

    /// Notes that somebody has no account any more; gives the sessions that were theirs.
    pub(crate) fn forget(&self, person: PersonId) -> Vec<SessionId> {
        self.sessions.forget(person)
    }

    /// Whether a share link makes somebody a guest whom nobody knows.
    pub(crate) fn admits_by_link(&self) -> bool {
        self.house().guests != Guests::No
    }

    /// Whether somebody runs the server.
    pub(crate) fn is_operator(&self, person: PersonId) -> bool {
        *self.operator.borrow() == Some(person)
    }

    /// Those have written something.
    pub(crate) fn met(&self, people: impl IntoIterator<Item = PersonId>) {
        if self.house().guests == Guests::ByLink {
            let mut chosen = self.chosen.write();
            chosen.known.extend(people);
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Chosen> {
        self.chosen.read()
    }
}
