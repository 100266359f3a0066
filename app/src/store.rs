//! The signal store: what the person sees, one signal for each thing that changes by itself.
//!
//! It draws what the sync client says has changed, and knows nothing of where that comes from. A title that changes is one
//! text node; a task that moves is one row drawn anew while the others keep focus and caret; a batch of events is one
//! update. Rows live in a map of signals outside any owner, so a row can go while something still looks at it. No signal
//! is read by every row: that costs the square.

pub(crate) mod drafts;
mod due;
mod folded;
mod notices;
mod order;
mod others;
mod row;
mod selected;
mod set;
mod side;
mod sync_state;
mod unsaved;
mod unseen;

use domain::sync::{Client, Delta, Touched};
use domain::wire::Presence;
use domain::{Command, Day, List, ListId, LiteMap, Member, PersonId, Profile, Role, Task, TaskId};
use leptos::prelude::*;

pub(crate) use due::{Due, day_of, due_of, with_local};
pub(crate) use notices::{Action, Button, Kind, Notice, Notices};
pub(crate) use order::{Key, numbered};
pub(crate) use row::{
    AwayMark, Panel, Row, assigned_text, assignees_of, is_section, labels_text, nest_of, nest_text, title_id,
};
pub(crate) use side::SideRow;
pub(crate) use sync_state::SyncState;
pub(crate) use unsaved::UnsavedText;
pub(crate) use unseen::Missed;

use crate::browser;
use drafts::Drafts;
use others::Others;
pub(crate) use set::set;
use unsaved::Unsaved;
use unseen::Unseen;

/// What the person sees.
#[derive(Clone, Copy)]
pub(crate) struct Store {
    rows: StoredValue<LiteMap<TaskId, Row>>,
    /// The number that the last row was given.
    last_number: StoredValue<u32>,
    /// Titles that are being typed.
    pub(crate) drafts: Drafts,
    /// The list that is shown.
    pub(crate) shown: RwSignal<Option<ListId>>,
    /// Its tasks to be done and its sections, in order, but for what is folded away.
    pub(crate) open: RwSignal<Vec<Key>>,
    /// The sections of all lists that the person has folded: their ids, as [`TaskId::simple`] gives them, each with a space behind it.
    pub(crate) folded: RwSignal<String>,
    /// The id of the section that the line for new tasks adds to; empty for none.
    pub(crate) adds_to: RwSignal<String>,
    /// The rows that the person has selected, the last one behind; of each key only the task is used.
    pub(crate) selected: RwSignal<Vec<Key>>,
    /// What is being chosen for all of them: the word of a menu of the bar; empty for nothing.
    pub(crate) choosing: RwSignal<String>,
    /// Its tasks that are done, the latest first.
    pub(crate) done: RwSignal<Vec<Key>>,
    /// What it is called.
    pub(crate) name: RwSignal<String>,
    /// What the person may do there. Apart from the name and the counts, which change often and must not draw the forms anew.
    pub(crate) role: RwSignal<Option<Role>>,
    /// Who is in it.
    pub(crate) members: RwSignal<Vec<(PersonId, Member)>>,
    /// Who else has it open.
    pub(crate) others: Others,
    /// The lists at the side.
    pub(crate) side: RwSignal<Vec<SideRow>>,
    /// What day it is where the person is, in days after 1970-01-01; 0 before the script knows. A number, since signals of
    /// numbers are here already: each further type is code for every visitor.
    pub(crate) day: RwSignal<usize>,
    /// What a clock shows there, `17:05`; empty before the script knows.
    pub(crate) clock: RwSignal<String>,
    /// The zone there, `Europe/Berlin`; empty before the script knows.
    pub(crate) zone: RwSignal<String>,
    /// How the person appears.
    pub(crate) profile: RwSignal<Profile>,
    /// How live the page is.
    pub(crate) sync: RwSignal<SyncState>,
    /// Whether this device keeps nothing of what is not sent.
    pub(crate) unkept: RwSignal<bool>,
    /// Why what is done here is not sent, where it is not.
    pub(crate) stuck: RwSignal<String>,
    /// How long a change takes from here to everyone, in milliseconds; 0 where that is not known yet.
    pub(crate) delay: RwSignal<usize>,
    /// Whether the person wants to see nothing change but by themselves.
    pub(crate) paused: RwSignal<bool>,
    /// How many changes of others wait meanwhile.
    pub(crate) waiting: RwSignal<usize>,
    /// How many commands may not be on disk.
    pub(crate) pending: RwSignal<usize>,
    /// Whether the shown list is here whole.
    pub(crate) whole: RwSignal<bool>,
    /// The row with something open, and what.
    pub(crate) editing: RwSignal<Option<(TaskId, Panel)>>,
    /// Texts that could not be saved.
    pub(crate) unsaved: Unsaved,
    /// What others did while the person was away.
    pub(crate) unseen: Unseen,
    /// What just happened, with a way back.
    pub(crate) notices: Notices,
    /// What others did, for those who listen to the page.
    pub(crate) announcement: RwSignal<String>,
}

