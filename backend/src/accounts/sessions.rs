//! Sessions: who a cookie's bearer is, and since when.
//!
//! A guest's is their cookie: it has no row, and the person follows from it; one that is over is remembered. That of somebody
//! who signed in has a row with the hash of its token, which is new with every sign-in. All that are open are in memory too,
//! where every request and every stream asks; only the writer's errands change them there, once they are on disk.

use domain::PersonId;

use crate::accounts::open_sessions::{Known, Open};
use crate::accounts::token::TokenHash;
use crate::authority::Authority;
use crate::database::{Connection, accounts, sessions};
use crate::{AccountName, Accounts, AuthError, Error, Session, SessionId, Token, Visitor};

pub(crate) use crate::database::sessions::{Which, end_guest, remove};

impl Known {
    /// What is on disk.
    pub(crate) async fn read(connection: &mut Connection) -> Result<Self, Error> {
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
        this.ended_guests = sessions::ended(connection).await?;
        Ok(this)
    }
}

/// Writes a new session. Nobody begins one who was suspended while they were signing in.
pub(crate) async fn insert(connection: &mut Connection, token: TokenHash, open: &Open) -> Result<(), Error> {
    if sessions::insert(connection, token, open).await? {
        Ok(())
    } else {
        Err(AuthError::Suspended.into())
    }
}

impl Accounts<'_> {
    /// Who bears that token and is let in; nobody, if it is of a session that is over or never was.
    pub fn visitor(self, token: &Token) -> Option<Visitor> {
        self.bearer(token)
            .filter(|visitor| self.backend.inner.admission.admits(visitor))
    }

    /// Who bears that token, whether or not guests are let in: for where one comes in.
    pub fn bearer(self, token: &Token) -> Option<Visitor> {
        match token.guests() {
            Some(bits) => Some(Visitor::from_token(bits)).filter(|visitor| !self.has_ended(visitor)),
            None => self
                .backend
                .inner
                .sessions
                .visitor(token.hash(), self.backend.now()),
        }
    }

    /// The visitor's sessions that are open, the one that was used last first. A guest has none that anything is known of.
    pub fn sessions(self, visitor: &Visitor) -> Vec<Session> {
        self.backend
            .inner
            .sessions
            .of(visitor.person(), self.backend.now())
    }

    /// Whether the account of that name is signed in from that network: strangers there are few.
    pub fn is_at_home(self, name: &AccountName, place: &str) -> bool {
        let now = self.backend.now();
        self.backend.inner.sessions.is_at_home(name.key(), place, now)
    }

    /// Ends the visitor's session for good: its streams end at once, and its cookie opens nothing any more.
    pub async fn end_session(self, visitor: &Visitor) -> Result<(), Error> {
        if visitor.guest().is_none() {
            let which = Which::One(visitor.session());
            let ended = self.end_sessions(Authority::Server, visitor.person(), which);
            return ended.await.map(drop);
        }
        let (person, now) = (visitor.person(), self.backend.now());
        let inner = self.backend.inner.clone();
        self.backend
            .write_transaction(
                // What is over already ends once more without harm.
                Authority::Server,
                move |connection| Box::pin(end_guest(connection, person, now)),
                move |()| {
                    inner.sessions.end_guest(person);
                    inner.hub.end(person, &[SessionId::of_guest(person)]);
                },
            )
            .await
    }

    /// Ends another session of the visitor's; false if they have none such.
    pub async fn end_other_session(self, visitor: &Visitor, session: SessionId) -> Result<bool, Error> {
        let ended = self.end_sessions(visitor, visitor.person(), Which::One(session));
        Ok(ended.await? > 0)
    }

    /// Ends all of the visitor's sessions but this one; says how many there were.
    pub async fn end_other_sessions(self, visitor: &Visitor) -> Result<usize, Error> {
        self.end_sessions(visitor, visitor.person(), Which::AllBut(visitor.session()))
            .await
    }

    pub(crate) async fn end_sessions(
        self,
        by: impl Into<Authority>,
        person: PersonId,
        which: Which,
    ) -> Result<usize, Error> {
        let inner = self.backend.inner.clone();
        let ended = self
            .backend
            .write_transaction(
                by,
                move |connection| Box::pin(remove(connection, person, which)),
                move |ended| inner.forget(person, ended),
            )
            .await?;
        Ok(ended.len())
    }

    /// Whether the visitor's session has ended.
    pub fn has_ended(self, visitor: &Visitor) -> bool {
        let (sessions, now) = (&self.backend.inner.sessions, self.backend.now());
        !sessions.is_open_for(visitor, now)
    }

    /// Writes when sessions were last used. It is done once a second without being asked.
    pub async fn write_seen(self) -> Result<(), Error> {
        let used = self.backend.inner.sessions.take_used();
        if used.is_empty() {
            return Ok(());
        }
        self.backend
            .write_transaction(
                Authority::Server,
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
    /// Lets go of the session in whose place the same browser has another one: its pages come back with that.
    pub(crate) fn supersede(&self, before: &Visitor) {
        match before.guest() {
            Some(_) => self.sessions.end_guest(before.person()),
            None => self.sessions.end(&[before.session()]),
        }
        self.hub.supersede(before.person(), before.session());
    }

    /// The same of who was a guest until now, and has an account.
    pub(crate) fn supersede_guest(&self, person: PersonId) {
        self.sessions.end_guest(person);
        self.hub.supersede(person, SessionId::of_guest(person));
    }

    /// Lets go of sessions that are not on disk any more, and ends their streams.
    pub(crate) fn forget(&self, person: PersonId, sessions: &[SessionId]) {
        self.sessions.end(sessions);
        self.hub.end(person, sessions);
    }
}
