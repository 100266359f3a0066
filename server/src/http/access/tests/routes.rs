//! Every address, with every method.

use axum::http::{Method, StatusCode};

use super::house::{SECRET, Sent, Settings};
use super::who::{What, Who};
use crate::http::access::{Access, Door};

const METHODS: [Method; 7] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
];

/// What stands in the place of what varies, and behind the question mark.
pub(super) fn address(door: Door, what: What, job: &str, cursor: &str) -> String {
    let (list, task) = (Settings::list(what), Settings::task(what));
    let query = match door.path {
        "/lists/{list}/task" => format!("?task={task}"),
        "/lists/{list}/catch-up" => format!("?since={cursor}"),
        "/fn/snapshot" => format!("?list={list}"),
        "/changes" => "?wait=0".to_owned(),
        "/"
        | "/join"
        | "/me"
        | "/me/password"
        | "/me/sessions/{session}/end"
        | "/me/sessions/end-others"
        | "/me/delete"
        | "/me/prove"
        | "/me/second-factor"
        | "/me/recovery-codes"
        | "/me/second-factor/begin"
        | "/me/second-factor/confirm"
        | "/me/second-factor/remove"
        | "/me/passkeys"
        | "/me/passkeys/{passkey}/rename"
        | "/me/passkeys/{passkey}/remove"
        | "/passkey/sign-in/begin"
        | "/passkey/sign-in/finish"
        | "/passkey/prove/begin"
        | "/passkey/prove/finish"
        | "/passkey/add/begin"
        | "/passkey/add/finish"
        | "/passkey/sign-up/begin"
        | "/passkey/sign-up/finish"
        | "/sign-in"
        | "/sign-in/second"
        | "/sign-up"
        | "/sign-out"
        | "/sign-in/provider"
        | "/sign-in/return"
        | "/me/link"
        | "/me/picture"
        | "/pictures.css"
        | "/people/{person}/picture"
        | "/me/invitations/{list}/accept"
        | "/me/invitations/{list}/decline"
        | "/me/invitations/{list}/mute"
        | "/me/unmute"
        | "/lists/{list}/invite"
        | "/lists/{list}/uninvite"
        | "/me/unlink"
        | "/live-check"
        | "/offline"
        | "/healthz"
        | "/metrics"
        | "/session"
        | "/events"
        | "/events/check"
        | "/presence"
        | "/fn/{function}"
        | "/lists/{list}"
        | "/lists/{list}/share"
        | "/lists/{list}/trash"
        | "/import"
        | "/import/{file}"
        | "/jobs/{id}"
        | "/jobs/{id}/result"
        | "/admin"
        | "/admin/"
        | "/admin/live"
        | "/admin/audit"
        | "/admin/settings"
        | "/admin/people"
        | "/admin/people/{person}"
        | "/admin/invitations"
        | "/admin/invitations/{invitation}/revoke"
        | "/admin/people/{person}/suspend"
        | "/admin/people/{person}/reinstate"
        | "/admin/people/{person}/end-sessions"
        | "/admin/people/{person}/remove-factors"
        | "/admin/people/{person}/reset"
        | "/admin/people/{person}/delete"
        | "/reset"
        | "/admin/{*rest}" => String::new(),
        other => panic!("{other} has no row here"),
    };
    let path = door
        .path
        .replace("{list}", &list.to_string())
        .replace("{person}", &Settings::person(what).to_string())
        .replace("{id}", job)
        .replace("{file}", "no-such-file")
        .replace("{passkey}", "no-such-passkey")
        .replace("{session}", "no-such-session")
        .replace("{invitation}", "0")
        .replace("{function}", "no_such_function")
        .replace("{*rest}", "no/such/page");
    format!("{path}{query}")
}

