//! Lists as people read and share them: snapshots, the trash, links, invitations, catching up, long jobs.

pub(crate) mod bulk_jobs;
pub(crate) mod catch_up;
pub(crate) mod check;
pub(crate) mod export;
pub(crate) mod export_files;
pub(crate) mod import_files;
pub(crate) mod import_jobs;
pub(crate) mod invitations;
pub(crate) mod jobs;
pub(crate) mod share_code;
pub(crate) mod shared_snapshots;
pub(crate) mod sharing;
pub(crate) mod snapshot;
pub(crate) mod trash;

use std::sync::Arc;

use domain::ListId;
use domain::wire::{Hello, Progress, Snapshot};

use crate::client_address::spawn;
use crate::lists::export_files::ExportFile;
use crate::lists::jobs::{Begun, JobProgress};
use crate::lists::shared_snapshots::SnapshotText;
use crate::{Backend, Error, Visitor};

/// What can be asked about lists. A copy is the same handle.
#[derive(Clone, Copy)]
pub struct Lists<'a> {
    backend: &'a Backend,
}

impl Backend {
    /// Lists: reading and sharing them, the trash, invitations, jobs.
    pub const fn lists(&self) -> Lists<'_> {
        Lists { backend: self }
    }
}

impl Lists<'_> {
    /// Who the visitor is and which lists they have, as of the head.
    pub async fn overview(self, visitor: &Visitor) -> Result<Hello, Error> {
        let inner = &self.backend.inner;
        snapshot::overview(&inner.readers, inner.heartbeat, visitor).await
    }

    /// What a page begins with: who the visitor is, and a list as of the same head. Without a list: their own first one, or
    /// else whichever they are in; none where they are in none.
    pub async fn page(
        self,
        visitor: &Visitor,
        list: Option<ListId>,
        most: Option<usize>,
    ) -> Result<(Hello, Option<Snapshot>), Error> {
        let inner = &self.backend.inner;
        snapshot::page(&inner.readers, inner.heartbeat, visitor, list, most).await
    }

    /// A list as of the head, without its trash. Where it has more than `most` tasks: the first `most` that are open.
    pub async fn snapshot(
        self,
        visitor: &Visitor,
        list: ListId,
        most: Option<usize>,
    ) -> Result<Snapshot, Error> {
        snapshot::snapshot(&self.backend.inner.readers, visitor, list, most).await
    }

    /// The whole of a list as of the head, without its trash, as JSON: one text for all who are being sent the same version.
    pub async fn snapshot_text(self, visitor: &Visitor, list: ListId) -> Result<SnapshotText, Error> {
        let inner = &self.backend.inner;
        inner.snapshots.read(&inner.readers, visitor, list).await
    }

    /// Begins a job of the visitor's, if they are still let in, and gives its id at once. `work` is handed the means to say how far it has come; an
    /// error of it is a sentence.
    pub fn start_job<W>(
        self,
        visitor: &Visitor,
        kind: &str,
        sentence: &str,
        work: impl FnOnce(JobProgress) -> W,
    ) -> Result<String, Error>
    where
        W: Future<Output = ()> + Send + 'static,
    {
        self.start(visitor, (kind, false), sentence, work)
    }

    /// The same of a kind of which each person has as many as they like, or only one.
    pub(crate) fn start<W>(
        self,
        visitor: &Visitor,
        (kind, is_only): (&str, bool),
        sentence: &str,
        work: impl FnOnce(JobProgress) -> W,
    ) -> Result<String, Error>
    where
        W: Future<Output = ()> + Send + 'static,
    {
        self.backend.check_right(visitor)?;
        let inner = &self.backend.inner;
        let begun = inner
            .jobs
            .begin(&inner.hub, visitor.person(), kind, sentence, is_only)?;
        let progress = match begun {
            Begun::Now(progress) => progress,
            Begun::Before(id) => return Ok(id),
        };
        let id = progress.id().to_owned();
        spawn(work(progress));
        Ok(id)
    }

    /// How a job of the visitor's stands, and what it made.
    pub fn job(self, visitor: &Visitor, id: &str) -> Option<(Progress, Option<Arc<ExportFile>>)> {
        self.backend.inner.jobs.of(visitor.person(), id)
    }

    /// Forgets a job of the visitor's that has ended.
    pub fn forget_job(self, visitor: &Visitor, id: &str) -> Result<(), Error> {
        self.backend.check_right(visitor)?;
        self.backend.inner.jobs.forget(visitor.person(), id);
        Ok(())
    }
}
