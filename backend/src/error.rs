//! What can go wrong. `Display` is a sentence for people; what a programmer needs is in `source` and in the log.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use domain::{NotShared, Refusal, durations};

use crate::database::{DriverError, MigrateError};
use crate::{AuthError, NoRandomness};

/// Why a call came to nothing.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The rules say no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// They are not let in.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// Whoever asks is not let in, or not any more.
    #[error("Your session had ended before this was saved.")]
    SessionEnded,
    /// Whoever asks does not run the server, or not any more.
    #[error("You no longer run this server, so nothing was changed.")]
    NotOperator,
    /// Nobody has that name to sign in with.
    #[error("There is no account with that name.")]
    NoSuchName,
    /// It is no name to sign in with.
    #[error(transparent)]
    Name(crate::NameProblem),
    /// The disk failed while this was being saved: it may or may not be there. Asking again, after a restart, tells.
    #[error("The server could not tell whether this was saved. It will try again.")]
    Unknown,
    /// There is no room left to write.
    #[error(
        "The server's disk is full. You can read your lists, but nothing can be saved until there is space again."
    )]
    DiskFull,
    /// Somebody else has locked the database.
    #[error("The server is busy. Please try again.")]
    Busy,
    /// The person has more jobs than anybody needs.
    #[error(
        "You have had as many long jobs as this server does for one person at a time. Please try again when one is done, or in ten minutes."
    )]
    TooManyJobs,
    /// The person, or their address, has written as much text as there is a pace for.
    #[error(
        "You have written more than this server takes at once. It can be saved in {}; please try again then.",
        words(*seconds)
    )]
    TooMuchText {
        /// When to come back.
        seconds: u64,
    },
    /// The same of changes that are told to all lists of the person.
    #[error(
        "You changed your name, colour or picture too often. It can be saved in {}; please try again then.",
        words(*seconds)
    )]
    TooOften {
        /// When to come back.
        seconds: u64,
    },
    /// The server, or the address, has as many jobs as it may.
    #[error("The server has many long jobs to do right now. Please try again in a few minutes.")]
    ManyJobs,
    /// An export has more bytes than one may.
    #[error(
        "Your data is larger than 512 MiB, which is the most that one export can hold. Leave lists that you do not need, and try again."
    )]
    ExportTooLarge,
    /// Those of one person have, with what somebody is still fetching.
    #[error("Your earlier export is still being downloaded. Please try again when that is done.")]
    ExportUnderWay,
    /// All exports together have, or those from one address.
    #[error("The server holds as many exports as it can right now. Please try again in ten minutes.")]
    TooManyExports,
    /// Its file could not be written.
    #[error("The server could not write the export. Please try again later.")]
    ExportFailed,
    /// As many files wait to be imported as may, of the person, from the address or in all.
    #[error("As many files as this server holds wait to be imported. Please try again within the hour.")]
    TooManyImports,
    /// A file that is to be imported could not be kept.
    #[error("The server could not keep this file. Please try again later.")]
    ImportFailed,
    /// The list has as many links as a list may.
    #[error("This list has 50 working links, which is the limit. Revoke one first.")]
    TooManyLinks,
    /// The backend writes no more.
    #[error("The server is stopping. Please try again in a moment.")]
    Stopped,
    /// The database did not answer as it should.
    #[error("The server could not read its database. Please try again.")]
    Database(#[source] Arc<DriverError>),
    /// What the database holds makes no sense.
    #[error("The server could not read some data in its database.")]
    Corrupt(String),
    /// The operating system gives no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl Error {
    /// How long to wait before the same is tried again, where that is all that is in the way.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooMuchText { seconds } | Self::TooOften { seconds } => Some(Duration::from_secs(*seconds)),
            Self::Auth(AuthError::Busy { seconds }) => Some(Duration::from_secs(*seconds as u64)),
            _ => None,
        }
    }
}

/// Seconds in words.
fn words(seconds: u64) -> String {
    durations::wait(Duration::from_secs(seconds))
}

impl From<NotShared> for Error {
    fn from(not: NotShared) -> Self {
        match not {
            NotShared::Refused(refusal) => refusal.into(),
            NotShared::TooManyLinks => Self::TooManyLinks,
        }
    }
}

impl From<DriverError> for Error {
    fn from(error: DriverError) -> Self {
        match error {
            DriverError::PoolClosed => Self::Stopped,
            DriverError::PoolTimedOut => Self::Busy,
            error => Self::Database(Arc::new(error)),
        }
    }
}

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is not one that SQLite keeps.
    #[error("Tandem cannot use the database {0}. Choose a file, such as sqlite:data/tandem.db.")]
    Unsupported(String),
    /// A process has it open.
    #[error(
        "The database {0} is in use by another Tandem server. Stop that server first: the two would overwrite each other."
    )]
    InUse(PathBuf),
    /// The folder or a file in it cannot be made.
    #[error("The database cannot be stored at {0}: {1}.")]
    Folder(PathBuf, #[source] std::io::Error),
    /// SQLite cannot work with the file.
    #[error("The database {0} cannot be opened: {1}.")]
    Database(PathBuf, #[source] DriverError),
    /// The tables cannot be brought to this version.
    #[error("The database {0} is from another version of Tandem: {1}.")]
    Migration(PathBuf, #[source] MigrateError),
    /// There is none.
    #[error("There is no database at {0}. Start Tandem first, or say where its data is with --database.")]
    Absent(PathBuf),
    /// An earlier version of Tandem was the last to open it.
    #[error("The database {0} is from an earlier version of Tandem. Start the server once to update it.")]
    Earlier(PathBuf),
    /// What the file holds makes no sense.
    #[error("The database {0} contains data that this version of Tandem cannot read: {1}.")]
    Corrupt(PathBuf, String),
    /// The operating system gives no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}
