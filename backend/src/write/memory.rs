//! What the writer remembers between transactions: the head of the log, and what it has lately decided on.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::{Account, ClientId, CommandSeq, List, ListId, PersonId, Seq, Timestamp};
use parking_lot::Mutex;

use crate::database::open::Meta;
use crate::write::cache::Cache;
use crate::write::left::Left;

/// How many clients' register rows are remembered; about 64 bytes each.
const MOST_CLIENTS: usize = 100_000;

pub(crate) struct State {
    pub(crate) head: Seq,
    pub(crate) at: Timestamp,
    /// With their trash, without notes.
    pub(crate) lists: Cache<ListId, List>,
    /// How much text each of them holds, with its trash and its notes, and the most that one may.
    pub(crate) list_bytes: HashMap<ListId, i64>,
    pub(crate) most_bytes: i64,
    pub(crate) accounts: Cache<PersonId, Account>,
    /// How far each client has been answered, and whose it is.
    pub(crate) register: Cache<ClientId, (PersonId, CommandSeq)>,
    resident: Arc<Resident>,
}

/// Which lists the writer has in memory: a hint to those who would load one for it.
#[derive(Debug, Default)]
pub(crate) struct Resident(Mutex<HashSet<ListId>>);

impl Resident {
    pub(crate) fn contains(&self, list: ListId) -> bool {
        self.0.lock().contains(&list)
    }
}

impl State {
    pub(crate) fn new(meta: &Meta, cache_bytes: usize, most_bytes: u64, resident: Arc<Resident>) -> Self {
        Self {
            head: meta.head,
            at: meta.at,
            lists: Cache::new(cache_bytes / 8 * 7),
            list_bytes: HashMap::new(),
            most_bytes: i64::try_from(most_bytes).unwrap_or(i64::MAX),
            accounts: Cache::new(cache_bytes / 8),
            register: Cache::new(MOST_CLIENTS),
            resident,
        }
    }

    /// Keeps a list that holds so many bytes of text.
    pub(crate) fn keep_list(&mut self, list: List, bytes: i64) {
        self.list_bytes.insert(list.id, bytes);
        self.resident.0.lock().insert(list.id);
        let weight = list_bytes(&list);
        self.lists.insert(list.id, list, weight);
    }

    pub(crate) fn keep_account(&mut self, account: Account) {
        let weight = account_bytes(&account);
        self.accounts.insert(account.person, account, weight);
    }

    pub(crate) fn keep_client(&mut self, client: ClientId, person: PersonId, command_seq: CommandSeq) {
        self.register.insert(client, (person, command_seq), 1);
    }

    /// Forgets what may not be what is on disk.
    pub(crate) fn forget(&mut self, touched: &Touched) {
        let mut resident = self.resident.0.lock();
        for list in &touched.lists {
            self.lists.remove(list);
            self.list_bytes.remove(list);
            resident.remove(list);
        }
        touched
            .accounts
            .iter()
            .for_each(|person| self.accounts.remove(person));
        touched
            .clients
            .iter()
            .for_each(|client| self.register.remove(client));
    }

    /// Forgets somebody who left, and the lists that went with them.
    pub(crate) fn erase(&mut self, left: &Left) {
        self.forget(&Touched {
            lists: left.erased.iter().copied().collect(),
            accounts: [left.person].into(),
            clients: HashSet::new(),
        });
    }

    /// Weighs what was touched and makes room if there is too much.
    pub(crate) fn settle(&mut self, touched: &Touched) {
        touched
            .lists
            .iter()
            .for_each(|list| self.lists.weigh(list, list_bytes));
        touched
            .accounts
            .iter()
            .for_each(|person| self.accounts.weigh(person, account_bytes));
        let gone = self.lists.shrink();
        if !gone.is_empty() {
            let mut resident = self.resident.0.lock();
            for list in gone {
                resident.remove(&list);
                self.list_bytes.remove(&list);
            }
        }
        self.accounts.shrink();
        self.register.shrink();
    }
}

/// What a transaction changed in memory.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    pub(crate) lists: HashSet<ListId>,
    pub(crate) accounts: HashSet<PersonId>,
    pub(crate) clients: HashSet<ClientId>,
}

/// Roughly: a task is two tree entries and a title of usual length.
fn list_bytes(list: &List) -> usize {
    512 + list.members.len() * 128 + list.all_tasks().size_hint().0 * 400
}

fn account_bytes(account: &Account) -> usize {
    256 + account.lists.len() * 48
}
