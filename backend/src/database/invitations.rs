//! Invitations into lists, by the name of an account.

use domain::{Attribution, Invitation, ListId, PersonId, PersonName, Role, RoleLimit, Timestamp};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::database::Connection;
use crate::database::columns::{Columns, number};
use crate::{AccountName, Error};

/// One of a list, with the name that it was said to and what the one who asked is there now.
pub(crate) struct OfList {
    pub(crate) name: String,
    pub(crate) invitation: Invitation,
    pub(crate) makers: Role,
}

/// One of somebody, with the list, who asked, and what both are there now.
pub(crate) struct OfPerson {
    pub(crate) invitation: Invitation,
    pub(crate) makers: Role,
    pub(crate) mine: Option<Role>,
    pub(crate) limit: Option<RoleLimit>,
    pub(crate) list_name: String,
    pub(crate) by: PersonName,
}

/// Those to a list whose maker is still in it: for an owner all, for others their own. The newest first.
pub(crate) async fn of_list(
    connection: &mut Connection,
    person: PersonId,
    list: ListId,
) -> Result<Vec<OfList>, Error> {
    let rows = sqlx::query(
        "select invitations.name, invitations.list_id, invitations.role, invitations.made_by, invitations.made_at,
             makers.role as makers
         from list_invitations as invitations
         join members as mine on mine.list_id = invitations.list_id and mine.person_id = $2
         join members as makers on makers.list_id = invitations.list_id and makers.person_id = invitations.made_by
         where invitations.list_id = $1 and (mine.role = 'owner' or invitations.made_by = $2)
         order by invitations.made_at desc, invitations.name_key",
    )
    .bind(list.as_bytes().to_vec())
    .bind(person.as_bytes().to_vec())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(OfList {
                name: row.text("name")?.to_owned(),
                invitation: read(row)?,
                makers: row.parsed("makers", Role::parse)?,
            })
        })
        .collect()
}

/// What somebody is asked to and has not declined, if it was asked since they have their name. The newest first.
pub(crate) async fn of_person(connection: &mut Connection, person: PersonId) -> Result<Vec<OfPerson>, Error> {
    let rows = sqlx::query(
        "select invitations.list_id, invitations.role, invitations.made_by, invitations.made_at, lists.name as list_name,
             makers.role as makers, persons.name as by_name, mine.role as mine, limits.role as most, limits.set_at as limited_at
         from accounts
         join list_invitations as invitations on invitations.name_key = accounts.name_key and invitations.made_at >= accounts.made_at
         join lists on lists.id = invitations.list_id
         join members as makers on makers.list_id = invitations.list_id and makers.person_id = invitations.made_by
         join persons on persons.id = invitations.made_by
         left join members as mine on mine.list_id = invitations.list_id and mine.person_id = accounts.person_id
         left join role_limits as limits on limits.list_id = invitations.list_id and limits.person_id = accounts.person_id
         where accounts.person_id = $1 and invitations.declined_at is null and not exists
             (select 1 from invitation_mutes as mutes
              where mutes.person_id = accounts.person_id and (mutes.muted = invitations.made_by or mutes.muted = zeroblob(16)
                  and not exists (select 1 from accounts as known where known.person_id = invitations.made_by)))
         order by invitations.made_at desc, invitations.list_id",
    )
    .bind(person.as_bytes().to_vec())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let role = |column| Ok::<Option<String>, Error>(row.try_get(column)?);
            let role = |column| Ok::<_, Error>(role(column)?.as_deref().and_then(Role::parse));
            let (mine, most) = (role("mine")?, role("most")?);
            Ok(OfPerson {
                invitation: read(row)?,
                makers: row.parsed("makers", Role::parse)?,
                mine,
                limit: row.maybe_count("limited_at")?.map(|since| RoleLimit {
                    role: most,
                    since: Timestamp(since),
                }),
                list_name: row.text("list_name")?.to_owned(),
                by: row.parsed("by_name", |name| PersonName::parse(name).ok())?,
            })
        })
        .collect()
}

/// The invitation of that person to that list, for the writer: it decides what it is worth.
pub(crate) async fn to_accept(
    connection: &mut Connection,
    person: PersonId,
    list: ListId,
) -> Result<Option<(Invitation, String)>, Error> {
    let row = sqlx::query(
        "select invitations.list_id, invitations.role, invitations.made_by, invitations.made_at, invitations.name_key
         from accounts
         join list_invitations as invitations on invitations.name_key = accounts.name_key and invitations.made_at >= accounts.made_at
         where accounts.person_id = $1 and invitations.list_id = $2 and invitations.declined_at is null",
    )
    .bind(person.as_bytes().to_vec())
    .bind(list.as_bytes().to_vec())
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok((read(&row)?, row.text("name_key")?.to_owned())))
        .transpose()
}

fn read(row: &SqliteRow) -> Result<Invitation, Error> {
    Ok(Invitation {
        list: row.id("list_id")?,
        role: row.parsed("role", Role::parse)?,
        made: Attribution {
            by: row.id("made_by")?,
            at: row.count("made_at").map(Timestamp)?,
        },
    })
}

