//! What the log keeps of a text that somebody changes again and again: of all long versions that one person wrote of one title, or of the
//! notes of one task, within one minute of the clock, the last. Rows stay, since they are numbered, and whoever reads them ends up with
//! the same list.
//!
//! A version is long where its row has more than 512 bytes of changes as JSON. Shorter ones all stay: a row costs about as much without
//! them. A minute is looked at once it has been over for another one, from its last row to its first, some rows at a time. Rows are
//! read again in the transaction that writes them, since what they say may have been erased meanwhile.

use std::collections::HashSet;
use std::mem::{Discriminant, discriminant};
use std::time::Duration;

use domain::{Change, Field, PersonId, Seq, TaskId, Timestamp, Topic};

use crate::authority::Authority;
use crate::database::history::{self, Next};
use crate::database::log::{RowHead, set_all_changes};
use crate::{Backend, Error};

/// The rows, and the bytes of changes as JSON, that are looked at together.
const PIECE: (u64, u64) = (200, 1024 * 1024);

/// How long a minute has been over when it is looked at.
const AGE: Duration = Duration::from_secs(60);

const MINUTE: u64 = 60_000;

/// A title, or the notes of a task, as one person writes them.
type Text = (Topic, TaskId, Discriminant<Field>, PersonId);

impl Backend {
    /// Looks at all minutes that are old enough and were not looked at yet.
    pub(crate) async fn thin_out_history(&self) -> Result<(), Error> {
        let old = self.now().0.saturating_sub(AGE.as_millis() as u64);
        let before = Timestamp(old - old % MINUTE);
        let begin = history::thinned(&mut *self.inner.readers.acquire().await?).await?;
        let mut after = begin;
        loop {
            let mut read = self.inner.readers.begin().await?;
            let next = history::next(&mut read, after, before, MINUTE).await?;
            drop(read);
            after = match next {
                Next::Minute(first, last) => {
                    self.thin_out(first, last).await?;
                    last
                }
                Next::Nothing(last) => last,
                Next::End => break,
            };
        }
        if after > begin {
            self.write_transaction(
                Authority::Server,
                move |connection| Box::pin(history::set_thinned(connection, after)),
                |()| {},
            )
            .await?;
        }
        Ok(())
    }

    /// Looks at the rows of one minute.
    async fn thin_out(&self, first: Seq, mut last: Seq) -> Result<(), Error> {
        let mut later = HashSet::new();
        loop {
            let mut read = self.inner.readers.acquire().await?;
            let Some(begin) = history::piece(&mut read, first, last, PIECE).await? else {
                return Ok(());
            };
            let rows = history::long_rows(&mut read, begin, last).await?;
            drop(read);
            let (thinner, texts) = thinner(rows, &later);
            if !thinner.is_empty() {
                later = self.thin_out_piece(begin, last, later).await?;
            }
            later.extend(texts);
            last = Seq(begin.0.saturating_sub(1));
        }
    }

    /// Reads a piece as it is by now and writes it thinner, in one transaction; gives `later` back.
    async fn thin_out_piece(
        &self,
        begin: Seq,
        last: Seq,
        later: HashSet<Text>,
    ) -> Result<HashSet<Text>, Error> {
        self.write_transaction(
            Authority::Server,
            move |connection| {
                Box::pin(async move {
                    let rows = history::long_rows(connection, begin, last).await?;
                    set_all_changes(connection, thinner(rows, &later).0).await?;
                    Ok(later)
                })
            },
            |_| {},
        )
        .await
    }
}

/// The rows, which come from the last to the first, that have a version of a text which one of them or of those before them here has
/// anew, without that; and the texts that they have the last version of.
fn thinner(rows: Vec<(RowHead, String)>, later: &HashSet<Text>) -> (Vec<(Seq, String)>, HashSet<Text>) {
    let (mut thinner, mut texts) = (Vec::new(), HashSet::new());
    for (head, text) in rows {
        // What cannot be read stays as it is.
        let Ok(mut changes) = serde_json::from_str::<Vec<Change>>(&text) else {
            continue;
        };
        let before = changes.len();
        changes.reverse();
        changes.retain(|change| match change {
            Change::TaskSet {
                task,
                field: field @ (Field::Title(_) | Field::Notes(_)),
            } => {
                let text = (head.topic, *task, discriminant(field), head.actor);
                !later.contains(&text) && texts.insert(text)
            }
            _ => true,
        });
        changes.reverse();
        if changes.len() < before
            && let Ok(text) = serde_json::to_string(&changes)
        {
            thinner.push((head.seq, text));
        }
    }
    (thinner, texts)
}

#[cfg(test)]
mod tests;
