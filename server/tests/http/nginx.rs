//! nginx in front, as `docs/deploy.md` says: the stream comes through at once, and neither a restart nor a reload loses any of it.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use rustix::process::{Pid, Signal, geteuid, kill_process};
use tempfile::TempDir;

use crate::http::{Connection, PATIENCE, Request};
use crate::manual::block;
use crate::person::Person;
use crate::server::TestServer;
use crate::stream::Stream;

/// What stands around the file of the manual: everything that could do harm to a stream is on.
const AROUND: &str = "
    daemon off;
    pid nginx.pid;
    error_log stderr warn;
    worker_processes 1;
    worker_shutdown_timeout 1s;
    events { worker_connections 1024; }
    http {
        access_log off;
        client_body_temp_path body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;
        gzip on;
        gzip_proxied any;
        gzip_min_length 1;
        gzip_types text/event-stream application/json;
        include tandem.conf;
    }";

/// A running nginx. It ends with it.
struct Nginx {
    folder: TempDir,
    /// Where what it serves over TLS is served without, for readers that speak none.
    port: u16,
    /// Where it serves over TLS, and where it leads there.
    tls: u16,
    plain: u16,
    process: Child,
}

/// The program, if there is one.
fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    let found = folders
        .map(|folder| folder.join("nginx"))
        .find(|path| path.is_file());
    if found.is_none() {
        println!("SKIPPED: nginx is not here ('make test-tools' installs it where it can)");
    }
    found
}

impl Nginx {
    fn start(program: &Path, server: &TestServer) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Held together, so that they differ.
        let free = [(); 3].map(|()| TcpListener::bind(("127.0.0.1", 0)).unwrap());
        let [port, tls, plain] = free.each_ref().map(|free| free.local_addr().unwrap().port());
        drop(free);
        let user = if geteuid().is_root() {
            "user root root;"
        } else {
            ""
        };
        std::fs::write(folder.path().join("nginx.conf"), format!("{user}{AROUND}")).unwrap();
        certify(&folder);
        configure(&folder, [port, tls, plain], server.port);
        let process = Command::new(program)
            .arg("-p")
            .arg(folder.path())
            .args(["-c", "nginx.conf", "-e", "stderr"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut this = Self {
            folder,
            port,
            tls,
            plain,
            process,
        };
        let began = Instant::now();
        while Connection::open(port).is_err() {
            assert!(began.elapsed() < PATIENCE && this.process.try_wait().unwrap().is_none());
            std::thread::yield_now();
        }
        this
    }

    /// As `nginx -s reload`, with Tandem at that port.
    fn reload(&self, server: &TestServer) {
        configure(&self.folder, [self.port, self.tls, self.plain], server.port);
        self.signal(Signal::HUP);
    }

    fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.process.id()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
    }

    /// The same person, through nginx.
    fn person(&self, name: &str, server: &TestServer) -> Person {
        Person {
            port: self.port,
            ..server.person(name)
        }
    }

    /// Somebody with a list, and their stream through nginx, which has said a first change of it.
    fn listener(&self, server: &TestServer) -> (Person, String, Stream) {
        let ana = self.person("ana", server);
        let list = ana.list();
        let mut stream = ana.stream("/events", "");
        stream.opening();
        ana.add(&list, "The first");
        stream.until_text("The first");
        (ana, list, stream)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        self.signal(Signal::TERM);
        drop(self.process.wait());
    }
}

/// A certificate that nobody vouches for.
fn certify(folder: &TempDir) {
    let words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=tandem.example -days 2 -keyout key.pem -out chain.pem";
    let made = Command::new("openssl")
        .args(words.split(' '))
        .current_dir(folder.path())
        .stderr(Stdio::null())
        .status();
    assert!(made.unwrap().success());
}

/// The file of the manual, with the ports that are free here and a certificate of our own.
fn configure(folder: &TempDir, [port, tls, plain]: [u16; 3], server: u16) {
    let mut file = block("deploy.md", "nginx");
    let folder = folder.path();
    let (chain, key) = (folder.join("chain.pem"), folder.join("key.pem"));
    for (there, here) in [
        ("listen 80;", format!("listen 127.0.0.1:{plain};")),
        (
            "listen 443 ssl http2;",
            format!("listen 127.0.0.1:{port}; listen 127.0.0.1:{tls} ssl http2;"),
        ),
        ("server 127.0.0.1:3000;", format!("server 127.0.0.1:{server};")),
        (
            "/etc/letsencrypt/live/tandem.example/fullchain.pem",
            chain.display().to_string(),
        ),
        (
            "/etc/letsencrypt/live/tandem.example/privkey.pem",
            key.display().to_string(),
        ),
    ] {
        assert_eq!(file.matches(there).count(), 1, "{there}");
        file = file.replace(there, &here);
    }
    std::fs::write(folder.join("tandem.conf"), file).unwrap();
}

