//! Who is to be no more than an owner made of them, as the commands of a transaction leave it.

use std::collections::{BTreeMap, BTreeSet};

use domain::{ListId, PersonId, RoleLimit};

use super::links::{Links, code};
use super::request::{VisitorRequest, WriteRequest};
use crate::Error;
use crate::database::{Connection, role_limits as table};

/// What is known of them: of all whose role may become greater in the transaction.
#[derive(Debug, Default)]
pub(crate) struct RoleLimits(BTreeMap<(ListId, PersonId), RoleLimit>);

impl RoleLimits {
    /// Reads what the units need to know.
    pub(crate) async fn load(
        connection: &mut Connection,
        units: &[VisitorRequest],
        links: &Links,
    ) -> Result<Self, Error> {
        let asked: BTreeSet<(ListId, PersonId)> = units.iter().flat_map(|unit| raised(unit, links)).collect();
        if asked.is_empty() {
            return Ok(Self::default());
        }
        let found = table::find(connection, asked).await?;
        Ok(Self(found.into_iter().collect()))
    }

    /// The limit that somebody has in a list.
    pub(crate) fn of(&self, list: ListId, person: PersonId) -> Option<RoleLimit> {
        kept(self.0.get(&(list, person)).copied())
    }

    pub(crate) fn set(&mut self, list: ListId, person: PersonId, limit: Option<RoleLimit>) {
        match limit {
            Some(limit) => self.0.insert((list, person), limit),
            None => self.0.remove(&(list, person)),
        };
    }
}

crate::guard! {
    /// An owner's word, which stands against links.
    fn kept(limit: Option<RoleLimit>) -> Option<RoleLimit> {
        limit
    }
    OldRole: {
        let _ = limit;
        None
    }
}

/// Whose role may become greater by it, in which lists.
fn raised(unit: &VisitorRequest, links: &Links) -> Vec<(ListId, PersonId)> {
    let me = unit.visitor.person();
    match &unit.ask {
        WriteRequest::Command { .. } => {
            let link = code(unit).and_then(|code| links.by_code(code));
            link.map(|link| (link.list, me)).into_iter().collect()
        }
        WriteRequest::Accept { list } => vec![(*list, me)],
        WriteRequest::Bring { from, lists } => lists
            .iter()
            .flat_map(|list| [(*list, me), (*list, *from)])
            .collect(),
        WriteRequest::Sharing(asked) => {
            let person = asked.command.person();
            person.map(|person| (asked.list, person)).into_iter().collect()
        }
        WriteRequest::Depart { lists } => lists
            .iter()
            .flat_map(|(list, heirs)| heirs.iter().map(|heir| (*list, *heir)))
            .collect(),
        WriteRequest::Exist | WriteRequest::Show { .. } => Vec::new(),
    }
}