/// What a browser that follows a link there is answered.
fn expected(door: Door, who: Who, what: What) -> Vec<StatusCode> {
    let is_seen = match door.access {
        // What is in the trash has no page.
        Access::Member if what == What::Trashed && door.path.ends_with("/task") => false,
        Access::Everyone | Access::Visitor => true,
        Access::Session => who.has_session(),
        Access::Member => who.is_member() && matches!(what, What::Ours | What::Trashed),
        Access::Owner => who == Who::Owner,
        Access::Account => who.has_account(),
        Access::Operator => who == Who::Operator,
        Access::Metrics => who == Who::Operator,
    };
    let is_way_in = door.path.starts_with("/sign-") || door.path.starts_with("/reset");
    match door.access {
        // Who had an account and is not let in is asked to sign in, not given a guest's empty list.
        Access::Visitor | Access::Account | Access::Member | Access::Owner | Access::Operator
            if who == Who::Suspended && !is_way_in =>
        {
            vec![
                StatusCode::SEE_OTHER,
                StatusCode::UNAUTHORIZED,
                StatusCode::METHOD_NOT_ALLOWED,
            ]
        }
        // Nobody's sign-in is half done.
        _ if door.path == "/sign-in/second" => vec![StatusCode::SEE_OTHER],
        Access::Operator if is_seen => vec![StatusCode::OK, StatusCode::SEE_OTHER, StatusCode::NOT_FOUND],
        // Nobody was sent away, so nobody comes back.
        _ if door.path == "/sign-in/return" => vec![StatusCode::UNPROCESSABLE_ENTITY],
        // Whose file it is sees it in `tests/http/import.rs`.
        _ if door.path == "/import/{file}" && who.has_session() => vec![StatusCode::NOT_FOUND],
        // Only posted to, and that is met in `tests/http/invitations.rs`.
        _ if door.path.ends_with("invite") => vec![StatusCode::METHOD_NOT_ALLOWED],
        // Who is in already is led on.
        _ if who.has_account() && is_way_in => {
            vec![
                StatusCode::SEE_OTHER,
                StatusCode::OK,
                StatusCode::METHOD_NOT_ALLOWED,
            ]
        }
        _ if is_seen => vec![
            StatusCode::OK,
            StatusCode::NO_CONTENT,
            StatusCode::METHOD_NOT_ALLOWED,
        ],
        Access::Account => vec![StatusCode::SEE_OTHER, StatusCode::METHOD_NOT_ALLOWED],
        // The form that asks for the code.
        Access::Operator => vec![StatusCode::OK],
        Access::Metrics => vec![StatusCode::UNAUTHORIZED],
        // Documents begin a session, and then it is as for any stranger.
        _ if !who.has_session() && door.access == Access::Session => {
            vec![StatusCode::UNAUTHORIZED, StatusCode::METHOD_NOT_ALLOWED]
        }
        _ if !who.has_session() => vec![StatusCode::UNAUTHORIZED, StatusCode::NOT_FOUND],
        _ => vec![StatusCode::NOT_FOUND],
    }
}

#[tokio::test]
async fn at_every_address_everybody_sees_what_they_may_and_nothing_else() {
    let house = Settings::new().await;
    let job = house.backend.lists().start_export(&Who::Owner.visitor()).unwrap();
    let result = format!("/jobs/{job}/result");
    while house
        .send(Who::Owner, Method::GET, &result, Sent::Nothing)
        .await
        .0
        != StatusCode::OK
    {
        tokio::task::yield_now().await;
    }
    let cursor = format!("{}.0", house.backend.epoch());
    let before = house.lists().await;
    assert!(house.doors.len() > 20, "{:?}", house.doors);
    for door in house.doors.iter().copied() {
        for (who, what) in Who::ALL
            .into_iter()
            .flat_map(|who| What::ALL.map(|what| (who, what)))
        {
            for method in METHODS {
                // That is what it is for.
                if who.has_account() && door.path == "/sign-out" {
                    continue;
                }
                let path = address(door, what, &job, &cursor);
                let case = format!("{method} {path} as {who:?}");
                let (status, text) = house.send(who, method.clone(), &path, Sent::Nothing).await;
                if method == Method::GET {
                    let expected = expected(door, who, what);
                    assert!(
                        expected.contains(&status),
                        "{case}: {status}, not one of {expected:?}"
                    );
                }
                // The provider of this house does not answer.
                let is_ours = door.path != "/sign-in/provider";
                assert!(!status.is_server_error() || !is_ours, "{case}: {status}");
                let is_told = text.contains(SECRET);
                let is_about_it = door.access != Access::Member || matches!(what, What::Ours | What::Trashed);
                assert!(
                    !is_told || who.is_member() && is_about_it,
                    "{case} tells what only members may know: {text}"
                );
                let is_asked = !matches!(who, Who::Operator | Who::Suspended);
                if door.access == Access::Operator && is_asked && method == Method::GET {
                    assert!(text.contains("name=\"code\""), "{case}: {text}");
                }
            }
        }
    }
    assert_eq!(
        house.lists().await,
        before,
        "an address alone has changed something"
    );
}
