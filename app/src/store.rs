//! The signal store: what the person sees, one signal for each thing that changes by itself.
//!
//! It renders the deltas of the sync client. A title that changes is one text node; a task that moves is one row drawn
//! anew while the others keep focus and caret; a batch of events is one update. Rows live in a map of signals outside
//! any owner, so a row can go while something still looks at it. No signal is read by every row: that costs the square.

mod order;
mod row;

use domain::sync::{Client, Delta, Production, Touched};
use domain::wire::{Heading, Hello, Snapshot};
use domain::{
    Command, List, ListCommand, ListId, LiteMap, Member, PersonId, Profile, Refusal, Role, Row as LogRow,
    Task, TaskId, Topic, describe,
};

pub(crate) use order::{Key, numbered};
pub(crate) use row::Row;

use crate::browser;
use crate::browser::Keep;
use crate::components::draft_key;
use crate::session::push;
use crate::view::watched::Watched;

/// How many changes of others that come at once are told and marked each.
const MOST_TOLD: usize = 16;

/// What the person sees.
#[derive(Clone, Copy)]
pub struct Store {
    client: Watched<Client>,
    rows: Watched<LiteMap<TaskId, Row>>,
    last_row: Watched<u32>,
    drafts: Watched<Vec<(TaskId, String)>>,
    /// The list that is shown.
    pub(crate) shown: Watched<Option<ListId>>,
    /// Its tasks to be done, in order.
    pub(crate) open: Watched<Vec<Key>>,
    /// Its tasks that are done, the latest first.
    pub(crate) done: Watched<Vec<Key>>,
    /// What it is called.
    pub(crate) name: Watched<String>,
    /// What the person may do there. Apart from the name and the counts, which change often and must not draw the forms anew.
    pub(crate) role: Watched<Option<Role>>,
    /// Who is in it.
    pub(crate) members: Watched<Vec<(PersonId, Member)>>,
    /// The lists at the side.
    pub(crate) side: Watched<Vec<SideRow>>,
    /// How the person appears.
    pub(crate) profile: Watched<Profile>,
    /// How live the page is.
    pub(crate) sync: Watched<Sync>,
    /// How long a change takes from here to everyone, in milliseconds; 0 where that is not known yet.
    pub(crate) delay: Watched<usize>,
    /// Whether the person wants to see nothing change but by themselves.
    pub(crate) paused: Watched<bool>,
    /// How many changes of others wait meanwhile.
    pub(crate) waiting: Watched<usize>,
    /// How many commands may not be on disk.
    pub(crate) unsaved: Watched<usize>,
    /// Whether the shown list is here whole.
    pub(crate) whole: Watched<bool>,
    /// The row with something open, and what.
    pub(crate) at_work: Watched<Option<(TaskId, Panel)>>,
    /// Texts that could not be saved.
    pub(crate) tray: Watched<Vec<Kept>>,
    /// What just happened, with a way back.
    pub(crate) notices: Watched<Vec<Notice>>,
    /// What others did, for those who listen to the page.
    pub(crate) said: Watched<String>,
}

/// A list at the side.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SideRow {
    /// Which.
    pub(crate) list: ListId,
    /// What it is called, and how much there is to do.
    pub(crate) heading: Heading,
    /// Whether somebody else is in it, as far as the page knows.
    pub(crate) shared: bool,
}

/// How live the page is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sync {
    /// Everything is here and arrives as it happens.
    Live,
    /// The stream is opening, or catching up.
    CatchingUp,
    /// The server cannot be reached.
    Offline,
    /// What others do waits until the person wants to see it.
    Paused,
    /// The server does not know the person any more.
    Ended,
}

impl Sync {
    /// The word for programs: `data-sync`.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::CatchingUp => "catching-up",
            Self::Offline | Self::Ended => "offline",
            Self::Paused => "paused",
        }
    }
}

/// What a row has open.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Panel {
    /// The title, to be changed in place.
    Title,
    /// The notes.
    Notes,
    /// The menu.
    Menu,
}

/// A text that could not be saved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Kept {
    /// Tells it from the others.
    pub(crate) number: u32,
    /// What was typed.
    pub(crate) text: String,
    /// Why it was not saved.
    pub(crate) sentence: String,
}

/// What just happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Notice {
    /// Tells it from the others.
    pub(crate) number: u32,
    /// The sentence.
    pub(crate) sentence: String,
    /// What takes it back, if anything does.
    pub(crate) undo: Vec<Command>,
}

