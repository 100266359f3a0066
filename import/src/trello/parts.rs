//! What stands apart from the cards of a board that it belongs to.

use std::collections::HashMap;

use super::file::{Board, Card, Checklist};
use crate::collect::{Collected, ListAt, TaskAt};
use crate::draft::{Draft, short};
use crate::json::Id;
use crate::refused::FileRefused;
use crate::remark::Reason;
use crate::stamp::Stamp;

/// What stands apart from the cards it belongs to.
#[derive(Default)]
pub(super) struct Parts<'a> {
    checklists: HashMap<Id, Vec<Checklist>>,
    /// The latest first, as the file has them.
    comments: HashMap<&'a Id, Vec<(&'a str, &'a str)>>,
    people: HashMap<&'a Id, &'a str>,
    /// What the board's own fields are called, and what their choices say.
    fields: HashMap<&'a Id, String>,
    choices: HashMap<&'a Id, &'a str>,
}

impl<'a> Parts<'a> {
    pub(super) fn of(board: &'a Board, mut checklists: Vec<Checklist>) -> Self {
        // Who left the board is no member, but may have done something while it was.
        let actions = board.actions.iter();
        let people = actions
            .filter_map(|action| action.member_creator.as_ref())
            .chain(&board.members);
        let fields = board.custom_fields.iter();
        let choices = fields.clone().flat_map(|field| &field.options);
        let mut parts = Self {
            people: people
                .map(|person| (&person.id, person.full_name.trim()))
                .filter(|(_, name)| !name.is_empty())
                .collect(),
            fields: fields.map(|field| (&field.id, short(&field.name))).collect(),
            choices: choices.map(|choice| (&choice.id, choice.value.text())).collect(),
            ..Self::default()
        };
        checklists.sort_by(|a, b| a.pos.total_cmp(&b.pos));
        for mut checklist in checklists {
            checklist.check_items.sort_by(|a, b| a.pos.total_cmp(&b.pos));
            if let Some(card) = checklist.id_card.take() {
                parts.checklists.entry(card).or_default().push(checklist);
            }
        }
        for action in board
            .actions
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

    pub(super) fn task(&mut self, row: usize, card: &Card) -> Draft {
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
        task.label(labels.map(String::as_str));
        let people = card.id_members.iter().map(|id| self.person(id));
        task.keep_all("Members", people, Reason::Assignees);
        task.starts_at(&card.start, "");
        for attachment in &card.attachments {
            let texts = [attachment.name.as_str(), attachment.url.as_str()];
            let is_twice = attachment.name == attachment.url;
            task.keep_all(
                "Attachment",
                texts.into_iter().skip(usize::from(is_twice)),
                Reason::Attachments,
            );
        }
        for item in &card.custom_field_items {
            let label = self
                .fields
                .get(&item.id_custom_field)
                .map_or("Also", String::as_str);
            let choice = self.choices.get(&item.id_value).copied();
            let text = choice.unwrap_or_else(|| item.value.text());
            task.keep(label, text, Reason::CustomFields);
        }
        task.keep_all(
            "Location",
            [card.location_name.as_str(), card.address.as_str()],
            Reason::Location,
        );
        // Of two cards with one id, which no board has, the first has the comments.
        let comments = self.comments.remove(&card.id).unwrap_or_default();
        if comments.len() < card.badges.comments {
            task.remark(Reason::MissingComments);
        }
        for (by, text) in comments.into_iter().rev() {
            task.comment(by, text);
        }
        task
    }

    /// The name of a person, or else the id, so that who is one person stays one.
    fn person<'b>(&self, id: &'b Id) -> &'b str
    where
        'a: 'b,
    {
        self.people.get(id).copied().unwrap_or(&id.0)
    }

    /// Adds the lines of a card's checklists, as subtasks; those of a card that is archived are done as it is.
    pub(super) fn add_checks(
        &mut self,
        found: &mut Collected,
        (list, parent): (ListAt, TaskAt),
        row: usize,
        card: &Id,
        is_archived: bool,
    ) -> Result<(), FileRefused> {
        for checklist in self.checklists.remove(card).into_iter().flatten() {
            let name = checklist.name.trim();
            for check in checklist.check_items {
                let mut task = Draft::new(row, check.name);
                task.is_done = check.state == "complete";
                due(&mut task, &check.due);
                if is_archived && !task.is_done {
                    task.is_done = true;
                    task.remark(Reason::Archived);
                }
                if let Some(person) = &check.id_member {
                    task.keep("Members", self.person(person), Reason::Assignees);
                }
                task.keep("Checklist", name, Reason::Checklist);
                found.add(list, Some(parent), task)?;
            }
        }
        Ok(())
    }
}

fn due(task: &mut Draft, due: &str) {
    match Stamp::parse(due) {
        None => task.keep("Due", due, Reason::UnknownDate),
        Some(stamp) => task.due_at(stamp, ""),
    }
}
