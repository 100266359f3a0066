//! Accounts and sessions: how people prove who they are, and how an account begins and ends.

pub(crate) mod auth_error;
pub(crate) mod change_password;
pub(crate) mod credentials;
pub(crate) mod delete;
pub(crate) mod free_name;
pub(crate) mod guest_lists;
pub(crate) mod mfa;
pub(crate) mod name;
pub(crate) mod new_session;
pub(crate) mod oidc_identity;
pub(crate) mod open_sessions;
pub(crate) mod operator_session;
pub(crate) mod password;
pub(crate) mod pictures;
pub(crate) mod session;
pub(crate) mod sessions;
pub(crate) mod sign_in;
pub(crate) mod token;

use crate::Backend;

/// What can be asked about accounts and sessions. A copy is the same handle.
#[derive(Clone, Copy)]
pub struct Accounts<'a> {
    backend: &'a Backend,
}

impl Backend {
    /// Accounts: names, passwords, sessions, pictures, identities of a provider, deleting an account.
    pub const fn accounts(&self) -> Accounts<'_> {
        Accounts { backend: self }
    }
}
