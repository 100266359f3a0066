//! Accounts: names, passwords, and what becomes of a guest's lists.

use backend::{AccountName, AuthError, Cost, Device, Error, SignIn, SignedIn, Terms};
use domain::{AccountCommand, Command, ListId, ListName, Refusal, Role, Seq};

use crate::authenticator::Authenticator;
use crate::disk::on_disk;
use crate::factors::{half, second};
use crate::passkeys::{finish, here, home};
use crate::world::{Page, SHELL, TestBackend, fresh, opening, until};

/// Passwords that are no work, where how much it is does not matter.
pub(crate) const CHEAP: Cost = Cost { memory: 8, passes: 1 };

pub(crate) const PASSWORD: &str = "nine lamps over the quay";

pub(crate) fn name(text: &str) -> AccountName {
    AccountName::parse(text).unwrap()
}

/// Ana's page as a guest, and what she has signed in with since.
pub(crate) async fn anas_account(test: &TestBackend) -> (Page, SignedIn) {
    let mut guest = test.page("ana");
    guest.add("Oats").await;
    let signed_in = test
        .accounts()
        .sign_up(&guest.visitor, &name("ana"), PASSWORD, Device::default())
        .await
        .unwrap();
    (guest, signed_in)
}

pub(crate) async fn sign_in(test: &TestBackend, who: &str, password: &str) -> Result<SignedIn, Error> {
    come(test, who, password).await.map(done)
}

/// Gives name and password, and no more.
pub(crate) async fn come(test: &TestBackend, who: &str, password: &str) -> Result<SignIn, Error> {
    let name = name(who);
    let came = test
        .accounts()
        .sign_in(None, false, &name, password, Device::default());
    came.await
}

/// Who is in without a second step.
#[track_caller]
pub(crate) fn done(came: SignIn) -> SignedIn {
    match came {
        SignIn::Done(signed_in) => signed_in,
        SignIn::Second(_) => panic!("a code is asked for"),
    }
}

/// Signs in as Ana where somebody was a guest, and brings along what is theirs.
async fn bring(test: &TestBackend, guest: &Page) -> Result<SignedIn, Error> {
    let (visitor, device) = (Some(&guest.visitor), Device::default());
    let name = name("ana");
    let came = test.accounts().sign_in(visitor, true, &name, PASSWORD, device);
    came.await.map(done)
}

#[track_caller]
pub(crate) fn denied<T>(outcome: Result<T, Error>, why: AuthError) {
    match outcome {
        Err(Error::Auth(denied)) => assert_eq!(denied, why),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("they were let in"),
    }
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_are_answered_alike_after_the_same_work() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let work = async |who, password| {
        let before = test.accounts().password_runs();
        let outcome = sign_in(&test, who, password).await;
        (outcome, test.accounts().password_runs() - before)
    };
    let (wrong_password, one) = work("ana", "nine lamps over the sea").await;
    let (wrong_name, other) = work("bob", PASSWORD).await;
    denied(wrong_password, AuthError::Wrong);
    denied(wrong_name, AuthError::Wrong);
    assert_eq!((one, other), (1, 1));
    let (right, work) = work(" ANA ", PASSWORD).await;
    let right = right.unwrap();
    assert_eq!((right.visitor.person(), work), (ana.visitor.person(), 1));
    assert_ne!(right.visitor.session(), ana.visitor.session());
    assert!(right.token != ana.token);
}

#[tokio::test]
async fn a_name_is_one_accounts_and_a_form_that_is_sent_twice_makes_one() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let bob = test.page("bob");
    let sign_up = async |who, password| {
        test.accounts()
            .sign_up(&bob.visitor, &name(who), password, Device::default())
            .await
    };
    denied(
        sign_up("Ana", "ten lamps over the quay").await,
        AuthError::NameTaken,
    );
    assert!(
        !test.accounts().has_ended(&bob.visitor),
        "nothing happened to Bob"
    );
    let again = sign_up("ana", PASSWORD).await.unwrap();
    assert_eq!(again.visitor.person(), ana.visitor.person());
    for (password, why) in [
        ("short", AuthError::PasswordTooShort),
        ("password1", AuthError::PasswordCommon),
    ] {
        denied(sign_up("bob", password).await, why);
    }
    assert_eq!(test.accounts().sign_in_name(&bob.visitor).await.unwrap(), None);
}

#[tokio::test]
async fn another_password_ends_every_other_session_and_gives_this_one_another_token() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let other = sign_in(&test, "ana", PASSWORD).await.unwrap();
    let change = async |old, new| {
        test.accounts()
            .change_password(&ana.visitor, old, new, Device::default())
            .await
    };
    denied(
        change("not this one", "eleven lamps on the sea").await,
        AuthError::WrongPassword,
    );
    denied(change(PASSWORD, "password").await, AuthError::PasswordCommon);
    assert!(test.accounts().visitor(&other.token).is_some());
    let renewed = change(PASSWORD, "eleven lamps on the sea").await.unwrap();
    assert_eq!(test.accounts().visitor(&renewed.token), Some(renewed.visitor));
    for old in [&ana.token, &other.token] {
        assert!(test.accounts().visitor(old).is_none());
    }
    denied(sign_in(&test, "ana", PASSWORD).await, AuthError::Wrong);
    assert!(sign_in(&test, "ana", "eleven lamps on the sea").await.is_ok());
}

