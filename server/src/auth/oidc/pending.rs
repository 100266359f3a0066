//! What waits for somebody who was sent to the provider: for ten minutes, for one return, for the browser that left.

use backend::{ExpiringMap, Holder, SessionId, is_same_secret};
use domain::{PersonId, Timestamp};
use openidconnect::{Nonce, PkceCodeVerifier};

/// For how long, in milliseconds.
const KEPT: u64 = 10 * 60 * 1_000;

/// How many may be under way; how many one address may begin is counted, too.
const MOST: usize = 10_000;

/// How many one person may have under way, in all browsers.
const OF_A_PERSON: usize = 20;

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
pub(super) struct Pendings(ExpiringMap<String, Kept>);

struct Kept {
    /// What the browser that left has in a cookie.
    browser: String,
    pending: Pending,
}

impl Default for Pendings {
    fn default() -> Self {
        Self(ExpiringMap::new(MOST, OF_A_PERSON, KEPT))
    }
}

impl Pendings {
    /// Keeps it; false if there is no room.
    pub(super) fn keep(
        &self,
        state: String,
        browser: &str,
        holder: Holder,
        pending: Pending,
        now: Timestamp,
    ) -> bool {
        let kept = Kept {
            browser: browser.to_owned(),
            pending,
        };
        self.0.put(state, holder, kept, now)
    }

    /// What waits under that state, once, if it is the browser that left and not too late.
    pub(super) fn take(&self, state: &str, browser: &str, now: Timestamp) -> Option<Pending> {
        let kept = self.0.take(&state.to_owned(), now)?;
        is_theirs(&kept, browser).then_some(kept.pending)
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

    fn holder(person: u8) -> Holder {
        Holder {
            person: PersonId::from_bytes([person; 16]),
            household: None,
        }
    }

    #[test]
    fn a_state_works_once_for_the_browser_that_left_and_for_ten_minutes() {
        let (pendings, now) = (Pendings::default(), Timestamp(0));
        let keep =
            |state: &str| assert!(pendings.keep(state.to_owned(), "browser", holder(1), pending(), now));
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
        let after = |seconds: u64| Timestamp(seconds * 1_000);
        assert!(pendings.take("late", "browser", after(600)).is_none());
        keep("in time");
        assert!(pendings.take("in time", "browser", after(599)).is_some());
        assert!(pendings.take("never", "browser", now).is_none());
    }

    #[test]
    fn who_leaves_again_and_again_pushes_out_their_own_only() {
        let (pendings, now) = (Pendings::default(), Timestamp(0));
        pendings.keep("hers".to_owned(), "browser", holder(1), pending(), now);
        for number in 0..=OF_A_PERSON {
            pendings.keep(number.to_string(), "browser", holder(2), pending(), now);
        }
        assert!(pendings.take("0", "browser", now).is_none());
        assert!(pendings.take("1", "browser", now).is_some());
        assert!(pendings.take("hers", "browser", now).is_some());
    }
}
