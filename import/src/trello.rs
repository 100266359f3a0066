//! A board of Trello, as `Export as JSON` writes it: one list here, its cards by the order of their columns. Checklists come as tasks after
//! their card.

mod file;
mod parts;

use std::collections::HashMap;

use self::file::{Board, Card};
use self::parts::Parts;
use crate::collect::Collected;
use crate::imported::{Imported, Shape};
use crate::json::{Id, read as read_json};
use crate::refused::FileRefused;
use crate::remark::Reason;
use crate::source::Source;

pub(crate) fn read(text: &str, source: &Source<'_>) -> Result<Imported, FileRefused> {
    let mut board: Board = read_json(text)?;
    let checklists = std::mem::take(&mut board.checklists);
    let mut found = Collected::default();
    let name = if board.name.trim().is_empty() {
        source.list_name()
    } else {
        &board.name
    };
    let list = found.list(name)?;
    found.describe(list, 1, &board.desc)?;
    board.lists.sort_by(|a, b| a.pos.total_cmp(&b.pos));
    let columns: HashMap<&Id, (usize, &str, bool)> = board
        .lists
        .iter()
        .enumerate()
        .map(|(at, column)| (&column.id, (at, column.name.trim(), column.closed)))
        .collect();
    let column_of = |card: &Card| card.id_list.as_ref().and_then(|id| columns.get(id)).copied();
    board.cards.sort_by(|a, b| {
        let place = |card: &Card| column_of(card).map_or(usize::MAX, |(at, ..)| at);
        place(a).cmp(&place(b)).then(a.pos.total_cmp(&b.pos))
    });
    let mut has_cards = vec![false; board.lists.len()];
    let mut parts = Parts::of(&board, checklists);
    for (index, card) in board.cards.iter().enumerate() {
        let row = index + 1;
        let mut task = parts.task(row, card);
        let mut is_archived = card.closed;
        if let Some((at, column, is_closed)) = column_of(card) {
            if let Some(has_cards) = has_cards.get_mut(at) {
                *has_cards = true;
            }
            task.keep("Section", column, Reason::Section);
            is_archived |= is_closed;
            if is_closed && !task.is_done {
                task.is_done = true;
                task.remark(Reason::Archived);
            }
        }
        let about = task.about();
        found.add(list, task)?;
        parts.add_checks(&mut found, list, row, &card.id, &about, is_archived)?;
    }
    for (column, _) in board.lists.iter().zip(has_cards).filter(|(_, has)| !has) {
        found.empty_section(None, &column.name)?;
    }
    if !board.members.is_empty() {
        found.remark("", Reason::Members);
    }
    found.finish(Shape::Trello)
}
