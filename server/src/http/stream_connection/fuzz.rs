//! Whatever bytes a title has, what goes over the socket is a stream by the letter.

use std::panic::AssertUnwindSafe;

use backend::{Backend, Config, Filter, Visitor};
use bolero::{check, produce};
use domain::wire::{Asked, Cursor, Numbered, Push};
use domain::{ClientId, Command, CommandSeq, Field, ListCommand, Notes, Place, Row, Seq, TaskId, Title};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use self::lint::Lint;
use super::*;
use crate::soup::soup;

#[expect(dead_code, reason = "the stream is not read while it comes")]
#[path = "../../../tests/support/lint.rs"]
mod lint;

struct World {
    _folder: tempfile::TempDir,
    backend: Backend,
    runtime: Runtime,
}

#[test]
fn what_is_said_is_one_event_a_frame_in_whole_chunks() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = Runtime::new().unwrap();
    let file = folder.path().join("tandem.db");
    let open = Backend::open(Config::new(format!("sqlite:{}", file.display())));
    let backend = runtime.block_on(open).unwrap();
    let world = AssertUnwindSafe(World {
        _folder: folder,
        backend,
        runtime,
    });
    let words = &[
        "a",
        " ",
        "\n",
        "\r",
        "\r\n\r\n",
        "\t",
        "data: {}",
        "event: bye\n",
        "id: k3.9",
        ":",
        "\u{2028}",
        "\u{feff}",
        "\\",
        "\"",
        "0\r\n\r\n",
        "\u{85}",
        "\u{200d}",
        "e\u{301}",
    ];
    check!()
        .with_generator((soup(words), soup(words), produce::<[u8; 16]>(), produce::<bool>()))
        .with_iterations(200)
        .for_each(|(title, notes, id, chunked)| {
            let (Ok(title), Ok(notes)) = (Title::parse(title), Notes::parse(notes)) else {
                return;
            };
            world.runtime.block_on(world.say(title, notes, *id, *chunked));
        });
}

impl World {
    async fn say(&self, title: Title, notes: Notes, id: [u8; 16], chunked: bool) {
        let visitor = Visitor::from_token(&[7; 32]);
        let (list, task) = (visitor.first_list(), TaskId::from_bytes(id));
        let before = self.backend.lists().overview(&visitor).await.unwrap().head;
        let commands = [
            ListCommand::add(task, Place::End, title),
            ListCommand::set_from(task, Field::Notes(Notes::default()), Field::Notes(notes)),
        ];
        let push = Push {
            person: visitor.person(),
            epoch: self.backend.epoch().clone(),
            client: ClientId::derived(app::server_fns::random().unwrap()),
            commands: (1..)
                .zip(commands)
                .map(|(command_seq, command)| Numbered {
                    command_seq: CommandSeq(command_seq),
                    command: Asked::Readable(Command::List(list, command)),
                })
                .collect(),
        };
        self.backend.push(&visitor, push).await.unwrap();
        let since = Cursor {
            epoch: self.backend.epoch().clone(),
            seq: before,
        };
        let since = since.to_string();
        let changes = self
            .backend
            .live()
            .changes(&visitor, Some(&since), Filter::default(), Duration::ZERO);
        let frames = changes.await.unwrap();
        // One for this reader alone, with several frames in it, and each as all are sent it.
        let own: Vec<u8> = frames.iter().flat_map(|frame| frame.bytes().to_vec()).collect();
        let count = frames.len();
        let pieces = frames.iter().cloned().map(Piece::Shared).collect();
        for pieces in [pieces, vec![Piece::Own(own.clone())]] {
            let said = sent(pieces, chunked).await;
            assert_eq!(said, own, "{}", String::from_utf8_lossy(&said));
        }
        let mut lint = Lint::default();
        lint.take(&own).and_then(|()| lint.end()).unwrap();
        let ends = own.windows(2).filter(|two| two == b"\n\n").count();
        assert_eq!(ends, count, "an event each");
        for frame in frames.iter().filter(|frame| frame.event() == "change") {
            let row: Row = serde_json::from_slice(frame.data()).unwrap();
            assert!(row.seq > Seq::ZERO);
        }
    }
}

/// What a reader makes of the pieces, at the other end of a socket.
async fn sent(pieces: Vec<Piece>, chunked: bool) -> Vec<u8> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut reader = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (socket, _) = listener.accept().await.unwrap();
    let lent = Lent {
        socket: TokioIo::new(socket),
        full: Arc::default(),
        stalled: Arc::default(),
    };
    let begun = Begun {
        head: Vec::new(),
        chunked,
        pieces: Box::pin(futures_util::stream::iter(pieces)),
        line: Line::default(),
    };
    Streaming::new(lent, begun).await;
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).await.unwrap();
    if chunked { without_chunks(&bytes) } else { bytes }
}

/// What is in the chunks (RFC 9112, 7.1): nothing may stand after the last.
fn without_chunks(mut bytes: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    loop {
        let end = bytes.windows(2).position(|two| two == b"\r\n").unwrap();
        let size = usize::from_str_radix(str::from_utf8(&bytes[..end]).unwrap(), 16).unwrap();
        let (chunk, rest) = bytes[end + 2..].split_at(size);
        whole.extend_from_slice(chunk);
        bytes = rest.strip_prefix(b"\r\n").unwrap();
        if size == 0 {
            assert!(bytes.is_empty());
            return whole;
        }
    }
}
