//! Deciding who is in a list and how others get in, in the same transaction as everything else.

use domain::{
    Command, Decision, LinkChange, LinkId, ListCommand, ListId, NotShared, PersonId, Refusal, Role,
    RoleLimit, Seq, Sharing, decide_sharing,
};

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
        let before = asked.command.person().and_then(|person| role(&person));
        let facts = links.facts(asked.list, asked.command.link(), &came, self.at);
        let shared = decide_sharing(&asked.command, account, list, facts)?;
        // Who is made less does not take more back by a link, or by an invitation from before.
        if let Sharing::SetRole { person, role } = asked.command
            && !shared.decision.is_empty()
            && before > Some(role)
        {
            self.limit_role(asked.list, person, Some(role));
        }
        for person in &shared.removed {
            self.limit_role(asked.list, *person, None);
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

    /// Who is taken out by somebody else, who is an owner then, does not come back by a link.
    pub(crate) fn removed_by_owner(&mut self, by: PersonId, command: Option<&Command>, decision: &Decision) {
        if let Some(Command::List(list, ListCommand::RemoveMember { person })) = command
            && *person != by
            && !decision.is_empty()
        {
            self.limit_role(*list, *person, None);
        }
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
        self.lift_limit(list, person, role);
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

    /// An owner makes that of somebody, or takes them out: nobody else makes more of them from now on.
    pub(crate) fn limit_role(&mut self, list: ListId, person: PersonId, role: Option<Role>) {
        let since = self.at;
        self.set_limit(list, person, Some(RoleLimit { role, since }));
    }

    /// Somebody has that role in a list now: what is left of a limit that they had.
    pub(crate) fn lift_limit(&mut self, list: ListId, person: PersonId, role: Role) {
        if let Some(limit) = self.known.limits.of(list, person) {
            let left = limit.after(role);
            if left != Some(limit) {
                self.set_limit(list, person, left);
            }
        }
    }

    /// Somebody is in a list in place of another, who is they as well: what was said of the one holds for the other.
    pub(crate) fn inherit_limit(&mut self, list: ListId, person: PersonId, from: PersonId) {
        let limits = &self.known.limits;
        let (mine, theirs) = (limits.of(list, person), limits.of(list, from));
        let lesser = |limit: &RoleLimit| mine.is_none_or(|mine| limit.role < mine.role);
        if let Some(limit) = theirs.filter(lesser) {
            self.set_limit(list, person, Some(limit));
        }
    }

    fn set_limit(&mut self, list: ListId, person: PersonId, limit: Option<RoleLimit>) {
        self.known.limits.set(list, person, limit);
        self.tables.role_limits.insert((list, person), limit);
    }
}
