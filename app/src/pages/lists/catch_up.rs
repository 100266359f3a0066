//! What others did while somebody was away: a part that `public/away.js` asks for and puts into the page that is there.

use domain::{Deeds, Profile, TaskId};
use leptos::prelude::*;

use crate::components::{Avatar, Icon};

/// How many people are told of each; the others are a number.
const MOST_PEOPLE: usize = 4;

/// The panel.
#[derive(Clone, Debug)]
pub enum AwayPanel {
    /// Who did what, and which tasks are there and not as they were.
    Told(Vec<(Profile, Deeds)>, Vec<TaskId>),
    /// More than can be told, by these at the least; by nobody who is known, if the log says nothing of that time.
    Much(Vec<Profile>),
}

impl AwayPanel {
    /// The part of the page. When that was is for the browser to say, in the person's own way.
    pub fn html(self) -> String {
        Owner::new().with(|| self.view().to_html())
    }

    fn view(self) -> impl IntoView {
        let (lines, more, tasks) = match self {
            Self::Told(people, tasks) => {
                let more = people.len().saturating_sub(MOST_PEOPLE);
                let line = |(profile, deeds)| (Some(profile), words(&deeds));
                let lines: Vec<_> = people.into_iter().take(MOST_PEOPLE).map(line).collect();
                (lines, others(more), tasks)
            }
            Self::Much(people) => (vec![(None, much(&people))], String::new(), Vec::new()),
        };
        let tasks: Vec<String> = tasks.iter().map(TaskId::to_string).collect();
        let line = |(profile, words): (Option<Profile>, String)| {
            let name = profile.as_ref().map(|profile| profile.name.to_string());
            view! {
                <li>
                    {profile.map(|profile| view! { <Avatar profile/> })}
                    <span>{name.map(|name| view! { <bdi>{name}</bdi>" " })}{words}</span>
                </li>
            }
        };
        view! {
            <section class="notice away" aria-labelledby="away-name" data-tasks=tasks.join(" ")>
                <div>
                    <h2 id="away-name">"While you were away"<time hidden></time></h2>
                    <ul role="list">{lines.into_iter().map(line).collect_view()}</ul>
                    {(!more.is_empty()).then(|| view! { <p>{more}</p> })}
                </div>
                <button class="button button--icon" type="button" aria-label="Dismiss what happened while you were away">{Icon::Close.view()}</button>
            </section>
        }
    }
}

/// What stands behind a name.
fn words(deeds: &Deeds) -> String {
    let mut words = deeds.words.join(", ");
    if deeds.more > 0 {
        words += &format!(", and {} more", deeds.more);
    }
    words
}

fn others(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "One other changed something, too.".to_owned(),
        count => format!("{count} others changed something, too."),
    }
}

fn much(people: &[Profile]) -> String {
    let names: Vec<&str> = people
        .iter()
        .take(2)
        .map(|profile| profile.name.as_str())
        .collect();
    let by = match (names.as_slice(), people.len().saturating_sub(names.len())) {
        ([], _) => return "Much may have happened in this list. It is here as it is now.".to_owned(),
        ([one], _) => (*one).to_owned(),
        (two, 0) => two.join(" and "),
        (two, 1) => format!("{} and one other", two.join(", ")),
        (two, rest) => format!("{} and {rest} others", two.join(", ")),
    };
    format!("Much happened in this list, by {by}. It is here as it is now.")
}
