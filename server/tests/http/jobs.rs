//! Long jobs over HTTP: asked by a form, followed by the stream, fetched as a file.

use serde_json::Value;

use crate::http::Request;
use crate::server::TestServer;

#[test]
fn everything_that_is_ones_own_can_be_taken_along() {
    let server = TestServer::start();
    let (mut ana, bob) = (server.person("ana"), server.person("bob"));
    ana.sign_up("ana");
    let list = ana.list();
    ana.add(&list, "Milk \"fresh\"");
    let mut stream = ana.stream("/events?events=progress", "");
    stream.opening();
    let asked = ana.post_from("/me", "start_export", &[]);
    let page = asked.location().to_owned();
    let done = loop {
        let said = stream.until_event("progress").json();
        if said["state"] == "done" {
            break said;
        }
    };
    let result = done["result"].as_str().unwrap();
    assert!(page.ends_with(done["job"].as_str().unwrap()) && result.starts_with(&page));
    assert!(
        ana.page(&page).contains(&format!("href=\"{result}\"")),
        "without script too"
    );
    let asked = Request::get(&*page).header("accept", "application/json");
    assert_eq!(
        ana.send(asked).json(),
        done,
        "a script asks for what the stream says"
    );
    let file = ana.get(result);
    assert_eq!(file.status, 200);
    assert_eq!(
        file.value("content-disposition"),
        Some("attachment; filename=\"tandem.json\"")
    );
    let export: Value = serde_json::from_slice(&file.body).unwrap();
    assert!(export["lists"].to_string().contains("Milk \\\"fresh\\\""));
    assert_eq!(export["account"]["name"], "ana");
    assert_eq!(export["account"]["sessions"].as_array().unwrap().len(), 1);
    for path in [&*page, result] {
        assert_eq!(bob.get(path).status, 404, "it is nobody else's");
    }
    ana.post("forget_job", &[("job", done["job"].as_str().unwrap())]);
    assert_eq!(ana.get(result).status, 404);
}

#[test]
fn a_list_is_cleared_from_its_share_page_and_a_stranger_clears_nothing() {
    let server = TestServer::start();
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    let list = ana.list();
    ana.add(&list, "Milk");
    let share = format!("/lists/{list}/share");
    assert!(ana.page(&share).contains("action=\"/fn/clear_list\""));
    let mut stream = ana.stream("/events", "");
    stream.opening();
    assert_eq!(bob.post("clear_list", &[("list", &list)]).status, 404);
    let answer = ana.post_from(&share, "clear_list", &[("list", &list)]);
    assert_eq!(answer.location(), format!("/lists/{list}"));
    while stream.until_event("progress").json()["state"] != "done" {}
    assert!(ana.titles(&list).is_empty());

    let trash = ana.page(&format!("/lists/{list}/trash"));
    assert!(
        trash.contains("aria-label=\"Restore “Milk”\"") && trash.contains("Deleted by"),
        "{trash}"
    );
    assert_eq!(bob.get(&format!("/lists/{list}/trash")).status, 404);
    assert_eq!(bob.post("restore_all", &[("list", &list)]).status, 404);
    let answer = ana.post_from(&format!("/lists/{list}/trash"), "restore_all", &[("list", &list)]);
    assert_eq!(answer.location(), format!("/lists/{list}"));
    while stream.until_event("progress").json()["kind"] != "restore" {}
    while stream.until_event("progress").json()["state"] != "done" {}
    assert!(ana.titles(&list).contains(&"Milk".to_owned()));
}
