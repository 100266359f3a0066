//! One of everything that travels between server and browser, with what may be missing there once and missing once.

mod commands;
mod parts;
mod wire;

use domain::json::Read;
use domain::wire::{
    Answer, Asked, Digest, Gone, Heartbeat, Hello, Invited, Notice, Numbered, Presence, Progress, Push,
    Reply, Reset, Snapshot,
};
use domain::{Change, Command, CommandSeq, LiteMap, Place, Role, Row, Seq};
use serde::{Deserialize, Serialize};

pub(super) use self::commands::{account_commands, fields, list_commands};
use self::commands::{changes, commands};
use self::parts::*;
pub(super) use self::parts::{LIST, task};
use self::wire::*;
use crate::InitialState;
use crate::server_fns::ApiError;

/// Everything that is read in the browser.
#[derive(PartialEq, Debug, Serialize, Deserialize, Read)]
pub(super) struct Said {
    pub(super) changes: Vec<Change>,
    pub(super) commands: Vec<Command>,
    pub(super) places: Vec<Place>,
    pub(super) roles: Vec<Role>,
    pub(super) replies: Vec<Reply>,
    pub(super) answers: Vec<Answer>,
    pub(super) rows: Vec<Row>,
    pub(super) hellos: Vec<Hello>,
    pub(super) snapshots: Vec<Snapshot>,
    pub(super) heartbeats: Vec<Heartbeat>,
    pub(super) resets: Vec<Reset>,
    pub(super) presences: Vec<Presence>,
    pub(super) notices: Vec<Notice>,
    pub(super) invitations: Vec<Invited>,
    pub(super) progresses: Vec<Progress>,
    pub(super) goodbyes: Vec<Gone>,
    pub(super) digests: Vec<Digest>,
    pub(super) errors: Vec<ApiError>,
    pub(super) initial_states: Vec<InitialState>,
}

pub(super) fn said() -> Said {
    Said {
        changes: changes(),
        commands: commands(),
        places: vec![
            Place::Start,
            Place::After(OTHER_TASK),
            Place::End,
            Place::StartOf(OTHER_TASK),
            Place::EndOf(OTHER_TASK),
        ],
        roles: vec![Role::Viewer, Role::Editor, Role::Owner],
        replies: replies(),
        answers: answers(),
        rows: rows(),
        hellos: vec![
            hello(),
            Hello {
                lists: LiteMap::new(),
                ..hello()
            },
        ],
        snapshots: snapshots(),
        heartbeats: heartbeats(),
        resets: vec![Reset {
            reason: "cursor_too_old".to_owned(),
            seq: Seq(9),
            lists: vec![LIST],
        }],
        presences: presences(),
        notices: [Some(TASK), None].map(notice).into(),
        invitations: vec![invited()],
        progresses: progresses(),
        goodbyes: [Some(LIST), None].map(gone).into(),
        digests: digests(),
        errors: errors(),
        initial_states: initial_states(),
    }
}

/// What the browser says.
pub(super) fn push() -> Push {
    let commands = commands().into_iter().map(Asked::Readable);
    let numbered = (1..)
        .map(CommandSeq)
        .zip(commands.chain([Asked::Unreadable]))
        .map(|(command_seq, command)| Numbered { command_seq, command });
    Push {
        person: PERSON,
        epoch: epoch(),
        client: CLIENT,
        commands: numbered.collect(),
    }
}
