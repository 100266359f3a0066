//! How what is pending gets past something on the way that refuses a part of it: a firewall that dislikes a word, a proxy that
//! takes only so many bytes.
//!
//! An answer that is not the server's does not say what it is about: one command, all of them, or who sends them. So the next
//! push carries nothing. Where that comes through the way is free, and it is about what was sent: half of it goes next, and so on
//! until one command is left, which is given up alone. Where the empty push is refused, too, nothing is: something wants to
//! be signed in to, or the server is away, and everything waits.

use domain::wire::MOST_COMMANDS;

/// How much is sent, and what is known of the way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Isolation {
    /// The most commands that a push carries.
    most: usize,
    /// How often in a row something was refused and nothing at all came through right after.
    proofs: u32,
    /// Whether the next push carries nothing.
    probes: bool,
    /// Whether nothing answered what failed last.
    was_silent: bool,
}

impl Isolation {
    pub(super) const fn new() -> Self {
        Self {
            most: MOST_COMMANDS,
            proofs: 0,
            probes: false,
            was_silent: false,
        }
    }

    /// How many commands the next push carries at the most.
    pub(super) const fn most(self) -> usize {
        if self.probes { 0 } else { self.most }
    }

    /// Whether the next push is only to see if the way is free.
    pub(super) const fn is_probe(self) -> bool {
        self.probes
    }

    /// Whether it is to see if there is a network again: what waits goes right after it, once.
    pub(super) const fn asks_for_network(self) -> bool {
        self.probes && self.was_silent && self.proofs == 0
    }

    /// Whether the way is free, as far as is known.
    pub(super) const fn is_free(self) -> bool {
        self.proofs > 0
    }

    /// The network may be another one, or the server is back: all goes out again.
    pub(super) const fn wake(self) -> Self {
        Self {
            probes: false,
            ..self
        }
    }

    /// The push, which carried so many commands, came through.
    pub(super) fn passed(self, carried: usize) -> Self {
        if self.probes {
            return Self {
                proofs: self.proofs + 1,
                ..self.wake()
            };
        }
        // What it may be that is refused is not tried anew before all of what waits is sent.
        let most = if carried < self.most {
            MOST_COMMANDS
        } else {
            self.most
        };
        Self { most, ..Self::new() }
    }

    /// The push, which carried so many commands, did not come through, with that status if there was an answer; `failures` is
    /// how often in a row that was so, and `is_heard` whether the server is there all the same. Whether its one command is to
    /// be given up.
    pub(super) fn failed(
        self,
        carried: usize,
        status: Option<u16>,
        is_heard: bool,
        failures: u32,
    ) -> (Self, bool) {
        if self.probes {
            return (Self { proofs: 0, ..self }, false);
        }
        // A refusal, not something that passes by itself.
        let stays = matches!(status, Some(400..500)) && !matches!(status, Some(401 | 408 | 425 | 429));
        // Where nothing answers, a bad network is the likelier reason.
        let needed = match status {
            _ if stays => 1,
            Some(_) => 3,
            None => 5,
        };
        if self.proofs < needed {
            let next = Self {
                probes: stays || failures > 1 && (status.is_some() || is_heard),
                was_silent: status.is_none(),
                ..self
            };
            return (next, false);
        }
        let half = carried / 2;
        let next = Self {
            most: half.max(1),
            // Before a single one is given up the way is looked at once more.
            proofs: if half > 1 { needed } else { needed - 1 },
            ..Self::new()
        };
        (next, half == 0)
    }
}

/// What is said of a text that something on the way refuses.
pub(super) fn refused(status: Option<u16>) -> String {
    between(" refused this", status, ".")
}

/// What is said where nothing comes through.
pub(super) fn stopped(status: Option<u16>) -> String {
    let rest =
        ". It may want you to sign in. All of it stays on this page, and is sent as soon as it can be.";
    between(" stops what you do here", status, rest)
}

