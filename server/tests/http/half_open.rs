//! A peer that goes without a word is forgotten in three heartbeats, which is a minute unless the operator says otherwise.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::http::PATIENCE;
use crate::server::TestServer;
use crate::system::connections;

const HEARTBEAT: Duration = Duration::from_secs(1);
const GONE: usize = 20;

#[test]
fn peers_that_went_without_a_word_are_gone_within_three_heartbeats() {
    let mut server = TestServer::start_with(&["--heartbeat", "1"]);
    let ana = server.person("ana");
    let mut stream = ana.stream("/events", "");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/half_open.py");
    let mut peers = Command::new("python3")
        .args([script, &server.port.to_string(), &ana.cookie, &GONE.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("python3 is needed, and 'make test-tools' sees to it: {error}"));
    let mut said = BufReader::new(peers.stdout.take().unwrap()).lines();
    assert_eq!(said.next().unwrap().unwrap(), "open");
    assert_eq!(connections(server.port), GONE + 1);
    assert_eq!(said.next().unwrap().unwrap(), "deaf");
    let deaf = Instant::now();
    // Each heartbeat is a moment to look, and proves that whoever still listens is not cut.
    while connections(server.port) > 1 {
        assert!(deaf.elapsed() < PATIENCE, "{}", connections(server.port));
        stream.until(|frame| frame.event == "heartbeat");
    }
    let took = deaf.elapsed();
    println!("{GONE} peers were forgotten after {took:?}");
    // One more to have looked, and one for a machine that has other things to do.
    assert!(took < 5 * HEARTBEAT, "{took:?}");
    stream.until(|frame| frame.event == "heartbeat");
    server.terminate();
    assert!(server.stopped().success());
    assert!(server.log().contains("stopping streams=1\n"), "{}", server.log());
    drop(peers.stdin.take());
    assert!(peers.wait().unwrap().success());
}
