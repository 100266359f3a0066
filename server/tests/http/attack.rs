//! One address does its worst while somebody at another address edits their list: each edit is answered soon, and the server's memory
//! stays small. Over the loopback only, and each with an end.
//!
//! `make attack` does more of each, and holds the answers to 250 ms in the 99th of a hundred; beside other tests, times are only printed.

mod attacker;
mod imports;

use std::io::Cursor;
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use domain::{
    AccountCommand, Colour, Command, Field, ListCommand, ListId, ListName, Notes, PersonName, Profile,
};
use image::{DynamicImage, ImageFormat, RgbImage};

use crate::http::{PATIENCE, Request};
use crate::person::Person;
use crate::push::{Tab, fresh};
use crate::server::TestServer;
use crate::soak::raise_limit;
use crate::system::connections;
use attacker::{
    ATTACKER, OTHERS, Over, at_once, attacker, begun, beside, count, is_any_answered, many, status,
};

const PASSWORD: &str = "nine lamps over the quay";

#[test]
fn a_line_of_pixels_and_other_pictures_cost_little() {
    let server = TestServer::start();
    let port = server.port;
    let mut pictures = Vec::new();
    for (width, height) in [
        (8_192, 1),
        (1, 8_192),
        (8_192, 2_048),
        (4_096, 4_096),
        (8_192, 8_192),
    ] {
        let mut png = Cursor::new(Vec::new());
        let picture = DynamicImage::from(RgbImage::new(width, height));
        picture.write_to(&mut png, ImageFormat::Png).unwrap();
        pictures.push(png.into_inner());
    }
    let answers = beside("pictures", &server, || {
        at_once(many(10, 40), |n| {
            let head =
                "--part\r\ncontent-disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\r\n";
            let body = [
                head.as_bytes(),
                &pictures[n % pictures.len()],
                b"\r\n--part--\r\n",
            ]
            .concat();
            let form = Request::new("POST", "/me/picture")
                .header("content-type", "multipart/form-data; boundary=part");
            Person::at(port, &format!("guest {n}")).send(attacker(form.body(body)))
        })
    });
    assert!(count(&answers, 303) > 0, "small ones are taken");
    assert!(
        answers
            .iter()
            .all(|answer| [303, 413, 422, 429, 503].contains(&answer.status))
    );
}

#[test]
fn long_passwords_and_right_ones_keep_nobody_else_from_signing_in() {
    let server = TestServer::start();
    let sign = |who: &Person, path: &str, name: &str, password: &str, from: (&str, &str)| {
        let form = Request::form(path, &[("name", name), ("password", password)]);
        who.send(form.header(from.0, from.1))
    };
    for name in ["ana", "carl"] {
        assert_eq!(
            sign(&server.person(name), "/sign-up", name, PASSWORD, OTHERS).status,
            303
        );
    }
    let long = "4@8({[<369".repeat(50);
    beside("passwords", &server, || {
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let (port, over, sign, long) = (server.port, &over, &sign, &long);
            let _over = Over(over);
            for n in 0..many(6, 20) {
                scope.spawn(move || {
                    let guest = Person::at(port, &format!("guest {n}"));
                    sign(&guest, "/sign-up", &format!("guest{n}"), &long[..480], ATTACKER);
                    while !over.load(Ordering::Relaxed) {
                        sign(&guest, "/sign-in", "ana", PASSWORD, ATTACKER);
                    }
                });
            }
            for _ in 0..many(8, 37) {
                let came = sign(
                    &Person::at(port, "somebody"),
                    "/sign-in",
                    "carl",
                    PASSWORD,
                    OTHERS,
                );
                assert_eq!(came.status, 303, "{}", came.text());
            }
        });
    });
}

/// Notes of that many bytes that no others are.
fn notes(number: usize, bytes: usize) -> Notes {
    Notes::parse(&format!("{number} {}", "x".repeat(bytes))).unwrap()
}

/// Adds so many tasks with notes of 60 kB each; how many were taken.
fn fill(tab: &mut Tab<'_>, tasks: usize) -> usize {
    let mut taken = 0;
    for n in 0..tasks {
        let add = tab.add("A task with long notes");
        let Command::List(list, ListCommand::AddTask { task, .. }) = &add else {
            panic!()
        };
        let (before, after) = (Field::Notes(Notes::default()), Field::Notes(notes(n, 60_000)));
        let set = Command::List(*list, ListCommand::set_from(*task, before, after));
        taken += usize::from(tab.is_done(vec![add, set]));
    }
    taken
}

