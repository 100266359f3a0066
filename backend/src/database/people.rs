//! Reading people: their accounts, and the headings of their lists.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use domain::wire::Heading;
use domain::{
    Account, Colour, Guest, ListId, ListName, LiteMap, PersonId, PersonName, Profile, Role, Seq, Version,
};
use sqlx::sqlite::SqliteRow;

use crate::database::Connection;
use crate::database::columns::{Columns, id_array};
use crate::{Error, Visitor};

/// A person as of now: what the first word of a stream says, and what a replay must know.
pub(crate) struct Standing {
    pub(crate) account: Account,
    pub(crate) lists: LiteMap<ListId, Heading>,
    /// The row that made the person a member of each list.
    pub(crate) joined: BTreeMap<ListId, Seq>,
}

/// The accounts of those who have one.
pub(crate) async fn accounts(
    connection: &mut Connection,
    persons: impl IntoIterator<Item = PersonId>,
) -> Result<BTreeMap<PersonId, Account>, Error> {
    let ids = id_array(persons);
    let rows = sqlx::query(
        "select id, name, colour, version from persons where id in (select unhex(value) from json_each($1))",
    )
    .bind(ids.clone())
    .fetch_all(&mut *connection)
    .await?;
    let mut accounts = BTreeMap::new();
    for row in rows {
        let (person, profile, version) = (row.id("id")?, profile(&row)?, row.version("version")?);
        accounts.insert(
            person,
            Account {
                person,
                version,
                profile,
                lists: LiteMap::new(),
            },
        );
    }
    let rows = sqlx::query(
        "select person_id, list_id, role from members
         where person_id in (select unhex(value) from json_each($1))",
    )
    .bind(ids)
    .fetch_all(connection)
    .await?;
    for row in rows {
        if let Some(account) = accounts.get_mut(&row.id("person_id")?) {
            account
                .lists
                .insert(row.id("list_id")?, row.parsed("role", Role::parse)?);
        }
    }
    Ok(accounts)
}

/// Who the visitor is and what lists they have; as they will be shown, if nothing of them is written yet.
pub(crate) async fn standing(connection: &mut Connection, visitor: &Visitor) -> Result<Standing, Error> {
    let person = visitor.person();
    let row = sqlx::query("select name, colour, version from persons where id = $1")
        .bind(person.as_bytes().to_vec())
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = row else {
        let guest = visitor
            .guest()
            .ok_or_else(|| Error::Corrupt(format!("nobody is {person}")))?;
        return Ok(unwritten(guest));
    };
    let (profile, version) = (profile(&row)?, row.version("version")?);
    let rows = sqlx::query(
        "select members.list_id, members.role, members.joined_seq, lists.name, lists.version, lists.open
         from members join lists on lists.id = members.list_id
         where members.person_id = $1",
    )
    .bind(person.as_bytes().to_vec())
    .fetch_all(connection)
    .await?;
    let account = Account {
        person,
        version,
        profile,
        lists: LiteMap::new(),
    };
    let mut standing = Standing {
        account,
        lists: LiteMap::new(),
        joined: BTreeMap::new(),
    };
    for row in rows {
        let (list, role) = (row.id("list_id")?, row.parsed("role", Role::parse)?);
        let heading = Heading {
            name: row.parsed("name", |name| ListName::parse(name).ok())?,
            role,
            version: row.version("version")?,
            open: u32::try_from(row.count("open")?).unwrap_or(u32::MAX),
        };
        standing.account.lists.insert(list, role);
        standing.lists.insert(list, heading);
        standing.joined.insert(list, row.seq("joined_seq")?);
    }
    Ok(standing)
}

fn unwritten(guest: &Guest) -> Standing {
    let list = guest.first_list();
    let heading = Heading {
        name: list.name.clone(),
        role: Role::Owner,
        version: Version::ZERO,
        open: u32::try_from(list.count_open()).unwrap_or(u32::MAX),
    };
    Standing {
        account: guest.account(),
        lists: [(list.id, heading)].into_iter().collect(),
        joined: [(list.id, Seq::ZERO)].into(),
    }
}

/// The profile in a row of `persons`.
pub(crate) fn profile(row: &SqliteRow) -> Result<Profile, Error> {
    let colour = u8::try_from(row.count("colour")?).ok().and_then(Colour::parse);
    Ok(Profile {
        name: row.parsed("name", |name| PersonName::parse(name).ok())?,
        colour: colour.ok_or_else(|| Error::Corrupt("a colour that is none".to_owned()))?,
    })
}

/// Whether anything of somebody is on disk.
pub(crate) async fn is_there(connection: &mut Connection, person: PersonId) -> Result<bool, Error> {
    let row = sqlx::query("select 1 from persons where id = $1")
        .bind(person.as_bytes().to_vec())
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// Everyone who has written anything.
pub(crate) async fn everyone(connection: &mut Connection) -> Result<HashSet<PersonId>, Error> {
    let rows = sqlx::query("select id from persons")
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| row.id("id")).collect()
}

/// The lists of each of those of whom anything is on disk.
pub(crate) async fn lists(
    connection: &mut Connection,
    people: &[PersonId],
) -> Result<BTreeMap<PersonId, BTreeSet<ListId>>, Error> {
    let rows = sqlx::query(
        "select persons.id as person_id, members.list_id
         from persons left join members on members.person_id = persons.id
         where persons.id in (select unhex(value) from json_each($1))",
    )
    .bind(id_array(people.iter().copied()))
    .fetch_all(connection)
    .await?;
    let mut found: BTreeMap<PersonId, BTreeSet<ListId>> = BTreeMap::new();
    for row in rows {
        let lists = found.entry(row.id("person_id")?).or_default();
        lists.extend(row.maybe_id::<ListId>("list_id")?);
    }
    Ok(found)
}
