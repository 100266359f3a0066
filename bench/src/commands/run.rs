//! Runs of many callers, and what came of them.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use backend::{Backend, Config, Terms, Visitor};
use domain::{AccountCommand, Command};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use super::caller::Caller;

type Problem = Box<dyn std::error::Error + Send + Sync>;

/// How many lists the callers share.
const LISTS: usize = 16;

/// A database with people at work.
pub(crate) struct Bench {
    callers: Vec<Arc<Mutex<Caller>>>,
}

impl Bench {
    /// Opens a database where `batch` commands may share a transaction, and lets `callers` people into its lists.
    pub(crate) async fn new(path: &Path, batch: usize, callers: usize) -> Result<Self, Problem> {
        let backend = Backend::open(Config {
            batch,
            ..Config::new(path.display().to_string())
        })
        .await?;
        let mut all = Vec::new();
        for number in 0..callers {
            let visitor = visitor(number);
            let host = visitor_of_list(number);
            let list = host.first_list();
            let mut caller = Caller::new(backend.clone(), visitor, list, number as u64);
            let code = backend
                .lists()
                .make_link(&host, list, Terms::default())
                .await?
                .code;
            caller
                .ask(Command::Account(AccountCommand::Join { list, code }))
                .await?;
            all.push(Arc::new(Mutex::new(caller)));
        }
        Ok(Self { callers: all })
    }

    /// That many callers, each asking again as soon as it is answered.
    pub(crate) async fn closed(&self, callers: usize, time: Duration) -> Result<Spread, Problem> {
        let start = Instant::now();
        let mut running = JoinSet::new();
        for caller in self.callers.iter().take(callers).cloned() {
            running.spawn(async move {
                let (mut caller, mut waits) = (caller.lock_owned().await, Vec::new());
                while start.elapsed() < time {
                    let asked = Instant::now();
                    caller.work().await?;
                    waits.push(asked.elapsed());
                }
                Ok::<_, Problem>(waits)
            });
        }
        Spread::of(running, start).await
    }

    /// That many commands per second, whether or not those before are answered.
    pub(crate) async fn open(&self, per_second: u32, time: Duration) -> Result<Spread, Problem> {
        let start = Instant::now();
        let mut due = interval(Duration::from_secs(1) / per_second);
        due.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut running = JoinSet::new();
        for caller in self.callers.iter().cycle().cloned() {
            due.tick().await;
            let asked = Instant::now(); // The timer itself is late by up to a millisecond.
            if start.elapsed() >= time {
                break;
            }
            running.spawn(async move {
                caller.lock_owned().await.work().await?;
                Ok::<_, Problem>(vec![asked.elapsed()])
            });
        }
        Spread::of(running, start).await
    }
}

fn visitor(number: usize) -> Visitor {
    let mut token = [1; 32];
    token
        .iter_mut()
        .zip(number.to_be_bytes())
        .for_each(|(to, from)| *to = from);
    Visitor::from_token(&token)
}

fn visitor_of_list(number: usize) -> Visitor {
    visitor(1_000_000 + number % LISTS)
}

/// How long commands waited.
#[derive(Default)]
pub(crate) struct Spread {
    waits: Vec<Duration>,
    time: Duration,
}

impl Spread {
    async fn of(
        mut running: JoinSet<Result<Vec<Duration>, Problem>>,
        start: Instant,
    ) -> Result<Self, Problem> {
        let mut waits = Vec::new();
        while let Some(done) = running.join_next().await {
            waits.extend(done??);
        }
        Ok(Self {
            waits,
            time: start.elapsed(),
        })
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.waits.extend(other.waits);
        self.waits.sort_unstable();
        self.time += other.time;
    }

    pub(crate) fn per_second(&self) -> f64 {
        self.waits.len() as f64 / self.time.as_secs_f64()
    }

    /// Commands per second, and the milliseconds that half of them and all but one of a hundred waited at the most.
    pub(crate) fn columns(&self) -> String {
        let wait = |of_hundred: usize| {
            let place = self.waits.len() * of_hundred / 100;
            self.waits.get(place).copied().unwrap_or_default().as_secs_f64() * 1_000.0
        };
        format!("{:>11.0}{:>10.2}{:>10.2}", self.per_second(), wait(50), wait(99))
    }
}
