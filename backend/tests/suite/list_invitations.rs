//! Asking people into a list by name: who sees it, what comes of it, and what it tells nobody.

use backend::{AuthError, Device, Error, SignedIn, Subscriber, Visitor};
use domain::wire::Invited;
use domain::{Invitation, ListCommand, ListId, Refusal, Role, Timestamp};

use crate::sharing::refusal;
use crate::sign_in::{PASSWORD, denied, name};
use crate::world::{Page, TestBackend, opening, visitor};

const NOW: u64 = 1_800_000_000_000;

/// Somebody with an account of that name.
pub(crate) async fn account(test: &TestBackend, who: &str) -> SignedIn {
    let signed_up = test
        .accounts()
        .sign_up(&visitor(who), &name(who), PASSWORD, Device::default())
        .await;
    signed_up.unwrap()
}

async fn ask(test: &TestBackend, by: &Page, whom: &str, role: Role) -> Result<(), Error> {
    test.lists().invite(&by.visitor, by.list, &name(whom), role).await
}

async fn asked(test: &TestBackend, who: &SignedIn) -> Vec<(ListId, Role)> {
    let all = test.lists().invitations(&who.visitor).await.unwrap();
    all.into_iter()
        .map(|Invited { list, role, .. }| (list, role))
        .collect()
}

async fn waiting(test: &TestBackend, of: &Page, seen_by: &Visitor) -> Vec<String> {
    let all = test.lists().pending_invitations(seen_by, of.list).await.unwrap();
    all.into_iter().map(|waiting| waiting.name).collect()
}

/// What the stream says next of what one is asked to: to how many lists.
async fn hears(stream: &mut Subscriber) -> usize {
    loop {
        let frame = stream.next().await.unwrap();
        if frame.event() == "invited" {
            let said: serde_json::Value = serde_json::from_slice(frame.data()).unwrap();
            return said.get("invitations").unwrap().as_array().unwrap().len();
        }
    }
}

#[tokio::test]
async fn who_is_asked_hears_it_at_once_comes_and_is_there() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let ben = account(&test, "ben").await;
    let mut stream = Page::new(test.backend.clone(), ben.visitor).stream(None).await;
    opening(&mut stream).await;
    ask(&test, &ana, " BEN", Role::Editor).await.unwrap();
    assert_eq!(hears(&mut stream).await, 1);
    let mut late = Page::new(test.backend.clone(), ben.visitor).stream(None).await;
    assert_eq!(
        hears(&mut late).await,
        1,
        "a page that is opened later hears it, too"
    );
    assert_eq!(asked(&test, &ben).await, [(ana.list, Role::Editor)]);
    assert_eq!(waiting(&test, &ana, &ana.visitor).await, ["BEN"]);
    test.lists()
        .accept_invitation(&ben.visitor, ana.list)
        .await
        .unwrap();
    assert_eq!(hears(&mut stream).await, 0);
    assert_eq!(ana.see().await.role(ben.visitor.person()), Some(Role::Editor));
    assert!(asked(&test, &ben).await.is_empty() && waiting(&test, &ana, &ana.visitor).await.is_empty());
    let again = test.lists().accept_invitation(&ben.visitor, ana.list).await;
    assert_eq!(refusal(again), Refusal::NotFound);
    test.sound().await;
}

#[tokio::test]
async fn whether_anybody_has_the_name_changes_nothing_for_who_asks() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let ben = account(&test, "ben").await;
    for whom in ["ben", "nobody"] {
        ask(&test, &ana, whom, Role::Viewer).await.unwrap();
    }
    assert_eq!(waiting(&test, &ana, &ana.visitor).await, ["ben", "nobody"]);
    test.lists()
        .decline_invitation(&ben.visitor, ana.list)
        .await
        .unwrap();
    assert_eq!(
        waiting(&test, &ana, &ana.visitor).await,
        ["ben", "nobody"],
        "nor whether they declined"
    );
    assert!(asked(&test, &ben).await.is_empty());
    ask(&test, &ana, "ben", Role::Editor).await.unwrap();
    assert!(
        asked(&test, &ben).await.is_empty(),
        "who declined is asked no more"
    );
    assert_eq!(
        refusal(test.lists().accept_invitation(&ben.visitor, ana.list).await),
        Refusal::NotFound
    );
}

#[tokio::test]
async fn a_name_that_somebody_takes_later_is_not_the_one_that_was_asked() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    ask(&test, &ana, "ben", Role::Editor).await.unwrap();
    test.config.clock.set(Timestamp(NOW + 1));
    let squatter = account(&test, "ben").await;
    assert!(asked(&test, &squatter).await.is_empty());
    assert_eq!(
        refusal(test.lists().accept_invitation(&squatter.visitor, ana.list).await),
        Refusal::NotFound
    );
    test.lists()
        .decline_invitation(&squatter.visitor, ana.list)
        .await
        .unwrap();
    ask(&test, &ana, "ben", Role::Editor).await.unwrap();
    assert_eq!(asked(&test, &squatter).await, [(ana.list, Role::Editor)]);
}

