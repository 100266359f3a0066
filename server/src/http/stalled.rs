//! Readers who take nothing of an answer that waits for them.

use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::Instant;

/// Since when a socket takes nothing of what hyper has for it.
#[derive(Default)]
pub(crate) struct Stalled {
    since: Mutex<Option<Instant>>,
    changed: Notify,
}

impl Stalled {
    pub(crate) fn note(&self, stalled: bool) {
        let mut since = self.since.lock();
        if since.is_some() != stalled {
            *since = stalled.then(Instant::now);
            drop(since);
            self.changed.notify_one();
        }
    }

    /// Returns when the socket has taken nothing for so long. Until it is full for the first time, no timer runs.
    pub(crate) async fn for_longer_than(&self, longest: Duration) {
        loop {
            let since = *self.since.lock();
            match since {
                None => self.changed.notified().await,
                Some(since) => tokio::select! {
                    () = tokio::time::sleep_until(since + longest) => return,
                    () = self.changed.notified() => {}
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn only_who_takes_nothing_for_too_long_is_given_up() {
        let stalled = Stalled::default();
        assert!(stalled.for_longer_than(Duration::ZERO).now_or_never().is_none());
        stalled.note(true);
        assert!(
            stalled
                .for_longer_than(Duration::from_secs(60))
                .now_or_never()
                .is_none()
        );
        stalled.for_longer_than(Duration::ZERO).await;
        stalled.note(false);
        assert!(stalled.for_longer_than(Duration::ZERO).now_or_never().is_none());
    }
}
