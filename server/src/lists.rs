//! Pages and server functions of lists.

pub(crate) mod catch_up;
pub(crate) mod import;
mod import_preview;
pub(crate) mod invitations;
pub(crate) mod jobs;
pub(crate) mod pages;
mod refused_form;
pub(crate) mod server_fns;
pub(crate) mod share;
pub(crate) mod trash;
