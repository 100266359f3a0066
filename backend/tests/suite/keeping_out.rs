//! Keeping somebody out, letting them choose a new password, and who is here: what the operator does about people.

use backend::{Administrator, AuthError, Code, Device, Error, OidcIdentity};
use domain::wire::Reply;
use domain::{Role, Timestamp};
use tokio::task::JoinSet;

use crate::sign_in::{PASSWORD, anas_account, done, name, sign_in};
use crate::world::{Page, SHELL, TestBackend, add, aside, opening, visitor};

#[track_caller]
fn denied<T>(outcome: Result<T, Error>, why: AuthError) {
    match outcome {
        Err(Error::Auth(denied)) => assert_eq!(denied, why),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("they were let in"),
    }
}

#[tokio::test]
async fn who_is_suspended_reads_and_writes_nothing_until_they_are_let_in_again() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let other = sign_in(&test, "ana", PASSWORD).await.unwrap();
    let person = ana.visitor.person();
    let mut page = Page::new(test.backend.clone(), ana.visitor);
    let mut streams = [
        page.stream(None).await,
        Page::new(test.backend.clone(), other.visitor).stream(None).await,
    ];
    for stream in &mut streams {
        opening(stream).await;
    }
    test.admin().suspend(SHELL, person).await.unwrap();
    for stream in &mut streams {
        assert_eq!(aside(stream, "gone").await["reason"], "session_ended");
        assert!(stream.next().await.is_none());
    }
    assert!(matches!(
        page.ask(add(page.list, "Late").1).await,
        Err(Error::SessionEnded)
    ));
    assert!(test.accounts().visitor(&ana.token).is_none() && test.accounts().visitor(&other.token).is_none());
    denied(sign_in(&test, "ana", PASSWORD).await, AuthError::Suspended);
    denied(sign_in(&test, "ana", "not this one").await, AuthError::Wrong);
    drop((page, streams));
    let test = test.reopen(|_| {}).await;
    denied(sign_in(&test, "ana", PASSWORD).await, AuthError::Suspended);

    test.admin().resume(SHELL, person).await.unwrap();
    assert!(
        test.accounts().visitor(&ana.token).is_none(),
        "what ended stays ended"
    );
    let again = sign_in(&test, "ana", PASSWORD).await.unwrap();
    Page::new(test.backend.clone(), again.visitor).add("Back").await;
    let nobody = visitor("nobody").person();
    assert!(matches!(
        test.admin().suspend(SHELL, nobody).await,
        Err(Error::Refused(_))
    ));
    denied(
        test.admin()
            .suspend(Administrator::Operator(again.visitor), person)
            .await,
        AuthError::Oneself,
    );
    test.sound().await;
}

/// As in a backup from the moment between the two, or when somebody sets it by hand.
#[tokio::test]
async fn who_is_suspended_writes_nothing_though_a_session_of_theirs_stands() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let page = Page::new(test.backend.clone(), ana.visitor).catch_up();
    let test = test.altered("update accounts set suspended_at = 1").await;
    let mut page = test.back(page);
    let list = page.list;
    let asked = page.ask(add(list, "Late").1).await;
    assert!(matches!(asked, Err(Error::SessionEnded)), "{asked:?}");
    let picture = test.accounts().set_picture(&ana.visitor, Some(vec![1])).await;
    assert!(matches!(picture, Err(Error::SessionEnded)), "{picture:?}");
    assert!(test.accounts().visitor(&ana.token).is_none());
    test.sound().await;
}

#[tokio::test]
async fn nothing_beside_the_log_is_done_for_who_was_suspended_while_it_waited() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let me = &ana.visitor;
    test.mfa().begin_totp(me).await.unwrap();
    let app = test.mfa().pending_totp(me).unwrap();
    let identity = OidcIdentity {
        issuer: "https://id.example.org".to_owned(),
        subject: "1".to_owned(),
        name: "ana".to_owned(),
        is_operator: false,
    };
    let wanted = app.code(test.backend.now());
    // As if it had been asked before: who asks now has no such visitor.
    test.admin().suspend(SHELL, me.person()).await.unwrap();
    let (backend, list, bob) = (&test.backend, me.first_list(), name("bob"));
    for (what, outcome) in [
        (
            "a provider",
            backend.accounts().link_identity(me, &identity).await,
        ),
        (
            "no provider",
            backend.accounts().unlink_identity(me, &identity.issuer).await,
        ),
        ("no app", backend.mfa().remove_totp(me).await.map(drop)),
        ("an app", backend.mfa().confirm_totp(me, &wanted).await.map(drop)),
        (
            "somebody asked in",
            backend.lists().invite(me, list, &bob, Role::Editor).await,
        ),
        (
            "somebody not asked in",
            backend.lists().revoke_invitation(me, list, &bob).await,
        ),
        (
            "an invitation declined",
            backend.lists().decline_invitation(me, list).await,
        ),
        (
            "a picture",
            backend.accounts().set_picture(me, Some(vec![1])).await,
        ),
        (
            "a password",
            backend
                .accounts()
                .change_password(me, PASSWORD, "a goose on the roof", Device::default())
                .await
                .map(drop),
        ),
    ] {
        assert!(outcome.is_err(), "{what}");
    }
    for table in [
        "select count(*) from oidc_identities where person_id = $1",
        "select count(*) from totp where person_id = $1",
        "select count(*) from pictures where person_id = $1",
    ] {
        assert_eq!(test.count(table, me.person().as_bytes()).await, 0, "{table}");
    }
    backend.admin().resume(SHELL, me.person()).await.unwrap();
    assert!(
        sign_in(&test, "ana", PASSWORD).await.is_ok(),
        "the password is what it was"
    );
}

