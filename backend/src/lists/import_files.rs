//! Files that people want to import, on disk: beside the database until the import is done, or for an hour. They outlive a restart, so that
//! an import that was cut off can go on.

mod disk;

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use data_encoding::HEXLOWER;
use domain::{PersonId, Timestamp};
use parking_lot::Mutex;

use crate::client_address::client_address;
use crate::fair_queue::{FairQueue, Places, Share, Turn};
use crate::{Error, Household, random};
use disk::{Head, create, failed, head};

/// How many milliseconds a file waits.
const KEPT_FOR: u64 = 60 * 60 * 1000;

/// The most files that wait: of a person with the one that takes its place, from an address, and in all. Each is as large as an upload may be.
const OF_A_PERSON: usize = 2;
const OF_AN_ADDRESS: usize = 6;
const OF_ALL: usize = 32;

/// The most that are known, with those that are imported: of these only which job did it is left, until their hour is over.
const KNOWN: usize = 2_000;

/// How many are read or imported at once: what is made of one may be ten times as large as it is, and is held until its page is drawn or
/// its import is done.
const TURNS: Places = Places {
    at_a_time: 2,
    at_a_time_each: 1,
    waiting: 16,
    waiting_each: 4,
    waiting_for_one: 2,
};

/// Where files wait to be imported.
#[derive(Debug)]
pub(crate) struct ImportFiles {
    folder: PathBuf,
    waiting: Mutex<BTreeMap<String, WaitingFile>>,
    turns: FairQueue,
}

#[derive(Debug)]
struct WaitingFile {
    head: Head,
    /// None of those that were there when the process began.
    address: Option<Household>,
    is_whole: bool,
    /// The job that imports it, or did.
    job: Option<String>,
    is_done: bool,
    /// How it was read when its import was begun: whoever goes on reads it so.
    how: String,
}

/// A file that is being sent. Dropped before it is finished it leaves nothing.
#[derive(Debug)]
pub struct ImportWriter {
    files: Arc<ImportFiles>,
    token: String,
    is_finished: bool,
}

/// A file as it was sent. It has a turn as long as this is there.
#[derive(Debug)]
pub struct ImportFile {
    /// What it is called.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// How it was read when its import was begun; empty if it was not.
    pub how: String,
    _turn: Turn,
}

/// The right to import a file, which one job has at a time.
#[derive(Debug)]
pub(crate) struct Claim {
    files: Arc<ImportFiles>,
    token: String,
}

impl ImportFiles {
    /// Those in that folder, which belongs to imports alone.
    pub(crate) fn open(folder: PathBuf) -> Self {
        let waiting = if folder.exists() {
            found(&folder)
        } else {
            Ok(BTreeMap::new())
        };
        let waiting = waiting.unwrap_or_else(|error| {
            tracing::warn!(%error, "files that wait to be imported could not be read");
            BTreeMap::new()
        });
        Self {
            folder,
            waiting: Mutex::new(waiting),
            turns: FairQueue::new(TURNS),
        }
    }

    /// Begins to keep a file of somebody's, if there is room for one more.
    pub(crate) fn begin(
        self: &Arc<Self>,
        person: PersonId,
        name: &str,
        at: Timestamp,
    ) -> Result<ImportWriter, Error> {
        self.expire(at);
        let (token, address) = (HEXLOWER.encode(&random::<16>()?), client_address());
        let head = Head {
            person,
            name: name.chars().take(200).collect(),
            at,
        };
        let mut waiting = self.waiting.lock();
        let count = |is: &dyn Fn(&WaitingFile) -> bool| waiting.values().filter(|file| is(file)).count();
        let is_from_there =
            |file: &WaitingFile| !file.is_done && address.is_some() && file.address == address;
        if count(&|file| file.head.person == person && !file.is_whole) >= OF_A_PERSON - 1
            || count(&is_from_there) >= OF_AN_ADDRESS
            || count(&|file| !file.is_done) >= OF_ALL
            || waiting.len() >= KNOWN
        {
            return Err(Error::TooManyImports);
        }
        create(&self.folder, &self.part(&token), &head).map_err(failed)?;
        waiting.insert(
            token.clone(),
            WaitingFile {
                head,
                address,
                is_whole: false,
                job: None,
                is_done: false,
                how: String::new(),
            },
        );
        Ok(ImportWriter {
            files: Arc::clone(self),
            token,
            is_finished: false,
        })
    }

