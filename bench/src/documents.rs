//! What the document of a list costs: its bytes, plain and compressed, and how many of them a server draws in a second, with
//! the load client on the same machine. `--binary` measures another build of Tandem beside ours, round by round.
//!
//! The list is filled through the forms of the page, which are read as a browser reads them. So builds whose database or
//! whose addresses differ can be compared.

mod client;
mod fill;
mod form;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::options::Options;
use crate::peer::{Peer, Running};
use crate::problem::Problem;
use crate::process::ran;
use crate::table::median;
use client::Client;
pub(crate) use fill::Filled;

/// How many tasks the list has: as many as the first document of a list shows.
const TASKS: usize = 200;

/// How many connections ask for the document, each again as soon as it is answered.
const CONNECTIONS: usize = 16;

/// What a browser says that it can unpack.
const ACCEPTED: &str = "gzip, deflate, br, zstd";

/// A server with a list, and what came of its rounds.
struct Side {
    name: String,
    server: Running,
    client: Client,
    path: String,
    empty: String,
    plain: Vec<Speed>,
    packed: Vec<Speed>,
}

/// One round.
struct Speed {
    /// Documents a second.
    pages: f64,
    /// Microseconds of the server's processor time for each.
    processor: f64,
}

/// Measures and prints a table.
pub(crate) async fn measure(options: &Options) -> Result<(), Problem> {
    let folder = match &options.folder {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    let mut sides = Vec::new();
    for (number, program) in binaries(options)?.into_iter().enumerate() {
        let folder = folder.path().join(number.to_string());
        std::fs::create_dir(&folder)?;
        sides.push(Side::start(&program, &folder).await?);
    }
    let time = Duration::from_secs(options.seconds.into());
    // The first round warms up and does not count.
    for round in 0..=options.rounds {
        for side in &mut sides {
            let (plain, packed) = (side.round("", time).await?, side.round(ACCEPTED, time).await?);
            if round > 0 {
                side.plain.push(plain);
                side.packed.push(packed);
            }
        }
    }
    print(&sides).await
}

/// Ours, and the one beside it.
pub(crate) fn binaries(options: &Options) -> Result<Vec<PathBuf>, Problem> {
    let ours = Peer::Tandem.program()?;
    Ok(std::iter::once(ours).chain(options.binary.clone()).collect())
}

/// Starts that build, and fills a list.
pub(crate) async fn filled(program: &Path, folder: &Path) -> Result<(Running, Filled), Problem> {
    let database = folder.join("tandem.db");
    let server = Peer::Tandem.start_program(program, folder, &database).await?;
    let list = fill::list(server.port, TASKS).await?;
    Ok((server, list))
}

impl Side {
    async fn start(program: &Path, folder: &Path) -> Result<Self, Problem> {
        let (server, list) = filled(program, folder).await?;
        Ok(Self {
            name: program.display().to_string(),
            client: list.owner,
            path: list.path,
            empty: list.empty,
            server,
            plain: Vec::new(),
            packed: Vec::new(),
        })
    }

    /// Asks for the document over and over.
    async fn round(&self, accepted: &'static str, time: Duration) -> Result<Speed, Problem> {
        let (before, start) = (ran(self.server.process), Instant::now());
        let mut running = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let (mut client, path) = (self.client.another(), self.path.clone());
            running.spawn(async move {
                let mut count = 0;
                while start.elapsed() < time {
                    client.get(&path, accepted).await?;
                    count += 1;
                }
                Ok::<u32, Problem>(count)
            });
        }
        let mut count = 0;
        while let Some(done) = running.join_next().await {
            count += done??;
        }
        let (took, worked) = (start.elapsed(), ran(self.server.process) - before);
        Ok(Speed {
            pages: f64::from(count) / took.as_secs_f64(),
            processor: worked.as_secs_f64() * 1e6 / f64::from(count),
        })
    }

    /// The figures, in the order of [`ROWS`].
    async fn figures(&self) -> Result<Vec<f64>, Problem> {
        let mut client = self.client.another();
        let plain = client.get(&self.path, "").await?.body;
        let empty = client.get(&self.empty, "").await?.body;
        let packed = client.get(&self.path, ACCEPTED).await?.body;
        let page = String::from_utf8_lossy(&plain);
        let rows: Vec<&str> = form::rows(&page).collect();
        let html: usize = rows.iter().map(|row| row.len()).sum();
        let count = rows.len() as f64;
        let of = |speeds: &[Speed], value: fn(&Speed) -> f64| {
            median(&speeds.iter().map(value).collect::<Vec<_>>())
        };
        Ok(vec![
            count,
            plain.len() as f64,
            (plain.len() - empty.len()) as f64 / count,
            html as f64 / count,
            packed.len() as f64,
            of(&self.plain, |speed| speed.pages),
            of(&self.plain, |speed| speed.processor),
            of(&self.packed, |speed| speed.pages),
            of(&self.packed, |speed| speed.processor),
        ])
    }
}

/// What each row of the table says.
const ROWS: [&str; 9] = [
    "tasks in the document",
    "bytes of the document",
    "bytes a task, HTML and state",
    "bytes a task, HTML alone",
    "bytes, compressed if asked",
    "documents a second",
    "µs CPU a document",
    "documents a second, compressed",
    "µs CPU a document, compressed",
];

async fn print(sides: &[Side]) -> Result<(), Problem> {
    let mut all = Vec::new();
    for (number, side) in sides.iter().enumerate() {
        println!("{}: {}", number + 1, side.name);
        all.push(side.figures().await?);
    }
    println!("\nMedians of the rounds; in brackets how many times that of the last:\n");
    for (at, name) in ROWS.iter().enumerate() {
        print!("{name:<34}");
        let value = |figures: &Vec<f64>| figures.get(at).copied().unwrap_or_default();
        let last = all.last().map_or(0.0, value);
        for figures in &all {
            let value = value(figures);
            print!("{:>20}", format!("{value:.0} ({:.2})", value / last));
        }
        println!();
    }
    Ok(())
}
