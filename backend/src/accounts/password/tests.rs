//! Which passwords are good, what is kept of them, and who may have them worked on.

use std::net::IpAddr;

use super::*;
use crate::fair_queue::Turn;
use crate::{AccountName, Backend, Config, Device, Visitor, from_address};

const CHEAP: Cost = Cost { memory: 8, passes: 1 };

const SERVER: Share = Share {
    address: None,
    subject: None,
};

#[track_caller]
fn check(password: &str, comes_to: Result<(), AuthError>) {
    assert_eq!(
        Password::new(password).is_good_for("ana@example.org"),
        comes_to,
        "{password}"
    );
}

#[test]
fn what_everybody_tries_first_is_no_password_and_there_is_no_rule_beside() {
    for common in [
        "password",
        "Password1",
        "12345678",
        "qwertyuiop",
        "iloveyou",
        "aaaaaaaa",
        "abcdefgh",
        "ana@example.org",
        "sunshine",
        "football1",
        "P@ssw0rd",
        "tandemtandem",
    ] {
        check(common, Err(AuthError::PasswordCommon));
    }
    check("7chars!", Err(AuthError::PasswordTooShort));
    check(&"ü".repeat(513), Err(AuthError::PasswordTooLong));
    for good in [
        "correct horse battery staple",
        "kühlschrank im garten",
        "nine lamps",
        "xk2v9qpw",
    ] {
        check(good, Ok(()));
    }
    check(&"long and longer ".repeat(8), Ok(()));
    // A part that is hard to guess is enough, wherever it is.
    check(&format!("{}{}", "a".repeat(400), "nine lamps at sea"), Ok(()));
    check(&"a".repeat(1_000), Err(AuthError::PasswordCommon));
}

#[test]
fn of_a_long_password_both_ends_are_looked_at() {
    let (begin, end) = ("ä".repeat(LOOKED_AT), "ö".repeat(LOOKED_AT));
    assert_eq!(ends(&begin), (begin.as_str(), None));
    let both = format!("{begin}-{end}");
    assert_eq!(ends(&both), (begin.as_str(), Some(end.as_str())));
    assert_eq!(ends(""), ("", None));
}

#[test]
fn no_password_takes_long_to_rate() {
    for part in ["aA1!", "p@$$w0rd", "4@8({[<369", "correct horse "] {
        let password = Password::new(&part.repeat(1_000).chars().take(900).collect::<String>());
        let began = std::time::Instant::now();
        let rated = password.is_good_for("ana@example.org");
        let took = began.elapsed();
        println!("{part:?}: {rated:?} after {took:?}");
        // It was a second and more, of which a debug build makes ten.
        assert!(took < std::time::Duration::from_millis(500), "{part:?}");
    }
}

