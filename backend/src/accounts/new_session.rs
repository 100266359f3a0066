//! A session that is about to begin, and what comes of it.

use domain::{ListId, PersonId, Timestamp};

use crate::accounts::open_sessions::Open;
use crate::accounts::token::TokenHash;
use crate::{Device, Error, Method, Session, SessionId, Token, Visitor};

/// Somebody has signed in.
pub struct SignedIn {
    /// What their browser is to send from now on.
    pub token: Token,
    /// The person, with their new session.
    pub visitor: Visitor,
    /// How they signed in.
    pub method: Method,
}

/// A session that is about to begin.
pub(crate) struct Begun {
    token: Token,
    pub(crate) open: Open,
}

impl Begun {
    pub(crate) fn new(
        person: PersonId,
        first_list: ListId,
        now: Timestamp,
        device: Device,
        method: Method,
    ) -> Result<Self, Error> {
        let session = Session {
            id: SessionId::new()?,
            person,
            made: now,
            seen: now,
            device,
            method,
        };
        let open = Open {
            session,
            first_list,
            operator_until: None,
        };
        Ok(Self {
            token: Token::session()?,
            open,
        })
    }

    /// An operator's until then.
    pub(crate) fn in_office(mut self, until: Option<Timestamp>) -> Self {
        self.open.operator_until = until;
        self
    }

    pub(crate) fn hash(&self) -> TokenHash {
        self.token.hash()
    }

    pub(crate) fn open(&self) -> Open {
        self.open.clone()
    }

    pub(crate) fn visitor(&self) -> Visitor {
        let Open {
            session, first_list, ..
        } = &self.open;
        Visitor::signed_in(session.person, session.id, *first_list)
    }

    pub(crate) fn signed_in(self) -> SignedIn {
        SignedIn {
            visitor: self.visitor(),
            method: self.open.session.method,
            token: self.token,
        }
    }
}
