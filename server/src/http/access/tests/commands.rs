//! Every command, as a page pushes it.

use std::collections::BTreeSet;
use std::fmt::Debug;

use axum::http::{Method, StatusCode};
use domain::wire::{self, Reply};
use domain::{
    AccountCommand, Colour, Command, Field, ListCommand, ListId, ListName, PersonName, Place, Profile,
    TaskId, Title,
};
use serde::de::DeserializeOwned;

use super::house::{Sent, Settings, one};
use super::who::{What, Who};
use super::{Need, Outcome};

/// What each needs. A new command does not compile until it has its line here.
const fn need(command: &Command) -> Need {
    match command {
        Command::List(_, command) => match command {
            ListCommand::Rename { .. } | ListCommand::RemoveMember { .. } => Need::Manage,
            ListCommand::AddTask { .. }
            | ListCommand::Set { .. }
            | ListCommand::Complete { .. }
            | ListCommand::Move { .. }
            | ListCommand::Delete { .. }
            | ListCommand::Restore { .. }
            | ListCommand::ClearCompleted {} => Need::Edit,
        },
        Command::Account(command) => match command {
            AccountCommand::CreateList { .. }
            | AccountCommand::Join { .. }
            | AccountCommand::SetProfile { .. } => Need::Session,
        },
    }
}

/// One of each.
fn all(who: Who, what: What) -> Vec<Command> {
    let (list, task) = (Settings::list(what), Settings::task(what));
    let title = Title::parse("Milk").unwrap();
    let name = ListName::parse("Ours").unwrap();
    let fresh = TaskId::from_bytes([0xaf; 16]);
    let ours = Settings::list(What::Ours);
    let code = who.code();
    let profile = Profile {
        name: PersonName::parse("Ann").unwrap(),
        colour: Colour::default(),
    };
    let mut commands: Vec<Command> = [
        ListCommand::Rename { name: name.clone() },
        ListCommand::RemoveMember {
            person: Who::Editor.visitor().person(),
        },
        ListCommand::add(fresh, Place::End, title.clone()),
        ListCommand::Complete {
            task,
            next: fresh,
            due: domain::Day::of(2027, 3, 1).unwrap(),
        },
        ListCommand::Move {
            task,
            place: Place::Start,
        },
        ListCommand::Delete { task },
        ListCommand::Restore { task },
        ListCommand::ClearCompleted {},
    ]
    .into_iter()
    .chain(
        Field::examples(1)
            .into_iter()
            .map(|field| ListCommand::set(task, field)),
    )
    .map(|command| Command::List(list, command))
    .collect();
    commands.extend(
        [
            AccountCommand::CreateList {
                list: ListId::from_bytes([0xdd; 16]),
                name,
            },
            AccountCommand::Join { list: ours, code },
            AccountCommand::SetProfile { profile },
        ]
        .map(Command::Account),
    );
    commands
}

/// What the rules say, where the command itself has more of them.
fn expected(command: &Command, who: Who, what: What) -> Outcome {
    let outcome = need(command).outcome(who, what);
    match command {
        // Anybody may leave.
        Command::List(_, ListCommand::RemoveMember { .. })
            if who == Who::Editor && outcome == Outcome::Refused("owner_only") =>
        {
            Outcome::Done
        }
        Command::Account(AccountCommand::Join { .. }) if who.is_locked_out() => {
            Outcome::Refused("link_invalid")
        }
        // A task in the trash may be taken out, or put in once more, and nothing else.
        Command::List(
            _,
            ListCommand::Set { .. } | ListCommand::Complete { .. } | ListCommand::Move { .. },
        ) if what == What::Trashed && outcome == Outcome::Done => Outcome::Refused("deleted"),
        _ => outcome,
    }
}

/// The word for it on the wire, the inner one.
fn word(command: &Command) -> String {
    let json = serde_json::to_value(command).unwrap();
    let inner = json.get("account").or_else(|| json.get("list")?.get(1)).unwrap();
    inner.as_object().unwrap().keys().next().unwrap().clone()
}

#[tokio::test]
async fn every_command_is_done_for_those_who_may_and_refused_to_everybody_else() {
    let mut house = Settings::new().await;
    for (who, what) in Who::ALL
        .into_iter()
        .flat_map(|who| What::ALL.map(|what| (who, what)))
    {
        for command in all(who, what) {
            let case = format!("{} by {who:?} of {what:?}", word(&command));
            let expected = expected(&command, who, what);
            let before = house.lists().await;
            let push = one(&house.backend, who.visitor().person(), command);
            let body = format!("{{\"push\":{}}}", serde_json::to_string(&push).unwrap());
            let (status, text) = house.send(who, Method::POST, "/fn/push", Sent::Json(body)).await;
            let seen = match status {
                StatusCode::UNAUTHORIZED => None,
                _ => match serde_json::from_str(&text).unwrap() {
                    Reply::Answered { mut answers, .. } => answers.pop().map(|answer| answer.outcome),
                    other => panic!("{case}: {other:?}"),
                },
            };
            match (expected, &seen) {
                (Outcome::NoSession, None) => {}
                (Outcome::Done, Some(wire::Outcome::Done { .. })) => house = Settings::new().await,
                (Outcome::Refused(code), Some(wire::Outcome::Refused { code: seen, .. })) => {
                    assert_eq!(seen, code, "{case}");
                }
                _ => panic!("{case}: not {expected:?} but {seen:?}"),
            }
            if expected != Outcome::Done {
                assert_eq!(
                    house.lists().await,
                    before,
                    "{case} was refused, and yet something changed"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_page_that_names_somebody_else_does_nothing_in_their_name() {
    let house = Settings::new().await;
    let before = house.lists().await;
    for (who, named) in [
        (Who::Stranger, Who::Owner),
        (Who::Viewer, Who::Owner),
        (Who::Editor, Who::Owner),
    ] {
        for command in all(who, What::Ours) {
            let push = one(&house.backend, named.visitor().person(), command);
            let body = format!("{{\"push\":{}}}", serde_json::to_string(&push).unwrap());
            let (_, text) = house.send(who, Method::POST, "/fn/push", Sent::Json(body)).await;
            assert!(
                matches!(serde_json::from_str(&text).unwrap(), Reply::OtherPerson { .. }),
                "{text}"
            );
        }
    }
    assert_eq!(house.lists().await, before);
}

/// What `serde` knows about an enum, it tells whoever asks for a case that there is not.
fn cases<T: DeserializeOwned + Debug>() -> BTreeSet<String> {
    let error = serde_json::from_str::<T>("\"\"").unwrap_err().to_string();
    error.split('`').skip(3).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_command_there_is_has_its_example() {
    let known = &cases::<ListCommand>() | &cases::<AccountCommand>();
    assert!(known.len() > 10, "{known:?}");
    let here: BTreeSet<String> = all(Who::Stranger, What::Ours).iter().map(word).collect();
    assert_eq!(here, known);
}
