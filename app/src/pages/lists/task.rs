//! One task on a page of its own, with everything that its row can do, for browsers without script.

use domain::{DueTime, Estimate, ListId, Member, Notes, PersonId, Priority, Task, Title, View};
use leptos::prelude::*;

use crate::Kept;
use crate::components::inside;
use crate::pages::Solo;

/// The page of a task.
#[derive(Clone, Debug)]
pub struct TaskPage {
    /// The list it is in.
    pub list: ListId,
    /// The task.
    pub task: Task,
    /// What it is a part of.
    pub parent: Option<Task>,
    /// The sections of the list, in order.
    pub sections: Vec<Task>,
    /// Its subtasks.
    pub subtasks: Vec<Task>,
    /// Whether it can become a subtask of the task above it.
    pub goes_in: bool,
    /// Whether it can become no part any more of what it is a part of.
    pub goes_out: bool,
    /// Makes a form that is sent twice one command.
    pub once: String,
    /// Who is in the list.
    pub members: Vec<(PersonId, Member)>,
    /// Whether the person may change it.
    pub edits: bool,
    /// What was typed, if it was refused.
    pub kept: Option<Kept>,
}

impl TaskPage {
    pub(crate) fn view(self) -> impl IntoView {
        let Self {
            list,
            task,
            parent,
            sections,
            subtasks,
            goes_in,
            goes_out,
            once,
            members,
            edits,
            kept,
        } = self;
        let goes_into = sections_to(&task, &sections);
        let parent = part_of(list, parent.as_ref());
        let subtasks = links(list, &subtasks);
        let again = once.clone();
        let (is_section, can_head) = (task.section, task.is_open() && task.parent.is_none());
        if !edits {
            return look((list, task), (parent, subtasks), &members).into_any();
        }
        let (list_id, id) = (list.to_string(), task.id.to_string());
        let typed = |name: &str, saved: String| {
            let typed = kept.as_ref().and_then(|kept| kept.field(name));
            typed.map_or(saved, str::to_owned)
        };
        let (title_now, notes_now) = (task.title.to_string(), task.notes.as_str().to_owned());
        let priority_now = task.priority.map(|priority| priority.number().to_string());
        let priority_now = priority_now.unwrap_or_default();
        let title = typed("field[title]", title_now.clone());
        let title_base = typed("base[title]", title_now);
        let notes = typed("field[notes]", notes_now.clone());
        let notes_base = typed("base[notes]", notes_now);
        let priority = typed("field[priority]", priority_now.clone());
        let priority_base = typed("base[priority]", priority_now);
        let due_now = task.due.map(|due| due.to_string()).unwrap_or_default();
        let due = typed("field[due]", due_now.clone());
        let due_base = typed("base[due]", due_now);
        // The field has no zone, and what it is set to is in the zone of what stood there.
        let (clock_now, time_now) = match &task.due_time {
            Some(time) => (time.clock().to_owned(), time.to_string()),
            None => Default::default(),
        };
        let time = typed("field[due_time]", clock_now);
        let time_base = typed("base[due_time]", time_now);
        let zone = task.due_time.as_ref().and_then(DueTime::zone);
        let zone = zone.map(|zone| zone.replace('_', " "));
        let deadline_now = task.deadline.map(|day| day.to_string()).unwrap_or_default();
        let deadline = typed("field[deadline]", deadline_now.clone());
        let deadline_base = typed("base[deadline]", deadline_now);
        let start_now = task.start.map(|day| day.to_string()).unwrap_or_default();
        let start = typed("field[start]", start_now.clone());
        let start_base = typed("base[start]", start_now);
        let estimate_now = task
            .estimate
            .map(|estimate| estimate.to_string())
            .unwrap_or_default();
        let estimate = typed("field[estimate]", estimate_now.clone());
        let estimate_base = typed("base[estimate]", estimate_now);
        let repeat_now = in_words(&task).unwrap_or_default();
        let repeat = typed("field[repeat]", repeat_now.clone());
        let repeat_base = typed("base[repeat]", repeat_now);
        let is_other = repeat != repeat_base;
        let people: Vec<_> = members
            .into_iter()
            .map(|(person, member)| {
                let is_assigned = task.assignees.contains(&person);
                let (ticked, base) = (
                    format!("field[assigned:{person}]"),
                    format!("base[assigned:{person}]"),
                );
                // What was refused may have been another form of the page, which has no boxes.
                let is_ticked = match kept.as_ref().filter(|kept| kept.field("field[title]").is_some()) {
                    Some(kept) => kept.field(&ticked).is_some(),
                    None => is_assigned,
                };
                let before = kept.as_ref().and_then(|kept| kept.field(&base));
                let before = before.map_or_else(|| is_assigned.to_string(), str::to_owned);
                view! {
                    <input type="hidden" name=base value=before autocomplete="off"/>
                    <label>
                        <input type="checkbox" name=ticked value="true" checked=is_ticked autocomplete="off"/>
                        <span dir="auto">{member.profile.name.to_string()}</span>
                    </label>
                }
            })
            .collect();
        let labels_now = label_lines(&task);
        let labels = typed("field[labels]", labels_now.clone());
        let labels_base = typed("base[labels]", labels_now);
        let problem = kept.map(|kept| kept.sentence);
        // Each sentence stands at the field that it is about.
        let of_title = problem.is_some() && Title::parse(&title).is_err();
        let of_notes = Notes::parse(&notes).is_err();
        // Behind a good title and good notes it is about the words, where there are new ones.
        let of_repeat = problem.is_some() && !of_notes && is_other && !repeat.trim().is_empty();
        let (title_problem, notes_problem, repeat_problem) = match (of_title, of_repeat) {
            (true, _) => (problem, None, None),
            (_, true) => (None, None, problem),
            _ => (None, problem, None),
        };
        let (title_wrong, notes_wrong) = (title_problem.is_some(), notes_problem.is_some());
        let repeat_wrong = repeat_problem.is_some();
        let ids = move || {
            view! {
                <input type="hidden" name="list" value=list_id.clone()/>
                <input type="hidden" name="task" value=id.clone()/>
            }
        };
        view! {
            <Solo wide=true>
                <h1>{if is_section { "Edit section" } else { "Edit task" }}</h1>
                {parent}
                <form method="post" action="/fn/edit_task">
                    {ids()}
                    <input type="hidden" name="base[title]" value=title_base autocomplete="off"/>
                    <input type="hidden" name="base[notes]" value=notes_base autocomplete="off"/>
                    <input type="hidden" name="base[priority]" value=priority_base autocomplete="off"/>
                    <input type="hidden" name="base[due]" value=due_base autocomplete="off"/>
                    <input type="hidden" name="base[repeat]" value=repeat_base autocomplete="off"/>
                    <div class="field">
                        <label for="title">"Title"</label>
                        <input
                            class="input" id="title" name="field[title]" value=title required dir="auto" autocomplete="off"
                            aria-invalid=title_wrong.then_some("true") aria-describedby="title-problem"
                        />
                        <p class="field-error" id="title-problem">{title_problem}</p>
                    </div>
                    <div class="field">
                        <label for="notes">"Notes"</label>
                        <textarea
                            class="input" id="notes" name="field[notes]" rows="5" dir="auto"
                            aria-invalid=notes_wrong.then_some("true") aria-describedby="notes-problem"
                        >{inside(notes)}</textarea>
                        <p class="field-error" id="notes-problem">{notes_problem}</p>
                    </div>
                    {(!is_section).then(move || view! {
                    <div class="field">
                        <label for="priority">"Priority"</label>
                        <select class="input" id="priority" name="field[priority]">
                            <option value="" selected=priority.is_empty()>"No priority"</option>
                            {Priority::ALL.map(|each| {
                                let number = each.number().to_string();
                                let chosen = number == priority;
                                let words = format!("Priority {number}");
                                view! { <option value=number selected=chosen>{words}</option> }
                            }).to_vec()}
                        </select>
                    </div>
                    <div class="field">
                        <label for="due">"Due date"</label>
                        <input class="input" id="due" type="date" name="field[due]" value=due max="9999-12-31" autocomplete="off"/>
                    </div>
                    <div class="field">
                        <label for="due-time">"Time"</label>
                        <input type="hidden" name="base[due_time]" value=time_base autocomplete="off"/>
                        <input class="input" id="due-time" type="time" name="field[due_time]" value=time autocomplete="off"/>
                        {zone.map(|zone| view! { <p class="muted small">"By the clocks of "{zone}"."</p> })}
                    </div>
                    <div class="field">
                        <label for="deadline">"Deadline"</label>
                        <input type="hidden" name="base[deadline]" value=deadline_base autocomplete="off"/>
                        <input class="input" id="deadline" type="date" name="field[deadline]" value=deadline max="9999-12-31" autocomplete="off"/>
                    </div>
                    <div class="field">
                        <label for="start">"Start"</label>
                        <input type="hidden" name="base[start]" value=start_base autocomplete="off"/>
                        <input class="input" id="start" type="date" name="field[start]" value=start max="9999-12-31" autocomplete="off"/>
                    </div>
                    <div class="field">
                        <label for="estimate">"Estimate in minutes"</label>
                        <input type="hidden" name="base[estimate]" value=estimate_base autocomplete="off"/>
                        <input class="input" id="estimate" type="number" name="field[estimate]" value=estimate min="1" max=Estimate::MOST step="1" autocomplete="off"/>
                    </div>
                    <div class="field">
                        <label for="repeat">"Repeats"</label>
                        <input
                            class="input" id="repeat" name="field[repeat]" value=repeat dir="auto" autocomplete="off" placeholder="every Friday"
                            maxlength="200" aria-invalid=repeat_wrong.then_some("true") aria-describedby="repeat-problem repeat-hint"
                        />
                        <p class="field-error" id="repeat-problem">{repeat_problem}</p>
                        <p class="muted small" id="repeat-hint">"For example: every day, every 2 weeks on Monday, every month on the last Friday. Every! 3 days counts from when it is completed."</p>
                    </div>
                    <div class="field">
                        <label for="labels">"Labels"</label>
                        <input type="hidden" name="base[labels]" value=labels_base autocomplete="off"/>
                        <textarea class="input" id="labels" name="field[labels]" rows="3" dir="auto" aria-describedby="labels-hint">{inside(labels)}</textarea>
                        <p class="muted small" id="labels-hint">"Each on a line."</p>
                    </div>
                    <fieldset class="choice">
                        <legend>"Assigned to"</legend>
                        {people}
                    </fieldset>
                    })}
                    <button class="button button--primary">"Save"</button>
                </form>
                <section class="field">
                    <h2>{if is_section { "Tasks" } else { "Subtasks" }}</h2>
                    {subtasks}
                    <form method="post" action="/fn/add_task" class="details-line">
                        <input type="hidden" name="list" value=list.to_string()/>
                        <input type="hidden" name="parent" value=task.id.to_string()/>
                        <input type="hidden" name="once" value=once autocomplete="off"/>
                        <input class="input" name="title" aria-label=if is_section { "Task" } else { "Subtask" } placeholder=if is_section { "Add a task" } else { "Add a subtask" } required dir="auto" autocomplete="off"/>
                        <button class="button">"Add"</button>
                    </form>
                </section>
                <div class="buttons">
                    {task.is_open().then(|| view! {
                        <form method="post" action="/fn/move_task" class="buttons">
                            {ids()}
                            <button class="button" name="to" value="up">"Move up"</button>
                            <button class="button" name="to" value="down">"Move down"</button>
                            {goes_in.then(|| view! { <button class="button" name="to" value="in">"Make it a subtask"</button> })}
                            {goes_out.then(|| view! { <button class="button" name="to" value="out">"Move out"</button> })}
                        </form>
                    })}
                    {goes_into.map(|choices| view! {
                        <form method="post" action="/fn/move_task" class="details-line">
                            {ids()}
                            <select class="input" name="section" aria-label="Section">{choices}</select>
                            <button class="button" name="to" value="section">"Move to the section"</button>
                        </form>
                    })}
                    {can_head.then(|| view! {
                        <form method="post" action="/fn/edit_task">
                            {ids()}
                            <button class="button" name="field[section]" value=(!is_section).to_string()>
                                {if is_section { "Make it a task" } else { "Make it a section" }}
                            </button>
                        </form>
                    })}
                    {task.is_open().then(|| view! {
                        <form method="post" action="/fn/duplicate_task">
                            {ids()}
                            <input type="hidden" name="once" value=again autocomplete="off"/>
                            <button class="button">"Duplicate"</button>
                        </form>
                    })}
                    <form method="post" action="/fn/delete_task">{ids()}<button class="button button--danger">"Delete"</button></form>
                </div>
                <a href=View::List(list).path()>"Back to the list"</a>
            </Solo>
        }
        .into_any()
    }
}

