//! Long jobs: asking for one answers at once with its id; how far it has come, what came of it or why it came to nothing
//! is told to every stream of whoever asked.
//!
//! A job lives in memory. What it changes goes the way of every command, so a restart leaves what was done and
//! forgets that there was a job; what it makes is kept for a while, to be fetched.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use data_encoding::HEXLOWER;
use domain::wire::{JobState, Progress};
use domain::{PersonId, Topic};
use parking_lot::Mutex;
use tokio::time::Instant;

use crate::client_address::client_address;
use crate::lists::export_files::ExportFile;
use crate::live::frame::Ephemeral;
use crate::live::hub::Hub;
use crate::{Error, Frame, Household, Kinds, random};

/// How long a job that has ended is remembered, and its result kept.
const KEPT_FOR: Duration = Duration::from_secs(600);

/// How many jobs of one person may be under way at once, and how many of theirs are remembered.
const OF_A_PERSON: Most = Most { running: 2, kept: 8 };

/// The same from one address, where whoever likes is a guest.
const OF_AN_ADDRESS: Most = Most { running: 8, kept: 32 };

/// The same of everybody.
const OF_ALL: Most = Most {
    running: 32,
    kept: 512,
};

/// How long to wait at the least before telling again how far a job has come.
const PAUSE: Duration = Duration::from_millis(100);

#[derive(Clone, Copy)]
struct Most {
    running: usize,
    kept: usize,
}

/// The jobs there are.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    by_id: Mutex<BTreeMap<String, Job>>,
}

#[derive(Debug)]
struct Job {
    person: PersonId,
    address: Option<Household>,
    progress: Progress,
    result: Option<Arc<ExportFile>>,
    ended: Option<Instant>,
    /// Whether a later one of the same person took its place: it counts as long as others, and nobody sees it any more.
    is_replaced: bool,
}

/// What a job that is under way says of itself.
#[derive(Debug)]
pub struct JobProgress {
    jobs: Arc<Jobs>,
    hub: Arc<Hub>,
    id: String,
    said: Option<Instant>,
    finished: bool,
}

/// What begins when a job is asked for.
#[derive(Debug)]
pub(crate) enum Begun {
    /// The job, with what it says of itself from now on.
    Now(JobProgress),
    /// Nothing: this one is under way.
    Before(String),
}

/// What came of a job: a sentence for people, and what it made, if that is to be fetched.
#[derive(Clone, Debug)]
pub struct JobOutcome {
    /// For people, e.g. `Cleared 5,000 tasks.`
    pub sentence: String,
    /// The file that can be downloaded.
    pub result: Option<Arc<ExportFile>>,
}

impl Jobs {
    /// Begins a job of somebody's. One that is the only one of its kind takes the place of what an earlier one made, and is not begun
    /// while another is under way.
    pub(crate) fn begin(
        self: &Arc<Self>,
        hub: &Arc<Hub>,
        person: PersonId,
        kind: &str,
        sentence: &str,
        is_only: bool,
    ) -> Result<Begun, Error> {
        let id = HEXLOWER.encode(&random::<16>()?);
        let address = client_address();
        self.expire();
        let mut by_id = self.by_id.lock();
        let is_like_it = |job: &&Job| job.person == person && job.progress.kind == kind;
        if let Some(job) = by_id
            .values()
            .filter(is_like_it)
            .find(|job| job.ended.is_none() && is_only)
        {
            return Ok(Begun::Before(job.progress.job.clone()));
        }
        if !OF_A_PERSON.allows(by_id.values().filter(|job| job.person == person)) {
            return Err(Error::TooManyJobs);
        }
        let same_address = |job: &&Job| address.is_some() && job.address == address;
        if !OF_AN_ADDRESS.allows(by_id.values().filter(same_address)) || !OF_ALL.allows(by_id.values()) {
            return Err(Error::ManyJobs);
        }
        let old = if is_only {
            replace(&mut by_id, person)
        } else {
            Vec::new()
        };
        let progress = Progress {
            job: id.clone(),
            kind: kind.to_owned(),
            state: JobState::Running,
            done: 0,
            total: 0,
            sentence: sentence.to_owned(),
            result: None,
        };
        say(hub, person, &progress);
        let job = Job {
            person,
            address,
            progress,
            result: None,
            ended: None,
            is_replaced: false,
        };
        by_id.insert(id.clone(), job);
        drop(by_id);
        // Their files are deleted while nobody waits for that.
        drop(old);
        Ok(Begun::Now(JobProgress {
            jobs: Arc::clone(self),
            hub: Arc::clone(hub),
            id,
            said: None,
            finished: false,
        }))
    }

    /// How a job of somebody's stands, and what it made.
    pub(crate) fn of(&self, person: PersonId, id: &str) -> Option<(Progress, Option<Arc<ExportFile>>)> {
        let by_id = self.by_id.lock();
        let job = by_id.get(id).filter(|job| job.is_of(person))?;
        Some((job.progress.clone(), job.result.clone()))
    }

