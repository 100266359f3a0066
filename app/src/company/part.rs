//! The door to the part of the wasm in which company is: what is heard before it has come waits here.

use leptos::prelude::*;
#[cfg(not(feature = "split"))]
use leptos::wasm_split::SplitLoaderError;

use super::group::{Group, News};
use crate::browser;
use crate::view::{NotLoaded, if_here, when_loaded};

/// How much waits at the most. Beyond that the oldest change goes: nobody wants to be told of it later. What else is heard is
/// how things are, and is not said again.
const MOST: usize = 64;

/// How long after an attempt that failed the next one is made, in milliseconds: soon at first, then not.
const SOON: u64 = 2_000;
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
                && let Some(oldest) = waiting
                    .iter()
                    .position(|before| matches!(before, News::Row(_) | News::Shown(_)))
            {
                waiting.remove(oldest);
            }
            waiting.push(news);
        });
        if self.progress.get_value() == Progress::Wanted {
            self.load(group, SOON);
        }
    }

    fn load(self, group: Group, again: u64) {
        self.progress.set_value(Progress::Loading);
        let then = move |is_here: bool| {
            if !is_here {
                // The server is there and the part is not: the page is of another version.
                if group.is_heard() {
                    browser::show_stale();
                }
                return browser::after(again, move || self.load(group, AGAIN));
            }
            self.progress.set_value(Progress::Here);
            for news in self.news.try_update_value(std::mem::take).unwrap_or_default() {
                if_here(hear(group, news));
            }
        };
        when_loaded(|| Box::pin(load()), Box::new(then));
    }
}
