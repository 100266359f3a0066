//! Which sections the person has folded, in this browser.

use domain::sync::{Client, Touched};
use domain::{List, Task, TaskId};
use leptos::prelude::*;

use super::{Store, order};
use crate::browser::{self, Keep};

/// Where the browser keeps which they are: the ids with spaces between them, those that were folded last behind.
const KEY: &str = "tandem-folded";

/// The most bytes of that: a hundred ids, and what is between them.
const MOST: usize = 3_299;

impl Store {
    /// Takes out what is in a section that is folded: all that follows it, up to the next one. The section of a row that the person is in
    /// is unfolded before, whoever moved the row there.
    pub(super) fn fold_away(&self, list: Option<&List>, open: &mut Vec<&Task>, is_in: [Option<TaskId>; 2]) {
        if self.folded.with_untracked(String::is_empty) {
            return;
        }
        for task in is_in.into_iter().flatten() {
            let section = list.and_then(|list| list.section(list.task(task).filter(|task| task.is_open())?));
            if let Some(section) = section.filter(|section| self.is_folded(section.id)) {
                self.set_folded(section.id, false);
            }
        }
        let mut is_folded = false;
        open.retain(|task| {
            if task.section {
                is_folded = self.is_folded(task.id);
            }
            task.section || !is_folded
        });
    }

    /// Whether the person has folded that section.
    pub(crate) fn is_folded(&self, section: TaskId) -> bool {
        let id = section.simple();
        self.folded
            .with_untracked(|folded| folded.split(' ').any(|other| other == id))
    }

    /// Has a section be folded from now on, or not; another tab may have folded others meanwhile.
    fn set_folded(&self, section: TaskId, is_folded: bool) {
        let kept = browser::kept(Keep::Browser, KEY);
        let before = kept.unwrap_or_else(|| self.folded.get_untracked());
        let id = section.simple();
        let mut folded = String::new();
        for other in before
            .split(' ')
            .filter(|other| !other.is_empty() && *other != id)
        {
            folded = folded + other + " ";
        }
        if is_folded {
            folded += &id;
        }
        let from = folded.len().saturating_sub(MOST);
        let folded = folded.get(from..).unwrap_or_default().to_owned();
        browser::keep(
            Keep::Browser,
            KEY,
            Some(&*folded).filter(|folded| !folded.is_empty()),
        );
        self.folded.set(folded);
        order::draw_anew(self.open, &[section]);
    }

    /// Folds a section.
    pub(crate) fn fold(&self, client: &Client, section: TaskId) {
        self.set_folded(section, true);
        self.draw_touched(client, &Touched::default());
    }

    /// Unfolds a section, where it is folded.
    pub(crate) fn unfold(&self, client: &Client, section: TaskId) {
        if self.is_folded(section) {
            self.set_folded(section, false);
            self.draw_touched(client, &Touched::default());
        }
    }

    /// Folds the sections that were folded when the page was here last.
    pub(crate) fn fold_again(&self, client: &Client) {
        if let Some(sections) = browser::kept(Keep::Browser, KEY) {
            let folded: Vec<TaskId> = sections.split(' ').filter_map(|id| id.parse().ok()).collect();
            self.folded.set(sections);
            order::draw_anew(self.open, &folded);
            self.draw_touched(client, &Touched::default());
        }
    }
}
