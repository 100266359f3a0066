//! The histories of `simulation` on the real backend: a SQLite file per seed, in memory where there is a `/dev/shm`.
//!
//! A crash is the files as they are at that moment, opened anew. A restore is a copy of the files taken earlier, opened
//! as another epoch. Several pushes at once are the backend's to order, so a replay may differ there: a failure prints
//! its history.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a backend that fails where it must not is what this is to find"
)]

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use backend::{Backend, Clock, Config, Filter, Frame, Subscriber, Terms, Visitor};
use domain::wire::{Cursor, Event, Hello, Push, Reply, Snapshot};
use domain::{ClientId, CommandSeq, Epoch, Guest, ListId, PersonId, Row, Seq, Timestamp, Topic, Version};
use simulation::{Report, Server, run};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{ConnectOptions, Row as _};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// One seed in so many of those that the reference server gets.
const SHARE: u64 = 50;

/// The real backend, and what an operator does with its files.
struct Real {
    runtime: Runtime,
    folder: TempDir,
    /// How often it was opened: each time in a folder of its own.
    lives: u32,
    config: Config,
    backend: Option<Backend>,
    /// A look at the file from outside.
    file: SqliteConnection,
    visitors: BTreeMap<PersonId, Visitor>,
    streams: BTreeMap<usize, Stream>,
    opened: usize,
    now: u64,
}

struct Stream {
    visitor: Visitor,
    subscriber: Subscriber,
    heard: VecDeque<Event>,
    cursor: Seq,
}

impl Real {
    fn new(seed: u64) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            tempfile::tempdir_in(memory)
        } else {
            tempfile::tempdir()
        }
        .unwrap();
        let mut config = Config::new(path(&folder, 0).display().to_string());
        config.clock = Clock::fixed(Timestamp(1_800_000_000_000));
        config.heartbeat = Duration::from_secs(3_600); // None comes by itself, or no history could be replayed.
        config.cache_bytes = if seed.is_multiple_of(3) {
            0
        } else {
            128 * 1024 * 1024
        };
        let (backend, file) = runtime.block_on(open(&config));
        Self {
            runtime,
            folder,
            lives: 0,
            config,
            backend: Some(backend),
            file,
            visitors: BTreeMap::new(),
            streams: BTreeMap::new(),
            opened: 0,
            now: 1_800_000_000_000,
        }
    }

    fn backend(&self) -> &Backend {
        self.backend.as_ref().expect("it is open")
    }

    fn visitor(&self, person: PersonId) -> Visitor {
        *self
            .visitors
            .get(&person)
            .expect("somebody whom this server made")
    }

    /// Goes on with a copy of those files, as after a crash.
    fn go_on(&mut self, files: &Path, new_epoch: bool) {
        self.streams.clear();
        self.lives += 1;
        let to = path(&self.folder, self.lives);
        copy(files, &to);
        self.backend = None;
        self.config.database = to.display().to_string();
        self.config.new_epoch = new_epoch;
        let (backend, file) = self.runtime.block_on(open(&self.config));
        (self.backend, self.file) = (Some(backend), file);
    }

    fn database(&self) -> PathBuf {
        PathBuf::from(&self.config.database)
    }

    fn subscribe(&self, visitor: &Visitor, since: Option<&Cursor>) -> Subscriber {
        let cursor = since.map(Cursor::to_string);
        let subscribing = self
            .backend()
            .live()
            .subscribe(visitor, cursor.as_deref(), Filter::default());
        self.runtime.block_on(subscribing).unwrap()
    }

    /// What is wrong with the files, in the backend's own words.
    fn check(&self) -> Vec<String> {
        self.runtime.block_on(self.backend().check()).unwrap()
    }
}

impl Stream {
    /// Takes what there is.
    fn hear(&mut self) {
        while let Some(frame) = self.subscriber.next_now() {
            // What is said beside the log, the world of the simulation does not know.
            if let Some(seq) = frame.seq() {
                self.cursor = seq;
                self.heard.push_back(event(&frame));
            }
        }
    }
}

async fn open(config: &Config) -> (Backend, SqliteConnection) {
    let backend = Backend::open(config.clone()).await.unwrap();
    let options = SqliteConnectOptions::new().filename(&config.database);
    (backend, options.connect().await.unwrap())
}