    /// Reads a file of somebody's when it is their turn; none where there is no such file.
    pub(crate) async fn read(&self, person: PersonId, token: &str) -> Result<Option<ImportFile>, Error> {
        let [a, b, c, d, e, f, g, h, ..] = *person.as_bytes();
        let share = Share {
            address: client_address().map(Household::address),
            subject: Some(u64::from_le_bytes([a, b, c, d, e, f, g, h])),
        };
        let turn = self.turns.turn(share).await.map_err(|_| Error::ManyJobs)?;
        let Some((name, how)) = self.name_and_how(person, token) else {
            return Ok(None);
        };
        let path = self.whole(token);
        let read = tokio::task::spawn_blocking(move || disk::read(&path));
        match read.await.map_err(|_| Error::Stopped)? {
            Ok(bytes) => Ok(Some(ImportFile {
                name,
                bytes,
                how,
                _turn: turn,
            })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// What a file of somebody's is called, if it waits, and how it was read.
    fn name_and_how(&self, person: PersonId, token: &str) -> Option<(String, String)> {
        let waiting = self.waiting.lock();
        let file = waiting
            .get(token)
            .filter(|file| is_theirs(file, person) && !file.is_done)?;
        Some((file.head.name.clone(), file.how.clone()))
    }

    /// Lets a job have a file of somebody's, which it reads so. `begin` gives the job's id; where one has it already, or did it, that one's is given.
    pub(crate) fn claim(
        self: &Arc<Self>,
        person: PersonId,
        token: &str,
        how: &str,
        begin: impl FnOnce(&str, Claim) -> Result<String, Error>,
    ) -> Result<Option<String>, Error> {
        let name = {
            let mut waiting = self.waiting.lock();
            let Some(file) = waiting.get_mut(token).filter(|file| is_theirs(file, person)) else {
                return Ok(None);
            };
            match &file.job {
                Some(job) if job.is_empty() => return Err(Error::Busy),
                Some(job) => return Ok(Some(job.clone())),
                None => {}
            }
            // Whoever comes before the job has its id finds an empty one.
            file.job = Some(String::new());
            how.clone_into(&mut file.how);
            file.head.name.clone()
        };
        // Only for whoever goes on after a restart.
        if !how.is_empty()
            && let Err(error) = fs::write(self.reading(token), how)
        {
            tracing::warn!(%error, "how a file is imported could not be kept");
        }
        let claim = Claim {
            files: Arc::clone(self),
            token: token.to_owned(),
        };
        let job = begin(&name, claim)?;
        // A job that was quick may be done, or have given its claim back.
        if let Some(file) = self
            .waiting
            .lock()
            .get_mut(token)
            .filter(|file| file.job.is_some())
        {
            file.job = Some(job.clone());
        }
        Ok(Some(job))
    }

    /// Deletes what has waited for too long.
    pub(crate) fn expire(&self, now: Timestamp) {
        let is_over = |file: &WaitingFile| now.0.saturating_sub(file.head.at.0) >= KEPT_FOR;
        self.take(|_, file| is_over(file));
    }

    /// Deletes all files of somebody who left.
    pub(crate) fn forget_all(&self, person: PersonId) {
        self.take(|_, file| file.head.person == person);
    }

    fn take(&self, goes: impl Fn(&str, &WaitingFile) -> bool) {
        let gone: Vec<_> = self
            .waiting
            .lock()
            .extract_if(.., |token, file| goes(token, file))
            .collect();
        for (token, _) in gone {
            self.delete(&token);
        }
    }

    fn delete(&self, token: &str) {
        for path in [self.whole(token), self.part(token), self.reading(token)] {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    tracing::warn!(%error, "a file that was imported could not be deleted");
                }
                _ => {}
            }
        }
    }

    fn whole(&self, token: &str) -> PathBuf {
        self.folder.join(format!("{token}.import"))
    }

    /// Where it stands how a file is read.
    fn reading(&self, token: &str) -> PathBuf {
        self.folder.join(format!("{token}.reading"))
    }

    fn part(&self, token: &str) -> PathBuf {
        self.folder.join(format!("{token}.part"))
    }
}

crate::guard! {
    /// Whether a file is for that person to see.
    fn is_theirs(file: &WaitingFile, person: PersonId) -> bool {
        file.is_whole && file.head.person == person
    }
    OthersImport: {
        let _ = person;
        file.is_whole
    }
}

impl ImportWriter {
    /// Appends a piece, on a thread for what blocks.
    pub async fn write(&mut self, piece: Vec<u8>) -> Result<(), Error> {
        let path = self.files.part(&self.token);
        let written = tokio::task::spawn_blocking(move || {
            let mut file = OpenOptions::new().append(true).open(path)?;
            file.write_all(&piece)
        });
        written.await.map_err(|_| Error::Stopped)?.map_err(failed)
    }

