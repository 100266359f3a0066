//! The list, and the pages around it.

pub(crate) mod import;
pub(crate) mod invitations;
pub(crate) mod job;
pub(crate) mod join;
pub(crate) mod list;
pub(crate) mod share;
pub(crate) mod task;
pub(crate) mod trash;