fn path(folder: &TempDir, life: u32) -> PathBuf {
    folder.path().join(format!("{life}/tandem.db"))
}

/// The database as it is on disk: what is committed stands in the second file until it is checkpointed.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    for suffix in ["", "-wal"] {
        let name = |path: &Path| format!("{}{suffix}", path.display());
        if Path::new(&name(from)).exists() {
            std::fs::copy(name(from), name(to)).unwrap();
        }
    }
}

fn event(frame: &Frame) -> Event {
    let data: serde_json::Value = serde_json::from_slice(frame.data()).unwrap();
    serde_json::from_value(serde_json::json!({ "event": frame.event(), "data": data })).unwrap()
}

fn row(row: &SqliteRow) -> Row {
    let id = |name: &str| row.get::<&[u8], _>(name).try_into().unwrap();
    let count = |name: &str| u64::try_from(row.get::<i64, _>(name)).unwrap();
    let client: Option<&[u8]> = row.get("client");
    let command_seq: Option<i64> = row.get("command_seq");
    Row {
        seq: Seq(count("seq")),
        topic: match row.get("kind") {
            "list" => Topic::List(ListId::from_bytes(id("topic"))),
            _ => Topic::Person(PersonId::from_bytes(id("topic"))),
        },
        version: Version(count("version")),
        actor: PersonId::from_bytes(id("actor")),
        client: client.map(|client| ClientId::from_bytes(client.try_into().unwrap())),
        command_seq: command_seq.map(|command_seq| CommandSeq(command_seq.try_into().unwrap())),
        at: Timestamp(count("at")),
        changes: serde_json::from_str(row.get("changes")).unwrap(),
    }
}

impl Server for Real {
    fn newcomer(&mut self, number: u8) -> Guest {
        let visitor = Visitor::from_token(&[number; 32]);
        self.visitors.insert(visitor.person(), visitor);
        *visitor.guest().unwrap()
    }

    fn invite(&mut self, member: PersonId, list: ListId) -> Option<String> {
        let visitor = self.visitor(member);
        self.runtime
            .block_on(self.backend().lists().make_link(&visitor, list, Terms::default()))
            .ok()
            .map(|made| made.code)
    }

    fn push(&mut self, batch: Vec<(PersonId, Push)>) -> Vec<Option<Reply>> {
        self.now += 7;
        self.config.clock.set(Timestamp(self.now));
        let backend = self.backend();
        self.runtime.block_on(async {
            let mut waiting = tokio::task::JoinSet::new();
            let mut replies: Vec<Option<Reply>> = batch.iter().map(|_| None).collect();
            for (place, (person, push)) in batch.into_iter().enumerate() {
                let (backend, visitor) = (backend.clone(), self.visitor(person));
                waiting.spawn(async move { (place, backend.push(&visitor, push).await) });
            }
            while let Some(joined) = waiting.join_next().await {
                let (place, reply) = joined.unwrap();
                *replies.get_mut(place).unwrap() = Some(reply.expect("nothing is wrong with the disk"));
            }
            replies
        })
    }

    fn overview(&mut self, person: PersonId) -> Hello {
        let visitor = self.visitor(person);
        self.runtime
            .block_on(self.backend().lists().overview(&visitor))
            .unwrap()
    }

    fn snapshot(&mut self, person: PersonId, list: ListId) -> Option<Snapshot> {
        let visitor = self.visitor(person);
        self.runtime
            .block_on(self.backend().lists().snapshot(&visitor, list, None))
            .ok()
    }

    fn connect(&mut self, person: PersonId, since: Option<&Cursor>) -> usize {
        let visitor = self.visitor(person);
        let mut stream = Stream {
            visitor,
            subscriber: self.subscribe(&visitor, since),
            heard: VecDeque::new(),
            cursor: Seq::ZERO,
        };
        stream.hear();
        self.opened += 1;
        self.streams.insert(self.opened, stream);
        self.opened
    }

    fn poll(&mut self, stream: usize, most: usize) -> Option<Vec<Event>> {
        // The hub tells from a task of its own.
        self.runtime.block_on(async {
            for _ in 0..8 {
                tokio::task::yield_now().await;
            }
        });
        let stream = self.streams.get_mut(&stream)?;
        stream.hear();
        let most = most.min(stream.heard.len());
        Some(stream.heard.drain(..most).collect())
    }

