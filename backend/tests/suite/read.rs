//! Snapshots and the file they come from.

use backend::{Error, SnapshotText};
use domain::wire::Snapshot;
use domain::{Command, Field, ListCommand, ListId, Refusal, Seq};

use crate::world::{Page, TestBackend, visitor};

#[tokio::test]
async fn sqlite_is_new_enough_that_two_connections_cannot_corrupt_a_log() {
    // https://sqlite.org/wal.html#walresetbug, mended in 3.51.3.
    let options = sqlx::sqlite::SqliteConnectOptions::new().in_memory(true);
    let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    let version: String = sqlx::query_scalar("select sqlite_version()")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let numbers: Vec<u32> = version.split('.').map(|number| number.parse().unwrap()).collect();
    assert!(numbers >= vec![3, 51, 3], "{version}");
}

#[tokio::test]
async fn a_snapshot_leaves_out_the_bin_and_carries_the_head() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let (milk, bread) = (ana.add("Milk").await, ana.add("Bread").await);
    ana.done(Command::List(ana.list, ListCommand::set(milk, Field::Done(true))))
        .await;
    let at = ana
        .done(Command::List(ana.list, ListCommand::Delete { task: bread }))
        .await;
    let snapshot = test.lists().snapshot(&ana.visitor, ana.list, None).await.unwrap();
    assert_eq!((snapshot.seq, snapshot.whole), (at, true));
    assert!(snapshot.list.task(bread).is_none());
    assert!(snapshot.list.task(milk).unwrap().done.is_some());
    assert_eq!(
        test.lists().overview(&ana.visitor).await.unwrap().lists[&ana.list].open,
        3
    );
}

#[tokio::test]
async fn the_first_page_of_a_long_list_is_its_first_open_tasks() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    for title in ["Milk", "Bread", "Eggs"] {
        let task = ana.add(title).await;
        if title == "Bread" {
            ana.done(Command::List(ana.list, ListCommand::set(task, Field::Done(true))))
                .await;
        }
    }
    let (visitor_now, list_now) = (ana.visitor, ana.list);
    let first = async |most| {
        test.lists()
            .snapshot(&visitor_now, list_now, Some(most))
            .await
            .unwrap()
    };
    let (five, six) = (first(5).await, first(6).await);
    let titles: Vec<_> = five
        .list
        .tasks()
        .map(|task| task.title.as_str())
        .skip(3)
        .collect();
    assert_eq!((titles, five.whole), (vec!["Milk", "Eggs"], false));
    assert_eq!((six.list.count(), six.whole), (6, true));
    assert_eq!(first(2).await.list.count(), 2);
    // With the sections, wherever they stand.
    let section = ana.add("Kitchen").await;
    let set = ListCommand::set(section, Field::Section(true));
    ana.done(Command::List(ana.list, set)).await;
    let three = first(3).await.list;
    assert_eq!((three.count(), three.sections().count()), (4, 1));
    assert_eq!(first(0).await.list.count(), 0);
    let overview = test.lists().overview(&ana.visitor).await.unwrap();
    assert_eq!(
        overview.lists[&ana.list].open, 5,
        "a section is nothing to be done"
    );
    let newcomer = visitor("newcomer");
    let short = test
        .lists()
        .snapshot(&newcomer, newcomer.first_list(), Some(2))
        .await
        .unwrap();
    assert_eq!((short.list.count(), short.whole), (2, false));
}

#[tokio::test]
async fn what_was_saved_is_there_after_a_handle_was_dropped_without_a_word() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let (visitor, list) = (ana.visitor, ana.list);
    drop(ana);
    let epoch = test.backend.epoch().clone();
    let test = test.reopen(|_| {}).await;
    let snapshot = test.lists().snapshot(&visitor, list, None).await.unwrap();
    assert_eq!(snapshot.list.open().last().unwrap().title.as_str(), "Milk");
    assert_eq!((snapshot.epoch, snapshot.seq), (epoch, Seq(3)));
    test.sound().await;
}

#[tokio::test]
async fn a_list_of_ten_thousand_is_full_and_read_whole() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let many = "with recursive n (i) as (select 1 union all select i + 1 from n where i < 9995)
        insert into tasks (id, list_id, title, order_key, added_by, added_at)
        select randomblob(16), id, 'Task ' || i, printf('z%05d', i) || '1', id, 0 from n, lists";
    ana.add("Milk").await;
    let ana = ana.catch_up();
    let test = test.altered(many).await;
    let mut ana = test.back(ana);
    ana.add("The last one").await;
    assert_eq!(
        ana.refused(crate::world::add(ana.list, "One more").1).await,
        "list_full"
    );
    assert_eq!(ana.see().await.count(), 10_000);
}

/// A list as it is sent, which is its snapshot.
async fn sent(test: &TestBackend, page: &Page, list: ListId) -> SnapshotText {
    let text = test.lists().snapshot_text(&page.visitor, list).await.unwrap();
    let snapshot = test.lists().snapshot(&page.visitor, list, None).await.unwrap();
    let said: Snapshot = serde_json::from_slice(&text.pieces.concat()).unwrap();
    assert_eq!(said, snapshot);
    assert_eq!((&text.epoch, text.version), (&said.epoch, said.list.version));
    text
}

#[tokio::test]
async fn a_version_of_a_list_is_one_text_for_all_who_are_sent_it() {
    let test = TestBackend::new().await;
    let (mut ana, mut eve) = (test.page("ana"), test.page("eve"));
    let list = ana.list;
    // Before anything of it is on disk it is nobody else's.
    sent(&test, &ana, list).await;
    ana.add("Milk").await;
    let bob = test.member("bob", &ana).await;
    let place = |text: &SnapshotText| text.pieces[1].as_ptr();
    let first = sent(&test, &ana, list).await;
    // What happens elsewhere is another place in the log, and no other list.
    eve.add("Rope").await;
    let second = sent(&test, &bob, list).await;
    assert_eq!(place(&first), place(&second));
    assert_ne!(first.pieces[0], second.pieces[0]);
    ana.add("Bread").await;
    let third = sent(&test, &bob, list).await;
    assert_ne!(place(&first), place(&third));
    let refused = test.lists().snapshot_text(&eve.visitor, list).await;
    assert!(
        matches!(refused, Err(Error::Refused(Refusal::NotFound))),
        "{refused:?}"
    );
}
