//! The stream beside other servers on the same work in the same run, in turns: what an idle stream holds, what a delivery
//! costs and when the last reader has it, and how late changes are at a steady rate.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::sleep;

use crate::load::Shape;
use crate::options::Options;
use crate::peer::{Peer, Running};
use crate::problem::Problem;
use crate::process::{memory, ran};
use crate::table::{Fanout, Results};
use crate::{prepared, table};

/// How many topics each have how many readers, when all are changed at once; and how often that is done.
const CROWDS: [(Shape, usize); 2] = [
    (
        Shape {
            topics: 100,
            readers: 10,
        },
        20,
    ),
    (
        Shape {
            topics: 10,
            readers: 100,
        },
        20,
    ),
];

/// How often one change is told to all streams.
const BROADCASTS: usize = 20;

/// Readers of one list, and how often a second it changes.
const STEADY: (Shape, u32) = (
    Shape {
        topics: 1,
        readers: 50,
    },
    50,
);

/// How long streams are open before their memory is counted: what opening them took is given back by then, or never.
const SETTLE: Duration = Duration::from_secs(2);

/// Measures and prints tables.
pub(crate) async fn measure(options: &Options) -> Result<(), Problem> {
    raise_limit()?;
    let folder = match &options.folder {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    let mut peers = Vec::new();
    for &peer in &options.peers {
        match peer.is_there() {
            Ok(()) => peers.push((peer, Results::default())),
            Err(sentence) => println!("{sentence}"),
        }
    }
    let all = Shape {
        topics: 1,
        readers: options.streams,
    };
    let shapes = [all, CROWDS[0].0, CROWDS[1].0, STEADY.0];
    let database = folder.path().join("tandem.db");
    let epoch = prepared::database(&database, &shapes).await?;
    for round in 1..=options.rounds {
        for (peer, results) in &mut peers {
            eprintln!("round {round} of {}: {}", options.rounds, peer.name());
            let place = tempfile::tempdir_in(folder.path())?;
            let server = peer.start(place.path(), &database).await?;
            let outcome = one(*peer, &server, all, &epoch, options.seconds, results).await;
            outcome.map_err(|problem| format!("{}: {problem}", peer.name()))?;
        }
    }
    table::print(&peers, options.streams);
    Ok(())
}

async fn one(
    peer: Peer,
    server: &Running,
    all: Shape,
    epoch: &str,
    seconds: u32,
    results: &mut Results,
) -> Result<(), Problem> {
    let before = memory(server.process)?;
    let mut load = Load::start(peer, server, all, epoch)?;
    load.say("open").await?;
    sleep(SETTLE).await;
    let after = memory(server.process)?;
    let streams = all.readers as f64;
    results.rss.push((after.rss - before.rss) / streams);
    results.pss.push((after.pss - before.pss) / streams);
    results.fanouts[0].push(load.burst(server, BROADCASTS).await?);
    let used = memory(server.process)?;
    results.used.push((used.rss - before.rss) / streams);
    drop(load);
    for ((shape, rounds), to) in CROWDS.into_iter().zip(&mut results.fanouts[1..]) {
        let mut load = Load::start(peer, server, shape, epoch)?;
        load.say("open").await?;
        load.burst(server, 1).await?; // Connections and caches are warm after that.
        to.push(load.burst(server, rounds).await?);
    }
    let (shape, per_second) = STEADY;
    let mut load = Load::start(peer, server, shape, epoch)?;
    load.say("open").await?;
    load.say(&format!("steady {per_second} 1")).await?;
    let answer = load.say(&format!("steady {per_second} {seconds}")).await?;
    let [_, p50, p99, p999] = answer[..] else {
        return Err("the load client answers oddly".into());
    };
    for (to, microseconds) in results.delays.iter_mut().zip([p50, p99, p999]) {
        to.push(microseconds / 1_000.0);
    }
    Ok(())
}

/// A load client.
struct Load {
    to: ChildStdin,
    from: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

impl Load {
    fn start(peer: Peer, server: &Running, shape: Shape, epoch: &str) -> Result<Self, Problem> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["load", peer.name(), &server.port.to_string()])
            .args([
                shape.topics.to_string(),
                shape.readers.to_string(),
                epoch.to_owned(),
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (to, from) = (process.stdin.take(), process.stdout.take());
        Ok(Self {
            to: to.ok_or("no input")?,
            from: BufReader::new(from.ok_or("no output")?).lines(),
            _process: process,
        })
    }

    /// Has it do that, and returns the numbers that it answers.
    async fn say(&mut self, words: &str) -> Result<Vec<f64>, Problem> {
        self.to.write_all(format!("{words}\n").as_bytes()).await?;
        let answer = self.from.next_line().await?;
        let answer = answer.ok_or_else(|| format!("the load client ended at '{words}'"))?;
        Ok(answer
            .split(' ')
            .filter_map(|number| number.parse().ok())
            .collect())
    }

    async fn burst(&mut self, server: &Running, rounds: usize) -> Result<Fanout, Problem> {
        let before = ran(server.process);
        let answer = self.say(&format!("burst {rounds}")).await?;
        let took = ran(server.process) - before;
        let [deliveries, last] = answer[..] else {
            return Err("the load client answers oddly".into());
        };
        Ok(Fanout {
            processor: took.as_secs_f64() * 1e6 / deliveries,
            last: last / 1_000.0,
        })
    }
}

/// Servers and the load client want one file a stream: as many as may be.
fn raise_limit() -> Result<(), Problem> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Nofile).maximum;
    setrlimit(
        Resource::Nofile,
        Rlimit {
            current: maximum,
            maximum,
        },
    )?;
    Ok(())
}
