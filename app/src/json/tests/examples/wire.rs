//! What the server answers, what its stream says, and what a page starts with.

use domain::wire::{
    Answer, Digest, DigestLine, Gone, Heading, Heartbeat, Hello, Invited, JobState, Notice, Outcome,
    Presence, Present, Progress, Reply, Snapshot, WIRE,
};
use domain::{
    Account, Change, CommandSeq, List, ListId, LiteMap, Member, PersonName, Role, Row, Seq, TaskId,
    Timestamp, Topic, Version,
};

use super::parts::*;
use crate::server_fns::ApiError;
use crate::{InitialState, Kept};

pub(crate) fn replies() -> Vec<Reply> {
    let epoch = epoch();
    vec![
        Reply::Answered {
            epoch: epoch.clone(),
            answers: Vec::new(),
            expected: Some(CommandSeq(4)),
        },
        Reply::Answered {
            epoch: epoch.clone(),
            answers: answers(),
            expected: None,
        },
        Reply::Expired { epoch: epoch.clone() },
        Reply::OtherEpoch { epoch },
        Reply::OtherPerson { person: PERSON },
    ]
}

pub(crate) fn answers() -> Vec<Answer> {
    let refused = Outcome::Refused {
        code: "not_found".to_owned(),
        sentence: "It is not there.".to_owned(),
    };
    let outcomes = [Outcome::Done { at: Seq(9) }, refused];
    let numbered = (1..).map(CommandSeq).zip(outcomes);
    numbered
        .map(|(command_seq, outcome)| Answer { command_seq, outcome })
        .collect()
}

pub(crate) fn rows() -> Vec<Row> {
    let row = Row {
        seq: Seq(7),
        topic: Topic::List(LIST),
        version: Version(3),
        actor: PERSON,
        client: Some(CLIENT),
        command_seq: Some(CommandSeq(2)),
        at: Timestamp(1_760_000_000_000),
        changes: vec![Change::TaskDeleted { task: TASK }],
    };
    let by_the_server = Row {
        topic: Topic::Person(PERSON),
        client: None,
        command_seq: None,
        changes: Vec::new(),
        ..row.clone()
    };
    vec![row, by_the_server]
}

pub(crate) fn hello() -> Hello {
    let heading = Heading {
        name: name("Home"),
        role: Role::Owner,
        version: Version(3),
        open: 12,
    };
    Hello {
        wire: WIRE,
        epoch: epoch(),
        seq: Seq(4),
        head: Seq(9),
        heartbeat: 20,
        account: Account {
            person: PERSON,
            version: Version(2),
            profile: profile(),
            lists: [(LIST, Role::Editor), (OTHER_LIST, Role::Viewer)]
                .into_iter()
                .collect(),
        },
        lists: [(LIST, heading)].into_iter().collect(),
    }
}

pub(crate) fn snapshots() -> Vec<Snapshot> {
    let empty = List::new(LIST, name("Home"));
    let mut list = empty.clone();
    list.version = Version(3);
    let member = Member {
        role: Role::Owner,
        profile: profile(),
    };
    list.members.insert(PERSON, member);
    list.put(task());
    list.put(done_task());
    [(true, list), (false, empty)]
        .map(|(whole, list)| Snapshot {
            epoch: epoch(),
            seq: Seq(9),
            whole,
            list,
        })
        .into()
}

pub(crate) fn heartbeats() -> Vec<Heartbeat> {
    [[(LIST, Version(3))].into_iter().collect(), LiteMap::new()]
        .map(|versions| Heartbeat {
            seq: Seq(9),
            versions,
        })
        .into()
}

pub(crate) fn presences() -> Vec<Presence> {
    let typing = Present {
        person: PERSON,
        task: Some(TASK),
        typing: true,
    };
    let looking = Present {
        person: OTHER_PERSON,
        task: None,
        typing: false,
    };
    vec![Presence {
        list: LIST,
        people: vec![typing, looking],
    }]
}

pub(crate) fn notice(task: Option<TaskId>) -> Notice {
    Notice {
        list: LIST,
        task,
        actor: PERSON,
        at: Timestamp(5),
        sentence: "Ann added “Milk”".to_owned(),
    }
}

pub(crate) fn invited() -> Invited {
    Invited {
        list: LIST,
        name: "Home".to_owned(),
        role: Role::Editor,
        by: PersonName::parse("Ann").unwrap(),
    }
}

pub(crate) fn progresses() -> Vec<Progress> {
    [
        (JobState::Running, None),
        (JobState::Done, Some("/jobs/00ff/result".to_owned())),
        (JobState::Failed, None),
    ]
    .map(|(state, result)| Progress {
        job: "00ff".to_owned(),
        kind: "export".to_owned(),
        state,
        done: 1,
        total: 3,
        sentence: "Collecting.".to_owned(),
        result,
    })
    .into()
}

pub(crate) fn gone(list: Option<ListId>) -> Gone {
    Gone {
        list,
        reason: "left".to_owned(),
    }
}

pub(crate) fn digests() -> Vec<Digest> {
    let lines = [Some(profile()), None].map(|profile| DigestLine {
        profile,
        words: "added “Milk”".to_owned(),
    });
    vec![
        Digest {
            lines: lines.into(),
            more: "One other.".to_owned(),
            tasks: vec![TASK],
        },
        Digest::default(),
    ]
}

pub(crate) fn errors() -> Vec<ApiError> {
    vec![
        ApiError::NoSession,
        ApiError::Malformed,
        ApiError::TooLarge,
        ApiError::Text("Please type something first.".to_owned()),
        ApiError::Refused {
            code: "not_found".to_owned(),
            sentence: "It is not there.".to_owned(),
        },
        ApiError::Unavailable("Later.".to_owned()),
        ApiError::Unreachable,
    ]
}

pub(crate) fn initial_states() -> Vec<InitialState> {
    let kept = Kept {
        action: "edit_task".to_owned(),
        sentence: "Please type something first.".to_owned(),
        text: String::new(),
        task: Some(TASK),
        fields: Vec::new(),
    };
    let whole = InitialState {
        hello: hello(),
        snapshot: snapshots().into_iter().next(),
        once: "00ff".to_owned(),
        kept: Some(kept),
        deleted: Some(TASK),
    };
    vec![whole, InitialState::missing()]
}