    /// It is whole: it takes the place of another of the person's that nothing imports. Gives its token.
    pub fn finish(mut self) -> Result<String, Error> {
        let (from, to) = (self.files.part(&self.token), self.files.whole(&self.token));
        fs::rename(from, to).map_err(failed)?;
        self.is_finished = true;
        let token = self.token.clone();
        let person = {
            let mut waiting = self.files.waiting.lock();
            let Some(file) = waiting.get_mut(&token) else {
                // Whoever sent it has left meanwhile.
                drop(waiting);
                self.files.delete(&token);
                return Err(Error::Unknown);
            };
            file.is_whole = true;
            file.head.person
        };
        let is_older = |other: &str, file: &WaitingFile| {
            other != token
                && file.head.person == person
                && file.is_whole
                && (file.is_done || file.job.is_none())
        };
        self.files.take(is_older);
        Ok(token)
    }
}

impl Drop for ImportWriter {
    fn drop(&mut self) {
        if !self.is_finished {
            self.files.take(|token, _| token == self.token);
        }
    }
}

impl Claim {
    /// It is imported: what is left of it is which job did that.
    pub(crate) fn done(self) {
        if let Some(file) = self.files.waiting.lock().get_mut(&self.token) {
            file.is_done = true;
        }
        self.files.delete(&self.token);
    }
}

/// Whoever has not done it gives it back.
impl Drop for Claim {
    fn drop(&mut self) {
        if let Some(file) = self
            .files
            .waiting
            .lock()
            .get_mut(&self.token)
            .filter(|file| !file.is_done)
        {
            file.job = None;
        }
    }
}

/// What an earlier process left: whole files wait on, all others are deleted.
fn found(folder: &Path) -> io::Result<BTreeMap<String, WaitingFile>> {
    let mut waiting = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let token = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default()
            .to_owned();
        let is_a = |kind: &str| path.extension().is_some_and(|extension| extension == kind);
        match head(&path).filter(|_| is_a("import") && waiting.len() < OF_ALL) {
            Some(head) => {
                waiting.insert(
                    token,
                    WaitingFile {
                        head,
                        address: None,
                        is_whole: true,
                        job: None,
                        is_done: false,
                        how: fs::read_to_string(path.with_extension("reading")).unwrap_or_default(),
                    },
                );
            }
            None if is_a("reading") && path.with_extension("import").exists() => {}
            None => {
                if let Err(error) = fs::remove_file(&path) {
                    tracing::warn!(%error, "a file that nobody waits for could not be deleted");
                }
            }
        }
    }
    Ok(waiting)
}

#[cfg(test)]
mod tests;
