//! When a task with a time of another zone is due where the person is.

use domain::Day;
use leptos::prelude::*;

use super::Store;
use super::row::{DAY, day_of};

impl Store {
    /// The day and the time where the person is, of a day and a time of another zone, once that was found out.
    pub(crate) fn local(&self, due: &str) -> Option<(Day, String)> {
        let due = due.lines().next()?.to_owned() + "=";
        self.locals.with_value(|all| {
            let known = all.split_once(&due)?.1;
            Some((day_of(known)?, known.get(DAY..DAY + 5)?.to_owned()))
        })
    }
}
