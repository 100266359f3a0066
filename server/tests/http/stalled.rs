//! A reader who reads no more costs little, is cut, and goes on later; the others do not notice.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use domain::wire::Event;
use domain::{Change, Command, Field, ListCommand, ListId, Notes, Seq, TaskId};
use tempfile::TempDir;

use crate::http::PATIENCE;
use crate::person::Person;
use crate::push::Tab;
use crate::server::TestServer;
use crate::stream::{Frame, Stream};
use crate::system::{connections, memory};

/// Readers who read, beside those who do not.
const READERS: usize = 10;
const STALLED: usize = 5;

/// Notes set in a second. Few and large: the disk is not what is measured.
const RATE: u32 = 16;

/// Notes set before anyone stops to read.
const CALM: usize = 32;

/// The most memory that one of them may cost while it is not cut: what one read of the log may bring, in one piece and framed.
const MOST_EACH: u64 = 4 * 1024 * 1024;

/// A folder in memory, where the machine has such: a busy disk may keep one commit for seconds, and it is not what is timed.
fn in_memory() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// Says that it is over when it goes, also by a panic.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Somebody who sets the notes of one task again and again, each time to a number and a lot of text.
struct Writer<'a> {
    tab: Tab<'a>,
    list: ListId,
    task: TaskId,
    now: Notes,
}

impl<'a> Writer<'a> {
    fn new(person: &'a Person) -> Self {
        let mut tab = person.tab();
        let add = tab.add("A task with long notes");
        let Command::List(list, ListCommand::AddTask { task, .. }) = &add else {
            panic!()
        };
        let (list, task) = (*list, *task);
        tab.push(vec![add]);
        Self {
            tab,
            list,
            task,
            now: Notes::default(),
        }
    }

    fn write(&mut self, number: usize, bytes: usize) {
        let notes = Notes::parse(&format!("{number} {}", "x".repeat(bytes))).unwrap();
        let command = ListCommand::set_from(
            self.task,
            Field::Notes(std::mem::replace(&mut self.now, notes.clone())),
            Field::Notes(notes),
        );
        self.tab.push(vec![Command::List(self.list, command)]);
    }
}

/// The number that the writer gave.
fn number(frame: &Frame) -> Option<usize> {
    let Event::Change(row) = frame.event() else {
        return None;
    };
    row.changes.iter().find_map(|change| match change {
        Change::TaskSet {
            field: Field::Notes(notes),
            ..
        } => notes.as_str().split_once(' ')?.0.parse().ok(),
        _ => None,
    })
}

/// The place of a row in the log.
fn seq(frame: &Frame) -> Option<Seq> {
    match frame.event() {
        Event::Change(row) => Some(row.seq),
        _ => None,
    }
}

