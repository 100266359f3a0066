//! Deleting an account: what becomes of each list, and what is erased.
//!
//! It is decided like everything else by the one writer, so every open page follows the log. In the same transaction the
//! lists go that only they were in, with what the log held of them; what they wrote where others are stays, and their name
//! goes from it.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Change, ListId, PersonId, Timestamp};
use sqlx::{Row, SqliteConnection};

use crate::database::columns::{Columns, hex_array, id_array, number};
use crate::write::left::{Left, gone};
use crate::write::request::{WriteOutcome, WriteRequest};
use crate::{AuthError, Backend, Error, Hole, SessionId, Visitor};

/// How many of those who may become the owner of a list are asked with.
const HEIRS: usize = 3;

/// How often it is asked while lists change under it.
const TRIES: usize = 8;

/// A list of somebody who leaves, and what becomes of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leaving {
    /// Which.
    pub list: ListId,
    /// What it is called.
    pub name: String,
    /// What becomes of it.
    pub fate: Fate,
}

/// What becomes of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fate {
    /// Nobody else is in it: it goes.
    Goes,
    /// It stays with those who are in it.
    Stays,
    /// It needs an owner: the first of these, unless another is chosen. Editors first, and who has been in it longest.
    NeedsOwner(Vec<(PersonId, String)>),
}

impl Backend {
    /// What becomes of each list of somebody's if their account is deleted, by name.
    pub async fn leaving(&self, person: PersonId) -> Result<Vec<Leaving>, Error> {
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
        .fetch_all(&self.inner.readers)
        .await?;
        let mut all: Vec<Leaving> = Vec::new();
        for row in rows {
            let list = row.id("list_id")?;
            if all.last().is_none_or(|last| last.list != list) {
                let name = row.text("name")?.to_owned();
                let fate = Fate::Goes;
                all.push(Leaving { list, name, fate });
            }
            let (Some(last), Some(other)) = (all.last_mut(), row.maybe_id("person_id")?) else {
                continue;
            };
            let is_owner = row.text("role")? == "owner";
            match &mut last.fate {
                fate if is_owner || row.count("owns")? == 0 => *fate = Fate::Stays,
                Fate::NeedsOwner(heirs) => heirs.push((other, row.text("other")?.to_owned())),
                fate @ Fate::Goes => {
                    *fate = Fate::NeedsOwner(vec![(other, row.text("other")?.to_owned())]);
                }
                Fate::Stays => {}
            }
        }
        Ok(all)
    }

    /// Deletes the visitor's account, if it is they who ask: with the password or, where there is none, a session that has just begun. `heirs` are the new owners that they chose.
    pub async fn delete_account(
        &self,
        visitor: &Visitor,
        password: &str,
        heirs: &BTreeMap<ListId, PersonId>,
    ) -> Result<(), Error> {
        if self.sign_in_name(visitor).await?.is_none() {
            return Err(AuthError::NoAccount.into());
        }
        self.confirm(visitor, password).await?;
        self.depart(visitor.person(), heirs).await
    }

    /// Deletes somebody's account, whoever asks for it. It is on disk when this returns.
    pub async fn depart(&self, person: PersonId, heirs: &BTreeMap<ListId, PersonId>) -> Result<(), Error> {
        let row = sqlx::query("select first_list from accounts where person_id = $1")
            .bind(person.as_bytes().to_vec())
            .fetch_optional(&self.inner.readers)
            .await?;
        let row = row.ok_or(domain::Refusal::NotFound)?;
        let visitor = Visitor::signed_in(person, SessionId::of_guest(person), row.id("first_list")?);
        for _ in 0..TRIES {
            let lists = self.leaving(person).await?.into_iter().map(|leaving| {
                let chosen = heirs.get(&leaving.list).copied();
                let next = match leaving.fate {
                    Fate::NeedsOwner(next) => next,
                    Fate::Goes | Fate::Stays => Vec::new(),
                };
                let next = next.into_iter().map(|(person, _)| person).take(HEIRS);
                (leaving.list, chosen.into_iter().chain(next).collect())
            });
            let ask = WriteRequest::Depart {
                lists: lists.collect(),
            };
            if let Some(WriteOutcome::Exists) = self.ask(&visitor, vec![ask]).await?.pop() {
                let is_they =
                    |operator: &mut Option<PersonId>| operator.take_if(|they| *they == person).is_some();
                self.inner.operator.send_if_modified(is_they);
                self.inner.factors.forget(person);
                return Ok(());
            }
        }
        Err(Error::Busy)
    }
}