/// The labels, each on a line.
fn label_lines(task: &Task) -> String {
    let labels: Vec<String> = task.labels.iter().map(ToString::to_string).collect();
    labels.join("\n")
}

/// When the task comes again.
fn in_words(task: &Task) -> Option<String> {
    Some(task.repeat.as_ref()?.read()?.in_words())
}

/// The page of a task.
fn address(list: ListId, task: &Task) -> String {
    format!("{}/task?task={}", View::List(list).path(), task.id)
}

/// What the task is a part of.
fn part_of(list: ListId, parent: Option<&Task>) -> impl IntoView + use<> {
    parent.map(|parent| {
        let (address, title) = (address(list, parent), parent.title.to_string());
        let what = if parent.section {
            "In the section "
        } else {
            "Subtask of "
        };
        view! { <p class="muted">{what}<a href=address dir="auto">{title}</a></p> }
    })
}

/// The sections that a task can be moved to, and none, with the one that it is in; nothing of a subtask, which is where its task is.
fn sections_to(task: &Task, sections: &[Task]) -> Option<Vec<impl IntoView + use<>>> {
    let is_in = |section: &Task| task.parent == Some(section.id);
    let can_go = task.is_open() && !task.section && (task.parent.is_none() || sections.iter().any(is_in));
    let option = |(id, title, is_chosen): (String, String, bool)| {
        view! { <option value=id selected=is_chosen>{title}</option> }
    };
    let none = (String::new(), "No section".to_owned(), task.parent.is_none());
    let all = sections
        .iter()
        .map(|section| (section.id.to_string(), section.title.to_string(), is_in(section)));
    let choices = [none].into_iter().chain(all).map(option).collect();
    (can_go && !sections.is_empty()).then_some(choices)
}

