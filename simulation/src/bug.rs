//! The bugs that the oracles must notice.

use domain::sync::{Fit, Protocol, Register, Resume, Verdict};
use domain::wire::Cursor;
use domain::{CommandSeq, Epoch, PersonId, Seq, Version};

macro_rules! bugs {
    ($($(#[doc = $doc:literal])* $bug:ident,)*) => {
        /// A mistake that somebody could make.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Bug { $($(#[doc = $doc])* $bug,)* }

        impl Bug {
            pub const ALL: &[Self] = &[$(Self::$bug),*];

            /// The bug in one sentence.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$bug => concat!($($doc),*),)* }
            }
        }
    };
}

bugs! {
    /// The server executes every command that it receives, also repeats.
    NoRegister,
    /// The server executes a command although an earlier one is missing.
    GapAccepted,
    /// The server answers a refused command with success when it comes again.
    RefusalForgotten,
    /// An id that is taken elsewhere fails everybody's commands of the batch.
    TakenIdFailsBatch,
    /// The server answers before it is on disk.
    AnsweredBeforeSaved,
    /// The server forgets how much of its history it has dropped.
    WatermarkLost,
    /// A replay starts before the person joined the list.
    ReplayBeforeJoining,
    /// The hub sends a person rows of a list that they have left.
    LeaverStillTold,
    /// A heartbeat overtakes a change.
    HeartbeatOvertakes,
    /// The stream begins with the head as its cursor, before the rows up to there were sent.
    HelloSaysHead,
    /// The client takes a row although an earlier one is missing.
    HoleIgnored,
    /// The client takes a snapshot that is older than what it has.
    StaleSnapshotTaken,
    /// The client takes a snapshot that does not reach up to the rows that it was told to skip.
    SnapshotLeavesHole,
    /// A snapshot settles nothing.
    SnapshotSettlesNothing,
    /// A command that changes nothing never settles.
    NothingNeverSettles,
    /// While the stream catches up, its cursor is taken for that of every list.
    SettledTooSoon,
    /// The client goes on as if nothing had happened where the stream leaps over rows.
    LeapIgnored,
    /// What is predicted is written into what is confirmed.
    PredictionConfirmed,
    /// An answer also settles the command after it.
    AnswerTakesNext,
    /// An answer from before a restore is taken for one of now.
    OldAnswerTaken,
    /// A page from before a restore is taken for news.
    PastEpochBelieved,
    /// Answered commands do not go out again after a restore.
    RestoreForgets,
    /// Numbers whose command is gone are left out, and the server waits for them.
    BlanksLeftOut,
    /// A page load goes on under the client id of the page before.
    ClientReused,
    /// A page pushes the orphaned commands of another person.
    OrphanOfAnother,
}

/// The protocol of production with at most one bug.
#[derive(Clone, Copy, Debug)]
pub struct Planted(pub Option<Bug>);

impl Planted {
    pub(super) fn is(self, bug: Bug) -> bool {
        self.0 == Some(bug)
    }
}

/// The protocol of production.
const RIGHT: domain::sync::Production = domain::sync::Production;

impl Protocol for Planted {
    fn judge(&self, known: Option<Register>, person: PersonId, command_seq: CommandSeq) -> Verdict {
        match RIGHT.judge(known, person, command_seq) {
            Verdict::Repeat | Verdict::Gap { .. } | Verdict::Expired if self.is(Bug::NoRegister) => {
                Verdict::Fresh
            }
            Verdict::Gap { .. } if self.is(Bug::GapAccepted) => Verdict::Fresh,
            verdict => verdict,
        }
    }

    fn resume(&self, cursor: &Cursor, epoch: &Epoch, head: Seq, oldest: Seq) -> Resume {
        let oldest = if self.is(Bug::WatermarkLost) {
            Seq::ZERO
        } else {
            oldest
        };
        RIGHT.resume(cursor, epoch, head, oldest)
    }

    fn replay_after(&self, since: Seq, joined: Seq) -> Seq {
        if self.is(Bug::ReplayBeforeJoining) {
            since
        } else {
            RIGHT.replay_after(since, joined)
        }
    }

    fn fit(&self, local: Version, row: Version) -> Fit {
        match RIGHT.fit(local, row) {
            Fit::Hole if self.is(Bug::HoleIgnored) => Fit::Next,
            fit => fit,
        }
    }

    fn takes(&self, local: Version, snapshot: Version) -> bool {
        self.is(Bug::StaleSnapshotTaken) || RIGHT.takes(local, snapshot)
    }

    fn covers(&self, after: Seq, seq: Seq) -> bool {
        self.is(Bug::SnapshotLeavesHole) || RIGHT.covers(after, seq)
    }

    fn confirmed_through(&self, own: Seq, cursor: Seq, caught_up: bool) -> Seq {
        let never = self.is(Bug::NothingNeverSettles);
        let soon = self.is(Bug::SettledTooSoon);
        if never {
            own
        } else {
            RIGHT.confirmed_through(own, cursor, caught_up || soon)
        }
    }

    fn snapshot_settles(&self) -> bool {
        !self.is(Bug::SnapshotSettlesNothing)
    }

    fn reloads_after_a_leap(&self) -> bool {
        !self.is(Bug::LeapIgnored)
    }

    fn answers(&self, answered: CommandSeq, pending: CommandSeq) -> bool {
        RIGHT.answers(answered, pending)
            || self.is(Bug::AnswerTakesNext) && RIGHT.answers(answered.next(), pending)
    }

    fn same_epoch(&self, page: &Epoch, answer: &Epoch) -> bool {
        self.is(Bug::OldAnswerTaken) || RIGHT.same_epoch(page, answer)
    }

    fn believes(&self, client: &Epoch, asked: &Epoch) -> bool {
        self.is(Bug::PastEpochBelieved) || RIGHT.believes(client, asked)
    }

    fn revives(&self) -> bool {
        !self.is(Bug::RestoreForgets)
    }

    fn fills_gaps(&self) -> bool {
        !self.is(Bug::BlanksLeftOut)
    }

    fn keeps_predictions_apart(&self) -> bool {
        !self.is(Bug::PredictionConfirmed)
    }

    fn adopts(&self, me: PersonId, owner: PersonId) -> bool {
        self.is(Bug::OrphanOfAnother) || RIGHT.adopts(me, owner)
    }
}
