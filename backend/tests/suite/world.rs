//! A backend of its own for each test, and people with pages.

pub(crate) use crate::listening::{aside, next, opening, until};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use backend::{
    Accounts, Admin, Administrator, Backend, Clock, Config, Error, Filter, Frame, Lists, Live, Mfa,
    Subscriber, Visitor,
};
use domain::wire::{Asked, Event, Hello, Numbered, Outcome, Push, Reply};
use domain::{
    AccountCommand, Change, ClientId, Command, CommandSeq, Field, List, ListCommand, ListId, Notes, Place,
    Row, Seq, TaskId, Timestamp, Title,
};
use tempfile::TempDir;

/// Who has the command line of the server.
pub(crate) const SHELL: Administrator = Administrator::CommandLine;

/// A backend on a file that goes when the test does.
pub(crate) struct TestBackend {
    pub(crate) folder: TempDir,
    pub(crate) config: Config,
    pub(crate) backend: Backend,
}

impl TestBackend {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(set: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/tandem.db");
        let mut config = Config::new(format!("sqlite:{}", path.display()));
        config.clock = Clock::fixed(Timestamp(1_800_000_000_000));
        config.heartbeat = Duration::from_secs(3_600); // None comes unless a test wants it.
        config.cost = crate::sign_in::CHEAP;
        set(&mut config);
        let backend = Backend::open(config.clone()).await.unwrap();
        Self {
            folder,
            config,
            backend,
        }
    }

    /// Opens the same file anew, the old handle being dropped without a word.
    pub(crate) async fn reopen(self, set: impl FnOnce(&mut Config)) -> Self {
        let Self {
            folder,
            mut config,
            backend,
        } = self;
        drop(backend);
        set(&mut config);
        let backend = Backend::open(config.clone()).await.unwrap();
        Self {
            folder,
            config,
            backend,
        }
    }

    /// Runs SQL on the file while no backend has it, and opens it again.
    pub(crate) async fn altered(self, sql: &'static str) -> Self {
        let Self {
            folder,
            config,
            backend,
        } = self;
        backend.close().await;
        let options =
            sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("data/tandem.db"));
        let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        sqlx::Connection::close(connection).await.unwrap();
        let backend = Backend::open(config.clone()).await.unwrap();
        Self {
            folder,
            config,
            backend,
        }
    }

    /// Runs SQL on the file while the backend has it open, and knows nothing of it.
    pub(crate) async fn behind_its_back(&self, sql: &'static str) {
        let file = self.folder.path().join("data/tandem.db");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
        let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        sqlx::Connection::close(connection).await.unwrap();
    }

    /// What a statement counts, of an id or of a text.
    pub(crate) async fn count(&self, sql: &'static str, about: &[u8]) -> i64 {
        let file = self.folder.path().join("data/tandem.db");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
        let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
        let query = sqlx::query_scalar(sql);
        let query = match str::from_utf8(about).ok().filter(|_| about.len() != 16) {
            Some(text) => query.bind(text.to_owned()),
            None => query.bind(about.to_vec()),
        };
        let count = query.fetch_one(&mut connection).await.unwrap();
        sqlx::Connection::close(connection).await.unwrap();
        count
    }

    pub(crate) fn lists(&self) -> Lists<'_> {
        self.backend.lists()
    }

    pub(crate) fn accounts(&self) -> Accounts<'_> {
        self.backend.accounts()
    }

    pub(crate) fn mfa(&self) -> Mfa<'_> {
        self.backend.mfa()
    }

    pub(crate) fn admin(&self) -> Admin<'_> {
        self.backend.admin()
    }

    pub(crate) fn live(&self) -> Live<'_> {
        self.backend.live()
    }

    pub(crate) fn page(&self, name: &str) -> Page {
        Page::new(self.backend.clone(), visitor(name))
    }

    /// A page of somebody who is in the first list of `host`.
    pub(crate) async fn member(&self, name: &str, host: &Page) -> Page {
        let code = self.code(host).await;
        let mut page = self.page(name);
        page.done(Command::Account(AccountCommand::Join {
            list: host.list,
            code,
        }))
        .await;
        page.list = host.list;
        page
    }

    /// What is on disk is what the log makes.
    #[track_caller]
    pub(crate) fn sound(&self) -> impl Future<Output = ()> {
        let backend = self.backend.clone();
        async move { assert_eq!(backend.check().await.unwrap(), Vec::<String>::new()) }
    }

    /// A page from before the backend was opened again.
    pub(crate) fn back(&self, page: CatchUp) -> Page {
        let CatchUp {
            visitor,
            client,
            command_seq,
            list,
        } = page;
        Page {
            backend: self.backend.clone(),
            visitor,
            client,
            command_seq,
            list,
        }
    }

    pub(crate) async fn head(&self) -> Seq {
        self.backend
            .lists()
            .overview(&visitor("nobody"))
            .await
            .unwrap()
            .head
    }
}

pub(crate) fn visitor(name: &str) -> Visitor {
    let mut token = [0; 32];
    token
        .iter_mut()
        .zip(name.bytes())
        .for_each(|(to, from)| *to = from);
    Visitor::from_token(&token)
}

/// A page that somebody has open on a list: their first, unless they join another.
pub(crate) struct Page {
    pub(crate) backend: Backend,
    pub(crate) visitor: Visitor,
    pub(crate) client: ClientId,
    pub(crate) command_seq: CommandSeq,
    pub(crate) list: ListId,
}

