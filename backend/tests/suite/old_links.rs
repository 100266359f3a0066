//! A link that somebody came by, and what an owner has said of them since.

use domain::{Command, ListCommand, Role};

use crate::sharing::{join, to};
use crate::world::TestBackend;

#[tokio::test]
async fn who_was_made_a_viewer_is_not_an_editor_again_by_the_old_link() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let (_, code) = test.made(&ana, to(Role::Editor)).await;
    let mut ben = test.by("ben", &ana, &code).await;
    assert_eq!(test.role(&ana, &ben).await, Some(Role::Editor));
    let person = ben.visitor.person();
    let demote = || {
        test.lists()
            .set_role(&ana.visitor, ana.list, person, Role::Viewer)
    };
    demote().await.unwrap();
    ben.done(join(ana.list, &code)).await;
    assert_eq!(test.role(&ana, &ben).await, Some(Role::Viewer));
    // Nor by leaving first.
    ben.done(Command::List(ana.list, ListCommand::RemoveMember { person }))
        .await;
    ben.done(join(ana.list, &code)).await;
    assert_eq!(test.role(&ana, &ben).await, Some(Role::Viewer));
    // An owner may give it back, and others come by the link as before.
    let promote = test
        .lists()
        .set_role(&ana.visitor, ana.list, person, Role::Editor);
    promote.await.unwrap();
    assert_eq!(test.role(&ana, &ben).await, Some(Role::Editor));
    let carl = test.by("carl", &ana, &code).await;
    assert_eq!(test.role(&ana, &carl).await, Some(Role::Editor));
    test.sound().await;
}