impl Store {
    /// What the sync client has of that list; both halves begin with the same.
    pub(crate) fn new(client: &Client, shown: Option<ListId>) -> Self {
        let store = Self {
            rows: StoredValue::new(LiteMap::new()),
            last_number: StoredValue::new(0),
            drafts: Drafts::new(),
            shown: RwSignal::new(shown),
            open: RwSignal::new(Vec::new()),
            folded: RwSignal::new(String::new()),
            adds_to: RwSignal::new(String::new()),
            selected: RwSignal::new(Vec::new()),
            choosing: RwSignal::new(String::new()),
            done: RwSignal::new(Vec::new()),
            name: RwSignal::new(String::new()),
            role: RwSignal::new(None),
            members: RwSignal::new(Vec::new()),
            others: Others::new(client.account().person),
            side: RwSignal::new(side::side(client)),
            day: RwSignal::new(0),
            clock: RwSignal::new(String::new()),
            zone: RwSignal::new(String::new()),
            profile: RwSignal::new(client.account().profile.clone()),
            sync: RwSignal::new(SyncState::CatchingUp),
            unkept: RwSignal::new(false),
            stuck: RwSignal::new(String::new()),
            delay: RwSignal::new(0),
            paused: RwSignal::new(false),
            waiting: RwSignal::new(0),
            pending: RwSignal::new(0),
            whole: RwSignal::new(true),
            editing: RwSignal::new(None),
            unsaved: Unsaved::new(),
            unseen: Unseen::new(),
            notices: Notices::new(),
            announcement: RwSignal::new(String::new()),
        };
        store.draw_list(client);
        store
    }

    /// What day it is where the person is, as far as that is known.
    pub(crate) fn today(&self) -> Option<Day> {
        match self.day.get() {
            0 => None,
            day => Day::of_unix_days(day as i32),
        }
    }

    /// The row of a task, while there is one.
    pub(crate) fn row(&self, task: TaskId) -> Option<Row> {
        self.rows.with_value(|rows| rows.get(&task).cloned())
    }

    /// Shows another list.
    pub(crate) fn show(&self, client: &Client, list: ListId) {
        self.edit(None);
        // The rows of a list that is shown already stay on the page, and with them what they follow.
        if self.shown.get_untracked() != Some(list) {
            self.rows.update_value(LiteMap::clear);
            set(self.adds_to, String::new());
            self.selected.set(Vec::new());
        }
        self.shown.set(Some(list));
        self.draw_list(client);
    }

    /// Opens something of a row in place of what is open, or only closes that.
    pub(crate) fn edit(&self, next: Option<(TaskId, Panel)>) {
        let before = self.editing.get_untracked();
        self.editing.set(next);
        for (task, _) in before.into_iter().chain(next) {
            if let Some(row) = self.row(task) {
                row.set_open(next.filter(|(at, _)| *at == task).map(|(_, panel)| panel));
            }
        }
    }

