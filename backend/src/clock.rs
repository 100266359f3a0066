//! The clock of the server, read here and nowhere else: time is an argument everywhere else.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use domain::Timestamp;

/// What says how late it is: the system, or a test.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<AtomicU64>>);

impl Clock {
    /// The system's clock.
    pub const fn system() -> Self {
        Self(None)
    }

    /// One that stands still until it is set.
    pub fn fixed(at: Timestamp) -> Self {
        Self(Some(Arc::new(AtomicU64::new(at.0))))
    }

    /// Sets a fixed clock and every clone of it. The system's is left alone.
    pub fn set(&self, at: Timestamp) {
        if let Some(fixed) = &self.0 {
            fixed.store(at.0, Ordering::Relaxed);
        }
    }

    /// The time.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one file that reads the clock"
    )]
    pub fn now(&self) -> Timestamp {
        let Some(fixed) = &self.0 else {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            return Timestamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX));
        };
        Timestamp(fixed.load(Ordering::Relaxed))
    }
}
