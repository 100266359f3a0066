//! People, over HTTP and from the shell: keeping somebody out, letting them choose a password, deleting accounts.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::house::shown_code;
use crate::http::{Request, Response};
use crate::person::{Person, between};
use crate::server::{TestServer, binary};
use crate::sign_in::PASSWORD;

impl TestServer {
    /// What `tandem user …` says, and whether it is content.
    fn user(&self, words: &[&str]) -> (bool, String) {
        let output = Command::new(binary())
            .arg("user")
            .args(words)
            .arg("--database")
            .arg(self.database())
            .output()
            .unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.success(), said.trim_end().to_owned())
    }

    #[track_caller]
    fn does(&self, words: &[&str]) -> String {
        let (good, said) = self.user(words);
        assert!(good, "{words:?}: {said}");
        said
    }
}

impl Person {
    fn manage(&self, person: &str, deed: &str) -> Response {
        self.send(Request::form(&format!("/admin/people/{person}/{deed}"), &[]))
    }
}

#[test]
fn the_operator_suspends_somebody_and_they_are_out_within_a_second() {
    let server = TestServer::start();
    let operator = server.operator("operator");
    let mut ana = server.person("ana");
    ana.sign_up("ana");
    let id = ana.id();
    let list = ana.list();
    let page = operator.page("/admin/people");
    assert!(
        page.contains("<bdi>ana</bdi>") && page.contains("1 account, and"),
        "{page}"
    );
    assert!(operator.page(&format!("/admin/people/{id}")).contains("Suspend"));
    let mut stream = ana.stream("/events", "");
    stream.opening();
    let began = Instant::now();
    let suspended = operator.manage(&id, "suspend");
    assert_eq!(suspended.location(), format!("/admin/people/{id}?said=suspend"));
    stream.until(|frame| frame.event == "bye");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(
        (ana.get("/session").status, ana.get("/events").status),
        (401, 401)
    );
    let kept = ana.post_from(
        &format!("/lists/{list}"),
        "add_task",
        &[("list", &list), ("title", "What I typed"), ("once", "")],
    );
    assert_eq!(kept.status, 401);
    assert!(
        kept.text().contains("What I typed"),
        "what was typed is not lost: {}",
        kept.text()
    );
    let mut elsewhere = server.person("elsewhere");
    let refused = elsewhere.sign_in("ana", PASSWORD);
    assert!(refused.status == 422 && refused.text().contains("This account is suspended"));
    let wrong = elsewhere.sign_in("ana", "not the right one");
    assert!(
        !wrong.text().contains("suspended"),
        "only who has the password is told"
    );
    assert!(operator.page("/admin/people").contains("Suspended"));

    operator.manage(&id, "reinstate").location();
    elsewhere.sign_in("ana", PASSWORD).location();
    assert_eq!(elsewhere.id(), id);
    operator.manage(&id, "end-sessions").location();
    assert_eq!(elsewhere.get("/session").status, 401);
    let own = operator.manage(&operator.id(), "suspend");
    assert_eq!(own.status, 404, "a guest has no account");
    let log = operator.page("/admin/audit");
    assert!(
        log.contains("managed the account of") && log.contains("(suspended)"),
        "{log}"
    );
}

#[test]
fn the_operator_is_no_danger_to_themselves_and_nobody_else_is_one_to_anybody() {
    let server = TestServer::start();
    let mut operator = server.operator("operator");
    operator.sign_up("operator");
    let id = operator.id();
    for deed in ["suspend", "reset", "end-sessions", "delete"] {
        let refused = operator.manage(&id, deed);
        assert!(refused.status == 422 && refused.text().contains("You cannot do this to your own account"));
    }
    assert_eq!(operator.get(&format!("/admin/people/{id}/delete")).status, 404);
    let mut bob = server.person("bob");
    bob.sign_up("bob");
    for (path, fields) in [
        (format!("/admin/people/{id}/suspend"), vec![]),
        ("/admin/people".to_owned(), vec![("name", "eve")]),
        ("/admin/settings".to_owned(), vec![("guests", "no")]),
        ("/admin/invitations".to_owned(), vec![]),
    ] {
        let answer = bob.send(Request::form(&path, &fields));
        assert!(
            answer.status == 200 && answer.text().contains("Operator code"),
            "{path}"
        );
    }
    assert!(
        server.person("new").page("/").contains("My list"),
        "nothing happened"
    );
    assert_eq!(operator.get("/session").status, 200);
}

