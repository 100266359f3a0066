//! What a provider says of somebody, in the claims that the operator has named.

use backend::OidcIdentity;
use domain::{PersonName, beginning};
use serde_json::{Map, Value};

use super::options::Settings;

/// The most characters of a name that are kept.
const LONGEST: usize = 100;

/// Claims that were verified, by name.
pub(super) type Claims = Map<String, Value>;

/// Whether these say all that the operator wants to know, or the provider is to be asked once more.
pub(super) fn are_enough(claims: &Claims, settings: &Settings) -> bool {
    let has = |claim: &str| claims.contains_key(claim);
    has(&settings.name_claim) && (settings.operator_group.is_none() || has(&settings.groups_claim))
}

/// Who they are to us.
pub(super) fn identity(claims: &Claims, subject: &str, settings: &Settings) -> OidcIdentity {
    let names = [
        settings.name_claim.as_str(),
        "preferred_username",
        "email",
        "name",
    ];
    let name = names.into_iter().find_map(|claim| text(claims, claim));
    let groups = claims.get(&settings.groups_claim);
    OidcIdentity {
        issuer: settings.issuer.as_str().to_owned(),
        subject: subject.to_owned(),
        name: name.unwrap_or_else(|| subject.chars().take(LONGEST).collect()),
        is_operator: settings
            .operator_group
            .as_deref()
            .is_some_and(|group| groups.is_some_and(|groups| is_in(groups, group))),
    }
}

/// What others are to see of somebody who is new.
pub(super) fn person_name(claims: &Claims) -> Option<PersonName> {
    let names = ["name", "nickname", "preferred_username"];
    names
        .into_iter()
        .find_map(|claim| PersonName::parse(&text(claims, claim)?).ok())
}

/// Groups are a list of words, or where there is one only that word.
fn is_in(groups: &Value, group: &str) -> bool {
    match groups {
        Value::String(one) => one == group,
        Value::Array(all) => all.iter().any(|one| one.as_str() == Some(group)),
        _ => false,
    }
}

fn text(claims: &Claims, claim: &str) -> Option<String> {
    let text = claims.get(claim)?.as_str()?;
    let kept: String = text.chars().filter(|c| !c.is_control()).collect();
    let kept = beginning(&kept, LONGEST);
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

#[cfg(test)]
mod fuzz;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::auth::oidc::options::tests::example as settings;

    fn said(claims: Value) -> OidcIdentity {
        identity(claims.as_object().unwrap(), "17", &settings())
    }

    #[test]
    fn the_name_is_what_the_operators_claim_says_or_else_what_there_is() {
        assert_eq!(
            said(json!({ "preferred_username": "ana", "email": "a@b.c" })).name,
            "ana"
        );
        assert_eq!(
            said(json!({ "preferred_username": " \u{7}", "email": "a@b.c" })).name,
            "a@b.c"
        );
        assert_eq!(said(json!({ "preferred_username": 7 })).name, "17");
        assert_eq!(said(json!({})).name, "17");
    }

    #[test]
    fn only_who_is_in_the_group_runs_the_server() {
        for (groups, is_operator) in [
            (json!(["people", "admins"]), true),
            (json!("admins"), true),
            (json!(["Admins"]), false),
            (json!("people admins"), false),
            (json!([["admins"]]), false),
            (json!({ "admins": true }), false),
            (json!(null), false),
        ] {
            assert_eq!(
                said(json!({ "groups": groups })).is_operator,
                is_operator,
                "{groups}"
            );
        }
        let nobody = Settings {
            operator_group: None,
            ..settings()
        };
        let claims = json!({ "groups": ["admins", ""] });
        assert!(!identity(claims.as_object().unwrap(), "17", &nobody).is_operator);
    }

    #[test]
    fn the_provider_is_asked_once_more_only_for_what_is_missing() {
        let enough = |claims: Value| are_enough(claims.as_object().unwrap(), &settings());
        assert!(enough(json!({ "preferred_username": "ana", "groups": [] })));
        assert!(!enough(json!({ "preferred_username": "ana" })));
        assert!(!enough(json!({ "groups": [] })));
    }
}
