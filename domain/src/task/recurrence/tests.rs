//! The days of rules, and their texts.

use super::*;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn of(text: &str) -> Repetition {
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

/// So many days of a rule, from its first.
fn days(text: &str, most: usize) -> Vec<String> {
    let recurrence = of(text);
    let days = std::iter::successors(recurrence.first(), |day| recurrence.next(*day));
    days.take(most).map(|day| day.to_string()).collect()
}

#[test]
fn days_come_as_the_rule_says() {
    for (rule, expected) in [
        ("2026-11-30 FREQ=DAILY", "2026-11-30 2026-12-01 2026-12-02"),
        (
            "2026-11-30 FREQ=DAILY;INTERVAL=10",
            "2026-11-30 2026-12-10 2026-12-20",
        ),
        ("2026-11-30 FREQ=WEEKLY", "2026-11-30 2026-12-07 2026-12-14"),
        (
            "2026-12-02 FREQ=WEEKLY;BYDAY=MO,FR",
            "2026-12-04 2026-12-07 2026-12-11",
        ),
        (
            "2026-12-06 FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU",
            "2026-12-06 2026-12-14 2026-12-20",
        ),
        // With weeks that begin on Sunday the Monday after is of the same week.
        (
            "2026-12-06 FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
            "2026-12-06 2026-12-07 2026-12-20",
        ),
        (
            "2027-01-31 FREQ=MONTHLY",
            "2027-01-31 2027-02-28 2027-03-31 2027-04-30",
        ),
        (
            "2027-01-31 FREQ=MONTHLY;BYMONTHDAY=30,31",
            "2027-01-31 2027-02-28 2027-03-30 2027-03-31",
        ),
        (
            "2027-01-15 FREQ=MONTHLY;BYMONTHDAY=-1",
            "2027-01-31 2027-02-28 2027-03-31",
        ),
        (
            "2027-01-01 FREQ=MONTHLY;BYDAY=-1FR",
            "2027-01-29 2027-02-26 2027-03-26",
        ),
        (
            "2027-01-01 FREQ=MONTHLY;BYDAY=1MO,3MO",
            "2027-01-04 2027-01-18 2027-02-01 2027-02-15",
        ),
        (
            "2027-01-01 FREQ=MONTHLY;BYDAY=5FR",
            "2027-01-29 2027-04-30 2027-07-30",
        ),
        (
            "2027-01-01 FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
            "2027-08-13 2028-10-13",
        ),
        (
            "2027-01-01 FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "2027-01-29 2027-02-26 2027-03-31",
        ),
        (
            "2028-02-29 FREQ=YEARLY",
            "2028-02-29 2029-02-28 2030-02-28 2031-02-28 2032-02-29",
        ),
        (
            "2027-01-01 FREQ=YEARLY;BYMONTH=5;BYDAY=2SU",
            "2027-05-09 2028-05-14",
        ),
        (
            "2027-01-01 FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=1",
            "2027-03-01 2027-09-01 2028-03-01",
        ),
        ("2027-01-01 FREQ=DAILY;BYMONTH=2", "2027-02-01 2027-02-02"),
    ] {
        let expected: Vec<_> = expected.split(' ').collect();
        assert_eq!(days(rule, expected.len()), expected, "{rule}");
    }
}

#[test]
fn it_ends_where_the_rule_ends_and_where_the_years_do() {
    assert_eq!(days("2026-11-30 FREQ=WEEKLY;COUNT=3", 9).len(), 3);
    assert_eq!(days("2026-11-30 FREQ=WEEKLY;UNTIL=20261213", 9).len(), 2);
    assert_eq!(days("9999-12-30 FREQ=DAILY", 9).len(), 2);
    assert_eq!(days("9999-12-30 FREQ=WEEKLY", 9), ["9999-12-30"]);
    assert_eq!(
        days("0001-01-01 FREQ=WEEKLY;WKST=SU", 2),
        ["0001-01-01", "0001-01-08"]
    );
    assert_eq!(
        of("2026-11-30 FREQ=DAILY").next(day("9998-02-03")),
        Some(day("9998-02-04"))
    );
    // Far apart, and found: two years at a time, until one of them is in March.
    assert_eq!(days("2027-01-31 FREQ=DAILY;INTERVAL=730;BYMONTH=3", 1).len(), 1);
    // Every seventh day from a Monday is no Tuesday: it is looked for so long, and then no longer.
    assert_eq!(days("2026-11-30 FREQ=DAILY;INTERVAL=7;BYDAY=TU", 1), [""; 0]);
    // As many as can be counted, day by day.
    let mondays = days("2026-11-30 FREQ=DAILY;BYDAY=MO;COUNT=999", 1_000);
    assert_eq!(
        (mondays.len(), mondays.last().map(String::as_str)),
        (999, Some("2046-01-15"))
    );
}

#[test]
fn what_is_completed_late_comes_next_in_the_future() {
    let friday = of("2026-11-06 FREQ=WEEKLY;BYDAY=FR");
    let next = |due: &str, on: &str| friday.next_due(Some(day(due)), day(on)).unwrap().to_string();
    assert_eq!(next("2026-11-06", "2026-11-30"), "2026-12-04");
    assert_eq!(next("2026-12-04", "2026-11-30"), "2026-12-11");
    assert_eq!(next("2026-11-27", "2026-11-27"), "2026-12-04");
    assert_eq!(friday.next_due(None, day("2026-11-30")), Some(day("2026-12-04")));
    let after = of("2026-11-06! FREQ=DAILY;INTERVAL=3;UNTIL=20261205");
    assert_eq!(
        after.next_due(Some(day("2026-11-06")), day("2026-11-30")),
        Some(day("2026-12-03"))
    );
    assert_eq!(after.next_due(Some(day("2026-12-03")), day("2026-12-03")), None);
    let month = of("2026-11-06! FREQ=MONTHLY");
    assert_eq!(month.next_due(None, day("2027-01-31")), Some(day("2027-02-28")));
}

#[test]
fn a_rule_is_read_as_it_is_written_and_nothing_else_is() {
    for text in [
        "2026-11-30 FREQ=DAILY",
        "2026-11-30! FREQ=DAILY;INTERVAL=3",
        "2026-11-30 FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=10;WKST=SU",
        "2026-11-30 FREQ=MONTHLY;BYDAY=1MO,-1MO,1TU,-1TU",
        "2026-11-30 FREQ=YEARLY;BYMONTH=2,12;BYMONTHDAY=-1,1,31;UNTIL=20301231",
        "2026-11-30 FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    ] {
        assert_eq!(of(text).to_string(), text);
    }
    for bad in [
        "",
        "2026-11-30",
        "FREQ=DAILY",
        "2026-11-31 FREQ=DAILY",
        "2026-11-30 FREQ=HOURLY",
        "2026-11-30 INTERVAL=2",
        "2026-11-30 FREQ=DAILY;INTERVAL=0",
        "2026-11-30 FREQ=DAILY;INTERVAL=1000",
        "2026-11-30 FREQ=DAILY;INTERVAL=2;INTERVAL=3",
        "2026-11-30 FREQ=DAILY;COUNT=0",
        "2026-11-30! FREQ=DAILY;COUNT=3",
        "2026-11-30 FREQ=DAILY;COUNT=3;UNTIL=20270101",
        "2026-11-30 FREQ=DAILY;UNTIL=20270132",
        "2026-11-30 FREQ=DAILY;BYHOUR=3",
        "2026-11-30 FREQ=WEEKLY;BYDAY=1MO",
        "2026-11-30 FREQ=MONTHLY;BYDAY=1MO,TU",
        "2026-11-30 FREQ=MONTHLY;BYDAY=1MO,2TU",
        "2026-11-30 FREQ=MONTHLY;BYDAY=6MO",
        "2026-11-30 FREQ=MONTHLY;BYMONTHDAY=32",
        "2026-11-30 FREQ=MONTHLY;BYMONTHDAY=-2",
        "2026-11-30 FREQ=MONTHLY;BYSETPOS=1",
        "2026-11-30 FREQ=YEARLY;BYDAY=1MO",
        "2026-11-30 FREQ=DAILY ",
        "2026-11-30 FREQ=ÄÖ",
        "2026-11-30 FREQ=MONTHLY;BYDAY=ÄMO",
    ] {
        assert!(bad.parse::<Repetition>().is_err(), "{bad}");
    }
}

#[test]
fn a_rule_is_said_as_people_do() {
    for (rule, words) in [
        ("2026-11-30 FREQ=DAILY", "every day"),
        ("2026-11-30! FREQ=DAILY;INTERVAL=3", "every! 3 days"),
        ("2026-11-30 FREQ=WEEKLY", "every week"),
        ("2026-11-30 FREQ=WEEKLY;BYDAY=FR", "every Friday"),
        ("2026-11-30 FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
        ("2026-11-30 FREQ=WEEKLY;BYDAY=SA,SU", "every Saturday and Sunday"),
        (
            "2026-11-30 FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR",
            "every 2 weeks on Monday, Wednesday and Friday",
        ),
        ("2026-11-30 FREQ=MONTHLY", "every month"),
        (
            "2026-11-30 FREQ=MONTHLY;BYMONTHDAY=1,15,-1",
            "every month on the 1st, 15th and last day",
        ),
        (
            "2026-11-30 FREQ=MONTHLY;BYDAY=-1FR",
            "every month on the last Friday",
        ),
        (
            "2026-11-30 FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO,3MO",
            "every 3 months on the first and third Monday",
        ),
        (
            "2026-11-30 FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
            "every month on the 13th if it is Friday",
        ),
        (
            "2026-11-30 FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "every month on the last weekday",
        ),
        (
            "2026-11-30 FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=2",
            "every month on the second weekday",
        ),
        (
            "2026-11-30 FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=-3",
            "every month on the Saturday and Sunday, the 3rd from the end of them",
        ),
        ("2026-11-30 FREQ=DAILY;BYDAY=MO", "every day on Monday"),
        (
            "2026-11-30 FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=5",
            "every year on 5 Dec",
        ),
        ("2026-11-30 FREQ=WEEKLY;COUNT=10", "every week for 10 times"),
        (
            "2026-11-30 FREQ=WEEKLY;UNTIL=20261231",
            "every week until 31 Dec 2026",
        ),
    ] {
        assert_eq!(of(rule).in_words(), words);
    }
}
