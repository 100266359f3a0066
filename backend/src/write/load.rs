//! What a transaction must know before it is decided and does not have in memory: asked of the database, one statement
//! for each kind of thing. Most transactions need none of it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::{
    AccountCommand, ClientId, Command, CommandSeq, Invitation, List, ListCommand, ListId, Notes, PersonId,
    Refusal, TaskId, Timestamp, Version,
};

use super::links::Links;
use super::request::{VisitorRequest, WriteRequest, needs_notes};
use super::role_limits::RoleLimits;
use crate::Error;
use crate::database::columns::id_array;
use crate::database::invitations::to_accept;
use crate::database::people::accounts;
use crate::database::tasks::{lists, notes};
use crate::database::{Connection, lists as headings, register, tasks};
use crate::write::memory::State;

/// Facts from the database that are not kept in memory.
#[derive(Debug, Default)]
pub(crate) struct Preloaded {
    /// Ids that something has, of those that something new shall have.
    pub(crate) taken: HashSet<[u8; 16]>,
    /// What was refused before, of what is asked again.
    pub(crate) refusals: HashMap<(ClientId, CommandSeq), Refusal>,
    pub(crate) notes: BTreeMap<TaskId, Notes>,
    pub(crate) links: Links,
    pub(crate) limits: RoleLimits,
    /// What those who would come were asked to, each with the name it was said to.
    pub(crate) invitations: BTreeMap<(PersonId, ListId), (Invitation, String)>,
    /// Of the lists that are not in memory, and that a member changes name or colour in or is taken out of with their account.
    pub(crate) versions: BTreeMap<ListId, Version>,
    /// Those that somebody is taken out of, without their tasks: there may be hundreds, and who is in them decides.
    pub(crate) headings: BTreeMap<ListId, List>,
}

impl Preloaded {
    /// Looks up what the units need, and brings lists, accounts and register rows into memory. `loaded` are lists that
    /// their callers have read; each is taken if it is still as it was.
    pub(crate) async fn load(
        connection: &mut Connection,
        state: &mut State,
        units: &[VisitorRequest],
        loaded: Vec<List>,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let links = Links::load(connection, units, now).await?;
        let limits = RoleLimits::load(connection, units, &links).await?;
        load_lists(connection, state, units, loaded).await?;
        load_register(connection, state, units).await?;
        load_accounts(connection, state, units, &links).await?;
        Ok(Self {
            taken: taken(connection, state, units).await?,
            refusals: refusals(connection, state, units).await?,
            notes: noted(connection, units).await?,
            links,
            limits,
            invitations: invitations(connection, units).await?,
            versions: versions(connection, state, units).await?,
            headings: headings_left(connection, state, units).await?,
        })
    }
}

fn commands(units: &[VisitorRequest]) -> impl Iterator<Item = &Command> {
    units.iter().filter_map(|unit| unit.ask.command())
}

async fn load_lists(
    connection: &mut Connection,
    state: &mut State,
    units: &[VisitorRequest],
    loaded: Vec<List>,
) -> Result<(), Error> {
    let missing = |list: &ListId| !state.lists.contains(list);
    let mut missing: BTreeSet<ListId> = units
        .iter()
        .flat_map(|unit| unit.ask.lists())
        .filter(missing)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let bytes = headings::bytes(connection, missing.iter().copied()).await?;
    let bytes = |list: ListId| bytes.get(&list).copied().unwrap_or_default();
    let mut loaded: BTreeMap<ListId, List> = loaded.into_iter().map(|list| (list.id, list)).collect();
    for (id, version) in headings::versions(connection, missing.iter().copied()).await? {
        if let Some(list) = loaded.remove(&id).filter(|list| list.version == version) {
            missing.remove(&id);
            state.keep_list(list, bytes(id));
        }
    }
    if !missing.is_empty() {
        let lists = lists(connection, missing).await?;
        for (id, list) in lists {
            state.keep_list(list, bytes(id));
        }
    }
    Ok(())
}

async fn load_register(
    connection: &mut Connection,
    state: &mut State,
    units: &[VisitorRequest],
) -> Result<(), Error> {
    let missing: BTreeSet<ClientId> = units
        .iter()
        .filter_map(|unit| match &unit.ask {
            WriteRequest::Command { client, .. } => Some(*client),
            WriteRequest::Sharing(_)
            | WriteRequest::Exist
            | WriteRequest::Show { .. }
            | WriteRequest::Depart { .. }
            | WriteRequest::Bring { .. }
            | WriteRequest::Accept { .. } => None,
        })
        .filter(|client| !state.register.contains(client))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    for (client, person, last) in register::clients(connection, missing).await? {
        state.keep_client(client, person, last);
    }
    Ok(())
}