    fn disconnect(&mut self, stream: usize) {
        self.streams.remove(&stream);
    }

    fn changes(&mut self, person: PersonId, since: &Cursor) -> Vec<Event> {
        let (visitor, cursor) = (self.visitor(person), since.to_string());
        let changes =
            self.backend()
                .live()
                .changes(&visitor, Some(&cursor), Filter::default(), Duration::ZERO);
        let frames = self.runtime.block_on(changes).unwrap();
        let of_the_log = frames.iter().filter(|frame| frame.seq().is_some());
        of_the_log.map(event).collect()
    }

    /// Opens each stream anew where it is: the same words as a heartbeat has, and then one.
    fn beat(&mut self) {
        let epoch = self.backend().epoch().clone();
        let mut streams = std::mem::take(&mut self.streams);
        for stream in streams.values_mut() {
            stream.hear();
            let seq = stream.cursor;
            let epoch = epoch.clone();
            stream.subscriber = self.subscribe(&stream.visitor, Some(&Cursor { epoch, seq }));
            stream.hear();
        }
        self.streams = streams;
    }

    fn position(&mut self) -> (Epoch, Seq) {
        let select = sqlx::query("select head from meta").fetch_one(&mut self.file);
        let row = self.runtime.block_on(select).unwrap();
        let head: i64 = row.get("head");
        (self.backend().epoch().clone(), Seq(head.try_into().unwrap()))
    }

    fn rows(&mut self, after: Seq) -> Vec<Row> {
        let select = sqlx::query(
            "select seq, kind, topic, version, actor, client, command_seq, at, changes from log
             where seq > $1 order by seq",
        )
        .bind(i64::try_from(after.0).unwrap())
        .fetch_all(&mut self.file);
        self.runtime.block_on(select).unwrap().iter().map(row).collect()
    }

    fn truncate(&mut self, through: Seq) {
        let through = i64::try_from(through.0).unwrap();
        self.runtime.block_on(async {
            let delete = sqlx::query("delete from log where seq <= $1").bind(through);
            delete.execute(&mut self.file).await.unwrap();
            let update = sqlx::query("update meta set oldest = max(oldest, $1)").bind(through);
            update.execute(&mut self.file).await.unwrap();
        });
    }

    fn back_up(&mut self) {
        let to = self.folder.path().join("backup");
        let _ = std::fs::remove_dir_all(&to); // There may be none yet.
        copy(&self.database(), &to.join("tandem.db"));
    }

    fn restore(&mut self) {
        let from = self.folder.path().join("backup/tandem.db");
        self.go_on(&from, true);
    }

    fn crash(&mut self) {
        let from = self.database();
        self.go_on(&from, false);
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn play(seed: u64) -> Result<Report, (u64, String)> {
    let (mut real, mut trace) = (Real::new(seed), Vec::new());
    let result = run(seed, &mut real, None, Some(&mut trace));
    let wrong = if result.is_ok() { real.check() } else { Vec::new() };
    match result {
        Ok(report) if wrong.is_empty() => Ok(report),
        other => {
            for line in &trace {
                println!("{line}");
            }
            let why = other
                .err()
                .map_or_else(|| wrong.join("; "), |failure| failure.to_string());
            Err((seed, why))
        }
    }
}

#[test]
fn every_history_keeps_every_promise_on_disk() {
    let share = number("TANDEM_SEEDS").unwrap_or(10_000).div_ceil(SHARE);
    let seeds = number("TANDEM_SEED").map_or(0..share, |seed| seed..seed + 1);
    let (next, end) = (AtomicU64::new(seeds.start), seeds.end);
    let half = || {
        let mut report = Report::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end {
                return Ok(report);
            }
            report.add(&play(seed)?);
        }
    };
    let halves = std::thread::scope(|scope| {
        let other = scope.spawn(half);
        [half(), other.join().unwrap()]
    });
    let mut report = Report::default();
    for half in halves {
        match half {
            Ok(half) => report.add(&half),
            Err((seed, why)) => panic!(
                "seed {seed} fails: {why}; replay with TANDEM_SEED={seed} cargo test -p backend --test simulation"
            ),
        }
    }
    println!("seeds {seeds:?} on disk: {:?}", report.counts);
}