/// Erases what is to go of somebody, inside the transaction that takes them out of their lists.
pub(crate) async fn erase(
    connection: &mut SqliteConnection,
    left: &Left,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    if !Hole::KeptName.is_open() {
        forget_name(connection, left).await?;
    }
    let lists = id_array(left.erased.iter().copied());
    for statement in [
        "delete from link_uses where link_id in
         (select id from links where list_id in (select unhex(value) from json_each($1)))",
        "delete from links where list_id in (select unhex(value) from json_each($1))",
        "delete from list_invitations where list_id in (select unhex(value) from json_each($1))",
        "delete from notes where task_id in
         (select id from tasks where list_id in (select unhex(value) from json_each($1)))",
        "delete from tasks where list_id in (select unhex(value) from json_each($1))",
        "delete from lists where id in (select unhex(value) from json_each($1))",
        // The rows stay, since they are numbered; nothing is in them.
        "update log set changes = '[]'
         where kind = 'list' and topic in (select unhex(value) from json_each($1))",
    ] {
        sqlx::query(statement)
            .bind(lists.clone())
            .execute(&mut *connection)
            .await?;
    }
    let person = hex_array([left.person.as_bytes().as_slice()]);
    for statement in [
        "delete from sessions where person_id in (select unhex(value) from json_each($1))",
        "delete from identities where person_id in (select unhex(value) from json_each($1))",
        "delete from totp where person_id in (select unhex(value) from json_each($1))",
        "delete from recovery_codes where person_id in (select unhex(value) from json_each($1))",
        "delete from passkeys where person_id in (select unhex(value) from json_each($1))",
        "delete from pictures where person_id in (select unhex(value) from json_each($1))",
        "delete from list_invitations where made_by in (select unhex(value) from json_each($1))",
        // The name is free: whoever takes it next was not asked into these lists.
        "delete from list_invitations where name_key in
         (select name_key from accounts where person_id in (select unhex(value) from json_each($1)))",
        "delete from accounts where person_id in (select unhex(value) from json_each($1))",
        "update operator set person_id = null, since = null
         where person_id in (select unhex(value) from json_each($1))",
    ] {
        sqlx::query(statement)
            .bind(person.clone())
            .execute(&mut *connection)
            .await?;
    }
    sqlx::query("update log set changes = '[]' where kind = 'person' and topic = $1 and seq < $2")
        .bind(left.person.as_bytes().to_vec())
        .bind(number(left.since.0))
        .execute(&mut *connection)
        .await?;
    for statement in [
        "insert into departed (person_id, at) values ($1, $2) on conflict (person_id) do nothing",
        "insert into ended_sessions (person_id, at) values ($1, $2) on conflict (person_id) do nothing",
    ] {
        sqlx::query(statement)
            .bind(left.person.as_bytes().to_vec())
            .bind(number(at.0))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Takes their name out of what the log says of the lists that they were ever in.
async fn forget_name(connection: &mut SqliteConnection, left: &Left) -> Result<(), sqlx::Error> {
    let mut lists: BTreeSet<ListId> = BTreeSet::new();
    let own = sqlx::query("select changes from log where kind = 'person' and topic = $1")
        .bind(left.person.as_bytes().to_vec())
        .fetch_all(&mut *connection)
        .await?;
    for row in own {
        for change in changes(row.try_get("changes")?) {
            if let Change::ListJoined { list, .. } = change {
                lists.insert(list);
            }
        }
    }
    for list in lists.difference(&left.erased.iter().copied().collect()) {
        let rows = sqlx::query(
            "select seq, changes from log where kind = 'list' and topic = $1 and instr(changes, $2) > 0",
        )
        .bind(list.as_bytes().to_vec())
        .bind(left.person.to_string())
        .fetch_all(&mut *connection)
        .await?;
        for row in rows {
            let before = changes(row.try_get("changes")?);
            let mut after = before.clone();
            after.iter_mut().for_each(|change| nameless(change, left.person));
            if after != before {
                let json = String::from_utf8(crate::live::frame::json(&after)).unwrap_or_default();
                sqlx::query("update log set changes = $2 where seq = $1")
                    .bind(row.try_get::<i64, _>("seq")?)
                    .bind(json)
                    .execute(&mut *connection)
                    .await?;
            }
        }
    }
    Ok(())
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
