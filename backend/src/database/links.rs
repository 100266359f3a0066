//! Share links and who came by them.

use std::collections::BTreeSet;

use domain::{Attribution, Link, LinkId, ListId, PersonId, Role, Timestamp};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::Error;
use crate::database::Connection;
use crate::database::columns::{Columns, JsonRows, hex_array, id_array, number};

/// The links of a list, all or those that somebody made, the newest first.
pub(crate) async fn of_list(
    connection: &mut Connection,
    list: ListId,
    person: PersonId,
    all: bool,
    most: i64,
) -> Result<Vec<Link>, Error> {
    let rows = sqlx::query(
        "select id, list_id, role, made_by, made_at, expires_at, most_uses, uses, revoked_at from links
         where list_id = $1 and ($2 or made_by = $3) order by made_at desc, id desc limit $4",
    )
    .bind(list.as_bytes().to_vec())
    .bind(all)
    .bind(person.as_bytes().to_vec())
    .bind(most)
    .fetch_all(connection)
    .await?;
    rows.iter().map(link).collect()
}

/// The links with those ids or hashes of secrets, each with its hash.
pub(crate) async fn find(
    connection: &mut Connection,
    secrets: &BTreeSet<[u8; 32]>,
    ids: &BTreeSet<LinkId>,
) -> Result<Vec<(Link, Option<[u8; 32]>)>, Error> {
    let rows = sqlx::query(
        "select id, list_id, role, secret, made_by, made_at, expires_at, most_uses, uses, revoked_at from links
         where secret in (select unhex(value) from json_each($1))
         or id in (select unhex(value) from json_each($2))",
    )
    .bind(hex_array(secrets.iter().map(|secret| secret.as_slice())))
    .bind(id_array(ids.iter().copied()))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let secret: &[u8] = row.try_get("secret")?;
            Ok((link(row)?, secret.try_into().ok()))
        })
        .collect()
}

/// Which of those were let in by which link before.
pub(crate) async fn uses(
    connection: &mut Connection,
    asked: impl IntoIterator<Item = (LinkId, PersonId)>,
) -> Result<Vec<(LinkId, PersonId, bool)>, Error> {
    let mut rows = JsonRows::default();
    for (link, person) in asked {
        rows.row().id(&link).id(&person);
    }
    let rows = sqlx::query(
        "select link_id, person_id, lowered_at from link_uses
         where (link_id, person_id) in (select unhex(value ->> 0), unhex(value ->> 1) from json_each($1))",
    )
    .bind(rows.finish())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let is_lowered = row.maybe_count("lowered_at")?.is_some();
            Ok((row.id("link_id")?, row.id("person_id")?, is_lowered))
        })
        .collect()
}

/// Members who came by a link and own nothing, so many of them at the most.
pub(crate) async fn came(
    connection: &mut Connection,
    link: LinkId,
    most: usize,
) -> Result<Vec<PersonId>, Error> {
    let rows = sqlx::query(
        "select members.person_id from links
         join members on members.list_id = links.list_id and members.link_id = links.id
         where links.id = $1 and members.role <> 'owner' limit $2",
    )
    .bind(link.as_bytes().to_vec())
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| row.id("person_id")).collect()
}

/// How many links of each list let anybody in.
pub(crate) async fn count(
    connection: &mut Connection,
    lists: BTreeSet<ListId>,
    now: Timestamp,
) -> Result<Vec<(ListId, usize)>, Error> {
    let rows = sqlx::query(
        "select list_id, count(*) as count from links
         where list_id in (select unhex(value) from json_each($1)) and revoked_at is null
         and (expires_at is null or expires_at > $2) and (most_uses is null or uses < most_uses)
         group by list_id",
    )
    .bind(id_array(lists))
    .bind(number(now.0))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let count = usize::try_from(row.count("count")?).unwrap_or(usize::MAX);
            Ok((row.id("list_id")?, count))
        })
        .collect()
}

/// The link in a row of `links`.
fn link(row: &SqliteRow) -> Result<Link, Error> {
    let at = |column| Ok::<_, Error>(row.maybe_count(column)?.map(Timestamp));
    let made = Attribution {
        by: row.id("made_by")?,
        at: Timestamp(row.count("made_at")?),
    };
    let small = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let most_uses = row.maybe_count("most_uses")?.map(small);
    let role = row.parsed("role", Role::parse)?;
    let mut link = Link::new(
        row.id("id")?,
        row.id("list_id")?,
        role,
        made,
        at("expires_at")?,
        most_uses,
    );
    link.uses = small(row.count("uses")?);
    link.revoked = at("revoked_at")?;
    Ok(link)
}
