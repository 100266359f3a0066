//! What is told past a reader who waits: never twice, never out of order, never lost, whatever the socket does.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use backend::{DirectSink, Frame, SendOutcome, Subscriber};
use domain::Seq;
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::world::{TestBackend, add};

/// How many commands each page asks. All of them are fewer than what a reader may have missed.
const PUSHES: [u64; 15] = [1, 2, 100, 5, 100, 100, 1, 100, 100, 3, 100, 97, 1, 100, 100];

/// A socket of moods, and what went through it.
struct Socket {
    dice: AtomicU64,
    /// Something is still on its way.
    full: AtomicBool,
    /// And will be until so many pushes were made.
    stalls_until: AtomicUsize,
    heard: Mutex<Vec<Frame>>,
    passed_by: AtomicUsize,
    /// How many there were.
    pushes: Arc<AtomicUsize>,
    heard_more: Notify,
}

impl Socket {
    fn new(seed: u64, pushes: &Arc<AtomicUsize>) -> Arc<Self> {
        Arc::new(Self {
            dice: AtomicU64::new(seed),
            full: AtomicBool::new(false),
            stalls_until: AtomicUsize::new(0),
            heard: Mutex::default(),
            passed_by: AtomicUsize::new(0),
            pushes: Arc::clone(pushes),
            heard_more: Notify::new(),
        })
    }

    fn one_in(&self, sides: u64) -> bool {
        let next = self.dice.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let mixed = (next ^ (next >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed >> 33).is_multiple_of(sides)
    }

    fn take(&self, frame: Frame) {
        self.heard.lock().unwrap().push(frame);
        self.heard_more.notify_one();
    }

    /// Takes no more for a moment, or now and then for as long as it takes others to ask so much that the inbox runs over.
    fn fill(&self) {
        if self.one_in(20) {
            let until = PUSHES.len().min(self.pushes.load(Ordering::Relaxed) + 4);
            self.stalls_until.store(until, Ordering::Relaxed);
        }
        self.full.store(true, Ordering::Release);
    }

    /// Reads the stream as the owner of a socket does: what is still on its way comes first.
    async fn read(self: Arc<Self>, mut stream: Subscriber) {
        loop {
            let mut next = pin!(stream.next());
            let frame = poll_fn(|context| {
                if self.full.load(Ordering::Acquire) {
                    let stalls =
                        self.pushes.load(Ordering::Relaxed) < self.stalls_until.load(Ordering::Relaxed);
                    if stalls || self.one_in(3) {
                        context.waker().wake_by_ref();
                        return Poll::Pending;
                    }
                    self.full.store(false, Ordering::Release);
                }
                next.as_mut().poll(context)
            });
            let Some(frame) = frame.await else { return };
            self.take(frame);
            if self.one_in(4) {
                self.fill();
            }
        }
    }

    async fn until(&self, head: Seq) {
        while self.heard.lock().unwrap().last().and_then(Frame::seq) < Some(head) {
            self.heard_more.notified().await;
        }
    }
}

impl DirectSink for Socket {
    fn offer(&self, frame: &Frame) -> SendOutcome {
        if self.full.load(Ordering::Acquire) || self.one_in(6) {
            return SendOutcome::Refused;
        }
        self.passed_by.fetch_add(1, Ordering::Relaxed);
        if self.one_in(4) {
            self.fill();
            self.take(frame.clone());
            return SendOutcome::Begun;
        }
        self.take(frame.clone());
        SendOutcome::Sent
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn whatever_the_socket_does_each_row_is_said_once_and_in_order() {
    let (mut passed_by, mut overflows) = (0, 0);
    for seed in 1..=4 {
        let test = TestBackend::with(|config| config.heartbeat = Duration::from_millis(2)).await;
        let ana = test.page("ana");
        let (mut sockets, pushes) = (Vec::new(), Arc::default());
        for reader in 0..4 {
            let stream = ana.stream(None).await;
            let socket = Socket::new(seed * 1_000 + reader, &pushes);
            stream.line().lead_to(Arc::clone(&socket) as Arc<dyn DirectSink>);
            tokio::spawn(Arc::clone(&socket).read(stream));
            sockets.push(socket);
        }
        for size in PUSHES {
            let page = ana.another();
            page.send(page.push((1..=size).map(|command_seq| (command_seq, add(ana.list, "Milk").1))))
                .await;
            pushes.fetch_add(1, Ordering::Relaxed);
        }
        let head = test.head().await;
        for socket in &sockets {
            let all = timeout(Duration::from_secs(60), socket.until(head)).await;
            assert!(all.is_ok(), "seed {seed}: the stream fell silent");
            let heard = socket.heard.lock().unwrap();
            let rows = heard.iter().filter(|frame| frame.event() == "change");
            let rows: Vec<_> = rows.filter_map(Frame::seq).map(|seq| seq.0).collect();
            assert_eq!(rows, (1..=head.0).collect::<Vec<_>>(), "seed {seed}");
            assert!(
                heard.is_sorted_by_key(|frame| frame.seq()),
                "seed {seed}: a step back"
            );
            passed_by += socket.passed_by.load(Ordering::Relaxed);
        }
        overflows += test.live().counts().overflows;
    }
    assert!(
        passed_by > 100 && overflows > 0,
        "{passed_by} passed by, {overflows} overflows"
    );
}