fn between(does: &str, status: Option<u16>, rest: &str) -> String {
    let status = match status {
        None => " (no answer)".to_owned(),
        Some(0) => " (it leads elsewhere)".to_owned(),
        Some(status) => " (status ".to_owned() + &usize::from(status).to_string() + ")",
    };
    "Something between this page and Tandem".to_owned() + does + &status + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends commands past something that answers `refused` to those that it does not like, and to all where it is `closed`;
    /// gives which were given up, and how many pushes it took.
    fn send(
        count: usize,
        bad: &[usize],
        refused: Option<u16>,
        closed: impl Fn(usize) -> bool,
    ) -> (Vec<usize>, usize) {
        let (mut pending, mut given_up) = ((0..count).collect::<Vec<_>>(), Vec::new());
        let (mut isolation, mut failures, mut pushes) = (Isolation::new(), 0, 0);
        while !pending.is_empty() && pushes < 500 {
            let carried = pending.len().min(isolation.most());
            pushes += 1;
            if closed(pushes) || pending.iter().take(carried).any(|command| bad.contains(command)) {
                failures += 1;
                let (next, gives_up) = isolation.failed(carried, refused, true, failures);
                isolation = next;
                if gives_up {
                    assert_eq!(carried, 1);
                    given_up.push(pending.remove(0));
                }
            } else {
                failures = if carried > 0 { 0 } else { failures + 1 };
                isolation = isolation.passed(carried);
                pending.drain(..carried);
            }
        }
        (given_up, pushes)
    }

    #[test]
    fn what_is_refused_is_given_up_alone_and_soon() {
        for status in [
            None,
            Some(0),
            Some(200),
            Some(302),
            Some(401),
            Some(403),
            Some(413),
            Some(429),
            Some(503),
        ] {
            for (count, bad) in [
                (1, vec![0]),
                (3, vec![0]),
                (3, vec![1]),
                (100, vec![57]),
                (250, vec![3, 4, 249]),
                (4, vec![0, 1, 2, 3]),
            ] {
                let (given_up, pushes) = send(count, &bad, status, |_| false);
                assert_eq!(given_up, bad, "{status:?}");
                assert!(
                    pushes < 20 + count + 25 * bad.len(),
                    "{status:?} {count} {bad:?}: {pushes} pushes"
                );
            }
        }
    }

    #[test]
    fn what_was_silent_goes_on_right_after_the_first_push_that_comes_through() {
        let failed = |status| Isolation::new().failed(3, status, true, 2).0;
        let asks = failed(None);
        assert!(asks.asks_for_network());
        // Only once: what is silent again has something in its way.
        let (again, _) = asks.passed(0).failed(3, None, true, 2);
        assert!(again.is_probe() && !again.asks_for_network());
        // What answered has a network.
        let answered = failed(Some(503));
        assert!(answered.is_probe() && !answered.asks_for_network());
        // A first silence is no reason to ask.
        assert!(!Isolation::new().failed(3, None, true, 1).0.is_probe());
    }

    #[test]
    fn where_nothing_at_all_comes_through_nothing_is_given_up() {
        for status in [
            None,
            Some(0),
            Some(200),
            Some(401),
            Some(403),
            Some(404),
            Some(429),
            Some(503),
        ] {
            assert_eq!(
                send(5, &[], status, |push| push < 200),
                (vec![], 201),
                "{status:?}"
            );
        }
    }

    #[test]
    fn a_door_that_opens_and_closes_costs_nobody_their_words() {
        // What is shut for a while in the midst of things, wherever that begins.
        for status in [Some(401), Some(403), Some(429), Some(503)] {
            for (begin, length) in (1..20).flat_map(|begin| (1..20).map(move |length| (begin, length))) {
                let (given_up, _) = send(300, &[], status, |push| (begin..begin + length).contains(&push));
                assert_eq!(
                    given_up,
                    Vec::<usize>::new(),
                    "{status:?} from {begin} for {length}"
                );
            }
        }
    }
}