impl Store {
    /// What the server put into the page; both halves begin with the same.
    pub(crate) fn new(hello: Hello, snapshot: Option<Snapshot>) -> Self {
        let mut client = Client::new(Production, browser::new_client(), hello);
        let shown = snapshot.as_ref().map(|snapshot| snapshot.list.id);
        if let Some(snapshot) = snapshot {
            client.open(snapshot.list.id);
            client.on_snapshot(snapshot);
        }
        let store = Self {
            profile: Watched::new(client.account().profile.clone()),
            side: Watched::new(side(&client)),
            client: Watched::new(client),
            rows: Watched::new(LiteMap::new()),
            last_row: Watched::new(0),
            drafts: Watched::new(Vec::new()),
            shown: Watched::new(shown),
            open: Watched::new(Vec::new()),
            done: Watched::new(Vec::new()),
            name: Watched::new(String::new()),
            role: Watched::new(None),
            members: Watched::new(Vec::new()),
            sync: Watched::new(Sync::CatchingUp),
            delay: Watched::new(0),
            paused: Watched::new(false),
            waiting: Watched::new(0),
            unsaved: Watched::new(0),
            whole: Watched::new(true),
            at_work: Watched::new(None),
            tray: Watched::new(Vec::new()),
            notices: Watched::new(Vec::new()),
            said: Watched::new(String::new()),
        };
        store.draw_list();
        store
    }

    /// The row of a task, while there is one.
    pub(crate) fn row(&self, task: TaskId) -> Option<Row> {
        self.rows.with_untracked(|rows| rows.get(&task).cloned())
    }

    /// Looks something up in the sync client.
    pub(crate) fn with<T>(&self, look: impl FnOnce(&Client) -> T) -> T {
        self.client.with_untracked(look)
    }

    /// Lets the sync client take a step, and shows what it changed.
    pub(crate) fn step(&self, step: impl FnOnce(&mut Client) -> Delta) {
        if let Some(delta) = self.client.update(step) {
            push::remember(*self, &delta);
            self.draw(delta);
        }
    }

    /// Asks something of the shown list: it is there at once.
    pub(crate) fn ask_here(&self, command: ListCommand) -> bool {
        self.shown
            .get_untracked()
            .is_some_and(|list| self.ask(Command::List(list, command)))
    }

    /// Asks something: it is there at once. What the rules refuse even here says so; false then.
    pub(crate) fn ask(&self, command: Command) -> bool {
        let now = browser::now();
        let Some(asked) = self.client.update(|client| client.ask(command.clone(), now)) else {
            return false;
        };
        match asked {
            Ok((mid, delta)) => {
                push::keep(*self, mid, command, now);
                self.draw(delta);
                push::push(*self);
                true
            }
            Err(refusal) => {
                self.refuse(&command, refusal.sentence());
                false
            }
        }
    }

    /// Shows another list.
    pub(crate) fn show(&self, list: ListId) {
        self.client.update(|client| client.open(list));
        self.work_on(None);
        // The rows of a list that is shown already stay on the page, and with them what they follow.
        if self.shown.get_untracked() != Some(list) {
            self.rows.update(LiteMap::clear);
        }
        self.shown.set(Some(list));
        self.draw_list();
        push::fetch_wanted(*self);
    }

    /// Opens something of a row in place of what is open, or only closes that.
    pub(crate) fn work_on(&self, next: Option<(TaskId, Panel)>) {
        let before = self.at_work.get_untracked();
        self.at_work.set(next);
        for (task, _) in before.into_iter().chain(next) {
            if let Some(row) = self.row(task) {
                row.set_open(next.filter(|(at, _)| *at == task).map(|(_, panel)| panel));
            }
        }
    }

    /// How a member of the shown list appears.
    fn profile_of(&self, person: PersonId) -> Option<Profile> {
        self.members.with_untracked(|members| {
            let member = members.iter().find(|(other, _)| *other == person);
            member.map(|(_, member)| member.profile.clone())
        })
    }

    /// What the person had typed into a task's title without saving it.
    pub(crate) fn draft(&self, task: TaskId) -> Option<String> {
        self.drafts.with_untracked(|drafts| {
            drafts
                .iter()
                .find(|(of, _)| *of == task)
                .map(|(_, draft)| draft.clone())
        })
    }

