//! The pages of a person's own account.

pub(crate) mod credentials;
pub(crate) mod delete_account;
pub(crate) mod mfa;
pub(crate) mod page;
pub(crate) mod passkeys;
pub(crate) mod picture_resizer;
pub(crate) mod pictures;
mod ways;
