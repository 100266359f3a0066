//! What waits for somebody who was sent to the provider: for ten minutes, for one return, for the browser that left.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use backend::{SessionId, is_same_secret};
use domain::PersonId;
use openidconnect::{Nonce, PkceCodeVerifier};
use parking_lot::Mutex;

/// For how long.
const KEPT: Duration = Duration::from_secs(10 * 60);

/// How many may be under way. The oldest go first; how many one address may begin is counted, too.
const MOST: usize = 10_000;

/// What somebody was sent for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Purpose {
    /// To sign in: where to go then, and whether the guest's lists come along.
    SignIn { next: String, brings: bool },
    /// To let an account be signed in to that way, by who has that session of it.
    Link { person: PersonId, session: SessionId },
}

/// What is needed to make something of the return.
pub(super) struct Pending {
    pub(super) nonce: Nonce,
    pub(super) verifier: PkceCodeVerifier,
    /// Where they are led back to.
    pub(super) redirect: String,
    pub(super) purpose: Purpose,
}

/// All of them, by the state that goes there and comes back.
#[derive(Default)]
pub(super) struct Pendings(Mutex<HashMap<String, Kept>>);

struct Kept {
    /// What the browser that left has in a cookie.
    browser: String,
    since: Instant,
    pending: Pending,
}

impl Pendings {
    pub(super) fn keep(&self, state: String, browser: &str, pending: Pending, now: Instant) {
        let mut all = self.0.lock();
        if all.len() >= MOST {
            all.retain(|_, kept| now.duration_since(kept.since) < KEPT);
        }
        if all.len() >= MOST {
            let oldest = all.iter().min_by_key(|(_, kept)| kept.since);
            if let Some(state) = oldest.map(|(state, _)| state.clone()) {
                all.remove(&state);
            }
        }
        let kept = Kept {
            browser: browser.to_owned(),
            since: now,
            pending,
        };
        all.insert(state, kept);
    }

    /// What waits under that state, once, if it is the browser that left and not too late.
    pub(super) fn take(&self, state: &str, browser: &str, now: Instant) -> Option<Pending> {
        let kept = self.0.lock().remove(state)?;
        let in_time = now.duration_since(kept.since) < KEPT;
        (in_time && is_theirs(&kept, browser)).then_some(kept.pending)
    }
}

backend::guard! {
    /// Whether it is the browser that left.
    fn is_theirs(kept: &Kept, browser: &str) -> bool {
        is_same_secret(&kept.browser, browser)
    }
    AnyBrowser: true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending() -> Pending {
        Pending {
            nonce: Nonce::new("nonce".to_owned()),
            verifier: PkceCodeVerifier::new("verifier".to_owned()),
            redirect: String::new(),
            purpose: Purpose::SignIn {
                next: String::new(),
                brings: false,
            },
        }
    }

    #[test]
    fn a_state_works_once_for_the_browser_that_left_and_for_ten_minutes() {
        let (pendings, now) = (Pendings::default(), Instant::now());
        let keep = |state: &str| pendings.keep(state.to_owned(), "browser", pending(), now);
        keep("once");
        assert!(pendings.take("once", "browser", now).is_some());
        assert!(pendings.take("once", "browser", now).is_none(), "a second time");
        keep("other");
        assert!(pendings.take("other", "another browser", now).is_none());
        assert!(
            pendings.take("other", "browser", now).is_none(),
            "who guesses has used it up"
        );
        keep("late");
        let after = |seconds| now + Duration::from_secs(seconds);
        assert!(pendings.take("late", "browser", after(600)).is_none());
        keep("in time");
        assert!(pendings.take("in time", "browser", after(599)).is_some());
        assert!(pendings.take("never", "browser", now).is_none());
    }

    #[test]
    fn what_waits_has_an_end_and_the_oldest_goes_first() {
        let (pendings, now) = (Pendings::default(), Instant::now());
        for number in 0..=MOST {
            let at = now + Duration::from_micros(number as u64);
            pendings.keep(number.to_string(), "browser", pending(), at);
        }
        assert_eq!(pendings.0.lock().len(), MOST);
        let later = now + Duration::from_secs(1);
        assert!(pendings.take("0", "browser", later).is_none());
        assert!(pendings.take("1", "browser", later).is_some());
    }
}
