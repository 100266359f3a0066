//! One history: people, their browsers and tabs, the network between them, and the faults.

mod adopt;
mod deliver;
mod fault;
mod pages;
mod rest;
mod tab;
mod talk;

use std::collections::BTreeMap;

use tab::Tab;

use super::browser::{Browser, Storage};
use super::compose::Known;
use super::ledger::Ledger;
use super::network::{Packet, TabId};
use super::oracle::{Failure, Held, broken};
use super::truth::Truth;
use super::{Bug, Planted, Random, Server};
use domain::{Epoch, Guest, Seq};

/// How many steps a page waits for an answer before it repeats a push.
const PATIENCE: u32 = 12;

/// Counts of what happened in a history: a simulation in which nothing happens proves nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How often each thing happened.
    pub counts: BTreeMap<&'static str, u64>,
}

impl Report {
    /// Adds the counts of another history.
    pub fn add(&mut self, other: &Self) {
        for (name, count) in &other.counts {
            *self.counts.entry(name).or_default() += count;
        }
    }
}

/// Plays one history. Returns the counts of what happened, or the broken promise. Steps go to `trace`, if there is one.
pub fn run<'a, S: Server>(
    seed: u64,
    server: &'a mut S,
    bug: Option<Bug>,
    trace: Option<&'a mut Vec<String>>,
) -> Result<Report, Failure> {
    let mut world = World::new(seed, server, Planted(bug), trace);
    world.live()?;
    world.come_to_rest()?;
    world.settle_accounts()?;
    Ok(world.report)
}

struct World<'a, S> {
    random: Random,
    server: &'a mut S,
    steps: Planted,
    weather: Weather,
    /// Faults have ceased.
    calm: bool,
    epoch: Epoch,
    truths: BTreeMap<Epoch, Truth>,
    ledger: Ledger,
    browsers: Vec<Browser>,
    tabs: BTreeMap<TabId, Tab>,
    network: Vec<Packet>,
    known: Known,
    guests: Vec<Guest>,
    backup: Option<Seq>,
    now: u64,
    report: Report,
    trace: Option<&'a mut Vec<String>>,
}

/// The faults of a history. With all of them at once, some would hide others.
struct Weather {
    lossy: bool,
    repeats: bool,
    server_crashes: bool,
    browser_crashes: bool,
    forgets_history: bool,
    restores: bool,
    changes_person: bool,
    misbehaves: bool,
    polls: bool,
    /// Something between server and page loses events of the stream.
    leaks: bool,
    /// Of a hundred steps, how many the network does anything in.
    pace: u64,
}

impl Weather {
    fn new(random: &mut Random) -> Self {
        Self {
            lossy: random.chance(60),
            repeats: random.chance(60),
            server_crashes: random.chance(40),
            browser_crashes: random.chance(50),
            forgets_history: random.chance(50),
            restores: random.chance(35),
            changes_person: random.chance(20),
            misbehaves: random.chance(30),
            polls: random.chance(40),
            leaks: random.chance(10),
            pace: random.pick(&[12, 25, 50, 100]).unwrap_or(100),
        }
    }
}

impl<'a, S: Server> World<'a, S> {
    fn new(seed: u64, server: &'a mut S, steps: Planted, trace: Option<&'a mut Vec<String>>) -> Self {
        let mut random = Random::new(seed);
        let weather = Weather::new(&mut random);
        let people = 2 + random.below(2) as u8;
        let guests: Vec<Guest> = (0..people).map(|number| server.newcomer(number)).collect();
        let (mut truth, mut known) = (Truth::default(), Known::default());
        known.restless = random.chance(30);
        for guest in &guests {
            truth.welcome(*guest);
            known.people.push(guest.person);
            known.lists.push(guest.list);
            known.tasks.extend(guest.tasks);
        }
        let mut browsers = Vec::new();
        for guest in &guests {
            for _ in 0..=random.below(2) {
                browsers.push(Browser {
                    guest: *guest,
                    storage: Storage::default(),
                });
            }
        }
        let (epoch, _) = server.position();
        Self {
            random,
            server,
            steps,
            weather,
            calm: false,
            truths: [(epoch.clone(), truth)].into(),
            epoch,
            ledger: Ledger::default(),
            browsers,
            tabs: BTreeMap::new(),
            network: Vec::new(),
            known,
            guests,
            backup: None,
            now: 0,
            report: Report::default(),
            trace,
        }
    }

    fn note(&mut self, line: impl FnOnce(&Self) -> String) {
        if self.trace.is_some() {
            let line = brief(&line(self));
            if let Some(trace) = &mut self.trace {
                trace.push(line);
            }
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.report.counts.entry(what).or_default() += 1;
    }

    fn truth(&self, epoch: &Epoch) -> Result<&Truth, Failure> {
        match self.truths.get(epoch) {
            Some(truth) => Ok(truth),
            None => broken("a lifetime of the database is real", epoch.as_str()),
        }
    }

    fn live(&mut self) -> Held {
        for browser in 0..self.browsers.len() {
            self.load(browser)?;
        }
        for _ in 0..120 + self.random.below(120) {
            self.now += 1 + self.random.next() % 50;
            for tab in self.tabs.values_mut() {
                tab.waits = tab.waits.saturating_sub(1);
            }
            self.act()?;
            if self.random.chance(self.weather.pace) {
                for _ in 0..=self.random.below(2) {
                    self.deliver_any()?;
                }
            }
        }
        Ok(())
    }

    fn act(&mut self) -> Held {
        let tabs: Vec<TabId> = self.tabs.keys().copied().collect();
        let Some(tab) = self.random.pick(&tabs) else {
            let browser = self.random.below(self.browsers.len());
            return self.load(browser);
        };
        match self.random.below(1000) {
            0..300 => self.ask(tab),
            300..480 => self.push(tab),
            480..740 => self.listen(tab),
            740..840 => self.fetch(tab),
            840..870 => self.cut(tab),
            870..905 if self.weather.polls => self.poll(tab),
            905..915 => {
                self.server.beat();
                Ok(())
            }
            915..930 => {
                let browser = self.random.below(self.browsers.len());
                self.load(browser)
            }
            930..938 => self.close(tab, "is closed"),
            938..945 => self.adopt(tab),
            945..955 if self.weather.browser_crashes => self.crash_browser(),
            955..962 if self.weather.server_crashes => self.crash_server(),
            962..972 if self.weather.forgets_history => self.truncate(),
            972..980 if self.weather.restores => self.back_up(),
            980..987 if self.weather.restores => self.restore(),
            987..990 if self.weather.changes_person => self.change_person(),
            990..997 if self.weather.misbehaves => self.push_slice(tab),
            997..1000 if self.weather.misbehaves => self.stop_first(tab),
            _ => self.listen(tab),
        }
    }
}

/// The text with each id cut down to its ends, which tell them apart in one history.
fn brief(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let id = rest.get(..36).filter(|id| {
            let fits = |(place, byte)| match place {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => u8::is_ascii_hexdigit(&byte),
            };
            id.bytes().enumerate().all(fits)
        });
        match id {
            Some(id) => {
                out.extend(id.chars().take(2).chain(id.chars().skip(32)));
                rest = rest.get(36..).unwrap_or_default();
            }
            None => {
                out.push(first);
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
            }
        }
    }
    out
}
