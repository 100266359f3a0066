//! `POST /fn/push`: what a script sends, well and badly.

use domain::wire::{Answer, Asked, Numbered, Outcome, Push, Reply};
use domain::{
    ClientId, Command, CommandSeq, Epoch, Field, ListCommand, ListId, PersonId, Place, TaskId, Title,
};
use serde_json::json;

use crate::http::{Connection, Request, Response};
use crate::person::Person;
use crate::server::TestServer;

/// A page with a script, on the person's first list.
pub(crate) struct Tab<'a> {
    person: &'a Person,
    id: PersonId,
    epoch: Epoch,
    list: ListId,
    client: ClientId,
    next: u64,
}

impl Person {
    pub(crate) fn tab(&self) -> Tab<'_> {
        let hello = self.hello();
        Tab {
            person: self,
            id: hello.account.person,
            epoch: hello.epoch,
            list: self.list().parse().unwrap(),
            client: ClientId::from_bytes(fresh()),
            next: 1,
        }
    }
}

impl Tab<'_> {
    pub(crate) fn add(&self, title: &str) -> Command {
        let task = TaskId::from_bytes(fresh());
        let title = Title::parse(title).unwrap();
        let place = Place::End;
        Command::List(self.list, ListCommand::add(task, place, title))
    }

    fn of(&self, commands: Vec<(u64, Command)>) -> Push {
        let numbered = |(command_seq, command)| Numbered {
            command_seq: CommandSeq(command_seq),
            command: Asked::Readable(command),
        };
        Push {
            person: self.id,
            epoch: self.epoch.clone(),
            client: self.client,
            commands: commands.into_iter().map(numbered).collect(),
        }
    }

    fn send(&self, push: &Push) -> Response {
        self.person
            .send(Request::json("/fn/push", &json!({ "push": push })))
    }

    #[track_caller]
    fn reply(&self, push: &Push) -> Reply {
        let response = self.send(push);
        assert_eq!(response.status, 200, "{}", response.text());
        serde_json::from_value(response.json()).unwrap()
    }

    /// Asks what comes next, numbered as it should be.
    #[track_caller]
    pub(crate) fn push(&mut self, commands: Vec<Command>) -> Vec<Answer> {
        let push = self.of((self.next..).zip(commands).collect());
        self.next += u64::try_from(push.commands.len()).unwrap();
        match self.reply(&push) {
            Reply::Answered {
                answers,
                expected: None,
                ..
            } => answers,
            other => panic!("{other:?}"),
        }
    }

    /// Whether it was done, or the server was gone.
    pub(crate) fn push_if_it_serves(&mut self, command: Command) -> bool {
        let push = json!({ "push": self.of(vec![(self.next, command)]) });
        let request = Request::json("/fn/push", &push).header("cookie", &self.person.cookie);
        let is_done = request
            .send(self.person.port)
            .is_ok_and(|response| response.status == 200);
        self.next += u64::from(is_done);
        is_done
    }

    /// Asks what comes next; whether all of it was done.
    pub(crate) fn is_done(&mut self, commands: Vec<Command>) -> bool {
        let push = self.of((self.next..).zip(commands).collect());
        let response = self.send(&push);
        if response.status != 200 {
            return false;
        }
        match serde_json::from_value(response.json()).unwrap() {
            Reply::Answered { answers, .. } => {
                self.next += u64::try_from(answers.len()).unwrap();
                let is_done = |answer: &Answer| matches!(answer.outcome, Outcome::Done { .. });
                answers.len() == push.commands.len() && answers.iter().all(is_done)
            }
            other => panic!("{other:?}"),
        }
    }

    /// Asks one thing that may not be answered at all.
    pub(crate) fn try_push(&mut self, command: Command) -> Response {
        let response = self.send(&self.of(vec![(self.next, command)]));
        self.next += u64::from(response.status == 200);
        response
    }
}

/// Bytes that no other call has given.
pub(crate) fn fresh() -> [u8; 16] {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    u128::from(next)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
        .to_be_bytes()
}

fn code(answer: &Answer) -> &str {
    match &answer.outcome {
        Outcome::Done { .. } => "done",
        Outcome::Refused { code, sentence } => {
            assert!(sentence.ends_with('.'), "{sentence:?}");
            code
        }
    }
}

