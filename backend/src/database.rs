//! The database: its file, its connections, and every statement of SQL.
//!
//! One file a group of tables. A function here takes a connection, knows no rule, and gives types of the domain or a small
//! struct of a row. Only this folder knows which database it is.

pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod check;
pub(crate) mod cli_commands;
pub(crate) mod columns;
pub(crate) mod connection;
pub(crate) mod erase;
pub(crate) mod history;
pub(crate) mod invitations;
pub(crate) mod links;
pub(crate) mod lists;
pub(crate) mod log;
pub(crate) mod members;
pub(crate) mod mfa;
pub(crate) mod oidc_identities;
pub(crate) mod open;
pub(crate) mod operator;
pub(crate) mod passkeys;
pub(crate) mod password_resets;
pub(crate) mod people;
pub(crate) mod pictures;
pub(crate) mod recovery_codes;
pub(crate) mod register;
pub(crate) mod role_limits;
pub(crate) mod sessions;
pub(crate) mod settings;
pub(crate) mod signup_codes;
pub(crate) mod snapshot;
pub(crate) mod tasks;
pub(crate) mod totp;
pub(crate) mod transaction;
pub(crate) mod users;

/// A connection, also one inside a transaction.
pub(crate) type Connection = sqlx::SqliteConnection;

/// The connections that only read.
pub(crate) type Readers = sqlx::SqlitePool;

/// What the database says when it fails.
pub(crate) type DriverError = sqlx::Error;

/// What is wrong with the version of a database.
pub(crate) type MigrateError = sqlx::migrate::MigrateError;
