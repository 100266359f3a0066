//! Who is in lists, where no command of a page says so.

use domain::{Account, Change, Decision, ListId, PersonId, Refusal, Role, Topic, accept_invitation};

use super::batch::Batch;
use super::origin::Origin;
use super::request::WriteOutcome;
use crate::database::pictures::Picture;

impl Batch<'_> {
    /// Shows another picture of somebody, or none any more, and says in all their lists what they are called: as before, but whoever
    /// hears it looks at them again.
    pub(crate) fn show(&mut self, person: PersonId, picture: Option<Picture>) -> WriteOutcome {
        let Some(account) = self.state.accounts.get(&person) else {
            return WriteOutcome::Refused(Refusal::NotFound);
        };
        let profile = account.profile.clone();
        let mine = (
            Topic::Person(person),
            vec![Change::ProfileSet {
                profile: profile.clone(),
            }],
        );
        let renamed = |list: &ListId| {
            let profile = profile.clone();
            (
                Topic::List(*list),
                vec![Change::MemberRenamed { person, profile }],
            )
        };
        let decision = std::iter::once(mine)
            .chain(account.lists.keys().map(renamed))
            .collect();
        self.record(Origin::of(person), decision);
        self.pictures.push((person, picture));
        WriteOutcome::Exists
    }

    /// Lets somebody into a list that they were asked into. What they were asked is done with then.
    pub(crate) fn come(&mut self, person: PersonId, id: ListId) -> WriteOutcome {
        let asked = self.known.invitations.get(&(person, id)).cloned();
        self.state.lists.get_mut(&id); // It counts as used.
        let list = self.state.lists.get(&id);
        let Some(account) = self.state.accounts.get(&person) else {
            return WriteOutcome::Refused(Refusal::NotFound);
        };
        let limit = self.known.limits.of(id, person);
        let invitation = asked.as_ref().and_then(|(invitation, _)| {
            let makers = list.and_then(|list| list.role(invitation.made.by));
            invitation.within(limit, makers)
        });
        match accept_invitation(account, list, invitation.as_ref(), self.at) {
            Ok(decision) => {
                self.tables.invitations.extend(asked.map(|(_, name)| (id, name)));
                self.record(Origin::of(person), decision);
                WriteOutcome::Exists
            }
            Err(refusal) => WriteOutcome::Refused(refusal),
        }
    }

    /// Lets somebody into lists in place of another. In a list that they are in already they have the greater of both roles, as far as an
    /// owner has not said that they are to be less.
    pub(crate) fn bring(&mut self, person: PersonId, from: PersonId, lists: &[ListId]) -> WriteOutcome {
        let accounts = &self.state.accounts;
        let (Some(me), Some(them)) = (accounts.get(&person), accounts.get(&from)) else {
            return WriteOutcome::Refused(Refusal::NotFound);
        };
        let (profile, mine, theirs) = (me.profile.clone(), me.lists.clone(), them.lists.clone());
        let brought = lists.iter().filter_map(|list| Some((*list, *theirs.get(list)?)));
        let limits = &self.known.limits;
        let brought: Vec<(ListId, Option<Role>)> = brought
            .filter(|_| person != from)
            .map(|(list, role)| {
                // Who owns a list says for themselves what they are in it.
                let limit = limits.of(list, person).filter(|_| !role.can_manage());
                let role = limit.map_or(Some(role), |limit| limit.cap(role));
                (list, role.max(mine.get(&list).copied()))
            })
            .collect();
        let is_new = |(list, role): &&(ListId, Option<Role>)| role.is_some() && !mine.contains_key(list);
        if mine.len() + brought.iter().filter(is_new).count() > Account::MOST_LISTS {
            return WriteOutcome::Refused(Refusal::TooManyLists);
        }
        for (list, role) in &brought {
            if role.is_some() && !mine.contains_key(list) {
                self.inherit_limit(*list, person, from);
            }
        }
        let mut decision = Decision::new();
        for (list, role) in brought {
            let joined = role.map(|role| Change::ListJoined { list, role });
            decision.extend(joined.map(|joined| (Topic::Person(person), vec![joined])));
            let member = role.map(|role| Change::MemberJoined {
                person,
                role,
                profile: profile.clone(),
            });
            let of_list = member.into_iter().chain([Change::MemberLeft { person: from }]);
            decision.push((Topic::List(list), of_list.collect()));
            decision.push((Topic::Person(from), vec![Change::ListLeft { list }]));
        }
        let origin = Origin {
            actor: person,
            client: None,
            command_seq: None,
            link: None,
        };
        self.record(origin, decision);
        WriteOutcome::Exists
    }
}
