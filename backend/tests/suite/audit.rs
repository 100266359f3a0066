//! The audit log: who did what that somebody may ask about later.

use backend::{AuditEvent, AuditRecord, Entry, Terms};
use domain::{AccountCommand, Command, Field, ListCommand, ListName};

use crate::world::{Page, TestBackend};

async fn told(test: &TestBackend) -> Vec<AuditRecord> {
    test.admin().audit_log(None, None, 100).await.unwrap()
}

fn rename(page: &Page) -> Command {
    let name = ListName::parse("Ours").unwrap();
    Command::List(page.list, ListCommand::Rename { name })
}

#[tokio::test]
async fn who_came_who_went_and_who_was_refused_is_told_newest_first_and_survives_a_restart() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let mut bob = test.member("bob", &ana).await;
    assert_eq!(bob.refused(rename(&bob)).await, "owner_only");
    let person = bob.visitor.person();
    ana.done(Command::List(ana.list, ListCommand::RemoveMember { person }))
        .await;
    assert_eq!(bob.refused(rename(&bob)).await, "not_found");
    let code = "no such code".to_owned();
    let list = ana.list;
    assert_eq!(
        bob.refused(Command::Account(AccountCommand::Join { list, code }))
            .await,
        "link_invalid"
    );
    let cleo = test.page("cleo").visitor;
    assert!(
        test.lists()
            .make_link(&cleo, list, Terms::default())
            .await
            .is_err()
    );
    let rows = told(&test).await;
    let told_of: Vec<_> = rows
        .iter()
        .map(|row| (row.deed, row.detail.as_deref().unwrap()))
        .collect();
    assert_eq!(
        told_of,
        [
            (AuditEvent::Refused, "not_found"),
            (AuditEvent::JoinRefused, "link_invalid"),
            (AuditEvent::Refused, "not_found"),
            (AuditEvent::Left, "removed"),
            (AuditEvent::Refused, "owner_only"),
            (AuditEvent::Joined, "editor"),
            (AuditEvent::LinkMade, "editor"),
        ]
    );
    let removed = rows.get(3).unwrap();
    assert_eq!(removed.actor.as_ref().unwrap().0, ana.visitor.person());
    assert_eq!(removed.person.as_ref().unwrap().0, person);
    assert!(
        rows.iter()
            .all(|row| row.list == Some(list) && row.at.0 > 0 && row.times == 1)
    );
    drop((ana, bob));
    test.backend.close().await;
    let test = test.reopen(|_| {}).await;
    assert_eq!(told(&test).await, rows);
}

#[tokio::test]
async fn what_happens_alike_in_one_moment_is_one_row_and_a_refusal_of_fate_is_none() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let task = ana.add("Milk").await;
    let mut bob = test.member("bob", &ana).await;
    ana.done(Command::List(ana.list, ListCommand::Delete { task }))
        .await;
    assert_eq!(
        bob.refused(Command::List(bob.list, ListCommand::set(task, Field::Done(true))))
            .await,
        "deleted"
    );
    for _ in 0..50 {
        bob.refused(rename(&bob)).await;
    }
    let rows = told(&test).await;
    let refused: Vec<_> = rows
        .iter()
        .filter(|row| row.deed == AuditEvent::Refused)
        .collect();
    assert_eq!(refused.iter().map(|row| row.times).sum::<u64>(), 50);
    assert!(refused.len() <= 3, "{refused:?}");
    assert!(!rows.iter().any(|row| row.detail.as_deref() == Some("deleted")));
}

#[tokio::test]
async fn rows_are_read_by_kind_and_from_any_row_on_and_old_ones_go() {
    let test = TestBackend::new().await;
    let ana = test.page("ana").visitor.person();
    for deed in AuditEvent::ALL {
        test.admin()
            .audit(Entry::new(*deed).by(ana).from([192, 0, 2, 7].into()));
    }
    let all = told(&test).await;
    assert_eq!(all.len(), AuditEvent::ALL.len());
    assert!(all.iter().all(|row| row.address.as_deref() == Some("192.0.2.7")));
    // A guest who did nothing yet has the name that they are shown.
    assert!(all.iter().all(|row| row.actor.as_ref().unwrap().1.contains(' ')));
    let older = test
        .admin()
        .audit_log(Some(all.get(3).unwrap().id), None, 2)
        .await
        .unwrap();
    assert_eq!(older, all.get(4..6).unwrap());
    let some = test
        .admin()
        .audit_log(None, Some(AuditEvent::Joined), 100)
        .await
        .unwrap();
    assert_eq!(some.len(), 1);

    let later = domain::Timestamp(test.config.clock.now().0 + 401 * 24 * 60 * 60 * 1_000);
    test.config.clock.set(later);
    test.admin().audit(Entry::new(AuditEvent::SignedIn).by(ana));
    let rows = told(&test).await;
    assert_eq!(
        rows.iter().map(|row| row.deed).collect::<Vec<_>>(),
        [AuditEvent::SignedIn]
    );
}
