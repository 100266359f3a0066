//! Lists as people read and share them: snapshots, the trash, links, invitations, catching up, long jobs.

pub(crate) mod bulk_jobs;
pub(crate) mod catch_up;
pub(crate) mod check;
pub(crate) mod export;
pub(crate) mod invitations;
pub(crate) mod jobs;
pub(crate) mod share_code;
pub(crate) mod sharing;
pub(crate) mod snapshot;
pub(crate) mod trash;
