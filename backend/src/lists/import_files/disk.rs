//! A file to import on disk: a line that says whose it is, and then what was sent.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

use domain::{PersonId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Error;

/// The most bytes of the line that says whose a file is.
const LONGEST_HEAD: u64 = 4 * 1024;

/// The first line of a file on disk.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) person: PersonId,
    pub(super) name: String,
    pub(super) at: Timestamp,
}

/// A file that the owner alone may read.
pub(super) fn create(folder: &Path, path: &Path, head: &Head) -> io::Result<()> {
    let mut line = serde_json::to_vec(head).map_err(io::Error::other)?;
    line.push(b'\n');
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(&line)
}

/// What was sent, without the line before it.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = BufReader::new(File::open(path)?);
    file.skip_until(b'\n')?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map(|_| bytes)
}

/// Whose a file is, if it says so.
pub(super) fn head(path: &Path) -> Option<Head> {
    let mut line = Vec::new();
    let mut file = BufReader::new(File::open(path).ok()?.take(LONGEST_HEAD));
    file.read_until(b'\n', &mut line).ok()?;
    serde_json::from_slice(&line).ok()
}

/// Why nothing came of it, for whoever asked.
pub(super) fn failed(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::DiskFull,
        _ => {
            tracing::error!(%error, "a file that is to be imported could not be kept");
            Error::ImportFailed
        }
    }
}