#[test]
fn a_push_sent_again_is_answered_again_and_done_once() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let tab = ana.tab();
    let push = tab.of(vec![(1, tab.add("Milk")), (2, tab.add("Bread"))]);
    let places = || match tab.reply(&push) {
        Reply::Answered {
            answers,
            expected: None,
            ..
        } => answers.into_iter().map(|answer| match answer.outcome {
            Outcome::Done { at } => (answer.command_seq, at),
            refused => panic!("{refused:?}"),
        }),
        other => panic!("{other:?}"),
    };
    let (first, again) = (places(), places());
    for ((command_seq, at), (same, later)) in first.zip(again) {
        assert!(
            command_seq == same && at <= later,
            "{command_seq} at {at}, then at {later}"
        );
    }
    let titles = ana.titles(&ana.list());
    assert_eq!(titles[titles.len() - 2..], ["Milk", "Bread"]);
    assert_eq!(titles.len(), 5);
}

#[test]
fn a_number_out_of_turn_is_told_which_comes_next() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let mut tab = ana.tab();
    tab.push(vec![tab.add("Milk")]);
    let gap = tab.of(vec![(2, tab.add("Bread")), (4, tab.add("Tea"))]);
    match tab.reply(&gap) {
        Reply::Answered {
            answers, expected, ..
        } => {
            assert_eq!(
                (answers.len(), code(&answers[0]), expected),
                (1, "done", Some(CommandSeq(3)))
            );
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(ana.titles(&ana.list())[3..], ["Milk", "Bread"]);
    // No page numbers from 0: it is answered as what was long ago, and does nothing.
    let zero = tab.of(vec![(0, tab.add("Zero"))]);
    assert_eq!(tab.send(&zero).status, 200);
    assert_eq!(ana.titles(&ana.list())[3..], ["Milk", "Bread"]);
    let fresh = ana.tab();
    let zero = fresh.of(vec![(0, fresh.add("Zero"))]);
    assert_eq!(fresh.send(&zero).status, 200);
    assert_eq!(ana.titles(&ana.list())[3..], ["Milk", "Bread"]);
}

#[test]
fn a_page_that_is_not_known_and_does_not_begin_with_1_has_expired() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let tab = ana.tab();
    let reply = tab.reply(&tab.of(vec![(2, tab.add("Milk"))]));
    assert!(matches!(reply, Reply::Expired { .. }), "{reply:?}");
    assert_eq!(ana.titles(&ana.list()).len(), 3);
}

#[test]
fn a_browser_that_is_somebody_else_by_now_is_told_who() {
    let server = TestServer::start();
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    let tab = ana.tab();
    let push = tab.of(vec![(1, tab.add("Milk"))]);
    let response = bob.send(Request::json("/fn/push", &json!({ "push": push })));
    assert_eq!(response.json(), json!({ "other_person": { "person": bob.id() } }));
    let mut push = push;
    push.epoch = Epoch::parse("older").unwrap();
    assert!(matches!(tab.reply(&push), Reply::OtherEpoch { .. }));
    assert_eq!(ana.titles(&ana.list()).len(), 3);
}

#[test]
fn a_command_that_is_refused_does_not_stop_its_neighbours() {
    let server = TestServer::start();
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    let mut others = bob.tab();
    let Command::List(bobs, ListCommand::AddTask { task, .. }) = others.add("Bob’s") else {
        panic!()
    };
    let title = Title::parse("Bob’s").unwrap();
    let add = ListCommand::add(task, Place::End, title);
    others.push(vec![Command::List(bobs, add.clone())]);
    let mut tab = ana.tab();
    let answers = tab.push(vec![
        tab.add("Milk"),
        Command::List(tab.list, add.clone()),
        Command::List(tab.list, ListCommand::set(task, Field::Done(true))),
        Command::List(bobs, ListCommand::set(task, Field::Done(true))),
        Command::List(ListId::from_bytes([7; 16]), add),
        tab.add("Bread"),
    ]);
    let codes: Vec<&str> = answers.iter().map(code).collect();
    assert_eq!(
        codes,
        ["done", "id_taken", "not_found", "not_found", "not_found", "done"]
    );
    assert_eq!(ana.titles(&ana.list())[3..], ["Milk", "Bread"]);
    assert_eq!(bob.titles(&bob.list())[3..], ["Bob’s"]);
}

