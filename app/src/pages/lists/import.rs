//! Importing tasks from a file of another program: the form with the file, and what would come of it.

use leptos::prelude::*;

use crate::pages::Solo;

/// The form with the file.
#[derive(Clone, Debug, Default)]
pub struct ImportPage {
    /// Why the last file was not taken.
    pub problem: Option<String>,
}

/// What would come of a file.
#[derive(Clone, Debug)]
pub struct PreviewPage {
    /// What names the file until it is imported.
    pub token: String,
    /// What the file is called.
    pub file: String,
    /// What it is, in words; nothing where it could not be read.
    pub shape: String,
    /// Why it cannot be imported as it is.
    pub problem: Option<String>,
    /// The lists that would be made.
    pub lists: Vec<PreviewList>,
    /// What there is to say of the file as a whole.
    pub remarks: Vec<RemarkLine>,
    /// How many remarks there are beside those that are shown, by their reason.
    pub more: Vec<(usize, String)>,
    /// Of a plain table: its columns.
    pub columns: Option<ColumnsForm>,
}

/// A list that would be made.
#[derive(Clone, Debug)]
pub struct PreviewList {
    /// What it is called.
    pub name: String,
    /// How many tasks it has, in words.
    pub count: String,
    /// The first of its tasks.
    pub tasks: Vec<PreviewTask>,
    /// What does not come as it was.
    pub remarks: Vec<RemarkLine>,
}

/// A task that would be made.
#[derive(Clone, Debug)]
pub struct PreviewTask {
    /// What is to be done.
    pub title: String,
    /// Whether it is a section, its check, priority and day, in words.
    pub facts: String,
    /// Those of its subtasks that are shown.
    pub subtasks: Vec<PreviewTask>,
}

/// What does not come as it was, and why.
#[derive(Clone, Debug)]
pub struct RemarkLine {
    /// Where it stands; nothing of a list or the file as a whole.
    pub row: Option<usize>,
    /// The beginning of what it is about.
    pub about: String,
    /// The sentence.
    pub sentence: String,
}