#[test]
fn without_tls_a_page_is_led_to_tls_and_nothing_else_is_served() {
    let Some(program) = program() else { return };
    let server = TestServer::start();
    let nginx = Nginx::start(&program, &server);
    let ana = Person {
        port: nginx.plain,
        ..server.person("ana")
    };
    for path in ["/", "/lists/a?all=1", "/me", "/join"] {
        let led = ana.get(path);
        let there = format!("https://localhost{path}");
        assert_eq!((led.status, led.value("location")), (308, Some(&*there)));
    }
    for path in ["/fn/snapshot?list=a", "/events", "/changes?wait=0", "/session"] {
        assert_eq!(ana.get(path).status, 403, "{path}");
    }
    let list = server.person("ana").list();
    let fields = [("list", &*list), ("title", "Milk")];
    assert_eq!(ana.post("add_task", &fields).status, 403);
    for path in ["/sign-in", "/sign-up", "/reset", "/me/prove", "/admin"] {
        let typed = ana.send(Request::form(
            path,
            &[("name", "ana"), ("password", "nine lamps")],
        ));
        assert_eq!(typed.status, 403, "{path}");
    }
    let titles = server.person("ana").titles(&list);
    assert_eq!(titles.len(), 3, "nothing was passed on");
}

#[test]
fn what_is_served_over_tls_is_served_over_its_newer_versions_only() {
    let Some(program) = program() else { return };
    let server = TestServer::start();
    let nginx = Nginx::start(&program, &server);
    for (version, works) in [
        ("-tls1", false),
        ("-tls1_1", false),
        ("-tls1_2", true),
        ("-tls1_3", true),
    ] {
        let mut client = Command::new("openssl")
            .args([
                "s_client",
                version,
                "-quiet",
                "-ign_eof",
                "-servername",
                "tandem.example",
            ])
            // Even to one who would take anything.
            .args(["-cipher", "ALL:@SECLEVEL=0"])
            .args(["-connect", &format!("127.0.0.1:{}", nginx.tls)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // One that was not let in takes nothing.
        drop(
            client
                .stdin
                .take()
                .unwrap()
                .write_all(b"GET /healthz HTTP/1.1\r\nhost: tandem.example\r\nconnection: close\r\n\r\n"),
        );
        let said = client.wait_with_output().unwrap().stdout;
        let said = String::from_utf8_lossy(&said);
        assert_eq!(said.contains("good\n"), works, "{version}: {said}");
        assert!(!works || said.contains("strict-transport-security: "), "{said}");
    }
}

#[test]
fn the_stream_comes_through_nginx_at_once_and_as_it_is() {
    let Some(program) = program() else { return };
    let server = TestServer::start();
    let nginx = Nginx::start(&program, &server);
    let ana = nginx.person("ana", &server);
    let list = ana.list();
    let request = Request::get("/events")
        .header("cookie", &ana.cookie)
        .header("accept-encoding", "gzip, deflate, br");
    let mut stream = Stream::open(nginx.port, &request).unwrap();
    assert_eq!(stream.head.status, 200);
    assert_eq!(stream.value("content-type"), Some("text/event-stream"));
    assert_eq!(stream.value("content-encoding"), None);
    assert_eq!(stream.value("cache-control"), Some("no-cache, no-transform"));
    stream.opening();
    ana.add(&list, "Milk");
    // Nothing else comes that could push it out.
    let heard = stream.until_text("Milk");
    assert!(heard.iter().all(|frame| frame.event == "change"), "{heard:?}");
    let page = Request::get("/")
        .header("accept-encoding", "gzip")
        .send(nginx.port);
    assert_eq!(page.unwrap().value("content-encoding"), Some("gzip"), "all else");
    // What a browser says of itself is still true behind the proxy.
    let form = Request::form("/fn/set_profile", &[("name", "Ana"), ("colour", "3")])
        .header("origin", "http://localhost")
        .header("referer", "http://localhost/me");
    assert_eq!(ana.send(form).status, 303);
}

#[test]
fn the_stream_comes_over_tls_and_http_2_at_once() {
    let Some(program) = program() else { return };
    let server = TestServer::start();
    let nginx = Nginx::start(&program, &server);
    let ana = nginx.person("ana", &server);
    let mut curl = Command::new("curl")
        .args(["-sNk", "--http2", "--max-time", "30", "-D", "-"])
        .args(["-H", &format!("cookie: {}", ana.cookie)])
        .args(["--resolve", &format!("tandem.example:{}:127.0.0.1", nginx.tls)])
        .arg(format!("https://tandem.example:{}/events", nginx.tls))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(curl.stdout.take().unwrap()).lines();
    let mut lines = lines.map(Result::unwrap);
    assert_eq!(lines.next().unwrap().trim(), "HTTP/2 200");
    assert!(lines.any(|line| line == "event: hello"));
    ana.add(&ana.list(), "Milk");
    assert!(lines.any(|line| line.starts_with("data: ") && line.contains("Milk")));
    curl.kill().unwrap();
    curl.wait().unwrap();
}

#[test]
fn a_stream_may_be_silent_for_longer_than_the_longest_heartbeat() {
    let file = block("deploy.md", "nginx");
    let timeouts = file
        .lines()
        .filter_map(|line| line.trim().strip_prefix("proxy_read_timeout "));
    let seconds: Vec<u32> = timeouts
        .map(|value| value.strip_suffix("s;").unwrap().parse().unwrap())
        .collect();
    assert_eq!(seconds.len(), 2);
    assert!(seconds.iter().all(|seconds| *seconds > 60), "{seconds:?}");
}

#[test]
fn while_tandem_is_away_readers_are_told_to_come_back_and_the_rest_is_told_the_truth() {
    let Some(program) = program() else { return };
    let mut server = TestServer::start();
    let nginx = Nginx::start(&program, &server);
    let (ana, list, mut stream) = nginx.listener(&server);
    server.kill();
    assert!(stream.next().is_err(), "cut, not ended");
    let mut retries = Vec::new();
    for _ in 0..20 {
        let mut told = ana.stream("/events", &stream.last_id);
        assert_eq!(told.head.status, 200);
        assert_eq!(told.value("content-type"), Some("text/event-stream"));
        assert_eq!(told.next().unwrap(), None, "no event, and a clean end");
        retries.append(&mut told.retries);
    }
    assert_eq!(retries.len(), 20);
    assert!(retries.iter().any(|retry| *retry != retries[0]), "{retries:?}");
    assert_eq!(ana.get("/healthz").status, 502);
    server.launch();
    server.ready();
    nginx.reload(&server);
    // The old worker may still answer, as before: come back, and again.
    let began = Instant::now();
    let mut again = loop {
        let mut again = ana.stream("/events", &stream.last_id);
        if again.next().unwrap().is_some() {
            break again;
        }
        assert!(began.elapsed() < PATIENCE);
    };
    // Past nginx, whose old worker may answer for a moment still.
    server.person("ana").add(&list, "Bread");
    again.until_text("Bread");
}

#[test]
fn without_a_session_a_reader_learns_so_through_nginx_too() {
    let Some(program) = program() else { return };
    let server = TestServer::start();
    let nginx = Nginx::start(&program, &server);
    assert_eq!(Request::get("/events").send(nginx.port).unwrap().status, 401);
}

#[test]
fn a_reload_of_nginx_loses_nothing() {
    let Some(program) = program() else { return };
    let server = TestServer::start();
    let nginx = Nginx::start(&program, &server);
    let (ana, list, mut stream) = nginx.listener(&server);
    let (mut said, mut heard, mut cuts) = (0, Vec::new(), 0);
    // Twice: the old worker lets go of the stream after a second, which is when this reader comes back.
    while cuts < 2 {
        nginx.reload(&server);
        loop {
            ana.add(&list, &format!("Task {said}"));
            said += 1;
            match stream.next() {
                Ok(Some(frame)) if frame.event == "change" => heard.push(frame.data),
                Ok(Some(_)) => {}
                Ok(None) | Err(_) => break,
            }
        }
        cuts += 1;
        stream = ana.stream("/events", &stream.last_id);
    }
    ana.add(&list, "The last");
    heard.extend(
        stream
            .until_text("The last")
            .into_iter()
            .filter(|frame| frame.event == "change")
            .map(|frame| frame.data),
    );
    let titles: Vec<String> = (0..said).map(|n| format!("\"Task {n}\"")).collect();
    assert_eq!(heard.len(), said + 1);
    for (data, title) in heard.iter().zip(&titles) {
        assert!(data.contains(title), "{title} should be {data}");
    }
}
