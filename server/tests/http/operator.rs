//! The operator code: printed once, given once, and to everyone else nothing.

use std::process::Command;

use crate::http::{PATIENCE, Request, Response};
use crate::person::{Person, between};
use crate::server::{TestServer, binary};

const WRONG: &str = "This code is wrong or has already been used.";

impl TestServer {
    /// What else it prints to its output, up to its end if nothing is wanted of it.
    fn printed(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        while !lines.last().is_some_and(|line| is_wanted(line))
            && let Ok(line) = self.lines.recv_timeout(PATIENCE)
        {
            lines.push(line);
        }
        lines
    }

    /// The code that it printed when it started.
    pub(crate) fn operator_code(&self) -> String {
        let printed = self.printed(|line| line.contains("operator code"));
        printed.last().unwrap().rsplit(' ').next().unwrap().to_owned()
    }

    /// Somebody who runs it.
    pub(crate) fn operator(&self, name: &str) -> Person {
        let person = self.person(name);
        assert_eq!(person.give(&self.operator_code()).location(), "/admin/live");
        person
    }

    /// What `tandem operator-code` says, and whether it is content.
    pub(crate) fn new_code(&self) -> (bool, String) {
        let output = Command::new(binary())
            .args(["operator-code", "--database"])
            .arg(self.database())
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        (output.status.success(), said.trim_end().to_owned())
    }
}

impl Person {
    /// Gives a code as the form does.
    pub(crate) fn give(&self, code: &str) -> Response {
        self.send(Request::form("/admin", &[("code", code)]))
    }

    /// Whether the operator's pages are theirs.
    fn is_operator(&self) -> bool {
        self.get("/admin").status == 303
    }
}

#[track_caller]
fn refused(response: &Response, status: u16, sentence: &str, kept: &str) {
    let page = response.text();
    assert_eq!(response.status, status, "{page}");
    assert!(
        between(page, "id=\"code-problem\"", "</p>").contains(sentence),
        "{page}"
    );
    let field = between(page, "id=\"code\"", ">");
    assert!(field.contains(&format!("value=\"{kept}\"")), "{field}");
    assert!(field.contains("aria-invalid=\"true\""));
}

#[test]
fn who_gives_the_code_is_the_operator_also_after_a_restart_and_no_later_start_prints_one() {
    let mut server = TestServer::start();
    let code = server.operator_code();
    let ana = server.person("ana");
    assert!(!ana.is_operator());
    refused(&ana.give(""), 422, "Please enter the code first.", "");
    refused(&ana.give("hello"), 422, "This is not an operator code", "hello");
    refused(
        &ana.give("2222-2222-2222-2222"),
        422,
        WRONG,
        "2222-2222-2222-2222",
    );
    assert!(!ana.is_operator());
    let typed = format!(" {} ", code.replace('-', " ").to_uppercase());
    assert_eq!(ana.give(&typed).location(), "/admin/live");
    assert!(ana.is_operator());
    assert_eq!(ana.give(&code).location(), "/admin/live", "the form sent twice");
    refused(&server.person("bob").give(&code), 422, WRONG, &code);
    assert!(ana.is_operator());

    server.kill();
    server.launch();
    server.ready();
    let ana = server.person("ana");
    assert!(ana.is_operator());
    server.terminate();
    let printed = server.printed(|_| false);
    assert!(!printed.iter().any(|line| line.contains("code")), "{printed:?}");
    let log = server.log();
    assert!(
        log.contains("there is a new operator") && !log.contains(&code),
        "{log}"
    );
}

#[test]
fn while_there_is_no_operator_each_start_prints_a_code_and_only_the_last_one_works() {
    let mut server = TestServer::start();
    let first = server.operator_code();
    server.kill();
    server.launch();
    server.ready();
    let second = server.operator_code();
    assert_ne!(first, second);
    let ana = server.person("ana");
    refused(&ana.give(&first), 422, WRONG, &first);
    assert_eq!(ana.give(&second).status, 303);
}

#[test]
fn whoever_has_the_shell_gets_a_new_code_also_while_it_runs_and_takes_the_office_with_it() {
    let mut server = TestServer::start();
    let ana = server.operator("ana");
    let (good, said) = server.new_code();
    assert!(good && said.contains("which works once: "), "{said}");
    let code = said.rsplit(' ').next().unwrap();
    assert!(ana.is_operator(), "the code alone changes nothing");
    let bob = server.person("bob");
    bob.add(&bob.list(), "The server writes on");
    assert_eq!(bob.give(code).status, 303);
    assert!(bob.is_operator() && !ana.is_operator());

    server.terminate();
    assert!(server.stopped().success());
    let (good, said) = server.new_code();
    assert!(good, "{said}");
    server.launch();
    server.ready();
    let cleo = server.person("cleo");
    assert_eq!(cleo.give(said.rsplit(' ').next().unwrap()).status, 303);

    server.terminate();
    assert!(server.stopped().success());
    std::fs::remove_file(server.database()).unwrap();
    let (good, said) = server.new_code();
    assert!(!good && said.starts_with("There is no database at "), "{said}");
    assert!(!server.database().exists());
}

#[test]
fn everyone_else_gets_the_same_answer_at_every_address() {
    let server = TestServer::start();
    let code = server.operator_code();
    let ana = server.person("ana");
    let form = ana.page("/admin");
    assert!(form.contains("action=\"/admin\"") && form.contains("name=\"code\""));
    assert!(!form.contains(&code));
    // But for the mark of the one script that this answer lets run.
    let stable = |page: &str| page.replace(between(page, "nonce=\"", "\""), "");
    for path in ["/admin/live", "/admin/", "/admin/nothing", "/admin/a/b?c=d"] {
        for method in ["GET", "DELETE", "POST"] {
            let response = ana.send(Request::new(method, path));
            assert_eq!(
                (response.status, stable(response.text())),
                (200, stable(&form)),
                "{method} {path}"
            );
            assert_eq!(response.value("cache-control"), Some("no-store"));
        }
    }
    let stranger = Request::get("/admin/live").send(server.port).unwrap();
    assert_eq!(stable(stranger.text()), stable(&form));
    let foreign = Request::form("/admin", &[("code", &code)]).header("sec-fetch-site", "cross-site");
    assert_eq!(ana.send(foreign).status, 403);
    assert_eq!(ana.give(&code).status, 303);
    assert_eq!(ana.get("/admin/nothing").status, 404);
}

#[test]
fn guessing_ends_after_ten_wrong_codes_even_with_the_right_one() {
    let server = TestServer::start();
    let code = server.operator_code();
    let ana = server.person("ana");
    for _ in 0..10 {
        refused(
            &ana.give("2222-2222-2222-2222"),
            422,
            WRONG,
            "2222-2222-2222-2222",
        );
    }
    let response = server.person("bob").give(&code);
    refused(&response, 429, "Too many attempts", &code);
    assert_eq!(response.value("retry-after"), Some("60"));
    assert_eq!(ana.give(&"x".repeat(20_000)).status, 422);
}
