//! Every plain form about an account, about who is asked into a list and about how the house is run: filled in right, and sent
//! as everybody there can be. What it is about changes for who may, and for nobody else.

use axum::http::Method;
use backend::{Administrator, OidcIdentity, SignupCodeTerms};
use domain::Role;

use super::beginning::PASSWORD;
use super::house::{Sent, Settings};
use super::who::{What, Who};

pub(super) type Fields = Vec<(&'static str, String)>;

pub(super) type May = fn(Who) -> bool;

/// The provider of this house.
const ISSUER: &str = "http://127.0.0.1:9";

/// By whom something changes, and what a right form says. `None`: met elsewhere.
pub(super) fn row(path: &str) -> Option<(May, Fields)> {
    let field = |name, value: &str| (name, value.to_owned());
    let is_theirs: May = |who| who == Who::Account;
    let runs: May = |who| who == Who::Operator;
    let (may, fields): (May, Fields) = match path {
        "/lists/{list}/invite" => (
            |who| matches!(who, Who::Editor | Who::Owner),
            vec![field("name", "ulla"), field("role", "viewer")],
        ),
        // An editor takes back what they asked themselves.
        "/lists/{list}/uninvite" => (
            |who| who == Who::Owner,
            vec![field("name", Who::Account.name().as_str())],
        ),
        "/me/invitations/{list}/accept"
        | "/me/invitations/{list}/decline"
        | "/me/invitations/{list}/mute" => (is_theirs, vec![]),
        "/me/password" => (
            is_theirs,
            vec![
                field("old", PASSWORD),
                field("password", "nine lamps over the quay"),
            ],
        ),
        "/me/sessions/{session}/end" | "/me/sessions/end-others" => (is_theirs, vec![]),
        "/me/second-factor/remove" => (is_theirs, vec![field("password", PASSWORD)]),
        "/me/delete" => (is_theirs, vec![field("password", PASSWORD)]),
        "/me/second-factor/begin" | "/me/picture" | "/me/unlink" | "/sign-out" => (is_theirs, vec![]),
        "/admin/settings" => (runs, vec![field("sign_up", "closed"), field("guests", "yes")]),
        "/admin/people" => (runs, vec![field("name", "ulla")]),
        "/admin/invitations" => (runs, vec![field("expires", "60"), field("most_uses", "1")]),
        "/admin/invitations/{invitation}/revoke" => (runs, vec![]),
        "/admin/people/{person}/suspend" | "/admin/people/{person}/end-sessions" => (runs, vec![]),
        "/admin/people/{person}/remove-factors" | "/admin/people/{person}/reset" => (runs, vec![]),
        "/admin/people/{person}/delete" => (runs, vec![field("sure", "yes")]),
        "/admin/people/{person}/reinstate" => (runs, vec![]),
        // For who has a password, a code, a passkey or an account elsewhere, whoever they are now: `tests/http`.
        "/sign-in" | "/sign-in/second" | "/sign-in/provider" | "/sign-up" | "/reset" | "/admin" => {
            return None;
        }
        path if path.starts_with("/passkey/") => return None,
        // They want more than a form: `tests/http/factors.rs`, `oidc.rs`.
        "/me/prove" | "/me/recovery-codes" | "/me/link" => return None,
        // A file makes lists: `tests/http/import.rs`.
        "/import" | "/import/{file}" => return None,
        // It changes something for who has muted somebody: `tests/http/invitations.rs`.
        "/me/unmute" => return None,
        "/me/second-factor/confirm" => return None,
        "/me/passkeys/{passkey}/rename" | "/me/passkeys/{passkey}/remove" => return None,
        // `functions` has them, and `events`.
        "/fn/{function}" | "/presence" => return None,
        "/admin/" | "/admin/{*rest}" => return None,
        other => panic!("{other} takes what is posted and has no row here"),
    };
    Some((may, fields))
}

pub(super) fn address(house: &Settings, path: &str) -> String {
    let more = if path == "/me/picture" { "?remove=1" } else { "" };
    let person = match path {
        "/admin/people/{person}/reinstate" => Who::Suspended,
        _ => Who::Account,
    };
    let person = person.visitor().person().to_string();
    let path = path.replace("{invitation}", "1");
    let account = Who::Account.visitor();
    let mut others = house.backend.accounts().sessions(&account).into_iter();
    let other = others.find(|session| session.id != account.session());
    let other = other.map_or_else(|| "ended".to_owned(), |session| session.id.to_string());
    let path = path.replace("{session}", &other);
    let path = path.replace("{list}", &Settings::list(What::Ours).to_string());
    path.replace("{person}", &person) + more
}

/// Somebody with an account who is asked into the list, has a picture and an app for codes, and may come by the provider; and an
/// invitation to the house.
pub(super) async fn house() -> Settings {
    let house = Settings::new().await;
    let (owner, account) = (Who::Owner.visitor(), Who::Account.visitor());
    let (list, name) = (Settings::list(What::Ours), Who::Account.name());
    let identity = OidcIdentity {
        issuer: ISSUER.to_owned(),
        subject: "1".to_owned(),
        name: "account".to_owned(),
        is_operator: false,
    };
    house
        .backend
        .accounts()
        .link_identity(&account, &identity)
        .await
        .unwrap();
    house
        .backend
        .accounts()
        .set_picture(&account, Some(vec![1]))
        .await
        .unwrap();
    let asked = house.backend.lists().invite(&owner, list, &name, Role::Viewer);
    asked.await.unwrap();
    house.backend.mfa().begin_totp(&account).await.unwrap();
    let code = house
        .backend
        .mfa()
        .pending_totp(&account)
        .unwrap()
        .code(house.backend.now());
    house.backend.mfa().confirm_totp(&account, &code).await.unwrap();
    house
        .backend
        .admin()
        .make_signup_code(Administrator::CommandLine, SignupCodeTerms::default())
        .await
        .unwrap();
    house
}

/// All that these forms are about.
pub(super) async fn facts(house: &Settings) -> String {
    let (backend, account, owner) = (&house.backend, Who::Account.visitor(), Who::Owner.visitor());
    let picture = backend
        .accounts()
        .picture(&account, account.person())
        .await
        .unwrap();
    format!(
        "{:?}",
        (
            backend.admin().settings(),
            backend.admin().users("", None, 50).await.unwrap().people,
            backend.admin().signup_codes().await.unwrap(),
            backend.mfa().sign_in_methods(&account).await.unwrap(),
            backend.accounts().identity(&account, ISSUER).await.unwrap(),
            picture.map(|picture| picture.name),
            backend.mfa().pending_totp(&account).is_some(),
            backend
                .lists()
                .pending_invitations(&owner, Settings::list(What::Ours))
                .await
                .unwrap(),
            backend.lists().invitations(&account).await.unwrap(),
        )
    )
}

#[tokio::test]
async fn a_form_that_is_filled_in_right_changes_something_for_who_may_and_for_nobody_else() {
    let empty = Settings::new().await;
    let mut forms = 0;
    for path in empty.doors.iter().map(|door| door.path) {
        let takes = empty.takes_what_is_posted(&address(&empty, path)).await;
        let Some((may, _)) = takes.then(|| row(path)).flatten() else {
            continue;
        };
        forms += 1;
        for who in Who::ALL {
            let (house, fields) = (house().await, row(path).unwrap().1);
            let before = facts(&house).await;
            let (status, _) = house
                .send(who, Method::POST, &address(&house, path), Sent::Form(fields))
                .await;
            let after = facts(&house).await;
            assert_eq!(before != after, may(who), "{path} as {who:?} ({status}): {after}");
        }
    }
    assert!(forms >= 21, "{forms}");
}
