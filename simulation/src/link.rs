//! The one link that each list has here: for editors, made by an owner, and good for ever.

use domain::{Attribution, Link, LinkId, List, ListId, Role, Timestamp};

/// Its code, in the reference.
pub(super) fn code_of(list: ListId) -> String {
    format!("open-{list}")
}

/// The link as the rules see it.
pub(super) fn link_of(list: &List) -> Option<Link> {
    let is_owner = |role: Role| role.can_manage();
    let (by, _) = list.members.iter().find(|(_, member)| is_owner(member.role))?;
    let made = Attribution {
        by: *by,
        at: Timestamp::ZERO,
    };
    let id = LinkId::from_bytes(*list.id.as_bytes());
    Some(Link::new(id, list.id, Role::Editor, made, None, None))
}
