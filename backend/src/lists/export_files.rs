//! Exports on disk: written piece by piece beside the database, counted, and gone with whoever holds them last.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::hash::Hash;
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::PersonId;
use parking_lot::Mutex;

use crate::client_address::client_address;
use crate::fair_queue::{FairQueue, Places, Share, Turn};
use crate::{Error, Household};

/// The most bytes there may be at once.
const MOST: Bounds = Bounds {
    of_one: 512 * 1024 * 1024,
    of_a_person: 512 * 1024 * 1024,
    of_an_address: 1024 * 1024 * 1024,
    of_all: 2 * 1024 * 1024 * 1024,
};

/// How many are written at once: each has a connection that reads for most of the time.
const TURNS: Places = Places {
    at_a_time: 2,
    at_a_time_each: 1,
    waiting: 32,
    waiting_each: 8,
    waiting_for_one: 2,
};

/// The most bytes of one export; and of all that are kept, written or fetched, of a person, from an address, and in all.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    of_one: u64,
    of_a_person: u64,
    of_an_address: u64,
    of_all: u64,
}

/// Where exports are written.
#[derive(Debug)]
pub(crate) struct ExportFiles {
    folder: PathBuf,
    most: Bounds,
    held: Mutex<Held>,
    turns: FairQueue,
}

/// The bytes that exports have.
#[derive(Debug, Default)]
struct Held {
    all: u64,
    by_person: HashMap<PersonId, u64>,
    by_address: HashMap<Household, u64>,
}

/// Whose an export is, and where it was asked for; nowhere by the server itself.
#[derive(Clone, Copy, Debug)]
struct Owner {
    person: PersonId,
    address: Option<Household>,
}

/// An export on disk. Its file is deleted with this.
#[derive(Debug)]
pub struct ExportFile {
    path: PathBuf,
    bytes: u64,
    owner: Owner,
    files: Arc<ExportFiles>,
}

/// An export that is being written. Dropped before it is finished it leaves nothing.
#[derive(Debug)]
pub(crate) struct ExportWriter {
    file: Option<File>,
    export: ExportFile,
    /// The bytes of the whole, with its parts.
    whole: Arc<AtomicU64>,
}

impl ExportFiles {
    /// Those in that folder, which belongs to exports alone: what an earlier process left there is deleted.
    pub(crate) fn open(folder: PathBuf) -> Self {
        if folder.exists()
            && let Err(error) = private_folder(&folder).and_then(|()| clear(&folder))
        {
            tracing::warn!(%error, "old exports could not be deleted");
        }
        Self {
            folder,
            most: MOST,
            held: Mutex::default(),
            turns: FairQueue::new(TURNS),
        }
    }

    /// Waits until it is somebody's turn to have one written.
    pub(crate) async fn turn(&self, person: PersonId) -> Result<Turn, Error> {
        let [a, b, c, d, e, f, g, h, ..] = *person.as_bytes();
        let share = Share {
            address: client_address().map(Household::address),
            subject: Some(u64::from_le_bytes([a, b, c, d, e, f, g, h])),
        };
        self.turns.turn(share).await.map_err(|_| Error::ManyJobs)
    }

    /// Begins one of somebody's, under a name that no other has.
    pub(crate) fn begin(self: &Arc<Self>, person: PersonId, name: &str) -> Result<ExportWriter, Error> {
        let owner = Owner {
            person,
            address: client_address(),
        };
        self.create(owner, self.folder.join(format!("{name}.json")), Arc::default())
    }

    fn create(
        self: &Arc<Self>,
        owner: Owner,
        path: PathBuf,
        whole: Arc<AtomicU64>,
    ) -> Result<ExportWriter, Error> {
        let file = create(&self.folder, &path).map_err(failed)?;
        let export = ExportFile {
            path,
            bytes: 0,
            owner,
            files: Arc::clone(self),
        };
        Ok(ExportWriter {
            file: Some(file),
            export,
            whole,
        })
    }
}

