//! The time of the day on which a task is due, by the form of its page.

use crate::person::{Person, between};
use crate::server::TestServer;

/// What the field with that name has on the page.
fn value(page: &str, field: &str) -> String {
    let input = between(page, &format!("name=\"{field}\""), ">");
    input
        .split_once("value=\"")
        .map_or_else(String::new, |(_, rest)| {
            rest.split('"').next().unwrap_or_default().to_owned()
        })
}

#[test]
fn a_time_that_is_changed_on_its_page_stays_in_its_zone_and_goes_with_its_day() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    ana.add(&list, "Milk");
    let task = ana.task(&list, "Milk");
    let edit = format!("/lists/{list}/task?task={task}");
    let save = |ana: &Person, fields: &[(&str, &str)]| {
        let mut all = vec![("list", &*list), ("task", &*task)];
        all.extend(fields);
        ana.post_from(&edit, "edit_task", &all).status
    };
    let day = ("field[due]", "2031-03-01");
    assert_eq!(
        save(&ana, &[day, ("field[due_time]", "17:00 Europe/Berlin")]),
        303
    );
    let page = ana.page(&edit);
    assert!(page.contains("By the clocks of "), "{page}");
    let base = value(&page, "base[due_time]");
    assert_eq!(
        (value(&page, "field[due_time]").as_str(), base.as_str()),
        ("17:00", "17:00 Europe/Berlin")
    );
    let base = ("base[due_time]", base.as_str());
    assert_eq!(save(&ana, &[day, ("field[due_time]", "18:30"), base]), 303);
    let page = ana.page(&edit);
    assert_eq!(value(&page, "base[due_time]"), "18:30 Europe/Berlin");

    // Without a script a row says whose clock that is.
    let rows = ana.page(&format!("/lists/{list}"));
    assert!(rows.contains("data-zone=\"Europe/Berlin\""), "{rows}");

    for wrong in ["25:00", "18:30 <b>", "soon"] {
        assert_eq!(save(&ana, &[("field[due_time]", wrong)]), 400, "{wrong}");
    }
    let fields = [
        ("field[due]", ""),
        ("base[due]", "2031-03-01"),
        ("field[due_time]", "18:30"),
        ("base[due_time]", "18:30 Europe/Berlin"),
    ];
    assert_eq!(save(&ana, &fields), 303);
    assert_eq!(value(&ana.page(&edit), "base[due_time]"), "");
    // One without a day gets the next on which a clock shows it.
    let fields = [
        ("field[due]", ""),
        ("base[due]", ""),
        ("field[due_time]", "10:00"),
    ];
    assert_eq!(save(&ana, &fields), 303);
    let page = ana.page(&edit);
    assert_eq!(value(&page, "field[due_time]"), "10:00");
    assert!(value(&page, "field[due]").starts_with("20"));

    // So does one that comes alone, and a day that is cleared where a new repetition gives another keeps it.
    ana.add(&list, "Bread");
    let bread = ana.task(&list, "Bread");
    let edit = format!("/lists/{list}/task?task={bread}");
    let save = |fields: &[(&str, &str)]| {
        let mut all = vec![("list", &*list), ("task", &*bread)];
        all.extend(fields);
        ana.post_from(&edit, "edit_task", &all).status
    };
    assert_eq!(save(&[("field[due_time]", "10:00")]), 303);
    let page = ana.page(&edit);
    let day = value(&page, "field[due]");
    assert!(day.starts_with("20"), "{page}");
    let fields = [
        ("field[due]", ""),
        ("base[due]", &*day),
        ("field[due_time]", "10:00"),
        ("base[due_time]", "10:00"),
        ("field[repeat]", "every day"),
        ("base[repeat]", ""),
    ];
    assert_eq!(save(&fields), 303);
    let page = ana.page(&edit);
    assert_eq!(value(&page, "field[due_time]"), "10:00");
    assert!(value(&page, "field[due]").starts_with("20"), "{page}");
}
