//! A board of Trello, as `Export as JSON` writes it: one list here, its cards by the order of their columns. Checklists come as tasks after
//! their card.

use std::collections::HashMap;

use serde::Deserialize;

use crate::collect::{Collected, ListAt};
use crate::dates::Stamp;
use crate::draft::Draft;
use crate::family::below;
use crate::imported::{Imported, Shape};
use crate::json::{Id, or_default, read as read_json};
use crate::refused::FileRefused;
use crate::remark::Reason;
use crate::source::Source;

#[derive(Deserialize)]
struct Board {
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    desc: String,
    #[serde(default, deserialize_with = "or_default")]
    lists: Vec<Column>,
    #[serde(default, deserialize_with = "or_default")]
    cards: Vec<Card>,
    #[serde(default, deserialize_with = "or_default")]
    checklists: Vec<Checklist>,
    #[serde(default, deserialize_with = "or_default")]
    members: Vec<Person>,
    #[serde(default, deserialize_with = "or_default")]
    actions: Vec<Action>,
}

#[derive(Deserialize)]
struct Column {
    id: Id,
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    closed: bool,
    #[serde(default, deserialize_with = "or_default")]
    pos: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Card {
    id: Id,
    #[serde(default, deserialize_with = "or_default")]
    id_list: Option<Id>,
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    desc: String,
    #[serde(default, deserialize_with = "or_default")]
    closed: bool,
    #[serde(default, deserialize_with = "or_default")]
    pos: f64,
    #[serde(default, deserialize_with = "or_default")]
    due: String,
    #[serde(default, deserialize_with = "or_default")]
    due_complete: bool,
    #[serde(default, deserialize_with = "or_default")]
    start: String,
    #[serde(default, deserialize_with = "or_default")]
    labels: Vec<Label>,
    #[serde(default, deserialize_with = "or_default")]
    id_members: Vec<Id>,
    #[serde(default, deserialize_with = "or_default")]
    attachments: Vec<Attachment>,
}

#[derive(Deserialize)]
struct Label {
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    color: String,
}

#[derive(Deserialize)]
struct Attachment {
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    url: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Checklist {
    #[serde(default, deserialize_with = "or_default")]
    id_card: Option<Id>,
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    pos: f64,
    #[serde(default, deserialize_with = "or_default")]
    check_items: Vec<Check>,
}

#[derive(Deserialize)]
struct Check {
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    state: String,
    #[serde(default, deserialize_with = "or_default")]
    pos: f64,
    #[serde(default, deserialize_with = "or_default")]
    due: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Person {
    id: Id,
    #[serde(default, deserialize_with = "or_default")]
    full_name: String,
}

/// What somebody did; of interest are comments.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Action {
    #[serde(default, rename = "type", deserialize_with = "or_default")]
    kind: String,
    #[serde(default, deserialize_with = "or_default")]
    data: Option<ActionData>,
    #[serde(default, deserialize_with = "or_default")]
    member_creator: Option<Person>,
}

#[derive(Deserialize)]
struct ActionData {
    #[serde(default, deserialize_with = "or_default")]
    text: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    card: Option<OfCard>,
}

#[derive(Deserialize)]
struct OfCard {
    id: Id,
}

pub(crate) fn read(text: &str, source: &Source<'_>) -> Result<Imported, FileRefused> {
    let mut board: Board = read_json(text)?;
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
    let mut parts = Parts::of(board.checklists, &board.actions, &board.members);
    for (index, card) in board.cards.iter().enumerate() {
        let row = index + 1;
        let mut task = parts.task(row, card);
        if let Some((at, column, is_closed)) = column_of(card) {
            if let Some(has_cards) = has_cards.get_mut(at) {
                *has_cards = true;
            }
            task.keep("Section", column, Reason::Section);
            if is_closed && !task.is_done {
                task.is_done = true;
                task.remark(Reason::Archived);
            }
        }
        let about = task.about();
        found.add(list, task)?;
        parts.add_checks(&mut found, list, row, &card.id, &about)?;
    }
    for (column, _) in board.lists.iter().zip(has_cards).filter(|(_, has)| !has) {
        found.empty_section(None, &column.name)?;
    }
    if !board.members.is_empty() {
        found.remark("", Reason::Members);
    }
    found.finish(Shape::Trello)
}

/// What stands apart from the cards it belongs to.
#[derive(Default)]
struct Parts<'a> {
    checklists: HashMap<Id, Vec<Checklist>>,
    /// The latest first, as the file has them.
    comments: HashMap<&'a Id, Vec<(&'a str, &'a str)>>,
    people: HashMap<&'a Id, &'a str>,
}

impl<'a> Parts<'a> {
    fn of(mut checklists: Vec<Checklist>, actions: &'a [Action], members: &'a [Person]) -> Self {
        let mut parts = Self {
            people: members
                .iter()
                .map(|person| (&person.id, person.full_name.trim()))
                .filter(|(_, name)| !name.is_empty())
                .collect(),
            ..Self::default()
        };
        checklists.sort_by(|a, b| a.pos.total_cmp(&b.pos));
        for mut checklist in checklists {
            checklist.check_items.sort_by(|a, b| a.pos.total_cmp(&b.pos));
            if let Some(card) = checklist.id_card.take() {
                parts.checklists.entry(card).or_default().push(checklist);
            }
        }
        for action in actions
            .iter()
            .filter(|action| action.kind == "commentCard" || action.kind == "copyCommentCard")
        {
            let Some(data) = &action.data else { continue };
            let (Some(text), Some(card)) = (&data.text, &data.card) else {
                continue;
            };
            let by = action
                .member_creator
                .as_ref()
                .map_or("", |person| person.full_name.as_str());
            parts.comments.entry(&card.id).or_default().push((by, text));
        }
        parts
    }

