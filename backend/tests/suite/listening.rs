//! Listening to a stream, event by event.

use std::time::Duration;

use backend::{Frame, Subscriber};
use domain::Seq;
use domain::wire::Event;
use tokio::time::timeout;

use crate::world::event;

/// What a stream says next. One that falls silent fails the test instead of holding it up for ever.
pub(crate) async fn any(stream: &mut Subscriber) -> Frame {
    let frame = timeout(Duration::from_secs(60), stream.next()).await;
    frame
        .expect("the stream fell silent")
        .expect("the stream goes on")
}

/// What a stream says next of the log.
pub(crate) async fn next(stream: &mut Subscriber) -> Frame {
    loop {
        let frame = any(stream).await;
        if frame.seq().is_some() {
            return frame;
        }
    }
}

/// What a stream says next beside the log under that name.
pub(crate) async fn aside(stream: &mut Subscriber, name: &str) -> serde_json::Value {
    loop {
        let frame = any(stream).await;
        if frame.event() == name {
            assert_eq!(frame.seq(), None);
            let text = str::from_utf8(frame.bytes()).unwrap();
            assert!(text.starts_with(&format!("event: {name}\ndata: {{")) && text.ends_with("}\n\n"));
            return serde_json::from_slice(frame.data()).unwrap();
        }
    }
}

/// What a stream says, read until it has come to that row.
pub(crate) async fn until(stream: &mut Subscriber, seq: Seq) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        let frame = next(stream).await;
        events.push(event(&frame));
        let opening = events.len() == 1 && frame.event() == "hello";
        if frame.seq() >= Some(seq) && !opening && frame.event() != "reset" {
            return events;
        }
    }
}

/// The first words of a stream: up to the heartbeat that says it has caught up.
pub(crate) async fn opening(stream: &mut Subscriber) -> Vec<Event> {
    let mut events = Vec::new();
    while !matches!(events.last(), Some(Event::Heartbeat(_))) {
        events.push(event(&next(stream).await));
    }
    events
}
