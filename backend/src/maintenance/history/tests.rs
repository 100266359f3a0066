//! What stays of versions of a text, on real SQLite files.

use domain::wire::{Asked, MOST_COMMANDS, Numbered, Push};
use domain::{ClientId, Command, CommandSeq, ListCommand, ListId, Notes, Place, Title};
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::*;
use crate::database::erase::{Kind, later, next};
use crate::database::log;
use crate::write::left::erase_piece;
use crate::{Clock, Config, Visitor};

const BEGIN: u64 = 1_800_000_000_000;

/// Somebody with a task whose notes they write again and again.
struct Writing {
    backend: Backend,
    visitor: Visitor,
    clock: Clock,
    task: TaskId,
    notes: Notes,
    command_seq: u64,
    folder: TempDir,
}

impl Writing {
    async fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::new(folder.path().join("tandem.db").display().to_string());
        let clock = Clock::fixed(Timestamp(BEGIN));
        config.clock = clock.clone();
        let mut this = Self {
            backend: Backend::open(config).await.unwrap(),
            visitor: Visitor::from_token(&[7; 32]),
            clock,
            task: TaskId::from_bytes([9; 16]),
            notes: Notes::default(),
            command_seq: 0,
            folder,
        };
        let add = ListCommand::add(this.task, Place::End, Title::parse("Oats").unwrap());
        this.push([add]).await;
        this
    }

    fn list(&self) -> ListId {
        self.visitor.first_list()
    }

    async fn push(&mut self, commands: impl IntoIterator<Item = ListCommand>) {
        let first = self.command_seq + 1;
        let numbered = |(number, command)| Numbered {
            command_seq: CommandSeq(number),
            command: Asked::Readable(Command::List(self.list(), command)),
        };
        let commands: Vec<_> = (first..).zip(commands).map(numbered).collect();
        self.command_seq += commands.len() as u64;
        let push = Push {
            person: self.visitor.person(),
            epoch: self.backend.epoch().clone(),
            client: ClientId::from_bytes([1; 16]),
            commands,
        };
        self.backend.push(&self.visitor, push).await.unwrap();
    }

    /// Writes so many versions of the notes in that minute, each with its number and so many bytes more.
    async fn versions(&mut self, minute: u64, numbers: std::ops::RangeInclusive<u64>, bytes: usize) {
        self.clock.set(Timestamp(BEGIN + minute * MINUTE));
        let (task, mut before) = (self.task, self.notes.clone());
        let mut versions = Vec::new();
        for number in numbers {
            let notes = Notes::parse(&format!("{number} {}", "x".repeat(bytes))).unwrap();
            let base = Field::Notes(std::mem::replace(&mut before, notes.clone()));
            versions.push(ListCommand::set_from(task, base, Field::Notes(notes)));
        }
        self.notes = before;
        for versions in versions.chunks(MOST_COMMANDS) {
            self.push(versions.to_vec()).await;
        }
    }

    /// What the log has of notes, in order.
    async fn written(&self) -> Vec<String> {
        let mut read = self.backend.inner.readers.acquire().await.unwrap();
        let rows = log::all(&mut read).await.unwrap();
        let changes = rows.into_iter().flat_map(|row| row.changes);
        changes
            .filter_map(|change| match change {
                Change::TaskSet {
                    field: Field::Notes(notes),
                    ..
                } => notes.as_str().split(' ').next().map(str::to_owned),
                _ => None,
            })
            .collect()
    }

    /// Has that row from the end say something else, too, that stays when it is thinned out.
    async fn says_more(&self, from_the_end: usize) {
        let rows = log::all(&mut self.backend.inner.readers.acquire().await.unwrap()).await;
        let mut row = rows.unwrap().into_iter().rev().nth(from_the_end).unwrap();
        row.changes.push(Change::TaskDeleted { task: self.task });
        let changes = serde_json::to_string(&row.changes).unwrap();
        let queue = &self.backend.inner.queue;
        let write = queue.transact(
            move |connection| Box::pin(set_all_changes(connection, vec![(row.seq, changes)])),
            |()| {},
        );
        write.await.unwrap();
    }

    async fn thin_out(&self, minute: u64, milliseconds: u64) {
        self.clock.set(Timestamp(BEGIN + minute * MINUTE + milliseconds));
        self.backend.thin_out_history().await.unwrap();
    }

    async fn sound(&self) {
        assert_eq!(self.backend.check().await.unwrap(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn of_all_versions_that_one_person_wrote_within_a_minute_the_last_stays() {
    let mut ana = Writing::begin().await;
    for number in 1..=9 {
        // Three in each minute.
        ana.versions((number + 1) / 3, number..=number, 1_000).await;
    }
    let all: Vec<String> = (1..=9).map(|number| number.to_string()).collect();
    assert_eq!(ana.written().await, all);
    ana.thin_out(3, 1).await;
    assert_eq!(
        ana.written().await,
        ["1", "4", "5", "6", "7", "8", "9"],
        "what is younger than two minutes is as it was"
    );
    ana.thin_out(10, 0).await;
    assert_eq!(ana.written().await, ["1", "4", "7", "9"]);
    ana.thin_out(11, 0).await;
    assert_eq!(ana.written().await, ["1", "4", "7", "9"]);
    ana.sound().await;
    // It is known on disk how far that came.
    let head = history::thinned(&mut ana.backend.inner.readers.acquire().await.unwrap()).await;
    let rows = log::all(&mut ana.backend.inner.readers.acquire().await.unwrap()).await;
    assert_eq!(Some(head.unwrap()), rows.unwrap().last().map(|row| row.seq));
    drop(ana.folder);
}

#[tokio::test]
async fn however_many_rows_a_minute_has_one_version_stays_of_it_and_all_short_ones() {
    let mut ana = Writing::begin().await;
    // More rows than are looked at together, and more bytes.
    ana.versions(0, 1..=450, 700).await;
    ana.versions(1, 451..=490, 60_000).await;
    ana.versions(2, 491..=493, 100).await;
    ana.thin_out(10, 0).await;
    assert_eq!(ana.written().await, ["450", "490", "491", "492", "493"]);
    ana.sound().await;
}

/// Between reading and writing somebody's text may be erased: it stays erased.
#[tokio::test]
async fn what_is_erased_meanwhile_does_not_come_back() {
    let mut ana = Writing::begin().await;
    ana.versions(0, 1..=9, 1_000).await;
    ana.says_more(2).await;
    ana.clock.set(Timestamp(BEGIN + 10 * MINUTE));
    let (list, person, queue) = (ana.list(), ana.visitor.person(), ana.backend.inner.queue.clone());
    let waits = async |count: usize| {
        while queue.waiting() < count {
            tokio::task::yield_now().await;
        }
    };
    // The writer is held; behind that the erasing waits; and behind that what was read before anything is erased.
    let ((begin, begun), (go_on, held)) = (oneshot::channel::<()>(), oneshot::channel::<()>());
    let writer = queue.clone();
    let holding = tokio::spawn(async move {
        let hold = writer.transact(
            move |connection| {
                Box::pin(async move {
                    later(connection, Kind::List(list), person, Seq(u64::MAX)).await?;
                    let _ = begin.send(());
                    let _ = held.await;
                    Ok(())
                })
            },
            |()| {},
        );
        hold.await.unwrap();
    });
    begun.await.unwrap();
    let writer = queue.clone();
    let erasing = tokio::spawn(async move {
        let erase = writer.transact(
            |connection| {
                Box::pin(async move {
                    let id = next(connection, 0).await?.unwrap();
                    erase_piece(connection, id).await
                })
            },
            |_| {},
        );
        erase.await.unwrap()
    });
    waits(1).await;
    let backend = ana.backend.clone();
    let thinning = tokio::spawn(async move { backend.thin_out_history().await.unwrap() });
    waits(2).await;
    go_on.send(()).unwrap();
    holding.await.unwrap();
    assert!(erasing.await.unwrap());
    thinning.await.unwrap();
    let list = Topic::List(list);
    let rows = log::all(&mut ana.backend.inner.readers.acquire().await.unwrap()).await;
    let rows: Vec<_> = rows
        .unwrap()
        .into_iter()
        .filter(|row| row.topic == list)
        .collect();
    assert!(
        rows.len() > 9 && rows.iter().all(|row| row.changes.is_empty()),
        "{rows:?}"
    );
}
