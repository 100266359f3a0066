//! Signing in and out, sessions, second factors, and how often each may be tried.

pub(crate) mod account_holder;
pub(crate) mod caller;
pub(crate) mod device;
pub(crate) mod oidc;
pub(crate) mod passkey;
pub(crate) mod reauth;
pub(crate) mod redirect;
pub(crate) mod reset;
pub(crate) mod second_step;
pub(crate) mod session;
pub(crate) mod sign_in;
pub(crate) mod sign_up;
pub(crate) mod throttle;
mod wanted;
