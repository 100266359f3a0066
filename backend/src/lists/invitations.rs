//! Asking people into a list by the name of their account: said to them alone, and live.
//!
//! An invitation is kept by the name, compared as names are, and whoever asks is answered alike whether or not anybody has it. It is
//! shown to the account that had that name when it was made, so nobody takes a name to see what it is asked to. Who declines is
//! asked no more, and who asked is not told.

use domain::{Attribution, Invitation, ListId, PersonId, PersonName, Role, Timestamp, Topic, may_invite};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::database::columns::{Columns, number};
use crate::live::frame::{Ephemeral, Frame};
use crate::live::hub::Hub;
use crate::live::invited::{AllInvited, Invited};
use crate::write::request::{WriteOutcome, WriteRequest};
use crate::{AccountName, AuditEvent, AuthError, Backend, Entry, Error, Kinds, Visitor};

/// One that waits, as those see it who may take it back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waiting {
    /// The name as it was typed.
    pub name: String,
    /// What is asked, by whom.
    pub invitation: Invitation,
}

impl Backend {
    /// Asks whoever has that name into a list. The answer is the same if nobody has.
    pub async fn invite_into(
        &self,
        visitor: &Visitor,
        list: ListId,
        name: &AccountName,
        role: Role,
    ) -> Result<(), Error> {
        if !self.admits(visitor) {
            return Err(Error::SessionEnded);
        }
        self.ask(visitor, vec![WriteRequest::Exist]).await?;
        let (person, now, asked) = (visitor.person(), self.inner.clock.now(), name.clone());
        let outcome = self
            .write_transaction_of(
                visitor,
                move |connection| {
                    Box::pin(async move { insert(connection, person, list, &asked, role, now).await })
                },
                |_| {},
            )
            .await;
        let entry = Entry::new(AuditEvent::Invited).by(person).of(list);
        match &outcome {
            Ok(_) => self.audit(entry.with(role.as_str())),
            Err(Error::Refused(refusal)) => {
                self.audit(
                    Entry::new(AuditEvent::Refused)
                        .by(person)
                        .of(list)
                        .with(refusal.code()),
                );
            }
            Err(_) => {}
        }
        self.tell_invited(outcome?).await
    }

    /// Takes an invitation back: one's own, or as an owner anyone's. One that is not there is taken back already.
    pub async fn take_back(&self, visitor: &Visitor, list: ListId, name: &AccountName) -> Result<(), Error> {
        let (person, name) = (visitor.person(), name.clone());
        let told = self
            .write_transaction_of(
                visitor,
                move |connection| Box::pin(async move { withdraw(connection, person, list, &name).await }),
                |_| {},
            )
            .await?;
        self.audit(Entry::new(AuditEvent::InvitationEnded).by(person).of(list));
        self.tell_invited(told).await
    }

    /// The invitations to a list that wait, as far as the visitor may take them back: an owner all, an editor their own.
    pub async fn waiting(&self, visitor: &Visitor, list: ListId) -> Result<Vec<Waiting>, Error> {
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
        .bind(visitor.person().as_bytes().to_vec())
        .fetch_all(&self.inner.readers)
        .await?;
        let now = self.inner.clock.now();
        let mut waiting = Vec::new();
        for row in &rows {
            let (invitation, makers) = (read(row)?, row.parsed("makers", Role::parse)?);
            if invitation.is_worth(Some(makers), now) {
                let name = row.text("name")?.to_owned();
                waiting.push(Waiting { name, invitation });
            }
        }
        Ok(waiting)
    }

    /// What the visitor is asked to.
    pub async fn invited(&self, visitor: &Visitor) -> Result<Vec<Invited>, Error> {
        if visitor.guest().is_some() {
            return Ok(Vec::new());
        }
        invited(&self.inner.readers, visitor.person(), self.inner.clock.now()).await
    }

    /// Comes into a list that the visitor was asked into.
    pub async fn accept(&self, visitor: &Visitor, list: ListId) -> Result<(), Error> {
        let judged = self
            .ask(visitor, vec![WriteRequest::Accept { list }])
            .await?
            .pop();
        self.tell_invited(Some(visitor.person())).await?;
        match judged {
            Some(WriteOutcome::Exists) => Ok(()),
            Some(WriteOutcome::Refused(refusal)) => Err(refusal.into()),
            _ => Err(Error::Unknown),
        }
    }

    /// Does not come.
    pub async fn decline(&self, visitor: &Visitor, list: ListId) -> Result<(), Error> {
        let (person, now) = (visitor.person(), self.inner.clock.now());
        self.write_transaction_of(
            visitor,
            move |connection| Box::pin(async move { refuse(connection, person, list, now).await }),
            |()| {},
        )
        .await?;
        self.tell_invited(Some(person)).await
    }

    async fn tell_invited(&self, person: Option<PersonId>) -> Result<(), Error> {
        if let Some(person) = person {
            let invitations = invited(&self.inner.readers, person, self.inner.clock.now()).await?;
            say(&self.inner.hub, person, invitations);
        }
        Ok(())
    }
}

