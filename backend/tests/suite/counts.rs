//! What is counted: by people, by streams, by what was told live and what from the log.

use std::time::Duration;

use domain::Seq;
use tokio::time::timeout;

use crate::world::{TestBackend, opening, until};

#[tokio::test]
async fn every_event_that_a_reader_takes_is_counted_and_its_delay_if_it_is_live() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let bob = test.member("bob", &ana).await;
    let before = test.live().counts();
    assert_eq!((before.streams, before.people, before.delay.count()), (0, 0, 0));

    let (mut first, mut second, mut third) = (
        ana.stream(None).await,
        bob.stream(None).await,
        bob.stream(None).await,
    );
    for stream in [&mut first, &mut second, &mut third] {
        opening(stream).await;
    }
    let opened = test.live().counts();
    assert_eq!((opened.streams, opened.people), (3, 2));
    assert_eq!(opened.told - before.told, 6, "a hello and a heartbeat each");
    ana.add("Bread").await;
    let head = test.head().await;
    for stream in [&mut first, &mut second, &mut third] {
        until(stream, head).await;
    }
    let live = test.live().counts();
    assert_eq!((live.rows - opened.rows, live.told - opened.told), (1, 3));
    assert_eq!(live.delay.count(), 3, "one for each reader");
    assert!(live.delay.quantile(999) >= live.delay.quantile(500));
    assert_eq!(live.replays, before.replays);
    drop((first, second));
    let closed = test.live().counts();
    assert_eq!((closed.streams, closed.people), (1, 1));
}

#[tokio::test]
async fn what_comes_from_the_log_is_counted_as_that_and_has_no_delay() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    for title in ["Milk", "Bread", "Eggs"] {
        ana.add(title).await;
    }
    let mut stream = ana.stream(Some(&ana.cursor(Seq(3)))).await;
    opening(&mut stream).await;
    let counts = test.live().counts();
    assert_eq!((counts.replays, counts.replayed, counts.resets), (1, 2, 0));
    assert_eq!(counts.delay.count(), 0);
    let mut lost = ana.stream(Some("nonsense")).await;
    opening(&mut lost).await;
    let counts = test.live().counts();
    assert_eq!((counts.replays, counts.replayed, counts.resets), (1, 2, 1));
}

#[tokio::test]
async fn a_reader_who_is_too_slow_is_counted_once_until_they_read_on() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let mut stream = ana.stream(None).await;
    opening(&mut stream).await;
    for n in 0..300 {
        ana.add(&format!("{n}")).await;
    }
    let head = test.head().await;
    // The hub tells beside whoever asks.
    let told = async {
        while test.live().counts().overflows == 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(60), told).await.unwrap();
    assert_eq!(test.live().counts().replays, 0);
    until(&mut stream, head).await;
    let counts = test.live().counts();
    assert_eq!((counts.overflows, counts.replays, counts.replayed), (1, 1, 300));
}
