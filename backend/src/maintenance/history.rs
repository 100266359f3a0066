//! What the log keeps of a text that somebody changes again and again: of all versions that one person wrote of one title, or of the notes
//! of one task, within a minute, the last. Rows stay, since they are numbered, and whoever reads them ends up with the same list.
//!
//! It is done two minutes later, some rows at a time. So where the log has more than those rows of one minute, one version of each of
//! them stays.

use std::collections::HashSet;
use std::mem::discriminant;
use std::time::Duration;

use domain::{Change, Field, Seq, Timestamp};

use crate::authority::Authority;
use crate::database::log;
use crate::live::frame::json;
use crate::{Backend, Error};

/// The rows that are looked at together.
const PIECE: u64 = 200;

/// How old they are.
const AGE: Duration = Duration::from_secs(120);

const MINUTE: u64 = 60_000;

impl Backend {
    /// Looks at all rows that are old enough and come after that one; gives the last of them.
    pub(crate) async fn thin_out_history(&self, mut after: Seq) -> Result<Seq, Error> {
        let before = Timestamp(self.now().0.saturating_sub(AGE.as_millis() as u64));
        loop {
            let mut read = self.inner.readers.acquire().await?;
            let (last, rows) = log::long_rows(&mut read, after, PIECE, before).await?;
            drop(read);
            let thinner = thinner(rows);
            if !thinner.is_empty() {
                self.write_transaction(
                    Authority::Server,
                    move |connection| Box::pin(log::set_all_changes(connection, thinner)),
                    |()| {},
                )
                .await?;
            }
            match last {
                Some(last) => after = last,
                None => return Ok(after),
            }
        }
    }
}

/// The rows that have something in them which a later one of them has anew, without that.
fn thinner(rows: Vec<(log::RowHead, String)>) -> Vec<(Seq, String)> {
    let (mut later, mut thinner) = (HashSet::new(), Vec::new());
    for (head, text) in rows.into_iter().rev() {
        // What cannot be read stays as it is.
        let Ok(mut changes) = serde_json::from_str::<Vec<Change>>(&text) else {
            continue;
        };
        let before = changes.len();
        changes.retain(|change| match change {
            Change::TaskSet {
                task,
                field: field @ (Field::Title(_) | Field::Notes(_)),
            } => later.insert((
                head.topic,
                *task,
                discriminant(field),
                head.actor,
                head.at.0 / MINUTE,
            )),
            _ => true,
        });
        if changes.len() < before {
            let text = String::from_utf8(json(&changes)).unwrap_or(text);
            thinner.push((head.seq, text));
        }
    }
    thinner
}

#[cfg(test)]
mod tests {
    use domain::wire::{Asked, Numbered, Push};
    use domain::{ClientId, Command, CommandSeq, ListCommand, Notes, Place, TaskId, Title};

    use super::*;
    use crate::{Clock, Config, Visitor};

    /// What the log has of notes, in order.
    async fn written(backend: &Backend) -> Vec<String> {
        let mut read = backend.inner.readers.acquire().await.unwrap();
        let rows = log::all(&mut read).await.unwrap();
        let changes = rows.into_iter().flat_map(|row| row.changes);
        changes
            .filter_map(|change| match change {
                Change::TaskSet {
                    field: Field::Notes(notes),
                    ..
                } => notes.as_str().split(' ').next().map(str::to_owned),
                _ => None,
            })
            .collect()
    }

    #[tokio::test]
    async fn of_all_versions_that_one_person_wrote_within_a_minute_the_last_stays() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::new(folder.path().join("tandem.db").display().to_string());
        let begin = 1_800_000_000_000;
        let clock = Clock::fixed(Timestamp(begin));
        config.clock = clock.clone();
        let backend = Backend::open(config).await.unwrap();
        let visitor = Visitor::from_token(&[7; 32]);
        let (list, task) = (visitor.first_list(), TaskId::from_bytes([9; 16]));
        let add = ListCommand::AddTask {
            task,
            place: Place::End,
            title: Title::parse("Oats").unwrap(),
        };
        let notes = |number: u64| {
            let text = format!("{number} {}", "x".repeat(1_000));
            ListCommand::set(task, Field::Notes(Notes::parse(&text).unwrap()))
        };
        let commands = std::iter::once(add).chain((1..=9).map(notes));
        for (number, command) in (1..).zip(commands) {
            // Three in each minute.
            clock.set(Timestamp(begin + number / 3 * MINUTE));
            let push = Push {
                person: visitor.person(),
                epoch: backend.epoch().clone(),
                client: ClientId::from_bytes([1; 16]),
                commands: vec![Numbered {
                    command_seq: CommandSeq(number),
                    command: Asked::Readable(Command::List(list, command)),
                }],
            };
            backend.push(&visitor, push).await.unwrap();
        }
        let all: Vec<String> = (1..=9).map(|number| number.to_string()).collect();
        assert_eq!(written(&backend).await, all);
        clock.set(Timestamp(begin + 3 * MINUTE + 1));
        backend.thin_out_history(Seq::ZERO).await.unwrap();
        assert_eq!(
            written(&backend).await,
            ["1", "4", "5", "6", "7", "8", "9"],
            "what is younger than two minutes is as it was"
        );
        clock.set(Timestamp(begin + 10 * MINUTE));
        let last = backend.thin_out_history(Seq::ZERO).await.unwrap();
        assert_eq!(written(&backend).await, ["1", "4", "7", "9"]);
        assert_eq!(backend.thin_out_history(last).await.unwrap(), last);
        assert_eq!(backend.check().await.unwrap(), Vec::<String>::new());
    }
}