/// The columns of a table, each with what it is.
#[derive(Clone, Debug)]
pub struct ColumnsForm {
    /// Whether the first row has their names.
    pub has_names: bool,
    /// Each column: what the first row has in it, and the value that is chosen.
    pub columns: Vec<(String, &'static str)>,
}

/// What a column can be, by the value of the form, with its words.
const ROLES: [(&str, &str); 9] = [
    ("title", "Title"),
    ("notes", "Notes"),
    ("done", "Completed or not"),
    ("priority", "Priority"),
    ("due", "Due date"),
    ("list", "Name of the list"),
    ("section", "Name of the section"),
    ("keep", "Keep in the notes"),
    ("none", "Leave out"),
];

impl ImportPage {
    pub(crate) fn view(self) -> impl IntoView {
        let Self { problem } = self;
        let wrong = problem.is_some();
        view! {
            <Solo>
                <h1>"Import tasks"</h1>
                <p>"From Todoist (CSV), TickTick (CSV), Trello (JSON), Vikunja (JSON), Microsoft To Do (JSON), an export of Tandem, any other table (CSV), or text and Markdown. You see what will come before anything is imported."</p>
                <form method="post" action="/import" enctype="multipart/form-data">
                    <div class="field">
                        <label for="import-file">"File"</label>
                        <input
                            class="input" type="file" id="import-file" name="file" required
                            accept=".csv,.tsv,.json,.md,.txt,text/csv,application/json,text/markdown,text/plain"
                            aria-invalid=wrong.then_some("true") aria-describedby="import-problem import-hint"
                        />
                        <p class="field-error" id="import-problem">{problem}</p>
                        <p class="muted small" id="import-hint">"At most 16 MB. Unpack zip files first. The file is deleted when it is imported, and after an hour otherwise."</p>
                    </div>
                    <button class="button button--primary">"Continue"</button>
                </form>
                <a href="/me">"Back to your profile"</a>
            </Solo>
        }
    }
}

impl PreviewPage {
    pub(crate) fn view(self) -> impl IntoView {
        let Self {
            token,
            file,
            shape,
            problem,
            lists,
            remarks,
            more,
            columns,
        } = self;
        let address = format!("/import/{token}");
        let can_import = problem.is_none();
        let again = columns.is_some().then(|| {
            let address = address.clone();
            view! { <button class="button" formmethod="get" formaction=address>"Read it again"</button> }
        });
        let what = (!shape.is_empty()).then(|| view! { <p class="muted">"Read as "{shape}"."</p> });
        let more = (!more.is_empty()).then(|| {
            let lines: Vec<_> = more
                .into_iter()
                .map(|(count, sentence)| view! { <li>{format!("{count} times: {sentence}")}</li> })
                .collect();
            view! { <section class="facts"><h2 class="label">"And more of the same"</h2><ul>{lines}</ul></section> }
        });
        view! {
            <Solo wide=true>
                <h1>"Import “"<bdi>{file}</bdi>"”"</h1>
                {what}
                {problem.map(|problem| view! { <p class="field-error" id="import-problem" role="alert">{problem}</p> })}
                <form method="post" action=address>
                    {columns.map(ColumnsForm::view)}
                    {again}
                    {can_import.then(|| view! { <button class="button button--primary">"Import"</button> })}
                </form>
                {lines(remarks)}
                {lists.into_iter().map(PreviewList::view).collect_view()}
                {more}
                <a href="/import">"Choose another file"</a>
            </Solo>
        }
    }
}

impl ColumnsForm {
    fn view(self) -> impl IntoView {
        let select = |(index, (name, chosen)): (usize, (String, &'static str))| {
            let id = format!("column-{index}");
            let label = if name.trim().is_empty() {
                format!("Column {}", index + 1)
            } else {
                name
            };
            let options: Vec<_> = ROLES
                .iter()
                .map(|(value, words)| view! { <option value=*value selected=*value == chosen>{*words}</option> })
                .collect();
            view! {
                <div class="field">
                    <label for=id.clone() dir="auto">{label}</label>
                    <select class="input" id=id name=format!("c{index}")>{options}</select>
                </div>
            }
        };
        // Chosen otherwise, they are shown again before anything is imported.
        let names = self.has_names.then(|| "names=yes".to_owned());
        let chosen = self.columns.iter().enumerate();
        let chosen = chosen.map(|(index, (_, chosen))| format!("c{index}={chosen}"));
        let shown: Vec<String> = names.into_iter().chain(chosen).collect();
        view! {
            <input type="hidden" name="shown" value=shown.join("&") autocomplete="off"/>
            <fieldset class="columns">
                <legend>"What each column is"</legend>
                <label><input type="checkbox" name="names" value="yes" checked=self.has_names/>" The first row has the names of the columns"</label>
                {self.columns.into_iter().enumerate().map(select).collect_view()}
            </fieldset>
        }
    }
}

impl PreviewList {
    fn view(self) -> impl IntoView {
        view! {
            <section class="facts">
                <h2 class="label" dir="auto">{self.name}</h2>
                <p class="muted">{self.count}</p>
                <details><summary>"The first tasks"</summary>{outline(self.tasks)}</details>
                {lines(self.remarks)}
            </section>
        }
    }
}

/// Tasks, with their subtasks below them.
fn outline(tasks: Vec<PreviewTask>) -> AnyView {
    let line = |PreviewTask {
                    title,
                    facts,
                    subtasks,
                }| {
        let subtasks = (!subtasks.is_empty()).then(|| outline(subtasks));
        view! { <li><span dir="auto">{title}</span>" "<small class="muted">{facts}</small>{subtasks}</li> }
    };
    let tasks: Vec<_> = tasks.into_iter().map(line).collect();
    view! { <ul class="remarks">{tasks}</ul> }.into_any()
}

/// The remarks, one a line.
fn lines(remarks: Vec<RemarkLine>) -> Option<impl IntoView> {
    let line = |RemarkLine { row, about, sentence }| {
        let row = row.map(|row| view! { <small class="muted">{format!("Row {row} ")}</small> });
        let about = (!about.is_empty()).then(|| view! { <bdi>{about}</bdi>": " });
        view! { <li>{row}{about}{sentence}</li> }
    };
    (!remarks.is_empty())
        .then(|| view! { <ul class="remarks">{remarks.into_iter().map(line).collect_view()}</ul> })
}
