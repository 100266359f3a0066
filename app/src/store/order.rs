//! Which rows there are, in order, and which of them to draw anew.
//!
//! A row that moves is drawn anew in its new place rather than carried there: the drawing library would otherwise
//! re-insert every row between the two places, and each of them would lose focus and caret.

use std::collections::BinaryHeap;

use domain::TaskId;
use leptos::prelude::*;

use crate::browser;

/// A row: its task, and how often it has moved.
pub(crate) type Key = (TaskId, u32);

/// The key of something else in a list: its number.
pub(crate) const fn numbered(number: u32) -> Key {
    (TaskId::from_bytes([0; 16]), number)
}

/// Makes the signal hold these tasks in this order. The row of `pinned` stays what it is, at the cost of others: the
/// person is in it.
pub(super) fn set(signal: RwSignal<Vec<Key>>, tasks: Vec<TaskId>, pinned: Option<TaskId>) {
    let next = signal.with_untracked(|now| {
        let same = now.len() == tasks.len() && now.iter().zip(&tasks).all(|((now, _), next)| now == next);
        (!same).then(|| keys(now, tasks, pinned))
    });
    let Some(next) = next else { return };
    let stays = match pinned {
        Some(_) => signal.with_untracked(|now| staying(now, &next)),
        None => None,
    };
    match stays {
        // Where rows go and come at once the drawing library may carry one that stays, and the person is in it. So those
        // that go leave first, and the others come in the same frame, unless something newer was drawn meanwhile.
        Some(stays) => {
            signal.set(stays.clone());
            browser::before_paint(move || {
                if signal.with_untracked(|now| *now == stays) {
                    signal.set(next);
                }
            });
        }
        None => signal.set(next),
    }
}

/// Has the rows of these tasks be drawn anew, wherever they stand.
pub(super) fn draw_anew(signal: RwSignal<Vec<Key>>, tasks: &[TaskId]) {
    if !tasks.is_empty() {
        signal.update(|rows| {
            for (_, moves) in rows.iter_mut().filter(|(task, _)| tasks.contains(task)) {
                *moves += 1;
            }
        });
    }
}

/// The rows that are in both, in order, where some go and some come.
fn staying(now: &[Key], next: &[Key]) -> Option<Vec<Key>> {
    let there = sorted(now.iter().copied().map(|(task, moves)| (task, 0, moves)));
    let stays: Vec<Key> = next
        .iter()
        .copied()
        .filter(|key| place(&there, key.0).is_some_and(|(_, moves)| moves == key.1))
        .collect();
    (stays.len() < now.len() && stays.len() < next.len()).then_some(stays)
}

fn keys(now: &[Key], tasks: Vec<TaskId>, pinned: Option<TaskId>) -> Vec<Key> {
    let places = sorted(
        now.iter()
            .enumerate()
            .map(|(place, (task, moves))| (*task, place, *moves)),
    );
    let pin = pinned.and_then(|task| {
        let (old, _) = place(&places, task)?;
        Some((old, tasks.iter().position(|other| *other == task)?))
    });
    // A row on the other side of the pinned one than before has moved, whatever the others did.
    let stays =
        |new: usize, old: usize| pin.is_none_or(|(pin_old, pin_new)| new.cmp(&pin_new) == old.cmp(&pin_old));
    let old = tasks.iter().enumerate().filter_map(|(new, task)| {
        let (old, _) = place(&places, *task)?;
        stays(new, old).then_some(old)
    });
    let stay = longest_rise(old, now.len());
    let key = |task: TaskId| match place(&places, task) {
        Some((place, moves)) if stay.get(place) == Some(&true) => (task, moves),
        Some((_, moves)) => (task, moves + 1),
        None => (task, 0),
    };
    tasks.into_iter().map(key).collect()
}

/// Where each task stands and how often it has moved, sorted by task: looked up by halving, it needs no hashing.
fn sorted(places: impl Iterator<Item = (TaskId, usize, u32)>) -> Vec<(TaskId, usize, u32)> {
    BinaryHeap::from_iter(places).into_sorted_vec()
}

fn place(sorted: &[(TaskId, usize, u32)], task: TaskId) -> Option<(usize, u32)> {
    let at = sorted.binary_search_by_key(&task, |(task, ..)| *task).ok()?;
    sorted.get(at).map(|(_, place, moves)| (*place, *moves))
}

/// As many of the places below `end` as possible that already stand in rising order: all others have moved.
fn longest_rise(places: impl Iterator<Item = usize>, end: usize) -> Vec<bool> {
    // Patience sorting: `tops` holds the lowest end of a rise of each length, `before` the way back.
    let mut tops: Vec<usize> = Vec::new();
    let mut before = vec![None; end];
    for place in places {
        let at = tops.partition_point(|top| *top < place);
        if let Some(before) = before.get_mut(place) {
            *before = at.checked_sub(1).and_then(|at| tops.get(at).copied());
        }
        match tops.get_mut(at) {
            Some(top) => *top = place,
            None => tops.push(place),
        }
    }
    let mut stay = vec![false; end];
    let mut place = tops.last().copied();
    while let Some(last) = place {
        if let Some(stays) = stay.get_mut(last) {
            *stays = true;
        }
        place = before.get(last).copied().flatten();
    }
    stay
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(now: &str, next: &str, pinned: Option<char>, moved: &str) {
        let id = |c: char| TaskId::from_bytes([c as u8; 16]);
        let now: Vec<Key> = now.chars().map(|c| (id(c), 0)).collect();
        let keys = keys(&now, next.chars().map(id).collect(), pinned.map(id));
        let anew: String = next
            .chars()
            .zip(&keys)
            .filter(|(_, key)| key.1 > 0)
            .map(|(c, _)| c)
            .collect();
        assert_eq!(anew, moved);
        assert_eq!(
            keys.iter().map(|key| key.0).collect::<Vec<_>>(),
            next.chars().map(id).collect::<Vec<_>>()
        );
    }

    #[test]
    fn only_what_moved_is_drawn_anew() {
        check("abcde", "abcde", None, "");
        check("abcde", "bcdea", None, "a");
        check("abcde", "eabcd", None, "e");
        check("abcde", "abxcde", None, "");
        check("abcde", "ace", None, "");
        check("abcde", "acbde", None, "c");
        check("", "abc", None, "");
    }

    #[test]
    fn the_row_that_the_person_is_in_stays_what_it_is() {
        check("abcde", "bcdea", Some('a'), "bcde");
        check("abcde", "bcdea", Some('c'), "a");
        check("abcde", "acbde", Some('b'), "c");
        check("abcde", "xbcde", Some('a'), "");
    }
}
