//! When the disk is full, fails, or is somebody else's.

use std::path::{Path, PathBuf};
use std::process::Command as Process;
use std::time::Duration;

use backend::{Backend, Config, Error, Health, OpenError};
use domain::wire::Outcome;
use domain::{Command, Field, ListCommand};

use crate::world::{Page, TestBackend, add, set_notes, visitor};

#[tokio::test]
async fn a_second_process_is_refused_with_a_sentence() {
    let test = TestBackend::new().await;
    let second = Config {
        patience: Duration::ZERO,
        ..test.config.clone()
    };
    let error = Backend::open(second.clone()).await.err().unwrap();
    assert!(matches!(error, OpenError::InUse(_)));
    assert!(
        error.to_string().contains("is in use by another Tandem"),
        "{error}"
    );
    test.backend.close().await;
    assert!(Backend::open(second).await.is_ok());
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tandem.db");
    std::fs::write(
        &path,
        "not a database, but long enough to be taken for one at first sight".repeat(100),
    )
    .unwrap();
    let error = Backend::open(Config::new(path.display().to_string()))
        .await
        .err()
        .unwrap();
    assert!(error.to_string().contains("cannot be opened: "), "{error}");
    let inside = path.join("below/tandem.db");
    let error = Backend::open(Config::new(inside.display().to_string()))
        .await
        .err()
        .unwrap();
    assert!(error.to_string().contains("cannot be stored at "), "{error}");
    let error = Backend::open(Config::new("postgres://localhost/tandem"))
        .await
        .err()
        .unwrap();
    assert!(error.to_string().contains("Choose a file"), "{error}");
}

#[tokio::test]
async fn a_full_disk_is_said_reading_goes_on_and_writing_is_tried_again() {
    let test = TestBackend::with(|config| config.max_pages = Some(80)).await;
    let mut ana = test.page("ana");
    let task = ana.add("Milk").await;
    let big = |page: &Page| set_notes(page.list, task, "", &"x".repeat(60_000));
    let mut saved = 1;
    let error = loop {
        let (_, command) = add(ana.list, &"Long ".repeat(99));
        match ana.ask(command).await {
            Ok(Outcome::Done { .. }) => saved += 1,
            other => break other,
        }
    };
    assert!(matches!(error, Err(Error::DiskFull)), "{error:?}");
    assert_eq!(test.backend.health(), Health::DiskFull);
    assert_eq!(ana.titles().await.len(), 3 + saved);
    assert!(ana.stream(None).await.next().await.is_some());
    assert!(matches!(ana.ask(big(&ana)).await, Err(Error::DiskFull)));
    assert!(
        matches!(ana.ask(big(&ana)).await, Err(Error::DiskFull)),
        "it stays said, and harms nothing"
    );

    let ana = ana.catch_up();
    let test = test.reopen(|config| config.max_pages = None).await;
    let mut ana = test.back(ana);
    ana.done(big(&ana)).await;
    assert_eq!(test.backend.health(), Health::Good);
    assert_eq!(ana.titles().await.len(), 3 + saved);
    test.sound().await;
}

#[tokio::test]
async fn when_there_is_room_again_writing_goes_on() {
    let test = TestBackend::with(|config| config.max_pages = Some(80)).await;
    let mut ana = test.page("ana");
    let task = ana.add("Milk").await;
    // What does not fit fails; what is small still does.
    let mut last = String::new();
    let error = loop {
        let next = if last.starts_with('x') { "y" } else { "x" }.repeat(30_000);
        match ana.ask(set_notes(ana.list, task, &last, &next)).await {
            Ok(Outcome::Done { .. }) => last = next,
            other => break other,
        }
    };
    assert!(matches!(error, Err(Error::DiskFull)), "{error:?}");
    assert_eq!(test.backend.health(), Health::DiskFull);
    ana.done(Command::List(ana.list, ListCommand::set(task, Field::Done(true))))
        .await;
    assert_eq!(test.backend.health(), Health::Good);
    assert_eq!(ana.see().await.task(task).unwrap().notes.as_str(), last);
    test.sound().await;
}

