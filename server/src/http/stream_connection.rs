//! What is left of a connection once it is a stream: its socket and a small task.
//!
//! Hyper keeps two buffers of 8 KiB and the state of a request for as long as a connection lives, and a stream needs none of
//! that after its head. So a handler hands over what is to be sent, the accept loop takes the socket out of hyper before a
//! byte of the answer was written, and the rest is written here: head, chunks, and a chunk without bytes for an end in order.
//! A frame is bytes that all readers share; they are copied only for a reader whose socket is full.
//!
//! A reader who is caught up costs one call: [`Pipe`] is where whoever tells a frame writes it, and the task sleeps on. It
//! is there for all that takes waiting: the beginning, a socket that is full, a reader who fell behind, the end.

use std::io::{self, IoSlice};
use std::mem::take;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, Response, Version};
use backend::{Clock, DirectSink, Frame, Line, SendOutcome};
use futures_util::{Stream, future};
use hyper::body::Incoming;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::service::Service;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use crate::http::stalled::Stalled;

/// What a reader may send after its request, for nothing. More, and it is cut.
const MOST_READ: usize = 64 * 1024;

/// Pieces that are sent before others have their turn.
const TURN: usize = 16;

/// A piece of what a stream says.
pub(crate) enum Piece {
    /// An event that others are told, too.
    Shared(Frame),
    /// Whole events for this reader alone.
    Own(Vec<u8>),
}

/// What a stream says, piece by piece.
type Pieces = Pin<Box<dyn Stream<Item = Piece> + Send>>;

/// A stream on its way from a handler to the accept loop, as an extension of the answer whose head it has. The answer's body
/// is sent instead where the socket cannot be handed over.
#[derive(Clone)]
pub(crate) struct Handover(Arc<Mutex<Option<(Pieces, Line)>>>);

impl Handover {
    /// What is told on the line while the pieces are waited for may go past them.
    pub(crate) fn new(pieces: impl Stream<Item = Piece> + Send + 'static, line: Line) -> Self {
        Self(Arc::new(Mutex::new(Some((Box::pin(pieces), line)))))
    }

    fn take(&self) -> Option<(Pieces, Line)> {
        self.0.lock().take()
    }
}

/// The service of one connection: answers as the one inside does, until an answer is a stream. That one it keeps and passes on.
pub(crate) struct Diverting<S> {
    inner: S,
    full: Arc<AtomicBool>,
    pass_on: Arc<Mutex<Option<oneshot::Sender<Begun>>>>,
}

/// A stream that is to be written to the connection's socket.
pub(crate) struct Begun {
    head: Vec<u8>,
    chunked: bool,
    pieces: Pieces,
    line: Line,
}

/// The socket as hyper has it.
pub(crate) struct Lent {
    socket: TokioIo<TcpStream>,
    /// Hyper has bytes of earlier answers that the socket does not take yet.
    full: Arc<AtomicBool>,
    stalled: Arc<Stalled>,
}

/// Lends a socket to hyper: what it reads and writes, what is to answer, and the stream that the socket may be wanted for.
pub(crate) fn lend<S>(socket: TcpStream, inner: S) -> (Lent, Diverting<S>, oneshot::Receiver<Begun>) {
    let (pass_on, begun) = oneshot::channel();
    let full = Arc::<AtomicBool>::default();
    let lent = Lent {
        socket: TokioIo::new(socket),
        full: Arc::clone(&full),
        stalled: Arc::default(),
    };
    let diverting = Diverting {
        inner,
        full,
        pass_on: Arc::new(Mutex::new(Some(pass_on))),
    };
    (lent, diverting, begun)
}

impl<S> Service<Request<Incoming>> for Diverting<S>
where
    S: Service<Request<Incoming>, Response = Response<Body>>,
    S::Future: Send + 'static,
    S::Error: Send,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let version = request.version();
        // After a head alone the connection goes on. So it does where an earlier answer still waits in hyper, since it was given
        // before all that was sent with its request had come: the stream is then told to come back.
        let possible = request.method() == Method::GET && !self.full.load(Ordering::Relaxed);
        let pass_on = Arc::clone(&self.pass_on);
        let answer = self.inner.call(request);
        Box::pin(async move {
            let mut response = answer.await?;
            let handover = response.extensions_mut().remove::<Handover>();
            let pieces = handover.filter(|_| possible).and_then(|handover| handover.take());
            let Some((pieces, line)) = pieces else {
                return Ok(response);
            };
            let chunked = version == Version::HTTP_11;
            let begun = Begun {
                head: head(response.headers(), chunked),
                chunked,
                pieces,
                line,
            };
            drop(response);
            if let Some(pass_on) = pass_on.lock().take() {
                drop(pass_on.send(begun));
            }
            // The connection is taken apart while this waits.
            future::pending().await
        })
    }
}

fn head(headers: &HeaderMap, chunked: bool) -> Vec<u8> {
    let mut head = if chunked { b"HTTP/1.1" } else { b"HTTP/1.0" }.to_vec();
    head.extend_from_slice(b" 200 OK\r\n");
    let mut say = |name: &str, value: &[u8]| {
        head.extend_from_slice(name.as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value);
        head.extend_from_slice(b"\r\n");
    };
    for (name, value) in headers {
        say(name.as_str(), value.as_bytes());
    }
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(Clock::system().now().0);
    say("date", httpdate::fmt_http_date(now).as_bytes());
    say("connection", b"close");
    if chunked {
        say("transfer-encoding", b"chunked");
    }
    head.extend_from_slice(b"\r\n");
    head
}

