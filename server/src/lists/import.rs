//! Importing tasks: a file is sent to `POST /import` and waits on disk; `GET /import/{file}` says what would come of it, and
//! `POST /import/{file}` begins the job that imports it.

use app::Page;
use app::pages::ImportPage;
use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{Multipart, Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use backend::{Error, ImportFile, ListToMake, TaskToMake, Visitor};
use domain::capture::Language;
use domain::{Day, Field as TaskField, Refusal};
use import::{ColumnRole, Columns, FileRefused, Imported, MOST_BYTES, MOST_COLUMNS, Source};

use crate::auth::session::CurrentUser;
use crate::http::body_deadline::CUT_OFF;
use crate::http::form::Form;
use crate::http::{locale, page_response};
use crate::lists::import_preview::preview;
use crate::state::AppState;

/// The most bytes of a body: a file that is too large is read on a while and ignored, so that its sender sees why, and not a broken
/// connection.
pub(crate) const MOST_SENT: usize = 4 * MOST_BYTES;

/// How many bytes are gathered before they are written.
const PIECE: usize = 256 * 1024;

/// The form with the file.
pub(crate) async fn page(State(state): State<AppState>, CurrentUser(_): CurrentUser) -> Response {
    page_response::document(&state, Page::Import(Box::default())).await
}

/// Takes a file in, and leads to what would come of it.
pub(crate) async fn upload(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let sent = match form {
        Ok(form) => keep(&state, &visitor, form).await,
        Err(_) => Err(NO_FILE.to_owned()),
    };
    match sent {
        Ok(token) => Redirect::to(&format!("/import/{token}")).into_response(),
        Err(problem) => {
            let page = Page::Import(Box::new(ImportPage {
                problem: Some(problem),
            }));
            page_response::respond(&state, Ok(page), Some(StatusCode::UNPROCESSABLE_ENTITY)).await
        }
    }
}

/// What is said where there is no file in the form.
const NO_FILE: &str = "Please choose a file.";

/// Writes the file of a form to disk as it comes; an error is a sentence.
async fn keep(state: &AppState, visitor: &Visitor, mut form: Multipart) -> Result<String, String> {
    while let Ok(Some(field)) = form.next_field().await {
        if field.name() == Some("file") {
            return keep_field(state, visitor, field).await;
        }
    }
    Err(NO_FILE.to_owned())
}

async fn keep_field(state: &AppState, visitor: &Visitor, mut field: Field<'_>) -> Result<String, String> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let lists = state.backend.lists();
    let mut writer = lists
        .begin_import(visitor, &name)
        .map_err(|error| error.to_string())?;
    let (mut piece, mut length) = (Vec::new(), 0);
    loop {
        let chunk = field.chunk().await;
        let is_end = matches!(chunk, Ok(None));
        let broken = |_| match length {
            length if !is_within(length) => FileRefused::TooLarge.to_string(),
            _ => CUT_OFF.to_owned(),
        };
        if let Some(chunk) = chunk.map_err(broken)? {
            length += chunk.len();
            if is_within(length) {
                piece.extend_from_slice(&chunk);
            }
        }
        if piece.len() >= PIECE || is_end && !piece.is_empty() {
            let written = writer.write(std::mem::take(&mut piece)).await;
            written.map_err(|error| error.to_string())?;
        }
        if is_end {
            break;
        }
    }
    match length {
        0 => Err(NO_FILE.to_owned()),
        length if !is_within(length) => Err(FileRefused::TooLarge.to_string()),
        _ => writer.finish().map_err(|error| error.to_string()),
    }
}

backend::guard! {
    /// Whether so many bytes of a file are kept.
    fn is_within(length: usize) -> bool {
        length <= MOST_BYTES
    }
    EndlessImport: {
        let _ = length;
        true
    }
}

/// What would come of a file.
pub(crate) async fn show(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let file = match state.backend.lists().import_file(&visitor, &token).await {
        Ok(Some(file)) => file,
        Ok(None) => return page_response::missing(State(state)).await,
        Err(error) => return page_response::respond(&state, Err(error), None).await,
    };
    // Columns that nobody chooses are those that an import was begun with.
    let chosen = query.unwrap_or_else(|| file.how.clone());
    let fields = serde_urlencoded::from_str(&chosen).unwrap_or_default();
    let reading = Reading::of(&headers, &fields);
    // The file keeps its turn until the page of it is drawn.
    let drawn = tokio::task::spawn_blocking(move || {
        let read = reading.read(&file);
        let mut page = preview(&token, &file, read);
        // Where the columns were chosen wrong, they can be chosen again.
        if page.problem.is_some() && reading.columns.is_some() {
            page.columns = preview(&token, &file, reading.guessing().read(&file)).columns;
        }
        (page, file)
    });
    match drawn.await {
        Ok((page, _file)) => page_response::document(&state, Page::Preview(Box::new(page))).await,
        Err(_) => page_response::respond(&state, Err(Error::Stopped), None).await,
    }
}

/// The fields of the form: what each column is.
type Fields = Vec<(String, String)>;

/// Begins to import a file, and leads to how far that is.
pub(crate) async fn begin(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    let reading = Reading::of(&headers, &fields);
    let how = query_of(&fields);
    // Only what a page has shown is imported.
    let shown = fields.iter().find(|(name, _)| name == SHOWN);
    if shown.is_some_and(|(_, shown)| *shown != how) {
        return Redirect::to(&format!("/import/{token}?{how}")).into_response();
    }
    let read = move |file: &ImportFile| match reading.read(file) {
        Ok(imported) => Ok(imported.lists.into_iter().map(to_make).collect()),
        Err(refused) => Err(refused.to_string()),
    };
    match state.backend.lists().start_import(&visitor, &token, &how, read) {
        Ok(Some(job)) => Redirect::to(&format!("/jobs/{job}")).into_response(),
        Ok(None) => page_response::respond(&state, Err(Refusal::NotFound.into()), None).await,
        Err(error) => page_response::respond(&state, Err(error), None).await,
    }
}

/// The field of the form that says which columns the page has shown.
const SHOWN: &str = "shown";

/// What was chosen for the columns, as the query of an address.
fn query_of(fields: &Fields) -> String {
    let is_of_columns = |name: &str| name == "names" || name.starts_with('c') && name.len() <= 4;
    let of_columns = fields
        .iter()
        .filter(|(name, value)| is_of_columns(name) && value.len() <= 8)
        .take(MOST_COLUMNS + 1);
    serde_urlencoded::to_string(of_columns.collect::<Vec<_>>()).unwrap_or_default()
}

/// How a file is read.
struct Reading {
    today: Option<Day>,
    languages: Vec<Language>,
    columns: Option<Columns>,
}

impl Reading {
    fn of(headers: &HeaderMap, fields: &Fields) -> Self {
        Self {
            today: locale::today(),
            languages: locale::languages(headers),
            columns: columns(fields),
        }
    }

    /// The same as if nobody had chosen columns.
    fn guessing(&self) -> Self {
        Self {
            today: self.today,
            languages: self.languages.clone(),
            columns: None,
        }
    }

    fn read(&self, file: &ImportFile) -> Result<Imported, FileRefused> {
        import::read(&Source {
            bytes: &file.bytes,
            name: &file.name,
            today: self.today,
            languages: &self.languages,
            columns: self.columns.as_ref(),
        })
    }
}

/// What somebody chose for each column; none where nothing was.
fn columns(fields: &Fields) -> Option<Columns> {
    let value = |name: &str| {
        fields
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    };
    let role = |index| value(&format!("c{index}")).and_then(ColumnRole::parse);
    let columns: Vec<_> = (0..MOST_COLUMNS)
        .map_while(role)
        .map(|role| (String::new(), role))
        .collect();
    (!columns.is_empty()).then(|| Columns {
        has_names: value("names").is_some(),
        columns,
    })
}

fn to_make(list: import::ImportedList) -> ListToMake {
    let task = |task: import::ImportedTask| {
        let fields = [
            task.is_done.then_some(TaskField::Done(true)),
            task.section.then_some(TaskField::Section(true)),
            task.priority.map(|priority| TaskField::Priority(Some(priority))),
            task.due.map(|due| TaskField::Due(Some(due))),
            task.due_time.map(|time| TaskField::DueTime(Some(time))),
            task.deadline.map(|day| TaskField::Deadline(Some(day))),
            task.start.map(|day| TaskField::Start(Some(day))),
            task.estimate.map(|estimate| TaskField::Estimate(Some(estimate))),
            task.repeat.map(|repeat| TaskField::Repeat(Some(repeat))),
        ];
        let labels = task.labels.into_iter();
        let labels = labels.map(|label| TaskField::Labelled(label, true));
        TaskToMake {
            title: task.title,
            parent: task.parent,
            fields: fields.into_iter().flatten().chain(labels).collect(),
            notes: task.notes,
        }
    };
    ListToMake {
        name: list.name,
        tasks: list.tasks.into_iter().map(task).collect(),
    }
}
