//! What others do in the list that is shown: a mark on the row, and a sentence for those who listen to the page.

use domain::{PersonId, Row, Topic, describe};
use leptos::prelude::*;

use crate::store::Store;

/// The store shows what somebody has changed.
pub(super) fn on_told(store: Store, me: PersonId, row: &Row) {
    let Topic::List(list) = row.topic else { return };
    if row.actor == me || Some(list) != store.shown.get_untracked() || row.client.is_none() {
        return;
    }
    let profile = store.members.with_untracked(|members| {
        let member = members.iter().find(|(person, _)| *person == row.actor);
        member.map(|(_, member)| member.profile.clone())
    });
    let Some(profile) = profile else { return };
    for change in &row.changes {
        let title = |task| store.row(task).map(|row| row.title.get_untracked());
        if let Some((task, what)) = describe(change, title) {
            store.announcement.set(format!("{} {what}", profile.name));
            if let Some(row) = task.and_then(|task| store.row(task)) {
                row.mark(&profile);
            }
        }
    }
}