async fn load_accounts(
    connection: &mut Connection,
    state: &mut State,
    units: &[VisitorRequest],
    links: &Links,
) -> Result<(), Error> {
    let removed = commands(units).filter_map(|command| match command {
        Command::List(_, ListCommand::RemoveMember { person }) => Some(*person),
        _ => None,
    });
    let left = units.iter().filter_map(|unit| match &unit.ask {
        WriteRequest::Bring { from, .. } => Some(*from),
        _ => None,
    });
    let heirs = units.iter().flat_map(|unit| match &unit.ask {
        WriteRequest::Depart { lists } => lists.values().flatten().copied().collect(),
        _ => Vec::new(),
    });
    let missing: BTreeSet<PersonId> = units
        .iter()
        .map(|unit| unit.visitor.person())
        .chain(removed)
        .chain(
            units
                .iter()
                .filter_map(|unit| unit.ask.sharing()?.command.person()),
        )
        .chain(links.who_came())
        .chain(left)
        .chain(heirs)
        .filter(|person| !state.accounts.contains(person))
        .collect();
    if !missing.is_empty() {
        let accounts = accounts(connection, missing).await?;
        accounts
            .into_values()
            .for_each(|account| state.keep_account(account));
    }
    Ok(())
}

async fn taken(
    connection: &mut Connection,
    state: &State,
    units: &[VisitorRequest],
) -> Result<HashSet<[u8; 16]>, Error> {
    let mut ids: BTreeSet<[u8; 16]> = commands(units)
        .filter_map(|command| match command {
            Command::Account(AccountCommand::CreateList { list, .. }) => Some(*list.as_bytes()),
            command => command.makes().map(|task| *task.as_bytes()),
        })
        .collect();
    for guest in units.iter().filter_map(|unit| unit.visitor.guest()) {
        if !state.accounts.contains(&guest.person) {
            ids.extend(guest.tasks.iter().map(|task| *task.as_bytes()));
            ids.insert(*guest.list.as_bytes());
        }
    }
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    headings::taken(connection, ids).await
}

async fn refusals(
    connection: &mut Connection,
    state: &State,
    units: &[VisitorRequest],
) -> Result<HashMap<(ClientId, CommandSeq), Refusal>, Error> {
    let mut repeats = Vec::new();
    for unit in units {
        if let WriteRequest::Command {
            client, command_seq, ..
        } = &unit.ask
            && state
                .register
                .get(client)
                .is_some_and(|(_, last)| command_seq <= last)
        {
            repeats.push((*client, *command_seq));
        }
    }
    if repeats.is_empty() {
        return Ok(HashMap::new());
    }
    register::refusals(connection, repeats).await
}

async fn noted(
    connection: &mut Connection,
    units: &[VisitorRequest],
) -> Result<BTreeMap<TaskId, Notes>, Error> {
    let tasks: BTreeSet<TaskId> = commands(units)
        .filter_map(|command| needs_notes(command).map(|(_, task)| task))
        .collect();
    if tasks.is_empty() {
        Ok(BTreeMap::new())
    } else {
        notes(connection, tasks).await
    }
}

async fn invitations(
    connection: &mut Connection,
    units: &[VisitorRequest],
) -> Result<BTreeMap<(PersonId, ListId), (Invitation, String)>, Error> {
    let mut found = BTreeMap::new();
    for unit in units {
        let WriteRequest::Accept { list } = unit.ask else {
            continue;
        };
        let person = unit.visitor.person();
        if let Some(invitation) = to_accept(connection, person, list).await? {
            found.insert((person, list), invitation);
        }
    }
    Ok(found)
}

/// The lists that somebody is taken out of with their account.
fn left(units: &[VisitorRequest]) -> impl Iterator<Item = ListId> {
    let left = units.iter().filter_map(|unit| match &unit.ask {
        WriteRequest::Depart { lists } => Some(lists.keys().copied()),
        _ => None,
    });
    left.flatten()
}

/// The lists that somebody brings along. There may be hundreds, and what is in them decides nothing.
fn brought(units: &[VisitorRequest]) -> impl Iterator<Item = ListId> {
    let brought = units.iter().filter_map(|unit| match &unit.ask {
        WriteRequest::Bring { lists, .. } => Some(lists.iter().copied()),
        _ => None,
    });
    brought.flatten()
}

async fn headings_left(
    connection: &mut Connection,
    state: &State,
    units: &[VisitorRequest],
) -> Result<BTreeMap<ListId, List>, Error> {
    let missing: BTreeSet<ListId> = left(units).filter(|list| !state.lists.contains(list)).collect();
    if missing.is_empty() {
        return Ok(BTreeMap::new());
    }
    tasks::headings(connection, id_array(missing)).await
}

async fn versions(
    connection: &mut Connection,
    state: &State,
    units: &[VisitorRequest],
) -> Result<BTreeMap<ListId, Version>, Error> {
    let renamed = units.iter().filter(|unit| {
        let command = unit.ask.command();
        matches!(command, Some(Command::Account(AccountCommand::SetProfile { .. })))
            || matches!(unit.ask, WriteRequest::Show { .. })
    });
    let missing: BTreeSet<ListId> = renamed
        .filter_map(|unit| state.accounts.get(&unit.visitor.person()))
        .flat_map(|account| account.lists.keys().copied())
        .chain(left(units))
        .chain(brought(units))
        .filter(|list| !state.lists.contains(list))
        .collect();
    if missing.is_empty() {
        Ok(BTreeMap::new())
    } else {
        headings::versions(connection, missing).await
    }
}
