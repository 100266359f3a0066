//! What an inbox keeps, what it lets go, and when it is passed by.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Wake;

use domain::wire::{Event, Heartbeat};
use domain::{Epoch, LiteMap, PersonId, Timestamp, Topic, Version};

use super::*;
use crate::database::log::RowHead;

fn epoch() -> Epoch {
    Epoch::parse("k3").unwrap()
}

fn row(seq: u64, size: usize) -> Frame {
    let head = RowHead {
        seq: Seq(seq),
        topic: Topic::Person(PersonId::from_bytes([1; 16])),
        version: Version(seq),
        actor: PersonId::from_bytes([1; 16]),
        client: None,
        command_seq: None,
        at: Timestamp(0),
    };
    Frame::row(&epoch(), &head, &format!("\"{}\"", "x".repeat(size)), None)
}

fn heartbeat(seq: u64) -> Frame {
    let (seq, versions) = (Seq(seq), LiteMap::new());
    Frame::new(&epoch(), &Event::Heartbeat(Heartbeat { seq, versions }))
}

fn aside() -> Frame {
    Frame::beside("notice", &"x")
}

#[test]
fn frames_come_out_as_they_went_in_until_there_are_too_many() {
    let inbox = Inbox::default();
    let most = MOST as u64;
    for seq in 1..=most {
        assert_eq!(inbox.put(&row(seq, 1)), Put::Kept);
    }
    assert_eq!(inbox.put(&aside()), Put::Left);
    for seq in 1..=2 {
        assert!(matches!(inbox.take(), Item::Frame(frame) if frame == row(seq, 1)));
    }
    assert_eq!(inbox.put(&row(most + 1, 1)), Put::Kept);
    assert_eq!(inbox.put(&aside()), Put::Kept);
    assert_eq!(inbox.put(&row(most + 2, 1)), Put::Overflown);
    assert!(inbox.is_overflown() && matches!(inbox.take(), Item::Overflown));
    assert_eq!(inbox.put(&row(most + 3, 1)), Put::Left);
    inbox.begin(Seq(most + 3));
    assert!(matches!(inbox.take(), Item::Nothing));
    assert_eq!(inbox.put(&row(most + 4, 1)), Put::Kept);
}

#[test]
fn large_frames_fill_it_sooner_and_one_alone_always_fits() {
    let inbox = Inbox::default();
    assert_eq!(inbox.put(&row(1, 2 * MOST_BYTES)), Put::Kept);
    assert_eq!(inbox.put(&row(2, 1)), Put::Overflown);
    inbox.begin(Seq(2));
    let half = MOST_BYTES / 2 - 300;
    assert_eq!([3, 4].map(|seq| inbox.put(&row(seq, half))), [Put::Kept; 2]);
    assert!(matches!(inbox.take(), Item::Frame(_)));
    assert_eq!(inbox.put(&row(5, half)), Put::Kept, "what is taken makes room");
    assert_eq!(inbox.put(&row(6, half)), Put::Overflown);
}

#[test]
fn nothing_is_said_twice_and_nothing_goes_back() {
    let inbox = Inbox::default();
    inbox.begin(Seq(5));
    let put = |frame: Frame| inbox.put(&frame);
    assert_eq!(
        [put(row(4, 1)), put(row(5, 1)), put(heartbeat(4))],
        [Put::Left; 3]
    );
    assert_eq!(
        [
            put(heartbeat(5)),
            put(row(6, 1)),
            put(heartbeat(6)),
            put(heartbeat(6))
        ],
        [Put::Kept; 4]
    );
    assert_eq!([put(row(6, 1)), put(heartbeat(5))], [Put::Left; 2]);
}

/// Takes what it is offered as it is told to, and keeps it.
#[derive(Default)]
struct Socket {
    next: Mutex<VecDeque<SendOutcome>>,
    taken: Mutex<Vec<Frame>>,
}

impl DirectSink for Socket {
    fn offer(&self, frame: &Frame) -> SendOutcome {
        let offer = self.next.lock().pop_front().unwrap_or(SendOutcome::Refused);
        if offer != SendOutcome::Refused {
            self.taken.lock().push(frame.clone());
        }
        offer
    }
}

#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn who_waits_is_written_to_at_once_and_woken_only_for_what_is_left() {
    let (inbox, socket, woken) = (
        Inbox::default(),
        Arc::new(Socket::default()),
        Arc::new(Woken::default()),
    );
    inbox.lead_to(Arc::clone(&socket) as Arc<dyn DirectSink>);
    let waker = Waker::from(Arc::clone(&woken));
    let context = Context::from_waker(&waker);
    let wakings = || woken.0.swap(0, Ordering::Relaxed);
    let offers = |offers: &[SendOutcome]| *socket.next.lock() = offers.iter().copied().collect();

    offers(&[SendOutcome::Sent]);
    assert_eq!(inbox.put(&row(1, 1)), Put::Kept, "nobody waits yet");
    assert!(inbox.poll_take(&context).is_ready() && inbox.poll_take(&context).is_pending());
    offers(&[SendOutcome::Sent, SendOutcome::Sent, SendOutcome::Begun]);
    assert_eq!(
        [row(2, 1), aside()].map(|frame| inbox.put(&frame)),
        [Put::Sent; 2]
    );
    assert_eq!((inbox.sent(), wakings()), (Seq(2), 0));
    assert_eq!(inbox.put(&row(3, 1)), Put::Sent);
    assert_eq!(
        (inbox.sent(), wakings()),
        (Seq(3), 1),
        "the rest is the reader's to send"
    );
    offers(&[SendOutcome::Sent; 9]);
    assert_eq!(inbox.put(&row(4, 1)), Put::Kept, "it does not wait any more");
    assert!(inbox.poll_take(&context).is_ready() && inbox.poll_take(&context).is_pending());
    offers(&[SendOutcome::Refused, SendOutcome::Sent]);
    assert_eq!(
        [5, 6].map(|seq| inbox.put(&row(seq, 1))),
        [Put::Kept; 2],
        "6 must not overtake 5"
    );
    assert_eq!(wakings(), 1);
    let taken: Vec<_> = socket.taken.lock().iter().map(Frame::seq).collect();
    assert_eq!(taken, [Some(Seq(2)), None, Some(Seq(3))]);
    inbox.close(Ending::Stopping);
    assert_eq!(inbox.put(&row(7, 1)), Put::Left);
}
