//! The command line: its options, its commands, and the address it prints.

pub(crate) mod announce;
pub(crate) mod data;
pub(crate) mod healthcheck;
pub(crate) mod options;
pub(crate) mod user;