#[tokio::test]
async fn a_password_is_hashed_anew_when_the_work_has_become_more() {
    let test = TestBackend::new().await;
    drop(anas_account(&test).await);
    let dearer = |config: &mut backend::Config| config.cost.memory = CHEAP.memory * 2;
    let test = test.reopen(dearer).await;
    assert!(sign_in(&test, "ana", PASSWORD).await.is_ok());
    let before = test.accounts().password_runs();
    assert!(sign_in(&test, "ana", PASSWORD).await.is_ok());
    assert_eq!(test.accounts().password_runs() - before, 1);
}

#[tokio::test]
async fn a_guest_who_signs_in_may_bring_their_lists_along() {
    let test = TestBackend::new().await;
    let (anas, ana) = anas_account(&test).await;
    let mut guest = test.page("guest");
    guest.add("Rope").await;
    let work = ListId::from_bytes(fresh());
    let create = AccountCommand::CreateList {
        list: work,
        name: ListName::parse("Work").unwrap(),
    };
    guest.done(Command::Account(create)).await;
    // Both are in Ana's list, she as its owner.
    let link = test.lists().make_link(&ana.visitor, anas.list, Terms::default());
    let code = link.await.unwrap().code;
    guest
        .done(Command::Account(AccountCommand::Join {
            list: anas.list,
            code,
        }))
        .await;
    let written = test.accounts().written_lists(&guest.visitor).await.unwrap();
    assert_eq!(written.len(), 3);

    let mut stream = Page::new(test.backend.clone(), ana.visitor).stream(None).await;
    opening(&mut stream).await;
    let signed_in = bring(&test, &guest).await.unwrap();
    assert!(signed_in.visitor.person() == ana.visitor.person() && test.accounts().has_ended(&guest.visitor));
    let head = test.head().await;
    until(&mut stream, Seq(head.0 - 1)).await; // The last row is the guest's.
    let account = test.lists().overview(&ana.visitor).await.unwrap().account;
    for list in [anas.list, guest.list, work] {
        assert_eq!(account.lists.get(&list), Some(&Role::Owner), "{list}");
    }
    let theirs = test.lists().overview(&guest.visitor).await.unwrap();
    assert!(theirs.lists.is_empty(), "{theirs:?}");
    bring(&test, &guest).await.unwrap();
    assert_eq!(test.head().await, head, "there is nothing left to bring");
    test.sound().await;
}

#[tokio::test]
async fn lists_that_the_writer_does_not_have_in_memory_are_brought_along_too() {
    let test = TestBackend::new().await;
    let (anas, ana) = anas_account(&test).await;
    let mut guest = test.page("guest");
    let rope = guest.add("Rope").await;
    drop(anas);
    let guest = guest.catch_up();
    let test = test.reopen(|_| {}).await;
    let mut guest = test.back(guest);
    bring(&test, &guest).await.unwrap();
    guest.visitor = ana.visitor;
    assert!(guest.see().await.task(rope).is_some());
    guest.client = domain::ClientId::from_bytes(fresh());
    guest.command_seq = domain::CommandSeq::ZERO;
    guest.add("And goes on").await;
    test.sound().await;
}

#[tokio::test]
async fn signing_in_as_a_guest_who_did_nothing_brings_nothing_along() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let guest = test.page("guest");
    assert_eq!(test.accounts().written_lists(&guest.visitor).await.unwrap(), []);
    let before = test.lists().overview(&ana.visitor).await.unwrap();
    assert!(bring(&test, &guest).await.is_ok() && test.accounts().has_ended(&guest.visitor));
    assert_eq!(test.lists().overview(&ana.visitor).await.unwrap(), before);
}

