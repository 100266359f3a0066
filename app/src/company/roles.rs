//! What somebody else changed about what the person may do in a list, with the name of who did it. The page draws the list
//! accordingly by itself, and keeps what was being typed among what is not saved.

use domain::sync::Client;
use domain::{Change, Role, Row, Topic};

use super::names;
use crate::store::{Kind, Notice, Store};

use super::left::{SHOWN_FOR, say_left};

/// Says what a row changed about the person. The client does not know it yet, and so knows the list that they are taken out
/// of, unless company was still being loaded: then [`left::on_left`](super::left::on_left) has said it.
pub(super) fn on_row(store: Store, client: &Client, row: &Row) {
    let me = client.account().person;
    let Topic::List(list) = row.topic else { return };
    if row.actor == me {
        return;
    }
    let (by, name) = (names::person(client, list, row.actor), names::list(client, list));
    for change in &row.changes {
        match change {
            Change::MemberJoined { person, role, .. } if *person == me => {
                let sentence = format!("{by} made you {} “{name}”.", words(*role));
                store
                    .notices
                    .put_for(Notice::new(Kind::Role, sentence), SHOWN_FOR);
            }
            Change::MemberLeft { person } if *person == me && client.account().lists.contains_key(&list) => {
                say_left(store, list, format!("{by} removed you from “{name}”."));
            }
            _ => {}
        }
    }
}

const fn words(role: Role) -> &'static str {
    match role {
        Role::Viewer => "a viewer of",
        Role::Editor => "an editor of",
        Role::Owner => "an owner of",
    }
}
