//! What the pages are made of.

mod avatar;
mod away_panel;
mod capture;
mod completed;
mod composer;
mod drag;
mod heading;
mod icon;
mod later;
mod line;
mod notices;
mod paste;
mod side;
mod sync_dot;
mod task_actions;
mod task_details;
mod task_edit;
mod task_labels;
mod task_menu;
mod task_notes;
mod task_repeat;
mod task_row;
mod text_area;
mod unsaved;

pub(crate) use avatar::Avatar;
pub(crate) use completed::Completed;
pub(crate) use composer::Composer;
pub(crate) use heading::ListHeading;
pub(crate) use icon::{Icon, Mark, Wordmark};
pub(crate) use later::press_row;
pub(crate) use notices::Notices;
pub(crate) use side::{Side, TopBar};
pub(crate) use sync_dot::{SessionEnded, Stuck, SyncDot, Unkept};
pub(crate) use task_row::task_row;
pub(crate) use text_area::inside;
pub(crate) use unsaved::UnsavedTexts;
