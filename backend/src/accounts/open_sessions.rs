//! The sessions that are open and the accounts there are, in memory: every request and every stream asks here.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use domain::{ListId, PersonId, Timestamp};
use parking_lot::{RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::accounts::token::TokenHash;
use crate::database::Readers;
use crate::{Error, Limits, Session, SessionId, Visitor};

/// How late `seen` may be: a session that is used writes that often.
const SEEN: Duration = Duration::from_secs(60 * 60);

/// All sessions that are open.
pub(crate) struct Sessions {
    limits: Limits,
    known: RwLock<Known>,
}

#[derive(Default)]
pub(crate) struct Known {
    pub(crate) by_token: HashMap<TokenHash, Open>,
    /// Who has which name, as it is compared.
    pub(crate) names: HashMap<String, PersonId>,
    /// Who has an account.
    pub(crate) accounts: HashSet<PersonId>,
    pub(crate) tokens: HashMap<SessionId, TokenHash>,
    /// The sessions of guests that are over.
    pub(crate) ended_guests: HashSet<SessionId>,
    /// Those who may not come in for the time being.
    pub(crate) suspended: HashSet<PersonId>,
    /// Whose last use is to be written.
    used: HashSet<SessionId>,
}

/// A session in memory.
#[derive(Clone)]
pub(crate) struct Open {
    pub(crate) session: Session,
    pub(crate) first_list: ListId,
    /// Until when its bearer is an operator because a provider said so.
    pub(crate) operator_until: Option<Timestamp>,
}

impl Known {
    crate::guard! {
        /// Whether somebody may not come in for the time being.
        fn is_suspended(&self, person: PersonId) -> bool {
            self.suspended.contains(&person)
        }
        SuspendedWrites: false
    }
}

impl Sessions {
    /// As it is on disk.
    pub(crate) async fn load(readers: &Readers, limits: Limits) -> Result<Self, Error> {
        let mut read = readers.begin().await?;
        let known = Known::read(&mut read).await?;
        Ok(Self {
            limits,
            known: RwLock::new(known),
        })
    }

    /// Who bears that token now, of those who have signed in. Whoever asks has been here.
    pub(crate) fn visitor(&self, token: TokenHash, now: Timestamp) -> Option<Visitor> {
        let known = self.read();
        let open = known.by_token.get(&token)?;
        let session = &open.session;
        if !self.limits.allow(session, now) || known.is_suspended(session.person) {
            return None;
        }
        let visitor = Visitor::signed_in(session.person, session.id, open.first_list);
        let is_stale = now.0.saturating_sub(session.seen.0) >= SEEN.as_millis() as u64;
        drop(known);
        if is_stale {
            let mut known = self.write();
            if let Some(open) = known.by_token.get_mut(&token) {
                open.session.seen = now;
                known.used.insert(visitor.session());
            }
        }
        Some(visitor)
    }

    /// Whether a session that somebody signed in to is open.
    pub(crate) fn is_open(&self, session: SessionId, now: Timestamp) -> bool {
        let known = self.read();
        let open = known
            .tokens
            .get(&session)
            .and_then(|token| known.by_token.get(token));
        open.is_some_and(|open| {
            self.limits.allow(&open.session, now) && !known.is_suspended(open.session.person)
        })
    }

    /// Whether the visitor's session is open.
    pub(crate) fn is_open_for(&self, visitor: &Visitor, now: Timestamp) -> bool {
        match visitor.guest() {
            Some(_) => self.is_guests_open(visitor.person()),
            None => self.is_open(visitor.session(), now),
        }
    }

    /// Whether somebody's session as a guest is open.
    pub(crate) fn is_guests_open(&self, person: PersonId) -> bool {
        !self.read().ended_guests.contains(&SessionId::of_guest(person))
    }

    /// Notes that somebody's session as a guest is over.
    pub(crate) fn end_guest(&self, person: PersonId) {
        let mut known = self.write();
        known.ended_guests.insert(SessionId::of_guest(person));
    }

    /// A session that somebody signed in to, if it is open.
    pub(crate) fn one(&self, session: SessionId, now: Timestamp) -> Option<Session> {
        let known = self.read();
        let open = known.by_token.get(known.tokens.get(&session)?)?;
        self.limits
            .allow(&open.session, now)
            .then(|| open.session.clone())
    }

    /// The person's that are open, the one that was used last first.
    pub(crate) fn of(&self, person: PersonId, now: Timestamp) -> Vec<Session> {
        let known = self.read();
        let theirs = known.by_token.values().map(|open| &open.session);
        let mut theirs: Vec<Session> = theirs
            .filter(|session| session.person == person && self.limits.allow(session, now))
            .cloned()
            .collect();
        drop(known);
        theirs.sort_by_key(|session| std::cmp::Reverse((session.seen, session.made, session.id)));
        theirs
    }

    /// Whether the account of that name is signed in from that network.
    pub(crate) fn is_at_home(&self, name: &str, place: &str, now: Timestamp) -> bool {
        let known = self.read();
        let Some(person) = known.names.get(name) else {
            return false;
        };
        let mut theirs = known.by_token.values().map(|open| &open.session);
        theirs.any(|session| {
            session.person == *person && session.device.place == place && self.limits.allow(session, now)
        })
    }

    /// Notes that there is an account of that name.
    pub(crate) fn name(&self, name: &str, person: PersonId) {
        let mut known = self.write();
        known.names.insert(name.to_owned(), person);
        known.accounts.insert(person);
    }

    /// Whether somebody has an account, and is not suspended.
    pub(crate) fn may_be_here(&self, person: PersonId) -> bool {
        let known = self.read();
        known.accounts.contains(&person) && !known.is_suspended(person)
    }

    pub(crate) fn has_account(&self, person: PersonId) -> bool {
        self.read().accounts.contains(&person)
    }

    pub(crate) fn is_suspended(&self, person: PersonId) -> bool {
        self.read().is_suspended(person)
    }

    /// Notes that somebody may not come in for the time being, or may again.
    pub(crate) fn suspend(&self, person: PersonId, is_suspended: bool) {
        let suspended = &mut self.write().suspended;
        if is_suspended {
            suspended.insert(person);
        } else {
            suspended.remove(&person);
        }
    }

    /// Notes that somebody has no account any more; gives the sessions that were theirs.
    pub(crate) fn forget(&self, person: PersonId) -> Vec<SessionId> {
        let mut known = self.write();
        known.names.retain(|_, of| *of != person);
        known.accounts.remove(&person);
        known.suspended.remove(&person);
        let theirs = known.by_token.values().map(|open| &open.session);
        let theirs: Vec<SessionId> = theirs
            .filter(|session| session.person == person)
            .map(|session| session.id)
            .collect();
        drop(known);
        self.end(&theirs);
        theirs
    }

    /// When each of those was here last, as far as sessions tell that are open.
    pub(crate) fn seen(&self, now: Timestamp) -> HashMap<PersonId, (usize, Timestamp)> {
        let mut seen: HashMap<PersonId, (usize, Timestamp)> = HashMap::new();
        for Open { session, .. } in self.read().by_token.values() {
            if self.limits.allow(session, now) {
                let (count, last) = seen.entry(session.person).or_insert((0, session.seen));
                (*count, *last) = (*count + 1, session.seen.max(*last));
            }
        }
        seen
    }

    pub(crate) fn begin(&self, token: TokenHash, open: Open) {
        let mut known = self.write();
        known.tokens.insert(open.session.id, token);
        known.by_token.insert(token, open);
    }

    pub(crate) fn end(&self, sessions: &[SessionId]) {
        let mut known = self.write();
        for session in sessions {
            if let Some(token) = known.tokens.remove(session) {
                known.by_token.remove(&token);
            }
        }
    }

    /// The sessions whose last use is to be written, with when that was.
    pub(crate) fn take_used(&self) -> Vec<(SessionId, Timestamp)> {
        let mut known = self.write();
        let used: Vec<SessionId> = known.used.drain().collect();
        let seen = |id: SessionId| {
            let open = known.by_token.get(known.tokens.get(&id)?)?;
            Some((id, open.session.seen))
        };
        used.into_iter().filter_map(seen).collect()
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read()
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Known> {
        self.known.write()
    }
}
