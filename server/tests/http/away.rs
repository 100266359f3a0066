//! What others did while somebody was away, and who is in a list.

use serde_json::json;

use crate::http::Request;
use crate::server::TestServer;

/// The cursor of somebody who has seen all that there is.
fn cursor(person: &crate::person::Person) -> String {
    let hello = person.hello();
    format!("{}.{}", hello.epoch, hello.head)
}

#[test]
fn one_who_comes_back_is_told_in_words_and_in_ids_what_the_others_did() {
    let server = TestServer::start();
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    let list = ana.list();
    bob.join(&ana.code(&list));
    let since = cursor(&bob);
    let address = format!("/lists/{list}/catch-up?since={since}");
    let nothing = bob.get(&address);
    assert_eq!((nothing.status, nothing.text()), (204, ""));
    bob.add(&list, "My own");
    assert_eq!(bob.get(&address).status, 204);
    ana.add(&list, "Milk & <b>honey</b>");
    let told = bob.get(&address);
    assert_eq!(told.status, 200);
    assert_eq!(told.value("content-type"), Some("application/json"));
    assert_eq!(told.value("cache-control"), Some("no-store"));
    let task = ana.task(&list, "Milk &amp; &lt;b&gt;honey&lt;/b&gt;");
    let digest = json!({
        "lines": [{ "profile": ana.hello().account.profile, "words": "added “Milk & <b>honey</b>”" }],
        "more": "",
        "tasks": [task],
    });
    assert_eq!(told.json(), digest);
}

#[test]
fn a_place_that_the_log_does_not_know_is_answered_by_nothing_wrong_and_nonsense_by_400() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    ana.add(&list, "Milk");
    let away = |since: &str| ana.get(&format!("/lists/{list}/catch-up?since={since}"));
    for since in ["zz9.4", &format!("{}.999999", ana.hello().epoch)] {
        let much = away(since);
        assert_eq!(much.status, 200, "{since}");
        let words = "A lot may have changed. This is the list as it is now.";
        let line = json!({ "profile": null, "words": words });
        assert_eq!(much.json(), json!({ "lines": [line], "more": "", "tasks": [] }));
    }
    for since in ["", "nonsense", "k3.-1", "k3.", ".4", &"9".repeat(2_000)] {
        assert_eq!(away(since).status, 400, "{since}");
    }
    assert_eq!(ana.get(&format!("/lists/{list}/catch-up")).status, 400);
}

#[test]
fn nobody_else_learns_what_happened_in_a_list() {
    let server = TestServer::start();
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    let list = ana.list();
    ana.add(&list, "Milk");
    let since = cursor(&ana);
    let path = format!("/lists/{list}/catch-up?since={since}");
    let foreign = bob.get(&path);
    assert_eq!(foreign.status, 404);
    assert!(foreign.json()["refused"]["sentence"].is_string());
    assert_eq!(bob.get(&path.replace(&list, "nonsense")).status, 404);
    let nobody = Request::get(&path).send(server.port).unwrap();
    assert_eq!((nobody.status, nobody.value("set-cookie")), (401, None));
    bob.join(&ana.code(&list));
    assert_eq!(bob.get(&path).status, 204);
    bob.post("end_session", &[]);
    assert_eq!(bob.get(&path).status, 401);
}
