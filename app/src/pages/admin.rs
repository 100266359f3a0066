//! The operator's pages.

pub(crate) mod audit;
pub(crate) mod metrics;
pub(crate) mod operator;
pub(crate) mod settings;
pub(crate) mod users;