    /// Whether the person may change the shown list.
    pub(crate) fn can_edit(&self) -> bool {
        self.role.get_untracked().is_some_and(Role::can_edit)
    }

    /// Says that a command came to nothing. What was typed in it goes where the person finds it.
    pub(crate) fn refuse(&self, command: &Command, sentence: &str) {
        match command.text() {
            Some(text) => self.unsaved.add(text.to_owned(), sentence),
            None => self.notices.add(sentence.to_owned(), Vec::new()),
        }
    }

    /// Shows what changed.
    pub(crate) fn draw(&self, client: &Client, delta: &Delta) {
        for (_, _, refused) in &delta.refused {
            self.refuse(&refused.command, &refused.sentence);
        }
        let shown = self.shown.get_untracked();
        if let Some(touched) = shown.and_then(|list| delta.lists.get(&list)) {
            self.draw_touched(client, touched);
        }
        set(self.side, side::side(client));
        set(self.profile, client.account().profile.clone());
        set(self.pending, client.unanswered());
    }

    fn draw_list(&self, client: &Client) {
        self.draw_touched(
            client,
            &Touched {
                whole: true,
                heading: true,
                ..Touched::default()
            },
        );
    }

    pub(super) fn draw_touched(&self, client: &Client, touched: &Touched) {
        let Some(id) = self.shown.get_untracked() else {
            return;
        };
        let list = client.list(id);
        let some_went = list.is_some_and(|list| self.draw_rows(client, list, touched));
        let heading = client.headings().find(|(list, _)| *list == id);
        let (name, role) = heading
            .map(|(_, heading)| (heading.name.to_string(), heading.role))
            .unzip();
        set(self.name, name.unwrap_or_default());
        set(self.role, role);
        let members = list.into_iter().flat_map(|list| list.members.iter());
        let members = members.map(|(person, member)| (*person, member.clone()));
        set(self.members, members.collect());
        set(self.whole, list.is_some() && client.is_ready(id));
        let mut open: Vec<&Task> = list.into_iter().flat_map(List::open).collect();
        let done: Vec<TaskId> = list
            .into_iter()
            .flat_map(List::completed)
            .map(|task| task.id)
            .collect();
        let editing = self.editing.get_untracked();
        let is_open = |task: TaskId| open.iter().any(|other| other.id == task);
        let is_gone = |task: TaskId| !is_open(task) && !done.contains(&task);
        if editing.is_some_and(|(task, panel)| panel == Panel::Title && is_gone(task)) {
            self.give_up_draft("Somebody deleted the task in the meantime.");
        }
        // A row that goes to the other part of the list is drawn anew, and may be folded there.
        let was_open = |task: TaskId| {
            self.open
                .with_untracked(|rows| rows.iter().any(|(id, _)| *id == task))
        };
        let moves = |task: TaskId| is_gone(task) || was_open(task) != is_open(task);
        if let Some((task, _)) = editing.filter(|(task, panel)| panel.is_details() && moves(*task)) {
            self.edit(None);
            if browser::row_in_focus() == Some(task) {
                browser::focus_work();
            }
        }
        let pinned = browser::row_in_focus();
        self.fold_away(list, &mut open, [pinned, editing.map(|(task, _)| task)]);
        order::set(self.open, open.into_iter().map(|task| task.id).collect(), pinned);
        order::set(self.done, done, pinned);
        // Only now, since the order has let go of them.
        if let Some(list) = list.filter(|_| some_went) {
            self.rows.update_value(|rows| retain_live(rows, list));
        }
        self.draw_others();
    }

    /// The stream has said who has a list open.
    pub(crate) fn hear_presence(&self, presence: Presence) {
        self.others.hear(presence);
        self.draw_others();
    }