#[tokio::test]
async fn the_write_ahead_log_is_copied_into_the_database_when_it_has_grown() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let task = ana.add("Milk").await;
    let size = || {
        std::fs::metadata(test.config.database.strip_prefix("sqlite:").unwrap())
            .unwrap()
            .len()
    };
    let before = size();
    for turn in 0..3 {
        let page = ana.another();
        let notes = |command_seq: u64| {
            set_notes(
                ana.list,
                task,
                "",
                &format!("{turn} {command_seq} {}", "x".repeat(180)),
            )
        };
        page.send(page.push((1..=100).map(|command_seq| (command_seq, notes(command_seq)))))
            .await;
    }
    ana.add("Bread").await; // By now whatever was to be copied is.
    assert!(
        size() > before + 4 * 1024 * 1024,
        "{} bytes grew to {}",
        before,
        size()
    );
    test.sound().await;
}

/// Which file the process below works on.
const FILE: &str = "TANDEM_TEST_FILE";

#[tokio::test]
#[ignore = "runs in a process of its own, whose files may not grow past a limit; the test below starts it"]
async fn writes_until_the_disk_fails() {
    let backend = Backend::open(Config::new(std::env::var(FILE).unwrap()))
        .await
        .unwrap();
    let mut ana = Page::new(backend.clone(), visitor("ana"));
    let mut saved = 0;
    let error = loop {
        match ana.ask(add(ana.list, &"Long ".repeat(99)).1).await {
            Ok(_) => saved += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::Unknown), "{error:?}");
    let sentence = backend.stopped().await;
    assert!(
        sentence.starts_with("The disk failed while writing"),
        "{sentence}"
    );
    assert_eq!(backend.health(), Health::Stopped(sentence));
    assert!(matches!(
        ana.ask(add(ana.list, "Milk").1).await,
        Err(Error::Stopped)
    ));
    assert!(
        ana.stream(None).await.next().await.is_none(),
        "streams end, so that browsers come back later"
    );
    assert_eq!(
        ana.titles().await.len(),
        3 + saved,
        "what was answered can still be read"
    );
    println!("saved={saved}");
}

/// `write` fails with EFBIG past the limit, which SQLite takes for what it is: an error of the disk.
#[tokio::test]
async fn when_the_disk_fails_it_stops_and_a_restart_finds_all_that_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tandem.db");
    let script = "trap '' XFSZ; ulimit -f 2000; exec \"$0\" --exact disk::writes_until_the_disk_fails --ignored --nocapture";
    let output = Process::new("sh")
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .env(FILE, &path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let saved: usize = said
        .lines()
        .find_map(|line| line.strip_prefix("saved="))
        .unwrap()
        .parse()
        .unwrap();
    assert!(saved > 10, "{saved}");

    let backend = Backend::open(Config::new(path.display().to_string()))
        .await
        .unwrap();
    let ana = Page::new(backend.clone(), visitor("ana"));
    assert_eq!(backend.check().await.unwrap(), Vec::<String>::new());
    // The one whose outcome was unknown may be there or not.
    let found = ana.titles().await.len() - 3;
    assert!(found == saved || found == saved + 1, "{found} of {saved}");
    ana.another().add("And on it goes").await;
}

/// The file of the database that those bytes stand in.
pub(crate) fn on_disk(test: &TestBackend, bytes: &[u8]) -> Option<PathBuf> {
    let database = test.config.database.strip_prefix("sqlite:").unwrap();
    let folder = Path::new(database).parent().unwrap();
    let mut files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files.find(|path| {
        let file = std::fs::read(path).unwrap();
        file.windows(bytes.len()).any(|part| part == bytes)
    })
}
