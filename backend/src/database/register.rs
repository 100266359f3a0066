//! The exactly-once register: how far each page load has been answered, and what was refused.

use std::collections::{BTreeMap, HashMap};

use domain::{ClientId, CommandSeq, PersonId, Refusal};

use crate::Error;
use crate::database::Connection;
use crate::database::columns::{Columns, JsonRows, id_array};

/// Whose each of those clients is, and how far it has been answered.
pub(crate) async fn clients(
    connection: &mut Connection,
    ids: impl IntoIterator<Item = ClientId>,
) -> Result<Vec<(ClientId, PersonId, CommandSeq)>, Error> {
    let rows = sqlx::query(
        "select id, person_id, last_command_seq from clients where id in (select unhex(value) from json_each($1))",
    )
    .bind(id_array(ids))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let last = CommandSeq(row.count("last_command_seq")?);
            Ok((row.id("id")?, row.id("person_id")?, last))
        })
        .collect()
}

/// How far each client has been answered.
pub(crate) async fn all(connection: &mut Connection) -> Result<BTreeMap<ClientId, CommandSeq>, Error> {
    let rows = sqlx::query("select id, last_command_seq from clients")
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| Ok((row.id("id")?, CommandSeq(row.count("last_command_seq")?))))
        .collect()
}

/// What was refused, of those commands.
pub(crate) async fn refusals(
    connection: &mut Connection,
    commands: impl IntoIterator<Item = (ClientId, CommandSeq)>,
) -> Result<HashMap<(ClientId, CommandSeq), Refusal>, Error> {
    let mut asked = JsonRows::default();
    for (client, command_seq) in commands {
        asked.row().id(&client).count(command_seq.0);
    }
    let rows = sqlx::query(
        "select client, command_seq, code from refusals
         where (client, command_seq) in (select unhex(value ->> 0), value ->> 1 from json_each($1))",
    )
    .bind(asked.finish())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            // A code of a later version is still a refusal.
            let refusal = Refusal::parse(row.text("code")?).unwrap_or(Refusal::Malformed);
            Ok((
                (row.id("client")?, CommandSeq(row.count("command_seq")?)),
                refusal,
            ))
        })
        .collect()
}
