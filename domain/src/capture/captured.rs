//! What a line that was read says of the task.

use super::{Captured, Says};
use crate::{Day, Field, ListId, Repetition, TaskId};

impl Captured {
    /// The notes that the line says, to be set.
    pub fn notes(&self) -> Option<Field> {
        let mut fields = self.spans.iter().filter_map(|span| span.says.field());
        fields.find(|field| field.text().is_some()).cloned()
    }

    /// The section that the line says, if it says one.
    pub fn section(&self) -> Option<TaskId> {
        self.spans.iter().find_map(|span| match span.says {
            Says::Section(section) => Some(section),
            Says::Field(_) | Says::List(_) => None,
        })
    }

    /// The list that the line says, if it says one. What else it names, such as people, has to be of that list.
    pub fn list(&self) -> Option<ListId> {
        self.spans.iter().find_map(|span| match span.says {
            Says::List(list) => Some(list),
            Says::Field(_) | Says::Section(_) => None,
        })
    }

    /// What the line says beside its title and where it is, but its notes: a text is set by a command of its own. What comes again is due on its first day,
    /// or counts from the day that the line says; where it says both, a day and from when it repeats, each is as it says. Where it says no
    /// day but when the task starts, it does not come before that. A time of day without a day is that of the deadline, or else the next time that a
    /// clock shows it, `minute` being how many minutes after midnight of `today` it is now, and not before the task starts.
    pub fn fields(&self, today: Day, minute: u16) -> Vec<Field> {
        let fields = self.spans.iter().filter_map(|span| span.says.field());
        let mut fields: Vec<Field> = fields.filter(|field| field.text().is_none()).cloned().collect();
        let due = fields.iter().find_map(|field| match field {
            Field::Due(due) => *due,
            _ => None,
        });
        let start = fields.iter().find_map(|field| match field {
            Field::Start(start) => *start,
            _ => None,
        });
        let deadline = fields.iter().find_map(|field| match field {
            Field::Deadline(deadline) => *deadline,
            _ => None,
        });
        let next = fields.iter().find_map(|field| match field {
            Field::DueTime(time) => time.as_ref()?.next_day(today, minute),
            _ => None,
        });
        let repeat = fields.iter_mut().find_map(|field| match field {
            Field::Repeat(repeat) => repeat.as_mut(),
            _ => None,
        });
        match (repeat, due) {
            (Some(repeat), Some(due)) => {
                if let Some(read) = repeat.read().filter(|read| read.anchor <= due) {
                    *repeat = Repetition { anchor: due, ..read }.into();
                }
            }
            (Some(repeat), None) => {
                let read = repeat.read();
                let is_early =
                    |(read, start): &(Repetition, Day)| read.first().is_some_and(|first| first < *start);
                if let Some((read, anchor)) = read.zip(start).filter(is_early) {
                    *repeat = Repetition { anchor, ..read }.begun().into();
                }
                let due = repeat.read().and_then(|repeat| match repeat.first() {
                    Some(first) if next > Some(first) => repeat.next(first).or(Some(first)),
                    first => first,
                });
                fields.push(Field::Due(due));
            }
            (None, None) => {
                let due =
                    next.map(|next| deadline.unwrap_or_else(|| start.map_or(next, |start| start.max(next))));
                fields.extend(due.map(|due| Field::Due(Some(due))));
            }
            (None, _) => {}
        }
        fields
    }
}
