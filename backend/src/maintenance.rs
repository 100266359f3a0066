//! What the backend sees to by itself, once a second: when sessions were used, what the shell asks, which exports are too old.

mod history;

use std::sync::Arc;
use std::time::Duration;

use domain::Seq;
use tokio::time::{MissedTickBehavior, interval};

use crate::{Backend, Error};

/// Thins the history out once a minute, as long as there is a backend.
pub(crate) fn thin_out(backend: &Backend) {
    let inner = Arc::downgrade(&backend.inner);
    tokio::spawn(async move {
        let mut minutes = interval(Duration::from_secs(60));
        minutes.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut after = Seq::ZERO;
        loop {
            minutes.tick().await;
            let Some(inner) = inner.upgrade() else { return };
            match (Backend { inner }).thin_out_history(after).await {
                Ok(last) => after = last,
                Err(Error::Stopped) => return,
                Err(error) => tracing::warn!(%error, "the history could not be thinned out"),
            }
        }
    });
}

/// Goes on with what was being erased when the server stopped.
pub(crate) fn resume(backend: &Backend) {
    let inner = Arc::downgrade(&backend.inner);
    tokio::spawn(async move {
        let mut tries = interval(Duration::from_secs(5));
        loop {
            tries.tick().await;
            let Some(inner) = inner.upgrade() else { return };
            match (Backend { inner }).accounts().finish_erasing().await {
                Ok(()) | Err(Error::Stopped) => return,
                Err(error) => tracing::warn!(%error, "what is left of deleted accounts could not be erased"),
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
