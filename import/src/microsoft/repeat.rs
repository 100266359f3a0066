//! How a task of Microsoft To Do repeats, as a rule of RFC 5545 where one says the same, and in words.

use domain::Day;
use serde::Deserialize;

use crate::json::or_default;

/// The number of a day of the week in a month, as Microsoft Graph writes it.
const INDEXES: &[(&str, &str)] = &[
    ("first", "1"),
    ("second", "2"),
    ("third", "3"),
    ("fourth", "4"),
    ("last", "-1"),
];

#[derive(Deserialize)]
pub(super) struct Recurrence {
    #[serde(default, deserialize_with = "or_default")]
    pattern: Option<Pattern>,
    #[serde(default, deserialize_with = "or_default")]
    range: Option<Range>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Range {
    #[serde(default, rename = "type", deserialize_with = "or_default")]
    kind: String,
    #[serde(default, deserialize_with = "or_default")]
    start_date: String,
    #[serde(default, deserialize_with = "or_default")]
    end_date: String,
    #[serde(default, deserialize_with = "or_default")]
    number_of_occurrences: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pattern {
    #[serde(default, rename = "type", deserialize_with = "or_default")]
    kind: String,
    #[serde(default, deserialize_with = "or_default")]
    interval: i64,
    #[serde(default, deserialize_with = "or_default")]
    days_of_week: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    day_of_month: i64,
    #[serde(default, deserialize_with = "or_default")]
    month: i64,
    #[serde(default, deserialize_with = "or_default")]
    index: String,
    #[serde(default, deserialize_with = "or_default")]
    first_day_of_week: String,
}

impl Recurrence {
    /// The day from which so many times are counted, where that is how it ends.
    pub(super) fn anchor(&self) -> Option<Day> {
        let range = self.range.as_ref().filter(|range| range.kind == "numbered")?;
        Day::parse(&range.start_date)
    }

    /// The rule of RFC 5545, where one says the same.
    pub(super) fn rule(&self) -> Option<String> {
        let rule = self.pattern.as_ref()?.rule()?;
        let end = self.range.as_ref().map_or(Some(String::new()), Range::rule)?;
        Some(rule + &end)
    }

    /// All that is said.
    pub(super) fn text(&self) -> String {
        let pattern = self
            .pattern
            .as_ref()
            .map_or_else(|| "yes".to_owned(), Pattern::text);
        let range = self.range.as_ref().map(Range::text).unwrap_or_default();
        pattern + &range
    }
}

impl Range {
    fn rule(&self) -> Option<String> {
        match &*self.kind {
            "noEnd" => Some(String::new()),
            "endDate" => {
                let end = String::from(Day::parse(&self.end_date)?);
                Some(format!(";UNTIL={}", end.replace('-', "")))
            }
            "numbered" => Some(format!(";COUNT={}", self.number_of_occurrences)),
            _ => None,
        }
    }

    fn text(&self) -> String {
        match &*self.kind {
            "noEnd" => String::new(),
            "endDate" => format!(", until {}", self.end_date),
            "numbered" => format!(", {} times from {}", self.number_of_occurrences, self.start_date),
            kind => format!(", {kind}"),
        }
    }
}

impl Pattern {
    fn rule(&self) -> Option<String> {
        let unit = match &*self.kind {
            "daily" => "DAILY",
            "weekly" => "WEEKLY",
            "absoluteMonthly" | "relativeMonthly" => "MONTHLY",
            "absoluteYearly" | "relativeYearly" => "YEARLY",
            _ => return None,
        };
        let mut rule = format!("FREQ={unit};INTERVAL={}", self.interval.max(1));
        if unit == "YEARLY" && self.month > 0 {
            rule += &format!(";BYMONTH={}", self.month);
        }
        match &*self.kind {
            "weekly" if !self.days_of_week.is_empty() => {
                rule += &format!(";BYDAY={}", self.days("")?);
                // With which day weeks begin says which week is left out.
                if self.interval > 1 && !self.first_day_of_week.is_empty() {
                    rule += &format!(";WKST={}", short(&self.first_day_of_week)?);
                }
            }
            "absoluteMonthly" if self.day_of_month > 0 => {
                rule += &format!(";BYMONTHDAY={}", self.day_of_month);
            }
            "absoluteYearly" if self.day_of_month > 0 && self.month > 0 => {
                rule += &format!(";BYMONTHDAY={}", self.day_of_month);
            }
            "relativeMonthly" | "relativeYearly" => {
                let index = if self.index.is_empty() {
                    "first"
                } else {
                    &self.index
                };
                let (_, number) = INDEXES.iter().find(|(name, _)| *name == index)?;
                // Of several days it is the first, or the last, that is one of them.
                rule += &match self.days_of_week.as_slice() {
                    [] => return None,
                    [_] => format!(";BYDAY={}", self.days(number)?),
                    _ => format!(";BYDAY={};BYSETPOS={number}", self.days("")?),
                };
            }
            _ => {}
        }
        Some(rule)
    }

    /// The days of the week as RFC 5545 writes them, with that before each.
    fn days(&self, number: &str) -> Option<String> {
        let days = self.days_of_week.iter();
        let days: Vec<_> = days
            .map(|day| Some(number.to_owned() + &short(day)?))
            .collect::<Option<_>>()?;
        Some(days.join(","))
    }

    fn text(&self) -> String {
        let mut words = self.kind.clone();
        if self.interval > 1 {
            words += &format!(", every {}", self.interval);
        }
        if self.kind.starts_with("relative") {
            words += &format!(", {}", self.index);
        }
        if !self.days_of_week.is_empty() {
            words += &format!(", {}", self.days_of_week.join(" and "));
        }
        if self.day_of_month > 0 {
            words += &format!(", day {}", self.day_of_month);
        }
        if self.month > 0 {
            words += &format!(", month {}", self.month);
        }
        if self.kind == "weekly" && !self.first_day_of_week.is_empty() {
            words += &format!(", weeks begin on {}", self.first_day_of_week);
        }
        words
    }
}

/// `MO` of `monday`.
fn short(day: &str) -> Option<String> {
    Some(day.get(..2)?.to_uppercase())
}

#[cfg(test)]
mod tests {
    use domain::Repetition;

    use super::*;

    #[test]
    fn a_rule_says_the_whole_or_there_is_none() {
        let weekdays = r#"["monday","tuesday","wednesday","thursday","friday"]"#;
        for (pattern, range, rule) in [
            (
                r#""type":"daily","interval":3"#.to_owned(),
                r#""type":"endDate","startDate":"2026-12-05","endDate":"2027-01-31""#,
                Some("FREQ=DAILY;INTERVAL=3;UNTIL=20270131"),
            ),
            (
                r#""type":"weekly","interval":2,"daysOfWeek":["friday","monday"],"firstDayOfWeek":"sunday""#
                    .to_owned(),
                r#""type":"numbered","startDate":"2026-11-06","numberOfOccurrences":10"#,
                Some("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=10;WKST=SU"),
            ),
            (
                r#""type":"relativeMonthly","interval":1,"daysOfWeek":["monday"],"index":"second""#
                    .to_owned(),
                r#""type":"noEnd","endDate":"0001-01-01""#,
                Some("FREQ=MONTHLY;BYDAY=2MO"),
            ),
            (
                format!(r#""type":"relativeMonthly","interval":1,"daysOfWeek":{weekdays},"index":"last""#),
                r#""type":"noEnd""#,
                Some("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
            ),
            (
                r#""type":"relativeYearly","interval":1,"daysOfWeek":["sunday"],"index":"last","month":3"#
                    .to_owned(),
                r#""type":"noEnd""#,
                Some("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
            ),
            (
                r#""type":"absoluteYearly","interval":1,"dayOfMonth":24,"month":12"#.to_owned(),
                r#""type":"noEnd""#,
                Some("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24"),
            ),
            (
                r#""type":"absoluteMonthly","interval":1,"dayOfMonth":31"#.to_owned(),
                r#""type":"numbered","startDate":"2026-11-30","numberOfOccurrences":5000"#,
                None,
            ),
            (r#""type":"hourly""#.to_owned(), r#""type":"noEnd""#, None),
            (
                r#""type":"daily""#.to_owned(),
                r#""type":"endDate","endDate":"soon""#,
                None,
            ),
        ] {
            let json = format!("{{\"pattern\":{{{pattern}}},\"range\":{{{range}}}}}");
            let recurrence: Recurrence = serde_json::from_str(&json).unwrap();
            let read = recurrence.rule();
            let read = read.and_then(|rule| format!("2026-12-05 {rule}").parse::<Repetition>().ok());
            let expected = rule.map(|rule| format!("2026-12-05 {rule}"));
            assert_eq!(read.map(String::from), expected, "{json}");
        }
    }

    #[test]
    fn the_words_say_the_whole() {
        let recurrence: Recurrence = serde_json::from_str(
            r#"{"pattern":{"type":"relativeYearly","interval":2,"daysOfWeek":["sunday"],"index":"last","month":3},
                "range":{"type":"numbered","startDate":"2026-11-30","numberOfOccurrences":5000}}"#,
        )
        .unwrap();
        let words = "relativeYearly, every 2, last, sunday, month 3, 5000 times from 2026-11-30";
        assert_eq!(recurrence.text(), words);
        assert_eq!(recurrence.anchor(), Day::of(2026, 11, 30));
    }
}
