//! What can go wrong. `Display` is a sentence for people; what a programmer needs is in `source` and in the log.

use std::path::PathBuf;
use std::sync::Arc;

use domain::{NotShared, Refusal};

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
    /// Nobody has that name to sign in with.
    #[error("Nobody here signs in with that name.")]
    NoSuchName,
    /// It is no name to sign in with.
    #[error(transparent)]
    Name(crate::NameProblem),
    /// The disk failed while this was being saved: it may or may not be there. Asking again, after a restart, tells.
    #[error("The server could not tell whether this was saved. It will try again.")]
    Unknown,
    /// There is no room left to write.
    #[error("The server's disk is full: nothing can be saved until there is room again. Reading works.")]
    DiskFull,
    /// Somebody else has locked the database.
    #[error("The server is busy. Please try again.")]
    Busy,
    /// The person has more jobs than anybody needs.
    #[error("This is the third long job at once. Please wait until one is done.")]
    TooManyJobs,
    /// The list has as many links as a list may.
    #[error("This list has 50 links that work. Revoke one first.")]
    TooManyLinks,
    /// The backend writes no more.
    #[error("The server is stopping. Please try again in a moment.")]
    Stopped,
    /// The database did not answer as it should.
    #[error("The server could not read its database. Please try again.")]
    Database(#[source] Arc<DriverError>),
    /// What the database holds makes no sense.
    #[error("The server could not understand what its database holds.")]
    Corrupt(String),
    /// The operating system gives no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
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
    #[error("The database {0} is of a kind that Tandem cannot keep. Give it a file: sqlite:data/tandem.db.")]
    Unsupported(String),
    /// A process has it open.
    #[error(
        "The database {0} is in use by another Tandem. Stop that one first: two would overwrite each other."
    )]
    InUse(PathBuf),
    /// The folder or a file in it cannot be made.
    #[error("The database cannot be kept at {0}: {1}.")]
    Folder(PathBuf, #[source] std::io::Error),
    /// SQLite cannot work with the file.
    #[error("The database {0} cannot be opened: {1}.")]
    Database(PathBuf, #[source] DriverError),
    /// The tables cannot be brought to this version.
    #[error("The database {0} is of another version of Tandem: {1}.")]
    Migration(PathBuf, #[source] MigrateError),
    /// There is none.
    #[error("There is no database at {0}. Start Tandem first, or say where its data is with --database.")]
    Absent(PathBuf),
    /// An earlier version of Tandem was the last to open it.
    #[error(
        "The database {0} is of an earlier version of Tandem. Start this one first: it brings it up to date."
    )]
    Earlier(PathBuf),
    /// What the file holds makes no sense.
    #[error("The database {0} holds something that this version of Tandem does not understand: {1}.")]
    Corrupt(PathBuf, String),
    /// The operating system gives no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}
