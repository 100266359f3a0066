//! Signing in, signing up, and confirming one's identity.

pub(crate) mod account;
pub(crate) mod leaving;
pub(crate) mod passkeys;
pub(crate) mod reset;
pub(crate) mod second_step;
pub(crate) mod sign_in;