#[tokio::test]
async fn an_invitation_is_taken_back_by_who_made_it_or_an_owner_and_ends_with_their_right() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let (editor, other) = (test.member("eve", &ana).await, test.member("otto", &ana).await);
    let ben = account(&test, "ben").await;
    ask(&test, &editor, "ben", Role::Editor).await.unwrap();
    assert_eq!(
        refusal(ask(&test, &editor, "carl", Role::Owner).await),
        Refusal::OwnerOnly
    );
    assert!(
        waiting(&test, &ana, &other.visitor).await.is_empty(),
        "another editor sees nothing of it"
    );
    test.lists()
        .revoke_invitation(&other.visitor, ana.list, &name("ben"))
        .await
        .unwrap();
    assert_eq!(asked(&test, &ben).await.len(), 1, "and takes nothing back");
    assert_eq!(waiting(&test, &ana, &ana.visitor).await, ["ben"]);
    // What Eve asks is not Otto's by asking it again.
    ask(&test, &other, "ben", Role::Viewer).await.unwrap();
    test.lists()
        .revoke_invitation(&other.visitor, ana.list, &name("ben"))
        .await
        .unwrap();
    assert_eq!(asked(&test, &ben).await, [(ana.list, Role::Editor)]);
    let eve = editor.visitor.person();
    test.lists()
        .set_role(&ana.visitor, ana.list, eve, Role::Viewer)
        .await
        .unwrap();
    assert!(asked(&test, &ben).await.is_empty());
    assert_eq!(
        refusal(test.lists().accept_invitation(&ben.visitor, ana.list).await),
        Refusal::NotFound
    );
    assert_eq!(
        refusal(ask(&test, &editor, "carl", Role::Viewer).await),
        Refusal::ReadOnly
    );
    test.lists()
        .set_role(&ana.visitor, ana.list, eve, Role::Editor)
        .await
        .unwrap();
    assert_eq!(asked(&test, &ben).await.len(), 1);
    test.lists()
        .revoke_invitation(&ana.visitor, ana.list, &name("ben"))
        .await
        .unwrap();
    assert!(asked(&test, &ben).await.is_empty());
    let stranger = visitor("stranger");
    for outcome in [
        test.lists()
            .invite(&stranger, ana.list, &name("ben"), Role::Viewer)
            .await,
        test.lists()
            .revoke_invitation(&stranger, ana.list, &name("ben"))
            .await,
    ] {
        assert_eq!(refusal(outcome), Refusal::NotFound);
    }
    assert!(
        test.lists()
            .pending_invitations(&stranger, ana.list)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_list_asks_so_many_at_once_and_what_has_lapsed_does_not_count() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    for number in 0..Invitation::MOST {
        ask(&test, &ana, &format!("guest{number}"), Role::Viewer)
            .await
            .unwrap();
    }
    denied(
        ask(&test, &ana, "ben", Role::Viewer).await,
        AuthError::TooManyInvitations,
    );
    assert!(
        ask(&test, &ana, "guest0", Role::Editor).await.is_ok(),
        "who is asked already may be asked otherwise"
    );
    test.config.clock.set(Timestamp(NOW + Invitation::LASTS));
    assert!(waiting(&test, &ana, &ana.visitor).await.is_empty());
    assert!(ask(&test, &ana, "ben", Role::Viewer).await.is_ok());
}

#[tokio::test]
async fn who_leaves_after_they_came_is_asked_anew_or_not_at_all() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let ben = account(&test, "ben").await;
    ask(&test, &ana, "ben", Role::Viewer).await.unwrap();
    test.lists()
        .accept_invitation(&ben.visitor, ana.list)
        .await
        .unwrap();
    let mut page = Page::new(test.backend.clone(), ben.visitor);
    page.list = ana.list;
    let person = ben.visitor.person();
    page.done(domain::Command::List(
        ana.list,
        ListCommand::RemoveMember { person },
    ))
    .await;
    assert_eq!(
        refusal(test.lists().accept_invitation(&ben.visitor, ana.list).await),
        Refusal::NotFound
    );
    ask(&test, &ana, "ben", Role::Editor).await.unwrap();
    test.lists()
        .accept_invitation(&ben.visitor, ana.list)
        .await
        .unwrap();
    assert_eq!(ana.see().await.role(person), Some(Role::Editor));
    test.sound().await;
}

#[tokio::test]
async fn who_is_muted_is_not_seen_any_more_and_of_guests_none() {
    let test = TestBackend::new().await;
    let ben = account(&test, "ben").await;
    let (ana, eve) = (test.page("ana"), test.page("eve"));
    let carl = Page::new(test.backend.clone(), account(&test, "carl").await.visitor);
    let dora = Page::new(test.backend.clone(), account(&test, "dora").await.visitor);
    for by in [&ana, &carl] {
        ask(&test, by, "ben", Role::Viewer).await.unwrap();
    }
    let muted = test.lists().mute_inviter(&ben.visitor, carl.list).await.unwrap();
    assert_eq!(muted, Some(carl.visitor.person()));
    assert_eq!(asked(&test, &ben).await, [(ana.list, Role::Viewer)]);
    let muted = test.lists().mute_inviter(&ben.visitor, ana.list).await.unwrap();
    assert_eq!(muted, Some(ana.visitor.person()));
    // A guest is somebody else the next time: of them none is seen.
    for by in [&eve, &dora] {
        ask(&test, by, "ben", Role::Editor).await.unwrap();
    }
    assert_eq!(asked(&test, &ben).await, [(dora.list, Role::Editor)]);
    assert!(test.lists().has_muted_inviters(&ben.visitor).await.unwrap());
    // It tells nobody, and nobody mutes by a list that they were not asked to.
    assert_eq!(waiting(&test, &carl, &carl.visitor).await, ["ben"]);
    assert_eq!(
        test.lists()
            .mute_inviter(&ben.visitor, carl.visitor.first_list())
            .await
            .unwrap(),
        Some(carl.visitor.person())
    );
    let nobody = test
        .lists()
        .mute_inviter(&ben.visitor, ListId::from_bytes([9; 16]))
        .await;
    assert_eq!(nobody.unwrap(), None);
    test.lists().unmute_inviters(&ben.visitor).await.unwrap();
    assert_eq!(
        asked(&test, &ben).await.len(),
        2,
        "what was declined stays declined"
    );
}
