//! The operator's pages, figures and log.

pub(crate) mod audit;
pub(crate) mod log_buffer;
pub(crate) mod metrics;
pub(crate) mod metrics_token;
pub(crate) mod operator;
pub(crate) mod sampler;
pub(crate) mod settings;
pub(crate) mod user_actions;
pub(crate) mod users;
