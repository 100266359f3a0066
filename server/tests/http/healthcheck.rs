//! `tandem healthcheck`, by which a container learns whether the server inside works.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::Command;

use crate::server::{TestServer, binary};

/// Whether it is content with what answers at that address, and what it says.
fn check(address: &str) -> (bool, String) {
    let output = Command::new(binary())
        .arg("healthcheck")
        .env("TANDEM_LISTEN", address)
        .env_remove("PORT")
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_server_that_works_is_healthy_and_one_that_is_gone_is_not() {
    let mut server = TestServer::start();
    // As the server is told where to listen.
    for ip in ["127.0.0.1", "0.0.0.0"] {
        assert_eq!(check(&format!("{ip}:{}", server.port)), (true, String::new()));
    }
    server.kill();
    let (is_healthy, said) = check(&format!("0.0.0.0:{}", server.port));
    assert!(!is_healthy && said.contains("does not answer"), "{said}");
}

#[test]
fn a_server_that_says_it_cannot_write_is_not_healthy() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap())
            .lines()
            .map_while(Result::ok);
        let asked: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        stream
            .write_all(b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 17\r\n\r\nthe disk is full\n")
            .unwrap();
        asked
    });
    let (is_healthy, said) = check(&address);
    assert_eq!(answering.join().unwrap()[0], "GET /healthz HTTP/1.1");
    assert!(
        !is_healthy && said.ends_with("not healthy: the disk is full\n"),
        "{said}"
    );
}

#[test]
fn a_server_that_hangs_is_not_healthy() {
    // The kernel accepts for it, and nobody reads.
    let hung = TcpListener::bind("127.0.0.1:0").unwrap();
    let (is_healthy, said) = check(&hung.local_addr().unwrap().to_string());
    assert!(!is_healthy && said.contains("does not answer"), "{said}");
}
