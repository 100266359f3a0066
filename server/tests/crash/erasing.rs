//! An account is deleted, and the server killed again and again before all of it is erased: nobody reads anything of it meanwhile, in the
//! end nothing is left, and what others have is as it was.

use std::time::Duration;

use backend::{Backend, Config};
use domain::wire::{Hello, Numbered};
use domain::{
    AccountCommand, ClientId, Colour, Command, CommandSeq, ListCommand, ListId, ListName, PersonName, Place,
    Profile, TaskId, Title,
};
use serde_json::json;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use crate::dice::{Dice, seed};
use crate::door::Door;
use crate::http::{Request, Response};
use crate::page::hello;
use crate::server::TestServer;

const PASSWORD: &str = "nine lamps over the quay";

/// How often it is killed.
const KILLS: usize = 6;

/// The lists that go, and the tasks of each.
const LISTS: usize = 30;
const TASKS: usize = 90;

/// Somebody with a browser, and a script that numbers what it asks.
struct Person {
    cookie: String,
    hello: Hello,
    client: ClientId,
    next: u64,
}

impl Person {
    fn new(port: u16, dice: &mut Dice) -> Self {
        let token = dice.bytes::<32>().map(|byte| format!("{byte:02x}")).concat();
        Self::with(port, format!("tandem={token}"), dice)
    }

    fn with(port: u16, cookie: String, dice: &mut Dice) -> Self {
        Self {
            hello: hello(port, &cookie),
            cookie,
            client: ClientId::from_bytes(dice.bytes()),
            next: 1,
        }
    }

    fn list(&self) -> ListId {
        *self.hello.account.lists.keys().next().unwrap()
    }

    fn send(&self, port: u16, request: Request) -> Response {
        request.header("cookie", &self.cookie).send(port).unwrap()
    }

    #[track_caller]
    fn form(&self, port: u16, path: &'static str, fields: &str) -> Response {
        let form = Request::new("POST", path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "text/html")
            .body(fields.to_owned());
        let answer = self.send(port, form);
        assert_eq!(answer.status, 303, "{}", answer.text());
        answer
    }

    #[track_caller]
    fn push(&mut self, port: u16, commands: impl IntoIterator<Item = Command>) {
        let numbered = |(number, command)| Numbered {
            command_seq: CommandSeq(number),
            command: domain::wire::Asked::Readable(command),
        };
        let commands: Vec<_> = (self.next..).zip(commands).map(numbered).collect();
        self.next += u64::try_from(commands.len()).unwrap();
        let push = json!({ "push": {
            "person": self.hello.account.person, "epoch": self.hello.epoch, "client": self.client, "commands": commands,
        }});
        let answer = self.send(port, Request::json("/fn/push", &push));
        assert!(
            answer.status == 200 && !answer.text().contains("refused"),
            "{}",
            answer.text()
        );
    }
}

fn adds(dice: &mut Dice, list: ListId, count: usize, title: &str) -> Vec<Command> {
    let mut add = |number| {
        let task = TaskId::from_bytes(dice.bytes());
        let (place, title) = (Place::End, Title::parse(&format!("{title} {number}")).unwrap());
        Command::List(list, ListCommand::add(task, place, title))
    };
    (0..count).map(&mut add).collect()
}

/// What is on disk, read without any of the code that wrote it.
struct Disk {
    runtime: tokio::runtime::Runtime,
    file: SqliteConnectOptions,
}

impl Disk {
    fn of(server: &TestServer) -> Self {
        let file = SqliteConnectOptions::new().filename(server.database());
        Self {
            runtime: tokio::runtime::Runtime::new().unwrap(),
            // Whoever reads beside a server, or after one that was killed, takes part in its write-ahead log.
            file: file.read_only(false),
        }
    }

    fn count(&self, statement: &'static str) -> i64 {
        self.runtime.block_on(async {
            let mut connection: SqliteConnection = self.file.connect().await.unwrap();
            let count = sqlx::query_scalar(statement)
                .fetch_one(&mut connection)
                .await
                .unwrap();
            connection.close().await.unwrap();
            count
        })
    }

    fn is_left(&self) -> bool {
        self.count("select count(*) from erasures") > 0
    }
}

