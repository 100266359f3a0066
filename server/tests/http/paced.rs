//! Whoever has written more than they may for now: the answer says how long to wait, and what was typed stands where it was typed.

use crate::http::{Request, Response};
use crate::person::{Person, between};
use crate::server::TestServer;

/// The answer to a form that has to wait: when to come back, which the page says as well.
#[track_caller]
fn waits(response: &Response, sentence: &str) -> u64 {
    assert_eq!(response.status, 429, "{}", response.text());
    assert!(response.text().contains(sentence), "{}", response.text());
    let seconds: u64 = response.value("retry-after").unwrap().parse().unwrap();
    assert!((1..4 * 60 * 60).contains(&seconds), "{seconds}");
    seconds
}

/// Writes notes of 60 kB until they are refused; gives what was typed, and the answer.
fn write_till_refused(ana: &Person, list: &str, task: &str) -> (String, Response) {
    let edit = format!("/lists/{list}/task?task={task}");
    let mut before = String::new();
    for number in 0..100 {
        let after = format!("{} {number}", "x".repeat(60_000));
        let fields = [
            ("list", list),
            ("task", task),
            ("base[notes]", &before),
            ("field[notes]", &after),
        ];
        let response = ana.post_from(&edit, "edit_task", &fields);
        if response.status != 303 {
            return (after, response);
        }
        before = after;
    }
    panic!("there is no end to it");
}

#[test]
fn a_form_that_has_to_wait_says_how_long_and_keeps_what_was_typed() {
    const SENTENCE: &str = "You have written more than this server takes at once. It can be saved in ";
    let server = TestServer::start_with(&["--write-quota", "4"]);
    let ana = server.person("ana");
    let list = ana.list();
    ana.add(&list, "Milk");
    let bob = server.person("bob");
    bob.join(&ana.code(&list));
    let milk = ana.task(&list, "Milk");
    let (typed, refused) = write_till_refused(&ana, &list, &milk);
    waits(&refused, SENTENCE);
    let kept = between(refused.text(), "name=\"field[notes]\"", "</textarea>");
    assert!(kept.ends_with(&typed), "{} bytes", kept.len());
    // What is short waits as long as the budget is used up.
    let path = format!("/lists/{list}");
    let refused = (0..300).find_map(|number| {
        let title = format!("{number} {}", "Bread and butter ".repeat(25));
        let fields = [("list", &*list), ("title", &*title), ("once", &*title)];
        let response = ana.post_from(&path, "add_task", &fields);
        (response.status != 303).then_some((title, response))
    });
    let (title, refused) = refused.unwrap();
    waits(&refused, SENTENCE);
    assert!(
        refused.text().contains(&format!("value=\"{}", title.trim())),
        "{}",
        refused.text()
    );
    let refused = (0..100).find_map(|number| {
        let name = format!("Camping {number}");
        let response = ana.post_from("/", "create_list", &[("name", &*name), ("once", &*name)]);
        (response.status != 303).then_some((name, response))
    });
    let (name, refused) = refused.unwrap();
    waits(&refused, SENTENCE);
    assert!(refused.text().contains(&name), "{}", refused.text());
    // A script hears the same, from us.
    let mut tab = ana.tab();
    let refused = (0..200).find_map(|_| {
        let response = tab.try_push(tab.add(&"Bread and butter ".repeat(25)));
        (response.status != 200).then_some(response)
    });
    let refused = refused.unwrap();
    waits(&refused, SENTENCE);
    assert!(refused.value("tandem").is_some());
    assert!(refused.json()["unavailable"].is_string(), "{}", refused.text());
    // What takes somebody out of a list waits for nothing.
    let bob = bob.id();
    let out = ana.post_from(&path, "remove_member", &[("list", &list), ("person", &bob)]);
    assert!(out.location().contains("/share"), "{}", out.location());
}

#[test]
fn a_name_that_is_changed_too_often_stays_in_its_field() {
    const SENTENCE: &str = "You changed your name, colour or picture too often. It can be saved in ";
    let server = TestServer::start();
    let ana = server.person("ana");
    ana.add(&ana.list(), "Milk");
    for number in 0..105 {
        let name = format!("List {number}");
        ana.post("create_list", &[("name", &*name), ("once", &*name)]);
    }
    let refused = (0..40).find_map(|number| {
        let fields = [("name", &*format!("Ana {number}")), ("colour", "7")];
        let response = ana.post_from("/me", "set_profile", &fields);
        (response.status != 303).then_some(response)
    });
    assert!(waits(&refused.unwrap(), SENTENCE) <= 61);
    let refused = ana.post_from(
        "/me",
        "set_profile",
        &[("name", "Somebody else"), ("colour", "5")],
    );
    waits(&refused, SENTENCE);
    assert!(
        refused.text().contains("value=\"Somebody else\""),
        "{}",
        refused.text()
    );
    let chosen = between(refused.text(), "data-colour=\"5\"", "</label>");
    assert!(chosen.contains("checked"), "{chosen}");
    let refused =
        ana.send(Request::form("/me/picture?remove=yes", &[]).header("referer", "http://localhost/me"));
    waits(&refused, SENTENCE);
    assert!(
        between(refused.text(), "id=\"picture-problem\"", "</p>").contains(SENTENCE),
        "{}",
        refused.text()
    );
}