    /// Forgets those that ended long ago, with what they made.
    pub(crate) fn expire(&self) {
        let is_over = |job: &Job| job.ended.is_some_and(|ended| ended.elapsed() >= KEPT_FOR);
        self.take(|_, job| is_over(job));
    }

    /// Forgets a job of somebody's that has ended.
    pub(crate) fn forget(&self, person: PersonId, id: &str) {
        self.take(|other, job| other == id && job.person == person && job.ended.is_some());
    }

    /// Forgets all jobs of somebody who left. What comes of one that is under way is seen by nobody.
    pub(crate) fn forget_all(&self, person: PersonId) {
        self.take(|_, job| job.person == person);
    }

    fn take(&self, goes: impl Fn(&str, &Job) -> bool) {
        let mut by_id = self.by_id.lock();
        let gone: Vec<_> = by_id.extract_if(.., |id, job| goes(id, job)).collect();
        drop(by_id);
        // Their files are deleted while nobody waits for that.
        drop(gone);
    }

    /// Lets a new stream of the person know how their jobs stand; `put` is called while none of them goes on.
    pub(crate) fn greet(&self, person: PersonId, put: impl Fn(Frame)) {
        let by_id = self.by_id.lock();
        for job in by_id
            .values()
            .filter(|job| job.is_of(person) && job.ended.is_none_or(|ended| ended.elapsed() < KEPT_FOR))
        {
            put(frame(&job.progress));
        }
    }
}

impl Job {
    /// Whether somebody sees it.
    fn is_of(&self, person: PersonId) -> bool {
        self.person == person && !self.is_replaced
    }
}

/// Takes what earlier jobs of somebody's made, since there is to be another in its place.
fn replace(by_id: &mut BTreeMap<String, Job>, person: PersonId) -> Vec<Arc<ExportFile>> {
    let theirs = by_id.values_mut().filter(|job| job.person == person);
    let old = theirs.filter_map(|job| {
        let result = job.result.take()?;
        job.is_replaced = true;
        Some(result)
    });
    old.collect()
}

impl Most {
    /// Whether there may be one more than these.
    fn allows<'a>(self, jobs: impl Iterator<Item = &'a Job>) -> bool {
        let (mut running, mut kept) = (0, 0);
        for job in jobs {
            running += usize::from(job.ended.is_none());
            kept += 1;
        }
        running < self.running && kept < self.kept
    }
}

impl JobProgress {
    /// Which job it is.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// So many steps of so many are done. Told to the person now and then, and always the last one.
    pub fn done(&mut self, done: usize, total: usize) {
        let due = self.said.is_none_or(|said| said.elapsed() >= PAUSE) || done == total;
        let count = |number| u32::try_from(number).unwrap_or(u32::MAX);
        let mut by_id = self.jobs.by_id.lock();
        if let Some(job) = by_id.get_mut(&self.id) {
            (job.progress.done, job.progress.total) = (count(done), count(total));
            if due {
                say(&self.hub, job.person, &job.progress);
            }
        }
        drop(by_id);
        if due {
            self.said = Some(Instant::now());
        }
    }

    /// It is done, or it came to nothing for the reason in the sentence.
    pub fn finish(mut self, outcome: Result<JobOutcome, String>) {
        self.finished = true;
        self.end(outcome);
    }

    fn end(&self, outcome: Result<JobOutcome, String>) {
        let mut by_id = self.jobs.by_id.lock();
        let Some(job) = by_id.get_mut(&self.id) else {
            return;
        };
        job.ended = Some(Instant::now());
        match outcome {
            Ok(JobOutcome { sentence, result }) => {
                job.progress.state = JobState::Done;
                job.progress.done = job.progress.total;
                job.progress.sentence = sentence;
                job.progress.result = result.as_ref().map(|_| format!("/jobs/{}/result", self.id));
                job.result = result;
            }
            Err(sentence) => {
                job.progress.state = JobState::Failed;
                job.progress.sentence = sentence;
            }
        }
        say(&self.hub, job.person, &job.progress);
    }
}

/// A job that ends without a word, as by a panic, came to nothing.
impl Drop for JobProgress {
    fn drop(&mut self) {
        if !self.finished {
            self.end(Err(
                "Something went wrong on the server. Please try again.".to_owned()
            ));
        }
    }
}

fn say(hub: &Hub, person: PersonId, progress: &Progress) {
    hub.tell_aside(Topic::Person(person), Kinds::PROGRESS, &frame(progress), None);
}

fn frame(progress: &Progress) -> Frame {
    Frame::aside(&Ephemeral::Progress(progress.clone()))
}

#[cfg(test)]
mod tests;