impl Held {
    /// Counts so many bytes more, if there may be.
    fn take(&mut self, owner: Owner, bytes: u64, most: Bounds) -> Result<(), Error> {
        let of = |held: Option<&u64>| held.copied().unwrap_or_default() + bytes;
        if of(self.by_person.get(&owner.person)) > most.of_a_person {
            return Err(Error::ExportUnderWay);
        }
        let from_there = owner
            .address
            .map_or(0, |address| of(self.by_address.get(&address)));
        if from_there > most.of_an_address || self.all + bytes > most.of_all {
            return Err(Error::TooManyExports);
        }
        self.all += bytes;
        *self.by_person.entry(owner.person).or_default() += bytes;
        if let Some(address) = owner.address {
            *self.by_address.entry(address).or_default() += bytes;
        }
        Ok(())
    }

    fn give_back(&mut self, owner: Owner, bytes: u64) {
        self.all = self.all.saturating_sub(bytes);
        less(&mut self.by_person, owner.person, bytes);
        if let Some(address) = owner.address {
            less(&mut self.by_address, address, bytes);
        }
    }
}

/// Counts so many bytes less; nobody is remembered who has none.
fn less<K: Eq + Hash>(held: &mut HashMap<K, u64>, key: K, bytes: u64) {
    if let Some(all) = held.get_mut(&key) {
        *all = all.saturating_sub(bytes);
        if *all == 0 {
            held.remove(&key);
        }
    }
}

impl ExportWriter {
    /// Appends a piece, on a thread for what blocks.
    pub(crate) async fn write(&mut self, piece: Vec<u8>) -> Result<(), Error> {
        self.grow(piece.len() as u64)?;
        self.on_file(move |file| file.write_all(&piece)).await
    }

    /// Begins a part of it that is appended later, in a file of its own.
    pub(crate) fn part(&self) -> Result<Self, Error> {
        let path = self.export.path.with_extension("part.json");
        let whole = Arc::clone(&self.whole);
        self.export.files.create(self.export.owner, path, whole)
    }

    /// Appends a part that was written meanwhile.
    pub(crate) async fn append(&mut self, mut part: Self) -> Result<(), Error> {
        let Some(mut from) = part.file.take() else {
            return Err(Error::Unknown);
        };
        // Its bytes are counted already, and from now on here.
        self.export.bytes += std::mem::take(&mut part.export.bytes);
        self.on_file(move |file| {
            from.rewind()?;
            io::copy(&mut from, file).map(drop)
        })
        .await
    }

    pub(crate) fn finish(self) -> ExportFile {
        self.export
    }

    /// It has so many bytes more.
    fn grow(&mut self, bytes: u64) -> Result<(), Error> {
        let files = &self.export.files;
        // Who may have no more than one has nobody else's to wait for.
        if self.whole.load(Ordering::Relaxed) + bytes > files.most.of_one {
            return Err(Error::ExportTooLarge);
        }
        files.held.lock().take(self.export.owner, bytes, files.most)?;
        self.whole.fetch_add(bytes, Ordering::Relaxed);
        self.export.bytes += bytes;
        Ok(())
    }

    async fn on_file(
        &mut self,
        work: impl FnOnce(&mut File) -> io::Result<()> + Send + 'static,
    ) -> Result<(), Error> {
        let Some(mut file) = self.file.take() else {
            return Err(Error::Unknown);
        };
        let done = tokio::task::spawn_blocking(move || work(&mut file).map(|()| file)).await;
        self.file = Some(done.map_err(|_| Error::Stopped)?.map_err(failed)?);
        Ok(())
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
        self.files.held.lock().give_back(self.owner, self.bytes);
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!(%error, "an export could not be deleted");
        }
    }
}

/// A file that the owner alone may read.
fn create(folder: &Path, path: &Path) -> io::Result<File> {
    private_folder(folder)?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes the folder, or makes it one that the owner alone may look into.
fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => return made,
    }
    #[cfg(unix)]
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    Ok(())
}

/// Deletes all there is in it. What cannot be deleted keeps nothing else from it.
fn clear(folder: &Path) -> io::Result<()> {
    let mut all = Ok(());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            all = fs::remove_file(path).and(all);
        }
    }
    all
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

#[cfg(test)]
mod tests;
