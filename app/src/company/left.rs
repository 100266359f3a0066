//! That the person is in a list no more: the page says so whether or not the rest of company has come.

use domain::ListId;

use crate::store::{Kind, Notice, Store};

/// How long a notice is shown, in milliseconds.
pub(super) const SHOWN_FOR: u64 = 20_000;

/// Says it, unless it was said by whose doing.
pub(super) fn on_left(store: Store, list: ListId, sentence: String) {
    if store.notices.about(&key(list)).is_none() {
        say_left(store, list, sentence);
    }
}

pub(super) fn say_left(store: Store, list: ListId, sentence: String) {
    let notice = Notice::new(Kind::Role, sentence).about(key(list));
    store.notices.put_for(notice, SHOWN_FOR);
}

fn key(list: ListId) -> String {
    format!("left-{list}")
}
