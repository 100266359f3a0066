//! Moments as files write them: `2026-12-05T18:00:00.000Z`, `2026-12-05 18:00`, `2026-12-05`.

use chrono::{DateTime, Datelike, Timelike};
use chrono_tz::Tz;
use domain::{Day, DueTime};

/// In minutes.
const HOUR: i32 = 60;
const DAY: i32 = 24 * HOUR;

/// By how many hours clocks are behind UTC at the most, but for where hardly anybody lives, and before it.
const BEHIND: u8 = 8;
const BEFORE: u8 = 10;

/// A moment as a file writes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Stamp {
    pub(crate) day: Day,
    /// Hours and minutes.
    time: Option<(u8, u8)>,
    /// How many minutes its clock is ahead of UTC, if it says so.
    ahead: Option<i32>,
}

impl Stamp {
    /// Reads it as it stands, in whatever zone that is.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let day = Day::parse(text.get(..10)?)?;
        let rest = text.get(10..)?;
        if rest.is_empty() {
            return Some(Self {
                day,
                time: None,
                ahead: None,
            });
        }
        let clock = rest.strip_prefix(['T', 't', ' '])?;
        let (hour, minute) = (
            two_digits(clock.get(..2)?)?,
            two_digits(clock.get(2..)?.strip_prefix(':')?.get(..2)?)?,
        );
        let is_rest_of_time = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | '+' | '-' | 'Z' | 'z');
        let is_right = hour < 24 && minute < 60 && clock.chars().all(is_rest_of_time);
        is_right.then_some(Self {
            day,
            time: Some((hour, minute)),
            ahead: ahead(clock.get(5..)?),
        })
    }

    /// Whether it says a time of day. Midnight is how a whole day is written.
    pub(crate) fn has_time(self) -> bool {
        self.time.is_some_and(|time| time != (0, 0))
    }

    /// The day by the clocks of that zone, or where nobody knows it as it stands.
    pub(crate) fn day_in(self, zone: &str) -> Day {
        if self.has_time() && known(zone).is_some() {
            self.due(zone).0
        } else {
            self.day
        }
    }

    /// The day and the time that it says by the clocks of that zone. Where nobody knows that zone it is in UTC, or else by every clock, as the
    /// file has it. Midnight has no time, unless it is a moment and the zone is known: then it is another time there.
    pub(crate) fn due(self, zone: &str) -> (Day, Option<DueTime>) {
        let Some((hour, minute)) = self.time else {
            return (self.day, None);
        };
        let known = known(zone);
        if (hour, minute) == (0, 0) && (self.ahead.is_none() || known.is_none()) {
            return (self.day, None);
        }
        let of_day = i32::from(hour) * HOUR + i32::from(minute);
        let time = |minutes: i32| DueTime::of(u16::try_from(minutes).ok()?);
        let Some(ahead) = self.ahead else {
            let time = time(of_day);
            return match known {
                Some(zone) => (self.day, time.map(|time| time.in_zone(zone.name()))),
                None => (self.day, time),
            };
        };
        let minutes = of_day - ahead;
        let in_utc = || {
            let day = self.day.plus(minutes.div_euclid(DAY))?;
            Some((day, time(minutes.rem_euclid(DAY)).map(|time| time.in_zone("UTC"))))
        };
        let there = || {
            let seconds = (i64::from(self.day.unix_days()) * i64::from(DAY) + i64::from(minutes)) * 60;
            let moment = DateTime::from_timestamp(seconds, 0)?.with_timezone(&known?);
            let day = Day::of(
                moment.year(),
                u8::try_from(moment.month()).ok()?,
                u8::try_from(moment.day()).ok()?,
            )?;
            let minutes = u16::try_from(moment.hour() * 60 + moment.minute()).ok()?;
            Some((day, Some(DueTime::of(minutes)?.in_zone(known?.name()))))
        };
        there().or_else(in_utc).unwrap_or((self.day, None))
    }

    /// Whether the day may be another one where the person is: it is in UTC, and nobody knows their zone.
    pub(crate) fn is_doubtful(self, zone: &str) -> bool {
        let is_other = |(hour, _): (u8, u8)| hour < BEHIND || hour + BEFORE >= 24;
        self.has_time() && self.ahead == Some(0) && known(zone).is_none() && self.time.is_some_and(is_other)
    }

    /// The day that is meant by a whole day's midnight in some zone, written in UTC: from 11:00 on it is the next one, somewhere in the
    /// east. There is summer time 13 hours before UTC, and hardly anybody lives 11 hours behind it.
    pub(crate) fn whole_day(self) -> Day {
        let is_east = self.time.is_some_and(|(hour, _)| hour >= 11);
        let next = if is_east { self.day.plus(1) } else { None };
        next.unwrap_or(self.day)
    }
}

/// The zone of that name, as the IANA time zone database has it.
fn known(zone: &str) -> Option<Tz> {
    zone.trim().parse().ok()
}

