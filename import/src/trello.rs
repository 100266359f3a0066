//! A board of Trello, as `Export as JSON` writes it: one list here, its columns as sections, in order. Checklists come as subtasks of
//! their card.
//!
//! A column is a section also where all of its cards are done or it has none: the next card may come into it. One that is archived is no
//! section, since nobody sees it on the board: its cards come done, in no section, with its name in their notes.

mod file;
mod parts;

use std::collections::{HashMap, HashSet};

use self::file::{Board, Card};
use self::parts::Parts;
use crate::collect::Collected;
use crate::draft::Draft;
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
    let has_cards: HashSet<&Id> = board
        .cards
        .iter()
        .filter_map(|card| card.id_list.as_ref())
        .collect();
    let mut sections = Vec::with_capacity(board.lists.len());
    for column in &board.lists {
        if column.closed && !has_cards.contains(&column.id) {
            found.empty_section(&column.name)?;
        }
        sections.push(if column.closed {
            None
        } else {
            found.section(list, Draft::section(None, column.name.trim()))?
        });
    }
    let mut parts = Parts::of(&board, checklists);
    for (index, card) in board.cards.iter().enumerate() {
        let row = index + 1;
        let mut task = parts.task(row, card);
        let (mut is_archived, mut section) = (card.closed, None);
        if let Some((at, column, is_closed)) = column_of(card) {
            section = sections.get(at).copied().flatten();
            is_archived |= is_closed;
            if is_closed {
                task.keep("Section", column, Reason::Section);
            }
            if is_closed && !task.is_done {
                task.is_done = true;
                task.remark(Reason::Archived);
            }
        }
        let task = found.add(list, section, task)?;
        parts.add_checks(&mut found, (list, task), row, &card.id, is_archived)?;
    }
    if !board.members.is_empty() {
        found.remark("", Reason::Members);
    }
    found.finish(Shape::Trello)
}
