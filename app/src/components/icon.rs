//! The pictures, drawn with the colour of the text around them.

use leptos::prelude::*;

use crate::view::{ErasedView, any};

/// A small picture beside words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Icon {
    Lists,
    Plus,
    Share,
    Edit,
    Notes,
    Up,
    Down,
    Trash,
    Check,
    Close,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Lists => "M3.5 6h13M3.5 10h13M3.5 14h8",
            Self::Plus => "M10 4.5v11M4.5 10h11",
            Self::Share => "M10 12.5v-9M6.5 6.5 10 3l3.5 3.5M4.5 10.5v5a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-5",
            Self::Edit => "M4 16h3l8.5-8.5-3-3L4 13z",
            Self::Notes => "M4 5h12M4 9h12M4 13h7",
            Self::Up => "M10 16V4.5M5.5 9 10 4.5 14.5 9",
            Self::Down => "M10 4v11.5M5.5 11l4.5 4.5 4.5-4.5",
            Self::Trash => "M4 6h12M8 6V4h4v2M6 6l.6 10h6.8L14 6",
            Self::Check => "M4.5 10.5l3.5 3.5 7.5-8",
            Self::Close => "M5.5 5.5l9 9M14.5 5.5l-9 9",
        }
    }

    /// The picture.
    pub(crate) fn view(self) -> ErasedView {
        any(view! { <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d=self.path()/></svg> })
    }
}

/// Two that hold together: the sign of Tandem.
#[component]
pub(crate) fn Mark() -> impl IntoView {
    view! {
        <svg viewBox="0 0 32 20" aria-hidden="true">
            <path class="mark-ring" d="M12.8 16.8A7.6 7.6 0 1 1 12.8 3.2"/>
            <circle class="mark-disc" cx="22" cy="10" r="9.5"/>
            <path class="mark-check" d="M17.9 10.4l2.9 2.9 5.4-6.1"/>
        </svg>
    }
}

/// The sign and the name, leading home.
#[component]
pub(crate) fn Wordmark() -> impl IntoView {
    view! { <a class="wordmark" href="/"><Mark/>"Tandem"</a> }
}
