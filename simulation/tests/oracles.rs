//! A check that cannot fail is worse than none: every planted bug must be noticed within 1,000 histories.

use std::sync::atomic::{AtomicUsize, Ordering};

use simulation::{Bug, Failure, Planted, Reference, run};

const SEEDS: u64 = 1_000;

fn play(seed: u64, bug: Option<Bug>) -> Option<Failure> {
    run(seed, &mut Reference::new(Planted(bug)), bug, None).err()
}

/// The first seed that notices the bug.
fn hunt(bug: Bug) -> Option<(u64, Failure)> {
    (0..SEEDS).find_map(|seed| Some((seed, play(seed, Some(bug))?)))
}

#[test]
fn every_planted_bug_is_noticed() {
    let next = AtomicUsize::new(0);
    let half = || {
        let mut found = Vec::new();
        while let Some(bug) = Bug::ALL.get(next.fetch_add(1, Ordering::Relaxed)) {
            let killer = hunt(*bug);
            if let Some((seed, _)) = &killer {
                // The history is not to blame: without the bug it holds.
                assert!(play(*seed, None).is_none(), "seed {seed} fails without a bug");
            }
            found.push((*bug, killer));
        }
        found
    };
    let found = std::thread::scope(|scope| {
        let other = scope.spawn(half);
        [half(), other.join().unwrap()].concat()
    });
    for (bug, killer) in &found {
        match killer {
            Some((seed, failure)) => println!("seed {seed:>3} notices {bug:?}: {}", failure.oracle),
            None => println!("NOBODY   notices {bug:?}:{}", bug.sentence()),
        }
    }
    let survivors: Vec<Bug> = found
        .iter()
        .filter(|(_, killer)| killer.is_none())
        .map(|(bug, _)| *bug)
        .collect();
    assert!(
        survivors.is_empty(),
        "nothing notices {survivors:?} in {SEEDS} histories"
    );
}
