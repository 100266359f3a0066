//! Whether the tables agree with themselves.

use crate::Error;
use crate::database::Connection;
use crate::database::columns::Columns;

/// What SQLite finds wrong, a sentence each.
pub(crate) async fn by_sqlite(connection: &mut Connection) -> Result<Vec<String>, Error> {
    let mut wrong = Vec::new();
    for row in sqlx::query("select integrity_check as said from pragma_integrity_check")
        .fetch_all(&mut *connection)
        .await?
    {
        let said = row.text("said")?;
        if said != "ok" {
            wrong.push(said.to_owned());
        }
    }
    for row in sqlx::query("select \"table\" as said from pragma_foreign_key_check")
        .fetch_all(connection)
        .await?
    {
        wrong.push(format!(
            "a row of {} refers to one that is not there",
            row.text("said")?
        ));
    }
    Ok(wrong)
}

/// Links are not in the log, but they must agree with themselves.
pub(crate) async fn of_links(connection: &mut Connection) -> Result<Vec<String>, Error> {
    let rows = sqlx::query(
        "select 'a link has let in another number of people than it says' as said from links
         where uses <> (select count(*) from link_uses where link_id = links.id)
             and not exists (select 1 from erasures where erasures.list_id = links.list_id and erasures.kind = 'list')
         union all
         select 'a member came by a link that did not let them in' from members
         where link_id is not null and not exists
         (select 1 from link_uses join links on links.id = link_uses.link_id
          where links.id = members.link_id and links.list_id = members.list_id
          and link_uses.person_id = members.person_id)",
    )
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok(row.text("said")?.to_owned())).collect()
}
