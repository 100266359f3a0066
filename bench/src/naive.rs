//! The naive peer, what one writes first: `axum::response::Sse` over `tokio::sync::broadcast`, one channel a topic.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use axum::routing::{get, post};
use futures_util::{Stream, stream};
use tokio::net::TcpListener;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{Sender, channel};

use crate::problem::Problem;

#[derive(Clone, Default)]
struct Topics(Arc<Mutex<HashMap<String, Sender<Arc<str>>>>>);

impl Topics {
    fn get(&self, name: String) -> Sender<Arc<str>> {
        let mut topics = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        topics.entry(name).or_insert_with(|| channel(256).0).clone()
    }
}

/// Serves until it is killed.
pub(crate) fn run(port: u16) -> Result<(), Problem> {
    let router = Router::new()
        .route("/sub/{topic}", get(subscribe))
        .route("/pub/{topic}", post(publish))
        .with_state(Topics::default());
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        Ok(axum::serve(listener, router).await?)
    })
}

async fn subscribe(
    State(topics): State<Topics>,
    Path(topic): Path<String>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let receiver = topics.get(topic).subscribe();
    let events = stream::unfold(receiver, |mut receiver| async move {
        loop {
            match receiver.recv().await {
                Ok(text) => return Some((Ok(Event::default().event("change").data(text)), receiver)),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

async fn publish(State(topics): State<Topics>, Path(topic): Path<String>, body: String) -> StatusCode {
    // An error means that nobody listens.
    drop(topics.get(topic).send(body.into()));
    StatusCode::NO_CONTENT
}
