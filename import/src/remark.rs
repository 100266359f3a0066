//! What does not come as it was, and why.

use std::fmt;

/// What there is to say of one row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remark {
    /// In a text the line, in JSON which of the tasks it is, both from 1; none for a list or the file as a whole.
    pub row: Option<usize>,
    /// What it is about, in short: the beginning of a title.
    pub about: String,
    /// What is otherwise, and why.
    pub reason: Reason,
}

/// What does not come as it was, and why. Its `Display` is a sentence for people.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reason {
    /// It has no title and nothing else: it does not come.
    Nothing,
    /// The program that wrote the file knows this row as something that is no task.
    NoTask,
    /// It is in the trash: it does not come.
    Trash,
    /// The person chose to leave a column out.
    LeftOut,
    /// It has no title.
    NoTitle,
    /// Its title is too long.
    LongTitle,
    /// Its notes are too long.
    LongNotes,
    /// It has characters that cannot be shown.
    ControlCharacters,
    /// The list's name is too long or has characters that cannot be shown.
    ListName,
    /// The list has no tasks.
    EmptyList,
    /// The section has no tasks, and is archived or of another view.
    EmptySection,
    /// The list has more tasks than a list may have.
    LongList,
    /// The file is not UTF-8.
    Encoding,
    /// The first row of a table was taken for the names of its columns, and not all of them are known.
    FirstRow,
    /// There are more tasks above it than subtasks may have.
    TooDeep,
    /// The task above it is not in the file.
    NoParent,
    /// The task above it has no text.
    EmptyParent,
    /// It is below itself.
    Circle,
    /// It is a line of a checklist that has a name.
    Checklist,
    /// It is in another section than its parent, in several, or in one that is archived.
    Section,
    /// Its list is in a folder.
    Folder,
    /// The task has labels, tags or categories.
    Labels,
    /// It has a time of the day.
    Time,
    /// The time is in UTC, and near midnight.
    DayOfUtc,
    /// It repeats.
    Repeats,
    /// It has a date that is not understood.
    UnknownDate,
    /// It has a priority that is not understood.
    UnknownPriority,
    /// It has a state that is not understood.
    UnknownState,
    /// It is archived.
    Archived,
    /// The list is archived.
    ArchivedList,
    /// The task above it is in another list.
    OtherList,
    /// It is done in part.
    Progress,
    /// The program knows it as a task that nobody will do.
    WontDo,
    /// The program knows it as a note.
    Note,
    /// It has a date on which it ends, beside the one on which it is due.
    End,
    /// It has a reminder.
    Reminder,
    /// It says how long it takes, and not in minutes or hours.
    Duration,
    /// Its deadline is no day.
    Deadline,
    /// It has comments.
    Comments,
    /// It has more comments than the file.
    MissingComments,
    /// It has fields that its board alone has.
    CustomFields,
    /// It has a place.
    Location,
    /// Somebody is to do it.
    Assignees,
    /// It has files.
    Attachments,
    /// It has files of which nothing else is known.
    Files,
    /// The file is one page of several.
    MorePages,
    /// It has formatted text.
    Formatting,
    /// The table has columns for which there is no place.
    OtherColumns,
    /// It stands in a Markdown file without a bullet.
    NoBullet,
    /// A list has a description.
    Description,
    /// It has links to other tasks or other things that are known by numbers only.
    Relations,
    /// A list has members.
    Members,
    /// Who did something, and when.
    History,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "It does not come: it has no text.",
            Self::NoTask => "It does not come: it is a setting, not a task.",
            Self::Trash => "It does not come: it is in the trash.",
            Self::LeftOut => "A cell does not come: its column is left out.",
            Self::NoTitle => "It has no title, so it gets the beginning of its notes.",
            Self::LongTitle => "Its title is too long, so it is cut. The whole title is in the notes.",
            Self::LongNotes => "Its notes are too long for one task, so they go on in tasks after it.",
            Self::ControlCharacters => "Control characters do not come: no page can show them.",
            Self::ListName => {
                "The name of this list is changed: it has control characters, or it is too long. Then the whole is in the first task."
            }
            Self::EmptyList => "This list has no tasks, so it does not come.",
            Self::EmptySection => "This section does not come: it has no tasks, and is archived or of another view.",
            Self::LongList => "This list is split: a list holds no more tasks.",
            Self::Encoding => {
                "The file is not UTF-8. It was read as Windows-1252; please look at the letters."
            }
            Self::FirstRow => {
                "The first row is taken for the names of the columns, but not all of them are known. If it is a task, please say so."
            }
            Self::TooDeep => {
                "It comes after its parent, whose title is in the notes: subtasks go no deeper here."
            }
            Self::NoParent => "It comes as a task: its parent is not in the file.",
            Self::EmptyParent => "It comes one level up: its parent has no text.",
            Self::Circle => "It comes as a task: its parent is also below it.",
            Self::Checklist => "The name of its checklist is in the notes: subtasks have no checklists here.",
            Self::Section => {
                "A section that it was in is in the notes: a subtask comes with its parent, a task in one section, and archived sections do not come."
            },
            Self::Folder => "The folder of its list is in the notes: there are no folders here.",
            Self::Labels => "Some of its labels are in the notes: they are too long or too many.",
            Self::Time => "Its time of day is in the notes: a task has a day and no time here.",
            Self::DayOfUtc => "Its day is that of UTC, and its time near midnight: where you are it may be the day before or after.",
            Self::Repeats => "How it repeats is in the notes: Tandem cannot repeat it so.",
            Self::UnknownDate => "Its date is in the notes: it cannot be told which day that is.",
            Self::UnknownPriority => "Its priority is in the notes: it is none from 1 to 4.",
            Self::UnknownState => "Its state is in the notes: it cannot be told whether that is done.",
            Self::Archived => "It is archived, so it comes as a completed task.",
            Self::ArchivedList => "This list is archived there, and comes as a list like the others.",
            Self::OtherList => "It comes as a task: its parent, whose title is in the notes, is in another list.",
            Self::Progress => "How much of it is done is in the notes: a task is done here, or it is not.",
            Self::WontDo => "It was given up, so it comes as a completed task.",
            Self::Note => "It is a note there, and comes as a task.",
            Self::End => "Its end is in the notes: a task has a start, a due day and a deadline here.",
            Self::Reminder => "Its reminder is in the notes: there are no reminders here.",
            Self::Duration => "How long it takes is in the notes: it cannot be told in minutes.",
            Self::Deadline => "Its deadline is in the notes: it cannot be told which day that is.",
            Self::Comments => "Its comments are in the notes: there are no comments here.",
            Self::MissingComments => "It has more comments than this file has: Trello exports the latest ones.",
            Self::CustomFields => "Its custom fields are in the notes: there are none here.",
            Self::Location => "Its place is in the notes: there are no places here.",
            Self::Assignees => "Its people are in the notes: tasks have no assignees here.",
            Self::Attachments => "The names of its files are in the notes: files do not come.",
            Self::Files => "Its files do not come.",
            Self::MorePages => "There is more of it than this file has: it is one page of several.",
            Self::Formatting => "Its formatting does not come: notes are plain text.",
            Self::OtherColumns => "The cells of other columns are in the notes.",
            Self::NoBullet => "It has no bullet, and comes as a task as it is.",
            Self::Description => {
                "The description of this list comes as a task: lists have no description here."
            }
            Self::Relations => "Its links to other tasks do not come: there are none here.",
            Self::Members => "The members do not come. Share the new list with them.",
            Self::History => "Who did something, and when, does not come: these are new tasks.",
        })
    }
}