#[test]
fn a_command_that_cannot_be_read_is_refused_by_itself() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let tab = ana.tab();
    let mut push = json!(tab.of(vec![
        (1, tab.add("Milk")),
        (2, tab.add("?")),
        (3, tab.add("Bread"))
    ]));
    push["commands"][1]["command"] = json!({ "fly": { "to": "the moon" } });
    let response = ana.send(Request::json("/fn/push", &json!({ "push": push })));
    let Reply::Answered { answers, .. } = serde_json::from_value(response.json()).unwrap() else {
        panic!()
    };
    assert_eq!(
        answers
            .iter()
            .map(|answer| code(answer) == "done")
            .collect::<Vec<_>>(),
        [true, false, true]
    );
    assert_eq!(ana.titles(&ana.list())[3..], ["Milk", "Bread"]);
}

#[test]
fn what_cannot_be_read_at_all_is_answered_with_a_sentence() {
    let server = TestServer::start();
    let ana = server.person("ana");
    for body in [
        "",
        "{",
        "[]",
        "null",
        "{\"push\":{}}",
        "\u{0}",
        "{\"push\":{\"person\":7}}",
    ] {
        let response = ana.send(Request::json("/fn/push", &()).body(body));
        assert_eq!(
            (response.status, response.json()),
            (400, json!("malformed")),
            "{body}"
        );
        let page = ana.send(Request::form("/fn/add_task", &[]).body(body));
        assert_eq!(page.status, 400, "{body}");
        assert!(
            page.text()
                .contains("This request could not be read. Reload the page and try again.")
        );
    }
    assert_eq!(ana.send(Request::json("/fn/nothing", &())).status, 400);
    assert_eq!(ana.get("/fn/push").status, 405);
    let response = Request::json("/fn/push", &()).send(server.port).unwrap();
    assert_eq!(response.status, 400);
    let tab = ana.tab();
    let push = json!({ "push": tab.of(vec![(1, tab.add("Milk"))]) });
    let response = Request::json("/fn/push", &push).send(server.port).unwrap();
    assert_eq!((response.status, response.json()), (401, json!("no_session")));
}

#[test]
fn a_body_larger_than_anything_that_is_asked_is_refused() {
    let server = TestServer::start();
    let ana = server.person("ana");
    for (request, sentence) in [
        (Request::json("/fn/push", &()), "too_large"),
        (
            Request::form("/fn/add_task", &[]),
            "This is too much to send at once.",
        ),
    ] {
        let response = ana.send(request.body(vec![b'x'; 10_000_000]));
        assert_eq!(response.status, 413);
        assert!(response.text().contains(sentence));
    }
}

#[test]
fn what_another_site_makes_a_browser_post_is_not_done() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    let form = || Request::form("/fn/add_task", &[("list", &list), ("title", "Milk")]);
    let foreign = [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ];
    for (name, value) in foreign {
        let navigates = form().header("sec-fetch-mode", "navigate");
        for request in [form(), navigates] {
            assert_eq!(
                ana.send(request.header(name, value)).status,
                403,
                "{name}: {value}"
            );
        }
    }
    assert_eq!(ana.titles(&list).len(), 3);
    for (name, value) in [("origin", "http://localhost"), ("sec-fetch-site", "same-origin")] {
        assert_eq!(ana.send(form().header(name, value)).status, 303);
    }
    let link = Request::get("/")
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-mode", "navigate");
    assert_eq!(ana.send(link).status, 200, "following a link here is fine");
}

#[test]
fn who_sends_a_request_by_drops_is_cut_off() {
    use std::io::{Read, Write};
    let server = TestServer::start();
    let mut connection = Connection::open(server.port).unwrap();
    connection
        .reader
        .get_mut()
        .write_all(b"GET / HTTP/1.1\r\nhost: local")
        .unwrap();
    let mut answer = String::new();
    // Ends when the server hangs up, which is what is waited for.
    connection.reader.read_to_string(&mut answer).unwrap();
    assert!(!answer.contains("200 OK"), "{answer}");
}
