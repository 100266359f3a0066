//! The links that a transaction is about, each as the commands before have left it.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    AccountCommand, Attribution, Command, Link, LinkChange, LinkId, ListId, PersonId, Role, SharingFacts,
    Timestamp,
};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::request::VisitorRequest;
use crate::Error;
use crate::database::columns::{Columns, JsonRows, hex_array, id_array, number};
use crate::lists::share_code::{Hash, hash_of};

/// What is known of links.
#[derive(Debug, Default)]
pub(crate) struct Links {
    by_id: BTreeMap<LinkId, Link>,
    by_secret: BTreeMap<Hash, LinkId>,
    /// Who was let in by which link before, of those who ask now.
    used: BTreeSet<(LinkId, PersonId)>,
    /// The members who came by a link that somebody ends.
    came: BTreeMap<LinkId, BTreeSet<PersonId>>,
    /// How many links of a list let anybody in, where somebody makes another.
    counts: BTreeMap<ListId, usize>,
}

impl Links {
    /// Reads what the units need to know.
    pub(crate) async fn load(
        connection: &mut SqliteConnection,
        units: &[VisitorRequest],
        now: Timestamp,
    ) -> Result<Self, Error> {
        let mut links = Self::default();
        let secrets: BTreeSet<Hash> = units.iter().filter_map(code).filter_map(hash_of).collect();
        let shared = || units.iter().filter_map(|unit| unit.ask.sharing());
        let ids: BTreeSet<LinkId> = shared().filter_map(|asked| asked.command.link()).collect();
        if secrets.is_empty() && ids.is_empty() {
            return Ok(links);
        }
        let rows = sqlx::query(
            "select id, list_id, role, secret, made_by, made_at, expires_at, most_uses, uses, revoked_at from links
             where secret in (select unhex(value) from json_each($1))
             or id in (select unhex(value) from json_each($2))",
        )
        .bind(hex_array(secrets.iter().map(|secret| secret.as_slice())))
        .bind(id_array(ids.iter().copied()))
        .fetch_all(&mut *connection)
        .await?;
        for row in rows {
            let (link, secret) = (link(&row)?, sqlx::Row::try_get::<&[u8], _>(&row, "secret")?);
            if let Ok(secret) = secret.try_into() {
                links.by_secret.insert(secret, link.id);
            }
            links.by_id.insert(link.id, link);
        }
        links.load_uses(connection, units).await?;
        links.load_came(connection, ids).await?;
        let lists: BTreeSet<ListId> = shared().map(|asked| asked.list).collect();
        links.count(connection, lists, now).await?;
        Ok(links)
    }

    async fn load_uses(
        &mut self,
        connection: &mut SqliteConnection,
        units: &[VisitorRequest],
    ) -> Result<(), Error> {
        let mut asked = JsonRows::default();
        for unit in units {
            if let Some(link) = code(unit).and_then(|code| self.by_code(code)) {
                asked.row().id(&link.id).id(&unit.visitor.person());
            }
        }
        let rows = sqlx::query(
            "select link_id, person_id from link_uses
             where (link_id, person_id) in (select unhex(value ->> 0), unhex(value ->> 1) from json_each($1))",
        )
        .bind(asked.finish())
        .fetch_all(connection)
        .await?;
        for row in rows {
            self.used.insert((row.id("link_id")?, row.id("person_id")?));
        }
        Ok(())
    }

    async fn load_came(
        &mut self,
        connection: &mut SqliteConnection,
        ids: BTreeSet<LinkId>,
    ) -> Result<(), Error> {
        self.came.extend(ids.iter().map(|id| (*id, BTreeSet::new())));
        let rows = sqlx::query(
            "select members.link_id, members.person_id from links
             join members on members.list_id = links.list_id and members.link_id = links.id
             where links.id in (select unhex(value) from json_each($1))",
        )
        .bind(id_array(ids))
        .fetch_all(connection)
        .await?;
        for row in rows {
            self.came
                .entry(row.id("link_id")?)
                .or_default()
                .insert(row.id("person_id")?);
        }
        Ok(())
    }

    async fn count(
        &mut self,
        connection: &mut SqliteConnection,
        lists: BTreeSet<ListId>,
        now: Timestamp,
    ) -> Result<(), Error> {
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
        for row in rows {
            let count = usize::try_from(row.count("count")?).unwrap_or(usize::MAX);
            self.counts.insert(row.id("list_id")?, count);
        }
        Ok(())
    }

    /// Everyone who may be taken out with a link.
    pub(crate) fn who_came(&self) -> impl Iterator<Item = PersonId> {
        self.came.values().flatten().copied()
    }

    /// The link with that code, whether or not it lets anybody in.
    pub(crate) fn by_code(&self, code: &str) -> Option<&Link> {
        self.get(*self.by_secret.get(&hash_of(code)?)?)
    }

    pub(crate) fn get(&self, id: LinkId) -> Option<&Link> {
        self.by_id.get(&id)
    }

    /// What deciding about sharing needs to know.
    pub(crate) fn facts<'a>(
        &'a self,
        list: ListId,
        link: Option<LinkId>,
        came: &'a [PersonId],
        at: Timestamp,
    ) -> SharingFacts<'a> {
        let link = link.and_then(|link| self.get(link));
        SharingFacts {
            at,
            link: link.filter(|link| link.list == list),
            came,
            links: self.counts.get(&list).copied().unwrap_or_default(),
            id_taken: link.is_some(),
        }
    }

    /// Who is a member by that link.
    pub(crate) fn came_by(&self, link: Option<LinkId>) -> Vec<PersonId> {
        let came = link.and_then(|link| self.came.get(&link));
        came.into_iter().flatten().copied().collect()
    }

    /// Makes a change true; gives the link as it is then.
    pub(crate) fn change(&mut self, change: LinkChange, at: Timestamp) -> Option<Link> {
        match change {
            LinkChange::Made(link) => {
                *self.counts.entry(link.list).or_default() += 1;
                self.came.entry(link.id).or_default();
                self.by_id.insert(link.id, link.clone());
                Some(link)
            }
            LinkChange::Revoked(id) => {
                let link = self.by_id.get_mut(&id)?;
                link.revoked = Some(at);
                Some(link.clone())
            }
        }
    }

    /// Counts somebody whom a link lets in, unless they were counted before; gives the link if so.
    pub(crate) fn let_in(&mut self, id: LinkId, person: PersonId) -> Option<Link> {
        if !self.used.insert((id, person)) {
            return None;
        }
        let link = self.by_id.get_mut(&id)?;
        link.uses = link.uses.saturating_add(1);
        Some(link.clone())
    }

    /// Somebody is a member of that list by another link than before, or by none.
    pub(crate) fn moved(&mut self, list: ListId, person: PersonId, by: Option<LinkId>) {
        for (id, came) in &mut self.came {
            if self.by_id.get(id).is_some_and(|link| link.list == list) {
                if Some(*id) == by {
                    came.insert(person);
                } else {
                    came.remove(&person);
                }
            }
        }
    }
}

/// The code by which somebody would join.
fn code(unit: &VisitorRequest) -> Option<&str> {
    match unit.ask.command()? {
        Command::Account(AccountCommand::Join { code, .. }) => Some(code),
        _ => None,
    }
}

/// The link in a row of `links`.
pub(crate) fn link(row: &SqliteRow) -> Result<Link, Error> {
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
