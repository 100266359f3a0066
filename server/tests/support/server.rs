//! The real binary on a database of its own.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::http::PATIENCE;
use super::secrets;

/// A running `tandem`, and the folder that its data is in. Both go with it, once its log was searched for secrets.
pub(crate) struct TestServer {
    pub(crate) folder: TempDir,
    pub(crate) port: u16,
    pub(crate) options: Vec<String>,
    /// The most 512-byte blocks that a file of its may have: past them every write fails.
    pub(crate) most_blocks: Option<u32>,
    pub(crate) process: Child,
    /// What it prints to its output.
    pub(crate) lines: Receiver<String>,
}

impl TestServer {
    /// One that serves when this returns.
    pub(crate) fn start_with(options: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), options)
    }

    /// The same with its data in that folder.
    pub(crate) fn start_in(folder: TempDir, options: &[&str]) -> Self {
        let options: Vec<String> = options.iter().map(|&option| option.to_owned()).collect();
        let (process, lines) = launch(&folder, &options, None);
        let mut this = Self {
            folder,
            port: 0,
            options,
            most_blocks: None,
            process,
            lines,
        };
        this.ready();
        this
    }

    /// Begins to start once more with the same data.
    pub(crate) fn launch(&mut self) {
        (self.process, self.lines) = launch(&self.folder, &self.options, self.most_blocks);
    }

    /// Waits until it serves.
    pub(crate) fn ready(&mut self) {
        let mark = "Tandem is at http://localhost:";
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            if let Some(port) = line.strip_prefix(mark) {
                self.port = port.parse().unwrap();
                return;
            }
        }
        panic!("it does not start:\n{}", self.log());
    }

    /// SIGKILL: it has no say in it.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// SIGTERM: it is asked to stop.
    pub(crate) fn terminate(&self) {
        let id = i32::try_from(self.process.id()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), Signal::TERM).unwrap();
    }

    /// Waits until it has stopped by itself.
    pub(crate) fn stopped(&mut self) -> ExitStatus {
        let began = Instant::now();
        // The reader of its output ends with it.
        while self
            .lines
            .recv_timeout(PATIENCE.saturating_sub(began.elapsed()))
            .is_ok()
        {}
        if let Some(status) = self.process.try_wait().unwrap() {
            return status;
        }
        assert!(began.elapsed() < PATIENCE, "it does not stop:\n{}", self.log());
        self.process.wait().unwrap()
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("data/tandem.db")
    }

    /// What it said to its operator.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
        if !std::thread::panicking() {
            let log = self.log();
            assert_eq!(secrets::first(&log), None, "a secret stands in the log:\n{log}");
        }
    }
}

/// The program that is tested.
pub(crate) fn binary() -> PathBuf {
    std::env::var_os("TANDEM_BIN").map_or_else(|| env!("CARGO_BIN_EXE_tandem").into(), PathBuf::from)
}

/// An option in capitals is a variable of the environment.
fn launch(folder: &TempDir, options: &[String], most_blocks: Option<u32>) -> (Child, Receiver<String>) {
    let log = std::fs::File::options()
        .create(true)
        .append(true)
        .open(folder.path().join("log"))
        .unwrap();
    let mut command = match most_blocks {
        None => Command::new(binary()),
        Some(most) => {
            let mut shell = Command::new("sh");
            shell.args(["-c", "trap '' XFSZ; ulimit -f $0; exec \"$@\"", &most.to_string()]);
            shell.arg(binary());
            shell
        }
    };
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name == "PORT" || name == "RUST_LOG" || name == "LEPTOS_WATCH" || name.starts_with("TANDEM_") {
            command.env_remove(name);
        }
    }
    let (variables, options): (Vec<_>, Vec<_>) = options.iter().partition(|option| {
        ["TANDEM_", "RUST_LOG=", "LEPTOS_"]
            .iter()
            .any(|name| option.starts_with(name))
    });
    command.envs(variables.iter().filter_map(|variable| variable.split_once('=')));
    let mut process = command
        .env("NO_COLOR", "1")
        .args(["--port", "0"])
        .args(options)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap();
    let output = BufReader::new(process.stdout.take().unwrap());
    let (say, lines) = channel();
    std::thread::spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            drop(say.send(line));
        }
    });
    (process, lines)
}
