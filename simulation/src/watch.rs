//! Checks that a page never shows anything false, and keeps nothing for ever.

use std::collections::BTreeMap;

use super::fold::fold;
use super::oracle::{Held, broken, hold};
use super::truth::Truth;
use domain::sync::{Client, Pending, Progress, Protocol};
use domain::{Account, AccountCommand, Command, Epoch, List, ListCommand, ListId, Seq, Version};

const FORWARD: &str = "no read goes back";
const PREFIX: &str = "what is confirmed is the server's at that version";
const COMPLETE: &str = "what is ready has every row up to the cursor";
const SETTLED: &str = "what is confirmed is not pending";
const STEADY: &str = "what is answered stays until it is confirmed";

/// Follows one page.
#[derive(Default)]
pub(super) struct Watch {
    epochs: Vec<Epoch>,
    cursor: Seq,
    account: Version,
    lists: BTreeMap<ListId, Version>,
    /// The place to which a snapshot brought each list.
    brought: BTreeMap<ListId, Seq>,
}

impl Watch {
    /// A snapshot was handed to the page.
    pub(super) fn brought<S: Protocol>(
        &mut self,
        client: &Client<S>,
        epoch: &Epoch,
        list: ListId,
        version: Version,
        seq: Seq,
    ) {
        let taken = client.version(list).is_some_and(|local| local >= version);
        if taken && epoch == client.epoch() {
            let brought = self.brought.entry(list).or_default();
            *brought = seq.max(*brought);
        }
    }

    /// `leaks` means that events to the page were lost: it need not notice at once, only before long.
    pub(super) fn check<S: Protocol>(
        &mut self,
        client: &Client<S>,
        truth: &Truth,
        before: &[Pending],
        leaks: bool,
    ) -> Held {
        let epoch = client.epoch();
        if self.epochs.last() != Some(epoch) {
            hold(!self.epochs.contains(epoch), FORWARD, || {
                format!("{epoch} is over")
            })?;
            self.begin_epoch(epoch.clone());
        }
        let mut keys: Vec<_> = client
            .pending()
            .iter()
            .map(|pending| (pending.client, pending.command_seq))
            .collect();
        keys.sort();
        hold(
            keys.is_sorted_by(|a, b| a < b),
            "a command is pending once",
            || format!("{keys:?}"),
        )?;
        self.check_account(client, truth)?;
        for list in client.confirmed_account().lists.keys() {
            self.check_list(client, *list)?;
        }
        if leaks {
            return Ok(());
        }
        check_complete(client, truth)?;
        self.check_settled(client)?;
        check_steady(client, truth, before)
    }

    fn begin_epoch(&mut self, epoch: Epoch) {
        let mut epochs = std::mem::take(&mut self.epochs);
        let brought = std::mem::take(&mut self.brought);
        epochs.push(epoch);
        *self = Self {
            // The data that a page is loaded with comes before its first check.
            brought: if epochs.len() == 1 {
                brought
            } else {
                BTreeMap::new()
            },
            epochs,
            ..Self::default()
        };
    }

    fn check_account<S: Protocol>(&mut self, client: &Client<S>, truth: &Truth) -> Held {
        let (account, cursor) = (client.confirmed_account(), client.cursor());
        hold(cursor >= self.cursor, FORWARD, || {
            format!("the cursor went from {} to {cursor}", self.cursor)
        })?;
        hold(account.version >= self.account, FORWARD, || {
            format!("the account went from {} to {}", self.account, account.version)
        })?;
        (self.cursor, self.account) = (cursor, account.version);
        let real = truth.account(account.person, account.version);
        hold(real == Some(account), PREFIX, || {
            format!("{account:?} is not {real:?}")
        })
    }

    fn check_list<S: Protocol>(&mut self, client: &Client<S>, id: ListId) -> Held {
        let Some(version) = client.version(id) else {
            return Ok(());
        };
        let before = self.lists.insert(id, version).unwrap_or_default();
        hold(version >= before, FORWARD, || {
            format!("{id} went from {before} to {version}")
        })
    }

    fn check_settled<S: Protocol>(&self, client: &Client<S>) -> Held {
        let cursor = client.caught_up().then(|| client.cursor());
        let loading = !client.wanted().is_empty();
        for pending in client.pending() {
            let Progress::Answered(at) = pending.progress else {
                continue;
            };
            let through = match &pending.command {
                Command::List(_, ListCommand::RemoveMember { .. }) | Command::Account(_) => {
                    cursor.filter(|_| !loading)
                }
                Command::List(list, _) if client.is_ready(*list) => {
                    cursor.max(self.brought.get(list).copied())
                }
                Command::List(..) => None,
            };
            hold(through.is_none_or(|through| at > through), SETTLED, || {
                format!("{pending:?} at {through:?}")
            })?;
        }
        Ok(())
    }
}

