//! When a task is due, as a text that a row follows: one text, and so one signal.

use domain::{Day, DueTime, Task};

/// The bytes of a day as text.
const DAY: usize = 10;

/// What stands before a due date and time of another zone.
const ELSEWHERE: char = '@';

/// The day on which a task is due, the time of that day behind it, and on a line of its own its rule, where it comes again.
pub(super) fn due_text(task: &Task) -> String {
    let Some(due) = task.due else {
        return String::new();
    };
    let mut text = String::from(due);
    if let Some(time) = &task.due_time {
        text += time.as_str();
    }
    if let Some(repeat) = &task.repeat {
        text.push('\n');
        text += &String::from(repeat.clone());
    }
    text
}

/// When a task is due.
pub(crate) struct Due {
    /// The day.
    pub(crate) day: Day,
    /// The time of that day as [`DueTime`] writes it, with its zone; empty for none.
    pub(crate) time: String,
    /// What that is by the clocks of another zone: the zone, a blank, the day and the time. Empty before somebody asked.
    here: String,
    /// Whether it comes again then.
    pub(crate) again: bool,
}

impl Due {
    /// When that task is due, if it is.
    pub(crate) fn of(task: &Task) -> Option<Self> {
        Some(Self {
            day: task.due?,
            time: task.due_time.clone().map(String::from).unwrap_or_default(),
            here: String::new(),
            again: task.repeat.is_some(),
        })
    }

    /// The zone of the time, if it is the time of one.
    pub(crate) fn zone(&self) -> Option<&str> {
        Some(self.time.split_once(' ')?.1)
    }

    /// The time without its zone; empty for none.
    pub(crate) fn clock(&self) -> &str {
        self.time.get(..DueTime::CLOCK).unwrap_or_default()
    }

    /// The day and the time by the clocks of that zone. None where nobody has asked yet what a time of another zone is there.
    pub(crate) fn local(&self, zone: &str) -> Option<(Day, &str)> {
        if self.zone().is_none_or(|of| of == zone) {
            return Some((self.day, self.clock()));
        }
        let known = self.here.strip_prefix(zone)?.strip_prefix(' ')?;
        Some((day_of(known)?, known.get(DAY..)?))
    }

    /// The same by the clocks of that zone, as far as it is known.
    pub(crate) fn in_zone(mut self, zone: &str) -> Self {
        if let Some((day, time)) = self.local(zone) {
            (self.day, self.time) = (day, time.to_owned());
        }
        self
    }
}

/// When a task is due by that text.
pub(crate) fn due_of(text: &str) -> Option<Due> {
    let (said, here, rule) = parts_of(text);
    Some(Due {
        day: day_of(said)?,
        time: said.get(DAY..)?.to_owned(),
        here: here.to_owned(),
        again: !rule.is_empty(),
    })
}

/// The parts of such a text: what the task says, what that is elsewhere, as [`Due`] has it, and the rule.
fn parts_of(text: &str) -> (&str, &str, &str) {
    let (head, rule) = text.split_once('\n').unwrap_or((text, ""));
    let (said, here) = head.split_once(ELSEWHERE).unwrap_or((head, ""));
    (said, here, rule)
}

/// Whether both texts say the same of the task. What was found out about it stays while they do.
pub(super) fn says_the_same(now: &str, due: &str) -> bool {
    let ((said, _, rule), (said_now, _, rule_now)) = (parts_of(due), parts_of(now));
    (said, rule) == (said_now, rule_now)
}

/// That text with what the time is in that zone.
pub(crate) fn with_local(text: &str, zone: &str, day: Day, time: &DueTime) -> String {
    let (said, _, rule) = parts_of(text);
    format!("{said}{ELSEWHERE}{zone} {day}{}\n{rule}", time.clock())
}

/// The day that such a text begins with.
pub(crate) fn day_of(text: &str) -> Option<Day> {
    Day::parse(text.get(..DAY)?)
}
