//! The database: its file, its connections, and the statements of SQL.

pub(crate) mod accounts;
pub(crate) mod columns;
pub(crate) mod open;
pub(crate) mod people;
pub(crate) mod sessions;
pub(crate) mod tasks;
pub(crate) mod transaction;
