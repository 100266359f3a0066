//! A reader that shares nothing with ours reads the same events.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::person::Person;
use crate::server::TestServer;
use crate::stream::Frame;

struct PythonReader {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl PythonReader {
    fn open(person: &Person, last_id: &str) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stream_client.py");
        let port = person.port.to_string();
        let mut process = Command::new("python3")
            .args([script, &port, &person.cookie, last_id])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("python3 is needed, and 'make test-tools' sees to it: {error}"));
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, lines }
    }

    /// What comes, up to and with the first event that is wanted.
    fn until(&mut self, is_wanted: impl Fn(&Frame) -> bool) -> Vec<Frame> {
        let mut frames: Vec<Frame> = Vec::new();
        while !frames.last().is_some_and(&is_wanted) {
            let line = self.lines.next().unwrap().unwrap();
            frames.push(serde_json::from_str(&line).unwrap());
        }
        frames
    }
}

impl Drop for PythonReader {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

#[test]
fn a_client_in_python_reads_the_same_events_as_one_in_rust() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    ana.add(&list, "Milk");
    let start = format!("{}.0", ana.hello().epoch);
    for cursor in [&*start, "", "nonsense"] {
        let mut python = PythonReader::open(&ana, cursor);
        let mut rust = ana.stream("/events", cursor);
        let caught_up = |frame: &Frame| frame.event == "heartbeat";
        assert_eq!(python.until(caught_up), rust.until(caught_up));
        for title in [
            "a: b",
            " : data: x",
            "\u{feff}é 👩‍👩‍👧",
            "\"\\n\\r\\u2028\"",
            "The last",
        ] {
            ana.add(&list, title);
        }
        let last = |frame: &Frame| frame.data.contains("The last");
        let frames = rust.until(last);
        assert_eq!((python.until(last), frames.len()), (frames, 5));
    }
}
