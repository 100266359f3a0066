//! How often something may be tried: so many times at once, and then again at a steady pace (the generic cell rate algorithm,
//! ITU-T I.371). What is remembered for each name or address is one moment: when all its tries are there again.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// The most keys that are remembered, about 100 bytes each. Beyond, those that have all their tries go; if none has, newcomers
/// share one.
const MOST_KEYS: usize = 20_000;

/// How often something may be tried.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quota {
    /// How many tries there may be at once.
    pub(crate) burst: u32,
    /// The time after which there may be one more.
    pub(crate) every: Duration,
}

/// What was tried lately, by key.
pub(crate) struct RateLimiter<K> {
    quota: Quota,
    full_at: Mutex<HashMap<Option<K>, Instant>>,
}

impl<K: Eq + Hash + Clone> RateLimiter<K> {
    pub(crate) fn new(quota: Quota) -> Self {
        Self {
            quota,
            full_at: Mutex::default(),
        }
    }

    /// Counts a try; how long to wait for the next one, if there is none left.
    pub(crate) fn take(&self, key: &K, now: Instant) -> Result<(), Duration> {
        let Quota { burst, every } = self.quota;
        let mut full_at = self.full_at.lock();
        let mut key = Some(key.clone());
        if full_at.len() >= MOST_KEYS && !full_at.contains_key(&key) {
            full_at.retain(|_, at| *at > now);
            if full_at.len() >= MOST_KEYS {
                key = None;
            }
        }
        let at = full_at.entry(key).or_insert(now);
        let then = (*at).max(now) + every;
        let over = then.saturating_duration_since(now + every * burst);
        if over > Duration::ZERO {
            return Err(over);
        }
        *at = then;
        Ok(())
    }

    /// Gives all tries of a key back.
    pub(crate) fn forget(&self, key: &K) {
        self.full_at.lock().remove(&Some(key.clone()));
    }

    /// Takes a try back, which turned out to be none.
    pub(crate) fn give_back(&self, key: &K) {
        let mut full_at = self.full_at.lock();
        if let Some(at) = full_at.get_mut(&Some(key.clone())) {
            *at = at.checked_sub(self.quota.every).unwrap_or(*at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUOTA: Quota = Quota {
        burst: 3,
        every: Duration::from_secs(10),
    };

    #[test]
    fn after_a_burst_there_is_one_more_at_each_step_and_the_wait_is_told_as_it_is() {
        let (limiter, now) = (RateLimiter::new(QUOTA), Instant::now());
        let after = |seconds| now + Duration::from_secs(seconds);
        for _ in 0..3 {
            assert_eq!(limiter.take(&"ana", now), Ok(()));
        }
        assert_eq!(limiter.take(&"ana", now), Err(Duration::from_secs(10)));
        assert_eq!(
            limiter.take(&"ana", after(4)),
            Err(Duration::from_secs(6)),
            "trying does not make it worse"
        );
        assert_eq!(limiter.take(&"bob", after(4)), Ok(()));
        assert_eq!(limiter.take(&"ana", after(10)), Ok(()));
        assert!(limiter.take(&"ana", after(10)).is_err());
        limiter.give_back(&"ana");
        assert_eq!(limiter.take(&"ana", after(10)), Ok(()));
        assert_eq!(limiter.take(&"ana", after(1_000)), Ok(()));
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let (limiter, now) = (RateLimiter::new(QUOTA), Instant::now());
        for key in 0..MOST_KEYS {
            assert!(limiter.take(&key, now).is_ok());
        }
        // All are in use: the next ones share one.
        for key in 0..3 {
            assert!(limiter.take(&(MOST_KEYS + key), now).is_ok());
        }
        assert!(limiter.take(&(MOST_KEYS + 9), now).is_err());
        assert!(limiter.take(&7, now).is_ok(), "who is known has their own");
        let later = now + Duration::from_secs(100);
        assert!(limiter.take(&(MOST_KEYS + 9), later).is_ok());
        assert!(limiter.full_at.lock().len() < 10);
    }
}
