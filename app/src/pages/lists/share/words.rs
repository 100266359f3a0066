//! Times and people in words.

use domain::{Link, LinkState, List, PersonId, Role, Timestamp};

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

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
        (LinkState::Works, Some(expires)) => format!("expires in {}", span(at, expires)),
        (LinkState::Revoked, _) => "revoked".to_owned(),
        (LinkState::Expired, _) => "expired".to_owned(),
        (LinkState::UsedUp, _) => "used up".to_owned(),
        (LinkState::MakerGone, _) => "ended because its creator can no longer invite people".to_owned(),
    };
    format!("{when}, {uses}")
}

/// The time between these, roughly, in words.
pub(super) fn span(from: Timestamp, to: Timestamp) -> String {
    let milliseconds = to.0.saturating_sub(from.0);
    let rounded = |unit: u64| (milliseconds + unit / 2) / unit;
    let words = |count: u64, one: &str, many: &str| match count {
        1 => one.to_owned(),
        _ => format!("{count} {many}"),
    };
    match (rounded(MINUTE), rounded(HOUR), rounded(DAY)) {
        (0, ..) => "less than a minute".to_owned(),
        (minutes @ ..60, ..) => words(minutes, "a minute", "minutes"),
        (_, hours @ ..24, _) => words(hours, "an hour", "hours"),
        (.., days) => words(days, "a day", "days"),
    }
}

/// The names of these people. All are named, since the page says it before they are removed.
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
    fn times_are_said_as_people_say_them() {
        for (milliseconds, words) in [
            (29 * SECOND, "less than a minute"),
            (MINUTE, "a minute"),
            (59 * MINUTE, "59 minutes"),
            (59 * MINUTE + 59 * SECOND, "an hour"),
            (HOUR + 29 * MINUTE, "an hour"),
            (23 * HOUR, "23 hours"),
            (DAY - 1, "a day"),
            (7 * DAY - SECOND, "7 days"),
        ] {
            assert_eq!(span(Timestamp(5), Timestamp(5 + milliseconds)), words);
        }
        assert_eq!(span(Timestamp(9), Timestamp(5)), "less than a minute");
    }

    #[test]
    fn names_are_joined_as_people_join_them() {
        let names = ["Ana", "Ben", "Carla"].map(str::to_owned);
        assert_eq!(join(&names[..0]), "");
        assert_eq!(join(&names[..1]), "Ana");
        assert_eq!(join(&names[..2]), "Ana and Ben");
        assert_eq!(join(&names), "Ana, Ben and Carla");
    }
}