/// The way to a reader: whole pieces go in, by whomever, and leave in that order.
struct Pipe {
    socket: TcpStream,
    chunked: bool,
    /// What the socket did not take.
    unsent: Mutex<Vec<u8>>,
}

impl Pipe {
    /// Sends a piece, as a chunk if it is to be one.
    fn send(&self, piece: &Piece) -> io::Result<()> {
        match piece {
            Piece::Shared(frame) => self.write(self.told(frame)),
            Piece::Own(bytes) if self.chunked => {
                let size = format!("{:x}\r\n", bytes.len());
                self.write(&[size.as_bytes(), bytes, b"\r\n"].concat())
            }
            Piece::Own(bytes) => self.write(bytes),
        }
    }

    fn told<'a>(&self, frame: &'a Frame) -> &'a [u8] {
        if self.chunked {
            frame.chunk()
        } else {
            frame.bytes()
        }
    }

    /// Writes as much of that as the socket takes, and keeps the rest.
    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut unsent = self.unsent.lock();
        let mut sent = 0;
        if unsent.is_empty() {
            sent = match self.socket.try_write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
                sent => sent?,
            };
        }
        unsent.extend_from_slice(bytes.get(sent..).unwrap_or_default());
        Ok(())
    }

    /// Sends what was kept.
    fn poll_unsent(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            let mut unsent = self.unsent.lock();
            if unsent.is_empty() {
                // A reader that is behind once does not keep the room for it.
                *unsent = Vec::new();
                return Poll::Ready(Ok(()));
            }
            match self.socket.try_write(&unsent) {
                Ok(sent) => drop(unsent.drain(..sent)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    drop(unsent);
                    ready!(self.socket.poll_write_ready(context))?;
                }
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl DirectSink for Pipe {
    fn offer(&self, frame: &Frame) -> SendOutcome {
        let bytes = self.told(frame);
        let mut unsent = self.unsent.lock();
        if !unsent.is_empty() {
            return SendOutcome::Refused;
        }
        match self.socket.try_write(bytes) {
            Ok(sent) if sent == bytes.len() => SendOutcome::Sent,
            Ok(sent) => {
                unsent.extend_from_slice(bytes.get(sent..).unwrap_or_default());
                SendOutcome::Begun
            }
            // Full or broken: the task finds out which.
            Err(_) => SendOutcome::Refused,
        }
    }
}

/// A stream being sent: ends when it has ended, or its reader has gone.
pub(crate) struct Streaming {
    pipe: Arc<Pipe>,
    pieces: Pieces,
    /// Nothing was sent yet.
    fresh: bool,
    ended: bool,
    /// Bytes that the reader has sent for nothing.
    read: usize,
}

impl Streaming {
    pub(crate) fn new(lent: Lent, begun: Begun) -> Self {
        let pipe = Arc::new(Pipe {
            socket: lent.socket.into_inner(),
            chunked: begun.chunked,
            unsent: Mutex::new(begun.head),
        });
        begun.line.lead_to(Arc::clone(&pipe) as Arc<dyn DirectSink>);
        Self {
            pipe,
            pieces: begun.pieces,
            fresh: true,
            ended: false,
            read: 0,
        }
    }

    /// Ready when the reader has gone. What it says is of no interest.
    fn poll_gone(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut bytes = [0; 512];
        while let Poll::Ready(ready) = self.pipe.socket.poll_read_ready(context) {
            let read = ready.and_then(|()| self.pipe.socket.try_read(&mut bytes));
            match read {
                Ok(1..) if self.read < MOST_READ => self.read += read.unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Ok(_) | Err(_) => return Poll::Ready(()),
            }
        }
        Poll::Pending
    }

    fn poll_said(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        for _ in 0..TURN {
            // The head leaves with the first piece, if there is one already.
            if !take(&mut self.fresh) {
                ready!(self.pipe.poll_unsent(context))?;
            }
            if self.ended {
                return Poll::Ready(Ok(()));
            }
            match self.pieces.as_mut().poll_next(context) {
                Poll::Ready(Some(piece)) => self.pipe.send(&piece)?,
                Poll::Ready(None) => {
                    self.ended = true;
                    if self.pipe.chunked {
                        self.pipe.write(b"0\r\n\r\n")?;
                    }
                }
                Poll::Pending => {
                    ready!(self.pipe.poll_unsent(context))?;
                    return Poll::Pending;
                }
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Future for Streaming {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if let Poll::Ready(ended) = self.poll_said(context) {
            if let Err(error) = ended {
                tracing::debug!(%error, "a stream was cut");
            }
            return Poll::Ready(());
        }
        self.poll_gone(context)
    }
}

impl Read for Lent {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(context, buffer)
    }
}

impl Lent {
    /// What says since when the socket takes nothing.
    pub(crate) fn stalled(&self) -> Arc<Stalled> {
        Arc::clone(&self.stalled)
    }

    fn noted(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        let was_full = self.full.swap(written.is_pending(), Ordering::Relaxed);
        if was_full || written.is_pending() {
            self.stalled.note(written.is_pending());
        }
        written
    }
}

impl Write for Lent {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write(context, bytes);
        self.noted(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write_vectored(context, parts);
        self.noted(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
