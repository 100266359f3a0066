//! The door to the part of the wasm in which company is: what is heard before it has come waits here.

use leptos::prelude::*;
use leptos::task::spawn_local;
#[cfg(not(feature = "split"))]
use leptos::wasm_split::SplitLoaderError;

use super::group::{Group, News};
use crate::browser;
use crate::view::{NotLoaded, if_here};

/// How much waits at the most. Beyond that the oldest change goes: nobody wants to be told of it later. What else is heard is
/// how things are, and is not said again.
const MOST: usize = 64;

/// How long after an attempt that failed the next one is made, in milliseconds.
const AGAIN: u64 = 10_000;

/// Takes in what company hears. Nothing else may call `Group::hear`, or all of it is in the first load again.
#[cfg(feature = "split")]
#[leptos::wasm_split::wasm_split(company, wasm_split_path = ::leptos::wasm_split, preload(load), fallible)]
fn hear(group: Group, news: News) -> Result<(), NotLoaded> {
    group.hear(news);
    Ok(())
}

#[cfg(not(feature = "split"))]
async fn hear(group: Group, news: News) -> Result<(), NotLoaded> {
    group.hear(news);
    Ok(())
}

#[cfg(not(feature = "split"))]
async fn load() -> Result<(), SplitLoaderError> {
    Ok(())
}

/// How far the part is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Wanted,
    Loading,
    Here,
}

/// What waits for the part.
#[derive(Clone, Copy)]
pub(super) struct Waiting {
    news: StoredValue<Vec<News>>,
    progress: StoredValue<Progress>,
}

impl Waiting {
    pub(super) fn new() -> Self {
        Self {
            news: StoredValue::new(Vec::new()),
            progress: StoredValue::new(Progress::Wanted),
        }
    }

    /// Says it to the group, at once or as soon as the part is here.
    pub(super) fn tell(self, group: Group, news: News) {
        if is_server() {
            return;
        }
        if self.progress.get_value() == Progress::Here {
            if_here(hear(group, news));
            return;
        }
        self.news.update_value(|waiting| {
            if matches!(news, News::Drawn) {
                waiting.retain(|before| !matches!(before, News::Drawn));
            }
            if waiting.len() >= MOST
                && let Some(oldest) = waiting.iter().position(|before| matches!(before, News::Row(_)))
            {
                waiting.remove(oldest);
            }
            waiting.push(news);
        });
        if self.progress.get_value() == Progress::Wanted {
            self.load(group);
        }
    }

    fn load(self, group: Group) {
        self.progress.set_value(Progress::Loading);
        spawn_local(async move {
            if load().await.is_err() {
                return browser::after(AGAIN, move || self.load(group));
            }
            self.progress.set_value(Progress::Here);
            for news in self.news.try_update_value(std::mem::take).unwrap_or_default() {
                if_here(hear(group, news));
            }
        });
    }
}
