//! The lists at the side.

use domain::sync::Client;
use domain::wire::Heading;
use domain::{ListId, LiteMap};

/// A list at the side.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SideRow {
    /// The list that it stands for.
    pub(crate) list: ListId,
    /// What it is called, and how much there is to do.
    pub(crate) heading: Heading,
    /// Whether somebody else is in it, as far as the page knows.
    pub(crate) shared: bool,
}

/// All of them by name, since everyone finds a name.
pub(super) fn side(client: &Client) -> Vec<SideRow> {
    let mut side: LiteMap<_, SideRow> = LiteMap::new();
    for (list, heading) in client.headings() {
        let shared = client.list(list).is_some_and(|list| list.members.len() > 1);
        let name = heading.name.as_str().to_ascii_lowercase();
        let row = SideRow {
            list,
            heading,
            shared,
        };
        side.insert((name, list), row);
    }
    side.into_iter().map(|(_, row)| row).collect()
}