#[tokio::test]
async fn who_is_in_as_many_lists_as_there_may_be_brings_none() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let mut page = Page::new(test.backend.clone(), ana.visitor);
    for number in 1..domain::Account::MOST_LISTS {
        let name = ListName::parse(&format!("List {number}")).unwrap();
        let list = ListId::from_bytes(fresh());
        page.done(Command::Account(AccountCommand::CreateList { list, name }))
            .await;
    }
    let mut guest = test.page("guest");
    guest.add("Rope").await;
    let head = test.head().await;
    let refused = bring(&test, &guest).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::TooManyLists))));
    // With an authenticator app it is said before the code is asked for, and no code is used up.
    test.mfa().begin_totp(&ana.visitor).await.unwrap();
    let app = test.mfa().pending_totp(&ana.visitor).unwrap();
    let code = app.code(test.backend.now());
    let codes = test
        .mfa()
        .confirm_totp(&ana.visitor, &code)
        .await
        .unwrap()
        .unwrap();
    let refused = bring(&test, &guest).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::TooManyLists))));
    assert_eq!(test.head().await, head, "nothing was begun");
    let mut late = test.page("late");
    let half_in = half(&test, Some(&late.visitor)).await;
    late.add("A list between the two steps").await;
    let refused = second(&test, &half_in, &codes.texts()[0]).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::TooManyLists))));
    let ways = test.mfa().sign_in_methods(&ana.visitor).await.unwrap().unwrap();
    assert_eq!(ways.recovery, Some(10));
    assert_eq!(test.accounts().sessions(&ana.visitor).len(), 1);
    assert!(
        !test.accounts().has_ended(&guest.visitor),
        "they are where they were"
    );
    assert_eq!(
        test.accounts().written_lists(&guest.visitor).await.unwrap().len(),
        1
    );
}

#[tokio::test]
async fn no_token_and_no_password_is_on_disk() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let text = ana.token.reveal();
    let bytes: Vec<u8> = (1..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect();
    for secret in [&text.as_bytes()[1..17], &bytes[..16], PASSWORD.as_bytes()] {
        assert_eq!(on_disk(&test, secret), None);
    }
    assert!(on_disk(&test, b"ana").is_some(), "it looks where things are kept");
}

#[tokio::test]
async fn a_code_that_may_be_one_is_as_much_work_for_every_name() {
    let test = TestBackend::new().await;
    let (_, _) = anas_account(&test).await;
    let guest = test.page("bob").visitor;
    let asked = test
        .mfa()
        .begin_passkey_sign_up(&guest, home(), &name("bob"), &here())
        .await
        .unwrap();
    let (_, answer) = Authenticator::create(&asked.options, here().origin());
    finish(&test, &guest, &asked.key, &answer).await.unwrap();
    for given in ["abcd-efgh-jkmn-pqrs", "nothing like a code"] {
        let mut works = Vec::new();
        for who in ["ana", "bob", "nobody"] {
            let before = test.accounts().password_runs();
            denied(come(&test, who, given).await, AuthError::Wrong);
            works.push(test.accounts().password_runs() - before);
        }
        assert!(
            works.iter().all(|work| works.first() == Some(work)),
            "{given}: {works:?}"
        );
    }
}

#[tokio::test]
async fn whoever_asks_often_from_one_address_keeps_nobody_else_from_signing_in() {
    let dear = Cost {
        memory: 4_096,
        passes: 1,
    };
    let test = TestBackend::with(|config| config.cost = dear).await;
    anas_account(&test).await;
    let ben = test.page("ben");
    test.accounts()
        .sign_up(&ben.visitor, &name("ben"), PASSWORD, Device::default())
        .await
        .unwrap();
    let (here, there) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
    let refused = std::sync::Arc::new(tokio::sync::Notify::new());
    let mut greedy = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let (backend, refused) = (test.backend.clone(), refused.clone());
        greedy.spawn(backend::from_address(here, async move {
            loop {
                let device = Device::default();
                let came = backend
                    .accounts()
                    .sign_in(None, false, &name("ana"), PASSWORD, device)
                    .await;
                if matches!(came, Err(Error::Auth(AuthError::Busy { .. }))) {
                    refused.notify_one();
                    tokio::task::yield_now().await;
                }
            }
        }));
    }
    refused.notified().await;
    for _ in 0..20 {
        let came = backend::from_address(there, sign_in(&test, "ben", PASSWORD)).await;
        assert!(came.is_ok(), "{:?}", came.err());
    }
    greedy.shutdown().await;
}

#[tokio::test]
async fn a_name_that_looks_like_anothers_is_refused() {
    let test = TestBackend::new().await;
    anas_account(&test).await;
    let site = here();
    for (number, alike) in ["\u{430}n\u{430}", "an\u{430}", "\u{251}na"].iter().enumerate() {
        let (guest, alike) = (test.page(&format!("guest {number}")).visitor, name(alike));
        let made = test
            .accounts()
            .sign_up(&guest, &alike, PASSWORD, Device::default());
        denied(made.await, AuthError::NameLooksAlike);
        let begun = test.mfa().begin_passkey_sign_up(&guest, home(), &alike, &site);
        denied(begun.await, AuthError::NameLooksAlike);
        denied(
            test.admin().make_account(SHELL, &alike).await,
            AuthError::NameLooksAlike,
        );
    }
    let (guest, anna) = (test.page("anna").visitor, name("anna"));
    let made = test
        .accounts()
        .sign_up(&guest, &anna, PASSWORD, Device::default());
    assert!(made.await.is_ok());
}
