//! What a line that is typed says beside its title, in words.

use domain::capture::{Captured, Says, Span};
use domain::{Day, Field, List, isolated};
use leptos::prelude::*;

use crate::browser;
use crate::session::Session;

/// What a line says, in words: `Due Friday, 4 Dec`.
pub(super) fn words(session: Session, captured: &Captured, says: &Says) -> String {
    let list = captured.list().or_else(|| session.store.shown.get_untracked());
    let today = browser::today();
    let of_list = |say: &dyn Fn(&List) -> Option<String>| session.with(|client| say(client.list(list?)?));
    let field = match says {
        Says::Field(field) => field,
        Says::Section(section) => {
            let title = of_list(&|list| Some(isolated(list.task(*section)?.title.as_str())));
            return format!("Section {}", title.unwrap_or_default());
        }
        Says::List(list) => {
            let name = session.with(|client| client.headings().find(|(id, _)| id == list));
            let name = name.map(|(_, heading)| isolated(heading.name.as_str()));
            return format!("List {}", name.unwrap_or_default());
        }
    };
    match field {
        Field::Due(Some(due)) => {
            let date = due.date(today);
            match due.in_words(today) {
                words if words == date => format!("Due {date}"),
                words => format!("Due {words}, {date}"),
            }
        }
        Field::DueTime(Some(time)) => match implied_day(captured, today) {
            Some(day) => format!("{} at {}", day.in_words(today), time.clock()),
            None => format!("At {}", time.clock()),
        },
        Field::Notes(_) => "Notes".to_owned(),
        Field::Deadline(Some(day)) => format!("Deadline {}", day.date(today)),
        Field::Start(Some(day)) => format!("Starts {}", day.date(today)),
        Field::Estimate(Some(estimate)) => format!("Takes {}", estimate.in_words()),
        Field::Priority(Some(priority)) => format!("Priority {}", priority.number()),
        Field::Repeat(Some(repeat)) => {
            capital(&repeat.read().map(|repeat| repeat.in_words()).unwrap_or_default())
        }
        Field::Assigned(person, true) => {
            let name = of_list(&|list| Some(isolated(list.members.get(person)?.profile.name.as_str())));
            format!("Assigned to {}", name.unwrap_or_else(|| "you".to_owned()))
        }
        Field::Labelled(label, true) => format!("Label {}", isolated(label.as_str())),
        _ => String::new(),
    }
}

/// The day that a time of day implies, where the line says none.
fn implied_day(captured: &Captured, today: Option<Day>) -> Option<Day> {
    let says_day = |span: &Span| matches!(span.says, Says::Field(Field::Due(_) | Field::Repeat(_)));
    let fields = captured.fields(today?, browser::minute());
    let due = fields.iter().find_map(|field| match field {
        Field::Due(due) => *due,
        _ => None,
    });
    due.filter(|_| !captured.spans.iter().any(says_day))
}

/// The same with a capital letter.
fn capital(words: &str) -> String {
    let (first, rest) = words.split_at_checked(1).unwrap_or_default();
    first.to_ascii_uppercase() + rest
}
