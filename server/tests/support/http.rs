//! An HTTP/1.1 client of nothing but sockets: what a test sends is what goes over the wire, and what comes is not tidied.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// How long anything may take on a machine that has other things to do.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A request on its way to being sent.
#[derive(Clone)]
pub(crate) struct Request {
    method: &'static str,
    path: String,
    headers: String,
    body: Vec<u8>,
}

/// What came back.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: String::new(),
            body: Vec::new(),
        }
    }

    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    /// As a script posts.
    pub(crate) fn json(path: &str, json: &impl serde::Serialize) -> Self {
        Self::new("POST", path)
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .body(serde_json::to_vec(json).unwrap())
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it over a connection of its own.
    pub(crate) fn send(&self, port: u16) -> io::Result<Response> {
        Connection::open(port)?.send(self)
    }
}

impl Response {
    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known == name);
        values.next().map(|(_, value)| value.as_str())
    }
}

/// A connection that may carry several requests, one after another.
pub(crate) struct Connection {
    pub(crate) reader: BufReader<TcpStream>,
}

impl Connection {
    pub(crate) fn open(port: u16) -> io::Result<Self> {
        Self::open_for(port, PATIENCE)
    }

    /// One that gives up when it hears nothing for that long.
    pub(crate) fn open_for(port: u16, patience: Duration) -> io::Result<Self> {
        let socket = TcpStream::connect(("127.0.0.1", port))?;
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(patience))?;
        socket.set_write_timeout(Some(patience))?;
        Ok(Self {
            reader: BufReader::new(socket),
        })
    }

    pub(crate) fn send(&mut self, request: &Request) -> io::Result<Response> {
        let mut head = self.ask(request)?;
        let mut body = Vec::new();
        if request.method != "HEAD" {
            head.body(&mut self.reader).read_to_end(&mut body)?;
        }
        let Head { status, headers } = head;
        Ok(Response {
            status,
            headers,
            body,
        })
    }

    /// Sends it and reads what comes before the body.
    pub(crate) fn ask(&mut self, request: &Request) -> io::Result<Head> {
        let Request {
            method,
            path,
            headers,
            body,
        } = request;
        let length = body.len();
        let host = if headers.starts_with("host: ") || headers.contains("\nhost: ") {
            ""
        } else {
            "host: localhost\r\n"
        };
        let mut bytes =
            format!("{method} {path} HTTP/1.1\r\n{host}{headers}content-length: {length}\r\n\r\n")
                .into_bytes();
        bytes.extend_from_slice(body);
        self.reader.get_mut().write_all(&bytes)?;
        Head::read(&mut self.reader)
    }
}

/// What comes before the body of a response.
pub(crate) struct Head {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
}

impl Head {
    fn read(reader: &mut impl BufRead) -> io::Result<Self> {
        let status = line(reader)?;
        let status = status
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.get(..3)?.parse().ok())
            .ok_or_else(|| malformed(&status))?;
        let mut headers = Vec::new();
        loop {
            let text = line(reader)?;
            if text.is_empty() {
                return Ok(Self { status, headers });
            }
            let (name, value) = text.split_once(": ").ok_or_else(|| malformed(&text))?;
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
    }

    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The bytes of the body, as they come.
    pub(crate) fn body<R: BufRead>(&mut self, reader: R) -> Body<R> {
        let length = self
            .value("content-length")
            .and_then(|length| length.parse().ok());
        let left = match length {
            _ if matches!(self.status, 204 | 304) => Left::Bytes(0),
            Some(length) => Left::Bytes(length),
            None if self.value("transfer-encoding").is_some() => Left::Chunk(0),
            None => Left::UntilClosed,
        };
        Body { reader, left }
    }
}

/// A body as it comes, without the marks of its transfer.
pub(crate) struct Body<R> {
    pub(crate) reader: R,
    left: Left,
}

enum Left {
    Bytes(u64),
    /// Of the chunk that is being read.
    Chunk(u64),
    UntilClosed,
}

impl<R: BufRead> Read for Body<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Left::Chunk(0) = self.left {
            let size = line(&mut self.reader)?;
            let size = u64::from_str_radix(&size, 16).map_err(|_| malformed(&size))?;
            self.left = Left::Chunk(size);
            if size == 0 {
                line(&mut self.reader)?;
                self.left = Left::Bytes(0);
            }
        }
        let most = match self.left {
            Left::Bytes(left) | Left::Chunk(left) => left,
            Left::UntilClosed => u64::MAX,
        };
        if most == 0 {
            return Ok(0);
        }
        let count = (&mut self.reader).take(most).read(buffer)?;
        match &mut self.left {
            Left::Bytes(left) | Left::Chunk(left) if count == 0 && !buffer.is_empty() && *left > 0 => {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            Left::Bytes(left) => *left -= count as u64,
            Left::Chunk(left) => {
                *left -= count as u64;
                if *left == 0 {
                    line(&mut self.reader)?;
                }
            }
            Left::UntilClosed => {}
        }
        Ok(count)
    }
}

/// A line that ends in CR LF, without it.
fn line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut text = String::new();
    reader.read_line(&mut text)?;
    match text.strip_suffix("\r\n") {
        Some(line) => Ok(line.to_owned()),
        None if text.is_empty() => Err(io::ErrorKind::UnexpectedEof.into()),
        None => Err(malformed(&text)),
    }
}

fn malformed(text: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("not HTTP: {text:?}"))
}
