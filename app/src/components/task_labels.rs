//! The labels of a task, among all of it: those of the list to choose from, and a field for others.

use domain::{Field, LabelName, List, TaskId, isolated};
use leptos::prelude::*;

use super::details_part::{WordsField, toggle, words_field};
use super::task_actions::{set_all, shown};
use crate::browser;
use crate::session::Session;
use crate::view::{ErasedView, any, dynamic};

/// The most labels that are there to choose from, unless the task has more; others are typed.
pub(super) const MOST_SHOWN: usize = 24;

/// The labels of the shown list, without regard to which of them the task has.
pub(super) fn of_list(session: Session) -> Vec<LabelName> {
    let list = session.store.shown.get_untracked();
    session.with(|client| {
        let list = list.and_then(|list| client.list(list));
        list.into_iter().flat_map(List::labels).cloned().collect()
    })
}

/// The labels to choose from, in the order of their letters, and those that were there before: a label has its place as long as the
/// panel is open, whoever takes it off.
fn to_choose_from(before: &[LabelName], own: &[LabelName], of_list: &[LabelName]) -> Vec<LabelName> {
    let mut labels = before.to_vec();
    let own = own.iter().map(|label| (label, usize::MAX));
    for (label, most) in own.chain(of_list.iter().map(|label| (label, MOST_SHOWN))) {
        if labels.len() < most && !labels.contains(label) {
            labels.push(label.clone());
        }
    }
    let letters = |label: &LabelName| label.as_str().to_ascii_lowercase();
    labels.sort_by(|one, other| letters(one).cmp(&letters(other)).then_with(|| one.cmp(other)));
    labels
}

/// A button for each label to choose from. `now` is what the row of the task follows.
pub(super) fn label_items(session: Session, task: TaskId, now: ArcRwSignal<String>) -> ErasedView {
    let has_changed = now.clone();
    let labels = Memo::new(move |before: Option<&Vec<LabelName>>| {
        has_changed.track();
        let before = before.map_or(&[][..], Vec::as_slice);
        let own = shown(session, task).map(|task| task.labels);
        to_choose_from(before, &own.unwrap_or_default(), &of_list(session))
    });
    let id = move |at: usize| format!("label-{task}-{at}");
    let item = move |(at, label): (usize, LabelName)| {
        let now = now.clone();
        let (name, colour) = (label.to_string(), label.colour().number());
        let is_on = {
            let label = label.clone();
            move || {
                now.track();
                shown(session, task).is_some_and(|task| task.labels.contains(&label))
            }
        };
        let choose = move || {
            let is_on = shown(session, task).is_some_and(|task| task.labels.contains(&label));
            set_label(session, task, label.clone(), !is_on);
        };
        let content =
            any(view! { <span class="task-label" data-colour=colour dir="auto">{name.clone()}</span> });
        toggle(Some(id(at)), name, is_on, choose, content)
    };
    let mut drawn: Vec<LabelName> = Vec::new();
    any(dynamic(move || {
        let labels = labels.get();
        // Where they are drawn anew the focus stays on the label that had it.
        let with_focus = (0..drawn.len()).find(|at| browser::is_focused(&id(*at)));
        let with_focus =
            with_focus.and_then(|at| labels.iter().position(|label| Some(label) == drawn.get(at)));
        if let Some(at) = with_focus {
            browser::focus(id(at));
        }
        drawn.clone_from(&labels);
        Some(labels.into_iter().enumerate().map(&item).collect::<Vec<_>>())
    }))
}

/// The field for a label that is not there to choose.
pub(super) fn label_field(session: Session, task: TaskId) -> ErasedView {
    let own = move || shown(session, task).map(|task| task.labels).unwrap_or_default();
    label_words(session, format!("label-{task}"), own, move |label| {
        set_label(session, task, label, true)
    })
}

/// A field for the name of a label, with that id. One of `own` or of the list is meant whatever the case of its letters; `set` says whether
/// it took the label.
pub(super) fn label_words(
    session: Session,
    id: String,
    own: impl Fn() -> Vec<LabelName> + 'static,
    set: impl Fn(LabelName) -> bool + 'static,
) -> ErasedView {
    let field = WordsField {
        id,
        names: ["Label", "Label", "Add label"],
        most: Some("100"),
        lost: "This label was not set.",
    };
    words_field(session, field, move |text| {
        let text = browser::composed(text);
        let label =
            LabelName::parse(text.trim().trim_start_matches('@')).map_err(|error| error.to_string())?;
        let mut known = own().into_iter().chain(of_list(session));
        let same = known.find(|known| known.as_str().eq_ignore_ascii_case(label.as_str()));
        Ok(set(same.unwrap_or(label)))
    })
}

/// Puts a label on a task, or takes it off, with a way back. Whether it is so now.
fn set_label(session: Session, task: TaskId, label: LabelName, is_on: bool) -> bool {
    let Some(before) = shown(session, task) else {
        return false;
    };
    let (title, name) = (isolated(before.title.as_str()), isolated(label.as_str()));
    let said = if is_on {
        format!("“{title}” has the label “{name}”.")
    } else {
        format!("“{title}” no longer has the label “{name}”.")
    };
    set_all(session, &before, [Field::Labelled(label.clone(), is_on)], said);
    shown(session, task).is_some_and(|task| task.labels.contains(&label) == is_on)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(names: &str) -> Vec<LabelName> {
        names
            .split_whitespace()
            .map(|name| LabelName::parse(name).unwrap())
            .collect()
    }

    #[test]
    fn labels_stand_in_the_order_of_their_letters_whoever_has_them() {
        let all = to_choose_from(&[], &labels("shop"), &labels("Soon home shop"));
        assert_eq!(all, labels("home shop Soon"));
        // Taken off, and nowhere else in the list: it is still there to be put on again.
        assert_eq!(to_choose_from(&all, &[], &labels("Soon home")), all);
        assert_eq!(
            to_choose_from(&all, &labels("new"), &[]),
            labels("home new shop Soon")
        );
    }

    #[test]
    fn all_labels_of_the_task_are_there_and_so_many_of_the_list() {
        let numbered = |from: usize, to: usize| {
            let names: Vec<_> = (from..to).map(|number| format!("l{number:02}")).collect();
            labels(&names.join(" "))
        };
        assert_eq!(
            to_choose_from(&[], &[], &numbered(0, 40)),
            numbered(0, MOST_SHOWN)
        );
        assert_eq!(
            to_choose_from(&[], &numbered(30, 32), &numbered(0, 40)).len(),
            MOST_SHOWN
        );
        assert_eq!(
            to_choose_from(&numbered(0, MOST_SHOWN), &numbered(30, 32), &[]).len(),
            MOST_SHOWN + 2
        );
    }
}