#[test]
fn a_link_for_a_new_password_is_shown_once_and_signs_its_owner_in() {
    let server = TestServer::start();
    let operator = server.operator("operator");
    let mut ana = server.person("ana");
    ana.sign_up("ana");
    let id = ana.id();
    let code = shown_code(&operator.manage(&id, "reset"));
    assert!(!operator.page(&format!("/admin/people/{id}")).contains(&code));
    assert_eq!(ana.get("/session").status, 401);
    let mut phone = server.person("phone");
    assert_eq!(phone.sign_in("ana", PASSWORD).status, 422);
    let new = "eleven lamps on the sea";
    let given = code.replace('-', " ").to_uppercase();
    let set = phone.submit("/reset", &[("code", &given), ("password", new)]);
    assert_eq!(set.location(), "/");
    assert_eq!(phone.id(), id);
    let mut again = server.person("again");
    let used = again.submit("/reset", &[("code", &code), ("password", new)]);
    assert_eq!(used.status, 422);
    assert!(used.text().contains("id=\"code-problem\"") && !used.text().contains(new));
    assert_eq!(again.sign_in("ana", new).status, 303);
}

#[test]
fn one_deletes_ones_account_after_reading_what_happens() {
    let server = TestServer::start();
    let mut ana = server.person("ana");
    assert_eq!(ana.get("/me/delete").location(), "/sign-up");
    ana.sign_up("ana");
    let list = ana.list();
    ana.add(&list, "From Ana");
    let (bob, eve) = (server.person("bob"), server.person("eve"));
    let code = ana.code(&list);
    bob.join(&code);
    eve.join(&code);
    let page = ana.page("/me/delete");
    assert!(
        page.contains("Export my data") && page.contains("Its new owner is:"),
        "{page}"
    );
    let field = format!("heir.{list}");
    assert!(page.contains(&format!("name=\"{field}\"")), "{page}");
    let (mut stream, mut bobs) = (ana.stream("/events", ""), bob.stream("/events", ""));
    stream.opening();
    bobs.opening();
    let eves = eve.id();
    let wrong = [("password", "not the right one"), (&field, &*eves)];
    let refused = ana.submit("/me/delete", &wrong);
    assert!(refused.status == 422 && refused.text().contains("This is not your password"));
    assert_eq!(ana.get("/session").status, 200);
    let old = ana.cookie.clone();
    // As long a form as there can be: a list that somebody is in by each of these, which here are none.
    let others: Vec<String> = (0..499)
        .map(|number| format!("heir.01890000-0000-7000-8000-{number:012}"))
        .collect();
    let mut right: Vec<(&str, &str)> = others.iter().map(|other| (&**other, &*eves)).collect();
    right.extend([("password", PASSWORD), (&field, &*eves)]);
    let gone = ana.submit("/me/delete", &right);
    assert_eq!(gone.location(), "/sign-in?left=1");
    assert_eq!(gone.value("clear-site-data"), Some("\"cache\", \"storage\""));
    stream.until(|frame| frame.event == "bye");
    bobs.until_text("member_left");
    let before = Person {
        port: server.port,
        cookie: old,
    };
    assert_eq!(before.get("/session").status, 401);
    assert!(ana.page("/sign-in?left=1").contains("Your account is deleted"));
    assert!(bob.titles(&list).contains(&"From Ana".to_owned()));
    assert!(
        eve.page(&format!("/lists/{list}/share")).contains("Remove"),
        "Eve owns it"
    );
    let mut new = server.person("new");
    new.sign_up("ana");
    assert_ne!(new.list(), list);
}

#[test]
fn the_operator_deletes_an_account_after_reading_what_happens() {
    let server = TestServer::start();
    let operator = server.operator("operator");
    let mut ana = server.person("ana");
    ana.sign_up("ana");
    let id = ana.id();
    let asks = operator.manage(&id, "delete");
    assert_eq!(asks.location(), format!("/admin/people/{id}/delete"));
    assert!(
        operator
            .page(&format!("/admin/people/{id}/delete"))
            .contains("cannot be undone")
    );
    assert_eq!(ana.get("/session").status, 200, "nothing has happened yet");
    let sure = Request::form(&format!("/admin/people/{id}/delete"), &[("sure", "yes")]);
    assert_eq!(operator.send(sure).location(), "/admin/people?said=deleted");
    assert_eq!(ana.get("/session").status, 401);
    assert_eq!(operator.get(&format!("/admin/people/{id}")).status, 404);
    assert!(
        operator
            .page("/admin/audit")
            .contains("deleted the account of Somebody who left")
    );
}

