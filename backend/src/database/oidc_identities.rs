//! By which identities of a provider accounts are signed in to.

use domain::{ListId, PersonId, Timestamp};

use crate::Error;
use crate::database::Connection;
use crate::database::accounts::{CredentialsVersion, credentials_of};
use crate::database::columns::{Columns, number};

/// Who somebody is to a provider.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OidcIdentity {
    /// The provider.
    pub issuer: String,
    /// What it calls them for ever.
    pub subject: String,
    /// What it calls them now: from it a new account has its name.
    pub name: String,
    /// Whether it says that they run this server.
    pub is_operator: bool,
}

/// The account that an identity belongs to.
pub(crate) struct Owner {
    pub(crate) person: PersonId,
    pub(crate) first_list: ListId,
    pub(crate) is_suspended: bool,
    pub(crate) credentials: CredentialsVersion,
}

/// The person that an identity belongs to.
pub(crate) async fn owner(
    connection: &mut Connection,
    identity: &OidcIdentity,
) -> Result<Option<Owner>, Error> {
    let row = sqlx::query(
        "select accounts.person_id, first_list, suspended_at, credentials
         from oidc_identities join accounts on accounts.person_id = oidc_identities.person_id
         where issuer = $1 and subject = $2",
    )
    .bind(identity.issuer.clone())
    .bind(identity.subject.clone())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(Owner {
            person: row.id("person_id")?,
            first_list: row.id("first_list")?,
            is_suspended: row.maybe_count("suspended_at")?.is_some(),
            credentials: credentials_of(&row)?,
        })
    })
    .transpose()
}

/// What the provider calls somebody.
pub(crate) async fn name(
    connection: &mut Connection,
    person: PersonId,
    issuer: &str,
) -> Result<Option<String>, Error> {
    let row = sqlx::query("select name from oidc_identities where person_id = $1 and issuer = $2")
        .bind(person.as_bytes().to_vec())
        .bind(issuer.to_owned())
        .fetch_optional(connection)
        .await?;
    row.map(|row| Ok(row.text("name")?.to_owned())).transpose()
}

/// Who has that identity, or one with that provider and is that person.
pub(crate) async fn holders(
    connection: &mut Connection,
    person: PersonId,
    identity: &OidcIdentity,
) -> Result<Vec<PersonId>, Error> {
    let rows = sqlx::query(
        "select person_id from oidc_identities where issuer = $1 and (subject = $2 or person_id = $3)",
    )
    .bind(identity.issuer.clone())
    .bind(identity.subject.clone())
    .bind(person.as_bytes().to_vec())
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| row.id("person_id")).collect()
}

/// Writes an identity.
pub(crate) async fn insert(
    connection: &mut Connection,
    person: PersonId,
    identity: &OidcIdentity,
    now: Timestamp,
) -> Result<(), Error> {
    sqlx::query(
        "insert into oidc_identities (issuer, subject, person_id, name, made_at) values ($1, $2, $3, $4, $5)",
    )
    .bind(identity.issuer.clone())
    .bind(identity.subject.clone())
    .bind(person.as_bytes().to_vec())
    .bind(identity.name.clone())
    .bind(number(now.0))
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes what the provider calls somebody now.
pub(crate) async fn rename(connection: &mut Connection, identity: &OidcIdentity) -> Result<(), Error> {
    sqlx::query("update oidc_identities set name = $3 where issuer = $1 and subject = $2 and name <> $3")
        .bind(identity.issuer.clone())
        .bind(identity.subject.clone())
        .bind(identity.name.clone())
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes somebody's with that provider away.
pub(crate) async fn remove(connection: &mut Connection, person: PersonId, issuer: &str) -> Result<(), Error> {
    sqlx::query("delete from oidc_identities where person_id = $1 and issuer = $2")
        .bind(person.as_bytes().to_vec())
        .bind(issuer.to_owned())
        .execute(connection)
        .await?;
    Ok(())
}
