//! What is read of the JSON of a board.

use serde::Deserialize;

use crate::bounds::LARGEST_OBJECT;
use crate::json::{Id, or_default};

#[derive(Deserialize)]
pub(super) struct Board {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) desc: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) lists: Vec<Column>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) cards: Vec<Card>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) checklists: Vec<Checklist>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) members: Vec<Person>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) actions: Vec<Action>,
    #[serde(default, rename = "customFields", deserialize_with = "or_default")]
    pub(super) custom_fields: Vec<CustomField>,
}

#[derive(Deserialize)]
pub(super) struct Column {
    pub(super) id: Id,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) closed: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) pos: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Card {
    pub(super) id: Id,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) id_list: Option<Id>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) desc: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) closed: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) pos: f64,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) due: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) due_complete: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) start: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) labels: Vec<Label>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) id_members: Vec<Id>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) attachments: Vec<Attachment>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) custom_field_items: Vec<CustomValue>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) location_name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) address: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) badges: Badges,
}

const _: () = assert!(
    size_of::<Card>() <= LARGEST_OBJECT,
    "a small file would be held as a large one"
);

/// What the front of a card counts.
#[derive(Default, Deserialize)]
pub(super) struct Badges {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) comments: usize,
}

/// A field that a board has and Trello has not.
#[derive(Deserialize)]
pub(super) struct CustomField {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) id: Id,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) options: Vec<Choice>,
}

/// One of a field's choices.
#[derive(Deserialize)]
pub(super) struct Choice {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) id: Id,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) value: FieldValue,
}

/// One of these, each as a text.
#[derive(Default, Deserialize)]
pub(super) struct FieldValue {
    #[serde(default, deserialize_with = "or_default")]
    text: String,
    #[serde(default, deserialize_with = "or_default")]
    number: String,
    #[serde(default, deserialize_with = "or_default")]
    date: String,
    #[serde(default, deserialize_with = "or_default")]
    checked: String,
}

impl FieldValue {
    pub(super) fn text(&self) -> &str {
        let all = [&self.text, &self.number, &self.date, &self.checked];
        all.into_iter()
            .find(|text| !text.is_empty())
            .map_or("", |text| text.trim())
    }
}

/// What a card has in such a field: a value, or the id of a choice.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomValue {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) id_custom_field: Id,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) id_value: Id,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) value: FieldValue,
}

#[derive(Deserialize)]
pub(super) struct Label {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) color: String,
}

#[derive(Deserialize)]
pub(super) struct Attachment {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) url: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Checklist {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) id_card: Option<Id>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) pos: f64,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) check_items: Vec<Check>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Check {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) state: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) pos: f64,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) due: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) id_member: Option<Id>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    pub(super) id: Id,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) full_name: String,
}

/// What somebody did; of interest are comments.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Action {
    #[serde(default, rename = "type", deserialize_with = "or_default")]
    pub(super) kind: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) data: Option<ActionData>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) member_creator: Option<Person>,
}

#[derive(Deserialize)]
pub(super) struct ActionData {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) text: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) card: Option<OfCard>,
}

#[derive(Deserialize)]
pub(super) struct OfCard {
    pub(super) id: Id,
}
