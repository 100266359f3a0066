//! Who is in which list, as what, and since which row.

use std::collections::BTreeMap;

use domain::{LinkId, ListId, PersonId, Role, Seq};
use sqlx::Row;

use crate::Error;
use crate::database::Connection;
use crate::database::columns::Columns;

/// A list of somebody's with somebody else who is in it, if anybody is.
pub(crate) struct Shared {
    pub(crate) list: ListId,
    pub(crate) name: String,
    pub(crate) owns: bool,
    pub(crate) other: Option<Other>,
}

/// Somebody else in a list.
pub(crate) struct Other {
    pub(crate) person: PersonId,
    pub(crate) role: Role,
    pub(crate) name: String,
}

/// What somebody is in a list.
pub(crate) async fn role(
    connection: &mut Connection,
    person: PersonId,
    list: ListId,
) -> Result<Option<Role>, Error> {
    let row = sqlx::query("select role from members where list_id = $1 and person_id = $2")
        .bind(list.as_bytes().to_vec())
        .bind(person.as_bytes().to_vec())
        .fetch_optional(connection)
        .await?;
    row.map(|row| row.parsed("role", Role::parse)).transpose()
}

/// The row that made somebody a member.
pub(crate) async fn joined(
    connection: &mut Connection,
    person: PersonId,
    list: ListId,
) -> Result<Option<Seq>, Error> {
    let row = sqlx::query("select joined_seq from members where list_id = $1 and person_id = $2")
        .bind(list.as_bytes().to_vec())
        .bind(person.as_bytes().to_vec())
        .fetch_optional(connection)
        .await?;
    row.map(|row| row.seq("joined_seq")).transpose()
}

/// The row that made each member one, of all lists.
pub(crate) async fn all_joined(
    connection: &mut Connection,
) -> Result<BTreeMap<(ListId, PersonId), Seq>, Error> {
    let rows = sqlx::query("select list_id, person_id, joined_seq from members")
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| Ok(((row.id("list_id")?, row.id("person_id")?), row.seq("joined_seq")?)))
        .collect()
}

/// The lists of somebody, by name.
pub(crate) async fn lists_of(
    connection: &mut Connection,
    person: PersonId,
) -> Result<Vec<(ListId, String)>, Error> {
    let rows = sqlx::query(
        "select lists.id, lists.name from members join lists on lists.id = members.list_id
         where members.person_id = $1 order by lists.name",
    )
    .bind(person.as_bytes().to_vec())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok((row.id("id")?, row.text("name")?.to_owned())))
        .collect()
}

/// The lists of somebody, by name, once for each other member: editors first, then by how long they have been in it.
pub(crate) async fn shared(connection: &mut Connection, person: PersonId) -> Result<Vec<Shared>, Error> {
    let rows = sqlx::query(
        "select mine.list_id, lists.name, mine.role = 'owner' as owns, others.person_id, others.role,
         persons.name as other
         from members as mine join lists on lists.id = mine.list_id
         left join members as others on others.list_id = mine.list_id and others.person_id <> mine.person_id
         left join persons on persons.id = others.person_id
         where mine.person_id = $1
         order by lists.name, mine.list_id, others.role = 'viewer', others.joined_seq, others.person_id",
    )
    .bind(person.as_bytes().to_vec())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let other = match row.maybe_id("person_id")? {
                Some(person) => Some(Other {
                    person,
                    role: row.parsed("role", Role::parse)?,
                    name: row.text("other")?.to_owned(),
                }),
                None => None,
            };
            Ok(Shared {
                list: row.id("list_id")?,
                name: row.text("name")?.to_owned(),
                owns: row.try_get("owns")?,
                other,
            })
        })
        .collect()
}

/// The members of a list who came by a link, with that link.
pub(crate) async fn by_links(
    connection: &mut Connection,
    list: ListId,
) -> Result<Vec<(LinkId, PersonId)>, Error> {
    let rows =
        sqlx::query("select link_id, person_id from members where list_id = $1 and link_id is not null")
            .bind(list.as_bytes().to_vec())
            .fetch_all(connection)
            .await?;
    rows.iter()
        .map(|row| Ok((row.id("link_id")?, row.id("person_id")?)))
        .collect()
}
