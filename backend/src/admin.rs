//! What the operator does: the office itself, sign-up rules, people, resets, the audit log, commands of the command line.

pub(crate) mod admission;
pub(crate) mod audit;
pub(crate) mod cli_commands;
pub(crate) mod operator;
pub(crate) mod password_reset;
pub(crate) mod registration_policy;
pub(crate) mod settings;
pub(crate) mod signup_codes;
pub(crate) mod users;
