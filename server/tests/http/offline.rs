//! What a service worker needs of the server: to know whose a copy is and of which version, and a page for what it has none of.

use crate::person::between;
use crate::server::TestServer;

#[test]
fn documents_and_lists_say_whose_they_are_and_of_which_version() {
    let server = TestServer::start();
    let (ana, ben) = (server.person("ana"), server.person("ben"));
    let list = ana.list();
    for path in ["/", "/me", &format!("/lists/{list}")] {
        assert_eq!(ana.get(path).value("tandem-person"), Some(&*ana.id()), "{path}");
    }
    let address = format!("/fn/snapshot?list={list}");
    let before = ana.get(&address);
    assert_eq!(before.json()["list"]["id"], *list);
    assert_eq!(before.value("tandem-person"), Some(&*ana.id()));
    assert_eq!(before.value("cache-control"), Some("no-store"));
    let epoch = before.json()["epoch"].as_str().unwrap().to_owned();
    assert_eq!(before.value("tandem-version"), Some(&*format!("{epoch}.0")));
    ana.add(&list, "Milk");
    let version = ana.get(&address).json()["list"]["version"].as_u64().unwrap();
    assert!(version > 0);
    assert_eq!(
        ana.get(&address).value("tandem-version"),
        Some(&*format!("{epoch}.{version}"))
    );
    let foreign = ben.get(&address);
    assert_eq!((foreign.status, foreign.value("tandem-version")), (404, None));
    assert!(foreign.json()["refused"]["sentence"].is_string());
    let nobody = crate::http::Request::get(&address).send(server.port).unwrap();
    assert_eq!(nobody.status, 401);
}

#[test]
fn the_page_for_what_is_not_kept_is_nobodys() {
    let server = TestServer::start();
    let page = server.person("ana").get("/offline");
    assert_eq!((page.status, page.value("set-cookie")), (200, None));
    assert_eq!(page.value("tandem-person"), None);
    assert_eq!(
        between(page.text(), "<h1 data-offline=\"\">", "</h1>"),
        "You are offline"
    );
    let worker = server.person("ana").get("/sw.js");
    if worker.status == 404 {
        println!("SKIPPED: this binary was built without the page's script (`make build` puts it in)");
        return;
    }
    assert_eq!(
        (worker.value("content-type"), worker.value("cache-control")),
        (Some("text/javascript; charset=utf-8"), Some("no-cache"))
    );
}
