//! The load client, a process of its own so that what it costs is not counted as the server's: opens streams over raw
//! TCP, changes what they are about, checks that each reader hears every change once and in order, and times it.
//!
//! `bench load <peer> <port> <topics> <readers of each> <epoch>`, then words on its input: `open`, `burst <rounds>`,
//! `steady <per second> <seconds>`; each is answered by one line. Changes are stamped before they are sent, by the clock
//! of the same process.

pub(crate) mod http;
mod marker;
mod publisher;
mod reader;
mod request;
mod shape;
mod yjs;

use std::io::{BufRead, Write};
use std::rc::Rc;
use std::time::Duration;

use tokio::task::{JoinSet, LocalSet};
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::peer::Peer;
use crate::problem::Problem;
use publisher::Publisher;
use reader::{Readers, read};
use request::Target;

pub(crate) use shape::Shape;

/// How long all readers may take to hear a round.
const PATIENCE: Duration = Duration::from_secs(60);

/// Connections being opened at once: fewer than any server's backlog.
const OPENING: usize = 128;

/// Runs until its input ends.
pub(crate) fn run(words: &[&str]) -> Result<(), Problem> {
    let [peer, port, topics, readers, epoch] = words else {
        return Err("load wants a peer, a port, topics, readers and an epoch".into());
    };
    let target = Target {
        peer: Peer::named(peer)?,
        port: port.parse()?,
        shape: Shape {
            topics: topics.parse()?,
            readers: readers.parse()?,
        },
        epoch: (*epoch).to_owned(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(LocalSet::new().run_until(obey(Rc::new(target))))
}

async fn obey(target: Rc<Target>) -> Result<(), Problem> {
    let readers = Rc::new(Readers::new(target.shape)?);
    let mut publishers = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        let answer = match words.as_slice() {
            ["open"] => {
                publishers = open(&target, &readers).await?;
                "opened".to_owned()
            }
            ["burst", rounds] => burst(&readers, &mut publishers, rounds.parse()?).await?,
            ["steady", per_second, seconds] => {
                steady(&readers, &mut publishers, per_second.parse()?, seconds.parse()?).await?
            }
            _ => return Err(format!("{line}? There are open, burst and steady.").into()),
        };
        readers.check()?;
        println!("{answer}");
        std::io::stdout().flush()?;
    }
    Ok(())
}

/// Publishers come first: some servers want a topic made before it is read.
async fn open(target: &Rc<Target>, readers: &Rc<Readers>) -> Result<Vec<Publisher>, Problem> {
    let mut publishers = Vec::new();
    for topic in 0..target.shape.topics {
        publishers.push(Publisher::open(Rc::clone(target), topic).await?);
    }
    let mut opening = JoinSet::new();
    let mut number = 0;
    for topic in 0..target.shape.topics {
        for reader in 0..target.shape.readers {
            if opening.len() >= OPENING
                && let Some(opened) = opening.join_next().await
            {
                opened??;
            }
            let (target, readers) = (Rc::clone(target), Rc::clone(readers));
            opening.spawn_local(async move {
                let (socket, rest) = target.subscribe(topic, reader, number).await?;
                tokio::task::spawn_local(read(socket, rest, topic, readers));
                Ok::<_, Problem>(())
            });
            number += 1;
        }
    }
    while let Some(opened) = opening.join_next().await {
        opened??;
    }
    Ok(publishers)
}

/// One change of every topic at once, again and again, each time waiting for the last reader. Says how often a change was
/// delivered, and the microseconds from a change to its last reader: the median.
async fn burst(
    readers: &Rc<Readers>,
    publishers: &mut [Publisher],
    rounds: usize,
) -> Result<String, Problem> {
    let mut last = Vec::new();
    for _ in 0..rounds {
        readers.begin_round();
        for publisher in publishers.iter() {
            publisher.publish(readers.now());
        }
        for publisher in publishers.iter_mut() {
            publisher.answered().await?;
        }
        timeout(PATIENCE, readers.all_heard())
            .await
            .map_err(|_| readers.missing())?;
        last.extend(readers.last_heard());
    }
    last.sort_unstable();
    let median = last.get(last.len() / 2).copied().unwrap_or_default();
    Ok(format!("{} {}", rounds * readers.len(), median / 1_000))
}

/// So many changes a second of the first topic, whether or not those before have arrived. Says how often a change was
/// delivered, and the microseconds that half of the deliveries, 99 % and 99.9 % took at the most.
async fn steady(
    readers: &Rc<Readers>,
    publishers: &mut [Publisher],
    per_second: u32,
    seconds: u32,
) -> Result<String, Problem> {
    let publisher = publishers.first_mut().ok_or("there is no topic")?;
    let rounds = per_second * seconds;
    readers.expect(rounds);
    let mut due = interval(Duration::from_secs(1) / per_second);
    due.set_missed_tick_behavior(MissedTickBehavior::Burst);
    for _ in 0..rounds {
        due.tick().await;
        publisher.publish(readers.now());
    }
    for _ in 0..rounds {
        publisher.answered().await?;
    }
    timeout(PATIENCE, readers.all_heard())
        .await
        .map_err(|_| readers.missing())?;
    Ok(format!(
        "{} {}",
        rounds as usize * readers.len(),
        readers.delays()
    ))
}
