//! Readers that share nothing with ours, nor with each other, hear the same events, also across a cut: two browsers, curl,
//! and two libraries each from crates.io, npm and PyPI.

use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Instant;

use axum::body::Bytes;
use domain::{Field, ListCommand, Notes, Place, TaskId};
use eventsource_stream::Eventsource;
use futures_util::{StreamExt, stream};
use sse_stream::SseStream;

use crate::http::{Connection, PATIENCE, Request};
use crate::person::Person;
use crate::proxy::Proxy;
use crate::server::TestServer;
use crate::stream::Frame;

/// The last thing that is said.
const END: &str = "The end";

/// The client that reads the stream.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Who {
    Ours,
    EventsourceStream,
    SseStream,
    Curl,
    Python(&'static str),
    /// Libraries of npm, and browsers that they drive.
    Node(&'static str),
}

const EVERYONE: [Who; 10] = [
    Who::Ours,
    Who::EventsourceStream,
    Who::SseStream,
    Who::Curl,
    Who::Python("httpx-sse"),
    Who::Python("sseclient-py"),
    Who::Node("eventsource"),
    Who::Node("eventsource-parser"),
    Who::Node("chromium"),
    Who::Node("firefox"),
];

/// What somebody has heard so far.
#[derive(Default)]
struct Heard {
    frames: Mutex<Vec<Frame>>,
    more: Condvar,
}

impl Heard {
    fn push(&self, frame: Frame) {
        self.frames.lock().unwrap().push(frame);
        self.more.notify_all();
    }

    /// The cursor to come back with.
    fn last_id(&self) -> String {
        let frames = self.frames.lock().unwrap();
        frames.last().map(|frame| frame.id.clone()).unwrap_or_default()
    }

    fn has(&self, text: &str) -> bool {
        let frames = self.frames.lock().unwrap();
        frames.iter().any(|frame| frame.data.contains(text))
    }

    fn wait_for(&self, who: Who, text: &str) {
        let until = Instant::now() + PATIENCE;
        while !self.has(text) {
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{who:?} has not heard {text}");
            let frames = self.frames.lock().unwrap();
            drop(self.more.wait_timeout(frames, left.min(PATIENCE / 100)).unwrap());
        }
    }

    /// The rows of the log: how often a heartbeat comes is each connection's own.
    fn changes(&self) -> Vec<Frame> {
        let frames = self.frames.lock().unwrap();
        let changes = frames.iter().filter(|frame| frame.event == "change");
        changes.cloned().collect()
    }
}

impl Who {
    /// Whether it can be had here.
    fn is_here(self) -> bool {
        let is_here = match self {
            Self::Python(_) => python().is_file(),
            Self::Node(name @ ("chromium" | "firefox")) => node("support/browsers.mjs")
                .arg(name)
                .output()
                .is_ok_and(|output| output.status.success()),
            Self::Node(_) => root().join("end2end/node_modules/eventsource").is_dir(),
            Self::Ours | Self::EventsourceStream | Self::SseStream | Self::Curl => true,
        };
        if !is_here {
            // `make test` installs them, so there it is a fault.
            let must = matches!(self, Self::Node("chromium" | "firefox"))
                && std::env::var_os("TANDEM_BROWSERS").is_some();
            assert!(!must, "{self:?} is not here, though set-up was to see to it");
            println!("SKIPPED: {self:?} is not here ('make test-tools' installs it where it can)");
        }
        is_here
    }

    /// Reads until it is cut, or has heard the end.
    fn read(self, person: &Person, path: &str, heard: &Heard) {
        let url = format!("http://localhost:{}{path}", person.port);
        let last_id = heard.last_id();
        match self {
            Self::Ours => {
                let mut stream = person.stream(path, &last_id);
                while let (Ok(Some(frame)), false) = (stream.next(), heard.has(END)) {
                    heard.push(frame);
                }
            }
            Self::EventsourceStream => {
                let events = stream::iter(pieces(person, path, &last_id)).eventsource();
                block_on(events.for_each(async |event| {
                    if let Ok(event) = event {
                        heard.push(Frame {
                            id: event.id,
                            event: event.event,
                            data: event.data,
                        });
                    }
                }));
            }
            Self::SseStream => {
                let events = SseStream::from_bytes_stream(stream::iter(pieces(person, path, &last_id)));
                block_on(events.for_each(async |event| {
                    // It gives a block with a time to come back at as an event without data, too.
                    if let Ok(event) = event
                        && let Some(data) = event.data
                    {
                        heard.push(Frame {
                            id: event.id.unwrap_or_default(),
                            event: event.event.unwrap_or_default(),
                            data,
                        });
                    }
                }));
            }
            Self::Curl => {
                let mut curl = Command::new("curl");
                curl.args(["-sN", "--cookie", &person.cookie, &url]);
                if !last_id.is_empty() {
                    curl.args(["-H", &format!("last-event-id: {last_id}")]);
                }
                let mut event: [Option<String>; 3] = Default::default();
                run(curl, heard, |line| {
                    let names = ["id", "event", "data"];
                    if let Some((name, value)) = line.split_once(": ")
                        && let Some(at) = names.iter().position(|known| *known == name)
                    {
                        event[at] = Some(value.to_owned());
                    }
                    let [id, name, data] = if line.is_empty() {
                        std::mem::take(&mut event)
                    } else {
                        Default::default()
                    };
                    Some(Frame {
                        id: id.unwrap_or_default(),
                        event: name?,
                        data: data?,
                    })
                });
            }
            Self::Python(library) => {
                let mut command = Command::new(python());
                command.arg(root().join("server/tests/readers.py"));
                command.args([library, &url, &person.cookie, &last_id]);
                run(command, heard, |line| serde_json::from_str(line).ok());
            }
            Self::Node(library) => {
                let mut command = node("support/readers.mjs");
                command.args([library, &url, &person.cookie, &last_id]);
                run(command, heard, |line| serde_json::from_str(line).ok());
            }
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The one that `setup/readers` gives its libraries.
fn python() -> PathBuf {
    root().join("target/readers/bin/python")
}

fn node(script: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(root().join("end2end").join(script));
    command
}

/// What comes over a connection of its own, as it comes, until it is cut.
fn pieces(person: &Person, path: &str, last_id: &str) -> impl Iterator<Item = io::Result<Bytes>> + use<> {
    let mut request = Request::get(path).header("cookie", &person.cookie);
    if !last_id.is_empty() {
        request = request.header("last-event-id", last_id);
    }
    let mut connection = Connection::open(person.port).unwrap();
    let head = connection.ask(&request).ok();
    let mut body = head.map(|mut head| head.body(connection.reader));
    std::iter::from_fn(move || {
        let mut buffer = vec![0; 4096];
        let count = body.as_mut()?.read(&mut buffer).ok().filter(|count| *count > 0)?;
        buffer.truncate(count);
        Some(Ok(Bytes::from(buffer)))
    })
}

fn block_on(work: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(work);
}

/// Runs it and takes its lines, until it ends or the end has been heard.
fn run(mut command: Command, heard: &Heard, mut take: impl FnMut(&str) -> Option<Frame>) {
    let mut process = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    for line in BufReader::new(process.stdout.take().unwrap()).lines() {
        if let Some(frame) = line.ok().as_deref().and_then(&mut take) {
            heard.push(frame);
        }
        if heard.has(END) {
            break;
        }
    }
    // Who drives a browser ends it when there is nothing more to be told.
    drop(process.stdin.take());
    if command.get_program() != "node" {
        drop(process.kill());
    }
    process.wait().unwrap();
}

#[test]
fn ten_independent_readers_hear_the_same_events_also_across_a_cut() {
    let server = TestServer::start_with(&["--heartbeat", "1"]);
    let proxy = Proxy::start(server.port, 0);
    let ana = server.person("ana");
    let list = ana.list();
    ana.add(&list, "Milk");
    let through = Person {
        port: proxy.port,
        ..server.person("ana")
    };
    let path = format!("/events?since={}.0", ana.hello().epoch);
    let readers: Vec<(Who, Arc<Heard>)> = EVERYONE
        .into_iter()
        .filter(|who| who.is_here())
        .map(|who| (who, Arc::default()))
        .collect();
    let through = Arc::new(through);
    // They end when they have heard the end, or with this process, so that one who hears nothing holds up nobody.
    let reading: Vec<_> = readers
        .iter()
        .map(|(who, heard)| {
            let (who, heard, through, path) = (*who, heard.clone(), through.clone(), path.clone());
            std::thread::spawn(move || {
                while !heard.has(END) {
                    who.read(&through, &path, &heard);
                }
            })
        })
        .collect();
    let all_hear = |text: &str| readers.iter().for_each(|(who, heard)| heard.wait_for(*who, text));
    all_hear("Milk");
    let mut tab = ana.tab();
    let add = |title: &str| {
        let mut tab = ana.tab();
        tab.push(vec![tab.add(title)]);
    };
    for title in [
        "👩‍👩‍👧 🥖 e\u{301}",
        "𝄞 \u{10fffd}",
        "\"quoted\" \\n \\u2028 'single' `back`",
        " : data: x",
        "data: {}",
        "id: 7",
        "\u{feff}begins with a mark",
        "</script><!-- & -->",
        &"long ".repeat(100),
    ] {
        add(title.trim());
    }
    let notes = "one\r\ntwo\n\n\nfive\tfive\u{2028}line\u{2029}paragraph\n: a comment\nretry: 1\r\rend";
    let task = TaskId::from_bytes([7; 16]);
    let (place, title) = (Place::End, domain::Title::parse("With notes").unwrap());
    let list = list.parse().unwrap();
    let of = |command| domain::Command::List(list, command);
    tab.push(vec![
        of(ListCommand::add(task, place, title)),
        of(ListCommand::set_from(
            task,
            Field::Notes(Notes::default()),
            Field::Notes(Notes::parse(notes).unwrap()),
        )),
    ]);
    add("Before the cut");
    all_hear("Before the cut");
    proxy.cut_all();
    add("After the cut");
    all_hear("After the cut");
    add(END);
    all_hear(END);
    proxy.cut_all();
    for reading in reading {
        reading.join().unwrap();
    }
    let (_, ours) = &readers[0];
    assert!(ours.changes().len() > 14);
    for (who, heard) in &readers {
        assert_eq!(heard.changes(), ours.changes(), "{who:?}");
        let frames = heard.frames.lock().unwrap();
        assert_eq!(frames[0].event, "hello", "{who:?}");
        let hellos = frames.iter().filter(|frame| frame.event == "hello").count();
        assert!(hellos >= 2, "{who:?} has not come back");
    }
    println!("{} readers agree on {} rows", readers.len(), ours.changes().len());
}
