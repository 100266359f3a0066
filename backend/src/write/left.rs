//! Somebody whose account is deleted, as a transaction has it: what is erased of them, and how they appear from then on.

use std::collections::BTreeSet;

use domain::{Change, ListId, PersonId, PersonName, Profile, Seq, Timestamp, profile};

use crate::database::{Connection, DriverError, erase, log};
use crate::live::frame::json;

/// What they are called from then on who left.
pub const GONE: &str = "Somebody who left";

/// Somebody who leaves in a transaction.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) person: PersonId,
    /// The first row of that.
    pub(crate) since: Seq,
    /// The lists that go.
    pub(crate) erased: Vec<ListId>,
}

/// How they appear from then on.
pub(crate) fn gone(person: PersonId) -> Profile {
    let colour = profile(person).colour;
    let name = PersonName::parse(GONE).unwrap_or_else(|_| PersonName::unknown());
    Profile { name, colour }
}

/// Erases what is to go of somebody, inside the transaction that takes them out of their lists.
pub(crate) async fn erase_all(
    connection: &mut Connection,
    left: &Left,
    at: Timestamp,
) -> Result<(), DriverError> {
    forget_name(connection, left).await?;
    erase::lists(connection, &left.erased).await?;
    erase::person(connection, left.person, left.since, at).await
}

crate::guard! {
    /// Takes their name out of what the log says of the lists that they were ever in.
    async fn forget_name(connection: &mut Connection, left: &Left) -> Result<(), DriverError> {
        let own = log::changes_of(connection, left.person).await?;
        let lists: BTreeSet<ListId> = own
            .iter()
            .flat_map(|text| changes(text))
            .filter_map(|change| match change {
                Change::ListJoined { list, .. } => Some(list),
                _ => None,
            })
            .collect();
        for list in lists.difference(&left.erased.iter().copied().collect()) {
            for (seq, text) in log::changes_naming(connection, *list, left.person).await? {
                let before = changes(&text);
                let mut after = before.clone();
                after.iter_mut().for_each(|change| nameless(change, left.person));
                if after != before {
                    let text = String::from_utf8(json(&after)).unwrap_or_default();
                    log::set_changes(connection, seq, text).await?;
                }
            }
        }
        Ok(())
    }
    KeptName: Ok(())
}

/// What a row says; of one that cannot be read nothing, and it stays as it is.
fn changes(text: &str) -> Vec<Change> {
    serde_json::from_str(text).unwrap_or_default()
}

fn nameless(change: &mut Change, who: PersonId) {
    if let Change::MemberJoined { person, profile, .. } | Change::MemberRenamed { person, profile } = change
        && *person == who
    {
        *profile = gone(who);
    }
}
