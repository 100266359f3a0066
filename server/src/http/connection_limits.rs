//! How many connections there may be: in all, from one address, and such as have not asked anything yet.
//!
//! A connection that has sent no whole head of a request costs its sender nothing, and us a file descriptor. So whoever is the oldest of
//! those gives way where there are too many, first where most of them come from. A trusted proxy has all visitors' connections and is
//! not counted by its address; what visitors hold open there is counted by theirs, which it names (`memory_limits.rs`, `stream_limits.rs`).

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use tokio::sync::oneshot;
use tokio::time::{Duration, Instant};

use crate::http::proxies::Proxies;
use backend::Household;

/// How many may wait for a head before the oldest gives way.
const MOST_WAITING: usize = 512;

/// How long one may wait in any case, unless its address or all have no place left.
const GRACE: Duration = Duration::from_secs(1);

/// File descriptors for all else: the database, exports, other machines.
const RESERVED: usize = 96;

/// Counts connections. A clone counts the same.
#[derive(Clone, Debug)]
pub(crate) struct ConnectionLimits {
    in_all: usize,
    of_an_address: usize,
    proxies: Proxies,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    last: u64,
    in_all: usize,
    by_address: HashMap<Household, usize>,
    /// How many wait, by address.
    waiting_of: HashMap<Household, usize>,
    /// Those that have not asked anything, the oldest first.
    waiting: BTreeMap<u64, Waiting>,
}

#[derive(Debug)]
struct Waiting {
    address: Household,
    since: Instant,
    close: oneshot::Sender<()>,
}

/// The place of a connection, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    limits: ConnectionLimits,
    address: Household,
    number: u64,
    has_asked: AtomicBool,
}

impl ConnectionLimits {
    /// As many as the process may have files open, and so many from one address that is no proxy's.
    pub(crate) fn new(of_an_address: usize, proxies: Proxies) -> Self {
        Self::of(
            descriptors().saturating_sub(RESERVED).max(64),
            of_an_address,
            proxies,
        )
    }

    fn of(in_all: usize, of_an_address: usize, proxies: Proxies) -> Self {
        Self {
            in_all,
            of_an_address,
            proxies,
            state: Arc::default(),
        }
    }

    /// A place for a connection from there, and what says when it is to be closed before it has asked anything; none, where there
    /// are too many.
    pub(crate) fn take(&self, address: IpAddr) -> Option<(Place, oneshot::Receiver<()>)> {
        let is_proxy = self.proxies.is_trusted(address.to_canonical());
        let (now, address) = (Instant::now(), Household::of(address));
        let mut state = self.state.lock();
        let of_it = state.by_address.get(&address).copied().unwrap_or_default();
        if !is_proxy && of_it >= self.of_an_address {
            state.close_oldest(|waiting| waiting.address == address)?;
        }
        if state.in_all >= self.in_all {
            let greediest = state.greediest();
            state.close_oldest(|waiting| Some(waiting.address) == greediest)?;
        } else if state.waiting.len() >= MOST_WAITING {
            let is_old = |waiting: &Waiting| now.duration_since(waiting.since) >= GRACE;
            if state.waiting.values().next().is_some_and(is_old) {
                let greediest = state.greediest();
                let of_it = |waiting: &Waiting| is_old(waiting) && Some(waiting.address) == greediest;
                // Where most come from may have nothing old.
                let _closed = state.close_oldest(of_it).or_else(|| state.close_oldest(is_old));
            }
        }
        state.last += 1;
        let number = state.last;
        let (close, closed) = oneshot::channel();
        let waiting = Waiting {
            address,
            since: now,
            close,
        };
        state.waiting.insert(number, waiting);
        *state.waiting_of.entry(address).or_default() += 1;
        state.in_all += 1;
        *state.by_address.entry(address).or_default() += 1;
        drop(state);
        let limits = self.clone();
        let place = Place {
            limits,
            address,
            number,
            has_asked: AtomicBool::new(false),
        };
        Some((place, closed))
    }
}

