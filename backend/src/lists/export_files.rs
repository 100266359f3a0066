//! Exports on disk: written piece by piece beside the database, counted, and gone with whoever holds them last.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Semaphore;

use crate::Error;

/// The most bytes of one export.
const MOST_OF_ONE: u64 = 512 * 1024 * 1024;

/// The most bytes of all exports that are kept or written.
const MOST_OF_ALL: u64 = 2 * 1024 * 1024 * 1024;

/// How many are written at once: each has a connection that reads for most of the time.
const AT_A_TIME: usize = 2;

/// Where exports are written.
#[derive(Debug)]
pub(crate) struct ExportFiles {
    folder: PathBuf,
    bytes: AtomicU64,
    pub(crate) turns: Semaphore,
}

/// An export on disk. Its file is deleted with this.
#[derive(Debug)]
pub struct ExportFile {
    path: PathBuf,
    bytes: u64,
    files: Arc<ExportFiles>,
}

/// An export that is being written. Dropped before it is finished it leaves nothing.
#[derive(Debug)]
pub(crate) struct ExportWriter {
    file: Option<File>,
    export: ExportFile,
}

impl ExportFiles {
    /// Those in that folder, which belongs to exports alone: what an earlier process left there is deleted.
    pub(crate) fn open(folder: PathBuf) -> Self {
        if let Err(error) = clear(&folder) {
            tracing::warn!(%error, "old exports could not be deleted");
        }
        Self {
            folder,
            bytes: AtomicU64::new(0),
            turns: Semaphore::new(AT_A_TIME),
        }
    }

    /// Begins one, under a name that no other has.
    pub(crate) fn begin(self: &Arc<Self>, name: &str) -> Result<ExportWriter, Error> {
        let path = self.folder.join(format!("{name}.json"));
        let file = create(&self.folder, &path).map_err(failed)?;
        let export = ExportFile {
            path,
            bytes: 0,
            files: Arc::clone(self),
        };
        Ok(ExportWriter {
            file: Some(file),
            export,
        })
    }
}

impl ExportWriter {
    /// Appends a piece, on a thread for what blocks.
    pub(crate) async fn write(&mut self, piece: Vec<u8>) -> Result<(), Error> {
        let length = piece.len() as u64;
        let all = self.export.files.bytes.fetch_add(length, Ordering::Relaxed) + length;
        self.export.bytes += length;
        if self.export.bytes > MOST_OF_ONE {
            return Err(Error::ExportTooLarge);
        }
        if all > MOST_OF_ALL {
            return Err(Error::TooManyExports);
        }
        let Some(mut file) = self.file.take() else {
            return Err(Error::Unknown);
        };
        let written = tokio::task::spawn_blocking(move || file.write_all(&piece).map(|()| file)).await;
        self.file = Some(written.map_err(|_| Error::Stopped)?.map_err(failed)?);
        Ok(())
    }

    pub(crate) fn finish(self) -> ExportFile {
        self.export
    }
}

impl ExportFile {
    /// How many bytes it has.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Opens it, to be read from the beginning.
    pub fn open(&self) -> io::Result<File> {
        File::open(&self.path)
    }
}

impl Drop for ExportFile {
    fn drop(&mut self) {
        self.files.bytes.fetch_sub(self.bytes, Ordering::Relaxed);
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!(%error, "an export could not be deleted");
        }
    }
}

/// A file that the owner alone may read.
fn create(folder: &Path, path: &Path) -> io::Result<File> {
    fs::create_dir_all(folder)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn clear(folder: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn failed(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::DiskFull,
        _ => {
            tracing::error!(%error, "an export could not be written");
            Error::ExportFailed
        }
    }
}
