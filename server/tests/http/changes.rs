//! `GET /changes`: the same events for those who cannot hold a stream open.

use serde_json::json;

use crate::server::TestServer;

#[test]
fn it_says_what_a_stream_from_the_same_place_says() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    let start = format!("{}.0", ana.hello().epoch);
    ana.add(&list, "Milk");
    ana.add(&list, "Bröt \"frisch\" \\ 🥖");
    for cursor in [&*start, "nonsense"] {
        let response = ana.get(&format!("/changes?since={cursor}"));
        assert_eq!(
            (response.status, response.value("cache-control")),
            (200, Some("no-store"))
        );
        let streamed: Vec<_> = ana
            .stream(&format!("/events?since={cursor}"), "")
            .opening()
            .into_iter()
            .map(|frame| {
                let data: serde_json::Value = serde_json::from_str(&frame.data).unwrap();
                json!({ "id": frame.id, "event": frame.event, "data": data })
            })
            .collect();
        assert_eq!(response.json(), json!(streamed), "{cursor}");
    }
}

#[test]
fn it_waits_until_something_happens() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    ana.add(&list, "Milk");
    let hello = ana.hello();
    let now = format!("{}.{}", hello.epoch, hello.head);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| ana.get(&format!("/changes?since={now}")));
        ana.add(&list, "Bread");
        assert!(waiting.join().unwrap().text().contains("Bread"));
    });
}

#[test]
fn it_answers_at_once_whoever_does_not_want_to_wait() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let list = ana.list();
    ana.add(&list, "Milk");
    let hello = ana.hello();
    let began = std::time::Instant::now();
    let answer = ana.get(&format!("/changes?since={}.{}&wait=0", hello.epoch, hello.head));
    assert!(
        began.elapsed().as_secs() < 20,
        "it waits for 25 seconds otherwise"
    );
    let events = answer.json();
    let events: Vec<_> = events
        .as_array()
        .unwrap()
        .iter()
        .map(|event| &event["event"])
        .collect();
    assert_eq!(events, ["hello", "heartbeat"]);
    assert_eq!(ana.get("/changes?wait=long").status, 400);
}
