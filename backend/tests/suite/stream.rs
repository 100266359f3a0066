//! The stream: what was missed, then what is live, in order, each once, and only what the reader may see.

use std::time::Duration;

use backend::Filter;
use domain::wire::{Cursor, Event, Heartbeat, Reset};
use domain::{Change, Command, ListCommand, Seq, Version};
use tokio::time::timeout;

use crate::world::{
    Page, TestBackend, add, changes, event, hello, next, opening, rows, seqs, set_notes, until,
};

#[tokio::test]
async fn a_stream_begins_with_what_was_missed_and_goes_on_live() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let since = ana.add("Bread").await;
    ana.add("Eggs").await;
    let mut stream = ana.stream(Some(&ana.cursor(Seq(3)))).await;
    let events = opening(&mut stream).await;
    assert_eq!((hello(&events).seq, hello(&events).head), (Seq(3), Seq(5)));
    assert_eq!(hello(&events).lists[&ana.list].version, Version(4));
    assert_eq!(seqs(&events), [4, 5]);
    assert!(matches!(changes(&events)[0], Change::TaskAdded { task } if task.id == since));
    assert!(matches!(
        events.last(),
        Some(Event::Heartbeat(Heartbeat { seq: Seq(5), .. }))
    ));
    ana.add("Tea").await;
    assert_eq!(seqs(&until(&mut stream, Seq(6)).await), [6]);
}

#[tokio::test]
async fn a_row_is_the_same_bytes_live_and_replayed() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let mut live = ana.stream(None).await;
    opening(&mut live).await;
    let task = ana.add("\"Milk\" \\ 👩‍👩‍👧 é <br> & \u{1f600}").await;
    let head = ana.done(set_notes(ana.list, task, "", "a\n\t\"b\" \\n")).await;
    let mut replayed = ana.stream(Some(&ana.cursor(Seq::ZERO))).await;
    replayed.next().await.unwrap();
    loop {
        let (live, replayed) = (live.next().await.unwrap(), replayed.next().await.unwrap());
        assert_eq!(live, replayed);
        assert_eq!(Some(event(&live).seq()), live.seq());
        if live.seq() == Some(head) {
            return;
        }
    }
}

#[tokio::test]
async fn without_a_cursor_a_stream_is_live_from_the_head() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    for cursor in [None, Some("")] {
        let events = opening(&mut ana.stream(cursor).await).await;
        assert_eq!((hello(&events).seq, events.len()), (Seq(3), 2));
    }
}

#[tokio::test]
async fn a_cursor_that_cannot_be_resumed_is_reset_to_the_head() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let future = ana.cursor(Seq(4));
    let cursors = [
        ("nonsense", "cursor_unknown"),
        ("other.1", "other_epoch"),
        (&future, "cursor_unknown"),
    ];
    for (cursor, reason) in cursors {
        let mut stream = ana.stream(Some(cursor)).await;
        let events = opening(&mut stream).await;
        let reset = Event::Reset(Reset {
            reason: reason.to_owned(),
            seq: Seq(3),
            lists: vec![ana.list],
        });
        assert_eq!(
            (hello(&events).seq, hello(&events).head, events.len()),
            (Seq(3), Seq(3), 3)
        );
        assert_eq!(events[1], reset, "{cursor}");
    }
    let mut stream = ana.stream(Some("nonsense")).await;
    opening(&mut stream).await;
    ana.add("Bread").await;
    assert_eq!(seqs(&until(&mut stream, Seq(4)).await), [4], "and goes on live");
}

#[tokio::test]
async fn more_than_a_thousand_rows_or_a_mebibyte_are_not_replayed() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    for page in 0..10 {
        let commands =
            (1..=100).map(|command_seq| (command_seq, add(ana.list, &format!("{page} {command_seq}")).1));
        let page = ana.another();
        page.send(page.push(commands)).await;
    }
    let is_reset = async |ana: &Page, seq| {
        let mut stream = ana.stream(Some(&ana.cursor(Seq(seq)))).await;
        let events = opening(&mut stream).await;
        matches!(&events[1], Event::Reset(reset) if reset.reason == "cursor_too_old")
    };
    assert!(!is_reset(&ana, 3).await && is_reset(&ana, 2).await);

    let task = ana.add("Notes").await;
    let mut last = String::new();
    for letter in "abcdefghijklmnopq".chars() {
        let notes = letter.to_string().repeat(64 * 1024);
        ana.done(set_notes(ana.list, task, &last, &notes)).await;
        last = notes;
    }
    let head = test.head().await;
    assert!(!is_reset(&ana, head.0 - 15).await && is_reset(&ana, head.0 - 17).await);
}

