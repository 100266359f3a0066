//! What lists and people are called, as far as the page knows.

use domain::sync::Client;
use domain::{ListId, PersonId, isolated};

/// The name of a list, as it stands in a sentence.
pub(super) fn list(client: &Client, list: ListId) -> String {
    let mut headings = client.headings();
    let heading = headings.find(|(id, _)| *id == list);
    heading.map_or_else(
        || "a list".to_owned(),
        |(_, heading)| isolated(heading.name.as_str()),
    )
}

/// The name of somebody in a list, as it stands in a sentence.
pub(super) fn person(client: &Client, list: ListId, person: PersonId) -> String {
    let member = client.list(list).and_then(|list| list.members.get(&person));
    member.map_or_else(
        || "Somebody".to_owned(),
        |member| isolated(member.profile.name.as_str()),
    )
}