/// Drops those to a list that were made up to then.
pub(crate) async fn drop_until(
    connection: &mut Connection,
    list: ListId,
    until: Timestamp,
) -> Result<(), Error> {
    sqlx::query("delete from list_invitations where list_id = $1 and made_at <= $2")
        .bind(list.as_bytes().to_vec())
        .bind(number(until.0))
        .execute(connection)
        .await?;
    Ok(())
}

/// How many there are to a list but for that name.
pub(crate) async fn count_others(
    connection: &mut Connection,
    list: ListId,
    name: &AccountName,
) -> Result<u64, Error> {
    sqlx::query(
        "select count(*) as count from list_invitations as invitations where list_id = $1 and name_key <> $2",
    )
    .bind(list.as_bytes().to_vec())
    .bind(name.key().to_owned())
    .fetch_one(connection)
    .await?
    .count("count")
}

/// Writes an invitation. One that is there and was made by somebody else, who may still ask, gives way only where `overrules`.
pub(crate) async fn put(
    connection: &mut Connection,
    invitation: &Invitation,
    name: &AccountName,
    overrules: bool,
) -> Result<(), Error> {
    sqlx::query(
        "insert into list_invitations (list_id, name_key, name, role, made_by, made_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (list_id, name_key) do update
         set name = excluded.name, role = excluded.role, made_by = excluded.made_by, made_at = excluded.made_at
         where $7 or made_by = excluded.made_by or not exists
             (select 1 from members
              where list_id = excluded.list_id and person_id = list_invitations.made_by and role <> 'viewer')",
    )
    .bind(invitation.list.as_bytes().to_vec())
    .bind(name.key().to_owned())
    .bind(name.as_str().to_owned())
    .bind(invitation.role.as_str())
    .bind(invitation.made.by.as_bytes().to_vec())
    .bind(number(invitation.made.at.0))
    .bind(overrules)
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes one back: one's own, or anyone's.
pub(crate) async fn remove(
    connection: &mut Connection,
    person: PersonId,
    list: ListId,
    name: &AccountName,
    anyones: bool,
) -> Result<(), Error> {
    sqlx::query("delete from list_invitations where list_id = $1 and name_key = $2 and ($3 or made_by = $4)")
        .bind(list.as_bytes().to_vec())
        .bind(name.key().to_owned())
        .bind(anyones)
        .bind(person.as_bytes().to_vec())
        .execute(connection)
        .await?;
    Ok(())
}

/// Who asked somebody into a list, whether or not they have declined; nobody, if it was asked before they had their name.
pub(crate) async fn maker(
    connection: &mut Connection,
    person: PersonId,
    list: ListId,
) -> Result<Option<PersonId>, Error> {
    let row = sqlx::query(
        "select invitations.made_by from accounts
         join list_invitations as invitations on invitations.name_key = accounts.name_key and invitations.made_at >= accounts.made_at
         where accounts.person_id = $1 and invitations.list_id = $2",
    )
    .bind(person.as_bytes().to_vec())
    .bind(list.as_bytes().to_vec())
    .fetch_optional(connection)
    .await?;
    row.map(|row| row.id("made_by")).transpose()
}

/// Notes that somebody wants to see no invitations of that person; of no guest, if that is one.
pub(crate) async fn mute(
    connection: &mut Connection,
    person: PersonId,
    maker: PersonId,
) -> Result<(), Error> {
    sqlx::query(
        "insert into invitation_mutes (person_id, muted)
         values ($1, iif(exists (select 1 from accounts where person_id = $2), $2, zeroblob(16)))
         on conflict do nothing",
    )
    .bind(person.as_bytes().to_vec())
    .bind(maker.as_bytes().to_vec())
    .execute(connection)
    .await?;
    Ok(())
}

/// Somebody wants to see all of them again.
pub(crate) async fn unmute(connection: &mut Connection, person: PersonId) -> Result<(), Error> {
    sqlx::query("delete from invitation_mutes where person_id = $1")
        .bind(person.as_bytes().to_vec())
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether somebody sees not all of them.
pub(crate) async fn has_muted(connection: &mut Connection, person: PersonId) -> Result<bool, Error> {
    let row = sqlx::query("select 1 from invitation_mutes where person_id = $1 limit 1")
        .bind(person.as_bytes().to_vec())
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// Notes that somebody declines what they are asked to.
pub(crate) async fn decline(
    connection: &mut Connection,
    person: PersonId,
    list: ListId,
    now: Timestamp,
) -> Result<(), Error> {
    sqlx::query(
        "update list_invitations set declined_at = $3
         where list_id = $1 and name_key = (select name_key from accounts where person_id = $2)
         and made_at >= (select made_at from accounts where person_id = $2)",
    )
    .bind(list.as_bytes().to_vec())
    .bind(person.as_bytes().to_vec())
    .bind(number(now.0))
    .execute(connection)
    .await?;
    Ok(())
}
