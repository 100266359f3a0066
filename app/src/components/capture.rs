//! What a line says beside its title, shown while it is typed: each part that is understood is marked in the line, and stands below it in
//! words. A click on either, or Backspace right behind it, makes it plain text again.
//!
//! The marks lie behind the line, letter under letter. So the line stays the browser's own, with its caret, its undo and its input
//! methods.

use domain::capture::{Captured, Language, Span, capture};
use domain::{Field, Title};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

use super::line::Line;
use crate::browser;
use crate::view::{ErasedView, client_only, dynamic, effect, handler};

/// The line, read on this day.
fn read(text: &str, plain: &str) -> Captured {
    let plain: Vec<_> = plain.lines().map(str::to_owned).collect();
    let languages = browser::languages();
    let languages = Language::of(languages.iter().map(String::as_str));
    match browser::today() {
        Some(today) => capture(text, today, &languages, &plain),
        None => Captured::default(),
    }
}

/// The title of the task that a line says, and what is set of it beside. None where what is left is no title.
fn read_line(text: &str, plain: &str) -> Option<(Title, Vec<Field>)> {
    let captured = read(text, plain);
    let title = Title::parse(&captured.title).ok()?;
    Some((title, captured.fields()))
}

/// A field in words: `Due Friday, 4 Dec`.
fn words(field: &Field) -> String {
    let today = browser::today();
    match field {
        Field::Due(Some(due)) => {
            let date = due.date(today);
            match due.in_words(today) {
                words if words == date => format!("Due {date}"),
                words => format!("Due {words}, {date}"),
            }
        }
        Field::Priority(Some(priority)) => format!("Priority {}", priority.number()),
        Field::Repeat(Some(repeat)) => {
            capital(&repeat.read().map(|repeat| repeat.in_words()).unwrap_or_default())
        }
        _ => String::new(),
    }
}

/// The same with a capital letter.
fn capital(words: &str) -> String {
    let (first, rest) = words.split_at_checked(1).unwrap_or_default();
    first.to_ascii_uppercase() + rest
}

/// What is understood of the line, behind it and below it.
pub(super) fn understood(line: Line) -> impl IntoView {
    let Line {
        field,
        text,
        plain,
        reader,
    } = line;
    reader.set_value(Some(read_line));
    let captured = Memo::new(move |_| text.with(|text| plain.with(|plain| read(text, plain))));
    let mirror = NodeRef::<Div>::new();
    let part = move |number: usize| {
        captured.with_untracked(|captured| {
            let span = captured.spans.get(number)?;
            text.with_untracked(|text| text.get(span.start..span.end).map(str::to_owned))
        })
    };
    let make_plain = move |number: usize| {
        if let Some(part) = part(number) {
            plain.update(|plain| *plain += &(part + "\n"));
        }
        if let Some(field) = field.get_untracked() {
            let _ = field.focus();
        }
    };
    // The mirror shows the part of a long line that the line shows.
    let follow = move || {
        if let (Some(field), Some(mirror)) = (field.get_untracked(), mirror.get_untracked()) {
            mirror.set_scroll_left(field.scroll_left());
        }
    };
    effect(move || {
        captured.track();
        browser::before_paint(follow);
    });
    effect(move || {
        let Some(element) = field.get() else { return };
        let caret = {
            let element = element.clone();
            move || {
                browser::selection(&element)
                    .filter(|(from, to)| from == to)
                    .map(|(at, _)| at)
            }
        };
        let clicked = caret.clone();
        browser::on_element(&element, "scroll", move |_| follow());
        browser::on_element(&element, "click", move |_| {
            let at = clicked();
            let holds = |span: &Span| at.is_some_and(|at| span.start < at && at < span.end);
            if let Some(number) = captured.with_untracked(|captured| captured.spans.iter().position(holds)) {
                make_plain(number);
            }
        });
        browser::on_element(&element, "keydown", move |event| {
            let key: &KeyboardEvent = event.unchecked_ref();
            if browser::key(key) != "Backspace" || key.ctrl_key() || key.meta_key() || key.alt_key() {
                return;
            }
            let at = caret();
            let ends = |span: &Span| at == Some(span.end);
            if let Some(number) = captured.with_untracked(|captured| captured.spans.iter().position(ends)) {
                event.prevent_default();
                make_plain(number);
            }
        });
    });
    let pieces = move || {
        let text = text.get_untracked();
        captured.with(|captured| {
            let (mut pieces, mut from) = (Vec::<ErasedView>::new(), 0);
            for span in &captured.spans {
                let (before, marked) = (text.get(from..span.start), text.get(span.start..span.end));
                pieces.push(client_only(before.unwrap_or_default().to_owned()));
                pieces.push(client_only(
                    view! { <mark>{marked.unwrap_or_default().to_owned()}</mark> },
                ));
                from = span.end;
            }
            pieces.push(client_only(text.get(from..).unwrap_or_default().to_owned()));
            pieces
        })
    };
    // Drawn anew with every reading: the same place in the line may say something else by now.
    let chips = move || {
        let chip = |(number, span): (usize, &Span)| {
            let said = words(&span.field);
            let label = format!("{said}. Keep as text");
            let press = move |_: MouseEvent| make_plain(number);
            client_only(view! {
                <li><button type="button" class="chip" aria-label=label on:click=handler(press)>{said}<span aria-hidden="true">"×"</span></button></li>
            })
        };
        captured.with(|captured| captured.spans.iter().enumerate().map(chip).collect::<Vec<_>>())
    };
    let status = move || {
        captured.with(|captured| {
            let said: Vec<_> = captured.spans.iter().map(|span| words(&span.field)).collect();
            said.join(", ")
        })
    };
    view! {
        <div class="composer-mirror" node_ref=mirror aria-hidden="true" dir="auto">{dynamic(pieces)}</div>
        <ul class="composer-understood" role="list" aria-label="Understood">{dynamic(chips)}</ul>
        <p class="visually-hidden" role="status">{dynamic(status)}</p>
    }
}
