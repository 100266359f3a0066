//! Somebody whose account is deleted, as a transaction has it: what is erased of them, and how they appear from then on.

use domain::{Change, ListId, PersonId, PersonName, Profile, Seq, Timestamp, profile};

use crate::Error;
use crate::database::erase::{Erasure, Kind};
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

/// Erases who somebody was, inside the transaction that takes them out of their lists, and has the rest erased piece by piece.
pub(crate) async fn erase(
    connection: &mut Connection,
    left: &Left,
    at: Timestamp,
) -> Result<(), DriverError> {
    erase::ways_in(connection, &left.erased).await?;
    // Rows of the departure itself are in no list that stays under another name than the new one.
    let until = Seq(left.since.0.saturating_sub(1));
    for list in &left.erased {
        erase::later(connection, Kind::List(*list), left.person, Seq(i64::MAX as u64)).await?;
    }
    erase::later(connection, Kind::Own, left.person, until).await?;
    erase::person(connection, left.person, at).await
}

/// Erases the next piece of what is to go of those who left; says whether there was any.
pub(crate) async fn erase_piece(connection: &mut Connection) -> Result<bool, Error> {
    let Some(erasure) = erase::next(connection).await? else {
        return Ok(false);
    };
    let is_done = match erasure.kind {
        Kind::Own => {
            for (_, text) in erasure.rows(connection).await? {
                for change in changes(&text) {
                    if let Change::ListJoined { list, .. } = change {
                        forget_name(connection, &erasure, list).await?;
                    }
                }
            }
            erasure.empty_rows(connection).await?;
            !erasure.go_on(connection).await?
        }
        Kind::Name(_) => {
            for (seq, text) in erasure.rows(connection).await? {
                let before = changes(&text);
                let mut after = before.clone();
                after
                    .iter_mut()
                    .for_each(|change| nameless(change, erasure.person));
                if after != before {
                    let text = String::from_utf8(json(&after)).unwrap_or_default();
                    log::set_changes(connection, seq, text).await?;
                }
            }
            !erasure.go_on(connection).await?
        }
        Kind::List(list) => {
            erasure.empty_rows(connection).await?;
            let more = erasure.go_on(connection).await?;
            let is_empty = !erase::some_tasks(connection, list).await? && !more;
            if is_empty {
                erase::list(connection, list).await?;
            }
            is_empty
        }
    };
    if is_done {
        erasure.done(connection).await?;
    }
    Ok(true)
}

crate::guard! {
    /// Has their name taken out of what the log says of a list that they were ever in.
    async fn forget_name(connection: &mut Connection, left: &Erasure, list: ListId) -> Result<(), DriverError> {
        erase::later(connection, Kind::Name(list), left.person, left.until).await
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