impl Place {
    /// The connection has asked something.
    pub(crate) fn asked(&self) {
        if !self.has_asked.swap(true, Ordering::Relaxed) {
            self.limits.state.lock().waits_no_more(self.number);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.limits.state.lock();
        state.waits_no_more(self.number);
        state.in_all -= 1;
        one_less(&mut state.by_address, self.address);
    }
}

fn one_less(counts: &mut HashMap<Household, usize>, address: Household) {
    if let Some(count) = counts.get_mut(&address) {
        *count -= 1;
        if *count == 0 {
            counts.remove(&address);
        }
    }
}

impl State {
    /// Where most of those who wait come from.
    fn greediest(&self) -> Option<Household> {
        let greediest = self.waiting_of.iter().max_by_key(|(_, count)| **count);
        greediest.map(|(address, _)| *address)
    }

    /// That one has asked something, or is gone.
    fn waits_no_more(&mut self, number: u64) -> Option<Waiting> {
        let waiting = self.waiting.remove(&number)?;
        one_less(&mut self.waiting_of, waiting.address);
        Some(waiting)
    }

    /// Has the oldest of those close that has asked nothing; none where there is none.
    fn close_oldest(&mut self, which: impl Fn(&Waiting) -> bool) -> Option<()> {
        let oldest = self.waiting.iter().find(|(_, waiting)| which(waiting));
        let number = oldest.map(|(number, _)| *number)?;
        let closed = self.waits_no_more(number)?;
        // It is counted until its task has noticed.
        let _ = closed.close.send(());
        Some(())
    }
}

/// How many files the process may have open.
fn descriptors() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"));
    match line.and_then(|line| line.split_whitespace().next()) {
        Some("unlimited") => usize::MAX,
        soft => soft.and_then(|soft| soft.parse().ok()).unwrap_or(1_024),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[tokio::test]
    async fn who_has_asked_nothing_gives_way_and_who_has_stays() {
        let limits = ConnectionLimits::of(5, 3, Proxies::default());
        let (first, mut first_closed) = limits.take(address(1)).unwrap();
        first.asked();
        let (second, second_closed) = limits.take(address(1)).unwrap();
        let (_third, mut third_closed) = limits.take(address(1)).unwrap();
        // One more of that address: the oldest that waits goes.
        let (fourth, _) = limits.take(address(1)).unwrap();
        assert_eq!(second_closed.await, Ok(()));
        assert!(third_closed.try_recv().is_err() && first_closed.try_recv().is_err());
        drop(second);
        let (_fifth, mut fifth_closed) = limits.take(address(2)).unwrap();
        let (_sixth, _) = limits.take(address(3)).unwrap();
        // All are taken: of those that wait the first address has two, so its oldest gives way, though others have waited as well.
        assert!(limits.take(address(4)).is_some());
        assert!(third_closed.try_recv().is_ok() && fifth_closed.try_recv().is_err());
        drop(fourth);
    }

    #[tokio::test]
    async fn where_everybody_has_asked_something_there_is_no_place() {
        let limits = ConnectionLimits::of(100, 2, Proxies::default());
        let places: Vec<Place> = (0..2)
            .map(|_| {
                let (place, _) = limits.take(address(1)).unwrap();
                place.asked();
                place
            })
            .collect();
        assert!(limits.take(address(1)).is_none());
        assert!(limits.take(address(2)).is_some());
        // A proxy has everybody's.
        for _ in 0..5 {
            let (place, _) = limits.take(IpAddr::from([127, 0, 0, 1])).unwrap();
            place.asked();
            std::mem::forget(place);
        }
        drop(places);
        assert!(limits.take(address(1)).is_some());
        let state = limits.state.lock();
        assert_eq!(
            (state.in_all, state.waiting.len(), state.waiting_of.len()),
            (5, 0, 0)
        );
    }

    #[test]
    fn the_limit_on_open_files_is_known() {
        assert!(descriptors() >= 64);
    }
}
