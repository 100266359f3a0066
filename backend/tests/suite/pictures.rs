//! Pictures of people: who sees them, and how open pages hear that there is another.

use domain::{Change, Command, ListCommand, Topic};

use crate::world::{TestBackend, opening, rows, until, visitor};

#[tokio::test]
async fn a_picture_is_seen_by_who_shares_a_list_and_by_nobody_else() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let ben = test.member("ben", &ana).await;
    let person = ana.visitor.person();
    test.accounts()
        .set_picture(&ana.visitor, Some(b"one".to_vec()))
        .await
        .unwrap();
    for (who, sees) in [
        (&ana.visitor, true),
        (&ben.visitor, true),
        (&visitor("stranger"), false),
    ] {
        let picture = test.accounts().picture(who, person).await.unwrap();
        assert_eq!(picture.is_some_and(|picture| picture.bytes == b"one"), sees);
        assert_eq!(
            test.accounts().pictures(who).await.unwrap().len(),
            usize::from(sees)
        );
    }
    ana.done(Command::List(
        ana.list,
        ListCommand::RemoveMember {
            person: ben.visitor.person(),
        },
    ))
    .await;
    assert_eq!(test.accounts().picture(&ben.visitor, person).await.unwrap(), None);
    test.accounts().set_picture(&ana.visitor, None).await.unwrap();
    assert_eq!(test.accounts().picture(&ana.visitor, person).await.unwrap(), None);
    test.sound().await;
}

#[tokio::test]
async fn a_picture_is_named_by_its_content_and_told_as_a_change_of_the_profile() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let ben = test.member("ben", &ana).await;
    let mut stream = ben.stream(None).await;
    opening(&mut stream).await;
    let name = async |png: &[u8]| {
        test.accounts()
            .set_picture(&ana.visitor, Some(png.to_vec()))
            .await
            .unwrap();
        let pictures = test.accounts().pictures(&ana.visitor).await.unwrap();
        pictures.first().unwrap().1.clone()
    };
    let (one, other, again) = (name(b"one").await, name(b"other").await, name(b"one").await);
    assert!(one != other && one == again);
    let heard = until(&mut stream, test.head().await).await;
    assert_eq!(rows(&heard).len(), 3);
    for row in rows(&heard) {
        assert_eq!(row.topic, Topic::List(ana.list));
        let same = ana
            .see()
            .await
            .members
            .get(&ana.visitor.person())
            .unwrap()
            .profile
            .clone();
        let person = ana.visitor.person();
        assert_eq!(
            row.changes,
            [Change::MemberRenamed {
                person,
                profile: same
            }]
        );
    }
    assert!(
        test.accounts()
            .set_picture(&ana.visitor, Some(vec![0; 100_000]))
            .await
            .is_err()
    );
    test.sound().await;
}
