//! What is said to each server: how to read a topic and how to change it.

use std::net::{Ipv4Addr, SocketAddr};

use backend::Visitor;
use domain::wire::{Asked, Numbered, Push};
use domain::{ClientId, Command, CommandSeq, Epoch, Field, ListCommand, Title};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};

use super::shape::Shape;
use super::{http, yjs};
use crate::peer::Peer;
use crate::prepared;
use crate::problem::Problem;

/// Streams from one source address: an address has some 28,000 ports.
const OF_ONE_ADDRESS: usize = 10_000;

/// A server, and what is asked of it.
pub(super) struct Target {
    pub(super) peer: Peer,
    pub(super) port: u16,
    pub(super) shape: Shape,
    /// The epoch of Tandem's database.
    pub(super) epoch: String,
}

impl Target {
    /// Opens a stream, the `number`th of all; returns what came after the head of the answer, too.
    pub(super) async fn subscribe(
        &self,
        topic: usize,
        reader: usize,
        number: usize,
    ) -> Result<(TcpStream, Vec<u8>), Problem> {
        let mut socket = self.connect(number).await?;
        let name = self.topic(topic);
        let (path, more) = match self.peer {
            Peer::Tandem => {
                let cookie = hex(&prepared::reader(self.shape, topic, reader));
                ("/events".to_owned(), format!("cookie: tandem={cookie}\r\n"))
            }
            Peer::Nchan | Peer::Naive | Peer::BetterSse => (format!("/sub/{name}"), String::new()),
            Peer::DurableStreams => (format!("/v1/stream/{name}?offset=now&live=sse"), String::new()),
            Peer::YWebsocket => {
                let more = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                    sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
                (format!("/{name}"), more.to_owned())
            }
        };
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n{more}\r\n");
        socket.write_all(request.as_bytes()).await?;
        let (head, rest) = http::head(&mut socket).await?;
        if !head.starts_with("http/1.1 200") && !head.starts_with("http/1.1 101") {
            return Err(format!("a stream was refused: {head}").into());
        }
        if self.peer == Peer::YWebsocket {
            socket.write_all(&yjs::hello()).await?;
        }
        Ok((socket, rest))
    }

    /// Makes the topic, where that is needed.
    pub(super) async fn make(&self, topic: usize) -> Result<(), Problem> {
        if self.peer == Peer::DurableStreams {
            let path = format!("/v1/stream/{}", self.topic(topic));
            let mut socket = self.connect(0).await?;
            http::ask(&mut socket, &request("PUT", &path, "text/plain", "", "")).await?;
        }
        Ok(())
    }

    /// A connection to change the topic by.
    pub(super) async fn publisher(&self, topic: usize) -> Result<TcpStream, Problem> {
        match self.peer {
            Peer::YWebsocket => Ok(self.subscribe(topic, 0, 0).await?.0),
            _ => self.connect(0).await,
        }
    }

    /// The bytes that make the `number`th change of a topic, counted from 1.
    pub(super) fn change(&self, topic: usize, number: u32, text: &str) -> Result<Vec<u8>, Problem> {
        let name = self.topic(topic);
        Ok(match self.peer {
            Peer::Tandem => {
                let token = prepared::host(self.shape, topic);
                let push = json!({ "push": self.push(&token, number, text)? }).to_string();
                let cookie = format!("cookie: tandem={}\r\naccept: application/json\r\n", hex(&token));
                request("POST", "/fn/push", "application/json", &cookie, &push)
            }
            Peer::Nchan | Peer::Naive | Peer::BetterSse => {
                request("POST", &format!("/pub/{name}"), "text/plain", "", text)
            }
            Peer::DurableStreams => request("POST", &format!("/v1/stream/{name}"), "text/plain", "", text),
            Peer::YWebsocket => yjs::append(u64::from(number - 1) * text.len() as u64, text),
        })
    }

    /// The host gives one task of the list another title.
    fn push(&self, token: &[u8; 32], number: u32, text: &str) -> Result<Push, Problem> {
        let host = Visitor::from_token(token);
        let [task, ..] = host.guest().ok_or("no guest")?.tasks;
        let title = Title::parse(text)?;
        let command = Command::List(host.first_list(), ListCommand::set(task, Field::Title(title)));
        // A page of its own for each load client that the server sees.
        let mut client = *host.person().as_bytes();
        for (to, from) in client.iter_mut().zip(std::process::id().to_be_bytes()) {
            *to ^= from;
        }
        Ok(Push {
            person: host.person(),
            epoch: Epoch::parse(&self.epoch).ok_or("no epoch")?,
            client: ClientId::from_bytes(client),
            commands: vec![Numbered {
                command_seq: CommandSeq(number.into()),
                command: Asked::Readable(command),
            }],
        })
    }

    /// No two shapes share a topic.
    fn topic(&self, topic: usize) -> String {
        format!("{}-{}-{topic}", self.shape.topics, self.shape.readers)
    }

    async fn connect(&self, number: usize) -> Result<TcpStream, Problem> {
        let socket = TcpSocket::new_v4()?;
        // Without an address of its own a connection may have a port that one to another server, of a round before, still holds.
        if let Some(more) = (number / OF_ONE_ADDRESS).checked_sub(1) {
            let address = Ipv4Addr::new(127, 0, 0, u8::try_from(2 + more)?);
            socket.bind(SocketAddr::from((address, 0)))?;
        }
        let socket = socket
            .connect(SocketAddr::from((Ipv4Addr::LOCALHOST, self.port)))
            .await?;
        socket.set_nodelay(true)?;
        Ok(socket)
    }
}

fn request(method: &str, path: &str, content: &str, more: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {content}\r\ncontent-length: {length}\r\n{more}\r\n{body}"
    )
    .into_bytes()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
