//! Exports, while the lists that they are of change: what is in the file, and what is left on disk.

use std::path::PathBuf;

use domain::{Command, ListCommand, TaskId};
use serde_json::Value;

use crate::sign_in::anas_account;
use crate::world::{Page, SHELL, TestBackend, add};

impl TestBackend {
    fn exports(&self) -> PathBuf {
        self.folder.path().join("data/tandem.db-exports")
    }

    /// How many bytes are in files of exports by now.
    fn written(&self) -> u64 {
        let Ok(entries) = std::fs::read_dir(self.exports()) else {
            return 0;
        };
        let bytes = |entry: std::io::Result<std::fs::DirEntry>| entry.and_then(|entry| entry.metadata());
        entries
            .filter_map(|entry| bytes(entry).ok())
            .map(|data| data.len())
            .sum()
    }

    /// Begins an export, does that once so many bytes of it are written, and gives what is in the file in the end.
    async fn meanwhile(&self, page: &Page, bytes: u64, act: impl AsyncFnOnce()) -> Value {
        let id = self.lists().start_export(&page.visitor).unwrap();
        while self.written() < bytes {
            tokio::task::yield_now().await;
        }
        act().await;
        loop {
            let (progress, result) = self.lists().job(&page.visitor, &id).unwrap();
            match (progress.state, result) {
                (domain::wire::JobState::Running, _) => tokio::task::yield_now().await,
                (_, result) => {
                    let file = result.expect(&progress.sentence).open().unwrap();
                    self.lists().forget_job(&page.visitor, &id).unwrap();
                    return serde_json::from_reader(file).expect("it is JSON in any case");
                }
            }
        }
    }
}

/// Adds so many tasks.
async fn fill(page: &mut Page, count: usize) {
    for first in (0..count).step_by(100) {
        let adds = (first..count.min(first + 100)).map(|n| add(page.list, &format!("Task {n}")).1);
        let push = page.push((page.command_seq.0 + 1..).zip(adds));
        page.command_seq.0 += push.commands.len() as u64;
        page.send(push).await;
    }
}

fn tasks<'a>(export: &'a Value, part: &str) -> Vec<&'a Value> {
    let lists = export[part].as_array().unwrap();
    lists
        .iter()
        .flat_map(|list| list["tasks"].as_array().unwrap())
        .collect()
}

fn times(export: &Value, task: TaskId) -> usize {
    let all = ["lists", "trash"].map(|part| tasks(export, part)).concat();
    all.iter().filter(|found| found["id"] == task.to_string()).count()
}

/// Which of both comes first, the ouster or the last task, is not ours to say: so it is tried until it is the ouster.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_taken_out_of_a_list_has_no_more_of_it_in_an_export_that_is_under_way() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    fill(&mut ana, 3_000).await;
    let all = ana.see().await.tasks().count();
    let mut is_cut = false;
    for round in 0..7 {
        let bob = test.member("bob", &ana).await;
        let remove = ListCommand::RemoveMember {
            person: bob.visitor.person(),
        };
        let (list, ana) = (ana.list, &mut ana);
        let export = test
            .meanwhile(&bob, 3_000, async || {
                ana.done(Command::List(list, remove)).await;
            })
            .await;
        let there = export["lists"].as_array().unwrap();
        let theirs = there.iter().find(|found| found["id"] == list.to_string());
        let count = theirs.map_or(0, |list| list["tasks"].as_array().unwrap().len());
        println!("round {round}: {count} of {all} tasks");
        is_cut |= (1..all).contains(&count);
        if is_cut {
            break;
        }
    }
    assert!(is_cut, "it went on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_that_is_moved_while_an_export_is_written_is_in_it_once() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    // Whichever of both lists is the first, the moved tasks are in that.
    let second = domain::ListId::from_bytes([0xff; 16]);
    let name = domain::ListName::parse("Long").unwrap();
    let deleted = ana.add("Deleted meanwhile").await;
    let restored = ana.add("Restored meanwhile").await;
    let delete = |task| ListCommand::Delete { task };
    let list = ana.list;
    ana.done(Command::List(list, delete(restored))).await;
    let make = domain::AccountCommand::CreateList { list: second, name };
    ana.done(Command::Account(make)).await;
    let mut long = ana.another();
    long.list = second;
    fill(&mut long, 3_000).await;
    let export = test
        .meanwhile(&ana, 3_000, async || {
            long.done(Command::List(list, delete(deleted))).await;
            long.done(Command::List(list, ListCommand::Restore { task: restored }))
                .await;
        })
        .await;
    assert_eq!((times(&export, deleted), times(&export, restored)), (1, 1));
    assert_eq!(
        tasks(&export, "lists").len() + tasks(&export, "trash").len(),
        3_005
    );
}

#[tokio::test]
async fn whose_account_is_deleted_leaves_no_export() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let page = Page::new(test.backend.clone(), ana.visitor);
    let id = test.lists().start_export(&page.visitor).unwrap();
    while test.lists().job(&page.visitor, &id).unwrap().1.is_none() {
        tokio::task::yield_now().await;
    }
    assert!(test.written() > 0);
    let person = ana.visitor.person();
    test.accounts()
        .depart(SHELL, person, &Default::default())
        .await
        .unwrap();
    assert!(test.lists().job(&page.visitor, &id).is_none());
    assert_eq!(std::fs::read_dir(test.exports()).unwrap().count(), 0);
}
