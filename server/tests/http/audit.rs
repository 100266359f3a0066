//! The audit log as the operator reads it.

use crate::http::Request;
use crate::server::TestServer;

#[test]
fn the_operator_reads_who_joined_and_who_was_refused_and_nobody_else_does() {
    let server = TestServer::start();
    let operator = server.operator("olga");
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    let list = ana.list();
    ana.add(&list, "A secret surprise");
    let code = ana.code(&list);
    bob.join(&code);
    let refused = bob.post("rename_list", &[("list", &list), ("name", "Mine")]);
    assert_eq!(refused.status, 403);
    server.person("eve").give("2222-2222-2222-2222");
    let mut carla = server.person("carla");
    carla.sign_up("carla");
    let guess = [("name", "carla"), ("password", "is it this one, perhaps")];
    assert_eq!(
        server
            .person("eve")
            .send(Request::form("/sign-up", &guess))
            .status,
        422
    );

    let page = operator.page("/admin/audit");
    for told in [
        "became the operator",
        "created a link to list",
        "as editor",
        "Only an owner of the list can do that.",
        "entered a wrong operator code",
        "by making an account",
        "127.0.0.1",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(
        page.find("wrong operator code") < page.find("became the operator"),
        "the newest come first"
    );
    assert!(!page.contains("secret surprise") && !page.contains(&code));
    let some = operator.page("/admin/audit?deed=joined");
    assert!(some.contains("as editor") && !some.contains("became the operator"));
    for nonsense in ["?deed=%00&before=x", "?before=-1", "?before=99999999999999999999"] {
        assert!(
            operator.get(&format!("/admin/audit{nonsense}")).status < 500,
            "{nonsense}"
        );
    }
    let other = bob.get("/admin/audit");
    assert!(other.text().contains("name=\"code\"") && !other.text().contains("as editor"));
}
