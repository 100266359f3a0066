//! What would come of a file, as its page shows it: the beginning of everything, and how much more there is.

use std::collections::BTreeMap;

use app::pages::{ColumnsForm, PreviewList, PreviewPage, PreviewTask, RemarkLine};
use backend::ImportFile;
use import::{ColumnRole, Columns, FileRefused, Imported, ImportedTask, Reason, Remark};

/// The most tasks of a list, and the most remarks of all lists, that are shown.
const MOST_TASKS: usize = 10;
const MOST_REMARKS: usize = 500;

/// The page of a file that was read, or was not.
pub(crate) fn preview(token: &str, file: &ImportFile, read: Result<Imported, FileRefused>) -> PreviewPage {
    let name = if file.name.is_empty() {
        "your file"
    } else {
        &file.name
    };
    let mut page = PreviewPage {
        token: token.to_owned(),
        file: name.to_owned(),
        shape: String::new(),
        problem: None,
        lists: Vec::new(),
        remarks: Vec::new(),
        more: Vec::new(),
        columns: None,
    };
    let imported = match read {
        Ok(imported) => imported,
        Err(refused) => {
            page.problem = Some(refused.to_string());
            return page;
        }
    };
    let mut shown = Shown::default();
    page.shape = imported.shape.to_string();
    page.remarks = shown.lines(&imported.remarks);
    page.lists = imported
        .lists
        .iter()
        .map(|list| PreviewList {
            name: list.name.to_string(),
            count: count(&list.tasks),
            tasks: first(&list.tasks),
            remarks: shown.lines(&list.remarks),
        })
        .collect();
    page.more = shown
        .more
        .into_iter()
        .map(|(reason, count)| (count, reason.to_string()))
        .collect();
    page.columns = imported.columns.map(form);
    page
}

/// How many remarks are shown so far, and how many are not.
#[derive(Default)]
struct Shown {
    count: usize,
    more: BTreeMap<Reason, usize>,
}

impl Shown {
    fn lines(&mut self, remarks: &[Remark]) -> Vec<RemarkLine> {
        let (first, rest) = remarks.split_at(remarks.len().min(MOST_REMARKS - self.count));
        self.count += first.len();
        for remark in rest {
            *self.more.entry(remark.reason).or_default() += 1;
        }
        let line = |remark: &Remark| RemarkLine {
            row: remark.row,
            about: remark.about.clone(),
            sentence: remark.reason.to_string(),
        };
        first.iter().map(line).collect()
    }
}

/// How many tasks there are, and how many of them are subtasks. Sections are none.
fn count(tasks: &[ImportedTask]) -> String {
    let is_section = |at: usize| tasks.get(at).is_some_and(|task| task.section);
    let is_subtask = |task: &&ImportedTask| task.parent.is_some_and(|parent| !is_section(parent));
    let subtasks = tasks.iter().filter(is_subtask).count();
    match (tasks.iter().filter(|task| !task.section).count(), subtasks) {
        (0, _) => "No tasks will come, only sections.".to_owned(),
        (1, _) => "One task will come.".to_owned(),
        (count, 0) => format!("{count} tasks will come."),
        (count, 1) => format!("{count} tasks will come, one of them as a subtask."),
        (count, subtasks) => format!("{count} tasks will come, {subtasks} of them as subtasks."),
    }
}

/// The first tasks, each with its subtasks.
fn first(tasks: &[ImportedTask]) -> Vec<PreviewTask> {
    let (mut roots, mut below) = (Vec::new(), BTreeMap::<usize, Vec<_>>::new());
    // From the last to the first: what is a part of a task comes behind it.
    for (index, one) in tasks.iter().enumerate().take(MOST_TASKS).rev() {
        let mut subtasks = below.remove(&index).unwrap_or_default();
        subtasks.reverse();
        let shown = PreviewTask {
            subtasks,
            ..task(one)
        };
        match one.parent {
            Some(parent) => below.entry(parent).or_default().push(shown),
            None => roots.push(shown),
        }
    }
    roots.reverse();
    roots
}

fn task(task: &ImportedTask) -> PreviewTask {
    let facts = [
        task.section.then(|| "section".to_owned()),
        task.is_done.then(|| "completed".to_owned()),
        task.priority
            .map(|priority| format!("priority {}", priority.number())),
        task.due.map(|due| match &task.due_time {
            Some(time) => format!("due {} {time}", due.date(None)),
            None => format!("due {}", due.date(None)),
        }),
        task.repeat
            .as_ref()
            .and_then(|repeat| Some(format!("repeats {}", repeat.read()?.in_words()))),
        task.deadline.map(|day| format!("deadline {}", day.date(None))),
        task.start.map(|day| format!("starts {}", day.date(None))),
        task.estimate
            .map(|estimate| format!("takes {}", estimate.in_words())),
        (!task.labels.is_empty()).then(|| {
            let labels: Vec<_> = task.labels.iter().map(ToString::to_string).collect();
            format!("labels {}", labels.join(", "))
        }),
        (!task.notes.is_empty()).then(|| "with notes".to_owned()),
    ];
    PreviewTask {
        title: task.title.to_string(),
        facts: facts.into_iter().flatten().collect::<Vec<_>>().join(", "),
        subtasks: Vec::new(),
    }
}

fn form(columns: Columns) -> ColumnsForm {
    let value = |role| {
        ColumnRole::ALL
            .iter()
            .find(|(other, _)| *other == role)
            .map_or("keep", |(_, value)| *value)
    };
    let column = |(name, role)| (name, value(role));
    ColumnsForm {
        has_names: columns.has_names,
        columns: columns.columns.into_iter().map(column).collect(),
    }
}