#[tokio::test]
async fn only_members_hear_of_a_list() {
    let test = TestBackend::new().await;
    let (mut ana, mut ben) = (test.page("ana"), test.page("ben"));
    ana.add("Milk").await;
    let mut stream = ben.stream(Some(&ben.cursor(Seq::ZERO))).await;
    assert_eq!(seqs(&opening(&mut stream).await), [0; 0]);
    ana.add("Secret").await;
    ben.add("Bread").await;
    assert_eq!(seqs(&until(&mut stream, Seq(7)).await), [5, 6, 7]);
}

#[tokio::test]
async fn one_who_joins_hears_of_the_list_from_then_on_live_and_replayed() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Before").await;
    let mut early = test.page("ben").stream(None).await;
    opening(&mut early).await;
    let ben = test.member("ben", &ana).await;
    ana.add("After").await;
    let head = test.head().await;
    // Ben's account and first list, their joining, the list's word of it, and what came after.
    let expected = [4, 5, 6, 7, 8];
    assert_eq!(seqs(&until(&mut early, head).await), expected);
    let mut late = ben.stream(Some(&ben.cursor(Seq::ZERO))).await;
    assert_eq!(seqs(&opening(&mut late).await), expected);
}

#[tokio::test]
async fn one_who_is_removed_hears_nothing_more_of_the_list() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let mut ben = test.member("ben", &ana).await;
    let mut stream = ben.stream(None).await;
    let start = hello(&opening(&mut stream).await).head;
    let remove = Command::List(
        ana.list,
        ListCommand::RemoveMember {
            person: ben.visitor.person(),
        },
    );
    ana.done(remove).await;
    let left = test.head().await;
    ana.add("Secret").await;
    ben.list = ben.visitor.first_list();
    let last = {
        ben.add("Mine").await;
        test.head().await
    };
    let events = until(&mut stream, last).await;
    assert_eq!(
        seqs(&events),
        [left.0 - 1, left.0, last.0],
        "the list says so, the person is told, then their own"
    );
    // The same for one who was away.
    let mut stream = ben.stream(Some(&ben.cursor(start))).await;
    let events = opening(&mut stream).await;
    assert_eq!(seqs(&events), [left.0, last.0]);
    assert!(!hello(&events).lists.contains_key(&ana.list));
}

#[tokio::test]
async fn a_reader_who_is_too_slow_reads_on_from_the_log_without_a_gap_or_a_row_twice() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let mut stream = ana.stream(None).await;
    opening(&mut stream).await;
    let mut heard = Vec::new();
    for _ in 0..3 {
        for _ in 0..3 {
            let page = ana.another();
            page.send(page.push((1..=100).map(|command_seq| (command_seq, add(ana.list, "Milk").1))))
                .await;
        }
        // Some is read, then it runs over again while the reader is catching up.
        for _ in 0..120 {
            heard.push(event(&next(&mut stream).await));
        }
    }
    let at = {
        ana.add("The last").await;
        test.head().await
    };
    heard.extend(until(&mut stream, at).await);
    assert_eq!(seqs(&heard), (1..=at.0).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_reader_who_missed_too_much_is_told_to_fetch_the_lists() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let mut stream = ana.stream(None).await;
    opening(&mut stream).await;
    for _ in 0..11 {
        let page = ana.another();
        page.send(page.push((1..=100).map(|command_seq| (command_seq, add(ana.list, "Milk").1))))
            .await;
    }
    let head = test.head().await;
    // The hub may have room for the first rows before it runs over; what matters is how it goes on.
    let events = until(&mut stream, head).await;
    assert!(
        matches!(&events[events.len() - 3..], [Event::Hello(_), Event::Reset(reset), Event::Heartbeat(_)]
        if reset.seq == head && reset.lists == [ana.list])
    );
    ana.add("Bread").await;
    assert_eq!(seqs(&until(&mut stream, Seq(head.0 + 1)).await), [head.0 + 1]);
}

#[tokio::test]
async fn heartbeats_come_in_order_and_say_which_lists_moved() {
    let test = TestBackend::with(|config| config.heartbeat = Duration::from_millis(2)).await;
    let (mut ana, mut ben) = (test.page("ana"), test.page("ben"));
    ana.add("Milk").await;
    let mut stream = ana.stream(None).await;
    opening(&mut stream).await;
    let at = {
        ben.add("Bread").await;
        ana.add("Tea").await;
        test.head().await
    };
    let mut events = until(&mut stream, at).await;
    loop {
        match events.last().unwrap() {
            // What moved was said with a heartbeat, at or after the rows themselves.
            Event::Heartbeat(Heartbeat { seq, versions }) if *seq == at && !versions.is_empty() => {
                assert_eq!(versions.iter().collect::<Vec<_>>(), [(&ana.list, &Version(3))]);
                break;
            }
            _ => events.push(event(&next(&mut stream).await)),
        }
    }
    assert!(events.iter().map(Event::seq).is_sorted(), "{events:?}");
    assert_eq!(seqs(&events), [at.0]);
}

