//! Links, and what an owner has said of somebody who could use them.

use backend::Device;
use domain::{Command, Invitation, ListCommand, PersonId, Refusal, Role, Timestamp};

use crate::list_invitations::account;
use crate::sharing::{join, refusal, to};
use crate::sign_in::{PASSWORD, done, name};
use crate::world::{Page, TestBackend};

fn remove(host: &Page, person: PersonId) -> Command {
    Command::List(host.list, ListCommand::RemoveMember { person })
}

impl TestBackend {
    async fn set_role(&self, host: &Page, person: PersonId, role: Role) {
        let set = self.lists().set_role(&host.visitor, host.list, person, role);
        set.await.unwrap();
    }
}

#[tokio::test]
async fn who_was_made_a_viewer_is_not_an_editor_again_by_any_link() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let (_, code) = test.made(&ana, to(Role::Editor)).await;
    let (_, other) = test.made(&ana, to(Role::Editor)).await;
    let mut ben = test.by("ben", &ana, &code).await;
    assert_eq!(test.role(&ana, &ben).await, Some(Role::Editor));
    let person = ben.visitor.person();
    test.set_role(&ana, person, Role::Viewer).await;
    let (_, later) = test.made(&ana, to(Role::Editor)).await;
    for code in [&code, &other, &later] {
        ben.done(join(ana.list, code)).await;
        assert_eq!(test.role(&ana, &ben).await, Some(Role::Viewer));
        // Nor by leaving first.
        ben.done(remove(&ana, person)).await;
        ben.done(join(ana.list, code)).await;
        assert_eq!(test.role(&ana, &ben).await, Some(Role::Viewer));
    }
    // An owner may give it back, and others come by the link as before.
    test.set_role(&ana, person, Role::Editor).await;
    assert_eq!(test.role(&ana, &ben).await, Some(Role::Editor));
    ben.done(remove(&ana, person)).await;
    ben.done(join(ana.list, &other)).await;
    assert_eq!(test.role(&ana, &ben).await, Some(Role::Editor));
    let carl = test.by("carl", &ana, &code).await;
    assert_eq!(test.role(&ana, &carl).await, Some(Role::Editor));
    test.sound().await;
}

#[tokio::test]
async fn who_came_without_a_link_and_was_made_a_viewer_is_no_editor_by_a_link_also_after_a_restart() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let ben = account(&test, "ben").await;
    let (host, asked) = (&ana.visitor, name("ben"));
    let invite = test.lists().invite(host, ana.list, &asked, Role::Editor);
    invite.await.unwrap();
    test.lists()
        .accept_invitation(&ben.visitor, ana.list)
        .await
        .unwrap();
    test.set_role(&ana, ben.visitor.person(), Role::Viewer).await;
    let (_, code) = test.made(&ana, to(Role::Editor)).await;
    let ana = ana.catch_up();
    let test = test.reopen(|_| {}).await;
    let ana = test.back(ana);
    let mut page = Page::new(test.backend.clone(), ben.visitor);
    page.done(join(ana.list, &code)).await;
    assert_eq!(test.role(&ana, &page).await, Some(Role::Viewer));
    test.sound().await;
}

#[tokio::test]
async fn who_was_removed_comes_back_by_no_link_and_by_nobodys_invitation_but_an_owners() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let eve = test.member("eve", &ana).await;
    let (_, code) = test.made(&ana, to(Role::Editor)).await;
    let ben = account(&test, "ben").await;
    let mut page = Page::new(test.backend.clone(), ben.visitor);
    let (person, list) = (ben.visitor.person(), ana.list);
    let invite = |by: &Page, role| {
        let by = by.visitor;
        let backend = test.backend.clone();
        async move {
            backend
                .lists()
                .invite(&by, list, &name("ben"), role)
                .await
                .unwrap()
        }
    };
    // One that an owner made before says nothing against what they did since.
    invite(&ana, Role::Editor).await;
    page.done(join(list, &code)).await;
    test.config.clock.set(Timestamp(now(&test) + 1));
    ana.done(remove(&ana, person)).await;
    let (link, later) = test.made(&ana, to(Role::Viewer)).await;
    for code in [&code, &later] {
        assert_eq!(page.refused(join(list, code)).await, "link_invalid");
    }
    let accept = async || test.lists().accept_invitation(&ben.visitor, list).await;
    assert!(test.lists().invitations(&ben.visitor).await.unwrap().is_empty());
    assert_eq!(refusal(accept().await), Refusal::NotFound);
    test.config.clock.set(Timestamp(now(&test) + Invitation::LASTS));
    invite(&eve, Role::Editor).await;
    assert!(test.lists().invitations(&ben.visitor).await.unwrap().is_empty());
    assert_eq!(refusal(accept().await), Refusal::NotFound);
    // An owner asks them again, as a viewer: that is what they are by every link from then on.
    invite(&ana, Role::Viewer).await;
    assert_eq!(test.lists().invitations(&ben.visitor).await.unwrap().len(), 1);
    accept().await.unwrap();
    assert_eq!(test.role(&ana, &page).await, Some(Role::Viewer));
    page.done(join(list, &code)).await;
    assert_eq!(test.role(&ana, &page).await, Some(Role::Viewer));
    // Taken out with a link it is the same.
    ana.done(remove(&ana, person)).await;
    test.config.clock.set(Timestamp(now(&test) + 1));
    invite(&ana, Role::Editor).await;
    accept().await.unwrap();
    assert_eq!(test.role(&ana, &page).await, Some(Role::Editor));
    page.done(remove(&ana, person)).await;
    page.done(join(list, &later)).await;
    let revoked = test.lists().revoke_link(&ana.visitor, list, link, true).await;
    assert_eq!(revoked.unwrap(), [person]);
    assert_eq!(page.refused(join(list, &code)).await, "link_invalid");
    test.sound().await;
}

