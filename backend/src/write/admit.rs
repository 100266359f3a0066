//! Whether what is asked is asked by a right that stands, as of this transaction. What is known in memory of sessions, offices and who is
//! let in changes on the writer's own task, once it is on disk: so it is exact here, and costs a look.

use domain::{AccountCommand, Command, LinkState};

use super::batch::Batch;
use super::request::{VisitorRequest, WriteRequest};
use crate::authority::Authority;

impl Batch<'_> {
    /// Whether it may be decided. A guest whom nobody knows comes in by a link that works, where links do that.
    pub(crate) fn admits(&self, unit: &VisitorRequest) -> bool {
        let visitor = &unit.visitor;
        if self.left.contains_key(&visitor.person()) || !self.is_open(unit) {
            return false;
        }
        match unit.ask {
            WriteRequest::Depart { .. } => self.admission.has_account(visitor.person()),
            WriteRequest::Bring { from, .. } => self.admission.is_guests_open(from),
            _ => true,
        }
    }

    fn is_open(&self, unit: &VisitorRequest) -> bool {
        self.admission.check(&unit.by, self.at).is_ok()
            || unit.visitor.guest().is_some()
                && matches!(unit.by, Authority::Visitor(_))
                && self.admission.is_open(&unit.visitor, self.at)
                && self.comes_by_link(unit)
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
