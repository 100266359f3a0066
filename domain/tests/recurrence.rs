//! The days of rules, beside those that another program finds: `recurrence/oracle.py` writes the table.

use std::iter::successors;

use domain::{Day, Repetition};

#[test]
fn the_days_of_a_rule_are_those_that_dateutil_finds() {
    let mut count = 0;
    for line in include_str!("recurrence/oracle.txt").lines() {
        let (text, days) = line.split_once(" | ").unwrap();
        let repetition: Repetition = text.parse().unwrap_or_else(|_| panic!("{text}"));
        let expected: Vec<Day> = days
            .split(' ')
            .filter(|day| !day.is_empty())
            .map(|day| day.parse().unwrap())
            .collect();
        let found = successors(repetition.first(), |day| repetition.next(*day));
        let found: Vec<Day> = found.take(expected.len()).collect();
        assert_eq!(found, expected, "{text}");
        // One that ends there ends there.
        if expected.len() < 8 && (text.contains("COUNT") || text.contains("UNTIL")) {
            let last = expected.last().copied();
            let next = last.map_or_else(|| repetition.first(), |last| repetition.next(last));
            assert_eq!(next, None, "{text}");
        }
        // Wherever one begins to look, the next is the same: it counts from the anchor.
        for pair in expected.windows(2) {
            let [from, to] = pair else { continue };
            let between = from.plus((to.since(*from) - 1).max(0)).unwrap();
            assert_eq!(repetition.next(between), Some(*to), "{text} after {between}");
        }
        count += 1;
    }
    assert!(count >= 800, "{count} rules");
}
