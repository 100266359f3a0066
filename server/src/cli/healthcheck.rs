//! Whether the server on this machine answers: a container without a shell has no other program to ask with.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use clap::Args;

/// Longer than a server that works needs, and shorter than whoever checks waits.
const PATIENCE: Duration = Duration::from_secs(3);

/// Which server to ask: by the variables that tell the server where to listen.
#[derive(Args, Debug, Clone)]
pub(crate) struct Healthcheck {
    /// The address that the server listens on
    #[arg(
        long,
        env = "TANDEM_LISTEN",
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:3000"
    )]
    listen: SocketAddr,

    /// The port, if only that is different
    #[arg(long, env = "PORT", value_name = "PORT")]
    port: Option<u16>,
}

/// Asks the server how it is. An error is a sentence: it is not there, or what it says of itself is not good.
pub(crate) fn run(asked: &Healthcheck) -> Result<(), String> {
    // A server that listens everywhere listens here.
    let ip = match asked.listen.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    let address = SocketAddr::new(ip, asked.port.unwrap_or_else(|| asked.listen.port()));
    let answer =
        ask(address).map_err(|error| format!("The server at {address} does not answer: {error}."))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    match head.split(' ').nth(1) {
        Some("200") => Ok(()),
        _ => Err(format!(
            "The server at {address} is not healthy: {}",
            body.trim_end()
        )),
    }
}

fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(
        format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").as_bytes(),
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
