//! The audit log: sign-ins, sharing and refusals.

use leptos::prelude::*;

use super::operator::AdminTop;

/// The page of the audit log.
#[derive(Clone, Debug)]
pub struct AuditPage {
    /// The entries, the newest first.
    pub rows: Vec<AuditRow>,
    /// The kinds of entries to choose from: the word for programs, the label, whether it is chosen.
    pub kinds: Vec<(&'static str, &'static str, bool)>,
    /// The number behind which older rows begin, if there are any.
    pub older: Option<i64>,
    /// Whether the newest are shown.
    pub newest: bool,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct AuditRow {
    /// When, in milliseconds since 1970 UTC.
    pub at: u64,
    /// A sentence.
    pub sentence: String,
    /// The client's IP address, if it was kept.
    pub address: Option<String>,
    /// How many times it happened within the same moment.
    pub times: u64,
    /// Whether it is a refusal.
    pub refused: bool,
}

impl AuditPage {
    pub(crate) fn view(self) -> impl IntoView {
        let Self {
            rows,
            kinds,
            older,
            newest,
        } = self;
        let chosen = kinds
            .iter()
            .find(|(_, _, chosen)| *chosen)
            .map_or("", |(word, _, _)| *word);
        let next = older.map(|before| format!("/admin/audit?deed={chosen}&before={before}"));
        let first = (!newest).then(|| format!("/admin/audit?deed={chosen}"));
        let is_empty = rows.is_empty();
        view! {
            <main class="admin">
                <AdminTop here="/admin/audit"/>
                <h1>"Audit log"</h1>
                <p class="muted">
                    "Sign-ins, sharing, roles and refusals, newest first. Times are in UTC. The log does not contain what people write. Entries are kept for 400 days."
                </p>
                <section class="panel audit" aria-labelledby="audit-name">
                    <header>
                        <h2 id="audit-name">"Entries"</h2>
                        <form method="get" action="/admin/audit" role="search" aria-label="Audit log">
                            <label for="deed">"Show"</label>
                            <select class="input" id="deed" name="deed">
                                <option value="">"Everything"</option>
                                {kinds.into_iter().map(|(word, label, chosen)| view! { <option value=word selected=chosen>{label}</option> }).collect_view()}
                            </select>
                            <button class="button">"Show"</button>
                        </form>
                    </header>
                    <ol class="audit-rows" role="list">{rows.into_iter().map(row).collect_view()}</ol>
                    {is_empty.then(|| view! { <p class="muted">"No entries."</p> })}
                    <nav class="audit-pages" aria-label="Pages">
                        {first.map(|href| view! { <a href=href>"Newest"</a> })}
                        {next.map(|href| view! { <a href=href rel="next">"Older"</a> })}
                    </nav>
                </section>
            </main>
        }
    }
}

fn row(row: AuditRow) -> impl IntoView {
    let AuditRow {
        at,
        sentence,
        address,
        times,
        refused,
    } = row;
    let (iso, time) = moment(at);
    view! {
        <li data-refused=refused.then_some("")>
            <time datetime=iso>{time}</time>
            <span dir="auto">{sentence}{(times > 1).then(|| view! { <small>{format!(" · {times} times")}</small> })}</span>
            <small class="muted">{address}</small>
        </li>
    }
}

/// A moment in UTC, for programs and for people.
fn moment(at: u64) -> (String, String) {
    let seconds = at / 1_000;
    let (year, month, day) = date(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    let date = format!("{year:04}-{month:02}-{day:02}");
    (
        format!("{date}T{hour:02}:{minute:02}:{second:02}Z"),
        format!("{date} {hour:02}:{minute:02}:{second:02}"),
    )
}

/// The day of a moment, in UTC.
pub fn day(at: u64) -> String {
    let (year, month, day) = date(at / 86_400_000);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Year, month and day of that day since 1970, by Howard Hinnant's algorithm (chrono-compatible low-level date algorithms).
fn date(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_said_as_the_calendar_does() {
        for (at, said) in [
            (0, "1970-01-01 00:00:00"),
            (951_782_400_000, "2000-02-29 00:00:00"),
            (1_709_251_199_999, "2024-02-29 23:59:59"),
            (1_735_689_600_000, "2025-01-01 00:00:00"),
            (4_107_542_400_000, "2100-03-01 00:00:00"),
        ] {
            assert_eq!(moment(at).1, said);
        }
        assert_eq!(moment(951_782_400_000).0, "2000-02-29T00:00:00Z");
    }
}