    /// The same, looked at again whenever it changes.
    pub(crate) fn typed(&self, task: TaskId) -> Option<String> {
        self.drafts.with(|drafts| {
            drafts
                .iter()
                .find(|(of, _)| *of == task)
                .map(|(_, draft)| draft.clone())
        })
    }

    /// Keeps what is being typed into a task's title; nothing when it is saved.
    pub(crate) fn set_draft(&self, task: TaskId, draft: Option<String>) {
        self.drafts.update(|drafts| {
            drafts.retain(|(of, _)| *of != task);
            drafts.extend(draft.map(|draft| (task, draft)));
        });
    }

    /// Puts a text that could not be saved where the person finds it.
    pub(crate) fn keep(&self, text: String, sentence: &str) {
        let number = browser::number();
        self.tray.update(|tray| {
            tray.push(Kept {
                number,
                text,
                sentence: sentence.to_owned(),
            })
        });
        push::remember_tray(*self);
    }

    /// Says something, with a way back or without.
    pub(crate) fn notify(&self, sentence: String, undo: Vec<Command>) {
        let number = browser::number();
        self.notices.update(|notices| {
            notices.push(Notice {
                number,
                sentence,
                undo,
            });
            if notices.len() > 3 {
                notices.remove(0);
            }
        });
        let notices = self.notices;
        browser::after(8_000, move || {
            notices.update(|notices| notices.retain(|notice| notice.number != number));
        });
    }

    fn refuse(&self, command: &Command, sentence: &str) {
        match command.text() {
            Some(text) => self.keep(text.to_owned(), sentence),
            None => self.notify(sentence.to_owned(), Vec::new()),
        }
    }

    fn draw(&self, delta: Delta) {
        let Delta {
            lists, news, refused, ..
        } = delta;
        let shown = self.shown.get_untracked();
        for (_, _, refused) in &refused {
            self.refuse(&refused.command, &refused.sentence);
        }
        if let Some(touched) = shown.and_then(|list| lists.get(&list)) {
            let edited = self.edits();
            self.draw_touched(touched);
            if edited && !self.edits() {
                self.give_back(Refusal::ReadOnly.sentence());
            }
        }
        // Of what comes by the hundred, after hours away, only the last is told: nobody looks at all of it in a moment.
        let told = if news.len() > MOST_TOLD { news.len() - 1 } else { 0 };
        for row in news.iter().skip(told) {
            self.tell(row);
        }
        let (side, profile, unsaved) = self.with(|client| {
            (
                side(client),
                client.account().profile.clone(),
                client.unanswered(),
            )
        });
        set(self.side, side);
        set(self.profile, profile);
        set(self.unsaved, unsaved);
        if shown.is_some_and(|list| self.with(|client| !client.account().lists.contains_key(&list))) {
            self.leave();
        }
    }

    /// Whether the person may change the shown list.
    pub(crate) fn edits(&self) -> bool {
        self.role.get_untracked().is_some_and(Role::can_edit)
    }

    /// All that is being typed into the shown list is kept in the tray: nothing of it can be saved any more.
    fn give_back(&self, sentence: &str) {
        browser::blur();
        self.give_back_draft(sentence);
        if let Some(key) = self.shown.get_untracked().map(draft_key)
            && let Some(text) = browser::kept(Keep::Tab, &key)
        {
            browser::keep(Keep::Tab, &key, None);
            self.keep(text, sentence);
        }
    }

    /// The shown list is there no more: somebody took the person out of it.
    fn leave(&self) {
        let said = format!("You are no longer in “{}”.", self.name.get_untracked());
        self.give_back(&said);
        self.notify(said, Vec::new());
        match self.side.with_untracked(|side| side.first().map(|row| row.list)) {
            Some(list) => push::go(*self, list),
            None => browser::go("/"),
        }
    }

    fn draw_list(&self) {
        self.draw_touched(&Touched {
            whole: true,
            heading: true,
            ..Touched::default()
        });
    }

