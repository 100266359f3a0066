//! The view computed from scratch: every pending command on top of the confirmed state.

use std::collections::BTreeMap;

use domain::sync::{Client, Protocol};
use domain::{Account, AccountCommand, Attribution, Command, Facts, List, ListId, Topic, Version, decide};

/// The view that the person should see.
pub(super) struct Folded {
    pub(super) account: Account,
    pub(super) lists: BTreeMap<ListId, Option<List>>,
}

pub(super) fn fold<S: Protocol>(client: &Client<S>) -> Folded {
    let mut account = client.confirmed_account().clone();
    let mut lists = client.bases();
    for pending in client.pending() {
        let command = &pending.command;
        if matches!(command, Command::Account(AccountCommand::Join { .. })) {
            continue;
        }
        let known = command.list().and_then(|id| lists.get(&id));
        if known.is_some_and(Option::is_none) {
            continue;
        }
        let exists = |list: &&List| list.version > Version::ZERO || !list.members.is_empty();
        let list = known.and_then(Option::as_ref).filter(exists);
        let facts = Facts {
            at: pending.asked,
            id_taken: false,
        };
        let Ok(decision) = decide(command, &account, list, facts) else {
            continue;
        };
        let stamp = Attribution {
            by: account.person,
            at: pending.asked,
        };
        for (topic, changes) in decision {
            match topic {
                Topic::Person(person) if person == account.person => {
                    changes.iter().for_each(|change| account.apply(change));
                }
                Topic::Person(_) => {}
                Topic::List(id) => {
                    if let Some(Some(list)) = lists.get_mut(&id) {
                        changes.iter().for_each(|change| list.apply(stamp, change));
                    }
                }
            }
        }
    }
    lists.retain(|id, _| account.lists.contains_key(id));
    Folded { account, lists }
}
