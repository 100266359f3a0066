//! What just happened, in a sentence at the edge of the page, with what can be done about it.

use std::sync::Arc;

use domain::{Command, ListId, TaskId};
use leptos::prelude::*;

use crate::browser;

/// How long one of the page's own is shown, in milliseconds.
const SHOWN_FOR: u64 = 8_000;

/// How soon it is looked again whether one that somebody looks at can go, in milliseconds.
const AGAIN: u64 = 1_000;

/// A notice. One signal for each thing that changes by itself, so that a button keeps the focus while the words change.
#[derive(Clone)]
pub(crate) struct Notice {
    /// Tells it from the others.
    pub(crate) number: u32,
    /// What it is about, if something else about that is to take its place.
    key: Option<String>,
    /// What sort of notice it is.
    pub(crate) kind: Kind,
    /// Whether those who listen to the page hear it otherwise.
    pub(crate) is_quiet: bool,
    /// The sentence.
    pub(crate) sentence: ArcRwSignal<String>,
    /// Whether it tells of something that failed.
    pub(crate) is_problem: ArcRwSignal<bool>,
    /// How much is done of how much, of something that is under way: it cannot be dismissed. Of nothing: that is not known.
    pub(crate) progress: ArcRwSignal<Option<(u32, u32)>>,
    /// What can be done about it.
    pub(crate) buttons: ArcRwSignal<Vec<Button>>,
    /// What takes back what it tells of.
    undo: Vec<Command>,
    /// Whether it had to make room for others before anybody took that back.
    had_to_go: bool,
    /// What follows when the person has dismissed it, or its time is over.
    ended: Option<Act>,
}

/// What sort of notice it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// What the person did, or what came to nothing.
    Own,
    /// What others added out of sight.
    Toast,
    /// What others changed of what the person may do.
    Role,
    /// How a long job of the person's stands.
    Job,
    /// A list that the person is asked into.
    Invited,
}

impl Kind {
    /// Its class.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Own => "notice",
            Self::Toast => "notice toast",
            Self::Role => "notice role",
            Self::Job => "notice job",
            Self::Invited => "notice invited",
        }
    }

    /// The most that are shown at once.
    const fn most(self) -> usize {
        match self {
            Self::Own => 3,
            Self::Toast => 2,
            Self::Role | Self::Job | Self::Invited => usize::MAX,
        }
    }
}

/// What can be done about a notice.
#[derive(Clone)]
pub(crate) struct Button {
    /// What it says.
    pub(crate) words: &'static str,
    /// Whether it is what most people want.
    pub(crate) is_primary: bool,
    /// What it does.
    pub(crate) action: Action,
}

impl Button {
    /// One of several.
    pub(crate) const fn new(words: &'static str, action: Action) -> Self {
        Self {
            words,
            is_primary: false,
            action,
        }
    }
}

/// What a button of a notice does.
#[derive(Clone)]
pub(crate) enum Action {
    /// Takes back what the person did, and the notice tells of.
    Undo,
    /// Shows a list in place of the notice.
    Show(ListId),
    /// Brings a task into sight, and the focus to it, in place of the notice.
    Reveal(TaskId),
    /// Leads to an address. Where it has a name, what is there is to be saved as a file.
    Open(String, Option<&'static str>),
    /// Something of its own.
    Do(Act),
}

/// Something to be done.
pub(crate) type Act = Arc<dyn Fn() + Send + Sync>;

impl Notice {
    /// One that says a sentence.
    pub(crate) fn new(kind: Kind, sentence: String) -> Self {
        Self {
            number: browser::number(),
            key: None,
            kind,
            is_quiet: false,
            sentence: ArcRwSignal::new(sentence),
            is_problem: ArcRwSignal::new(false),
            progress: ArcRwSignal::new(None),
            buttons: ArcRwSignal::new(Vec::new()),
            undo: Vec::new(),
            had_to_go: false,
            ended: None,
        }
    }

    /// The same, in place of another with that key.
    pub(crate) fn about(mut self, key: String) -> Self {
        self.key = Some(key);
        self
    }

    /// The same, with something that can be done about it.
    pub(crate) fn offering(self, button: Button) -> Self {
        self.buttons.update(|buttons| buttons.push(button));
        self
    }

    /// The same, and that follows when the person has dismissed it, or its time is over.
    pub(crate) fn ending(mut self, ended: impl Fn() + Send + Sync + 'static) -> Self {
        self.ended = Some(Arc::new(ended));
        self
    }

    /// The id of its element.
    pub(crate) fn element(&self) -> String {
        element(self.number)
    }
}

fn element(number: u32) -> String {
    format!("notice-{number}")
}

/// The notices that are shown, the oldest first, and all that the person can take back.
#[derive(Clone, Copy)]
pub(crate) struct Notices {
    shown: RwSignal<Vec<Notice>>,
    /// The notices of that, also those that are gone, the last at the end. Nobody follows them: a signal costs no further type.
    undo: RwSignal<Vec<Notice>>,
}

impl Notices {
    pub(super) fn new() -> Self {
        Self {
            shown: RwSignal::new(Vec::new()),
            undo: RwSignal::new(Vec::new()),
        }
    }

