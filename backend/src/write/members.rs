//! Who is in lists, where no command of a page says so.

use domain::{Account, Change, ListId, PersonId, Refusal, Role, Topic, accept_invitation};

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
        let invitation = asked.as_ref().map(|(invitation, _)| invitation);
        match accept_invitation(account, list, invitation, self.at) {
            Ok(decision) => {
                self.tables.invitations.extend(asked.map(|(_, name)| (id, name)));
                self.record(Origin::of(person), decision);
                WriteOutcome::Exists
            }
            Err(refusal) => WriteOutcome::Refused(refusal),
        }
    }

    /// Lets somebody into lists in place of another. In a list that they are in already they have the greater of both roles.
    pub(crate) fn bring(&mut self, person: PersonId, from: PersonId, lists: &[ListId]) -> WriteOutcome {
        let accounts = &self.state.accounts;
        let (Some(me), Some(them)) = (accounts.get(&person), accounts.get(&from)) else {
            return WriteOutcome::Refused(Refusal::NotFound);
        };
        let (profile, mine, theirs) = (me.profile.clone(), me.lists.clone(), them.lists.clone());
        let brought = lists.iter().filter_map(|list| Some((*list, *theirs.get(list)?)));
        let brought: Vec<(ListId, Role)> = brought.filter(|_| person != from).collect();
        let new = brought
            .iter()
            .filter(|(list, _)| !mine.contains_key(list))
            .count();
        if mine.len() + new > Account::MOST_LISTS {
            return WriteOutcome::Refused(Refusal::TooManyLists);
        }
        let decision = brought.into_iter().flat_map(|(list, role)| {
            let role = mine.get(&list).map_or(role, |mine| role.max(*mine));
            let (joined, left) = (Change::ListJoined { list, role }, Change::ListLeft { list });
            let profile = profile.clone();
            let of_list = vec![
                Change::MemberJoined {
                    person,
                    role,
                    profile,
                },
                Change::MemberLeft { person: from },
            ];
            [
                (Topic::Person(person), vec![joined]),
                (Topic::List(list), of_list),
                (Topic::Person(from), vec![left]),
            ]
        });
        let origin = Origin {
            actor: person,
            client: None,
            command_seq: None,
            link: None,
        };
        self.record(origin, decision.collect());
        WriteOutcome::Exists
    }
}
