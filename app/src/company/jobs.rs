//! How the person's long jobs stand: a bar for each, in every page of theirs, until they have seen what came of it.
//!
//! The stream says how far one has come, also to a page that was just loaded. Where it is silent the server is asked.

use domain::LiteMap;
use domain::wire::{JobState, Progress};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{self, Keep};
use crate::json;
use crate::store::{Action, Button, Kind, Notice, Notices};

/// Where the browser keeps which jobs the person has dismissed, in any tab. `public/jobs.js` does the same.
const SEEN: &str = "tandem-jobs";

/// How many of them it keeps.
const MOST_SEEN: usize = 32;

/// How long the stream may be silent about a job that is under way before the server is asked, in milliseconds.
const SILENT: u64 = 5_000;

/// How often it is looked whether what an export made is still there to be had, in milliseconds.
const SELDOM: u64 = 60_000;

/// How long something that is done and wants nothing more is shown, in milliseconds.
const SHOWN_FOR: u64 = 10_000;

/// The jobs that are shown. A handle that is free to copy.
#[derive(Clone, Copy)]
pub(super) struct Jobs {
    notices: Notices,
    shown: StoredValue<LiteMap<String, Bar>>,
}

/// A job that is shown.
#[derive(Clone, Copy)]
struct Bar {
    /// How it stood last.
    state: JobState,
    /// The next look at it. An earlier one is off.
    look: u32,
}

impl Jobs {
    pub(super) fn new(notices: Notices) -> Self {
        Self {
            notices,
            shown: StoredValue::new(LiteMap::new()),
        }
    }

    /// Begins to hear of what is dismissed in other tabs.
    pub(super) fn start(self) {
        browser::on_kept_elsewhere(SEEN, move |_| seen().iter().for_each(|job| self.leave(job)));
    }

    /// Shows how a job stands.
    pub(super) fn show(self, progress: Progress) {
        let Progress {
            job,
            state,
            done,
            total,
            sentence,
            result,
            ..
        } = progress;
        if seen().contains(&job) {
            return;
        }
        let notice = self.notices.about(&job).unwrap_or_else(|| self.begin(&job));
        if notice.sentence.with_untracked(|now| *now != sentence) {
            notice.sentence.set(sentence);
        }
        notice.is_problem.set(state == JobState::Failed);
        let is_running = state == JobState::Running;
        notice.progress.set(is_running.then_some((done, total)));
        let before = self.bar(&job).map(|bar| bar.state);
        let bar = Bar {
            state,
            look: browser::number(),
        };
        self.shown.update_value(|shown| {
            shown.insert(job.clone(), bar);
        });
        if is_running {
            return self.look_after(SILENT, job);
        }
        match result {
            Some(result) => {
                if notice.buttons.with_untracked(Vec::is_empty) {
                    let open = Action::Open(result, Some("tandem.json"));
                    notice.buttons.set(vec![Button::new("Download", open)]);
                }
                self.look_after(SELDOM, job);
            }
            None if state == JobState::Done && before != Some(state) => {
                self.notices.ends(notice.number, SHOWN_FOR);
            }
            None => {}
        }
    }

    fn begin(self, job: &str) -> Notice {
        let dismissed = job.to_owned();
        let notice = Notice::new(Kind::Job, String::new())
            .about(job.to_owned())
            .ending(move || self.dismiss(&dismissed));
        self.notices.put(notice.clone());
        notice
    }

    fn bar(self, job: &str) -> Option<Bar> {
        self.shown.with_value(|shown| shown.get(job).copied())
    }

    /// Nobody wants to see it any more, here or elsewhere.
    fn dismiss(self, job: &str) {
        let mut seen = seen();
        seen.push(job.to_owned());
        let old = seen.len().saturating_sub(MOST_SEEN);
        browser::keep(
            Keep::Browser,
            SEEN,
            json::write(&seen.split_off(old)).ok().as_deref(),
        );
        self.leave(job);
        let fields = format!("job={job}");
        spawn_local(async move {
            let _ = browser::send_form("/fn/forget_job", fields).await;
        });
    }

    /// It is shown no more.
    fn leave(self, job: &str) {
        self.shown.update_value(|shown| {
            shown.remove(job);
        });
        if let Some(notice) = self.notices.about(job) {
            self.notices.take(notice.number);
        }
    }

    /// Asks the server how it stands, unless the stream says it before.
    fn look_after(self, milliseconds: u64, job: String) {
        let due = self.bar(&job).map(|bar| bar.look);
        browser::after(milliseconds, move || {
            if due.is_some() && self.bar(&job).map(|bar| bar.look) == due {
                spawn_local(self.look(job));
            }
        });
    }

    async fn look(self, job: String) {
        let answer = browser::fetch(&format!("/jobs/{job}"), None).await;
        let Some(Bar { state, .. }) = self.bar(&job) else {
            return; // It was dismissed meanwhile.
        };
        let is_running = state == JobState::Running;
        let progress = match answer {
            // A job does not outlive the server that runs it, and what it made is kept for a few minutes.
            Ok(answer) if answer.is_done() => json::read::<Progress>(&answer.text).ok(),
            Ok(answer) if answer.is_ours && answer.status == 404 => match is_running {
                true => Some(ended(job.clone())),
                false => return self.leave(&job),
            },
            _ => None,
        };
        match progress {
            // The stream was quicker.
            Some(progress) if is_running || progress.state != JobState::Running => self.show(progress),
            _ => self.look_after(SILENT, job),
        }
    }
}

/// What is said of a job that went with its server.
fn ended(job: String) -> Progress {
    let sentence = "The server restarted before this was finished. What is done stays done. Please try again for the rest.";
    Progress {
        job,
        kind: String::new(),
        state: JobState::Failed,
        done: 0,
        total: 0,
        sentence: sentence.to_owned(),
        result: None,
    }
}

/// Which jobs the person has dismissed.
fn seen() -> Vec<String> {
    let kept = browser::kept(Keep::Browser, SEEN);
    kept.and_then(|kept| json::read(&kept).ok()).unwrap_or_default()
}
