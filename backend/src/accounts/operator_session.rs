//! Sessions whose bearers run the server because a provider says so.

use domain::{PersonId, Timestamp};

use super::open_sessions::Sessions;
use crate::SessionId;

impl Sessions {
    /// Whether whoever has that session is an operator because a provider said so.
    pub(crate) fn is_in_office(&self, session: SessionId, now: Timestamp) -> bool {
        let known = self.read();
        let open = known
            .tokens
            .get(&session)
            .and_then(|token| known.by_token.get(token));
        open.and_then(|open| open.operator_until)
            .is_some_and(|until| now < until)
    }

    /// The provider says of somebody that they run this server no more.
    pub(crate) fn end_office(&self, person: PersonId) {
        let mut known = self.write();
        let theirs = known.by_token.values_mut();
        for open in theirs.filter(|open| open.session.person == person) {
            open.operator_until = None;
        }
    }
}
