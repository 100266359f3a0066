//! A person with a page: the sync client of `domain`, one thread that follows the stream, one that asks and sends.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use domain::sync::{Client, Production};
use domain::wire::{Cursor, Event, Hello, Outcome, Push, Reply, Snapshot};
use domain::{
    AccountCommand, ClientId, Command, Field, List, ListCommand, ListId, ListName, Notes, Place, Seq, Task,
    TaskId, Timestamp, Title,
};

use crate::dice::Dice;
use crate::door::Door;
use crate::http::{Connection, Request};
use crate::log::Asked;
use crate::stream::Stream;

/// How many tasks a list may come to before people tidy up.
const MANY: usize = 150;

/// One page of one person.
pub(crate) struct Page {
    cookie: String,
    /// How long it waits for a word before it asks anew.
    patience: Duration,
    inner: Mutex<Inner>,
}

struct Inner {
    client: Client,
    dice: Dice,
    asked: Asked,
    /// The last push that was answered, to be sent again.
    last: Option<Push>,
    now: u64,
    cut: u64,
    streams: u64,
}

/// What everyone in a list must agree on. The trash is left out, as snapshots leave it out.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Seen {
    version: domain::Version,
    name: ListName,
    members: domain::LiteMap<domain::PersonId, domain::Member>,
    tasks: Vec<Task>,
}

pub(crate) fn seen(list: &List) -> Seen {
    Seen {
        version: list.version,
        name: list.name.clone(),
        members: list.members.clone(),
        tasks: list.tasks().cloned().collect(),
    }
}

impl Page {
    /// Opens it while the server is up.
    pub(crate) fn open(port: u16, patience: Duration, mut dice: Dice) -> Self {
        let token: String = dice
            .bytes::<32>()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let cookie = format!("tandem={token}");
        let hello = hello(port, &cookie);
        let mut client = Client::new(Production, ClientId::from_bytes(dice.bytes()), hello);
        open_all(&mut client);
        let inner = Inner {
            client,
            dice,
            asked: Asked::new(),
            last: None,
            now: 1_800_000_000_000,
            cut: 0,
            streams: 0,
        };
        Self {
            cookie,
            patience,
            inner: Mutex::new(inner),
        }
    }

