//! A reader of `GET /events`, by the letter of the specification (WHATWG HTML, 9.2.6), but strict where it is lenient.

pub(crate) mod lint;

use std::io::{self, BufRead, BufReader};
use std::net::TcpStream;

use domain::wire::Event;

use super::http::{Body, Connection, Head, Request};
use lint::Linted;

/// An open stream.
pub(crate) struct Stream {
    pub(crate) head: Head,
    /// All bytes of the body so far.
    pub(crate) bytes: Vec<u8>,
    /// Each `retry:` so far, in milliseconds.
    pub(crate) retries: Vec<u64>,
    /// The cursor to come back with: that of the last whole event.
    pub(crate) last_id: String,
    body: BufReader<Linted<Body<BufReader<TcpStream>>>>,
}

/// An event as it came.
#[derive(Clone, PartialEq, Eq, Debug, serde::Deserialize)]
pub(crate) struct Frame {
    pub(crate) id: String,
    pub(crate) event: String,
    pub(crate) data: String,
}

impl Frame {
    /// What it says.
    pub(crate) fn event(&self) -> Event {
        let data: serde_json::Value = serde_json::from_str(&self.data).unwrap();
        serde_json::from_value(serde_json::json!({ "event": self.event, "data": data })).unwrap()
    }
}

impl Stream {
    /// Sends the request, reads the head. Whether it is a stream is for the caller to see.
    pub(crate) fn open(port: u16, request: &Request) -> io::Result<Self> {
        Self::over(Connection::open(port)?, request)
    }

    /// The same over a connection that is open already.
    pub(crate) fn over(mut connection: Connection, request: &Request) -> io::Result<Self> {
        let mut head = connection.ask(request)?;
        let is_stream = head.value("content-type") == Some("text/event-stream");
        let body = BufReader::new(Linted::new(head.body(connection.reader), is_stream));
        Ok(Self {
            head,
            bytes: Vec::new(),
            retries: Vec::new(),
            last_id: String::new(),
            body,
        })
    }

    /// The next event; none when the stream has ended as it should, between two events.
    pub(crate) fn next(&mut self) -> io::Result<Option<Frame>> {
        let (mut event, mut data) = (String::new(), None::<String>);
        let mut last_id = self.last_id.clone();
        let mut begun = false;
        loop {
            let from = self.bytes.len();
            self.body.read_until(b'\n', &mut self.bytes)?;
            let line = str::from_utf8(&self.bytes[from..]).map_err(|_| odd("not UTF-8"))?;
            let Some(line) = line.strip_suffix('\n') else {
                return match (line, begun) {
                    ("", false) => Ok(None),
                    _ => Err(odd("cut in the middle of an event")),
                };
            };
            begun = !line.is_empty();
            match line.split_once(": ") {
                None if line.is_empty() => {
                    self.last_id.clone_from(&last_id);
                    if let Some(data) = data {
                        return Ok(Some(Frame {
                            id: last_id,
                            event,
                            data,
                        }));
                    }
                }
                Some(("id", value)) => value.clone_into(&mut last_id),
                Some(("event", value)) => value.clone_into(&mut event),
                Some(("data", value)) if data.is_none() => data = Some(value.to_owned()),
                Some(("retry", value)) => {
                    self.retries.push(value.parse().map_err(|_| odd(line))?);
                }
                _ => return Err(odd(line)),
            }
        }
    }
}

fn odd(line: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("no stream has this: {line:?}"),
    )
}
