//! Counting what a transaction writes, by the pace of those who have it written.

use domain::{AccountCommand, Change, Command, Topic};

use super::batch::Batch;
use super::pace::{Charge, asked, written};
use super::request::{OVERHEAD, VisitorRequest, WriteRequest};
use crate::Error;

impl Batch<'_> {
    /// Whether there is room at all for what is asked; else when there is.
    pub(super) fn may_write(&self, unit: &VisitorRequest) -> Result<(), Error> {
        if unit.ask.is_always_done() {
            return Ok(());
        }
        self.pace
            .look(&self.charge(unit, asked(&unit.ask), rows_of_show(self, unit)))
    }

    /// Counts what a command was decided to change, if there is room for it.
    pub(super) fn take(
        &mut self,
        unit: &VisitorRequest,
        decision: &[(Topic, Vec<Change>)],
    ) -> Result<(), Error> {
        let is_profile = matches!(
            unit.ask.command(),
            Some(Command::Account(AccountCommand::SetProfile { .. }))
        );
        let rows = if is_profile { decision.len() as u64 } else { 0 };
        // What it brings was work, whatever it changes.
        let bytes = asked(&unit.ask).max(OVERHEAD + written(decision));
        let charge = self.charge(unit, bytes, rows);
        if unit.ask.is_always_done() && !decision.is_empty() {
            self.pace.spend(&charge);
        } else {
            self.pace.take(&charge)?;
        }
        self.charged.push(charge);
        Ok(())
    }

    /// Counts what was recorded for a request since so many bytes were.
    pub(super) fn count(&mut self, unit: &VisitorRequest, since: u64) {
        let rows = rows_of_show(self, unit);
        let picture = match &unit.ask {
            WriteRequest::Show { picture } => {
                picture.as_ref().map_or(0, |picture| picture.bytes.len() as u64)
            }
            _ => 0,
        };
        let charge = self.charge(unit, OVERHEAD + self.written - since + picture, rows);
        self.pace.spend(&charge);
        self.charged.push(charge);
    }

    fn charge(&self, unit: &VisitorRequest, bytes: u64, rows: u64) -> Charge {
        Charge {
            person: unit.visitor.person(),
            household: unit.household,
            bytes,
            rows,
        }
    }
}

/// The rows of telling everyone of another picture.
fn rows_of_show(batch: &Batch<'_>, unit: &VisitorRequest) -> u64 {
    if !matches!(unit.ask, WriteRequest::Show { .. }) {
        return 0;
    }
    let account = batch.state.accounts.get(&unit.visitor.person());
    1 + account.map_or(1, |account| account.lists.len() as u64)
}
