//! How often a request asks the backend who sends it.

use axum::http::Method;

use super::house::{Sent, Settings};
use super::routes::address;
use super::who::{What, Who};
use crate::auth::session::tests::LOOK_UPS;

#[tokio::test]
async fn whoever_sends_a_request_is_looked_up_once() {
    let house = Settings::new().await;
    let cursor = format!("{}.0", house.backend.epoch());
    let mut looked_up = 0;
    for door in house.doors.iter().copied() {
        for who in Who::ALL {
            for method in [Method::GET, Method::POST] {
                // That is what it is for.
                if who.has_account() && door.path == "/sign-out" {
                    continue;
                }
                let path = address(door, What::Ours, "no-such-job", &cursor);
                let case = format!("{method} {path} as {who:?}");
                LOOK_UPS.set(0);
                house.send(who, method, &path, Sent::Nothing).await;
                let most = match who {
                    // The session that is over, and the guest who comes in its place.
                    Who::Ended | Who::Suspended => 2,
                    _ => 1,
                };
                assert!(LOOK_UPS.get() <= most, "{case}: {}", LOOK_UPS.get());
                looked_up += LOOK_UPS.get();
            }
        }
    }
    // 1,716 of these requests bring a cookie that somebody looks up. An address more makes it more.
    assert!(looked_up >= 1_700, "{looked_up}");
    LOOK_UPS.set(0);
    house.send(Who::Viewer, Method::GET, "/", Sent::Nothing).await;
    assert_eq!(LOOK_UPS.get(), 1);
}
