//! A push in pieces, so that nobody waits for all of a large one: each waits in the queue for itself.

use super::list_bytes::MOST_NOTES;
use super::request::WriteRequest;

/// The most bytes that one request to the writer may write, unless one command does.
pub(crate) const PIECE: u64 = 1024 * 1024;

/// What is asked, in pieces that each write so much and may have others in between.
pub(crate) fn pieces(asks: Vec<WriteRequest>) -> Vec<Vec<WriteRequest>> {
    let (mut pieces, mut bytes) = (vec![Vec::new()], 0);
    for ask in asks {
        let more = ask.most_bytes(|_| MOST_NOTES);
        if bytes + more > PIECE && bytes > 0 {
            pieces.push(Vec::new());
            bytes = 0;
        }
        bytes += more;
        if let Some(piece) = pieces.last_mut() {
            piece.push(ask);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use domain::wire::{Asked, Numbered, Push};
    use domain::{
        ClientId, Command, CommandSeq, Epoch, Field, ListCommand, ListId, Notes, PersonId, TaskId, Title,
    };

    use super::*;

    fn push(fields: impl IntoIterator<Item = Field>) -> Push {
        let list = ListId::from_bytes([1; 16]);
        let task = TaskId::from_bytes([2; 16]);
        let numbered = |(number, field)| Numbered {
            command_seq: CommandSeq(number),
            command: Asked::Readable(Command::List(list, ListCommand::set(task, field))),
        };
        Push {
            person: PersonId::from_bytes([3; 16]),
            epoch: Epoch::none(),
            client: ClientId::from_bytes([4; 16]),
            commands: (1..).zip(fields).map(numbered).collect(),
        }
    }

    fn lengths(fields: impl IntoIterator<Item = Field>) -> Vec<usize> {
        pieces(WriteRequest::all(push(fields)))
            .iter()
            .map(Vec::len)
            .collect()
    }

    #[test]
    fn short_commands_are_one_piece_and_notes_count_as_what_they_may_be_merged_with() {
        let title = || Field::Title(Title::parse("Oats").unwrap());
        let notes = |text: &str| Field::Notes(Notes::parse(text).unwrap());
        assert_eq!(lengths((0..100).map(|_| title())), [100]);
        assert_eq!(lengths((0..40).map(|_| notes("x"))), [15, 15, 10]);
        let long = "x".repeat(64 * 1024);
        assert_eq!(lengths((0..10).map(|_| notes(&long))), [7, 3]);
        assert_eq!(lengths([]), [0], "an empty push is asked, too");
    }
}