#[test]
fn the_shell_does_the_same_beside_a_server_that_runs() {
    let server = TestServer::start();
    let mut ana = server.person("ana");
    ana.sign_up("ana");
    assert!(server.does(&["list"]).starts_with("ana\t"));
    assert!(
        server
            .does(&["list", "nobody"])
            .contains("No account has a name like this")
    );
    let mut stream = ana.stream("/events", "");
    stream.opening();
    let began = Instant::now();
    assert_eq!(server.does(&["suspend", "ana"]), "ana is suspended.");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    stream.until(|frame| frame.event == "bye");
    assert_eq!(ana.get("/session").status, 401);
    assert!(server.does(&["list"]).ends_with("suspended"));
    server.does(&["resume", "ana"]);
    assert_eq!(ana.sign_in("ana", PASSWORD).status, 303);
    server.does(&["sign-out", "ana"]);
    assert_eq!(ana.get("/session").status, 401);
    let code = |said: &str| said.rsplit(' ').next().unwrap().to_owned();
    let reset = code(&server.does(&["reset", "ana"]));
    let new = "eleven lamps on the sea";
    let set = ana.submit("/reset", &[("code", &reset), ("password", new)]);
    assert_eq!(set.location(), "/");
    let added = code(&server.does(&["add", "bob"]));
    let mut bob = server.person("bob");
    let set = bob.submit("/reset", &[("code", &added), ("password", PASSWORD)]);
    assert_eq!(set.location(), "/");
    for (words, says) in [
        (&["suspend", "nobody"][..], "There is no account with that name."),
        (&["add", "bob"], "This name is already taken."),
        (&["add", "b ob"], "no spaces"),
        (&["delete", "bob"], "Add --yes"),
    ] {
        let (good, said) = server.user(words);
        assert!(!good && said.contains(says), "{words:?}: {said}");
    }
    assert_eq!(bob.get("/session").status, 200);
    server.does(&["delete", "bob", "--yes"]);
    assert_eq!(bob.get("/session").status, 401);
    assert!(!server.does(&["list"]).contains("bob"));
    let invitation = code(&server.does(&["invite", "--uses", "2"]));
    let operator = server.operator("operator");
    let set = [("sign_up", "invited")];
    operator.send(Request::form("/admin/settings", &set)).location();
    let mut eve = server.person("eve");
    let fields = [
        ("name", "eve"),
        ("password", PASSWORD),
        ("invitation", &*invitation),
    ];
    assert_eq!(eve.submit("/sign-up", &fields).location(), "/");
    let log = operator.page("/admin/audit");
    assert!(log.contains("was managed from the shell (suspended)"), "{log}");
    assert!(log.contains("was deleted (from the shell)"), "{log}");
    let orders = between(&log, "<ol", "</ol>").matches("<li").count();
    assert!(orders > 5, "{orders}");
}

#[test]
fn the_shell_does_the_same_where_no_server_runs() {
    let mut server = TestServer::start();
    let mut ana = server.person("ana");
    ana.sign_up("ana");
    server.terminate();
    assert!(server.stopped().success());
    server.does(&["suspend", "ana"]);
    server.launch();
    server.ready();
    ana.port = server.port;
    assert_eq!(ana.get("/session").status, 401);
    assert!(
        ana.sign_in("ana", PASSWORD)
            .text()
            .contains("This account is suspended")
    );
    server.terminate();
    assert!(server.stopped().success());
    server.does(&["delete", "ana", "--yes"]);
    std::fs::remove_file(server.database()).unwrap();
    let (good, said) = server.user(&["list"]);
    assert!(!good && said.starts_with("There is no database at "), "{said}");
    let (good, said) = server.user(&["suspend", "ana"]);
    assert!(!good && said.starts_with("There is no database at "), "{said}");
    assert!(!server.database().exists());
}
