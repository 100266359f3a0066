//! What was begun at one door is not finished at another that asks for less.

use serde_json::json;

use crate::authenticator::Authenticator;
use crate::browser::Browser;
use crate::server::TestServer;

#[test]
fn what_was_begun_to_add_a_passkey_is_not_finished_where_accounts_are_made() {
    let server = TestServer::start();
    let mut ana = Browser::new(&server);
    ana.sign_up("ana");
    let asked = ana.ask("/passkey/add/begin", json!({})).json();
    let (_, answer) = Authenticator::create(&asked["options"], "http://localhost");
    let finish = json!({ "key": asked["key"], "credential": answer, "called": "Phone" });
    assert_eq!(ana.ask("/passkey/sign-up/finish", finish).status, 422);
    assert!(!ana.get("/me/passkeys").text().contains("Phone"));
}
