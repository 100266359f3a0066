//! How long a session lasts, and what its end ends.

use std::time::Duration;

use backend::{AuthError, Device, Error, SignedIn};
use domain::Timestamp;
use domain::wire::Ending;
use serde_json::json;

use crate::sign_in::{PASSWORD, anas_account, name, sign_in};
use crate::world::{Page, TestBackend, aside, opening, until};

const DAY: u64 = 24 * 60 * 60 * 1000;

fn page(test: &TestBackend, of: &SignedIn) -> Page {
    Page::new(test.backend.clone(), of.visitor)
}

#[tokio::test]
async fn ending_one_session_ends_its_streams_and_no_others() {
    let test = TestBackend::new().await;
    let (_, here) = anas_account(&test).await;
    let there = sign_in(&test, "ana", PASSWORD).await.unwrap();
    let (mut mine, theirs) = (page(&test, &here), page(&test, &there));
    let (mut stays, mut ends) = (mine.stream(None).await, theirs.stream(None).await);
    opening(&mut stays).await;
    opening(&mut ends).await;
    let sessions = test.accounts().sessions(&here.visitor);
    assert_eq!(sessions.len(), 2);
    let other = there.visitor.session();
    assert!(
        test.accounts()
            .end_other_session(&here.visitor, other)
            .await
            .unwrap()
    );
    assert_eq!(
        aside(&mut ends, "gone").await,
        json!({ "reason": "session_ended" })
    );
    assert_eq!(ends.next().await, None);
    assert_eq!(ends.ending(), Some(Ending::SessionEnded));
    assert!(test.accounts().visitor(&there.token).is_none());
    assert!(test.accounts().has_ended(&there.visitor) && !test.accounts().has_ended(&here.visitor));
    assert_eq!(
        theirs.stream(None).await.next().await,
        None,
        "one that was on its way"
    );
    let milk = mine.add("Milk").await;
    let heard = until(&mut stays, test.head().await).await;
    assert!(
        format!("{heard:?}").contains(&format!("{milk:?}")),
        "the other goes on"
    );
    assert!(
        !test
            .accounts()
            .end_other_session(&here.visitor, other)
            .await
            .unwrap()
    );
    drop((mine, theirs, stays, ends));
    let test = test.reopen(|_| {}).await;
    assert!(
        test.accounts().visitor(&there.token).is_none() && test.accounts().visitor(&here.token).is_some()
    );
}

#[tokio::test]
async fn nobody_ends_the_session_of_somebody_else() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let bob = test.page("bob");
    let device = Device::default();
    let bob = test
        .accounts()
        .sign_up(&bob.visitor, &name("bob"), PASSWORD, device)
        .await
        .unwrap();
    let anas = ana.visitor.session();
    assert!(
        !test
            .accounts()
            .end_other_session(&bob.visitor, anas)
            .await
            .unwrap()
    );
    assert_eq!(test.accounts().end_other_sessions(&bob.visitor).await.unwrap(), 0);
    assert!(test.accounts().visitor(&ana.token).is_some());
}

#[tokio::test]
async fn all_others_end_at_once_and_so_does_ones_own_when_signing_out() {
    let test = TestBackend::new().await;
    let (_, here) = anas_account(&test).await;
    let mut others = Vec::new();
    for _ in 0..3 {
        others.push(sign_in(&test, "ana", PASSWORD).await.unwrap());
    }
    assert_eq!(
        test.accounts().end_other_sessions(&here.visitor).await.unwrap(),
        3
    );
    assert!(
        others
            .iter()
            .all(|other| test.accounts().visitor(&other.token).is_none())
    );
    let mut stream = page(&test, &here).stream(None).await;
    opening(&mut stream).await;
    test.accounts().end_session(&here.visitor).await.unwrap();
    assert_eq!(
        aside(&mut stream, "gone").await,
        json!({ "reason": "session_ended" })
    );
    assert!(test.accounts().visitor(&here.token).is_none());
    assert!(test.accounts().sessions(&here.visitor).is_empty());
}

#[tokio::test]
async fn a_session_that_is_not_used_ends_by_itself_and_one_that_is_used_does_in_a_year() {
    let test = TestBackend::with(|config| config.second_look = Duration::from_millis(20)).await;
    let clock = test.config.clock.clone();
    let began = clock.now();
    let (_, used) = anas_account(&test).await;
    let idle = sign_in(&test, "ana", PASSWORD).await.unwrap();
    let mut stream = page(&test, &idle).stream(None).await;
    opening(&mut stream).await;
    for days in [15, 29] {
        clock.set(Timestamp(began.0 + days * DAY));
        assert!(
            test.accounts().visitor(&used.token).is_some(),
            "after {days} days"
        );
    }
    assert!(stream.next_now().is_none());
    clock.set(Timestamp(began.0 + 30 * DAY));
    assert!(test.accounts().visitor(&idle.token).is_none() && test.accounts().visitor(&used.token).is_some());
    assert_eq!(
        aside(&mut stream, "gone").await,
        json!({ "reason": "session_ended" })
    );
    for days in (50..365).step_by(20) {
        clock.set(Timestamp(began.0 + days * DAY));
        assert!(
            test.accounts().visitor(&used.token).is_some(),
            "after {days} days"
        );
    }
    clock.set(Timestamp(began.0 + 365 * DAY));
    assert!(test.accounts().visitor(&used.token).is_none());
}

#[tokio::test]
async fn when_a_session_was_used_is_on_disk_to_the_hour() {
    let test = TestBackend::new().await;
    let clock = test.config.clock.clone();
    let began = clock.now();
    let (_, ana) = anas_account(&test).await;
    let token = ana.token.clone();
    clock.set(Timestamp(began.0 + 20 * DAY));
    assert!(test.accounts().visitor(&token).is_some());
    assert_eq!(
        test.accounts().sessions(&ana.visitor)[0].seen,
        Timestamp(began.0 + 20 * DAY)
    );
    test.accounts().write_seen().await.unwrap();
    let test = test.reopen(|_| {}).await;
    clock.set(Timestamp(began.0 + 40 * DAY));
    assert!(
        test.accounts().visitor(&token).is_some(),
        "it was used 20 days ago"
    );
}

#[tokio::test]
async fn a_guest_who_keeps_what_is_theirs_is_a_guest_no_more() {
    let test = TestBackend::new().await;
    let mut guest = test.page("ana");
    guest.add("Milk").await;
    let mut old = guest.stream(None).await;
    opening(&mut old).await;
    let device = Device::default();
    let ana = test
        .accounts()
        .sign_up(&guest.visitor, &name("ana"), PASSWORD, device)
        .await
        .unwrap();
    assert_eq!(ana.visitor.person(), guest.visitor.person());
    assert_eq!(page(&test, &ana).titles().await, guest.titles().await);
    // Pages of the same browser come back by themselves, with its new cookie; with the old one nobody does.
    assert_eq!(old.next().await, None);
    assert_eq!(old.ending(), Some(Ending::Unavailable));
    assert!(test.accounts().has_ended(&guest.visitor));
    assert_eq!(guest.stream(None).await.next().await, None);
    let again = test
        .accounts()
        .sign_up(&ana.visitor, &name("other"), PASSWORD, Device::default())
        .await;
    assert!(matches!(again, Err(Error::Auth(AuthError::HasAccount))));
    test.sound().await;
    drop((guest, old));
    let test = test.reopen(|_| {}).await;
    assert!(test.accounts().has_ended(&crate::world::visitor("ana")));
    assert!(test.accounts().visitor(&ana.token).is_some());
}