    /// Looks at them, again whenever they change.
    pub(crate) fn with<T>(self, look: impl FnOnce(&[Notice]) -> T) -> T {
        self.shown.with(|notices| look(notices))
    }

    /// That one, if it is still there.
    pub(crate) fn get(self, number: u32) -> Option<Notice> {
        self.find(|notice| notice.number == number)
    }

    /// The one about that, if there is one.
    pub(crate) fn about(self, key: &str) -> Option<Notice> {
        self.find(|notice| notice.key.as_deref() == Some(key))
    }

    fn find(self, is_it: impl Fn(&Notice) -> bool) -> Option<Notice> {
        self.shown
            .with_untracked(|notices| notices.iter().find(|notice| is_it(notice)).cloned())
    }

    /// Says something for a while, with a way back or without. The way back stays when the notice has gone.
    pub(crate) fn add(self, sentence: String, undo: Vec<Command>) {
        self.add_with(sentence, undo, None);
    }

    /// The same, and something else that can be done about it.
    pub(crate) fn add_with(self, sentence: String, undo: Vec<Command>, more: Option<Button>) {
        let notice = Notice::new(Kind::Own, sentence);
        if undo.is_empty() {
            return self.put_for(notice, SHOWN_FOR);
        }
        let mut notice = notice.offering(Button::new("Undo", Action::Undo));
        if let Some(more) = more {
            notice = notice.offering(more);
        }
        notice.undo = undo;
        self.offer(notice);
    }

    fn offer(self, mut notice: Notice) {
        notice.had_to_go = false;
        self.undo.update_untracked(|all| all.push(notice.clone()));
        self.put_for(notice, SHOWN_FOR);
    }

    /// What takes back what that notice tells of, or else the last that the person did and has not taken back. What was done
    /// before that is offered again, if its notice had to make room.
    pub(crate) fn take_undo(self, number: Option<u32>) -> Vec<Command> {
        let take = |all: &mut Vec<Notice>| {
            let at = match number {
                Some(number) => all.iter().position(|notice| notice.number == number)?,
                None => all.len().checked_sub(1)?,
            };
            let taken = all.remove(at);
            Some((taken, all.pop_if(|notice| notice.had_to_go)))
        };
        let Some((taken, next)) = self.undo.try_update_untracked(take).flatten() else {
            return Vec::new();
        };
        self.dismiss(taken.number);
        if let Some(next) = next {
            self.offer(next);
        }
        taken.undo
    }

    /// Shows a notice until it is dismissed. One about the same goes, and where there are too many of the kind the oldest.
    pub(crate) fn put(self, notice: Notice) {
        if let Some(same) = notice.key.as_deref().and_then(|key| self.about(key)) {
            self.take(same.number);
        }
        let mut same_kind = self.shown.with_untracked(|notices| {
            let same = notices.iter().filter(|other| other.kind == notice.kind);
            same.map(|other| other.number).collect::<Vec<_>>()
        });
        while same_kind.len() >= notice.kind.most() {
            let oldest = same_kind.remove(0);
            self.undo.update_untracked(|all| {
                if let Some(notice) = all.iter_mut().find(|notice| notice.number == oldest) {
                    notice.had_to_go = true;
                }
            });
            self.dismiss(oldest);
        }
        self.shown.update(|notices| notices.push(notice));
    }

    /// Shows a notice for so many milliseconds.
    pub(crate) fn put_for(self, notice: Notice, milliseconds: u64) {
        let number = notice.number;
        self.put(notice);
        self.ends(number, milliseconds);
    }

    /// Takes one away after so many milliseconds, as if it was dismissed, but not unseen, and not from under a pointer or the
    /// focus.
    pub(crate) fn ends(self, number: u32, milliseconds: u64) {
        browser::after(milliseconds, move || {
            if self.get(number).is_none() {
                return;
            }
            if browser::is_hidden() || browser::is_in_use(&element(number)) {
                self.ends(number, AGAIN);
            } else {
                self.dismiss(number);
            }
        });
    }

    /// Takes one away and does what follows.
    pub(crate) fn dismiss(self, number: u32) {
        let ended = self.get(number).and_then(|notice| notice.ended);
        self.take(number);
        if let Some(ended) = ended {
            ended();
        }
    }

    /// Takes one away. A focus that was in it goes where one would go on.
    pub(crate) fn take(self, number: u32) {
        if browser::has_focus(&element(number)) {
            browser::focus_work();
        }
        self.shown
            .update(|notices| notices.retain(|notice| notice.number != number));
    }
}
