//! A stream that is asked for while an earlier answer still waits in hyper.

use std::convert::Infallible;

use axum::body::Body;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use super::*;

/// What is said where a socket is handed over, and where it cannot be.
const HANDED_OVER: &str = "data: handed over\n\n";
const COME_BACK: &str = "retry: 1\n\n";

/// What an earlier answer has for a head: more than the sockets take.
const LARGE: usize = 4 << 20;

/// Asks for a stream, and reads once it was asked for; before that for something else, or not. Gives all that was said.
async fn said_to(earlier: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut reader = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (served, _) = listener.accept().await.unwrap();
    SockRef::from(&reader).set_recv_buffer_size(LARGE / 8).unwrap();
    SockRef::from(&served).set_send_buffer_size(LARGE / 8).unwrap();

    let asked = Arc::new(Notify::new());
    let service = service_fn({
        let asked = Arc::clone(&asked);
        move |request: Request<Incoming>| {
            let answer = if request.uri().path() == "/events" {
                asked.notify_one();
                let mut answer = Response::new(Body::from(COME_BACK));
                let pieces = futures_util::stream::iter([Piece::Own(HANDED_OVER.into())]);
                answer
                    .extensions_mut()
                    .insert(Handover::new(pieces, Line::default()));
                answer
            } else {
                tokio::spawn(axum::body::to_bytes(Body::new(request.into_body()), 4));
                let large = Response::builder().header("large", "x".repeat(LARGE));
                large.body(Body::empty()).unwrap()
            };
            async { Ok::<_, Infallible>(answer) }
        }
    });
    let (lent, diverting, stream) = lend(served, service);
    let full = Arc::clone(&lent.full);
    let server = tokio::spawn(async move {
        let mut connection = http1::Builder::new().serve_connection(lent, diverting);
        tokio::select! {
            ended = &mut connection => ended.unwrap(),
            Ok(begun) = stream => Streaming::new(connection.into_parts().io, begun).await,
        }
    });
    if earlier {
        // Hyper goes on before an earlier answer is out only if that was a head alone and what came with its request ends later still.
        let head = b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4\r\n\r\n";
        reader.write_all(head).await.unwrap();
        while !full.load(Ordering::Relaxed) {
            tokio::task::yield_now().await;
        }
        reader.write_all(b"late").await.unwrap();
    }
    let events = b"GET /events HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    reader.write_all(events).await.unwrap();
    asked.notified().await;
    let mut said = String::new();
    reader.read_to_string(&mut said).await.unwrap();
    server.await.unwrap();
    said
}

#[tokio::test]
async fn where_an_earlier_answer_waits_in_hyper_it_comes_whole_and_the_stream_is_told_to_come_back() {
    let said = said_to(true).await;
    let (head, rest) = said.split_once("\r\n\r\n").unwrap();
    assert!(
        head.contains(&"x".repeat(LARGE)),
        "{} bytes of it came",
        head.len()
    );
    assert!(
        rest.starts_with("HTTP/1.1 200 OK\r\n") && rest.ends_with(COME_BACK),
        "{rest}"
    );
}

#[tokio::test]
async fn where_none_waits_the_socket_is_handed_over() {
    let said = said_to(false).await;
    assert!(said.contains(HANDED_OVER) && !said.contains(COME_BACK), "{said}");
}
