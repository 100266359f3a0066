//! Deciding who is in a list and how others get in, in the same transaction as everything else.

use domain::{LinkChange, LinkId, ListId, NotShared, PersonId, Refusal, Role, Seq, Sharing, decide_sharing};

use super::batch::Batch;
use super::links::PIECE;
use super::origin::Origin;
use super::request::AskedSharing;
use crate::admin::audit::Entry;

impl Batch<'_> {
    /// Decides what is asked and makes it true in memory. Who was taken out.
    pub(crate) fn share(
        &mut self,
        person: PersonId,
        asked: &AskedSharing,
    ) -> Result<Vec<PersonId>, NotShared> {
        self.state.lists.get_mut(&asked.list); // It counts as used.
        let list = self.state.lists.get(&asked.list);
        let account = self.state.accounts.get(&person).ok_or(Refusal::NotFound)?;
        let links = &self.known.links;
        let mut came = links.came_by(asked.command.link());
        let role = |person: &PersonId| list.and_then(|list| list.role(*person));
        came.retain(|person| role(person).is_some_and(|role| !role.can_manage()));
        came.truncate(PIECE);
        let facts = links.facts(asked.list, asked.command.link(), &came, self.at);
        let shared = decide_sharing(&asked.command, account, list, facts)?;
        // Who is made a viewer does not take more back by the link that they came by. No link gives more than an editor has.
        if let Sharing::SetRole {
            person,
            role: Role::Viewer,
        } = asked.command
            && !shared.decision.is_empty()
        {
            self.known.links.lower(asked.list, person);
            self.tables.links_lowered.push((asked.list, person));
        }
        if let Some(change) = shared.link {
            self.audit.push(Entry::of_link(person, asked.list, &change));
            let secret = asked.secret.filter(|_| matches!(change, LinkChange::Made(_)));
            let link = self.known.links.change(change, self.at);
            if let Some(link) = link {
                self.tables.link(link, secret);
            }
        }
        self.record(Origin::of(person), shared.decision);
        Ok(shared.removed)
    }

    /// A person is in a list, or has another role there; new since `joined`, by that link.
    pub(crate) fn joined(
        &mut self,
        list: ListId,
        person: PersonId,
        role: Role,
        joined: Option<Seq>,
        by: Option<LinkId>,
    ) {
        self.tables.join(list, person, role, joined, by);
        if joined.is_some() || by.is_some() {
            self.known.links.moved(list, person, by);
        }
        if let Some(by) = by
            && let Some(link) = self.known.links.let_in(by, person)
        {
            self.tables.link(link, None);
            self.tables.link_uses.push((by, person));
        }
    }

    /// A person is in a list no more.
    pub(crate) fn left(&mut self, list: ListId, person: PersonId) {
        self.tables.leave(list, person);
        self.known.links.moved(list, person, None);
    }
}
