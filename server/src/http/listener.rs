//! The accept loop: our own, since every stream must be told to end and a shutdown must not wait for readers.
//!
//! What `axum::serve` lacks here: `TCP_NODELAY` (an event is a small packet and must leave at once), a time limit for
//! request headers, small buffers, an end to what was left without a word, and a shutdown that is bounded.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioTimer;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tokio::task::{JoinError, JoinSet};
use tower::Service;

use crate::http::client_ip::Peer;
use crate::http::connection_limits::{ConnectionLimits, Place};
use crate::http::stream_connection;
use crate::http::stream_connection::Streaming;

/// How long a peer may take to send its request's headers.
const HEADERS: Duration = Duration::from_secs(10);

/// How long requests under way may take once the server is told to stop. The rest is cut.
const DRAIN: Duration = Duration::from_secs(5);

/// The most bytes of a request that wait in memory to be read.
const BUFFER: usize = 40 * 1024;

/// The most bytes of an answer that the system keeps for a peer who does not take them; it doubles that for its own use.
const SEND_BUFFER: usize = 256 * 1024;

/// The longest that a peer may take for the next part of an answer, about a third of what the system keeps: who reads less than 5 KiB in
/// a second, of an answer that is larger than that, does not get to its end.
const SLOWEST: Duration = Duration::from_secs(30);

/// The longest that a peer may leave what it was sent unacknowledged, or unread.
const LONGEST_SILENCE: Duration = Duration::from_secs(40);

/// Serves until `stop` says true, then waits for what is under way, at most [`DRAIN`].
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    heartbeat: Duration,
    mut stop: watch::Receiver<bool>,
) {
    let mut connections = Connections::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((socket, peer)) => {
                    if let Err(error) = end_when_silent(&socket, silence(heartbeat)) {
                        tracing::debug!(%error, %peer, "the time limit of a socket could not be set");
                    }
                    // Who gets no place is cut at once, without a word.
                    if let Some(place) = limits.take(peer.ip()) {
                        connections.spawn(connection(socket, peer, place, router.clone(), stop.clone()));
                    }
                }
                // No file descriptor left, most likely: what is open goes on, and the next one is tried soon.
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            Some(ended) = connections.join_next() => go_on(&mut connections, ended),
            () = told(&mut stop) => break,
        }
    }
    drop(listener);
    let all = async {
        while let Some(ended) = connections.join_next().await {
            go_on(&mut connections, ended);
        }
    };
    if tokio::time::timeout(DRAIN, all).await.is_err() {
        tracing::warn!("some requests were still running when the time to stop was over");
    }
}

/// A connection that turns out to be a stream ends as a task, and what is left of it goes on as a smaller one.
type Connections = JoinSet<Option<(Streaming, Arc<Place>)>>;

fn go_on(connections: &mut Connections, ended: Result<Option<(Streaming, Arc<Place>)>, JoinError>) {
    if let Ok(Some((streaming, place))) = ended {
        connections.spawn(async {
            streaming.await;
            drop(place);
            None
        });
    }
}

async fn connection(
    socket: TcpStream,
    peer: SocketAddr,
    (place, mut closed): (Place, oneshot::Receiver<()>),
    router: Router,
    mut stop: watch::Receiver<bool>,
) -> Option<(Streaming, Arc<Place>)> {
    if let Err(error) = socket.set_nodelay(true) {
        tracing::debug!(%error, %peer, "TCP_NODELAY could not be set");
    }
    let place = Arc::new(place);
    let asked = Arc::clone(&place);
    let service = service_fn(move |mut request: Request<Incoming>| {
        asked.asked();
        request.extensions_mut().insert(Peer(peer.ip()));
        // A router is always ready.
        router.clone().call(request)
    });
    let (socket, service, mut stream) = stream_connection::lend(socket, service);
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .max_buf_size(BUFFER);
    let stalled = socket.stalled();
    let mut connection = builder.serve_connection(socket, service);
    let (mut stopping, mut waits) = (false, true);
    loop {
        tokio::select! {
            ended = &mut connection => {
                if let Err(error) = ended {
                    tracing::debug!(%error, %peer, "a connection ended early");
                }
                return None;
            }
            Ok(begun) = &mut stream => {
                return Some((Streaming::new(connection.into_parts().io, begun), place));
            }
            gave_way = &mut closed, if waits => {
                waits = false;
                if gave_way.is_ok() {
                    return None;
                }
            }
            () = stalled.for_longer_than(SLOWEST) => {
                tracing::debug!(%peer, "a reader was too slow");
                return None;
            }
            () = told(&mut stop), if !stopping => {
                stopping = true;
                std::pin::Pin::new(&mut connection).graceful_shutdown();
            }
        }
    }
}

/// How long a peer may be silent. A stream says something every heartbeat, so who has gone is noticed within three.
fn silence(heartbeat: Duration) -> Duration {
    (heartbeat * 2).min(LONGEST_SILENCE)
}

/// A laptop that is closed or a cable that is pulled says nothing, and TCP alone would wait a quarter of an hour for it. So the
/// system gives up on what is not acknowledged in time, and on a peer whose window stays shut since it reads no more.
fn end_when_silent(socket: &TcpStream, silence: Duration) -> io::Result<()> {
    let socket = SockRef::from(socket);
    let second = Duration::from_secs(1);
    let probes = TcpKeepalive::new()
        .with_time((silence / 2).max(second))
        .with_interval((silence / 4).max(second));
    socket.set_tcp_keepalive(&probes)?;
    socket.set_send_buffer_size(SEND_BUFFER)?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(silence))?;
    Ok(())
}

/// Returns when it is time to stop, also when nobody is left to say so.
async fn told(stop: &mut watch::Receiver<bool>) {
    drop(stop.wait_for(|stop| *stop).await);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_gone_without_a_word_is_noticed_within_a_minute_at_the_usual_heartbeat() {
        let heartbeat = Duration::from_secs(20);
        assert!(heartbeat + silence(heartbeat) <= Duration::from_secs(60));
        assert_eq!(silence(Duration::from_secs(1)), Duration::from_secs(2));
        assert_eq!(silence(Duration::from_secs(60)), LONGEST_SILENCE);
    }
}
