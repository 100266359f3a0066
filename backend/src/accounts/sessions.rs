//! Sessions: who a cookie's bearer is, and since when.
//!
//! A guest's is their cookie: it has no row, and the person follows from it; one that is over is remembered. That of somebody
//! who signed in has a row with the hash of its token, which is new with every sign-in. All that are open are in memory too,
//! where every request and every stream asks; only the writer's errands change them there, once they are on disk.

use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use domain::{PersonId, Timestamp};

use crate::accounts::token::TokenHash;
use crate::database::{Connection, Readers, accounts, sessions};
use crate::{AccountName, AuthError, Backend, Error, Limits, Session, SessionId, Token, Visitor};

pub(crate) use crate::database::sessions::{Open, Which, end_guest, remove};

/// How late `seen` may be: a session that is used writes that often.
const SEEN: Duration = Duration::from_secs(60 * 60);

/// All sessions that are open.
pub(crate) struct Sessions {
    limits: Limits,
    known: RwLock<Preloaded>,
}

#[derive(Default)]
pub(crate) struct Preloaded {
    pub(crate) by_token: HashMap<TokenHash, Open>,
    /// Who has which name, as it is compared.
    names: HashMap<String, PersonId>,
    /// Who has an account.
    accounts: HashSet<PersonId>,
    pub(crate) tokens: HashMap<SessionId, TokenHash>,
    /// Those who may not come in for the time being.
    suspended: HashSet<PersonId>,
    /// Whose last use is to be written.
    used: HashSet<SessionId>,
}

impl Sessions {
    pub(crate) async fn load(readers: &Readers, limits: Limits) -> Result<Self, Error> {
        let mut read = readers.begin().await?;
        let known = Preloaded::read(&mut read).await?;
        Ok(Self {
            limits,
            known: RwLock::new(known),
        })
    }

