//! What travels between browser and server, as JSON. Fields may be added, never altered.

mod digest;
mod ephemeral;
mod metrics;

use litemap::LiteMap;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::json::Read;
use crate::{
    Account, ClientId, Command, CommandSeq, Epoch, List, ListId, ListName, PersonId, Refusal, Role, Row, Seq,
    Version,
};

pub use digest::{Digest, DigestLine};
pub use ephemeral::{
    AllInvited, Beat, Bye, Ending, Gone, Invited, JobState, Notice, Presence, Present, Progress,
};
pub use metrics::{Delay, Level, LogLine, Metrics};

/// The version of everything in this module.
pub const WIRE: u32 = 1;

/// The most commands that one push may carry.
pub const MOST_COMMANDS: usize = 100;

/// The most bytes of text that one push carries, unless a single command has more.
pub const MOST_BYTES: usize = 256 * 1024;

/// Commands on their way to the server: one page's, in order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Push {
    /// Whose page it is, so that a browser that has become somebody else is noticed.
    pub person: PersonId,
    /// Which lifetime of the database the page knows.
    pub epoch: Epoch,
    /// The client id of the page.
    pub client: ClientId,
    /// What it asks, numbered without gaps.
    pub commands: Vec<Numbered>,
}

/// A command with its number.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Numbered {
    /// Its number among the page's commands.
    pub command_seq: CommandSeq,
    /// What is asked.
    pub command: Asked,
}

/// A command as it arrived. One that this version cannot read is refused by itself, so it never blocks those behind it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Asked {
    /// One that can be decided.
    Readable(Command),
    /// Of another version, or with a text that does not parse. Also what a page sends for a number whose command it has
    /// no more, where the server waits for it: see `domain::sync`.
    Unreadable,
}

impl Serialize for Asked {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Readable(command) => command.serialize(serializer),
            Self::Unreadable => serializer.serialize_unit(),
        }
    }
}

impl<'de> Deserialize<'de> for Asked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Readable(Command),
            Unreadable(IgnoredAny),
        }
        Ok(match Either::deserialize(deserializer)? {
            Either::Readable(command) => Self::Readable(command),
            Either::Unreadable(IgnoredAny) => Self::Unreadable,
        })
    }
}

/// What the server says to a [`Push`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// It took the commands up to a gap in their numbers, if there was one.
    Answered {
        /// Which lifetime of the database answers.
        epoch: Epoch,
        /// One for each command taken, in order.
        answers: Vec<Answer>,
        /// After a gap: the number that comes next.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected: Option<CommandSeq>,
    },
    /// It does not know the page any more and cannot tell what of it was done.
    Expired {
        /// Which lifetime of the database answers.
        epoch: Epoch,
    },
    /// A backup was restored since the page was loaded.
    OtherEpoch {
        /// The lifetime that has begun.
        epoch: Epoch,
    },
    /// The browser is somebody else by now.
    OtherPerson {
        /// The person that the browser is now.
        person: PersonId,
    },
}

/// What became of one command.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct Answer {
    /// Which.
    pub command_seq: CommandSeq,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a command.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is on disk, or changed nothing.
    Done {
        /// Whoever has read the log up to here has seen what it did.
        at: Seq,
    },
    /// It was refused, for good.
    Refused {
        /// The code, for programs.
        code: String,
        /// The sentence, for people.
        sentence: String,
    },
}

impl From<Refusal> for Outcome {
    fn from(refusal: Refusal) -> Self {
        Self::Refused {
            code: refusal.code().to_owned(),
            sentence: refusal.sentence().to_owned(),
        }
    }
}

/// A list in brief: what the side of the page shows of one that is not open.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct Heading {
    /// What it is called.
    pub name: ListName,
    /// What the reader may do there.
    pub role: Role,
    /// How many log rows made it.
    pub version: Version,
    /// How many tasks there are to do.
    pub open: u32,
}

/// A list in full, as of one place in the log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct Snapshot {
    /// Which lifetime of the database it is from.
    pub epoch: Epoch,
    /// The place in the log, read in the same transaction.
    pub seq: Seq,
    /// Whether all tasks are in it. The first page of a long list is not.
    pub whole: bool,
    /// The list; its trash is left out.
    pub list: List,
}

/// The first event of a stream: where it starts, and what the person has as of `head`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct Hello {
    /// [`WIRE`].
    pub wire: u32,
    /// Which lifetime of the database it is.
    pub epoch: Epoch,
    /// The cursor that the stream goes on from: every later row that the person may see follows.
    pub seq: Seq,
    /// The newest row when the stream began. A heartbeat at or past it says that the reader has caught up.
    pub head: Seq,
    /// How often a heartbeat comes at the least, in seconds.
    pub heartbeat: u32,
    /// The person as of `head`.
    pub account: Account,
    /// Their lists as of `head`.
    #[serde(with = "crate::serde_map")]
    pub lists: LiteMap<ListId, Heading>,
}

/// Something that the stream says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "event", content = "data", rename_all = "snake_case")]
pub enum Event {
    /// Where it starts.
    Hello(Hello),
    /// A log row.
    Change(Row),
    /// Everything up to `seq` has been said.
    Heartbeat(Heartbeat),
    /// What came between is not to be had row by row.
    Reset(Reset),
}

/// Everything up to `seq` has been said.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct Heartbeat {
    /// The place in the log.
    pub seq: Seq,
    /// The lists of the person that moved since the last heartbeat, as of `seq`.
    #[serde(default, skip_serializing_if = "LiteMap::is_empty", with = "crate::serde_map")]
    pub versions: LiteMap<ListId, Version>,
}

/// The rows after the reader's cursor are not to be had: fetch the lists, the stream goes on live.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Read)]
pub struct Reset {
    /// Why: `cursor_too_old`, `cursor_unknown` or `other_epoch`.
    pub reason: String,
    /// Where the stream goes on.
    pub seq: Seq,
    /// What to fetch again.
    pub lists: Vec<ListId>,
}

impl Event {
    /// The name of the event on the stream.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Hello(_) => "hello",
            Self::Change(_) => "change",
            Self::Heartbeat(_) => "heartbeat",
            Self::Reset(_) => "reset",
        }
    }

    /// The cursor after it.
    pub const fn seq(&self) -> Seq {
        match self {
            Self::Hello(Hello { seq, .. })
            | Self::Change(Row { seq, .. })
            | Self::Heartbeat(Heartbeat { seq, .. })
            | Self::Reset(Reset { seq, .. }) => *seq,
        }
    }
}

/// Where a reader of the stream stands: `<epoch>.<seq>`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cursor {
    /// Which lifetime of the database.
    pub epoch: Epoch,
    /// The last row that was read.
    pub seq: Seq,
}

impl Cursor {
    /// Reads one. Anything else than an epoch, a dot and digits is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (epoch, seq) = text.split_once('.')?;
        let digits = (1..=19).contains(&seq.len()) && seq.bytes().all(|b| b.is_ascii_digit());
        let seq = digits.then(|| seq.parse().ok()).flatten()?;
        Some(Self {
            epoch: Epoch::parse(epoch)?,
            seq: Seq(seq),
        })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.epoch, self.seq)
    }
}
