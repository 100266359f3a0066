//! Where the server is to be found right now, if anywhere, and what has come of it: all that the threads wait for.

use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::http::PATIENCE;

/// Shared by everyone.
pub(crate) struct Door {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    port: Option<u16>,
    /// Counts how often it was opened.
    opened: u64,
    answered: u64,
    enough: bool,
    over: bool,
}

/// Where to go, and which opening of the door that is.
#[derive(Clone, Copy)]
pub(crate) struct Way {
    pub(crate) port: u16,
    opened: u64,
}

/// Says that it is over when it goes, also by a panic.
pub(crate) struct Out<'a>(&'a Door);

impl Drop for Out<'_> {
    fn drop(&mut self) {
        self.0.change(|state| (state.enough, state.over) = (true, true));
    }
}

impl Door {
    pub(crate) fn new(port: u16) -> Self {
        let this = Self {
            state: Mutex::default(),
            changed: Condvar::new(),
        };
        this.lead_to(Some(port));
        this
    }

    /// Opens it to that port, or closes it.
    pub(crate) fn lead_to(&self, port: Option<u16>) {
        self.change(|state| {
            state.port = port;
            state.opened += u64::from(port.is_some());
        });
    }

    pub(crate) fn count(&self, answered: usize) {
        self.change(|state| state.answered += u64::try_from(answered).unwrap());
    }

    pub(crate) fn answered(&self) -> u64 {
        self.state().answered
    }

    pub(crate) fn nothing_more_to_ask(&self) {
        self.change(|state| state.enough = true);
    }

    pub(crate) fn is_enough(&self) -> bool {
        self.state().enough
    }

    pub(crate) fn is_over(&self) -> bool {
        self.state().over
    }

    /// Wakes who waits for a page to be somewhere.
    pub(crate) fn look_again(&self) {
        self.changed.notify_all();
    }

    /// The way in, once there is one; none when all is over. Whoever failed by the same way lets a moment pass.
    pub(crate) fn way(&self, failed: Option<Way>) -> Option<Way> {
        let mut state = self.state();
        let again = Instant::now() + Duration::from_millis(20);
        loop {
            if state.over {
                return None;
            }
            let opened = state.opened;
            match state.port {
                Some(port) if failed.is_none_or(|way| way.opened != opened) || Instant::now() >= again => {
                    return Some(Way { port, opened });
                }
                _ => {
                    (state, _) = self
                        .changed
                        .wait_timeout(state, Duration::from_millis(20))
                        .unwrap()
                }
            }
        }
    }

    /// Lets a random moment pass: the moments are what is tested.
    pub(crate) fn wait(&self, time: Duration) {
        let until = Instant::now() + time;
        let mut state = self.state();
        while !state.over && Instant::now() < until {
            let left = until.saturating_duration_since(Instant::now());
            (state, _) = self.changed.wait_timeout(state, left).unwrap();
        }
    }

    pub(crate) fn wait_for(&self, what: &str, is_there: impl Fn() -> bool) {
        let until = Instant::now() + PATIENCE;
        while !is_there() {
            assert!(
                Instant::now() < until && !self.is_over(),
                "waited in vain for {what}"
            );
            let state = self.state();
            drop(
                self.changed
                    .wait_timeout(state, Duration::from_millis(20))
                    .unwrap(),
            );
        }
    }

    pub(crate) const fn let_out_at_the_end(&self) -> Out<'_> {
        Out(self)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.changed.notify_all();
    }
}
