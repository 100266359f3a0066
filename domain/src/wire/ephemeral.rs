//! What a stream says beside the log: true now or for this moment only, never replayed. Such an event has no `id`, so a
//! reader's cursor stays where it is.

use serde::{Deserialize, Serialize};

use crate::json::Read;
use crate::{ClientId, ListId, PersonId, PersonName, Role, TaskId, Timestamp};

/// What a page says of itself, again every few seconds as long as somebody else is there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Beat {
    /// Which page.
    pub client: ClientId,
    /// The list that it shows.
    pub list: ListId,
    /// The task whose row has the focus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// Whether the person is typing.
    #[serde(default, skip_serializing_if = "is_false")]
    pub typing: bool,
    /// Whether it shows the list no more.
    #[serde(default, skip_serializing_if = "is_false")]
    pub gone: bool,
}

/// Who has a list open: all of them, said whenever that changes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct Presence {
    /// The list's id.
    pub list: ListId,
    /// Everyone who has it open, each once.
    pub people: Vec<Present>,
}

/// One who has a list open.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct Present {
    /// The person's id.
    pub person: PersonId,
    /// The task whose row they are on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// Whether they are typing there, or into the composer if they are on no row.
    #[serde(default, skip_serializing_if = "is_false")]
    pub typing: bool,
}

/// What somebody else just did, in words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct Notice {
    /// The list that it happened in.
    pub list: ListId,
    /// The task it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// The person who did it.
    pub actor: PersonId,
    /// When, by the server's clock.
    pub at: Timestamp,
    /// For people, e.g. `Ana added “Milk”`.
    pub sentence: String,
}

/// Everything that somebody is invited to, said whenever that changes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct AllInvited {
    /// One for each list.
    pub invitations: Vec<Invited>,
}

/// What somebody is invited to, as they see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct Invited {
    /// Into which list.
    pub list: ListId,
    /// What that is called.
    pub name: String,
    /// As what.
    pub role: Role,
    /// Who asks.
    pub by: PersonName,
}

/// How far a long job of the person's has come.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct Progress {
    /// Which job: the last part of the address of its result.
    pub job: String,
    /// `export`, `import`, `clear` or `restore`.
    pub kind: String,
    /// Whether it is running, done or failed.
    pub state: JobState,
    /// How many steps are done …
    pub done: u32,
    /// … of how many.
    pub total: u32,
    /// What is being done or has been done, for people.
    pub sentence: String,
    /// Where what came of it is to be had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
}

/// How a job stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It is under way.
    Running,
    /// It is done.
    Done,
    /// It came to nothing; the sentence says why.
    Failed,
}

/// The reader may hear no more of a list, or of anything.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct Gone {
    /// Which list; none if the stream ends here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<ListId>,
    /// `left`, `removed` or `session_ended`.
    pub reason: String,
}

/// The last word before a stream ends in order; when to come back is in the `retry` beside it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Bye {
    /// See [`Ending`].
    pub reason: Ending,
}

/// Why a stream ends in order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The server is stopping, most likely for a newer one.
    Stopping,
    /// As many streams are open as there may be.
    Full,
    /// The log could not be read.
    Unavailable,
    /// The reader's session is over: coming back will be answered 401.
    SessionEnded,
}

/// As `serde` asks it.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
const fn is_false(value: &bool) -> bool {
    !*value
}
