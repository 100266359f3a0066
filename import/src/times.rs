//! Times of day as files write them.

use domain::DueTime;

/// `18:00`, `6:30pm`, `6pm`. An hour that no half of a day has is the one that stands there.
pub(crate) fn time_of(word: &str) -> Option<DueTime> {
    let word = word.to_lowercase();
    let is_pm = word.ends_with("pm");
    let half = word.strip_suffix("am").or_else(|| word.strip_suffix("pm"));
    let number = |text: &str, below: u16| {
        let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u16>()
            .ok()
            .filter(|number| is_number && *number < below)
    };
    let figures = half.unwrap_or(&word);
    let (hour, minute) = match figures.split_once(':') {
        // Some write seconds.
        Some((hour, minute)) => (hour, number(minute.split(':').next()?, 60)?),
        None => (half?, 0),
    };
    let hour = number(hour, 24)?;
    let hour = match half {
        Some(_) if (1..=12).contains(&hour) => hour % 12 + if is_pm { 12 } else { 0 },
        _ => hour,
    };
    DueTime::of(hour * 60 + minute)
}
