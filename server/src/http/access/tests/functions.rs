//! Every server function, as a script asks it.

use axum::http::Method;
use leptos::server_fn::axum::server_fn_paths;

use super::house::{Sent, Settings};
use super::who::{What, Who};
use super::{Need, Outcome};

pub(super) type Fields = Vec<(&'static str, String)>;

/// What each needs, and what a right request of it carries. `None`: elsewhere.
pub(super) fn row(function: &str, who: Who, what: What) -> Option<(Need, Fields)> {
    let list = ("list", Settings::list(what).to_string());
    let task = ("task", Settings::task(what).to_string());
    let (need, fields) = match function {
        // Commands, of which `commands` has all.
        "push" => return None,
        "add_task" | "add_section" => (Need::Edit, vec![list, ("title", "Milk".to_owned())]),
        "edit_task" => (Need::Edit, vec![list, task, ("field[title]", "Milk".to_owned())]),
        "move_task" => (Need::Edit, vec![list, task, ("to", "up".to_owned())]),
        "complete_task" | "reopen_task" | "duplicate_task" | "delete_task" | "restore_task" => {
            (Need::Edit, vec![list, task])
        }
        "clear_completed" | "clear_list" | "restore_all" => (Need::Edit, vec![list]),
        "rename_list" => (Need::Manage, vec![list, ("name", "Ours".to_owned())]),
        "remove_member" => {
            let person = Who::Editor.visitor().person().to_string();
            (Need::Manage, vec![list, ("person", person)])
        }
        "create_list" => (Need::Session, vec![("name", "Mine".to_owned())]),
        "join_list" => (Need::Session, vec![("code", who.code())]),
        "make_link" => (Need::Edit, vec![list, ("role", "viewer".to_owned())]),
        "revoke_link" => {
            let link = Settings::link().link.to_string();
            let and_remove = ("and_remove", "1".to_owned());
            (Need::Manage, vec![list, ("link", link), and_remove])
        }
        "set_role" | "hand_over" => {
            let person = Who::Viewer.visitor().person().to_string();
            (
                Need::Manage,
                vec![list, ("person", person), ("role", "editor".to_owned())],
            )
        }
        "set_profile" => (
            Need::Session,
            vec![("name", "Ann".to_owned()), ("colour", "3".to_owned())],
        ),
        "end_session" | "start_export" => (Need::Session, vec![]),
        "forget_job" => (Need::Session, vec![("job", "no-such-job".to_owned())]),
        other => panic!("{other} has no row here"),
    };
    Some((need, fields))
}

/// What the rules say, where the function itself has more of them.
fn expected(function: &str, need: Need, who: Who, what: What) -> Outcome {
    match (need.outcome(who, what), function, what) {
        // A task in the trash may be taken out, or put in once more, and nothing else.
        (
            Outcome::Done,
            "edit_task" | "move_task" | "duplicate_task" | "complete_task" | "reopen_task",
            What::Trashed,
        ) => Outcome::Refused("deleted"),
        (Outcome::Done, "join_list", _) if who.is_locked_out() => Outcome::Refused("link_invalid"),
        // Anybody may leave.
        (Outcome::Refused("owner_only"), "remove_member", _) if who == Who::Editor => Outcome::Done,
        (outcome, ..) => outcome,
    }
}

#[tokio::test]
async fn every_server_function_does_it_for_those_who_may_and_for_nobody_else() {
    let mut house = Settings::new().await;
    let mut names: Vec<_> = server_fn_paths()
        .map(|(path, _)| path.strip_prefix("/fn/").unwrap())
        .collect();
    names.sort_unstable();
    assert!(names.len() > 15, "{names:?}");
    for name in names {
        for (who, what) in Who::ALL
            .into_iter()
            .flat_map(|who| What::ALL.map(|what| (who, what)))
        {
            let Some((need, fields)) = row(name, who, what) else {
                continue;
            };
            let case = format!("{name} by {who:?} of {what:?}");
            let expected = expected(name, need, who, what);
            let before = house.lists().await;
            let path = format!("/fn/{name}");
            let (status, text) = house.send(who, Method::POST, &path, Sent::Form(fields)).await;
            let seen = match status.as_u16() {
                200 => Outcome::Done,
                401 => Outcome::NoSession,
                _ => Outcome::Refused(""),
            };
            match expected {
                Outcome::Refused(code) => {
                    assert_eq!(seen, Outcome::Refused(""), "{case}: {status} {text}");
                    assert!(
                        text.contains(&format!("\"{code}\"")),
                        "{case}: not {code} but {text}"
                    );
                }
                other => assert_eq!(seen, other, "{case}: {status} {text}"),
            }
            if expected == Outcome::Done {
                house = Settings::new().await;
            } else {
                assert_eq!(
                    house.lists().await,
                    before,
                    "{case} was refused, and yet something changed"
                );
            }
        }
    }
}