#[test]
fn exports_and_snapshots_of_a_large_list_are_not_held_in_memory() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let mut tab = ana.tab();
    let taken = fill(&mut tab, many(150, 300));
    assert!(
        (100..=280).contains(&taken),
        "16 MiB are what a list may hold: {taken}"
    );
    let list = ana.list();
    beside("exports and slow readers", &server, || {
        let asked = at_once(4, |_| ana.send(attacker(Request::form("/fn/start_export", &[]))));
        assert!(count(&asked, 303) >= 1);
        let request = format!(
            "GET /fn/snapshot?list={list} HTTP/1.1\r\nhost: localhost\r\ncookie: {}\r\n{}: {}\r\n\r\n",
            ana.cookie, ATTACKER.0, ATTACKER.1
        );
        let mut slow: Vec<TcpStream> = (0..many(20, 80))
            .map(|_| begun(server.port, request.as_bytes()))
            .collect();
        let answers: Vec<_> = slow.iter_mut().filter_map(status).collect();
        let good = answers.iter().filter(|status| *status == "200").count();
        assert!((1..=5).contains(&good), "{answers:?}");
        drop(slow);
        // Packed they are small, and yet each was large before.
        let packed = at_once(many(12, 40), |_| {
            let request = Request::get(format!("/fn/snapshot?list={list}"));
            ana.send(attacker(request.header("accept-encoding", "gzip")))
        });
        assert!(count(&packed, 200) >= 1);
        // Somebody else reads theirs meanwhile.
        assert_eq!(server.person("ben").get("/").status, 200);
    });
    let mut stream = ana.stream("/events?events=progress", "");
    let result = loop {
        let said = stream.until_event("progress").json();
        if said["state"] == "done" {
            break said["result"].as_str().unwrap().to_owned();
        }
    };
    let file = ana.get(&result);
    let export: serde_json::Value = serde_json::from_slice(&file.body).unwrap();
    assert!(export["lists"][0]["tasks"].as_array().unwrap().len() > 100);
}

#[test]
fn bodies_that_never_end_hold_little() {
    let server = TestServer::start();
    let ana = server.person("ana");
    beside("unfinished bodies", &server, || {
        let head = |cookie: &str| {
            format!(
                "POST /fn/push HTTP/1.1\r\nhost: localhost\r\n{cookie}{}: {}\r\ncontent-type: application/json\r\n\
                 accept: application/json\r\ncontent-length: 2000000\r\n\r\n",
                ATTACKER.0, ATTACKER.1
            )
        };
        let body = vec![b' '; 1_999_000];
        let with_cookie = head(&format!("cookie: {}\r\n", ana.cookie));
        let [unknown, known] = [head(""), with_cookie].map(|head| {
            let bytes = [head.as_bytes(), &body].concat();
            at_once(many(40, 200), |_| begun(server.port, &bytes))
        });
        // Some are refused with a word, others cut; those that are read are waited for.
        assert!(
            is_any_answered(&unknown, b"413"),
            "who has no cookie is answered at once"
        );
        assert!(
            is_any_answered(&known, b"503"),
            "the first have all that one address may"
        );
    });
}

#[test]
fn connections_that_ask_nothing_give_way() {
    raise_limit(3_000);
    let server = TestServer::start();
    beside("unfinished connections", &server, || {
        let all: Vec<TcpStream> = (0..many(700, 900))
            .map(|_| begun(server.port, b"GET / HTTP/1.1\r\nhost:"))
            .collect();
        // Those that are older than a second give way to those that come.
        let began = Instant::now();
        let mut more = Vec::new();
        while connections(server.port) > 560 {
            assert!(
                began.elapsed() < PATIENCE,
                "{} are open",
                connections(server.port)
            );
            more.push(begun(server.port, b"GET / HTTP/1.1\r\nhost:"));
            drop(more.drain(..more.len().saturating_sub(10)));
        }
        drop(all);
    });
    assert_eq!(server.person("ana").get("/").status, 200);
}

