//! What opens an account is replaced while somebody signs in with it: what was verified before lets nobody in after.

use backend::{Cost, Device, Error, SignedIn, Visitor};
use tokio::task::{JoinHandle, yield_now};

use crate::sign_in::{CHEAP, PASSWORD, anas_account, done, name};
use crate::world::TestBackend;

/// Passwords that are work for so long that something else is done meanwhile.
const DEAR: Cost = Cost {
    memory: 64 * 1024,
    passes: 3,
};

const ROUNDS: usize = 12;

/// Begins to sign in as Ana, and returns when the password is being verified.
async fn verifying(test: &TestBackend) -> JoinHandle<Result<SignedIn, Error>> {
    let before = test.accounts().password_runs();
    let backend = test.backend.clone();
    let came = tokio::spawn(async move {
        let name = name("ana");
        let came = backend
            .accounts()
            .sign_in(None, false, &name, PASSWORD, Device::default());
        came.await.map(done)
    });
    while test.accounts().password_runs() == before {
        yield_now().await;
    }
    came
}

#[track_caller]
fn nobody_came(test: &TestBackend, ana: &Visitor, came: Result<SignedIn, Error>) {
    if let Ok(signed_in) = &came {
        assert!(test.accounts().visitor(&signed_in.token).is_none());
    }
    assert!(came.is_err());
    let sessions = test.accounts().sessions(ana).into_iter();
    let others: Vec<_> = sessions.filter(|session| session.id != ana.session()).collect();
    assert!(others.is_empty(), "{others:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_password_that_is_reset_while_it_is_verified_lets_nobody_in() {
    for _ in 0..ROUNDS {
        let test = TestBackend::with(|config| config.cost = DEAR).await;
        let (_, ana) = anas_account(&test).await;
        let came = verifying(&test).await;
        test.admin().reset_password(ana.visitor.person()).await.unwrap();
        nobody_came(&test, &ana.visitor, came.await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_password_that_is_changed_while_it_is_verified_lets_nobody_in() {
    for _ in 0..ROUNDS {
        let test = TestBackend::with(|config| config.cost = DEAR).await;
        let (_, ana) = anas_account(&test).await;
        let before = test.accounts().password_runs();
        let (backend, me) = (test.backend.clone(), ana.visitor);
        let changed = tokio::spawn(async move {
            let change = backend.accounts().change_password(
                &me,
                PASSWORD,
                "eleven lamps on the sea",
                Device::default(),
            );
            change.await
        });
        // The old one was right; the new one is being hashed.
        while test.accounts().password_runs() < before + 2 {
            yield_now().await;
        }
        let came = verifying(&test).await;
        let new = changed.await.unwrap().unwrap();
        let came = came.await.unwrap();
        nobody_came(&test, &new.visitor, came);
        assert!(test.accounts().visitor(&new.token).is_some());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_is_suspended_and_let_in_again_while_they_sign_in_starts_again() {
    let test = TestBackend::with(|config| config.cost = DEAR).await;
    let (_, ana) = anas_account(&test).await;
    let came = verifying(&test).await;
    test.admin().suspend(None, ana.visitor.person()).await.unwrap();
    test.admin().resume(ana.visitor.person()).await.unwrap();
    nobody_came(&test, &ana.visitor, came.await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_app_that_is_set_up_while_a_password_is_verified_is_asked_for() {
    let test = TestBackend::with(|config| config.cost = CHEAP).await;
    let (_, ana) = anas_account(&test).await;
    let test = test.reopen(|config| config.cost = DEAR).await;
    test.mfa().begin_totp(&ana.visitor).await.unwrap();
    let code = test
        .mfa()
        .pending_totp(&ana.visitor)
        .unwrap()
        .code(test.backend.now());
    let came = verifying(&test).await;
    test.mfa().confirm_totp(&ana.visitor, &code).await.unwrap();
    nobody_came(&test, &ana.visitor, came.await.unwrap());
}
