//! One way to write each text: Unicode's composed form (NFC), so that what looks the same is the same.
//!
//! Done here and not in the browser, which then needs no tables of Unicode.

use domain::{
    AccountCommand, Command, ListCommand, ListName, Notes, PersonName, Profile, TextProblem, Title,
};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The command with its texts composed. A text that would then no longer parse stays as it is.
pub(crate) fn normalised(mut command: Command) -> Command {
    match &mut command {
        Command::List(_, ListCommand::AddTask { title, .. } | ListCommand::Retitle { title, .. }) => {
            compose(title, Title::as_str, Title::parse);
        }
        Command::List(_, ListCommand::SetNotes { base, notes, .. }) => {
            // The base too: it is compared with notes that were composed when they were written.
            compose(base, Notes::as_str, Notes::parse);
            compose(notes, Notes::as_str, Notes::parse);
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
            | ListCommand::Reopen { .. }
            | ListCommand::Move { .. }
            | ListCommand::Delete { .. }
            | ListCommand::Restore { .. }
            | ListCommand::ClearCompleted {},
        )
        | Command::Account(AccountCommand::Join { .. }) => {}
    }
    command
}

fn compose<T>(text: &mut T, as_str: fn(&T) -> &str, parse: fn(&str) -> Result<T, TextProblem>) {
    let original = as_str(text);
    if is_nfc_quick(original.chars()) != IsNormalized::Yes {
        let composed: String = original.nfc().collect();
        if let Ok(parsed) = parse(&composed) {
            *text = parsed;
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{ListId, TaskId};

    use super::*;

    #[test]
    fn a_decomposed_title_is_composed() {
        let retitle = |title: &str| {
            let (list, task) = (ListId::from_bytes([1; 16]), TaskId::from_bytes([2; 16]));
            Command::List(
                list,
                ListCommand::Retitle {
                    task,
                    title: Title::parse(title).unwrap(),
                },
            )
        };
        assert_eq!(normalised(retitle("Cafe\u{301}")), retitle("Caf\u{e9}"));
        assert_eq!(normalised(retitle("Milk 👩‍👩‍👧")), retitle("Milk 👩‍👩‍👧"));
    }

    #[test]
    fn a_text_that_grows_past_its_limit_stays_as_it_was() {
        // U+0958 has no composed form of its own: it becomes two characters.
        let long = "\u{958}".repeat(Title::LIMIT);
        let task = TaskId::from_bytes([2; 16]);
        let command = Command::List(
            ListId::from_bytes([1; 16]),
            ListCommand::Retitle {
                task,
                title: Title::parse(&long).unwrap(),
            },
        );
        assert_eq!(normalised(command.clone()), command);
    }
}