fn say(hub: &Hub, person: PersonId, invitations: Vec<Invited>) {
    hub.tell_aside(Topic::Person(person), Kinds::INVITED, &frame(invitations), None);
}

/// What a stream says of them.
pub(crate) fn frame(invitations: Vec<Invited>) -> Frame {
    Frame::aside(&Ephemeral::Invited(AllInvited { invitations }))
}

/// What somebody is asked to and may come to. What they are already is no news.
pub(crate) async fn invited(
    readers: &sqlx::SqlitePool,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<Invited>, Error> {
    let rows = sqlx::query(
        "select invitations.list_id, invitations.role, invitations.made_by, invitations.made_at, lists.name as list_name,
             makers.role as makers, persons.name as by_name, mine.role as mine
         from accounts
         join list_invitations as invitations on invitations.name_key = accounts.name_key and invitations.made_at >= accounts.made_at
         join lists on lists.id = invitations.list_id
         join members as makers on makers.list_id = invitations.list_id and makers.person_id = invitations.made_by
         join persons on persons.id = invitations.made_by
         left join members as mine on mine.list_id = invitations.list_id and mine.person_id = accounts.person_id
         where accounts.person_id = $1 and invitations.declined_at is null
         order by invitations.made_at desc, invitations.list_id",
    )
    .bind(person.as_bytes().to_vec())
    .fetch_all(readers)
    .await?;
    let mut all = Vec::new();
    for row in &rows {
        let (invitation, makers) = (read(row)?, row.parsed("makers", Role::parse)?);
        let mine: Option<String> = sqlx::Row::try_get(row, "mine")?;
        let mine = mine.as_deref().and_then(Role::parse);
        if invitation.is_worth(Some(makers), now) && mine < Some(invitation.role) {
            all.push(Invited {
                list: invitation.list,
                name: row.text("list_name")?.to_owned(),
                role: invitation.role,
                by: row.parsed("by_name", |name| PersonName::parse(name).ok())?,
            });
        }
    }
    Ok(all)
}

/// The invitation of that person to that list, for the writer: it decides what it is worth.
pub(crate) async fn to_accept(
    connection: &mut SqliteConnection,
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

/// Writes one; gives who is to hear of it.
async fn insert(
    connection: &mut SqliteConnection,
    person: PersonId,
    list: ListId,
    name: &AccountName,
    role: Role,
    now: Timestamp,
) -> Result<Option<PersonId>, Error> {
    let mine = role_of(connection, person, list).await?;
    may_invite(mine, role)?;
    sqlx::query("delete from list_invitations where list_id = $1 and made_at <= $2")
        .bind(list.as_bytes().to_vec())
        .bind(number(now.0.saturating_sub(Invitation::LASTS)))
        .execute(&mut *connection)
        .await?;
    let others = sqlx::query(
        "select count(*) as count from list_invitations as invitations where list_id = $1 and name_key <> $2",
    )
    .bind(list.as_bytes().to_vec())
    .bind(name.key().to_owned())
    .fetch_one(&mut *connection)
    .await?
    .count("count")?;
    if others >= Invitation::MOST {
        return Err(AuthError::TooManyInvitations.into());
    }
    // Who has declined stays undisturbed until that has lapsed. What somebody else asks, who may still ask, is an owner's to change:
    // an editor who made it their own could take it back.
    sqlx::query(
        "insert into list_invitations (list_id, name_key, name, role, made_by, made_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (list_id, name_key) do update
         set name = excluded.name, role = excluded.role, made_by = excluded.made_by, made_at = excluded.made_at
         where $7 or made_by = excluded.made_by or not exists
             (select 1 from members
              where list_id = excluded.list_id and person_id = list_invitations.made_by and role <> 'viewer')",
    )
    .bind(list.as_bytes().to_vec())
    .bind(name.key().to_owned())
    .bind(name.as_str().to_owned())
    .bind(role.as_str())
    .bind(person.as_bytes().to_vec())
    .bind(number(now.0))
    .bind(mine.is_some_and(Role::can_manage))
    .execute(&mut *connection)
    .await?;
    owner(connection, name).await
}

async fn withdraw(
    connection: &mut SqliteConnection,
    person: PersonId,
    list: ListId,
    name: &AccountName,
) -> Result<Option<PersonId>, Error> {
    let mine = role_of(connection, person, list).await?;
    may_invite(mine, Role::Viewer)?;
    sqlx::query("delete from list_invitations where list_id = $1 and name_key = $2 and ($3 or made_by = $4)")
        .bind(list.as_bytes().to_vec())
        .bind(name.key().to_owned())
        .bind(mine.is_some_and(Role::can_manage))
        .bind(person.as_bytes().to_vec())
        .execute(&mut *connection)
        .await?;
    owner(connection, name).await
}

async fn refuse(
    connection: &mut SqliteConnection,
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

async fn role_of(
    connection: &mut SqliteConnection,
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

async fn owner(connection: &mut SqliteConnection, name: &AccountName) -> Result<Option<PersonId>, Error> {
    let row = sqlx::query("select person_id from accounts where name_key = $1")
        .bind(name.key().to_owned())
        .fetch_optional(connection)
        .await?;
    row.map(|row| row.id("person_id")).transpose()
}