#[tokio::test]
async fn who_owns_a_list_no_more_does_not_own_it_again_by_an_invitation_from_before() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let ben = account(&test, "ben").await;
    let (asked, list) = (name("ben"), ana.list);
    let accept = async || test.lists().accept_invitation(&ben.visitor, list).await;
    let page = Page::new(test.backend.clone(), ben.visitor);
    test.lists()
        .invite(&ana.visitor, list, &asked, Role::Editor)
        .await
        .unwrap();
    accept().await.unwrap();
    test.lists()
        .invite(&ana.visitor, list, &asked, Role::Owner)
        .await
        .unwrap();
    test.set_role(&ana, ben.visitor.person(), Role::Owner).await;
    test.set_role(&ana, ben.visitor.person(), Role::Editor).await;
    assert!(test.lists().invitations(&ben.visitor).await.unwrap().is_empty());
    accept().await.unwrap();
    assert_eq!(test.role(&ana, &page).await, Some(Role::Editor));
    test.config.clock.set(Timestamp(now(&test) + 1));
    test.lists()
        .invite(&ana.visitor, list, &asked, Role::Owner)
        .await
        .unwrap();
    accept().await.unwrap();
    assert_eq!(test.role(&ana, &page).await, Some(Role::Owner));
    test.sound().await;
}

fn now(test: &TestBackend) -> u64 {
    test.backend.now().0
}

#[tokio::test]
async fn who_signs_in_as_a_guest_brings_no_greater_role_along_than_an_owner_left_them() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let (_, code) = test.made(&ana, to(Role::Editor)).await;
    let other = test.page("olga");
    let (_, others) = test.made(&other, to(Role::Editor)).await;
    let ben = account(&test, "ben").await;
    let mut page = Page::new(test.backend.clone(), ben.visitor);
    page.done(join(ana.list, &code)).await;
    page.done(join(other.list, &others)).await;
    let person = ben.visitor.person();
    test.set_role(&ana, person, Role::Viewer).await;
    let mut olga = other;
    olga.done(remove(&olga, person)).await;
    // The same person in another browser, as a guest, and lowered there in a third list.
    let third = test.page("vera");
    let (_, thirds) = test.made(&third, to(Role::Editor)).await;
    let mut guest = test.page("guest");
    for (list, code) in [(ana.list, &code), (olga.list, &others), (third.list, &thirds)] {
        guest.done(join(list, code)).await;
    }
    test.set_role(&third, guest.visitor.person(), Role::Viewer).await;
    let (before, ben) = (Some(&guest.visitor), name("ben"));
    let signed_in = test
        .accounts()
        .sign_in(before, true, &ben, PASSWORD, Device::default());
    let signed_in = done(signed_in.await.unwrap());
    let mut page = Page::new(test.backend.clone(), signed_in.visitor);
    assert_eq!(test.role(&ana, &page).await, Some(Role::Viewer));
    assert_eq!(test.role(&olga, &page).await, None);
    assert_eq!(test.role(&third, &page).await, Some(Role::Viewer));
    for host in [&ana, &olga, &third] {
        assert_eq!(test.role(host, &guest).await, None, "the guest is in none");
    }
    page.done(join(third.list, &thirds)).await;
    assert_eq!(test.role(&third, &page).await, Some(Role::Viewer));
    ana.add("Milk").await;
    test.sound().await;
}
