//! What an operator sets, as options or as variables of the environment.

use crate::server::TestServer;

#[test]
fn each_option_is_also_a_variable() {
    let mut server =
        TestServer::start_with(&["TANDEM_DATABASE=sqlite:elsewhere/list.db", "TANDEM_HEARTBEAT=7"]);
    assert!(server.folder.path().join("elsewhere/list.db").exists() && !server.database().exists());
    let first = server.person("ana").hello();
    assert_eq!(first.heartbeat, 7);

    for (restored, begins_anew) in [("0", false), ("false", false), ("1", true), ("true", true)] {
        let before = server.person("ana").hello().epoch;
        server.terminate();
        assert!(server.stopped().success());
        server.options = vec![
            "TANDEM_DATABASE=sqlite:elsewhere/list.db".to_owned(),
            format!("TANDEM_RESTORED={restored}"),
        ];
        server.launch();
        server.ready();
        let after = server.person("ana").hello().epoch;
        assert_eq!(before != after, begins_anew, "{restored}");
    }
}

#[test]
fn only_a_development_build_that_is_watched_lets_a_page_open_sockets() {
    let server = TestServer::start_with(&["LEPTOS_WATCH=1"]);
    let page = server.person("ana").get("/");
    let policy = page.value("content-security-policy").unwrap();
    // What is told to be tested is a release; what cargo built for this test is not.
    let is_release = std::env::var_os("TANDEM_BIN").is_some();
    assert_eq!(policy.contains("ws:"), !is_release, "{policy}");
}
