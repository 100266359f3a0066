//! What was done to a field, in words: for those who see it happen, and for those who were away.

use super::Field;
use crate::{Priority, Task};

/// Verbs that say what was done: before the title of one task, and before those of several.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Verbs {
    /// Before one title.
    pub one: &'static str,
    /// Before several titles, or their number.
    pub several: &'static str,
}

impl Verbs {
    /// The same verb for one and for several.
    pub const fn of(verb: &'static str) -> Self {
        Self {
            one: verb,
            several: verb,
        }
    }
}

impl Field {
    /// What somebody did who set it, in words that a title follows: `completed`. A title that was set is the new one, so
    /// it wants other words than the titles of several tasks do.
    pub const fn verbs(&self) -> Verbs {
        let verb = match self {
            Self::Title(_) => {
                return Verbs {
                    one: "renamed a task to",
                    several: "renamed",
                };
            }
            Self::Notes(_) => "changed the notes of",
            Self::Done(true) => "completed",
            Self::Done(false) => "reopened",
            Self::Priority(Some(Priority::First)) => "set priority 1 for",
            Self::Priority(Some(Priority::Second)) => "set priority 2 for",
            Self::Priority(Some(Priority::Third)) => "set priority 3 for",
            Self::Priority(Some(Priority::Fourth)) => "set priority 4 for",
            Self::Priority(None) => "removed the priority of",
            Self::Due(Some(_)) => "set the due date of",
            Self::Due(None) => "removed the due date of",
            Self::DueTime(Some(_)) => "set the time of",
            Self::DueTime(None) => "removed the time of",
            Self::Deadline(Some(_)) => "set the deadline of",
            Self::Deadline(None) => "removed the deadline of",
            Self::Start(Some(_)) => "set the start of",
            Self::Start(None) => "removed the start of",
            Self::Estimate(Some(_)) => "estimated",
            Self::Estimate(None) => "removed the estimate of",
            Self::Repeat(Some(_)) => "set the repetition of",
            Self::Repeat(None) => "ended the repetition of",
            Self::Assigned(_, true) => "assigned",
            Self::Assigned(_, false) => "took somebody off",
            Self::Labelled(_, true) => "labelled",
            Self::Labelled(_, false) => "took a label off",
            Self::Section(true) => "made a section of",
            Self::Section(false) => "made a task of",
        };
        Verbs::of(verb)
    }

    /// What somebody did who set it, for those who see it happen: `completed “Milk”`. `title` is what the task is called.
    pub fn describe(&self, title: &str) -> String {
        let title = match self {
            Self::Title(title) => title.as_str(),
            _ => title,
        };
        format!("{} “{title}”", self.verbs().one)
    }

    /// How much it tells somebody who was away: the less, the sooner it is said.
    pub const fn rank(&self) -> u8 {
        match self {
            Self::Done(true) => 0,
            Self::Done(false) => 1,
            Self::Title(_) => 2,
            Self::Notes(_) => 3,
            Self::Assigned(..) => 4,
            Self::Due(_) => 5,
            Self::DueTime(_) => 6,
            Self::Deadline(_) => 7,
            Self::Start(_) => 8,
            Self::Priority(_) => 9,
            Self::Repeat(_) => 10,
            Self::Estimate(_) => 11,
            Self::Labelled(..) => 12,
            Self::Section(_) => 13,
        }
    }

    /// Whether it is news to somebody who was away that it was set, at first to `first` and in the end to this, the task
    /// being so by now. A task that was completed and reopened is as it was.
    pub fn is_news(&self, first: &Self, now: &Task) -> bool {
        match self {
            Self::Done(_) | Self::Assigned(..) | Self::Labelled(..) | Self::Section(_) => {
                self == first && *self == self.of(now)
            }
            // What is completed comes again as another task.
            Self::Repeat(None) => now.done.is_none(),
            Self::Title(_)
            | Self::Notes(_)
            | Self::Priority(_)
            | Self::Due(_)
            | Self::DueTime(_)
            | Self::Deadline(_)
            | Self::Start(_)
            | Self::Estimate(_)
            | Self::Repeat(_) => true,
        }
    }
}
