//! What `docs/` tells people to type is run here, as it stands there.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::person::Person;
use crate::server::{TestServer, binary};
use crate::stream::lint::{Lint, NAMES};

/// The blocks between ``` lines that are in that language.
pub(crate) fn blocks(file: &str, language: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let blocks = text.split("\n```").skip(1).step_by(2);
    blocks
        .filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n'))
        .map(|block| format!("{block}\n"))
        .collect()
}

/// The only one.
#[track_caller]
pub(crate) fn block(file: &str, language: &str) -> String {
    let mut blocks = blocks(file, language);
    assert_eq!(blocks.len(), 1, "blocks of {language} in {file}");
    blocks.remove(0)
}

#[test]
fn the_service_starts_the_program_with_options_that_it_has() {
    let unit = block("deploy.md", "ini");
    let start = unit
        .lines()
        .find_map(|line| line.strip_prefix("ExecStart="))
        .unwrap();
    let mut words = start.split(' ');
    assert_eq!(words.next(), Some("/usr/local/bin/tandem"));
    // Asked for help, it still looks at what it is given before.
    let help = Command::new(binary()).args(words).arg("--help").output().unwrap();
    assert!(help.status.success(), "{}", String::from_utf8_lossy(&help.stderr));
}

/// What a line for curl prints until it has caught up, or ends.
fn printed(line: &str, person: &Person) -> String {
    let mut shell = Command::new("sh")
        .args(["-c", &format!("exec {line}")])
        .env("TANDEM", format!("http://localhost:{}", person.port))
        .env("COOKIE", person.cookie.strip_prefix("tandem=").unwrap())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut printed = String::new();
    for line in BufReader::new(shell.stdout.take().unwrap()).lines() {
        printed += &line.unwrap();
        printed += "\n";
        if printed.contains("event: heartbeat\n") && printed.ends_with("\n\n") {
            break;
        }
    }
    drop(shell.kill());
    shell.wait().unwrap();
    printed
}

#[test]
fn every_line_for_curl_in_the_manual_of_the_stream_works() {
    let server = TestServer::start();
    let ana = server.person("ana");
    ana.add(&ana.list(), "Milk");
    let lines = blocks("stream.md", "sh");
    assert_eq!(lines.len(), 5);
    for line in lines {
        let printed = printed(line.trim(), &ana);
        if line.contains("/changes") {
            let events: serde_json::Value = serde_json::from_str(&printed).unwrap();
            assert_eq!(
                (&events[0]["event"], &events[1]["event"]),
                (&"hello".into(), &"reset".into())
            );
            continue;
        }
        let mut lint = Lint::default();
        lint.take(printed.as_bytes()).and_then(|()| lint.end()).unwrap();
        assert!(printed.contains("event: hello\n"), "{line}{printed}");
        // The cursor in the manual is of another database than this one.
        assert_eq!(
            printed.contains("event: reset\n"),
            line.contains("k3.1"),
            "{line}{printed}"
        );
    }
}

#[test]
fn the_manual_of_the_stream_names_every_event_and_no_other() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/stream.md");
    let text = std::fs::read_to_string(path).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    let named: Vec<&str> = rows.filter_map(|row| Some(row.split_once('`')?.0)).collect();
    let known: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
    assert_eq!(named, known);
}
