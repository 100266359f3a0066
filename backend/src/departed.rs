//! How somebody appears whose account was deleted, wherever others still read of them.

use std::collections::BTreeSet;

use domain::{Change, PersonId, PersonName, Profile, profile};

/// What they are called from then on who left.
pub const GONE: &str = "Somebody who left";

/// How they appear from then on.
pub(crate) fn gone(person: PersonId) -> Profile {
    let colour = profile(person).colour;
    let name = PersonName::parse(GONE).unwrap_or_else(|_| PersonName::unknown());
    Profile { name, colour }
}

/// The changes of a row, as JSON, with nobody of those under the name they had; none where they are named nowhere in it. What cannot be
/// read stays as it is.
pub(crate) fn without_names(changes: &str, departed: &BTreeSet<PersonId>) -> Option<String> {
    // Nearly every row is about tasks, and most of the time nobody has just left.
    if departed.is_empty() || !changes.contains("\"member_") {
        return None;
    }
    let mut all: Vec<Change> = serde_json::from_str(changes).ok()?;
    let mut is_other = false;
    for change in &mut all {
        if let Change::MemberJoined { person, profile, .. } | Change::MemberRenamed { person, profile } =
            change
            && departed.contains(person)
        {
            let after = gone(*person);
            is_other |= *profile != after;
            *profile = after;
        }
    }
    is_other.then(|| serde_json::to_string(&all).ok()).flatten()
}

crate::guard! {
    /// The changes of a row as others may read them while names in it are still to be erased.
    pub(crate) fn readable(changes: String, departed: &BTreeSet<PersonId>) -> String {
        without_names(&changes, departed).unwrap_or(changes)
    }
    NamedMeanwhile: {
        let _ = departed;
        changes
    }
}
