//! The interface of a server for the simulator.

use domain::wire::{Cursor, Event, Hello, Push, Reply, Snapshot};
use domain::{ClientId, CommandSeq, Epoch, Guest, ListId, PersonId, Row, Seq};

/// A server, as its clients and its operator meet it. The reference is one; the real backend is another.
pub trait Server {
    /// A new guest.
    fn newcomer(&mut self, number: u8) -> Guest;

    /// The code of the list's share link, asked for by a member.
    fn invite(&mut self, member: PersonId, list: ListId) -> Option<String>;

    /// Takes pushes that arrive at once, each with the person of the browser's cookie. No reply where it fails.
    fn push(&mut self, batch: Vec<(PersonId, Push)>) -> Vec<Option<Reply>>;

    /// The data that a page is rendered from.
    fn overview(&mut self, person: PersonId) -> Hello;

    /// A list in full, for its members.
    fn snapshot(&mut self, person: PersonId, list: ListId) -> Option<Snapshot>;

    /// Opens a stream.
    fn connect(&mut self, person: PersonId, since: Option<&Cursor>) -> usize;

    /// Up to `most` of the stream's next events; none when it is over.
    fn poll(&mut self, stream: usize, most: usize) -> Option<Vec<Event>>;

    /// The reader is gone.
    fn disconnect(&mut self, stream: usize);

    /// The events of a new stream up to now.
    fn changes(&mut self, person: PersonId, since: &Cursor) -> Vec<Event>;

    /// Every stream gets a heartbeat, after its other events.
    fn beat(&mut self);

    /// The epoch of the database, and its newest row.
    fn position(&mut self) -> (Epoch, Seq);

    /// The rows after that one.
    fn rows(&mut self, after: Seq) -> Vec<Row>;

    /// Drops the history up to that row, if it can.
    fn truncate(&mut self, through: Seq);

    /// Keeps a copy of the database, in place of the earlier copy.
    fn back_up(&mut self);

    /// Goes back to the copy, as another lifetime of the database.
    fn restore(&mut self);

    /// Loses what is not on disk, and starts again.
    fn crash(&mut self);

    /// Every command that was done or refused, in order, if the server records that.
    fn executed(&self) -> Option<&[(ClientId, CommandSeq)]> {
        None
    }
}
