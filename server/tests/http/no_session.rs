//! Forms of browsers that have no session to send, or keep no cookie.

use crate::http::Request;
use crate::server::TestServer;

#[test]
fn a_form_without_a_session_leads_to_the_page_that_gives_one() {
    let server = TestServer::start();
    let list = server.person("ana").list();
    let form = Request::form("/fn/clear_completed", &[("list", &list)]);
    assert_eq!(form.send(server.port).unwrap().location(), "/");
    // What was typed is given back.
    let form = Request::form("/fn/add_task", &[("list", &list), ("title", "Milk")]);
    let refused = form.send(server.port).unwrap();
    assert_eq!(refused.status, 401);
    assert!(refused.text().contains("Your session has ended") && refused.text().contains("Milk"));
}

#[test]
fn a_form_from_a_browser_that_keeps_no_cookie_says_so_and_gives_back_what_was_typed() {
    let server = TestServer::start();
    let list = server.person("ana").list();
    let from_a_page = |request: Request| request.header("sec-fetch-site", "same-origin");
    let typed = [("list", &*list), ("title", "Milk")];
    let name = [("name", "ana"), ("password", "nine lamps over the quay")];
    for (path, fields) in [
        ("/fn/add_task", &typed[..]),
        ("/fn/clear_completed", &typed[..1]),
        ("/fn/join_list", &[("code", "abc")]),
        ("/sign-in", &name),
        ("/sign-up", &name),
        ("/me/picture", &[]),
        ("/sign-out", &[]),
    ] {
        for request in [
            from_a_page(Request::form(path, fields)),
            Request::form(path, fields)
                .header("origin", &format!("http://localhost:{}", server.port))
                .header("host", &format!("localhost:{}", server.port)),
        ] {
            let said = request.send(server.port).unwrap();
            assert_eq!(said.status, 401, "{path}");
            assert!(
                said.text().contains("Tandem needs a cookie"),
                "{path}: {}",
                said.text()
            );
            assert_eq!(said.text().contains("Milk"), path == "/fn/add_task");
        }
    }
    // A script is told in JSON, and what comes with any cookie is as before.
    let script = from_a_page(Request::json("/passkey/sign-in/begin", &()));
    let said = script.send(server.port).unwrap();
    assert_eq!(said.status, 401);
    assert!(said.json()["problem"].as_str().unwrap().contains("cookie"));
    let old = from_a_page(Request::form("/fn/add_task", &typed))
        .header("cookie", &format!("tandem=s{}", "07".repeat(32)));
    assert!(
        old.send(server.port)
            .unwrap()
            .text()
            .contains("Your session has ended")
    );
}