    /// The stream begins anew, and says again who has which list open.
    pub(crate) fn forget_presence(&self) {
        self.others.forget();
        self.draw_others();
    }

    fn draw_others(&self) {
        let shown = self.shown.get_untracked();
        self.members
            .with_untracked(|members| self.others.draw(shown, members, |task| self.row(task)));
    }

    /// Makes the rows show their tasks; whether some have none any more.
    fn draw_rows(&self, client: &Client, list: &List, touched: &Touched) -> bool {
        let editing = self.editing.get_untracked();
        let opened = |task| editing.filter(|(at, _)| *at == task).map(|(_, panel)| panel);
        let pending = client.unsaved();
        let pending = |task| pending.binary_search(&task).is_ok();
        let unseen = self.unseen.tasks();
        let mut some_went = false;
        // The server draws rows from their tasks: see `components::task_row`.
        if is_server() {
            return false;
        }
        // With a task change the level of its subtasks, and what is said of them where it is and was a part.
        let mut tasks = touched.tasks.clone();
        for id in &touched.tasks {
            tasks.extend(list.parts(*id).into_iter().map(|part| part.id));
            tasks.extend(list.task(*id).and_then(|task| task.parent));
            tasks.extend(self.row(*id).and_then(|row| row.parent));
        }
        let (mut last, mut anew) = (self.last_number.get_value(), Vec::new());
        self.rows.update_value(|rows| {
            // Who is called otherwise is called so in all rows.
            if touched.whole || touched.heading {
                // By id, as the rows lie.
                for task in list.all_tasks().filter(|task| task.is_live()) {
                    if Row::put(
                        rows,
                        &mut last,
                        (list, task),
                        pending(task.id),
                        opened(task.id),
                        &unseen,
                    ) {
                        anew.push(task.id);
                    }
                }
                retain_live(rows, list);
            }
            for id in &tasks {
                match list.task(*id).filter(|task| task.is_live()) {
                    Some(task) => {
                        if Row::put(rows, &mut last, (list, task), pending(*id), opened(*id), &unseen) {
                            anew.push(*id);
                        }
                    }
                    None => some_went = true,
                }
            }
        });
        self.last_number.set_value(last);
        order::draw_anew(self.open, &anew);
        if let Some((task, panel)) = editing.filter(|(task, _)| anew.contains(task))
            && panel != Panel::Title
        {
            self.edit(None); // A section has other things to be set.
            browser::focus_in_row(task, "task-title");
        } else if let Some(task) = browser::row_in_focus().filter(|task| anew.contains(task)) {
            browser::focus_in_row(task, "task-title");
        }
        some_went
    }

    /// All that is being typed into the shown list is kept: nothing of it can be saved there any more.
    pub(crate) fn give_up(&self, sentence: &str) {
        browser::blur();
        self.give_up_draft(sentence);
        if let Some(list) = self.shown.get_untracked() {
            self.give_up_new_task(list, sentence);
        }
    }

    /// What is being typed into a row that goes away is kept.
    pub(crate) fn give_up_draft(&self, sentence: &str) {
        let Some((task, panel)) = self.editing.get_untracked() else {
            return;
        };
        let typed = self.drafts.get_untracked(task);
        self.edit(None);
        if panel == Panel::Title
            && let Some(text) = typed.filter(|text| !text.trim().is_empty())
        {
            self.drafts.set(task, None);
            self.unsaved.add(text, sentence);
        }
    }

    /// What was typed for a new task of that list is kept.
    pub(crate) fn give_up_new_task(&self, list: ListId, sentence: &str) {
        if let Some(text) = drafts::new_task(list) {
            drafts::set_new_task(list, None);
            self.unsaved.add(text, sentence);
        }
    }
}

/// Drops the rows of tasks that are in the list no more.
fn retain_live(rows: &mut LiteMap<TaskId, Row>, list: &List) {
    rows.retain(|id, _| list.task(*id).is_some_and(Task::is_live));
}
