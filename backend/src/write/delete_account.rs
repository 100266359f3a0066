//! Somebody leaves the house: they are in no list any more, and no list is without an owner for that.

use std::collections::BTreeMap;

use domain::{Change, ListId, PersonId, Topic, leave};

use super::batch::Batch;
use super::origin::Origin;
use super::request::WriteOutcome;
use crate::departed::gone;
use crate::write::left::Left;

impl Batch<'_> {
    /// Takes somebody out of all their lists. `heirs` says for each list that they are in who may own it after them; where
    /// that was read too early, nothing is done.
    pub(crate) fn depart(
        &mut self,
        person: PersonId,
        heirs: &BTreeMap<ListId, Vec<PersonId>>,
    ) -> WriteOutcome {
        let Some(account) = self.state.accounts.get(&person) else {
            return WriteOutcome::Again;
        };
        let mine: Vec<ListId> = account.lists.keys().copied().collect();
        let (mut decision, mut erased) = (domain::Decision::new(), Vec::new());
        for id in mine {
            let list = self.state.lists.get(&id);
            let found = heirs.get(&id).zip(list.or_else(|| self.known.headings.get(&id)));
            let Some((heirs, list)) = found else {
                return WriteOutcome::Again;
            };
            let heirs: Vec<PersonId> = heirs
                .iter()
                .copied()
                .filter(|heir| self.state.accounts.contains(heir) && !self.left.contains_key(heir))
                .collect();
            let Some(departure) = leave(list, person, &heirs) else {
                return WriteOutcome::Again;
            };
            decision.extend(departure.decision);
            if departure.is_last {
                erased.push(id);
            }
        }
        let since = self.state.head.next();
        let profile = gone(person);
        decision.push((Topic::Person(person), vec![Change::ProfileSet { profile }]));
        self.record(Origin::of(person), decision);
        self.left.insert(
            person,
            Left {
                person,
                since,
                erased,
            },
        );
        WriteOutcome::Exists
    }
}