    fn draw_touched(&self, touched: &Touched) {
        let Some(id) = self.shown.get_untracked() else {
            return;
        };
        let work = self.at_work.get_untracked();
        let (mut open, mut done) = (Vec::new(), Vec::new());
        let (mut heading, mut members, mut some_went) = (None, Vec::new(), false);
        let whole = self.client.with_untracked(|client| {
            heading = client
                .headings()
                .find(|(list, _)| *list == id)
                .map(|(_, heading)| heading);
            let Some(list) = client.list(id) else { return false };
            members = list
                .members
                .iter()
                .map(|(person, member)| (*person, member.clone()))
                .collect();
            open = list.open().map(|task| task.id).collect();
            done = list.completed().into_iter().map(|task| task.id).collect();
            let mut last = self.last_row.get_untracked();
            self.rows.update(|rows| {
                let unsaved = client.unsaved();
                let unsaved = |task| unsaved.binary_search(&task).is_ok();
                let opened = |task| work.filter(|(at, _)| *at == task).map(|(_, panel)| panel);
                if touched.whole {
                    // By id, as the rows lie.
                    for task in list.all_tasks().filter(|task| task.is_live()) {
                        Row::put(rows, &mut last, task, unsaved(task.id), opened(task.id));
                    }
                    retain_live(rows, list);
                }
                for id in &touched.tasks {
                    match list.task(*id).filter(|task| task.is_live()) {
                        Some(task) => Row::put(rows, &mut last, task, unsaved(*id), opened(*id)),
                        None => some_went = true, // Taken out below, after the order has let go of it.
                    }
                }
            });
            self.last_row.set(last);
            client.is_ready(id)
        });
        let (name, role) = heading
            .map(|heading| (heading.name.to_string(), heading.role))
            .unzip();
        set(self.name, name.unwrap_or_default());
        set(self.role, role);
        set(self.members, members);
        set(self.whole, whole);
        if work.is_some_and(|(task, panel)| {
            panel == Panel::Title && !open.contains(&task) && !done.contains(&task)
        }) {
            self.give_back_draft("Somebody deleted the task in the meantime.");
        }
        let pinned = browser::row_in_focus();
        order::set(self.open, open, pinned);
        order::set(self.done, done, pinned);
        if some_went {
            self.client.with_untracked(|client| {
                if let Some(list) = client.list(id) {
                    self.rows.update(|rows| retain_live(rows, list));
                }
            });
        }
    }

    /// What is being typed into a row that goes away is kept in the tray.
    pub(crate) fn give_back_draft(&self, sentence: &str) {
        let Some((task, panel)) = self.at_work.get_untracked() else {
            return;
        };
        let typed = self.draft(task);
        self.work_on(None);
        if panel == Panel::Title
            && let Some(text) = typed.filter(|text| !text.trim().is_empty())
        {
            self.set_draft(task, None);
            self.keep(text, sentence);
        }
    }

    /// Tells the person what somebody else did: a mark on the row, and a sentence for those who listen.
    fn tell(&self, row: &LogRow) {
        let (me, shown) = (
            self.with(|client| client.account().person),
            self.shown.get_untracked(),
        );
        let Topic::List(list) = row.topic else { return };
        if row.actor == me || Some(list) != shown || row.client.is_none() {
            return;
        }
        let Some(profile) = self.profile_of(row.actor) else {
            return;
        };
        for change in &row.changes {
            if let Some((task, what)) =
                describe(change, |task| self.row(task).map(|row| row.title.get_untracked()))
            {
                self.said.set(format!("{} {what}", profile.name));
                if let Some(row) = task.and_then(|task| self.row(task)) {
                    row.mark(&profile);
                }
            }
        }
    }
}

/// Drops the rows of tasks that are in the list no more.
fn retain_live(rows: &mut LiteMap<TaskId, Row>, list: &List) {
    rows.retain(|id, _| list.task(*id).is_some_and(Task::is_live));
}

/// The lists at the side: by name, since everyone finds a name.
fn side(client: &Client) -> Vec<SideRow> {
    let mut side: LiteMap<_, SideRow> = LiteMap::new();
    for (list, heading) in client.headings() {
        let shared = client.list(list).is_some_and(|list| list.members.len() > 1);
        let name = heading.name.as_str().to_ascii_lowercase();
        let row = SideRow {
            list,
            heading,
            shared,
        };
        side.insert((name, list), row);
    }
    side.into_iter().map(|(_, row)| row).collect()
}

/// Sets the signal where that says something new.
fn set<T: PartialEq + Send + std::marker::Sync + 'static>(signal: Watched<T>, value: T) {
    if signal.with_untracked(|now| *now != value) {
        signal.set(value);
    }
}
