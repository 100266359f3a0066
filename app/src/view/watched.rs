//! Values that views follow, of any type for the price of one.
//!
//! Leptos' own signals are compiled anew for every type that one holds, some four kilobytes each in the browser. Here
//! the part that follows and notifies is a trigger without a type, and only looking at the value depends on it.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::{Arc, PoisonError, RwLock};

use leptos::prelude::*;

/// A value by counted reference: it lives as long as somebody looks at it.
pub(crate) struct Counted<T> {
    changed: ArcTrigger,
    value: Arc<RwLock<T>>,
}

impl<T> Counted<T> {
    pub(crate) fn new(value: T) -> Self {
        Self {
            changed: ArcTrigger::new(),
            value: Arc::new(RwLock::new(value)),
        }
    }

    /// Looks at it, again whenever it changes.
    pub(crate) fn with<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        self.changed.track();
        self.with_untracked(look)
    }

    /// Looks at it once.
    pub(crate) fn with_untracked<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.value.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes it.
    pub(crate) fn update<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = change(&mut self.value.write().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify();
        result
    }

    /// Puts another in its place.
    pub(crate) fn set(&self, value: T) {
        // What was there is dropped when nobody holds the lock any more.
        drop(self.update(|now| std::mem::replace(now, value)));
    }
}

impl<T: Clone> Counted<T> {
    /// A copy of it, again whenever it changes.
    pub(crate) fn get(&self) -> T {
        self.with(T::clone)
    }

    /// A copy of it.
    pub(crate) fn get_untracked(&self) -> T {
        self.with_untracked(T::clone)
    }
}

impl<T> Clone for Counted<T> {
    fn clone(&self) -> Self {
        Self {
            changed: self.changed.clone(),
            value: self.value.clone(),
        }
    }
}

/// A [`Counted`] without its type.
#[derive(Clone)]
struct Held {
    changed: ArcTrigger,
    value: Arc<dyn Any + Send + Sync>,
}

/// Not inlined: it is the same for every type.
#[inline(never)]
fn held(at: StoredValue<Held>) -> Option<Held> {
    at.try_get_value()
}

/// A value that belongs to the part of the page that made it, by a handle that is free to copy.
pub(crate) struct Watched<T> {
    at: StoredValue<Held>,
    of: PhantomData<fn() -> T>,
}

impl<T: Send + Sync + 'static> Watched<T> {
    pub(crate) fn new(value: T) -> Self {
        let Counted { changed, value } = Counted::new(value);
        Self {
            at: StoredValue::new(Held { changed, value }),
            of: PhantomData,
        }
    }

    /// The value, as long as its part of the page is there.
    fn try_counted(self) -> Option<Counted<T>> {
        let Held { changed, value } = held(self.at)?;
        let value = value.downcast().ok()?;
        Some(Counted { changed, value })
    }

    #[expect(
        clippy::panic,
        reason = "as with every signal: whoever looks belongs to what owns the value"
    )]
    fn counted(self) -> Counted<T> {
        match self.try_counted() {
            Some(counted) => counted,
            None => panic!("the value is gone"),
        }
    }

    /// Looks at it, again whenever it changes.
    pub(crate) fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.counted().with(look)
    }

    /// Looks at it once.
    pub(crate) fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.counted().with_untracked(look)
    }

    /// Changes it, if it is still there.
    pub(crate) fn update<R>(self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        self.try_counted().map(|counted| counted.update(change))
    }

    /// Puts another in its place, if it is still there.
    pub(crate) fn set(self, value: T) {
        if let Some(counted) = self.try_counted() {
            counted.set(value);
        }
    }
}

impl<T: Clone + Send + Sync + 'static> Watched<T> {
    /// A copy of it, again whenever it changes.
    pub(crate) fn get(self) -> T {
        self.counted().get()
    }

    /// A copy of it.
    pub(crate) fn get_untracked(self) -> T {
        self.counted().get_untracked()
    }

    /// A copy of it, if it is still there.
    pub(crate) fn try_get_untracked(self) -> Option<T> {
        self.try_counted().map(|counted| counted.get_untracked())
    }
}

impl<T> Clone for Watched<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Watched<T> {}
