//! What calls of the parts of the wasm that are loaded when they are wanted have in common. The parts themselves are declared
//! in `components/later.rs` and `company/part.rs`.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;

/// A part could not be loaded: there is no network, or the server has another version by now.
#[derive(Clone, Copy)]
pub(crate) struct NotLoaded;

impl From<SplitLoaderError> for NotLoaded {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// Loads a part. Each attempt is a new one until it is here.
pub(crate) type Load = fn() -> Pin<Box<dyn Future<Output = Result<(), SplitLoaderError>>>>;

/// Loads a part, and says then whether it is here. One function for all parts: each future of its own costs every visitor.
pub(crate) fn when_loaded(load: Load, then: Box<dyn FnOnce(bool)>) {
    let loading = load();
    spawn_local(async move { then(loading.await.is_ok()) });
}

/// What a function of a part gives, if the part is here: it answers at the first poll then, in the owner of the place that
/// calls it.
pub(crate) fn if_here<T>(call: impl Future<Output = Result<T, NotLoaded>>) -> Option<T> {
    match pin!(call).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(given) => given.ok(),
        Poll::Pending => None,
    }
}
