//! What the backend sees to by itself, once a second: when sessions were used, what the shell asks, which exports are too old.

pub(crate) mod erasing;
mod history;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::{Backend, Error};

/// Thins the history out once a minute, as long as there is a backend.
pub(crate) fn thin_out(backend: &Backend) {
    let inner = Arc::downgrade(&backend.inner);
    tokio::spawn(async move {
        let mut minutes = interval(Duration::from_secs(60));
        minutes.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            minutes.tick().await;
            let Some(inner) = inner.upgrade() else { return };
            match (Backend { inner }).thin_out_history().await {
                Ok(()) => {}
                Err(Error::Stopped) => return,
                Err(error) => tracing::warn!(%error, "the history could not be thinned out"),
            }
        }
    });
}

/// Looks once a second at what is to be written of sessions, as long as there is a backend.
pub(crate) fn keep(backend: &Backend) {
    let inner = Arc::downgrade(&backend.inner);
    tokio::spawn(async move {
        let mut seconds = interval(Duration::from_secs(1));
        seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            seconds.tick().await;
            let Some(inner) = inner.upgrade() else { return };
            let backend = Backend { inner };
            backend.inner.jobs.expire();
            backend.inner.imports.expire(backend.now());
            match backend.admin().run_cli_commands().await {
                Ok(()) => {}
                Err(Error::Stopped) => return,
                Err(error) => tracing::warn!(%error, "the commands of the shell could not be read"),
            }
            match backend.accounts().write_seen().await {
                Ok(()) => {}
                Err(Error::Stopped) => return,
                Err(error) => tracing::warn!(%error, "the last use of sessions could not be written"),
            }
        }
    });
}