fn check_complete<S: Protocol>(client: &Client<S>, truth: &Truth) -> Held {
    let (account, cursor) = (client.confirmed_account(), client.cursor());
    let due = truth
        .account_at(account.person, cursor)
        .map_or(Version::ZERO, |account| account.version);
    hold(account.version >= due, COMPLETE, || {
        format!(
            "the account is at {}, at {cursor} it was at {due}",
            account.version
        )
    })?;
    for id in account.lists.keys().filter(|_| client.caught_up()) {
        let due = truth
            .list_at(*id, cursor)
            .map_or(Version::ZERO, |list| list.version);
        hold(
            client.version(*id).is_none_or(|version| version >= due),
            COMPLETE,
            || {
                format!(
                    "{id} is at {:?}, at {cursor} it was at {due}",
                    client.version(*id)
                )
            },
        )?;
    }
    Ok(())
}

fn check_steady<S: Protocol>(client: &Client<S>, truth: &Truth, before: &[Pending]) -> Held {
    for pending in before {
        let Progress::Answered(at) = pending.progress else {
            continue;
        };
        let stays =
            |other: &Pending| (other.client, other.command_seq) == (pending.client, pending.command_seq);
        if client.pending().iter().any(stays) {
            continue;
        }
        if let Some(list) = pending.command.list()
            && client.confirmed_account().lists.contains_key(&list)
            && let Some(version) = client.shown_version(list)
        {
            let due = truth.list_at(list, at).map_or(Version::ZERO, |list| list.version);
            hold(version >= due, STEADY, || {
                format!("{pending:?} is gone, {list} is at {version} of {due}")
            })?;
        }
        check_steady_account(client, truth, &pending.command, at)?;
    }
    Ok(())
}

/// The effect of a command on the account, or on all lists at once, stays as well.
fn check_steady_account<S: Protocol>(client: &Client<S>, truth: &Truth, command: &Command, at: Seq) -> Held {
    let account = client.confirmed_account();
    let gone = || format!("{command:?} is gone");
    let leaves = matches!(command, Command::List(_, ListCommand::RemoveMember { person }) if *person == account.person);
    if leaves || matches!(command, Command::Account(_)) {
        let due = truth
            .account_at(account.person, at)
            .map_or(Version::ZERO, |account| account.version);
        hold(account.version >= due, STEADY, gone)?;
    }
    if matches!(command, Command::Account(AccountCommand::SetProfile { .. })) {
        for list in account.lists.keys() {
            let due = truth
                .list_at(*list, at)
                .map_or(Version::ZERO, |list| list.version);
            hold(
                client.shown_version(*list).is_none_or(|version| version >= due),
                STEADY,
                gone,
            )?;
        }
    }
    Ok(())
}

/// The expensive checks: every confirmed list against the server's, and the view against a computation from scratch.
pub(super) fn check_views<S: Protocol>(client: &Client<S>, truth: &Truth) -> Held {
    const ORACLE: &str = "the view is pending on top of confirmed";
    for list in client.confirmed_account().lists.keys() {
        if let Some(confirmed) = client.confirmed(*list) {
            let real = truth.list(*list, confirmed.version);
            // A list that this page has made is confirmed to be empty before its first row is here.
            let blank =
                confirmed.version == Version::ZERO && confirmed.members.is_empty() && confirmed.count() == 0;
            let same = real.map_or(blank, |real| same_list(&confirmed, real));
            hold(same, PREFIX, || format!("{confirmed:?} is not {real:?}"))?;
        }
    }
    let folded = fold(client);
    let account: &Account = client.account();
    hold(folded.account == *account, ORACLE, || {
        format!("{account:?} is not {:?}", folded.account)
    })?;
    for (id, list) in &folded.lists {
        hold(list.as_ref() == client.list(*id), ORACLE, || {
            format!(
                "{:?} is not {list:?} with {:?}",
                client.list(*id),
                client.pending()
            )
        })?;
    }
    Ok(())
}

/// A snapshot leaves the trash out, so a page knows only the tasks that were deleted while it was open.
pub(super) fn same_list(here: &List, real: &List) -> bool {
    let trash = here.all_tasks().filter(|task| !task.is_live());
    here.name == real.name
        && here.members == real.members
        && here.tasks().eq(real.tasks())
        && trash.into_iter().all(|task| real.task(task.id) == Some(task))
}

/// After all is quiet: nothing is pending, and everybody has what the server has.
pub(super) fn check_quiet<S: Protocol>(client: &Client<S>, truth: &Truth, epoch: &Epoch) -> Held {
    const ORACLE: &str = "everyone is equal at the end";
    let head = truth.head();
    hold(
        client.epoch() == epoch && client.pending().is_empty(),
        ORACLE,
        || format!("{} with {:?}", client.epoch(), client.pending()),
    )?;
    let account = client.account();
    let real = truth.account_at(account.person, head);
    hold(real == Some(account), ORACLE, || {
        format!("{account:?} is not {real:?}")
    })?;
    for id in account.lists.keys() {
        let (Some(view), Some(real)) = (client.list(*id), truth.list_at(*id, head)) else {
            return broken(ORACLE, format!("{id} is not there"));
        };
        let same = view.version == real.version && same_list(view, real);
        hold(same, ORACLE, || format!("{view:?} is not {real:?}"))?;
    }
    Ok(())
}
