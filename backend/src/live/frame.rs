//! An event of the stream as bytes, encoded once and shared by everyone who is told.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use domain::wire::{AllInvited, Cursor, Event, Gone, Notice, Presence, Progress};
use domain::{Epoch, Seq};
use serde::Serialize;

use crate::database::log::RowHead;

/// An event of the stream. A clone is one pointer more to the same bytes. Two are the same if they say the same.
#[derive(Clone, Debug)]
pub struct Frame(Arc<Said>);

#[derive(Debug)]
struct Said {
    chunk: Vec<u8>,
    /// Where in the chunk the event is, and where in it its data.
    bytes: Range<usize>,
    data: Range<usize>,
    event: &'static str,
    seq: Option<Seq>,
    /// When the row was on disk, if that was just now.
    committed: Option<Instant>,
}

/// What a stream says beside the log, for this moment only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Ephemeral {
    Presence(Presence),
    Notice(Notice),
    Progress(Progress),
    Invited(AllInvited),
    Gone(Gone),
}

impl Ephemeral {
    const fn name(&self) -> &'static str {
        match self {
            Self::Presence(_) => "presence",
            Self::Notice(_) => "notice",
            Self::Progress(_) => "progress",
            Self::Invited(_) => "invited",
            Self::Gone(_) => "gone",
        }
    }
}

impl Frame {
    /// The whole of it as Server-Sent Events has it: `id` if it has one, `event`, `data`, an empty line. Line ends are LF.
    pub fn bytes(&self) -> &[u8] {
        self.slice(&self.0.bytes)
    }

    /// Only its data, JSON: a slice of the same bytes.
    pub fn data(&self) -> &[u8] {
        self.slice(&self.0.data)
    }

    /// The whole of it as a chunk of HTTP/1.1 (RFC 9112, 7.1): what most readers are sent, so that it is put together once
    /// and each of them costs one write of bytes that all share.
    pub fn chunk(&self) -> &[u8] {
        &self.0.chunk
    }

    fn slice(&self, range: &Range<usize>) -> &[u8] {
        self.0.chunk.get(range.clone()).unwrap_or_default()
    }

