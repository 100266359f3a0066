//! Seeded histories with faults, on the reference server. A failure prints the seed that replays it.

use std::sync::atomic::{AtomicU64, Ordering};

use simulation::{Failure, Planted, Reference, Report, run};

/// What must happen now and then: a history without trouble proves little.
const HAPPENS: &[&str] = &[
    "adoptions",
    "blanks",
    "browser crashes",
    "expired",
    "gaps",
    "leaks",
    "lost by a browser",
    "pages of another person",
    "polls",
    "refused",
    "refused at once",
    "rejoins",
    "reset",
    "restores",
    "revived",
    "server crashes",
    "truncations",
];

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn play(seed: u64) -> Result<Report, Failure> {
    run(seed, &mut Reference::new(Planted(None)), None, None)
}

/// Plays it again with its steps on the screen.
fn replay(seed: u64) -> Result<Report, Failure> {
    let mut trace = Vec::new();
    let result = run(seed, &mut Reference::new(Planted(None)), None, Some(&mut trace));
    for line in &trace {
        println!("{line}");
    }
    result
}

#[test]
fn every_history_keeps_every_promise() {
    if let Some(seed) = number("TANDEM_SEED") {
        match replay(seed) {
            Ok(report) => println!("seed {seed} holds: {:?}", report.counts),
            Err(failure) => panic!("seed {seed} fails: {failure}"),
        }
        return;
    }
    let seeds = number("TANDEM_SEEDS").unwrap_or(10_000);
    let next = AtomicU64::new(0);
    let half = || {
        let mut report = Report::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds {
                return Ok(report);
            }
            match play(seed) {
                Ok(one) => report.add(&one),
                Err(failure) => return Err((seed, failure)),
            }
        }
    };
    let halves = std::thread::scope(|scope| {
        let other = scope.spawn(half);
        [half(), other.join().unwrap()]
    });
    let mut report = Report::default();
    for half in halves {
        match half {
            Ok(half) => report.add(&half),
            Err((seed, failure)) => {
                let _ = replay(seed);
                panic!(
                    "seed {seed} fails: {failure}; replay with TANDEM_SEED={seed} cargo test -p domain --features \
                     simulation --test simulation"
                );
            }
        }
    }
    println!("{seeds} seeds: {:?}", report.counts);
    for what in HAPPENS.iter().filter(|_| seeds >= 1_000) {
        assert!(
            report.counts.contains_key(what),
            "in {seeds} histories there were no {what}"
        );
    }
}
