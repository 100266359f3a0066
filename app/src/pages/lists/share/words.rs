//! Links and people in words.

use domain::{Link, LinkState, List, PersonId, Role, Timestamp};

use domain::durations::between;

/// The name of a role.
pub(super) const fn role(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner",
        Role::Editor => "Editor",
        Role::Viewer => "Viewer",
    }
}

/// What people who join by a link may do.
pub(super) const fn may(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Can view",
        Role::Editor | Role::Owner => "Can edit",
    }
}

/// How long a link works and how many joined by it, or why it no longer works.
pub(super) fn terms(link: &Link, state: LinkState, at: Timestamp) -> String {
    let uses = match (link.uses, link.most_uses) {
        (1, None) => "1 person joined".to_owned(),
        (uses, None) => format!("{uses} people joined"),
        (uses, Some(most)) => format!("{uses} of {most} joined"),
    };
    let when = match (state, link.expires) {
        (LinkState::Works, None) => "does not expire".to_owned(),
        (LinkState::Works, Some(expires)) => format!("expires in {}", between(at, expires)),
        (LinkState::Revoked, _) => "revoked".to_owned(),
        (LinkState::Expired, _) => "expired".to_owned(),
        (LinkState::UsedUp, _) => "used up".to_owned(),
        (LinkState::MakerGone, _) => "ended because its creator can no longer invite people".to_owned(),
    };
    format!("{when}, {uses}")
}

/// These people by name: all of them, since it is said before they are taken out.
pub(super) fn names(list: &List, people: &[PersonId]) -> String {
    let names: Vec<String> = people
        .iter()
        .filter_map(|person| Some(list.members.get(person)?.profile.name.to_string()))
        .collect();
    join(&names)
}

/// “A”, “A and B”, “A, B and C”.
pub(super) fn join(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_joined_as_people_join_them() {
        let names = ["Ana", "Ben", "Carla"].map(str::to_owned);
        assert_eq!(join(&names[..0]), "");
        assert_eq!(join(&names[..1]), "Ana");
        assert_eq!(join(&names[..2]), "Ana and Ben");
        assert_eq!(join(&names), "Ana, Ben and Carla");
    }
}
