//! Making decided changes true in memory, and noting which rows of the tables they touch.

use domain::{Attribution, Change, Field, LinkId, List, ListId, PersonId, Task};

use super::batch::Batch;
use crate::write::list_bytes::bytes_of;

impl Batch<'_> {
    pub(super) fn change_list(&mut self, id: ListId, by: PersonId, changes: &[Change]) -> domain::Version {
        if let Some(Change::ListCreated { name }) = changes.first() {
            self.made.insert(*id.as_bytes());
            self.tables.list(id).new = true;
            self.state.keep_list(List::new(id, name.clone()), 0);
        }
        self.touched.lists.insert(id);
        let row = self.tables.list(id);
        let Some(list) = self.state.lists.get_mut(&id) else {
            // Only its members changed, or their names and colours, which the tables keep elsewhere.
            if let Some(list) = self.known.headings.get_mut(&id) {
                let stamp = Attribution { by, at: self.at };
                changes.iter().for_each(|change| list.apply(stamp, change));
            }
            let version = self.known.versions.entry(id).or_default();
            *version = version.next();
            row.version = *version;
            return *version;
        };
        let stamp = Attribution { by, at: self.at };
        list.version = list.version.next();
        row.version = list.version;
        let mut bytes = 0;
        for change in changes {
            let task = change.task();
            let is_open = |list: &List| task.and_then(|task| list.task(task)).is_some_and(Task::is_to_do);
            let (before, before_bytes) = (is_open(list), task.map_or(0, |task| bytes_of(list, task)));
            list.apply(stamp, change);
            let row = self.tables.list(id);
            row.open += i64::from(is_open(list)) - i64::from(before);
            let more = task.map_or(0, |task| bytes_of(list, task)) - before_bytes;
            row.bytes += more;
            bytes += more;
            self.tables.note(id, change);
            if let Change::TaskAdded { task } = change {
                self.made.insert(*task.id.as_bytes());
                self.noted.insert((id, task.id));
            }
            if let Change::TaskSet {
                task,
                field: Field::Notes(_),
            } = change
            {
                self.noted.insert((id, *task));
            }
        }
        let version = list.version;
        self.state.grew(id, bytes);
        version
    }

    pub(super) fn change_account(
        &mut self,
        person: PersonId,
        seq: domain::Seq,
        link: Option<LinkId>,
        changes: &[Change],
    ) -> domain::Version {
        self.touched.accounts.insert(person);
        self.tables.persons.insert(person);
        let Some(account) = self.state.accounts.get_mut(&person) else {
            // Members are on disk, and whoever a command may concern was loaded with it.
            tracing::error!(%person, "an account that is not in memory was changed");
            return domain::Version::ZERO;
        };
        let before = account.lists.clone();
        account.version = account.version.next();
        changes.iter().for_each(|change| account.apply(change));
        let version = account.version;
        for change in changes {
            match change {
                Change::ListJoined { list, role } => {
                    let joined = (!before.contains_key(list)).then_some(seq);
                    self.joined(*list, person, *role, joined, link);
                }
                Change::ListLeft { list } => self.left(*list, person),
                _ => {}
            }
        }
        version
    }
}
