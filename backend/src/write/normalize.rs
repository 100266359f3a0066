//! One way to write each text: Unicode's composed form (NFC), so that what looks the same is the same.
//!
//! Done here and not in the browser, which then needs no tables of Unicode.

use domain::{
    AccountCommand, Command, Field, ListCommand, ListName, PersonName, Profile, TextProblem, Title,
};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The command with its texts composed. A text that would then no longer parse stays as it is.
pub(crate) fn normalised(mut command: Command) -> Command {
    match &mut command {
        Command::List(_, ListCommand::AddTask { title, fields, .. }) => {
            compose(title, Title::as_str, Title::parse);
            // More are refused anyway.
            if fields.len() <= Field::COUNT {
                compose_all(fields);
            }
        }
        Command::List(_, ListCommand::Set { field, base, .. }) => {
            field.rewrite(composed);
            // The base too: it is compared with a text that was composed when it was written.
            if let Some(base) = base {
                base.rewrite(composed);
            }
        }
        Command::List(_, ListCommand::Rename { name })
        | Command::Account(AccountCommand::CreateList { name, .. }) => {
            compose(name, ListName::as_str, ListName::parse);
        }
        Command::Account(AccountCommand::SetProfile {
            profile: Profile { name, .. },
        }) => {
            compose(name, PersonName::as_str, PersonName::parse);
        }
        Command::List(
            _,
            ListCommand::RemoveMember { .. }
            | ListCommand::Complete { .. }
            | ListCommand::Move { .. }
            | ListCommand::Delete { .. }
            | ListCommand::Restore { .. }
            | ListCommand::ClearCompleted {},
        )
        | Command::Account(AccountCommand::Join { .. }) => {}
    }
    command
}

/// Composes all of them. Two spellings of one label are one.
fn compose_all(fields: &mut Vec<Field>) {
    let mut kept: Vec<Field> = Vec::with_capacity(fields.len());
    for mut field in fields.drain(..) {
        field.rewrite(composed);
        let is_label = matches!(field, Field::Labelled(..));
        if !is_label || !kept.contains(&field) {
            kept.push(field);
        }
    }
    *fields = kept;
}

fn compose<T>(text: &mut T, as_str: fn(&T) -> &str, parse: fn(&str) -> Result<T, TextProblem>) {
    if let Ok(parsed) = parse(&composed(as_str(text))) {
        *text = parsed;
    }
}

fn composed(text: &str) -> String {
    if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        text.to_owned()
    } else {
        text.nfc().collect()
    }
}

#[cfg(test)]
mod tests {
    use domain::{LabelName, ListId, Place, TaskId};

    use super::*;

    #[test]
    fn a_decomposed_title_is_composed() {
        let retitle = |title: &str| {
            let (list, task) = (ListId::from_bytes([1; 16]), TaskId::from_bytes([2; 16]));
            Command::List(
                list,
                ListCommand::set(task, Field::Title(Title::parse(title).unwrap())),
            )
        };
        assert_eq!(normalised(retitle("Cafe\u{301}")), retitle("Caf\u{e9}"));
        assert_eq!(normalised(retitle("Milk 👩‍👩‍👧")), retitle("Milk 👩‍👩‍👧"));
    }

    #[test]
    fn two_spellings_of_one_label_are_one() {
        let label = |name: &str| Field::Labelled(LabelName::parse(name).unwrap(), true);
        let add = |fields: Vec<Field>| {
            Command::List(
                ListId::from_bytes([1; 16]),
                ListCommand::AddTask {
                    task: TaskId::from_bytes([2; 16]),
                    place: Place::End,
                    title: Title::parse("Milk").unwrap(),
                    fields,
                },
            )
        };
        let typed = add(vec![label("caf\u{e9}"), label("cafe\u{301}"), Field::Done(true)]);
        assert_eq!(
            normalised(typed),
            add(vec![label("caf\u{e9}"), Field::Done(true)])
        );
    }

    #[test]
    fn a_text_that_grows_past_its_limit_stays_as_it_was() {
        // U+0958 has no composed form of its own: it becomes two characters.
        let long = "\u{958}".repeat(Title::LIMIT);
        let task = TaskId::from_bytes([2; 16]);
        let command = Command::List(
            ListId::from_bytes([1; 16]),
            ListCommand::set(task, Field::Title(Title::parse(&long).unwrap())),
        );
        assert_eq!(normalised(command.clone()), command);
    }
}
