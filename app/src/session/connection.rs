//! The page's end of the stream, and how it is.
//!
//! The stream itself, which all tabs of the browser share, is `public/stream.js`: it opens and watches it, and says here
//! what is on it, each event once and in order, and how things are.

use domain::CommandSeq;
use domain::wire::Event;
use leptos::prelude::*;

use super::isolation::stopped;
use crate::browser::{self, Stream};
use crate::store::SyncState;

/// For how long events are gathered when many come, in milliseconds.
pub(super) const TOGETHER: u64 = 16;

/// What is said where the browser sends no cookie.
const COOKIES: &str =
    "Tandem needs a cookie to know you again. Allow cookies for this site, then load the page.";

/// How the stream is.
#[derive(Clone, Copy)]
pub(super) struct Connection(StoredValue<State>);

#[derive(Default)]
struct State {
    stream: Option<Stream>,
    link: Link,
    /// Whether it was ever heard.
    was_up: bool,
    /// The first command of the last push, and when it was sent.
    sent: Option<(CommandSeq, usize)>,
    /// How long the last few commands took from there to the stream, in milliseconds; 0 where there were none yet.
    delays: [usize; 3],
    /// Why pushes do not get through, where they do not.
    stopped: String,
    /// Events that wait to be taken together.
    gathered: Vec<Event>,
    /// When the last were taken.
    taken: usize,
}

/// What `public/stream.js` says of the way to the server.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Link {
    /// The stream is being opened.
    #[default]
    Opening,
    /// It is heard.
    Up,
    /// The server cannot be reached.
    Offline,
    /// Something on the way answers in its place, with that status.
    Barred(u16),
    /// The browser sends no cookie, so the server never knew the person.
    Unknown,
    /// The server does not know the person any more.
    Ended,
}

impl Connection {
    pub(super) fn new() -> Self {
        Self(StoredValue::new(State::default()))
    }

    fn with<T: Default>(self, act: impl FnOnce(&mut State) -> T) -> T {
        self.0.try_update_value(act).unwrap_or_default()
    }

    /// From now on this is the stream.
    pub(super) fn open(self, stream: Option<Stream>) {
        self.with(|state| state.stream = stream);
    }

    /// `pause`, `resume`, or `again`: to be told everything anew, as when a stream opens.
    pub(super) fn wants(self, wish: &str) {
        self.with(|state| {
            state.sent = None; // What is late now says nothing about the way.
            if let Some(stream) = &state.stream {
                stream.wants(wish);
            }
        });
    }

    /// How many milliseconds the stream took to open, and how it is: `up 12`, and while paused how many changes wait: `up 12 4`.
    pub(super) fn on_link(self, words: &str) -> (Link, Option<usize>, Option<usize>) {
        let mut words = words.split(' ');
        let link = match words.next().unwrap_or_default() {
            "up" => Link::Up,
            "offline" => Link::Offline,
            "ended" => Link::Ended,
            "barred" => Link::Barred(0),
            _ => Link::Opening,
        };
        let mut number = || words.next().and_then(|word| word.parse().ok());
        let (delay, waiting) = (number(), number());
        let link = match link {
            Link::Barred(_) => Link::Barred(delay.unwrap_or_default() as u16),
            // The server has just drawn the page and given a cookie along. Only a copy may be of long ago.
            Link::Ended if !self.with(|state| state.was_up) && !browser::has_worker() => Link::Unknown,
            link => link,
        };
        self.with(|state| {
            state.link = link;
            state.was_up |= link == Link::Up;
        });
        (link, delay, waiting)
    }

    /// Why pushes do not get through; empty where they do.
    pub(super) fn stops(self, why: String) {
        self.with(|state| state.stopped = why);
    }

    /// Whether the server is heard.
    pub(super) fn is_up(self) -> bool {
        self.with(|state| state.link == Link::Up)
    }

    /// How live the page is by that, and why what is done on it does not get through.
    pub(super) fn sync(self, caught_up: bool, paused: bool) -> (SyncState, String) {
        let (link, why) = self.with(|state| (state.link, state.stopped.clone()));
        let sync = match link {
            Link::Ended => SyncState::Ended,
            Link::Offline => SyncState::Offline,
            Link::Unknown => return (SyncState::Stuck, COOKIES.to_owned()),
            Link::Barred(status) => return (SyncState::Stuck, stopped(Some(status))),
            Link::Up if !why.is_empty() => SyncState::Stuck,
            _ if paused => SyncState::Paused,
            Link::Up if caught_up => SyncState::Live,
            _ => SyncState::CatchingUp,
        };
        (sync, why)
    }

    /// Notes when a push is sent whose delay is worth measuring; none is not.
    pub(super) fn sends(self, first: Option<CommandSeq>) {
        self.with(|state| state.sent = first.map(|first| (first, browser::steady())));
    }

    /// Whether a delay was measured already.
    pub(super) fn has_delay(self) -> bool {
        self.with(|state| state.delays != [0; 3])
    }

    /// The delay that the person sees is measured at their own commands: from the moment when one is sent until its row is
    /// heard on the stream, written and told to all. Of the last three it is the middle one, so that one slow answer does
    /// not stand there for long. Before the first it is how long the stream took from being opened to its first word.
    pub(super) fn measure(self, heard: Option<CommandSeq>) -> Option<usize> {
        let now = browser::steady();
        self.with(|state| {
            let (_, sent) = state.sent.take_if(|(first, _)| Some(*first) == heard)?;
            let delay = now.saturating_sub(sent).max(1);
            let [a, b, _] = state.delays;
            state.delays = [delay, a, b];
            Some(if b == 0 {
                delay
            } else {
                delay.min(a).max(delay.max(a).min(b))
            })
        })
    }

    /// Keeps an event until events are taken; whether it is the first, and whether others were taken a moment ago.
    pub(super) fn gather(self, event: Event) -> (bool, bool) {
        let now = browser::steady();
        self.with(|state| {
            state.gathered.push(event);
            let is_flood = now < state.taken + TOGETHER as usize;
            (state.gathered.len() == 1, is_flood)
        })
    }

    /// The events that have come. None where they were taken already, with one that came later.
    pub(super) fn take(self) -> Vec<Event> {
        self.with(|state| std::mem::take(&mut state.gathered))
    }

    /// The events that were taken have been drawn.
    pub(super) fn taken(self) {
        self.with(|state| state.taken = browser::steady());
    }
}
