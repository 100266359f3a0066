//! The real binary is killed at random moments while people work through its real endpoints, and nothing is lost.
//!
//! Every page is the sync client that browsers run, over the same requests. `TANDEM_CRASHES` says how often to kill
//! (`make crash N=1000`), `TANDEM_SEED` repeats what a failure prints, as far as the moments of a real machine allow.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by a panic, also in what several tests share"
)]

mod dice;
mod door;
mod erasing;
#[path = "../support/http.rs"]
mod http;
mod log;
mod page;
mod proof;
#[path = "../support/secrets.rs"]
mod secrets;
#[path = "../support/server.rs"]
mod server;
#[path = "../support/stream.rs"]
mod stream;

use std::time::Duration;

use dice::Dice;
use door::Door;
use http::PATIENCE;
use page::Page;
use proof::{every_subscriber_has_the_same_lists, what_is_on_disk_is_what_was_answered};
use server::TestServer;

/// People who work, the first two of them on lists of their own that all others join.
const WRITERS: u64 = 4;

/// People who only watch.
const WATCHERS: u64 = 2;

#[test]
fn whatever_was_acknowledged_survives_a_kill_at_any_moment_exactly_once() {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let crashes = number("TANDEM_CRASHES").unwrap_or(5);
    let seed = dice::seed();
    println!("TANDEM_CRASHES={crashes}");
    let mut dice = Dice::new(seed);

    let mut server = TestServer::start_with(&["--heartbeat", "1"]);
    let pages: Vec<Page> = (0..WRITERS + WATCHERS)
        .map(|n| Page::open(server.port, PATIENCE, Dice::new(seed.wrapping_add(1 + n))))
        .collect();
    let shared: Vec<_> = pages[..2].iter().map(|page| page.share(server.port)).collect();
    for page in &pages {
        page.join(&shared);
    }

    let door = Door::new(server.port);
    let head = std::thread::scope(|scope| {
        // Whoever fails lets everybody out, so that the test ends by it.
        let _out = door.let_out_at_the_end();
        let mut writing = Vec::new();
        for (n, page) in (0..).zip(&pages) {
            let door = &door;
            scope.spawn(move || page.follow(door));
            let works = n < WRITERS;
            // Who only watches still sends what it asked before.
            let turn = move || works || rest(door);
            writing.push(scope.spawn(move || page.write(door, turn)));
        }
        for crash in 0..crashes {
            if dice.one_in(6) {
                // While it recovers from the last time.
                door.lead_to(None);
                server.kill();
                server.launch();
                door.wait(Duration::from_micros(dice.below(60_000)));
            } else {
                wait_until_answered(&door, dice.below(60));
                door.wait(Duration::from_micros(dice.below(60_000)));
            }
            door.lead_to(None);
            server.kill();
            server.launch();
            server.ready();
            door.lead_to(Some(server.port));
            if crash % 50 == 49 {
                println!("{} crashes, {} commands answered", crash + 1, door.answered());
            }
        }
        door.nothing_more_to_ask();
        for writing in writing {
            writing.join().unwrap();
        }
        let head = pages.iter().map(|page| page.head(server.port)).max().unwrap();
        for page in &pages {
            door.wait_for("a subscriber to catch up", || page.has_seen(head));
        }
        head
    });

    every_subscriber_has_the_same_lists(&pages, server.port);
    server.terminate();
    assert!(server.stopped().success(), "{}", server.log());
    what_is_on_disk_is_what_was_answered(&server, &pages, head);
    let cut: u64 = pages.iter().map(Page::cut).sum();
    println!(
        "{crashes} crashes, {} commands answered, {cut} pushes cut off, {head} log rows, {} streams opened",
        door.answered(),
        pages.iter().map(Page::streams).sum::<u64>(),
    );
}

/// Nothing to do for now.
fn rest(door: &Door) -> bool {
    door.wait(Duration::from_millis(20));
    false
}

fn wait_until_answered(door: &Door, more: u64) {
    let goal = door.answered() + more;
    door.wait_for("commands to be answered", || door.answered() >= goal);
}