/// Pushes and the suspension race: what was answered is in the list, and nothing else is.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_written_after_a_suspension_however_the_two_race() {
    for round in 0..20 {
        let test = TestBackend::new().await;
        let (_, ana) = anas_account(&test).await;
        let mut pushes = JoinSet::new();
        for number in 0..40 {
            let mut page = Page::new(test.backend.clone(), ana.visitor);
            pushes.spawn(async move {
                let (_, command) = add(page.list, &format!("Task {number}"));
                match page.ask(command).await {
                    Ok(_) => Some(format!("Task {number}")),
                    Err(Error::SessionEnded) => None,
                    Err(other) => panic!("{other:?}"),
                }
            });
            if number == round * 2 {
                tokio::task::yield_now().await;
                let (backend, person) = (test.backend.clone(), ana.visitor.person());
                pushes.spawn(async move {
                    backend.admin().suspend(SHELL, person).await.unwrap();
                    None
                });
            }
        }
        let mut done: Vec<String> = pushes.join_all().await.into_iter().flatten().collect();
        let mut late = Page::new(test.backend.clone(), ana.visitor);
        assert!(late.ask(add(late.list, "Late").1).await.is_err());
        let mut titles = late.titles().await;
        titles.retain(|title| title.starts_with("Task ") || title == "Late");
        titles.sort();
        done.sort();
        assert_eq!(titles, done);
        test.sound().await;
    }
}

#[tokio::test]
async fn who_is_suspended_while_they_sign_in_has_no_session_when_they_are_let_in_again() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let person = ana.visitor.person();
    let (signing_in, suspended) = tokio::join!(
        sign_in(&test, "ana", PASSWORD),
        test.admin().suspend(SHELL, person)
    );
    suspended.unwrap();
    test.admin().resume(SHELL, person).await.unwrap();
    if let Ok(signed_in) = signing_in {
        assert!(test.accounts().visitor(&signed_in.token).is_none());
    }
}

#[tokio::test]
async fn a_reset_ends_everything_and_its_code_sets_a_password_once() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let person = ana.visitor.person();
    let first = test.admin().reset_password(SHELL, person).await.unwrap();
    assert!(test.accounts().visitor(&ana.token).is_none());
    denied(sign_in(&test, "ana", PASSWORD).await, AuthError::Wrong);
    let code = test.admin().reset_password(SHELL, person).await.unwrap();
    let set = async |code: &Code, password: &str| {
        test.admin()
            .use_reset(None, code, password, Device::default())
            .await
            .map(done)
    };
    let new = "eleven lamps on the sea";
    denied(set(&first, new).await, AuthError::ResetInvalid);
    denied(set(&code, "short").await, AuthError::PasswordTooShort);
    let now = test.backend.now();
    test.config
        .clock
        .set(Timestamp(now.0 + backend::RESET_WORKS.as_millis() as u64));
    denied(set(&code, new).await, AuthError::ResetInvalid);
    test.config.clock.set(now);
    test.admin().suspend(SHELL, person).await.unwrap();
    denied(set(&code, new).await, AuthError::Suspended);
    test.admin().resume(SHELL, person).await.unwrap();

    // Two who come at once by the same code: one.
    let (one, other) = tokio::join!(set(&code, new), set(&code, new));
    assert!(one.is_ok() != other.is_ok(), "one of them");
    let signed_in = one.or(other).unwrap();
    assert_eq!(signed_in.visitor.person(), person);
    assert!(test.accounts().visitor(&signed_in.token).is_some());
    denied(set(&code, new).await, AuthError::ResetInvalid);
    assert!(sign_in(&test, "ana", new).await.is_ok());
}

#[tokio::test]
async fn people_are_found_by_their_names_page_by_page() {
    let test = TestBackend::new().await;
    for number in 0..7 {
        let who = name(&format!("person{number}"));
        test.admin().make_account(SHELL, &who).await.unwrap();
    }
    let (_, ana) = anas_account(&test).await;
    test.page("guest").add("Rope").await;
    test.admin().suspend(SHELL, ana.visitor.person()).await.unwrap();
    let first = test.admin().users("", None, 5).await.unwrap();
    let names = |people: &backend::People| -> Vec<String> {
        people.people.iter().map(|person| person.name.clone()).collect()
    };
    assert_eq!(names(&first), ["ana", "person0", "person1", "person2", "person3"]);
    assert_eq!(
        (first.more, first.accounts, first.suspended, first.guests),
        (true, 8, 1, 1)
    );
    let last = first.people.last().map(|person| person.id);
    let second = test.admin().users("", last, 5).await.unwrap();
    assert_eq!(names(&second), ["person4", "person5", "person6"]);
    assert!(!second.more);
    assert_eq!(
        names(&test.admin().users(" PERSON6 ", None, 5).await.unwrap()),
        ["person6"]
    );
    let anas = test
        .admin()
        .users("ana", None, 5)
        .await
        .unwrap()
        .people
        .pop()
        .unwrap();
    assert_eq!((anas.owns, anas.lists, anas.sessions), (1, 1, 0));
    assert!(anas.suspended.is_some() && anas.seen == Some(test.backend.now()));
    assert_eq!(test.admin().users("%", None, 5).await.unwrap().people, []);
    assert_eq!(test.admin().user(visitor("nobody").person()).await.unwrap(), None);
    // A page of somebody else's goes on.
    let reply = test.page("guest").send(test.page("guest").push([])).await;
    assert!(matches!(reply, Reply::Answered { .. }));
}
