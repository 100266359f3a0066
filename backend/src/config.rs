//! What an operator, or a test, may choose.

use std::path::PathBuf;
use std::time::Duration;

use crate::{Clock, Cost, Limits, Quotas, RegistrationPolicy};

/// How to open a database.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it is: `sqlite:data/tandem.db`, or only the path. The folder is made if it is not there.
    pub database: String,
    /// Begins a new epoch: the file is a backup, and every cursor handed out after it was taken is void.
    pub new_epoch: bool,
    /// How often a stream says how far it has come. Whole seconds.
    pub heartbeat: Duration,
    /// How often every open stream is compared with what its reader may hear.
    pub second_look: Duration,
    /// How long to wait for another process to let go of the database: on an update the old one may still be saving.
    pub patience: Duration,
    /// The most pages of 4 KiB that the database may grow to; past it, it is read but not written. None: as the disk allows.
    pub max_pages: Option<u32>,
    /// The most bytes, roughly, of lists and accounts kept in memory for deciding.
    pub cache_bytes: usize,
    /// The most commands that share one transaction.
    pub batch: usize,
    /// How long sessions last that somebody signed in to.
    pub limits: Limits,
    /// How much work it is to try a password.
    pub cost: Cost,
    /// What of how the house is run is said here, and not by the operator.
    pub fixed: RegistrationPolicy,
    /// How much people may have it keep.
    pub quotas: Quotas,
    /// What says how late it is.
    pub clock: Clock,
}

impl Config {
    /// That database, and the rest as it should be.
    pub fn new(database: impl Into<String>) -> Self {
        Self {
            database: database.into(),
            new_epoch: false,
            heartbeat: Duration::from_secs(20),
            second_look: Duration::from_secs(30),
            patience: Duration::from_secs(10),
            max_pages: None,
            cache_bytes: 128 * 1024 * 1024,
            batch: 512,
            limits: Limits::default(),
            cost: Cost::default(),
            fixed: RegistrationPolicy::default(),
            quotas: Quotas::default(),
            clock: Clock::system(),
        }
    }

    /// The folder for exports, beside the database.
    pub(crate) fn exports(&self) -> PathBuf {
        self.beside("-exports")
    }

    /// The folder for files that wait to be imported, beside the database.
    pub(crate) fn imports(&self) -> PathBuf {
        self.beside("-imports")
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut folder = self.path().unwrap_or_default().into_os_string();
        folder.push(ending);
        folder.into()
    }

    /// The file, if it is one.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        let path = self.database.strip_prefix("sqlite:").unwrap_or(&self.database);
        let path = path.strip_prefix("//").unwrap_or(path);
        (!path.contains("://")).then(|| PathBuf::from(path))
    }
}
