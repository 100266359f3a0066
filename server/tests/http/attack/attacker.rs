//! Who attacks from one address, and who edits a list at another meanwhile.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::http::{PATIENCE, Request, Response};
use crate::server::TestServer;
use crate::system::peak_memory;

/// The most memory that the server may ever have held.
const MOST_MEMORY: u64 = 400 * 1024 * 1024;

/// The longest that 99 of 100 edits of somebody else may take.
const SOON: Duration = Duration::from_millis(250);

/// Where the attacks come from, as the proxy says.
pub(super) const ATTACKER: (&str, &str) = ("x-forwarded-for", "203.0.113.7");

/// Where the others are.
pub(super) const OTHERS: (&str, &str) = ("x-forwarded-for", "198.51.100.2");

/// Whether it is `make attack`.
pub(super) fn is_measured() -> bool {
    std::env::var_os("TANDEM_ATTACK").is_some()
}

/// So many here, so many in `make attack`.
pub(super) fn many(here: usize, measured: usize) -> usize {
    if is_measured() { measured } else { here }
}

/// Says that it is over when it goes, also by a panic.
pub(super) struct Over<'a>(pub(super) &'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Attacks the server while somebody else adds tasks, one after the other.
pub(super) fn beside<T>(what: &str, server: &TestServer, attack: impl FnOnce() -> T) -> T {
    let ben = server.person("ben");
    let list = ben.list();
    let over = AtomicBool::new(false);
    let delays = Mutex::new(Vec::new());
    let came = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut number = 0;
            while !over.load(Ordering::Relaxed) || number < 20 {
                number += 1;
                let title = format!("Task {number}, beside {what}");
                let form = [("list", &*list), ("title", &*title), ("once", &*title)];
                let began = Instant::now();
                let added = ben.send(Request::form("/fn/add_task", &form).header(OTHERS.0, OTHERS.1));
                delays.lock().unwrap().push(began.elapsed());
                assert_eq!(added.status, 303, "{}", added.text());
            }
        });
        let _over = Over(&over);
        attack()
    });
    let mut delays = delays.into_inner().unwrap();
    delays.sort();
    let (p99, worst) = (delays[delays.len() * 99 / 100], delays[delays.len() - 1]);
    let peak = peak_memory(server.process.id());
    println!(
        "{what}: {} edits of somebody else, p99 {p99:?}, worst {worst:?}; at most {} MB of memory",
        delays.len(),
        peak / 1024 / 1024,
    );
    assert!(peak < MOST_MEMORY, "{what}: {peak} bytes");
    assert!(!is_measured() || p99 <= SOON, "{what}: {p99:?}");
    came
}

/// Does that at the same time, so often.
pub(super) fn at_once<T: Send>(times: usize, what: impl Fn(usize) -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..times)
            .map(|n| {
                let what = &what;
                scope.spawn(move || what(n))
            })
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

pub(super) fn attacker(request: Request) -> Request {
    request.header(ATTACKER.0, ATTACKER.1)
}

pub(super) fn count(responses: &[Response], status: u16) -> usize {
    responses
        .iter()
        .filter(|response| response.status == status)
        .count()
}

/// A connection with the beginning of a request.
pub(super) fn begun(port: u16, bytes: &[u8]) -> TcpStream {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    // It may be cut while it is written to.
    drop(socket.write_all(bytes));
    socket
}

/// Whether one of them is answered with that status, whichever the server has come to first.
pub(super) fn is_any_answered(sockets: &[TcpStream], status: &[u8; 3]) -> bool {
    let began = Instant::now();
    let is_so = |socket: &TcpStream| {
        let mut bytes = [0; 12];
        socket.set_read_timeout(Some(Duration::from_millis(5))).unwrap();
        matches!(socket.peek(&mut bytes), Ok(12)) && bytes[9..] == *status
    };
    while began.elapsed() < PATIENCE {
        if sockets.iter().any(is_so) {
            return true;
        }
    }
    false
}

/// The status of the answer; none where the connection is cut instead.
pub(super) fn status(socket: &mut TcpStream) -> Option<String> {
    let mut bytes = [0; 12];
    socket.read_exact(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes[9..]).into_owned())
}
