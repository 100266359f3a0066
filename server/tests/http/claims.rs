//! What a provider says of somebody, in whatever types: strict is only what decides who they are (for the rest see `forged`).

use serde_json::json;

use crate::oidc::{ana, start, with};
use crate::provider::Provider;

#[test]
fn what_does_not_decide_who_somebody_is_may_be_of_any_type() {
    let provider = Provider::start();
    let server = start(&provider, &[]);
    let strange = json!({
        "preferred_username": "ana", "groups": [], "email_verified": "true", "phone_number_verified": "no", "phone_number": 49_123,
        "updated_at": "2026-01-01T00:00:00Z", "picture": { "data": { "url": "x" } }, "address": "Quay 9", "amr": "pwd", "acr": 1,
        "auth_time": "1700000000", "gender": 7, "birthdate": 1_990, "locale": { "language": "de" }, "zoneinfo": null, "given_name": ["A"],
        "website": 1, "azp": "tandem", "aud": ["tandem"],
    });
    let mut guest = server.person("ana");
    assert_eq!(guest.sign_in_by(&provider, "1", &strange).location(), "/");
    let now = provider.claims("1", "")["iat"].as_u64().unwrap();
    for (name, times) in [
        (
            "float",
            json!({ "exp": now as f64 + 60.5, "iat": now as f64 + 0.25 }),
        ),
        (
            "text",
            json!({ "exp": (now + 60).to_string(), "iat": now.to_string() }),
        ),
    ] {
        let mut phone = server.person(name);
        assert_eq!(
            phone.sign_in_by(&provider, "1", &with(ana(), &times)).location(),
            "/",
            "{name}"
        );
    }
    // Asked for more, it says that in any way, too.
    provider.says.lock().unwrap().person = with(strange, &json!({ "sub": "1" }));
    let mut phone = server.person("more");
    let response = phone.sign_in_by(&provider, "1", &json!({ "name": 7 }));
    assert_eq!(response.location(), "/");
    provider.says.lock().unwrap().person =
        json!({ "sub": "2", "preferred_username": "eve", "groups": ["admins"] });
    let mut other = server.person("other");
    let refused = other.sign_in_by(&provider, "1", &json!({ "name": "Ana" }));
    assert!(refused.status == 502 && refused.text().contains("did not answer as expected"));
}
