//! Every event about a list, a person or a job: who hears it on an open stream, and who on asking for what was missed.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use backend::{Beat, Filter, Kinds};
use domain::{ClientId, Command, ListCommand, Place, TaskId, Title};

use super::house::{House, SECRET, Sent, What, Who, one};

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
        // Of who has an account: all of these are guests. `backend/tests/suite/invitations.rs` has the others.
        "invited" => false,
        other => panic!("“{other}” has no row here"),
    }
}

#[tokio::test]
async fn what_happens_in_a_list_is_heard_by_its_members_and_by_nobody_else() {
    let house = House::new().await;
    let kinds = Kinds::CHANGE | Kinds::PRESENCE | Kinds::NOTICE | Kinds::PROGRESS | Kinds::INVITED;
    let mut streams = Vec::new();
    for who in Who::ALL.into_iter().filter(|who| *who != Who::Nobody) {
        let filter = Filter { lists: None, kinds };
        streams.push((
            who,
            house
                .backend
                .subscribe(&who.visitor(), None, filter)
                .await
                .unwrap(),
        ));
    }
    let cursor = format!("{}.{}", house.backend.epoch(), house.head().await);

    let (editor, list) = (Who::Editor.visitor(), House::list(What::Ours));
    let add = ListCommand::AddTask {
        task: TaskId::from_bytes([0xaf; 16]),
        place: Place::End,
        title: Title::parse(&format!("{SECRET}: candles")).unwrap(),
    };
    let push = one(&house.backend, editor.person(), Command::List(list, add));
    house.backend.push(&editor, push).await.unwrap();
    for who in [Who::Editor, Who::Former, Who::Stranger] {
        let beat = Beat {
            client: ClientId::from_bytes([who as u8 + 1; 16]),
            list,
            task: None,
            typing: false,
            gone: false,
        };
        house.backend.beat(&who.visitor(), &beat);
    }
    let job = house.backend.start_export(&Who::Owner.visitor()).unwrap();
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
        assert_eq!(text.contains(SECRET), who.is_member(), "{who:?}: {text}");
    }

    house.backend.drain();

    for (who, mut stream) in streams {
        let mut heard = BTreeSet::new();
        while let Some(frame) = stream.next().await {
            let text = String::from_utf8_lossy(frame.bytes()).into_owned();
            assert!(who.is_member() || !text.contains(SECRET), "{who:?} hears {text}");
            if frame.event() == "presence" {
                for intruder in [Who::Former, Who::Stranger] {
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
            "bye",
        ] {
            let hears = heard.remove(event);
            if who != Who::Ended && event != "bye" {
                assert_eq!(hears, may_hear(event, who), "{who:?} and “{event}”");
            } else {
                assert!(!hears || may_hear(event, who), "{who:?} and “{event}”");
            }
        }
        assert_eq!(heard, BTreeSet::new(), "{who:?}");
    }
}
