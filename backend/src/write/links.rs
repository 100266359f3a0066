//! The links that a transaction is about, each as the commands before have left it.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    AccountCommand, Command, Link, LinkChange, LinkId, ListId, PersonId, Role, Sharing, SharingFacts,
    Timestamp,
};

use super::request::VisitorRequest;
use crate::Error;
use crate::database::{Connection, links as table};
use crate::lists::share_code::{Hash, hash_of};

/// The most people who are taken out at once.
pub(crate) const PIECE: usize = 200;

/// What is known of links.
#[derive(Debug, Default)]
pub(crate) struct Links {
    by_id: BTreeMap<LinkId, Link>,
    by_secret: BTreeMap<Hash, LinkId>,
    /// Who was let in by which link before, of those who ask now.
    used: BTreeSet<(LinkId, PersonId)>,
    /// Those of them whom it makes a viewer at the most.
    lowered: BTreeSet<(LinkId, PersonId)>,
    /// Members who came by a link that somebody ends with them, at the most [`PIECE`].
    came: BTreeMap<LinkId, BTreeSet<PersonId>>,
    /// How many links of a list let anybody in, where somebody makes another.
    counts: BTreeMap<ListId, usize>,
}

impl Links {
    /// Reads what the units need to know.
    pub(crate) async fn load(
        connection: &mut Connection,
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
        for (link, secret) in table::find(connection, &secrets, &ids).await? {
            if let Some(secret) = secret {
                links.by_secret.insert(secret, link.id);
            }
            links.by_id.insert(link.id, link);
        }
        links.load_uses(connection, units).await?;
        links.load_came(connection, units).await?;
        let lists: BTreeSet<ListId> = shared().map(|asked| asked.list).collect();
        links.count(connection, lists, now).await?;
        Ok(links)
    }

    async fn load_uses(
        &mut self,
        connection: &mut Connection,
        units: &[VisitorRequest],
    ) -> Result<(), Error> {
        let asked = units.iter().filter_map(|unit| {
            let link = code(unit).and_then(|code| self.by_code(code))?;
            Some((link.id, unit.visitor.person()))
        });
        let asked: Vec<_> = asked.collect();
        for (link, person, is_lowered) in table::uses(connection, asked).await? {
            self.used.insert((link, person));
            if is_lowered {
                self.lowered.insert((link, person));
            }
        }
        Ok(())
    }

    /// Reads who may be taken out, where somebody is to be: of a link that lets in the world there may be any number.
    async fn load_came(
        &mut self,
        connection: &mut Connection,
        units: &[VisitorRequest],
    ) -> Result<(), Error> {
        let removing = units.iter().filter_map(|unit| match unit.ask.sharing()?.command {
            Sharing::RevokeLink {
                link,
                and_remove: true,
            } => Some(link),
            _ => None,
        });
        for link in removing.collect::<BTreeSet<_>>() {
            let came = table::came(connection, link, PIECE).await?;
            self.came.insert(link, came.into_iter().collect());
        }
        Ok(())
    }

    async fn count(
        &mut self,
        connection: &mut Connection,
        lists: BTreeSet<ListId>,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.counts.extend(table::count(connection, lists, now).await?);
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

    /// The link with that code, as far as it goes for somebody: whom an owner has made a viewer since they came by it, it makes no more.
    pub(crate) fn offered(&self, code: &str, person: PersonId) -> Option<Link> {
        let mut link = self.by_code(code)?.clone();
        if is_lowered(&self.lowered, link.id, person) {
            link.role = Role::Viewer;
        }
        Some(link)
    }

    /// The links by which somebody came into that list make them a viewer at the most from now on.
    pub(crate) fn lower(&mut self, list: ListId, person: PersonId) {
        let by_id = &self.by_id;
        let used = self
            .used
            .iter()
            .filter(|(id, who)| *who == person && by_id.get(id).is_some_and(|link| link.list == list));
        self.lowered.extend(used.copied());
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

crate::guard! {
    /// Whether an owner's word stands against a link.
    fn is_lowered(lowered: &BTreeSet<(LinkId, PersonId)>, id: LinkId, person: PersonId) -> bool {
        lowered.contains(&(id, person))
    }
    OldRole: false
}

/// The code by which somebody would join.
fn code(unit: &VisitorRequest) -> Option<&str> {
    match unit.ask.command()? {
        Command::Account(AccountCommand::Join { code, .. }) => Some(code),
        _ => None,
    }
}
