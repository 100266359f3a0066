//! What a line says beside its title, shown while it is typed: each part that is understood is marked in the line, and stands below it in
//! words. A click on either, or Backspace right behind it, makes it plain text again.
//!
//! The marks lie behind the line, letter under letter. So the line stays the browser's own, with its caret, its undo and its input
//! methods.

use domain::capture::{Captured, Language, Names, Says, Span, capture};
use domain::{Field, List, ListId, Title};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Event;

use super::capture_words::words;
use super::line::{Line, Read, adds_to};
use crate::browser;
use crate::session::Session;
use crate::store::set;
use crate::view::{ErasedView, client_only, dynamic, effect, handler};

/// What can be named in a line that adds to that list: its members, oneself as `+me`, its labels and its sections, and the lists that one may edit.
fn names(session: Session, list: Option<ListId>, text: &str) -> Names {
    let shown = session.store.shown.get_untracked();
    session.with(|client| {
        let list = list.and_then(|list| client.list(list));
        let members = list.into_iter().flat_map(|list| list.members.iter());
        let me = (client.account().person, "me".to_owned());
        let labels = list.filter(|_| text.contains('@')).map(List::labels);
        let sections = list
            .filter(|_| text.contains('/'))
            .into_iter()
            .flat_map(List::sections);
        let lists = client
            .headings()
            .filter(|(_, heading)| text.contains('#') && heading.role.can_edit());
        let mut lists: Vec<_> = lists
            .map(|(list, heading)| (list, heading.name.to_string()))
            .collect();
        // Of two with one name it is the one that is shown.
        lists.sort_by_key(|(list, _)| Some(*list) != shown);
        Names {
            people: members
                .map(|(person, member)| (*person, member.profile.name.to_string()))
                .chain([me])
                .collect(),
            labels: labels.into_iter().flatten().cloned().collect(),
            sections: sections
                .map(|section| (section.id, section.title.to_string()))
                .collect(),
            lists,
        }
    })
}

/// The most names that are offered.
const MOST_OFFERS: usize = 5;

/// The most that are looked at for that: each is read once more.
const MOST_LOOKED_AT: usize = 10;

/// The line, read on this day. What it names is of the list that it says, if it may say one, or else of the one that is shown.
fn read(session: Session, text: &str, plain: &str, names_lists: bool) -> Captured {
    let plain: Vec<_> = plain.lines().map(str::to_owned).collect();
    let languages = browser::languages();
    let languages = Language::of(languages.iter().map(String::as_str));
    let Some(today) = browser::today() else {
        return Captured::default();
    };
    let read = |list| {
        let mut names = names(session, list, text);
        names.lists.retain(|_| names_lists);
        capture(text, today, &languages, &names, &plain)
    };
    let shown = session.store.shown.get_untracked();
    let captured = read(shown);
    match captured.list().filter(|list| Some(*list) != shown) {
        Some(other) => read(Some(other)),
        None => captured,
    }
}