    /// The list that this person has from the beginning, and the code that lets others in.
    pub(crate) fn share(&self, port: u16) -> (ListId, String) {
        let (list, _) = self.inner().client.headings().next().unwrap();
        let send = |request: Request| request.header("cookie", &self.cookie).send(port).unwrap();
        let make = Request::new("POST", "/fn/make_link")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "text/html")
            .body(format!("list={list}"));
        let made = send(make);
        let page = send(Request::get(made.value("location").unwrap()));
        let (_, rest) = page.text().split_once("/join#").unwrap();
        let code: String = rest.chars().take_while(|c| !"\"<".contains(*c)).collect();
        (list, code)
    }

    /// Asks to be let into the lists, as the first thing that this page asks.
    pub(crate) fn join(&self, lists: &[(ListId, String)]) {
        let mut inner = self.inner();
        for (list, code) in lists.iter().cloned() {
            if !inner.client.account().lists.contains_key(&list) {
                inner.ask(Command::Account(AccountCommand::Join { list, code }));
            }
        }
    }

    /// Follows the stream until all is over, coming back as a browser does: with the last id it was given.
    pub(crate) fn follow(&self, door: &Door) {
        let (mut last_id, mut failed) = (String::new(), None);
        while let Some(way) = door.way(failed) {
            failed = Some(way);
            // How it ended does not matter: it has, and the next one goes on from there.
            drop(self.read(door, way.port, &mut last_id));
        }
    }

    fn read(&self, door: &Door, port: u16, last_id: &mut String) -> io::Result<()> {
        let since = {
            let client = &self.inner().client;
            let (epoch, seq) = (client.epoch().clone(), client.cursor());
            Cursor { epoch, seq }
        };
        let mut request = Request::get(format!("/events?since={since}")).header("cookie", self.cookie());
        if !last_id.is_empty() {
            request = request.header("last-event-id", last_id);
        }
        let mut stream = Stream::over(Connection::open_for(port, self.patience)?, &request)?;
        assert_eq!(stream.head.status, 200);
        self.inner().streams += 1;
        while let Some(frame) = stream.next()? {
            let (reconnect, wanted) = {
                let client = &mut self.inner().client;
                let delta = client.on_event(frame.event());
                assert_eq!(delta.other_person, None);
                open_all(client);
                (delta.reconnect, client.wanted())
            };
            last_id.clone_from(&stream.last_id);
            for list in wanted {
                let snapshot = self.snapshot(port, list)?;
                self.inner().client.on_snapshot(snapshot);
            }
            door.look_again();
            if reconnect || door.is_over() {
                last_id.clear();
                return Ok(());
            }
        }
        Ok(())
    }

    /// Asks whenever it is its turn, and sends, until there is enough and all is answered.
    pub(crate) fn write(&self, door: &Door, mut is_turn: impl FnMut() -> bool) {
        let (mut connection, mut failed) = (None, None);
        while let Some(way) = door.way(failed) {
            let works = !door.is_enough() && is_turn();
            let push = {
                let mut inner = self.inner();
                if works {
                    inner.work();
                }
                inner.next_push()
            };
            let Some(push) = push else {
                if door.is_enough() {
                    return;
                }
                continue;
            };
            match self.send(way.port, &mut connection, &push) {
                Ok(reply) => {
                    failed = None;
                    let count = self.inner().answered(push, reply);
                    door.count(count);
                }
                Err(_) => {
                    (connection, failed) = (None, Some(way));
                    self.inner().cut += 1;
                }
            }
        }
    }

    /// Sends it over the connection that is open, or else a new one. Anything but an answer is none.
    fn send(&self, port: u16, connection: &mut Option<Connection>, push: &Push) -> io::Result<Reply> {
        let request =
            Request::json("/fn/push", &serde_json::json!({ "push": push })).header("cookie", &self.cookie);
        let connection = match connection {
            Some(connection) => connection,
            none => none.insert(Connection::open_for(port, self.patience)?),
        };
        let response = connection.send(&request)?;
        match response.status {
            // The server itself has no time for it, or there is too much of one network at once, which is said in plain text.
            503 => Err(io::Error::other("not now")),
            200 => {
                let kind = response.value("content-type");
                assert_eq!(kind, Some("application/json"), "{}", response.text());
                Ok(serde_json::from_slice(&response.body)?)
            }
            status => panic!("{status} {}", response.text()),
        }
    }

    /// The newest row of the log.
    pub(crate) fn head(&self, port: u16) -> Seq {
        self.hello(port).head
    }

    /// The first word of a stream of this person.
    pub(crate) fn hello(&self, port: u16) -> Hello {
        hello(port, &self.cookie)
    }

    /// What says who asks.
    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Whether the stream has brought everything up to there, and nothing is left of what was asked.
    pub(crate) fn has_seen(&self, head: Seq) -> bool {
        let client = &self.inner().client;
        client.cursor() >= head && client.wanted().is_empty() && client.pending().is_empty()
    }

    /// The lists as confirmed.
    pub(crate) fn lists(&self) -> BTreeMap<ListId, Seen> {
        let client = &self.inner().client;
        let all = client.confirmed_account().lists.keys();
        all.map(|id| (*id, seen(&client.confirmed(*id).unwrap())))
            .collect()
    }

    /// The lists that the server says this person is in.
    pub(crate) fn memberships(&self, port: u16) -> Vec<ListId> {
        self.hello(port).lists.keys().copied().collect()
    }

    pub(crate) fn snapshot(&self, port: u16, list: ListId) -> io::Result<Snapshot> {
        let request = Request::get(format!("/fn/snapshot?list={list}"));
        let request = request.header("cookie", &self.cookie);
        let response = Connection::open_for(port, self.patience)?.send(&request)?;
        assert_eq!(response.status, 200, "{}", response.text());
        Ok(serde_json::from_slice(&response.body)?)
    }

    pub(crate) fn asked(&self) -> Asked {
        self.inner().asked.clone()
    }

    pub(crate) fn cut(&self) -> u64 {
        self.inner().cut
    }

    pub(crate) fn streams(&self) -> u64 {
        self.inner().streams
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }
}

impl Inner {
    /// Asks a few things of the lists as they look right now.
    fn work(&mut self) {
        for _ in 0..=self.dice.below(4) {
            let lists: Vec<ListId> = self.client.headings().map(|(list, _)| list).collect();
            if let Some(command) = self.dice.pick(&lists).and_then(|list| self.command(list)) {
                self.ask(command);
            }
        }
    }