/// Writes at a steady rate until everyone who does not read is cut; gives back those, each with what it had read.
fn stall<'a>(server: &TestServer, ana: &'a Person, bytes: usize) -> (Vec<Stream>, Writer<'a>) {
    let mut readers: Vec<Stream> = (0..READERS).map(|_| ana.stream("/events", "")).collect();
    readers.iter_mut().for_each(|reader| drop(reader.opening()));
    let mut writer = Writer::new(ana);
    let sent: Mutex<Vec<Instant>> = Mutex::default();
    let delays: Mutex<BTreeMap<usize, Vec<Duration>>> = Mutex::default();
    let over = AtomicBool::new(false);
    let (stalled, growth, took) = std::thread::scope(|scope| {
        for reader in &mut readers {
            let (sent, delays, over) = (&sent, &delays, &over);
            scope.spawn(move || {
                // The heartbeat after the last row is the last to be read.
                while let Some(frame) = reader.next().unwrap() {
                    if let Some(n) = number(&frame) {
                        let delay = sent.lock().unwrap()[n].elapsed();
                        delays.lock().unwrap().entry(n).or_default().push(delay);
                    } else if frame.event == "heartbeat" && over.load(Ordering::Relaxed) {
                        return;
                    }
                }
            });
        }
        let _over = Over(&over);
        let (_open, pace) = channel::<()>();
        let began = Instant::now();
        let mut write = |n: usize| {
            let at = began + Duration::from_secs(1) * u32::try_from(n).unwrap() / RATE;
            let _ = pace.recv_timeout(at.saturating_duration_since(Instant::now()));
            sent.lock().unwrap().push(Instant::now());
            writer.write(n, bytes);
        };
        (0..CALM).for_each(&mut write);
        let mut stalled: Vec<Stream> = (0..STALLED).map(|_| ana.stream("/events", "")).collect();
        stalled.iter_mut().for_each(|reader| drop(reader.opening()));
        let (before, stopped) = (memory(server.process.id()), Instant::now());
        let mut most = before;
        let mut numbers = CALM..;
        // The one more is the connection that a push has just used.
        while connections(server.port) > READERS + 1 {
            assert!(stopped.elapsed() < PATIENCE, "they are never cut");
            write(numbers.next().unwrap());
            most = most.max(memory(server.process.id()));
        }
        (stalled, most - before, stopped.elapsed())
    });
    let delays = delays.into_inner().unwrap();
    let p99 = |from, to| {
        let mut all: Vec<Duration> = delays.range(from..to).flat_map(|(_, all)| all.clone()).collect();
        assert_eq!(all.len(), (to - from) * READERS, "everyone has heard all");
        all.sort();
        all[all.len() * 99 / 100]
    };
    let (calm, beside) = (p99(0, CALM), p99(CALM, delays.len()));
    println!(
        "{STALLED} of {} readers read no more of {} KB/s: cut after {took:?} and {} KB of memory; p99 of the others \
         {calm:?} before, {beside:?} beside them",
        STALLED + READERS,
        bytes * usize::try_from(RATE).unwrap() / 1000,
        growth / 1000,
    );
    let most = u64::try_from(STALLED).unwrap() * MOST_EACH;
    assert!(growth < most, "{growth} bytes for {STALLED} of them");
    // A machine with other things to do stalls everyone for a moment; who waits for a stalled reader waits for seconds.
    let noticed = calm * 3 + Duration::from_millis(300);
    assert!(beside < noticed, "{calm:?}, {beside:?}");
    (stalled, writer)
}

/// Reads what was still on its way, then goes on. The rows in order, and whether it was told to fetch the lists.
fn goes_on(ana: &Person, reader: &mut Stream) -> (Vec<Seq>, bool) {
    let mut rows = Vec::new();
    while let Ok(Some(frame)) = reader.next() {
        rows.extend(seq(&frame));
    }
    let cut_after = rows.len();
    let opening = ana.stream("/events", &reader.last_id).opening();
    let is_reset = opening.iter().any(|frame| frame.event == "reset");
    rows.extend(opening.iter().filter_map(seq));
    assert!(is_reset || rows.len() > cut_after, "it missed some");
    assert_eq!(
        opening.last().unwrap().id,
        ana.stream("/events", "").opening()[0].id
    );
    let whole: Vec<Seq> = (rows[0].0..).take(rows.len()).map(Seq).collect();
    assert_eq!(rows, whole, "none is missing and none comes twice");
    (rows, is_reset)
}

#[test]
fn a_reader_who_reads_no_more_costs_little_and_is_cut_and_the_others_do_not_notice() {
    let server = TestServer::start_in(in_memory(), &["--heartbeat", "1"]);
    let ana = server.person("ana");
    let (mut stalled, mut writer) = stall(&server, &ana, 64_000);
    for reader in &mut stalled {
        goes_on(&ana, reader);
    }
    let mut again = ana.stream("/events", &stalled[0].last_id);
    again.opening();
    writer.write(1_000_000, 5);
    let live = again.until(|frame| frame.event == "change");
    assert_eq!(number(&live[0]), Some(1_000_000));
}

#[test]
fn a_reader_who_was_cut_for_not_reading_goes_on_from_the_log() {
    let server = TestServer::start_in(in_memory(), &["--heartbeat", "1"]);
    let ana = server.person("ana");
    let (mut stalled, _) = stall(&server, &ana, 12_000);
    for reader in &mut stalled {
        let (rows, is_reset) = goes_on(&ana, reader);
        assert!(!is_reset, "{} rows are few enough to be replayed", rows.len());
        assert_eq!(rows.last(), Some(&ana.hello().head));
    }
}
