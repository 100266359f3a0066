//! Whether whoever asks is let in, as of this transaction.

use domain::{AccountCommand, Command, LinkState};

use super::batch::Batch;
use super::request::{VisitorRequest, WriteRequest};

impl Batch<'_> {
    /// Whoever makes an account comes in by that, and a guest whom nobody knows by a link that works, where links do that.
    pub(crate) fn admits(&self, unit: &VisitorRequest) -> bool {
        let visitor = &unit.visitor;
        if self.left.contains_key(&visitor.person()) {
            return false;
        }
        if matches!(unit.ask, WriteRequest::Depart { .. }) {
            return self.admission.has_account(visitor.person());
        }
        self.admission.admits(visitor)
            || visitor.guest().is_some()
                && (matches!(unit.ask, WriteRequest::Exist) || self.comes_by_link(unit))
    }

    fn comes_by_link(&self, unit: &VisitorRequest) -> bool {
        if !self.admission.admits_by_link() {
            return false;
        }
        // Somebody who came in this same transaction is in memory, and not yet known.
        if self.state.accounts.contains(&unit.visitor.person()) {
            return true;
        }
        let Some(Command::Account(AccountCommand::Join { list, code })) = unit.ask.command() else {
            return false;
        };
        let found = self.known.links.by_code(code).zip(self.state.lists.get(list));
        found.is_some_and(|(link, list)| link.state(list, self.at) == LinkState::Works)
    }
}