    /// Who bears that token now, of those who have signed in. Whoever asks has been here.
    fn visitor(&self, token: TokenHash, now: Timestamp) -> Option<Visitor> {
        let known = self.read();
        let open = known.by_token.get(&token)?;
        let session = &open.session;
        if !self.limits.allow(session, now) || known.suspended.contains(&session.person) {
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
            self.limits.allow(&open.session, now) && !known.suspended.contains(&open.session.person)
        })
    }

    /// The person's that are open, the one that was used last first.
    fn of(&self, person: PersonId, now: Timestamp) -> Vec<Session> {
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
    fn is_at_home(&self, name: &str, place: &str, now: Timestamp) -> bool {
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
        known.accounts.contains(&person) && !known.suspended.contains(&person)
    }

    pub(crate) fn has_account(&self, person: PersonId) -> bool {
        self.read().accounts.contains(&person)
    }

    pub(crate) fn is_suspended(&self, person: PersonId) -> bool {
        self.read().suspended.contains(&person)
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

    fn take_used(&self) -> Vec<(SessionId, Timestamp)> {
        let mut known = self.write();
        let used: Vec<SessionId> = known.used.drain().collect();
        let seen = |id: SessionId| {
            let open = known.by_token.get(known.tokens.get(&id)?)?;
            Some((id, open.session.seen))
        };
        used.into_iter().filter_map(seen).collect()
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Preloaded> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Preloaded> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Preloaded {
    async fn read(connection: &mut Connection) -> Result<Self, Error> {
        let mut this = Self::default();
        for (token, open) in sessions::all(connection).await? {
            this.tokens.insert(open.session.id, token);
            this.by_token.insert(token, open);
        }
        for (person, name, is_suspended) in accounts::all(connection).await? {
            this.names.insert(name, person);
            this.accounts.insert(person);
            if is_suspended {
                this.suspended.insert(person);
            }
        }
        Ok(this)
    }
}

/// Everyone whose session as a guest has ended.
pub(crate) async fn ended(readers: &Readers) -> Result<HashSet<SessionId>, Error> {
    sessions::ended(&mut *readers.acquire().await?).await
}

/// Writes a new session. Nobody begins one who was suspended while they were signing in.
pub(crate) async fn insert(connection: &mut Connection, token: TokenHash, open: &Open) -> Result<(), Error> {
    if sessions::insert(connection, token, open).await? {
        Ok(())
    } else {
        Err(AuthError::Suspended.into())
    }
}

impl Backend {
    /// Who bears that token and is let in; nobody, if it is of a session that is over or never was.
    pub fn visitor(&self, token: &Token) -> Option<Visitor> {
        self.bearer(token)
            .filter(|visitor| self.inner.admission.admits(visitor))
    }

    /// Who bears that token, whether or not guests are let in: for where one comes in.
    pub fn bearer(&self, token: &Token) -> Option<Visitor> {
        match token.guests() {
            Some(bits) => Some(Visitor::from_token(bits)).filter(|visitor| !self.has_ended(visitor)),
            None => self.inner.sessions.visitor(token.hash(), self.inner.clock.now()),
        }
    }

    /// The visitor's sessions that are open, the one that was used last first. A guest has none that anything is known of.
    pub fn sessions(&self, visitor: &Visitor) -> Vec<Session> {
        self.inner.sessions.of(visitor.person(), self.inner.clock.now())
    }

    /// Whether the account of that name is signed in from that network: strangers there are few.
    pub fn is_at_home(&self, name: &AccountName, place: &str) -> bool {
        let now = self.inner.clock.now();
        self.inner.sessions.is_at_home(name.key(), place, now)
    }

    /// Ends the visitor's session for good: its streams end at once, and its cookie opens nothing any more.
    pub async fn end_session(&self, visitor: &Visitor) -> Result<(), Error> {
        if visitor.guest().is_none() {
            let which = Which::One(visitor.session());
            return self.end_sessions(visitor.person(), which).await.map(drop);
        }
        let (person, now) = (visitor.person(), self.inner.clock.now());
        let hub = self.inner.hub.clone();
        self.write_transaction(
            move |connection| Box::pin(end_guest(connection, person, now)),
            move |()| hub.end(person, &[SessionId::of_guest(person)]),
        )
        .await
    }

    /// Ends another session of the visitor's; false if they have none such.
    pub async fn end_other_session(&self, visitor: &Visitor, session: SessionId) -> Result<bool, Error> {
        let ended = self.end_sessions(visitor.person(), Which::One(session)).await?;
        Ok(ended > 0)
    }

    /// Ends all of the visitor's sessions but this one; says how many there were.
    pub async fn end_other_sessions(&self, visitor: &Visitor) -> Result<usize, Error> {
        self.end_sessions(visitor.person(), Which::AllBut(visitor.session()))
            .await
    }

    pub(crate) async fn end_sessions(&self, person: PersonId, which: Which) -> Result<usize, Error> {
        let inner = self.inner.clone();
        let ended = self
            .write_transaction(
                move |connection| Box::pin(remove(connection, person, which)),
                move |ended| inner.forget(person, ended),
            )
            .await?;
        Ok(ended.len())
    }

    /// Whether the visitor's session has ended.
    pub fn has_ended(&self, visitor: &Visitor) -> bool {
        match visitor.guest() {
            Some(_) => self.inner.hub.has_ended(visitor.session()),
            None => !self
                .inner
                .sessions
                .is_open(visitor.session(), self.inner.clock.now()),
        }
    }

    /// Writes when sessions were last used. It is done once a second without being asked.
    pub async fn write_seen(&self) -> Result<(), Error> {
        let used = self.inner.sessions.take_used();
        if used.is_empty() {
            return Ok(());
        }
        self.write_transaction(
            move |connection| {
                Box::pin(async move {
                    for (session, seen) in used {
                        sessions::set_seen(connection, session, seen).await?;
                    }
                    Ok(())
                })
            },
            |()| {},
        )
        .await
    }
}

impl crate::backend::Inner {
    /// Lets go of sessions that are not on disk any more, and ends their streams.
    pub(crate) fn forget(&self, person: PersonId, sessions: &[SessionId]) {
        self.sessions.end(sessions);
        self.hub.end(person, sessions);
    }
}