/// The subtasks, each with its page.
fn links(list: ListId, subtasks: &[Task]) -> impl IntoView + use<> {
    let link = |task: &Task| {
        let (address, title) = (address(list, task), task.title.to_string());
        let done = task.done.is_some().then_some(" (done)");
        view! { <li><a href=address dir="auto">{title}</a>{done}</li> }
    };
    let links: Vec<_> = subtasks.iter().map(link).collect();
    (!links.is_empty()).then(|| view! { <ul>{links}</ul> })
}

/// The page for a viewer.
fn look(
    (list, task): (ListId, Task),
    (parent, subtasks): (impl IntoView + 'static, impl IntoView + 'static),
    members: &[(PersonId, Member)],
) -> impl IntoView {
    let notes = task.notes.as_str().to_owned();
    let repeat = in_words(&task);
    let member = |person: &PersonId| members.iter().find(|(member, _)| member == person);
    let names = task.assignees.iter().filter_map(member);
    let names: Vec<_> = names.map(|(_, member)| member.profile.name.to_string()).collect();
    let assigned = (!names.is_empty()).then(|| names.join(", "));
    let labels = label_lines(&task).replace('\n', ", ");
    let due = task.due.map(|day| day.in_words(None));
    let due = due.map(|day| match &task.due_time {
        Some(time) => format!("{day} {time}"),
        None => day,
    });
    let priority = task.priority.map(Priority::number);
    view! {
        <Solo wide=true>
            <h1 dir="auto">{task.title.to_string()}</h1>
            {parent}
            {(!task.section).then(|| view! {
            {due.map(|due| view! { <p class="muted">"Due "{due}</p> })}
            {repeat.map(|words| view! { <p class="muted">"Repeats "{words}</p> })}
            {task.deadline.map(|day| view! { <p class="muted">"Deadline "{day.in_words(None)}</p> })}
            {task.start.map(|day| view! { <p class="muted">"Starts "{day.in_words(None)}</p> })}
            {task.estimate.map(|estimate| view! { <p class="muted">"Takes "{estimate.in_words()}</p> })}
            {priority.map(|number| view! { <p class="muted">"Priority "{number}</p> })}
            {(!labels.is_empty()).then(|| view! { <p class="muted" dir="auto">"Labels: "{labels}</p> })}
            {assigned.map(|names| view! { <p class="muted" dir="auto">"Assigned to "{names}</p> })}
            })}
            {match notes.is_empty() {
                true => view! { <p class="muted">"No notes."</p> }.into_any(),
                false => view! { <p class="kept" dir="auto">{notes}</p> }.into_any(),
            }}
            {subtasks}
            <a href=View::List(list).path()>"Back to the list"</a>
        </Solo>
    }
}
