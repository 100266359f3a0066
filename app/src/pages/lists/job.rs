//! The progress of a long job, for browsers without script.

use domain::wire::{JobState, Progress};
use leptos::prelude::*;

use crate::pages::Solo;

/// The page of a job.
#[derive(Clone, Debug)]
pub struct JobPage {
    /// The progress of the job, or its result.
    pub progress: Progress,
}

impl JobPage {
    pub(crate) fn view(self) -> impl IntoView {
        let Progress {
            state,
            done,
            total,
            sentence,
            result,
            ..
        } = self.progress;
        let running = state == JobState::Running;
        let bar = running.then(|| view! {
            <progress class="progress-bar" max=total.max(1) value=done aria-labelledby="job-sentence"></progress>
            <p class="muted small">"This page updates every second. You can leave it; the job continues."</p>
        });
        let (word, heading) = match state {
            JobState::Running => ("running", "In progress"),
            JobState::Done => ("done", "Done"),
            JobState::Failed => ("failed", "This did not work"),
        };
        view! {
            <Solo>
                <h1>{heading}</h1>
                <p id="job-sentence" dir="auto" data-state=word>{sentence}</p>
                {bar}
                {result.map(|path| view! { <a class="button button--primary" href=path download="tandem.json">"Download"</a> })}
                <a href="/">"Back to my lists"</a>
            </Solo>
        }
    }
}
