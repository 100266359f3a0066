//! Two hundred people edit over a network that does what networks do, while the server is killed now and then; when it is
//! quiet again, everyone has what the database has, and each change was made once.
//!
//! `TANDEM_PEOPLE` and `TANDEM_SECONDS` say how much (`make chaos N=500 SECONDS=600`), `TANDEM_SEED` repeats what befell the
//! connections, as far as the moments of a real machine allow.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by a panic, also in what several tests share"
)]

#[path = "../crash/dice.rs"]
mod dice;
#[path = "../crash/door.rs"]
mod door;
mod every_byte;
#[path = "../support/http.rs"]
mod http;
#[path = "../crash/log.rs"]
mod log;
#[path = "../crash/page.rs"]
mod page;
#[path = "../crash/proof.rs"]
mod proof;
mod proxy;
#[path = "../support/secrets.rs"]
mod secrets;
#[path = "../support/server.rs"]
mod server;
#[path = "../support/stream.rs"]
mod stream;

use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use dice::Dice;
use door::Door;
use page::Page;
use proof::{every_subscriber_has_the_same_lists, what_is_on_disk_is_what_was_answered};
use proxy::Proxy;
use server::TestServer;

/// Two and a half heartbeats: who hears nothing for that long opens the stream anew.
const WATCHDOG: Duration = Duration::from_millis(2_500);

/// A turn is one to five edits: about twenty edits a second.
const BETWEEN_TURNS: Duration = Duration::from_millis(140);

/// How often the server is killed.
const BETWEEN_KILLS: Duration = Duration::from_secs(12);

/// How often every connection is cut at once.
const BETWEEN_CUTS: Duration = Duration::from_secs(17);

#[test]
fn on_the_worst_network_everyone_ends_with_the_same_lists_and_each_change_is_made_once() {
    let number = |name, otherwise| {
        let text = std::env::var(name).ok();
        text.and_then(|text| text.parse::<u64>().ok())
            .unwrap_or(otherwise)
    };
    let seed = dice::seed();
    let (people, seconds) = (number("TANDEM_PEOPLE", 20), number("TANDEM_SECONDS", 10));
    println!("TANDEM_PEOPLE={people} TANDEM_SECONDS={seconds}");
    let mut dice = Dice::new(seed);

    let mut server = TestServer::start_with(&["--heartbeat", "1"]);
    let proxy = Proxy::start(server.port, seed);
    let pages: Vec<Page> = (0..people)
        .map(|n| Page::open(server.port, WATCHDOG, Dice::new(seed.wrapping_add(1 + n))))
        .collect();
    let shared: Vec<_> = pages[..2].iter().map(|page| page.share(server.port)).collect();
    for page in &pages {
        page.join(&shared);
    }

    let door = Door::new(proxy.port);
    let (mut kills, mut quiet) = (0, Duration::ZERO);
    let head = std::thread::scope(|scope| {
        // Whoever fails lets everybody out, so that the test ends by it.
        let _out = door.let_out_at_the_end();
        let mut turns: Vec<Sender<()>> = Vec::new();
        let mut writing = Vec::new();
        for page in &pages {
            let door = &door;
            let (turn, told) = channel();
            turns.push(turn);
            scope.spawn(move || page.follow(door));
            let is_turn = move || told.recv_timeout(Duration::from_millis(100)).is_ok();
            writing.push(scope.spawn(move || page.write(door, is_turn)));
        }
        proxy.storm(true);
        let began = Instant::now();
        let (mut cut, mut killed) = (began, began);
        while began.elapsed() < Duration::from_secs(seconds) {
            let turn = usize::try_from(dice.below(people)).unwrap();
            turns[turn].send(()).unwrap();
            door.wait(BETWEEN_TURNS);
            if cut.elapsed() > BETWEEN_CUTS {
                cut = Instant::now();
                proxy.cut_all();
            }
            if killed.elapsed() > BETWEEN_KILLS {
                killed = Instant::now();
                kills += 1;
                server.kill();
                server.launch();
                server.ready();
                proxy.aim(server.port);
            }
        }
        proxy.storm(false);
        proxy.cut_all();
        let still = Instant::now();
        door.nothing_more_to_ask();
        for writing in writing {
            writing.join().unwrap();
        }
        let head = pages.iter().map(|page| page.head(server.port)).max().unwrap();
        for page in &pages {
            door.wait_for("a client to catch up", || page.has_seen(head));
        }
        quiet = still.elapsed();
        head
    });

    every_subscriber_has_the_same_lists(&pages, server.port);
    server.terminate();
    assert!(server.stopped().success(), "{}", server.log());
    what_is_on_disk_is_what_was_answered(&server, &pages, head);
    let (connections, befallen) = proxy.counts();
    println!(
        "{people} clients, {} commands answered, {head} log rows, {kills} kills, {befallen} of {connections} connections \
         befallen, {} streams, {} pushes cut off; {quiet:?} after the storm everyone had everything",
        door.answered(),
        pages.iter().map(Page::streams).sum::<u64>(),
        pages.iter().map(Page::cut).sum::<u64>(),
    );
    assert!(befallen > 0 && door.answered() > 0);
}