/// How many minutes ahead of UTC a clock is by what stands behind its time: `Z`, `+0000`, `+01:00`.
fn ahead(text: &str) -> Option<i32> {
    let text = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '.'));
    let (sign, digits) = match text.split_at_checked(1)? {
        ("Z" | "z", "") => return Some(0),
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let hours = two_digits(digits.get(..2)?)?;
    let minutes = match digits.get(2..)?.trim_start_matches(':') {
        "" => 0,
        minutes => two_digits(minutes)?,
    };
    (hours < 24 && minutes < 60).then(|| sign * (i32::from(hours) * HOUR + i32::from(minutes)))
}

fn two_digits(text: &str) -> Option<u8> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_by_the_clocks_of_its_zone() {
        for (text, zone, day, time) in [
            ("2026-12-05T18:00:00Z", "", "2026-12-05", "18:00 UTC"),
            (
                "2026-12-05T18:00:00Z",
                "Nowhere/At all",
                "2026-12-05",
                "18:00 UTC",
            ),
            (
                "2026-12-07T15:30:00+0000",
                "Europe/Berlin",
                "2026-12-07",
                "16:30 Europe/Berlin",
            ),
            (
                "2026-07-07T15:30:00+0000",
                "Europe/Berlin",
                "2026-07-07",
                "17:30 Europe/Berlin",
            ),
            (
                "2026-12-08T03:00:00+0000",
                "America/Chicago",
                "2026-12-07",
                "21:00 America/Chicago",
            ),
            ("2026-12-05T18:05:00+01:00", "", "2026-12-05", "17:05 UTC"),
            ("2026-12-05T00:30:00+0530", "", "2026-12-04", "19:00 UTC"),
            (
                "2026-12-31T23:30:00-03:00",
                "Asia/Tokyo",
                "2027-01-01",
                "11:30 Asia/Tokyo",
            ),
            ("2026-12-05 18:05", "", "2026-12-05", "18:05"),
            (
                "2026-12-05 18:05",
                "Europe/Berlin",
                "2026-12-05",
                "18:05 Europe/Berlin",
            ),
            (
                "2026-12-05T00:00:00Z",
                "Europe/Berlin",
                "2026-12-05",
                "01:00 Europe/Berlin",
            ),
            (
                "2026-12-05T00:00:00Z",
                "America/New_York",
                "2026-12-04",
                "19:00 America/New_York",
            ),
            ("2026-12-05T00:00:00Z", "", "2026-12-05", ""),
            ("2026-12-05T00:00:00+0100", "", "2026-12-05", ""),
            ("2026-12-05 00:00", "Europe/Berlin", "2026-12-05", ""),
            ("9999-12-31T23:30:00-03:00", "", "9999-12-31", ""),
        ] {
            let (found, at) = Stamp::parse(text).unwrap().due(zone);
            let at = at.map(|time| time.to_string()).unwrap_or_default();
            assert_eq!(
                (found.to_string().as_str(), at.as_str()),
                (day, time),
                "{text} {zone}"
            );
        }
    }

    #[test]
    fn a_whole_day_in_utc_is_the_day_of_its_zone() {
        for (text, day) in [
            ("2026-12-05T00:00:00.0000000", "2026-12-05"),
            ("2026-12-04T23:00:00+0000", "2026-12-05"),
            ("2026-12-05T05:00:00+0000", "2026-12-05"),
            ("2026-12-31T15:00:00Z", "2027-01-01"),
            ("2026-12-31T11:00:00Z", "2027-01-01"),
            ("2026-12-31T10:00:00Z", "2026-12-31"),
        ] {
            assert_eq!(
                Some(Stamp::parse(text).unwrap().whole_day()),
                Day::parse(day),
                "{text}"
            );
        }
    }

    #[test]
    fn the_day_of_a_start_is_as_it_stands_where_nobody_knows_the_zone() {
        for (text, zone, day) in [
            ("2026-12-05T00:30:00+01:00", "", "2026-12-05"),
            ("2026-12-05T23:30:00Z", "", "2026-12-05"),
            ("2026-12-05T23:30:00Z", "Europe/Berlin", "2026-12-06"),
            ("2026-12-05T00:00:00Z", "America/New_York", "2026-12-05"),
        ] {
            let found = Stamp::parse(text).unwrap().day_in(zone);
            assert_eq!(found.to_string(), day, "{text} {zone}");
        }
    }

    #[test]
    fn a_time_in_utc_near_midnight_may_be_of_another_day_where_nobody_knows_the_zone() {
        for (text, zone, expected) in [
            ("2026-12-05T12:00:00Z", "", false),
            ("2026-12-05T02:00:00Z", "", true),
            ("2026-12-05T23:00:00+0000", "", true),
            ("2026-12-05T23:00:00+01:00", "", false),
            ("2026-12-05 23:00", "", false),
            ("2026-12-05T00:00:00Z", "", false),
            ("2026-12-05T02:00:00Z", "Europe/Berlin", false),
            ("2026-12-05T23:30:00Z", "Europe/Berlin", false),
            ("2026-12-05T02:00:00Z", "America/New_York", false),
            ("2026-12-05T23:30:00Z", "America/New_York", false),
            ("2026-12-05T13:00:00Z", "Asia/Tokyo", false),
            ("2026-12-05T23:30:00Z", "Europe/Nowhere", true),
        ] {
            assert_eq!(
                Stamp::parse(text).unwrap().is_doubtful(zone),
                expected,
                "{text} {zone}"
            );
        }
    }
}