    /// The name of the event, e.g. `change`.
    pub fn event(&self) -> &'static str {
        self.0.event
    }

    /// Whether it is a row of the log.
    pub(crate) fn is_row(&self) -> bool {
        self.event() == "change"
    }

    /// The cursor after it; none if it leaves the cursor where it is.
    pub fn seq(&self) -> Option<Seq> {
        self.0.seq
    }

    /// The frame that says this.
    pub(crate) fn new(epoch: &Epoch, event: &Event) -> Self {
        let data = match event {
            Event::Hello(hello) => json(hello),
            Event::Change(row) => json(row),
            Event::Heartbeat(heartbeat) => json(heartbeat),
            Event::Reset(reset) => json(reset),
        };
        Self::around(Some((epoch, event.seq())), event.name(), &[&data], None)
    }

    /// The frame that says this beside the log.
    pub(crate) fn aside(aside: &Ephemeral) -> Self {
        Self::around(None, aside.name(), &[&json(aside)], None)
    }

    /// A frame beside the log of any other kind; `data` is serialised on one line.
    pub fn beside(event: &'static str, data: &impl Serialize) -> Self {
        Self::around(None, event, &[&json(data)], None)
    }

    /// The frame of a log row whose changes are JSON already: the same bytes as those of the whole [`domain::Row`].
    /// `committed` says since when it is on disk, if that is just now.
    pub(crate) fn row(epoch: &Epoch, head: &RowHead, changes: &str, committed: Option<Instant>) -> Self {
        let open = json(head);
        let open = open.strip_suffix(b"}").unwrap_or(&open);
        let data = [open, b",\"changes\":", changes.as_bytes(), b"}"];
        Self::around(Some((epoch, head.seq)), "change", &data, committed)
    }

    crate::guard! {
        /// A frame around data that stands on one line, as JSON does: a line break in it would end the event.
        fn around(
            at: Option<(&Epoch, Seq)>,
            event: &'static str,
            data: &[&[u8]],
            committed: Option<Instant>,
        ) -> Self {
            Self::put_together(at, event, data, committed)
        }
        SplitEvent: {
            let split = String::from_utf8_lossy(&data.concat()).replace("\\n", "\n");
            Self::put_together(at, event, &[split.as_bytes()], committed)
        }
    }

    fn put_together(
        at: Option<(&Epoch, Seq)>,
        event: &'static str,
        data: &[&[u8]],
        committed: Option<Instant>,
    ) -> Self {
        let id = at.map_or_else(String::new, |(epoch, seq)| {
            let cursor = Cursor {
                epoch: epoch.clone(),
                seq,
            };
            format!("id: {cursor}\n")
        });
        let before = format!("{id}event: {event}\ndata: ");
        let length: usize = data.iter().map(|part| part.len()).sum();
        let whole = before.len() + length + 2;
        let size = format!("{whole:x}\r\n");
        let mut chunk = Vec::with_capacity(size.len() + whole + 2);
        chunk.extend_from_slice(size.as_bytes());
        chunk.extend_from_slice(before.as_bytes());
        data.iter().for_each(|part| chunk.extend_from_slice(part));
        chunk.extend_from_slice(b"\n\n\r\n");
        let data = size.len() + before.len();
        Self(Arc::new(Said {
            bytes: size.len()..size.len() + whole,
            data: data..data + length,
            chunk,
            event,
            seq: at.map(|(_, seq)| seq),
            committed,
        }))
    }

    /// When the row was on disk; none if it was read from the log, or is no row.
    pub(crate) fn committed(&self) -> Option<Instant> {
        self.0.committed
    }
}

impl PartialEq for Frame {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Frame {}

/// JSON on one line.
#[expect(
    clippy::expect_used,
    reason = "the wire's types have text keys and no fallible parts: they always serialise"
)]
pub(crate) fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("the wire's types serialise")
}

#[cfg(test)]
mod tests {
    use domain::{Change, ClientId, ListName, PersonId, Row, Timestamp, Topic, Version};

    use super::*;

    #[test]
    fn a_row_is_the_same_bytes_whether_its_changes_were_json_already_or_not() {
        let row = Row {
            seq: Seq(42),
            topic: Topic::Person(PersonId::from_bytes([1; 16])),
            version: Version(7),
            actor: PersonId::from_bytes([2; 16]),
            client: Some(ClientId::from_bytes([3; 16])),
            command_seq: None,
            at: Timestamp(9),
            changes: vec![Change::ListRenamed {
                name: ListName::parse("a \"b\" \u{2028}").unwrap_or(ListName::unknown()),
            }],
        };
        let Row {
            seq,
            topic,
            version,
            actor,
            client,
            command_seq,
            at,
            changes,
        } = row.clone();
        let head = RowHead {
            seq,
            topic,
            version,
            actor,
            client,
            command_seq,
            at,
        };
        let epoch = Epoch::parse("k3").unwrap();
        let frame = Frame::row(&epoch, &head, &serde_json::to_string(&changes).unwrap(), None);
        assert_eq!(frame, Frame::new(&epoch, &Event::Change(row.clone())));
        assert_eq!(serde_json::from_slice::<Row>(frame.data()).unwrap(), row);
        let text = str::from_utf8(frame.bytes()).unwrap();
        assert!(
            text.starts_with("id: k3.42\nevent: change\ndata: {\"seq\":42,"),
            "{text}"
        );
        assert!(text.ends_with("}\n\n") && !text.contains('\r'));
        let size = format!("{:x}\r\n", text.len());
        assert_eq!(
            frame.chunk(),
            [size.as_bytes(), text.as_bytes(), b"\r\n"].concat()
        );
    }
}
