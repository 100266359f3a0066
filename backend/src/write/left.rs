//! Somebody whose account is deleted, as a transaction has it: what is erased of them at once, and what piece by piece.

use std::collections::BTreeSet;

use domain::{Change, ListId, PersonId, Seq, Timestamp};

use crate::Error;
use crate::database::erase::{Erasure, Kind};
use crate::database::{Connection, DriverError, erase, log};
use crate::departed::without_names;

/// Somebody who leaves in a transaction.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) person: PersonId,
    /// The first row of that.
    pub(crate) since: Seq,
    /// The lists that go.
    pub(crate) erased: Vec<ListId>,
}

/// Erases who somebody was, inside the transaction that takes them out of their lists, and has the rest erased piece by piece. In the
/// lists that go is nobody any more, and what is still there of a link or an invitation works only while its maker is.
pub(crate) async fn erase(
    connection: &mut Connection,
    left: &Left,
    at: Timestamp,
) -> Result<(), DriverError> {
    // Rows of the departure itself are in no list that stays under another name than the new one.
    let until = Seq(left.since.0.saturating_sub(1));
    for list in &left.erased {
        erase::later(connection, Kind::List(*list), left.person, Seq(i64::MAX as u64)).await?;
    }
    erase::later(connection, Kind::Own, left.person, until).await?;
    erase::person(connection, left.person, at).await
}

/// Erases the next piece of what is to go; says whether anything of that erasure is left.
pub(crate) async fn erase_piece(connection: &mut Connection, id: i64) -> Result<bool, Error> {
    let Some(erasure) = erase::find(connection, id).await? else {
        return Ok(false);
    };
    if let Some(last) = erasure.last(connection).await? {
        match erasure.kind {
            Kind::Own => {
                for list in lists_in(&erasure.rows(connection, last).await?) {
                    forget_name(connection, &erasure, list).await?;
                }
                erasure.empty_rows(connection, last).await?;
            }
            Kind::Name(_) => {
                let who = [erasure.person].into();
                for (seq, text) in erasure.rows(connection, last).await? {
                    if let Some(text) = without_names(&text, &who) {
                        log::set_changes(connection, seq, text).await?;
                    }
                }
            }
            Kind::List(_) => erasure.empty_rows(connection, last).await?,
        }
        erasure.go_on(connection, last).await?;
        return Ok(true);
    }
    if let Kind::List(list) = erasure.kind
        && erase::piece_of_list(connection, list).await?
    {
        return Ok(true);
    }
    erasure.done(connection).await?;
    Ok(false)
}

crate::guard! {
    /// Has their name taken out of what the log says of a list that they were ever in.
    async fn forget_name(connection: &mut Connection, left: &Erasure, list: ListId) -> Result<(), DriverError> {
        erase::later(connection, Kind::Name(list), left.person, left.until).await
    }
    KeptName: Ok(())
}

/// The lists that somebody joined, by rows of their own. One that cannot be read says nothing.
fn lists_in(rows: &[(Seq, String)]) -> BTreeSet<ListId> {
    let changes = |text: &String| serde_json::from_str::<Vec<Change>>(text).unwrap_or_default();
    let joined = |change| match change {
        Change::ListJoined { list, .. } => Some(list),
        _ => None,
    };
    rows.iter()
        .flat_map(|(_, text)| changes(text))
        .filter_map(joined)
        .collect()
}