#[tokio::test]
async fn long_polling_says_what_a_stream_says_and_waits_for_news() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let poll = async |cursor: &str, wait| {
        let frames = test
            .live()
            .changes(&ana.visitor, Some(cursor), Filter::default(), wait)
            .await
            .unwrap();
        frames.iter().map(event).collect::<Vec<_>>()
    };
    let hour = Duration::from_secs(3_600);
    assert_eq!(seqs(&poll(&ana.cursor(Seq(1)), hour).await), [2, 3]);
    assert_eq!(poll("nonsense", hour).await.len(), 3);
    assert_eq!(seqs(&poll(&ana.cursor(Seq(3)), Duration::ZERO).await), [0; 0]);

    let (backend, visitor, cursor) = (test.backend.clone(), ana.visitor, ana.cursor(Seq(3)));
    let waiting = tokio::spawn(async move {
        backend
            .live()
            .changes(&visitor, Some(&cursor), Filter::default(), hour)
            .await
            .unwrap()
    });
    while test.live().streams() == 0 {
        tokio::task::yield_now().await;
    }
    ana.add("Bread").await;
    let events: Vec<Event> = waiting.await.unwrap().iter().map(event).collect();
    assert_eq!(seqs(&events), [4]);
    assert_eq!(test.live().streams(), 0);
}

#[tokio::test]
async fn a_stream_is_counted_as_long_as_it_lives() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let (one, two) = (ana.stream(None).await, ana.stream(Some("nonsense")).await);
    assert_eq!(test.live().streams(), 2);
    drop(one);
    assert_eq!(test.live().streams(), 1);
    drop(two);
    assert_eq!(test.live().streams(), 0);
}

#[tokio::test]
async fn draining_ends_streams_after_what_they_have_and_new_ones_at_once() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let mut stream = ana.stream(None).await;
    let mut idle = ana.stream(None).await;
    opening(&mut idle).await;
    ana.add("Milk").await;
    assert_eq!(seqs(&until(&mut idle, Seq(3)).await), [1, 2, 3]);
    test.live().drain();
    let mut events = Vec::new();
    while let Some(frame) = stream.next().await {
        events.push(event(&frame));
    }
    assert_eq!((seqs(&events), events.len()), (vec![1, 2, 3], 5));
    assert!(idle.next().await.is_none());
    assert!(ana.stream(None).await.next().await.is_none());
    let frames = test
        .live()
        .changes(&ana.visitor, None, Filter::default(), Duration::from_secs(3_600))
        .await
        .unwrap();
    assert!(frames.is_empty());
    ana.add("Bread").await; // Writing goes on.
}

#[tokio::test]
async fn a_wait_that_is_given_up_loses_nothing() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let mut stream = ana.stream(None).await;
    opening(&mut stream).await;
    for _ in 0..3 {
        let page = ana.another();
        page.send(page.push((1..=100).map(|command_seq| (command_seq, add(ana.list, "Milk").1))))
            .await;
    }
    ana.add("The last").await;
    let head = test.head().await;
    let mut events = Vec::new();
    let impatient = async {
        while events.last().is_none_or(|event: &Event| event.seq() < head) {
            if let Ok(frame) = timeout(Duration::ZERO, stream.next()).await {
                events.push(event(&frame.unwrap()));
            }
        }
    };
    let all = timeout(Duration::from_secs(60), impatient).await;
    assert!(all.is_ok(), "the stream fell silent");
    assert_eq!(seqs(&events), (1..=head.0).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_backup_begins_a_new_epoch_and_old_cursors_are_void() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let (old, push) = (ana.cursor(Seq(2)), ana.push([(2, add(ana.list, "Bread").1)]));
    let ana = ana.catch_up();
    let test = test.reopen(|config| config.new_epoch = true).await;
    let ana = test.back(ana);
    assert_ne!(Cursor::parse(&old).unwrap().epoch, *test.backend.epoch());
    let mut stream = ana.stream(Some(&old)).await;
    let events = opening(&mut stream).await;
    assert!(matches!(&events[1], Event::Reset(reset) if reset.reason == "other_epoch"));
    assert!(matches!(
        ana.send(push).await,
        domain::wire::Reply::OtherEpoch { .. }
    ));
    assert!(rows(&events).is_empty());
}
