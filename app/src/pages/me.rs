//! A person's own page: name, picture, credentials, deletion.

pub(crate) mod delete_account;
pub(crate) mod mfa;
pub(crate) mod profile;