/// A page without its server.
pub(crate) struct CatchUp {
    visitor: Visitor,
    client: ClientId,
    command_seq: CommandSeq,
    list: ListId,
}

impl Page {
    /// Lets go of the backend.
    pub(crate) fn catch_up(self) -> CatchUp {
        let Self {
            visitor,
            client,
            command_seq,
            list,
            ..
        } = self;
        CatchUp {
            visitor,
            client,
            command_seq,
            list,
        }
    }

    pub(crate) fn new(backend: Backend, visitor: Visitor) -> Self {
        Self {
            backend,
            visitor,
            client: ClientId::from_bytes(fresh()),
            command_seq: CommandSeq::ZERO,
            list: visitor.first_list(),
        }
    }

    /// Another page of the same person.
    pub(crate) fn another(&self) -> Self {
        Self {
            list: self.list,
            ..Self::new(self.backend.clone(), self.visitor)
        }
    }

    pub(crate) fn push(&self, commands: impl IntoIterator<Item = (u64, Command)>) -> Push {
        let numbered = |(command_seq, command)| Numbered {
            command_seq: CommandSeq(command_seq),
            command: Asked::Readable(command),
        };
        Push {
            person: self.visitor.person(),
            epoch: self.backend.epoch().clone(),
            client: self.client,
            commands: commands.into_iter().map(numbered).collect(),
        }
    }

    pub(crate) async fn send(&self, push: Push) -> Reply {
        self.backend.push(&self.visitor, push).await.unwrap()
    }

    /// Asks what comes next.
    pub(crate) async fn ask(&mut self, command: Command) -> Result<Outcome, Error> {
        let command_seq = self.command_seq.next();
        let push = self.push([(command_seq.0, command)]);
        match self.backend.push(&self.visitor, push).await? {
            Reply::Answered {
                mut answers,
                expected: None,
                ..
            } => {
                self.command_seq = command_seq;
                Ok(answers.pop().unwrap().outcome)
            }
            other => panic!("{other:?}"),
        }
    }

    /// Asks what comes next, which is done.
    pub(crate) async fn done(&mut self, command: Command) -> Seq {
        match self.ask(command).await.unwrap() {
            Outcome::Done { at } => at,
            refused => panic!("{refused:?}"),
        }
    }

    /// Asks what comes next, which is refused.
    pub(crate) async fn refused(&mut self, command: Command) -> String {
        match self.ask(command).await.unwrap() {
            Outcome::Refused { code, .. } => code,
            done => panic!("{done:?}"),
        }
    }

    pub(crate) async fn add(&mut self, title: &str) -> TaskId {
        let (task, command) = add(self.list, title);
        self.done(command).await;
        task
    }

    pub(crate) async fn see(&self) -> List {
        self.backend
            .lists()
            .snapshot(&self.visitor, self.list, None)
            .await
            .unwrap()
            .list
    }

    pub(crate) async fn titles(&self) -> Vec<String> {
        self.see()
            .await
            .open()
            .into_iter()
            .map(|task| task.title.to_string())
            .collect()
    }

    pub(crate) async fn stream(&self, cursor: Option<&str>) -> Subscriber {
        self.backend
            .live()
            .subscribe(&self.visitor, cursor, Filter::default())
            .await
            .unwrap()
    }

    pub(crate) fn cursor(&self, seq: Seq) -> String {
        format!("{}.{seq}", self.backend.epoch())
    }
}

pub(crate) fn add(list: ListId, title: &str) -> (TaskId, Command) {
    let task = TaskId::from_bytes(fresh());
    let title = Title::parse(title).unwrap();
    (
        task,
        Command::List(list, ListCommand::add(task, Place::End, title)),
    )
}

pub(crate) fn set_notes(list: ListId, task: TaskId, base: &str, notes: &str) -> Command {
    let (base, notes) = (Notes::parse(base).unwrap(), Notes::parse(notes).unwrap());
    Command::List(
        list,
        ListCommand::set_from(task, Field::Notes(base), Field::Notes(notes)),
    )
}

/// Bytes that no other call has given.
pub(crate) fn fresh() -> [u8; 16] {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let next = u128::from(NEXT.fetch_add(1, Ordering::Relaxed));
    // Two processes may work on one file, one after the other.
    (next + (u128::from(std::process::id()) << 64))
        .wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
        .to_be_bytes()
}

pub(crate) fn event(frame: &Frame) -> Event {
    let data: serde_json::Value = serde_json::from_slice(frame.data()).unwrap();
    let event = serde_json::from_value(serde_json::json!({ "event": frame.event(), "data": data })).unwrap();
    let text = str::from_utf8(frame.bytes()).unwrap();
    assert!(
        text.starts_with("id: ") && text.ends_with("\n\n") && !text.contains('\r'),
        "{text}"
    );
    event
}

pub(crate) fn hello(events: &[Event]) -> &Hello {
    match events.first() {
        Some(Event::Hello(hello)) => hello,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn rows(events: &[Event]) -> Vec<&Row> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::Change(row) => Some(row),
            _ => None,
        })
        .collect()
}

pub(crate) fn seqs(events: &[Event]) -> Vec<u64> {
    rows(events).into_iter().map(|row| row.seq.0).collect()
}

pub(crate) fn changes(events: &[Event]) -> Vec<&Change> {
    rows(events).into_iter().flat_map(|row| &row.changes).collect()
}
