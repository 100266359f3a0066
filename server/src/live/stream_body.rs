//! The bytes of a stream, piece by piece: when to come back after a cut, then frames as they come, then why it ends.

use std::mem::take;

use backend::Frame;
use domain::wire::{Bye, Ending};
use futures_util::{Stream, stream};

use crate::http::random::random;
use crate::http::stream_connection::Piece;
use crate::live::operator_events::OperatorEvents;
use crate::live::stream_limits::Permit;

/// How many bytes make one piece for a reader who is behind: several frames, or one that is larger.
const PIECE: usize = 16 * 1024;

/// All of them, in one piece for a reader who is behind.
pub(super) fn pieces(events: OperatorEvents, permit: Permit) -> impl Stream<Item = Piece> {
    // In a box, since it changes hands with every piece.
    let source = Box::new(Source {
        events,
        head: format!("{}\n", come_back()).into_bytes(),
        has_ended: false,
        _permit: permit,
    });
    stream::unfold(source, |mut source| async move {
        let piece = source.next().await?;
        Some((piece, source))
    })
}

/// Where the pieces come from.
struct Source {
    events: OperatorEvents,
    /// What the first piece begins with; nothing once that is sent.
    head: Vec<u8>,
    has_ended: bool,
    _permit: Permit,
}

impl Source {
    async fn next(&mut self) -> Option<Piece> {
        if self.has_ended {
            return None;
        }
        let mut own = take(&mut self.head);
        let Some(first) = self.events.next().await else {
            // The end, at the end of an event.
            self.has_ended = true;
            own.extend(goodbye(self.events.ending().unwrap_or(Ending::Unavailable)));
            return Some(Piece::Own(own));
        };
        match self.events.next_now() {
            None if own.is_empty() => Some(Piece::Shared(first)),
            next => {
                own.extend_from_slice(first.bytes());
                self.fill(&mut own, next);
                Some(Piece::Own(own))
            }
        }
    }

    /// Puts what is there to be said at once into one piece.
    fn fill(&mut self, own: &mut Vec<u8>, mut next: Option<Frame>) {
        while let Some(frame) = next {
            own.extend_from_slice(frame.bytes());
            next = if own.len() < PIECE {
                self.events.next_now()
            } else {
                None
            };
        }
    }
}

/// The last event of a stream that ends in order.
pub(super) fn goodbye(reason: Ending) -> Vec<u8> {
    let bye = Frame::beside("bye", &Bye { reason });
    let mut bytes = come_back().into_bytes();
    bytes.extend_from_slice(bye.bytes());
    bytes
}

/// `retry:` with a time from half a second to four, so that a thousand readers do not come back in one moment.
fn come_back() -> String {
    let spread = random::<2>().map_or(1_000, u16::from_le_bytes) % 3_500;
    format!("retry: {}\n", 500 + spread)
}