/// The title of the task that a line says, and what is set of it beside. None where what is left is no title.
fn read_line(session: Session, text: &str, plain: &str, names_lists: bool) -> Option<Read> {
    let captured = read(session, text, plain, names_lists);
    let title = Title::parse(&captured.title).ok()?;
    let mut fields: Vec<Field> = Vec::new();
    for mut field in captured.fields(browser::today()?, browser::minute()) {
        field.rewrite(browser::composed);
        if let Field::DueTime(time) = &mut field {
            *time = time.take().map(|time| time.in_zone(&browser::zone()));
        }
        // Two spellings of one label are one.
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    fields.extend(captured.notes());
    Some(Read {
        title,
        fields,
        section: captured.section(),
        elsewhere: captured
            .list()
            .filter(|list| Some(*list) != session.store.shown.get_untracked()),
    })
}

/// The people, labels, sections and lists that the last word of a line may be the beginning of, each with its mark: `+An`, `@ho`, `/Ki`, `#Gr`. None where that word is
/// understood as a whole, is text by somebody's wish or is in the notes.
fn offers(session: Session, text: &str, plain: &str, captured: &Captured) -> Vec<String> {
    let word = last_word(text);
    let last = captured.spans.last().filter(|span| span.end == text.len());
    let in_notes = last.is_some_and(|span| matches!(span.says, Says::Field(Field::Notes(_))));
    let mark = word
        .get(..1)
        .filter(|mark| matches!(*mark, "+" | "@" | "/" | "#"));
    let Some(mark) = mark.filter(|_| !in_notes && !plain.lines().any(|plain| plain == word)) else {
        return Vec::new();
    };
    let list = captured.list().or_else(|| session.store.shown.get_untracked());
    let Names {
        mut people,
        labels,
        sections,
        lists,
    } = names(session, list, text);
    people.pop(); // Oneself has a name, too.
    let is_label = mark == "@";
    let mut names: Vec<String> = match mark {
        "@" => labels.iter().map(ToString::to_string).collect(),
        "/" => sections.into_iter().map(|(_, name)| name).collect(),
        "#" => lists.into_iter().map(|(_, name)| name).collect(),
        _ => people.into_iter().map(|(_, name)| name).collect(),
    };
    let typed = word.get(1..).unwrap_or_default();
    // A new label may be the beginning of one that there is; a person who is understood is who is meant.
    let is_whole = names.iter().any(|name| name.eq_ignore_ascii_case(typed));
    if last.is_some() && (is_whole || !is_label) {
        return Vec::new();
    }
    let begins = |part: &str| {
        part.get(..typed.len())
            .is_some_and(|part| part.eq_ignore_ascii_case(typed))
    };
    let before = text.get(..text.len() - word.len()).unwrap_or_default();
    // Only what is understood once it stands there.
    let is_read = |name: &str| {
        let line = format!("{before}{mark}{name}");
        let read = read(session, &line, plain, true);
        read.spans
            .last()
            .is_some_and(|span| span.start == before.len() && span.end == line.len())
    };
    names.retain(|name| name.split_whitespace().any(begins));
    names.truncate(MOST_LOOKED_AT);
    // A line that is nothing else is its title.
    names.retain(|name| before.trim().is_empty() || is_read(name));
    names.truncate(MOST_OFFERS);
    names.into_iter().map(|name| format!("{mark}{name}")).collect()
}

fn last_word(text: &str) -> &str {
    text.rsplit(char::is_whitespace).next().unwrap_or_default()
}

/// What is understood of the line, behind it and below it.
pub(super) fn understood(line: Line) -> impl IntoView {
    let Line {
        session,
        field,
        text,
        plain,
        reader,
    } = line;
    reader.set_value(Some(read_line));
    let store = session.store;
    let captured = Memo::new(move |_| {
        store.open.track(); // What can be named may be another by now.
        text.with(|text| plain.with(|plain| read(session, text, plain, true)))
    });
    // The section that was chosen, unless the line says another.
    let chosen = Memo::new(move |_| {
        store.open.track();
        adds_to(session).filter(|_| {
            captured.with(|captured| {
                captured.section().is_none()
                    && captured
                        .list()
                        .is_none_or(|list| Some(list) == store.shown.get_untracked())
            })
        })
    });
    let choose_none = move || {
        set(store.adds_to, String::new());
        if let Some(field) = field.get_untracked() {
            let _ = field.focus();
        }
    };
    let offered = Memo::new(move |_| {
        text.with(|text| plain.with(|plain| captured.with(|captured| offers(session, text, plain, captured))))
    });
    let take = move |name: &str| {
        let (Some(field), typed) = (field.get_untracked(), text.get_untracked()) else {
            return;
        };
        let before = typed.len() - last_word(&typed).len();
        field.set_value(&format!("{}{name} ", typed.get(..before).unwrap_or_default()));
        // The composer hears of it as of any other typing.
        if let Ok(event) = Event::new("input") {
            let _ = field.dispatch_event(&event);
        }
        let _ = field.focus();
    };
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
            let first = offered.with_untracked(|offered| offered.first().cloned());
            // With the caret elsewhere, or before anything of it is typed, the key goes on as everywhere.
            let is_at_end =
                text.with_untracked(|text| caret() == Some(text.len()) && last_word(text).len() > 1);
            if let Some(name) = first.filter(|_| is_at_end && browser::key(key) == "Tab" && !key.shift_key())
            {
                event.prevent_default();
                return take(&name);
            }
            let is_away = match &*browser::key(key) {
                "Escape" => true,
                "Backspace" => text.with_untracked(String::is_empty),
                _ => false,
            };
            if is_away {
                return choose_none();
            }
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
        let chip = |of: &Captured, (number, span): (usize, &Span)| {
            let said = words(session, of, &span.says);
            let label = format!("{said}. Keep as text");
            let press = move |_: MouseEvent| make_plain(number);
            client_only(view! {
                <li><button type="button" class="chip" aria-label=label on:click=handler(press)>{said}<span aria-hidden="true">"×"</span></button></li>
            })
        };
        let mut chips: Vec<_> = captured.with(|captured| {
            captured
                .spans
                .iter()
                .enumerate()
                .map(|span| chip(captured, span))
                .collect()
        });
        if let Some(section) = chosen.get() {
            let said = captured.with(|captured| words(session, captured, &Says::Section(section)));
            let label = format!("{said}. Add to no section");
            chips.push(client_only(view! {
                <li><button type="button" class="chip chip--chosen" aria-label=label on:click=handler(move |_: MouseEvent| choose_none())>{said}<span aria-hidden="true">"×"</span></button></li>
            }));
        }
        chips
    };
    let names = move || {
        let offer = |name: String| {
            let words = name.clone();
            let press = move |_: MouseEvent| take(&name);
            client_only(view! {
                <li><button type="button" class="chip chip--offer" dir="auto" on:click=handler(press)>{words}</button></li>
            })
        };
        offered.get().into_iter().map(offer).collect::<Vec<_>>()
    };
    let status = move || {
        if let Some(name) = offered.with(|offered| offered.first().cloned()) {
            return format!("Press Tab for {name}");
        }
        captured.with(|captured| {
            let section = chosen.get().map(Says::Section);
            let says = captured.spans.iter().map(|span| &span.says).chain(&section);
            let said: Vec<_> = says.map(|says| words(session, captured, says)).collect();
            said.join(", ")
        })
    };
    view! {
        <div class="composer-mirror" node_ref=mirror aria-hidden="true" dir="auto">{dynamic(pieces)}</div>
        <div class="composer-understood">
            <ul role="list" aria-label="Understood">{dynamic(chips)}</ul>
            <ul role="list" aria-label="Suggestions">{dynamic(names)}</ul>
        </div>
        <p class="visually-hidden" role="status">{dynamic(status)}</p>
    }
}