#[test]
fn one_guest_with_one_task_does_not_fill_the_disk() {
    let server = TestServer::start_with(&["--write-quota", "8"]);
    let ana = server.person("ana");
    let mut tab = ana.tab();
    let add = tab.add("A task with long notes");
    let Command::List(list, ListCommand::AddTask { task, .. }) = &add else {
        panic!()
    };
    let (list, task) = (*list, *task);
    tab.push(vec![add]);
    beside("text without end", &server, || {
        let (mut refused, mut done) = (0, 0);
        let text = |number: usize| match number {
            0 => Notes::default(),
            number => notes(number, 60_000),
        };
        for _ in 0..many(25, 80) {
            let sets = (done..done + 12).map(|number| {
                let (before, after) = (Field::Notes(text(number)), Field::Notes(text(number + 1)));
                Command::List(list, ListCommand::set_from(task, before, after))
            });
            if tab.is_done(sets.collect()) {
                done += 12;
            } else {
                refused += 1;
            }
        }
        assert!(done >= 100, "eight MiB are 130 versions: {done}");
        assert!(refused > 10, "{refused}");
    });
    let folder = server.database();
    let size = |end: &str| {
        let file = folder.with_extension(format!("db{end}"));
        std::fs::metadata(file).map_or(0, |data| data.len())
    };
    let sizes = (size(""), size("-wal"));
    println!("the database has {sizes:?} bytes");
    assert!(
        sizes.0 < 24 * 1024 * 1024 && sizes.1 < 24 * 1024 * 1024,
        "{sizes:?}"
    );
}

/// What holds the writer for longest of all that one person asks for.
#[test]
fn a_full_list_is_cleared_and_many_lists_are_brought_along_without_others_waiting() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let mut tab = ana.tab();
    let mut tasks = Vec::new();
    for _ in (0..many(1_500, 9_900)).step_by(100) {
        let adds: Vec<_> = (0..100).map(|_| tab.add("A task of usual length")).collect();
        tasks.extend(adds.iter().filter_map(|add| match add {
            Command::List(list, ListCommand::AddTask { task, .. }) => Some((*list, *task)),
            _ => None,
        }));
        assert!(tab.is_done(adds));
    }
    for tasks in tasks.chunks(100) {
        let set = |(list, task): &_| Command::List(*list, ListCommand::set(*task, Field::Done(true)));
        assert!(tab.is_done(tasks.iter().map(set).collect()));
    }
    let clear = Command::List(tasks[0].0, ListCommand::ClearCompleted {});
    beside("a full list", &server, || assert!(tab.is_done(vec![clear])));

    let mut bob = server.person("bob");
    bob.sign_up("bob");
    let guest = server.person("a guest with many lists");
    let mut tab = guest.tab();
    for _ in 0..many(60, 480) {
        let (list, name) = (ListId::from_bytes(fresh()), ListName::parse("List").unwrap());
        let make = Command::Account(AccountCommand::CreateList { list, name });
        let adds = (0..20).map(|_| match tab.add("A task of usual length") {
            Command::List(_, add) => Command::List(list, add),
            other => other,
        });
        let all: Vec<_> = std::iter::once(make).chain(adds).collect();
        assert!(tab.is_done(all));
    }
    beside("many lists", &server, || {
        let fields = [("name", "bob"), ("password", PASSWORD), ("bring", "yes")];
        let come = guest.send(Request::form("/sign-in", &fields));
        assert_eq!(come.status, 303, "{}", come.text());
    });
    assert!(bob.hello().account.lists.len() > many(60, 480));
}

#[test]
fn whoever_is_in_many_lists_changes_their_profile_and_goes_without_others_waiting() {
    let server = TestServer::start();
    let mut ana = server.person("ana");
    ana.sign_up("ana");
    let mut tab = ana.tab();
    let lists = many(150, 480);
    for first in (0..lists).step_by(75) {
        let make = |n: usize| {
            let name = ListName::parse(&format!("List {n}")).unwrap();
            let list = ListId::from_bytes(fresh());
            Command::Account(AccountCommand::CreateList { list, name })
        };
        tab.push((first..lists.min(first + 75)).map(make).collect());
    }
    let before = ana.hello().head;
    beside("profiles", &server, || {
        for round in 0..many(3, 12) {
            let profiles = (0..100).map(|n| {
                let name = PersonName::parse(&format!("Ana {round} {n}")).unwrap();
                let colour = Colour::parse(u8::try_from(n % 12).unwrap()).unwrap();
                Command::Account(AccountCommand::SetProfile {
                    profile: Profile { name, colour },
                })
            });
            tab.is_done(profiles.collect());
        }
    });
    let rows = ana.hello().head.0 - before.0;
    assert!(rows < 2_600, "{rows} rows, of which ben's are some hundreds");
    beside("deleting an account", &server, || {
        let gone = ana.send(Request::form(
            "/me/delete",
            &[("password", PASSWORD), ("sure", "yes")],
        ));
        assert_eq!(gone.status, 303, "{}", gone.text());
    });
}
