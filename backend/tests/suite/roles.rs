//! Who may do what in a list, changed while it is open, and lists that are handed over.

use domain::{Change, Command, Field, ListCommand, PersonId, Refusal, Role, Seq};

use crate::sharing::refusal;
use crate::world::{Page, TestBackend, changes, opening, rows, until};

#[tokio::test]
async fn roles_are_heard_at_once_by_the_list_and_by_the_person() {
    for cache_bytes in [1, 1_000_000] {
        let test = TestBackend::with(|config| config.cache_bytes = cache_bytes).await;
        let mut ana = test.page("ana");
        ana.add("Milk").await;
        let mut ben = test.member("ben", &ana).await;
        let mut stream = ben.stream(None).await;
        opening(&mut stream).await;
        let person = ben.visitor.person();
        let (list, before) = (ana.list, test.head().await);
        test.lists()
            .set_role(&ana.visitor, list, person, Role::Viewer)
            .await
            .unwrap();
        let events = until(&mut stream, Seq(before.0 + 2)).await;
        let (role, heard) = (Role::Viewer, changes(&events));
        assert!(
            matches!(&heard[..], [Change::ListJoined { role: mine, .. }, Change::MemberJoined { person: of, role: there, .. }]
                if *mine == role && *there == role && *of == person),
            "{heard:?}"
        );
        assert!(rows(&events).iter().all(|row| row.actor == ana.visitor.person()));
        let task = ben.see().await.tasks().next().unwrap().id;
        assert_eq!(
            ben.refused(Command::List(list, ListCommand::set(task, Field::Done(true))))
                .await,
            "read_only"
        );
        // What was on disk before stays: since when they are in it, and by which link.
        test.sound().await;
        let links = test.lists().links(&ana.visitor, list).await.unwrap().links;
        assert_eq!(links[0].1, [person]);
    }
}

#[tokio::test]
async fn a_list_is_handed_over_and_never_without_an_owner() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let ben = test.member("ben", &ana).await;
    let of = |page: &Page| -> PersonId { page.visitor.person() };
    let hand = |from: &Page, to| {
        let (backend, visitor, list) = (test.backend.clone(), from.visitor, ana.list);
        async move { backend.lists().hand_over(&visitor, list, to).await }
    };
    assert_eq!(refusal(hand(&ben, of(&ben)).await), Refusal::OwnerOnly);
    let step_down = test
        .lists()
        .set_role(&ana.visitor, ana.list, of(&ana), Role::Editor)
        .await;
    assert_eq!(refusal(step_down), Refusal::LastOwner);
    hand(&ana, of(&ben)).await.unwrap();
    assert_eq!(test.role(&ben, &ben).await, Some(Role::Owner));
    assert_eq!(test.role(&ben, &ana).await, Some(Role::Editor));
    assert_eq!(refusal(hand(&ana, of(&ana)).await), Refusal::OwnerOnly);
    test.sound().await;
}