    fn command(&mut self, list: ListId) -> Option<Command> {
        let tasks: Vec<TaskId> = self.client.list(list)?.tasks().map(|task| task.id).collect();
        let words = format!("{} {} – “𝄞”", self.now, self.dice.roll());
        let (title, notes) = (Title::parse(&words).unwrap(), Notes::parse(&words).unwrap());
        let dice = if tasks.len() > MANY {
            80
        } else {
            self.dice.below(100)
        };
        let task = self.dice.pick(&tasks);
        let place = task
            .filter(|_| self.dice.one_in(2))
            .map_or(Place::End, Place::After);
        let command = match (dice, task) {
            (0, _) => {
                let name = ListName::parse(&words).unwrap();
                let list = ListId::from_bytes(self.dice.bytes());
                return Some(Command::Account(AccountCommand::CreateList { list, name }));
            }
            (1..30, _) | (_, None) => {
                let task = TaskId::new(Timestamp(self.now), self.dice.bytes());
                ListCommand::add(task, place, title)
            }
            (30..50, Some(task)) => ListCommand::set(task, Field::Title(title)),
            (50..58, Some(task)) => ListCommand::set(task, Field::Done(true)),
            (58..60, Some(task)) => ListCommand::set(task, Field::Done(false)),
            (60..63, Some(task)) => ListCommand::set(task, Field::examples(self.now as u32).pop()?),
            (63..73, Some(task)) => ListCommand::Move {
                task,
                place: self.dice.pick(&tasks).map_or(Place::Start, Place::After),
            },
            (73..78, Some(task)) => ListCommand::set_from(
                task,
                Field::Notes(self.client.list(list)?.task(task)?.notes.clone()),
                Field::Notes(notes),
            ),
            (78..95, Some(task)) => ListCommand::Delete { task },
            // Of what may be in the trash, which a page does not know: the server decides.
            (_, Some(task)) => ListCommand::Restore { task },
        };
        Some(Command::List(list, command))
    }

    fn ask(&mut self, command: Command) {
        self.now += 1;
        // What the rules refuse here is never sent.
        if let Ok((command_seq, _)) = self.client.ask(command.clone(), Timestamp(self.now)) {
            self.asked
                .insert((self.client.id(), command_seq), (command, None));
        }
    }

    /// Now and then what was answered already, as a browser does that did not hear the answer.
    fn next_push(&mut self) -> Option<Push> {
        let push = self.client.push()?;
        let again = self.last.clone().filter(|_| self.dice.one_in(8));
        Some(again.unwrap_or(push))
    }

    /// Takes an answer; says how many commands it was the first for.
    fn answered(&mut self, push: Push, reply: Reply) -> usize {
        let Reply::Answered {
            answers,
            expected: None,
            ..
        } = &reply
        else {
            panic!("{reply:?} to {push:?}");
        };
        let command_seqs = push.commands.iter().map(|numbered| numbered.command_seq);
        assert!(
            command_seqs.eq(answers.iter().map(|answer| answer.command_seq)),
            "{reply:?} to {push:?}"
        );
        let mut count = 0;
        for answer in answers {
            let (command, outcome) = self.asked.get_mut(&(push.client, answer.command_seq)).unwrap();
            match outcome {
                None => count += 1,
                Some(before) => assert!(
                    is_same(before, &answer.outcome),
                    "{command:?}: {before:?}, {answer:?}"
                ),
            }
            *outcome = Some(answer.outcome.clone());
        }
        let fresh = ClientId::from_bytes(self.dice.bytes());
        self.client.on_reply(push.client, reply, fresh);
        self.last = Some(push);
        count
    }
}

fn is_same(one: &Outcome, other: &Outcome) -> bool {
    matches!((one, other), (Outcome::Done { .. }, Outcome::Done { .. })) || one == other
}

fn open_all(client: &mut Client) {
    let lists: Vec<ListId> = client.confirmed_account().lists.keys().copied().collect();
    for list in lists {
        client.open(list);
    }
}

/// The first word of a stream.
pub(crate) fn hello(port: u16, cookie: &str) -> Hello {
    let request = Request::get("/events").header("cookie", cookie);
    let frame = Stream::open(port, &request).unwrap().next().unwrap().unwrap();
    match frame.event() {
        Event::Hello(hello) => hello,
        other => panic!("{other:?}"),
    }
}