    fn task(&mut self, row: usize, card: &Card) -> Draft {
        let mut task = Draft::new(row, &*card.name);
        task.notes.clone_from(&card.desc);
        task.is_done = card.due_complete;
        if card.closed && !task.is_done {
            task.is_done = true;
            task.remark(Reason::Archived);
        }
        due(&mut task, &card.due);
        let labels = card.labels.iter().map(|label| {
            if label.name.is_empty() {
                &label.color
            } else {
                &label.name
            }
        });
        task.keep_all("Labels", labels.map(String::as_str), Reason::Labels);
        let people = card
            .id_members
            .iter()
            .filter_map(|id| self.people.get(id).copied());
        task.keep_all("Members", people, Reason::Assignees);
        task.keep("Start", &card.start, Reason::Start);
        for attachment in &card.attachments {
            let texts = [attachment.name.as_str(), attachment.url.as_str()];
            let is_twice = attachment.name == attachment.url;
            task.keep_all(
                "Attachment",
                texts.into_iter().skip(usize::from(is_twice)),
                Reason::Attachments,
            );
        }
        // Of two cards with one id, which no board has, the first has the comments.
        for (by, text) in self.comments.remove(&card.id).into_iter().flatten().rev() {
            task.comment(by, text);
        }
        task
    }

    /// Adds the lines of a card's checklists.
    fn add_checks(
        &mut self,
        found: &mut Collected,
        list: ListAt,
        row: usize,
        card: &Id,
        about: &str,
    ) -> Result<(), FileRefused> {
        for checklist in self.checklists.remove(card).into_iter().flatten() {
            let name = checklist.name.trim();
            for check in checklist.check_items {
                let mut task = Draft::new(row, check.name);
                task.is_done = check.state == "complete";
                due(&mut task, &check.due);
                below(&mut task, about);
                task.keep("Checklist", name, Reason::Subtask);
                found.add(list, task)?;
            }
        }
        Ok(())
    }
}

fn due(task: &mut Draft, due: &str) {
    match Stamp::parse(due) {
        None => task.keep("Due", due, Reason::UnknownDate),
        Some(stamp) => {
            task.due = Some(stamp.day);
            if stamp.has_time() {
                task.keep("Due", due, Reason::Time);
            }
        }
    }
}
