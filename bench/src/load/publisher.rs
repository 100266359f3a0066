//! Changes one topic over one connection, one after another; what must wait for the one before has been stamped already.

use std::rc::Rc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::request::Target;
use super::{http, marker};
use crate::peer::Peer;
use crate::problem::Problem;

pub(super) struct Publisher {
    /// The times at which changes are made.
    ask: UnboundedSender<u64>,
    answers: UnboundedReceiver<Result<(), Problem>>,
}

impl Publisher {
    pub(super) async fn open(target: Rc<Target>, topic: usize) -> Result<Self, Problem> {
        target.make(topic).await?;
        let (ask, mut asked) = unbounded_channel();
        let (answer, answers) = unbounded_channel();
        tokio::task::spawn_local(async move {
            // Opened by the first change: servers close connections that are idle for long, and readers come in between.
            let mut socket = None;
            let mut number = 0;
            while let Some(stamp) = asked.recv().await {
                number += 1;
                let done = publish(&target, &mut socket, topic, number, stamp).await;
                drop(answer.send(done));
            }
        });
        Ok(Self { ask, answers })
    }

    /// Makes a change as soon as those before are answered.
    pub(super) fn publish(&self, now: u64) {
        // An error means that the task has ended; whoever waits for the answer finds out.
        let _ = self.ask.send(now);
    }

    /// Waits until one more change has been answered.
    pub(super) async fn answered(&mut self) -> Result<(), Problem> {
        self.answers.recv().await.ok_or("a publisher ended")?
    }
}

async fn publish(
    target: &Target,
    socket: &mut Option<TcpStream>,
    topic: usize,
    number: u32,
    stamp: u64,
) -> Result<(), Problem> {
    let socket = match socket {
        Some(socket) => socket,
        None => socket.insert(target.publisher(topic).await?),
    };
    let change = target.change(topic, number, &marker::text(number, stamp))?;
    match target.peer {
        // It answers nothing, but whoever types hears it, too.
        Peer::YWebsocket => {
            socket.write_all(&change).await?;
            let mut heard = Vec::new();
            let mut found = false;
            while !found {
                if socket.read_buf(&mut heard).await? == 0 {
                    return Err("the server closed a connection".into());
                }
                marker::find(&heard, |heard, _| found |= heard == number);
            }
            Ok(())
        }
        Peer::Tandem => match http::ask(socket, &change).await? {
            answer if answer.contains("\"done\"") => Ok(()),
            answer => Err(format!("not done: {answer}").into()),
        },
        _ => http::ask(socket, &change).await.map(drop),
    }
}
