//! The one write path: a queue, the writer task behind it, and the transactions it decides and commits.

pub(crate) mod admit;
pub(crate) mod apply;
pub(crate) mod batch;
pub(crate) mod cache;
pub(crate) mod charging;
pub(crate) mod commit;
pub(crate) mod delete_account;
pub(crate) mod left;
pub(crate) mod links;
pub(crate) mod list_bytes;
pub(crate) mod load;
pub(crate) mod members;
pub(crate) mod memory;
pub(crate) mod normalize;
pub(crate) mod origin;
pub(crate) mod pace;
pub(crate) mod pieces;
pub(crate) mod queue;
pub(crate) mod request;
pub(crate) mod row_changes;
pub(crate) mod sharing;
pub(crate) mod submit;
pub(crate) mod transaction;
pub(crate) mod writer;