#[tokio::test]
async fn a_password_is_right_or_wrong_and_hashed_anew_where_the_work_has_become_more() {
    let passwords = Passwords::new(CHEAP);
    let typed = || Password::new("Zoe\u{308} rides a bicycle");
    let kept = passwords.hash(typed()).await.unwrap();
    assert!(kept.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{kept}");
    let tried = passwords
        .verify("ana", Password::new("Zoë rides a bicycle"), Some(kept.clone()))
        .await;
    assert!(matches!(tried, Ok(Tried::Right)));
    let tried = passwords
        .verify("ana", Password::new("zoë rides a bicycle"), Some(kept.clone()))
        .await;
    assert!(matches!(tried, Ok(Tried::Wrong)));
    assert!(matches!(
        passwords.verify("ana", typed(), None).await,
        Ok(Tried::Wrong)
    ));
    assert_eq!(passwords.runs(), 4);
    let dearer = Passwords::new(Cost {
        memory: 16,
        passes: 1,
    });
    let Ok(Tried::Again(again)) = dearer.verify("ana", typed(), Some(kept)).await else {
        panic!("it should be hashed anew")
    };
    assert!(again.starts_with("$argon2id$v=19$m=16,t=1,p=1$"), "{again}");
    assert!(matches!(
        dearer.verify("ana", typed(), Some(again)).await,
        Ok(Tried::Right)
    ));
}

#[tokio::test]
async fn those_who_would_wait_for_too_long_are_told_when_to_come_back() {
    let passwords = Passwords::new(CHEAP);
    let turns = all_turns(&passwords).await;
    let mut waiting: Vec<_> = (0..PLACES.waiting)
        .map(|_| Box::pin(passwords.hash(Password::new("nine lamps"))))
        .collect();
    for one in &mut waiting {
        assert!(asked_once(one).await.is_none());
    }
    let refused = passwords.hash(Password::new("nine lamps")).await;
    assert!(matches!(
        refused,
        Err(Error::Auth(AuthError::Busy { seconds: 5 }))
    ));
    drop(waiting.pop());
    let mut one = Box::pin(passwords.hash(Password::new("nine lamps")));
    assert!(asked_once(&mut one).await.is_none(), "there is a place again");
    drop(turns);
    // First come, first served.
    for one in waiting.into_iter().chain([one]) {
        assert!(one.await.is_ok());
    }
}

/// Every turn that there is.
async fn all_turns(passwords: &Passwords) -> [Turn; 2] {
    let turn = async || passwords.queue.turn(SERVER).await.unwrap();
    [turn().await, turn().await]
}

/// What comes of a future that is asked once.
async fn asked_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match std::pin::Pin::new(&mut *future).poll(context) {
            std::task::Poll::Ready(done) => Some(done),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

/// A backend of its own.
async fn backend(folder: &tempfile::TempDir) -> Backend {
    let mut config = Config::new(format!("sqlite:{}", folder.path().join("tandem.db").display()));
    config.cost = CHEAP;
    Backend::open(config).await.unwrap()
}

/// What comes of three who give a name from three addresses, while nobody has a turn: whether each is told to come back.
async fn three_at_once(backend: &Backend, name: &str, password: &str) -> Vec<bool> {
    let passwords = &backend.inner.passwords;
    let working = all_turns(passwords).await;
    let mut tried = Vec::new();
    for last in 1..=3 {
        let (backend, name, password) = (
            backend.clone(),
            AccountName::parse(name).unwrap(),
            password.to_owned(),
        );
        let address = IpAddr::from([192, 0, 2, last]);
        let waiting = passwords.queue.waiting();
        let one = tokio::spawn(from_address(address, async move {
            let signed_in = backend
                .accounts()
                .sign_in(None, false, &name, &password, Device::default());
            matches!(signed_in.await, Err(Error::Auth(AuthError::Busy { .. })))
        }));
        while passwords.queue.waiting() == waiting && !one.is_finished() {
            tokio::task::yield_now().await;
        }
        tried.push(one);
    }
    drop(working);
    let mut busy = Vec::new();
    for one in tried {
        busy.push(one.await.unwrap());
    }
    busy
}

#[tokio::test]
async fn being_told_to_come_back_says_nothing_of_who_has_an_account() {
    let folder = tempfile::tempdir().unwrap();
    let backend = backend(&folder).await;
    let guest = Visitor::from_token(&[7; 32]);
    let ana = AccountName::parse("ana").unwrap();
    let signed_up = backend
        .accounts()
        .sign_up(&guest, &ana, "nine lamps over the quay", Device::default());
    signed_up.await.unwrap();
    for name in ["ana", "nobody"] {
        for password in ["not this one", "ABCD-EFGH-JKMN-PQRS"] {
            assert_eq!(
                three_at_once(&backend, name, password).await,
                [false, false, true],
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn who_gives_codes_for_one_name_takes_nothing_from_those_who_give_them_for_another() {
    let passwords = Passwords::new(CHEAP);
    let working = all_turns(&passwords).await;
    let code = || vec![Code::new().unwrap()];
    // As for people who have no codes, or are nobody: without a salt of their own.
    let mut waiting = Vec::new();
    for name in ["ana", "ana", "ben", "ben"] {
        let mut one = Box::pin(passwords.stretch(name, code(), [0; 16]));
        assert!(asked_once(&mut one).await.is_none(), "{name}");
        waiting.push(one);
    }
    let third = passwords.stretch("ana", code(), [1; 16]).await;
    assert!(matches!(third, Err(Error::Auth(AuthError::Busy { .. }))));
    drop(working);
    for one in waiting {
        assert!(one.await.is_ok());
    }
}
