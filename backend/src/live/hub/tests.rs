//! What the hub tells to whom, and in which order.

use domain::{Change, Role, Timestamp};

use super::*;
use crate::database::log::RowHead;
use crate::live::fanout::LARGE;
use crate::live::inbox::Item;
use crate::live::subscriptions::MOST_RECENT;

const ANA: PersonId = PersonId::from_bytes([1; 16]);
fn visitor() -> Visitor {
    Visitor::signed_in(ANA, SessionId::of_guest(ANA), LIST)
}

const LIST: ListId = ListId::from_bytes([2; 16]);

fn row(seq: u64, topic: Topic, changes: &[Change]) -> CommittedRow {
    let (seq, version) = (Seq(seq), Version(seq));
    let head = RowHead {
        seq,
        topic,
        version,
        actor: ANA,
        client: None,
        command_seq: None,
        at: Timestamp(0),
    };
    CommittedRow::new(head, changes)
}

fn in_list(seq: u64) -> CommittedRow {
    row(seq, Topic::List(LIST), &[])
}

/// A hub that has told up to row 3, and one who has yet to attach.
async fn hub() -> (Arc<Hub>, Listener) {
    let hub = Arc::new(Hub::new(Epoch::parse("k3").unwrap(), Seq(2), HashSet::new()));
    tell(&hub, vec![in_list(3)]).await;
    let listener = hub.listen(&visitor(), Filter::default());
    (hub, listener)
}

async fn tell(hub: &Arc<Hub>, rows: Vec<CommittedRow>) {
    hub.publish(rows);
    hub.deliver().await;
}

fn heard(listener: &Listener) -> Vec<u64> {
    let next = || match listener.inbox.take() {
        Item::Frame(frame) => Some(frame.seq().unwrap().0),
        Item::Overflown | Item::Nothing | Item::Closed(_) => None,
    };
    std::iter::from_fn(next).collect()
}

#[tokio::test]
async fn what_a_reader_has_read_ahead_of_the_hub_is_not_told_again() {
    let (hub, ana) = hub().await;
    assert!(ana.attach([LIST].into(), Seq(5)).is_ok());
    // As of row 5 they are in the list; that row 4 took them out and row 5 let them in again is past.
    let (left, joined) = (
        Change::ListLeft { list: LIST },
        Change::ListJoined {
            list: LIST,
            role: Role::Editor,
        },
    );
    tell(
        &hub,
        vec![
            row(4, Topic::Person(ANA), &[left]),
            row(5, Topic::Person(ANA), &[joined]),
        ],
    )
    .await;
    hub.heartbeat().await;
    tell(&hub, vec![in_list(6)]).await;
    assert_eq!(heard(&ana), [5, 6], "a heartbeat at 5, then the row");
}

#[tokio::test]
async fn a_heartbeat_never_goes_back_behind_what_was_read() {
    let (hub, ana) = hub().await;
    assert!(ana.attach([LIST].into(), Seq(5)).is_ok());
    hub.heartbeat().await;
    assert_eq!(heard(&ana), [0; 0]);
}

#[tokio::test]
async fn what_was_told_while_a_reader_read_the_log_is_made_up_for() {
    let (hub, ana) = hub().await;
    let left = Change::ListLeft { list: LIST };
    tell(
        &hub,
        vec![in_list(4), row(5, Topic::Person(ANA), &[left]), in_list(6)],
    )
    .await;
    assert!(ana.attach([LIST].into(), Seq(2)).is_ok());
    tell(&hub, vec![in_list(7)]).await;
    assert_eq!(heard(&ana), [3, 4, 5]);
}

#[tokio::test]
async fn one_whose_reading_ends_before_the_hubs_memory_begins_reads_on() {
    let (hub, ana) = hub().await;
    assert!(ana.attach([LIST].into(), Seq(1)).is_err());
    tell(&hub, (4..4 + 2 * MOST_RECENT as u64).map(in_list).collect()).await;
    assert!(ana.attach([LIST].into(), Seq(3)).is_err());
}

#[tokio::test]
async fn when_the_tray_runs_over_everyone_reads_the_log() {
    let (hub, ana) = hub().await;
    assert!(ana.attach([LIST].into(), Seq(3)).is_ok());
    let last = 4 + MOST_IN_TRAY as u64;
    tell(&hub, (4..=last).map(in_list).collect()).await;
    assert!(matches!(ana.inbox.take(), Item::Overflown));
    assert!(ana.attach([LIST].into(), Seq(3)).is_err());
    assert!(ana.attach([LIST].into(), Seq(last)).is_ok());
    tell(&hub, vec![in_list(last + 1)]).await;
    assert_eq!(heard(&ana), [last + 1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_audience_is_told_by_two_and_everyone_hears_all_in_order() {
    let (hub, _) = hub().await;
    let everyone: Vec<_> = (0..2 * LARGE + 1)
        .map(|_| hub.listen(&visitor(), Filter::default()))
        .collect();
    for one in &everyone {
        assert!(one.attach([LIST].into(), Seq(3)).is_ok());
    }
    tell(&hub, (4..=300).map(in_list).collect()).await;
    assert!(
        everyone
            .iter()
            .all(|one| matches!(one.inbox.take(), Item::Overflown)),
        "there were too many"
    );
    assert_eq!(hub.counts().overflows, everyone.len() as u64);
    for one in &everyone {
        assert!(one.attach([LIST].into(), Seq(300)).is_ok());
    }
    tell(&hub, (301..=304).map(in_list).collect()).await;
    assert!(everyone.iter().all(|one| heard(one) == [301, 302, 303, 304]));
}

#[tokio::test]
async fn one_who_goes_leaves_nothing_behind() {
    let (hub, ana) = hub().await;
    assert!(ana.attach([LIST].into(), Seq(3)).is_ok());
    assert_eq!(hub.live(), 1);
    drop(ana);
    let readers = hub.readers.lock();
    assert!(hub.live() == 0 && readers.by_id.is_empty() && readers.by_topic.is_empty());
}
