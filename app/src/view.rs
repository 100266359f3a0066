//! Leptos' views and closures with their types hidden: each type that the drawing code is compiled for is bytes that every
//! visitor loads. [`erased`] has the figure.

mod dynamic;
mod erased;
mod later;

pub(crate) use dynamic::{Dynamic, dynamic, effect, for_each, handler, show};
pub(crate) use erased::{ErasedView, any, client_only};
pub(crate) use later::{Load, NotLoaded, if_here, when_loaded};
