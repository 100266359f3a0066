//! What the server puts into the page, so that the browser starts with exactly what was drawn.

mod sheet;

use domain::json::Read;
use domain::wire::{Hello, Snapshot};
use domain::{Colour, Epoch, PersonId, PersonName, Profile, Seq, TaskId, Version};
use serde::{Deserialize, Serialize};

use crate::json;

/// What a page starts with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct InitialState {
    /// The person and their lists, as of one place in the log.
    pub hello: Hello,
    /// The list that is shown, as of the same place or a later one; of a long list the first part.
    #[serde(default, with = "sheet")]
    pub snapshot: Option<Snapshot>,
    /// Makes a form that is sent twice one command: random, new with every page.
    pub once: String,
    /// What came back from a form that was refused.
    pub kept: Option<Kept>,
    /// A task that was just deleted by a form, for undoing it.
    pub deleted: Option<TaskId>,
}

/// A form that was refused: what was typed is kept.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Read)]
pub struct Kept {
    /// The server function it was for, e.g. `add_task`.
    pub action: String,
    /// The sentence that says why; empty for a text that was not typed but shared.
    pub sentence: String,
    /// The text as it was typed.
    pub text: String,
    /// The task it was about, if any.
    pub task: Option<TaskId>,
    /// All that was typed, by the name of its field: for pages that the script does not take over.
    #[serde(skip)]
    pub fields: Vec<(String, String)>,
}

impl Kept {
    /// What was typed into that field.
    pub fn field(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map(|(_, text)| text.as_str())
    }
}

impl InitialState {
    /// The same as the text of a `<script>` that no browser runs.
    pub(crate) fn text(&self) -> String {
        let json = json::write(self).unwrap_or_default();
        json.replace('<', "\\u003c") // Only in texts, where it ends no script.
    }

    /// Stands in where a page was drawn without one, which no handler does.
    pub(crate) fn missing() -> Self {
        let person = PersonId::from_bytes([0; 16]);
        let account = domain::Account {
            person,
            version: Version::ZERO,
            profile: Profile {
                name: PersonName::unknown(),
                colour: Colour::default(),
            },
            lists: domain::LiteMap::new(),
        };
        let hello = Hello {
            wire: domain::wire::WIRE,
            epoch: Epoch::none(),
            seq: Seq::ZERO,
            head: Seq::ZERO,
            heartbeat: 20,
            account,
            lists: domain::LiteMap::new(),
        };
        Self {
            hello,
            snapshot: None,
            once: String::new(),
            kept: None,
            deleted: None,
        }
    }
}