#[test]
fn a_deletion_that_is_killed_again_and_again_goes_on_until_nothing_is_left() {
    let mut dice = Dice::new(seed());
    let mut server = TestServer::start_with(&[]);
    let port = server.port;
    let mut bob = Person::new(port, &mut dice);
    let shared = bob.list();
    bob.push(port, adds(&mut dice, shared, TASKS, "Of Bob"));
    let made = bob.form(port, "/fn/make_link", &format!("list={shared}"));
    let page = bob.send(port, Request::get(made.value("location").unwrap()));
    let (_, rest) = page.text().split_once("/join#").unwrap();
    let code: String = rest.chars().take_while(|c| !"\"<".contains(*c)).collect();

    let guest = Person::new(port, &mut dice);
    let signed_up = guest.form(
        port,
        "/sign-up",
        &format!("name=ana&password={}", PASSWORD.replace(' ', "+")),
    );
    let cookie = signed_up.value("set-cookie").unwrap().split(';').next().unwrap();
    let mut ana = Person::with(port, cookie.to_owned(), &mut dice);
    let profile = Profile {
        name: PersonName::parse("Ana the Killed").unwrap(),
        colour: Colour::default(),
    };
    let join = AccountCommand::Join { list: shared, code };
    ana.push(
        port,
        [
            Command::Account(join),
            Command::Account(AccountCommand::SetProfile { profile }),
        ],
    );
    ana.push(port, adds(&mut dice, shared, TASKS, "Of Ana, for both"));
    for number in 0..LISTS {
        let (list, name) = (ListId::from_bytes(dice.bytes()), format!("Secret list {number}"));
        let name = ListName::parse(&name).unwrap();
        let make = Command::Account(AccountCommand::CreateList { list, name });
        ana.push(
            port,
            std::iter::once(make).chain(adds(&mut dice, list, TASKS, "Secret task")),
        );
    }
    let disk = Disk::of(&server);
    assert!(disk.count("select count(*) from log where instr(changes, 'Ana the Killed') > 0") > 0);
    ana.form(
        port,
        "/me/delete",
        &format!("password={}&sure=yes", PASSWORD.replace(' ', "+")),
    );

    let (door, mut in_the_midst) = (Door::new(port), 0);
    for _ in 0..KILLS {
        server.kill();
        in_the_midst += usize::from(disk.is_left());
        server.launch();
        server.ready();
        let since = format!("/changes?since={}.0", bob.hello.epoch);
        let read = bob.send(server.port, Request::get(since));
        assert!(
            read.status == 200 && read.text().contains("Of Bob"),
            "{}",
            read.text()
        );
        assert!(!read.text().contains("Ana the Killed"), "{}", read.text());
        let gone = Request::get("/me")
            .header("cookie", &ana.cookie)
            .send(server.port)
            .unwrap();
        assert_ne!(gone.status, 200, "her session is over");
        door.wait(Duration::from_micros(dice.below(40_000)));
    }
    assert!(in_the_midst > 0, "it was never killed in the midst of it");
    println!("{in_the_midst} of {KILLS} kills were in the midst of a deletion");
    door.wait_for("everything to be erased", || !disk.is_left());
    server.terminate();
    assert!(server.stopped().success(), "{}", server.log());

    for statement in [
        "select count(*) from log where instr(changes, 'Secret') + instr(changes, 'Ana the Killed') > 0",
        "select count(*) from tasks where instr(title, 'Secret') > 0",
        "select count(*) from lists where instr(name, 'Secret') > 0",
        "select count(*) from persons where name = 'Ana the Killed'",
        "select count(*) from accounts",
        "select count(*) from sessions",
    ] {
        assert_eq!(disk.count(statement), 0, "{statement}");
    }
    let tasks = i64::try_from(TASKS).unwrap();
    assert_eq!(
        disk.count("select count(*) from tasks where instr(title, 'Of Bob') = 1"),
        tasks
    );
    assert_eq!(
        disk.count("select count(*) from tasks where instr(title, 'Of Ana') = 1"),
        tasks
    );
    let database = server.database().display().to_string();
    let wrong = disk.runtime.block_on(async {
        let backend = Backend::open(Config::new(database)).await.unwrap();
        let wrong = backend.check().await.unwrap();
        backend.close().await;
        wrong
    });
    assert_eq!(wrong, Vec::<String>::new(), "tables and log");
}
