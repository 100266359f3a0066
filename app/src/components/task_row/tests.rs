//! What the server draws is what the browser takes over.

#![cfg(feature = "ssr")]

use std::sync::Arc;

use domain::{Attribution, OrderKey, PersonId, Task, Timestamp, Title};
use hydration_context::SsrSharedContext;
use leptos::tachys::view::RenderHtml;

use super::*;
use crate::InitialState;

const STATE: &str = r#"{
    "hello": { "wire": 1, "epoch": "0", "seq": 0, "head": 0, "heartbeat": 1,
        "lists": { "019a0000-0000-7000-8000-000000000003": { "name": "Home", "role": "owner", "version": 3, "open": 2 } },
        "account": { "person": "019a0000-0000-7000-8000-000000000001", "version": 0, "profile": { "name": "Ann", "colour": 11 },
            "lists": { "019a0000-0000-7000-8000-000000000003": "owner" } } },
    "snapshot": { "epoch": "0", "seq": 9, "whole": true,
        "list": { "id": "019a0000-0000-7000-8000-000000000003", "version": 3, "name": "Home", "members": { "019a0000-0000-7000-8000-000000000001":
            { "role": "owner", "profile": { "name": "Ann", "colour": 11 } } }, "tasks": [] },
        "tasks": [
            ["019a0000-0000-7000-8000-000000000004", "Milk & <b>", "j1", 0, 5, null, "", []],
            ["019a0000-0000-7000-8000-000000000005", "Bread", "k1", 0, 6, [0, 7], "Two.", [], "019a0000-0000-7000-8000-000000000004"],
            ["019a0000-0000-7000-8000-000000000008", "Rolls", "k1", 0, 6, null, "", [], "019a0000-0000-7000-8000-000000000004"],
            ["019a0000-0000-7000-8000-000000000009", "Kitchen", "k4", 0, 6, null, "", [{ "section": true }]],
            ["019a0000-0000-7000-8000-00000000000a", "Lamp", "k5", 0, 6, null, "", [], "019a0000-0000-7000-8000-000000000009"],
            ["019a0000-0000-7000-8000-000000000006", "Salt", "k2", 0, 6, null, "", OTHERS],
            ["019a0000-0000-7000-8000-000000000007", "Eggs", "k3", 0, 6, [0, 7], "Ten.", OTHERS]
        ],
        "people": ["019a0000-0000-7000-8000-000000000001"] },
    "once": "00ff", "kept": null, "deleted": null }"#;

/// The elements without their attributes, and the texts and marks between them.
fn bare(html: &str) -> String {
    let tag = |piece: &str| match piece.split_once('>') {
        Some((tag, text)) => {
            let name = tag.split(' ').next().unwrap_or_default();
            format!("<{name}>{text}")
        }
        None => piece.to_owned(),
    };
    html.split('<').skip(1).map(tag).collect()
}

#[test]
fn both_halves_draw_the_same_elements() {
    // Without its context Leptos takes this for a browser.
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new())));
    owner.with(|| {
        let added = Attribution {
            by: PersonId::from_bytes([1; 16]),
            at: Timestamp(5),
        };
        let mut task = Task::new(
            TaskId::from_bytes([2; 16]),
            Title::parse("Milk").unwrap(),
            OrderKey::between(None, None),
            added,
        );
        for field in Field::examples(1) {
            field.apply(&mut task, added);
        }
        task.labels = vec![domain::LabelName::parse("at <home>").unwrap()];
        task.assignees = vec!["019a0000-0000-7000-8000-000000000001".parse().unwrap()];
        let others = crate::json::write(&Field::others_of(&task)).unwrap();
        let state = STATE.replace("OTHERS", &others);
        let state: InitialState = crate::json::read(&state).unwrap();
        let session = Session::new(state.hello, state.snapshot);
        let store = session.store;
        let list = store.shown.get_untracked().unwrap();
        let tasks: Vec<(TaskId, bool)> = [(store.open, false), (store.done, true)]
            .into_iter()
            .flat_map(|(rows, done)| {
                rows.get_untracked()
                    .into_iter()
                    .map(move |(task, _)| (task, done))
            })
            .collect();
        assert_eq!(tasks.len(), 7);
        for (task, done) in tasks {
            let theirs = task_row(session, task, done).unwrap().to_html();
            let row = session.with(|client| {
                let list = client.list(list).unwrap();
                Row::new(1, list, list.task(task).unwrap())
            });
            let ours = live(session, task, row, done).to_html();
            assert!(theirs.contains("</li>"), "{theirs}");
            assert_eq!(bare(&theirs), bare(&ours));
        }
    });
}
