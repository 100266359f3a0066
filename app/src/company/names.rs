//! What lists and people are called, as far as the page knows.

use domain::sync::Client;
use domain::{ListId, PersonId};

/// The name of a list.
pub(super) fn list(client: &Client, list: ListId) -> String {
    let mut headings = client.headings();
    let heading = headings.find(|(id, _)| *id == list);
    heading.map_or_else(|| "a list".to_owned(), |(_, heading)| heading.name.to_string())
}

/// The name of somebody in a list.
pub(super) fn person(client: &Client, list: ListId, person: PersonId) -> String {
    let member = client.list(list).and_then(|list| list.members.get(&person));
    member.map_or_else(|| "Somebody".to_owned(), |member| member.profile.name.to_string())
}
