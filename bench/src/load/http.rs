//! As much of HTTP/1.1 as a client of known servers needs.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::problem::Problem;

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

/// An answer, whole.
pub(crate) struct Answer {
    /// Its status and headers, in small letters.
    pub(crate) head: String,
    /// The body of the answer.
    pub(crate) body: Vec<u8>,
}

/// Sends a request and reads the answer to its end.
pub(crate) async fn answer(socket: &mut TcpStream, request: &[u8]) -> Result<Answer, Problem> {
    socket.write_all(request).await?;
    let (head, mut body) = head(socket).await?;
    let length = value(&head, "content-length").map(str::parse::<usize>);
    let is_chunked = value(&head, "transfer-encoding") == Some("chunked");
    let whole = |body: &[u8]| match &length {
        Some(Ok(length)) => body.len() >= *length,
        _ if is_chunked => body.ends_with(b"0\r\n\r\n"),
        _ => true,
    };
    while !whole(&body) {
        if socket.read_buf(&mut body).await? == 0 {
            return Err("the server closed a connection".into());
        }
    }
    if is_chunked {
        body = unchunked(&body)?;
    }
    Ok(Answer { head, body })
}

/// Sends a request and reads the answer to its end; one that is no success is an error.
pub(super) async fn ask(socket: &mut TcpStream, request: &[u8]) -> Result<String, Problem> {
    let Answer { head, body } = answer(socket, request).await?;
    let body = String::from_utf8_lossy(&body);
    if status(&head).starts_with('2') {
        Ok(body.into_owned())
    } else {
        Err(format!("refused: {head}{body}").into())
    }
}

/// The three digits of an answer's status.
pub(crate) fn status(head: &str) -> &str {
    head.split(' ').nth(1).unwrap_or_default()
}

/// A header of an answer.
pub(crate) fn value<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(other, _)| *other == name)
        .map(|(_, value)| value.trim())
}

/// The pieces of a chunked body, joined.
fn unchunked(mut rest: &[u8]) -> Result<Vec<u8>, Problem> {
    let mut whole = Vec::with_capacity(rest.len());
    loop {
        let end = position(rest, b"\r\n").ok_or("a chunk has no length")?;
        let (length, data) = rest.split_at(end);
        let length = usize::from_str_radix(std::str::from_utf8(length)?, 16)?;
        if length == 0 {
            return Ok(whole);
        }
        let data = data.get(2..).unwrap_or_default();
        whole.extend_from_slice(data.get(..length).ok_or("a chunk is cut off")?);
        rest = data.get(length + 2..).ok_or("a chunk is cut off")?;
    }
}

fn position(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
