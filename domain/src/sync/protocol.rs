//! The decisions of the protocol, one function each.

use crate::{CommandSeq, Epoch, PersonId, Seq, Version, wire::Cursor};

/// What the server's exactly-once register has of a page: whose it is, and the number of its last command that was done
/// or refused. With what was refused beside it, it answers every command that comes again.
pub type Register = (PersonId, CommandSeq);

/// What the server's exactly-once register says to a command's number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The next one: decide it.
    Fresh,
    /// Answered before: repeat the answer.
    Repeat,
    /// One or more before it are missing.
    Gap {
        /// The number that comes next.
        expected: CommandSeq,
    },
    /// The page is not known (any more), so nobody can tell what of it was done.
    Expired,
    /// The page belongs to somebody else.
    Foreign,
}

/// How a row's version fits what a client holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fit {
    /// It comes next.
    Next,
    /// The client has it already.
    Stale,
    /// One or more before it are missing.
    Hole,
}

/// Where a stream continues for a cursor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Resume {
    /// It continues right after this row.
    From(Seq),
    /// Not from there: live from the head, and the lists are to be fetched again. With the reason.
    Reset(&'static str),
}

/// The decisions of the protocol. Every default is what production does.
pub trait Protocol {
    /// The register: `known` is what it has of the page that sends command `command_seq` for `person`.
    fn judge(&self, known: Option<Register>, person: PersonId, command_seq: CommandSeq) -> Verdict {
        match known {
            Some((owner, _)) if owner != person => Verdict::Foreign,
            Some((_, last)) if command_seq <= last => Verdict::Repeat,
            Some((_, last)) if command_seq == last.next() => Verdict::Fresh,
            Some((_, last)) => Verdict::Gap {
                expected: last.next(),
            },
            None if command_seq == CommandSeq::ZERO.next() => Verdict::Fresh,
            None => Verdict::Expired,
        }
    }

    /// Whether a stream can go on from a cursor: `oldest` is the last row that history no longer has.
    fn resume(&self, cursor: &Cursor, epoch: &Epoch, head: Seq, oldest: Seq) -> Resume {
        if cursor.epoch != *epoch {
            Resume::Reset("other_epoch")
        } else if cursor.seq > head {
            Resume::Reset("cursor_unknown")
        } else if cursor.seq < oldest {
            Resume::Reset("cursor_too_old")
        } else {
            Resume::From(cursor.seq)
        }
    }

    /// After which row a list is replayed to somebody who joined it at `joined`.
    fn replay_after(&self, since: Seq, joined: Seq) -> Seq {
        since.max(joined)
    }

    /// How a row fits a topic of which the client holds `local`.
    fn fit(&self, local: Version, row: Version) -> Fit {
        if row <= local {
            Fit::Stale
        } else if row == local.next() {
            Fit::Next
        } else {
            Fit::Hole
        }
    }

    /// Whether a snapshot at `snapshot` may take the place of what the client holds at `local`.
    fn takes(&self, local: Version, snapshot: Version) -> bool {
        snapshot >= local
    }

    /// Whether a snapshot from `seq` reaches up to `after`, so that no row is missing between it and those that follow.
    fn covers(&self, after: Seq, seq: Seq) -> bool {
        seq >= after
    }

    /// Whether lists are fetched again where the stream leaps over rows, be it by a `hello` or a reset.
    fn reloads_after_a_leap(&self) -> bool {
        true
    }

    /// Whether to take a page of events that was `asked` for when the client knew that lifetime of the database.
    fn believes(&self, client: &Epoch, asked: &Epoch) -> bool {
        client == asked
    }

    /// Whether an answer is of the lifetime of the database that the page knows.
    fn same_epoch(&self, page: &Epoch, answer: &Epoch) -> bool {
        page == answer
    }

    /// Through which row a topic is confirmed, given its own last word and the stream's cursor. While the stream catches
    /// up its cursor says nothing of a list: somebody who left it and came back is not told what happened between, and
    /// learns of that by a row that is still to come.
    fn confirmed_through(&self, own: Seq, cursor: Seq, caught_up: bool) -> Seq {
        if caught_up { own.max(cursor) } else { own }
    }

    /// Whether a snapshot's place in the log says what is settled.
    fn snapshot_settles(&self) -> bool {
        true
    }

    /// Whether an answer to `answered` is one to `pending`.
    fn answers(&self, answered: CommandSeq, pending: CommandSeq) -> bool {
        answered == pending
    }

    /// Whether answered commands go out again when a backup was restored.
    fn revives(&self) -> bool {
        true
    }

    /// Whether a number whose command is gone is sent as a blank.
    fn fills_gaps(&self) -> bool {
        true
    }

    /// Whether what is predicted stays apart from what is confirmed.
    fn keeps_predictions_apart(&self) -> bool {
        true
    }

    /// Whether a page of `me` may push the orphaned commands of `owner`.
    fn adopts(&self, me: PersonId, owner: PersonId) -> bool {
        me == owner
    }
}

/// What production does: every default.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Production;

impl Protocol for Production {}
