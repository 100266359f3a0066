//! Every event about a list, a person or a job: who hears it on an open stream, and who on asking for what was missed.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use backend::{Filter, Kinds, Visitor};
use domain::wire::Beat;
use domain::{ClientId, Command, ListCommand, Place, Role, TaskId, Title};

use super::beginning::sign_in;
use super::house::{SECRET, Sent, Settings, one};
use super::who::{What, Who};

/// Who hears an event of that name when things happen in the list, and when the owner starts a job. A new one fails
/// until it is here.
fn may_hear(event: &str, who: Who) -> bool {
    match event {
        // Of the protocol: each hears their own.
        "hello" | "heartbeat" | "bye" => true,
        "change" | "presence" => who.is_member(),
        // In words, for those who did not do it themselves.
        "notice" => who.is_member() && who != Who::Editor,
        "progress" => who == Who::Owner,
        // To whoever is asked in.
        "invited" => who == Who::Account,
        // Whose stream is ended.
        "gone" => who == Who::Suspended,
        other => panic!("“{other}” has no row here"),
    }
}

#[tokio::test]
async fn what_happens_in_a_list_is_heard_by_its_members_and_by_nobody_else() {
    let house = Settings::new().await;
    let kinds = Kinds::CHANGE | Kinds::PRESENCE | Kinds::NOTICE | Kinds::PROGRESS | Kinds::INVITED;
    let suspended = let_in(&house, Who::Suspended).await;
    let mut streams = Vec::new();
    for who in Who::ALL.into_iter().filter(|who| *who != Who::Nobody) {
        let filter = Filter { lists: None, kinds };
        let visitor = if who == Who::Suspended {
            suspended
        } else {
            who.visitor()
        };
        let stream = house
            .backend
            .live()
            .subscribe(&visitor, None, filter)
            .await
            .unwrap();
        streams.push((who, stream));
    }
    house
        .backend
        .admin()
        .suspend(backend::Administrator::CommandLine, suspended.person())
        .await
        .unwrap();
    let cursor = format!("{}.{}", house.backend.epoch(), house.head().await);

    let (editor, list) = (Who::Editor.visitor(), Settings::list(What::Ours));
    let add = ListCommand::add(
        TaskId::from_bytes([0xaf; 16]),
        Place::End,
        Title::parse(&format!("{SECRET}: candles")).unwrap(),
    );
    let push = one(&house.backend, editor.person(), Command::List(list, add));
    house.backend.push(&editor, push).await.unwrap();
    let guests = [Who::Editor, Who::Former, Who::Stranger, Who::Revoked].map(|who| (who, who.visitor()));
    for (who, visitor) in guests.into_iter().chain([(Who::Suspended, suspended)]) {
        let beat = Beat {
            client: ClientId::from_bytes([who as u8 + 1; 16]),
            list,
            task: None,
            typing: false,
            gone: false,
        };
        let is_taken = house.backend.live().beat(&visitor, &beat).is_ok();
        assert_eq!(is_taken, who != Who::Suspended, "{who:?}");
    }
    let owner = Who::Owner.visitor();
    let asked = Who::Account.name();
    let invite = house.backend.lists().invite(&owner, list, &asked, Role::Editor);
    invite.await.unwrap();
    let job = house.backend.lists().start_export(&owner).unwrap();
    let result = format!("/jobs/{job}/result");
    while house
        .send(Who::Owner, Method::GET, &result, Sent::Nothing)
        .await
        .0
        != StatusCode::OK
    {
        tokio::task::yield_now().await;
    }
    let missed = format!("/changes?wait=0&since={cursor}");
    for who in Who::ALL {
        let (status, text) = house.send(who, Method::GET, &missed, Sent::Nothing).await;
        assert_eq!(status == StatusCode::OK, who.has_session(), "{who:?}: {status}");
        // Who is asked in is told into what.
        let may_know = who.is_member() || who == Who::Account;
        assert_eq!(text.contains(SECRET), may_know, "{who:?}: {text}");
        assert_eq!(text.contains("candles"), who.is_member(), "{who:?}: {text}");
    }

    house.backend.live().drain();

    for (who, mut stream) in streams {
        let mut heard = BTreeSet::new();
        while let Some(frame) = stream.next().await {
            let text = String::from_utf8_lossy(frame.bytes()).into_owned();
            let may_know = match who {
                Who::Account => frame.event() == "invited",
                // Of before.
                Who::Suspended => frame.event() == "hello",
                _ => who.is_member(),
            };
            assert!(may_know || !text.contains(SECRET), "{who:?} hears {text}");
            if frame.event() == "presence" {
                for intruder in [Who::Former, Who::Stranger, Who::Revoked, Who::Suspended] {
                    let person = intruder.visitor().person().to_string();
                    assert!(
                        !text.contains(&person),
                        "{intruder:?} is said to be there: {text}"
                    );
                }
            }
            heard.insert(frame.event().to_owned());
        }
        for event in [
            "hello",
            "heartbeat",
            "change",
            "presence",
            "notice",
            "progress",
            "invited",
            "gone",
            "bye",
        ] {
            let hears = heard.remove(event);
            if who.has_session() && event != "bye" || event == "gone" {
                assert_eq!(hears, may_hear(event, who), "{who:?} and “{event}”");
            } else {
                assert!(!hears || may_hear(event, who), "{who:?} and “{event}”");
            }
        }
        assert_eq!(heard, BTreeSet::new(), "{who:?}");
    }
}

/// Lifts the suspension of somebody who signs in then.
async fn let_in(house: &Settings, who: Who) -> Visitor {
    house
        .backend
        .admin()
        .resume(backend::Administrator::CommandLine, who.visitor().person())
        .await
        .unwrap();
    sign_in(&house.backend, who).await.visitor
}
