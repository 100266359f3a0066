//! As much of HTTP/1.1 as a client of known servers needs.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Problem;

/// Reads until the end of the head of an answer, and returns it with what came after it.
pub(super) async fn head(socket: &mut TcpStream) -> Result<(String, Vec<u8>), Problem> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = position(&bytes, b"\r\n\r\n") {
            let rest = bytes.split_off(end + 4);
            return Ok((String::from_utf8(bytes)?.to_ascii_lowercase(), rest));
        }
        if socket.read_buf(&mut bytes).await? == 0 {
            return Err("the server closed a connection".into());
        }
    }
}

/// Sends a request and reads the answer to its end.
pub(super) async fn ask(socket: &mut TcpStream, request: &[u8]) -> Result<String, Problem> {
    socket.write_all(request).await?;
    let (head, mut body) = head(socket).await?;
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map(|length| length.trim().parse::<usize>());
    let whole = |body: &[u8]| match &length {
        Some(Ok(length)) => body.len() >= *length,
        _ if head.contains("transfer-encoding: chunked") => body.ends_with(b"0\r\n\r\n"),
        _ => true,
    };
    while !whole(&body) {
        if socket.read_buf(&mut body).await? == 0 {
            return Err("the server closed a connection".into());
        }
    }
    let body = String::from_utf8_lossy(&body);
    if head.starts_with("http/1.1 2") {
        Ok(body.into_owned())
    } else {
        Err(format!("refused: {head}{body}").into())
    }
}

fn position(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
