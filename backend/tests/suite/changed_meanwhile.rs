//! What opens an account is replaced while somebody signs in with it: what was verified before lets nobody in after.

use backend::{AuthError, Cost, Device, Error, OidcIdentity, Reauth, SignIn, SignedIn, Visitor};
use domain::Timestamp;
use tokio::task::{JoinHandle, yield_now};

use crate::factors::{anas_app, half, second};
use crate::passkeys::{add, enter, here};
use crate::sign_in::{PASSWORD, anas_account, denied, name, sign_in};
use crate::world::{SHELL, TestBackend};

/// Passwords that are work for so long that something else is done meanwhile.
const DEAR: Cost = Cost {
    memory: 64 * 1024,
    passes: 3,
};

const ROUNDS: usize = 12;

/// Begins to sign in as Ana, and returns when the password is being verified. Nobody has signed in yet who is asked for a code.
async fn verifying(test: &TestBackend) -> JoinHandle<Result<Option<SignedIn>, Error>> {
    let before = test.accounts().password_runs();
    let backend = test.backend.clone();
    let came = tokio::spawn(async move {
        let name = name("ana");
        let came = backend
            .accounts()
            .sign_in(None, false, &name, PASSWORD, Device::default());
        came.await.map(|came| match came {
            SignIn::Done(signed_in) => Some(signed_in),
            SignIn::Second(_) => None,
        })
    });
    while test.accounts().password_runs() == before {
        yield_now().await;
    }
    came
}

#[track_caller]
fn nobody_came(test: &TestBackend, ana: &Visitor, came: Result<Option<SignedIn>, Error>) {
    assert!(!matches!(came, Ok(Some(_))));
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
        test.admin()
            .reset_password(SHELL, ana.visitor.person())
            .await
            .unwrap();
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
        // Whoever came before the change is out again, and nobody came after it.
        if let Ok(Some(signed_in)) = came.await.unwrap() {
            assert!(test.accounts().visitor(&signed_in.token).is_none());
        }
        let sessions = test.accounts().sessions(&new.visitor);
        assert_eq!(sessions.len(), 1, "{sessions:?}");
        assert!(test.accounts().visitor(&new.token).is_some());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_is_suspended_and_let_in_again_while_they_sign_in_starts_again() {
    let test = TestBackend::with(|config| config.cost = DEAR).await;
    let (_, ana) = anas_account(&test).await;
    let came = verifying(&test).await;
    test.admin().suspend(SHELL, ana.visitor.person()).await.unwrap();
    test.admin().resume(SHELL, ana.visitor.person()).await.unwrap();
    nobody_came(&test, &ana.visitor, came.await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_app_that_is_set_up_while_a_password_is_verified_is_asked_for() {
    let test = TestBackend::with(|config| config.cost = DEAR).await;
    let (_, ana) = anas_account(&test).await;
    let came = verifying(&test).await;
    // Setting one up makes codes, which takes longer than what is verified meanwhile. A code is asked for, or it is begun again.
    test.behind_its_back("insert into totp (person_id, secret, made_at, last_step) select person_id, zeroblob(20), 0, 0 from accounts")
        .await;
    nobody_came(&test, &ana.visitor, came.await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_password_with_more_work_is_no_other_password() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let test = test.reopen(|config| config.cost = DEAR).await;
    // Both make it anew, and both are in.
    let (one, other) = tokio::join!(sign_in(&test, "ana", PASSWORD), sign_in(&test, "ana", PASSWORD));
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(test.accounts().sessions(&ana.visitor).len(), 3);
}

#[tokio::test]
async fn half_a_sign_in_does_not_outlive_what_opened_the_account() {
    let test = TestBackend::new().await;
    let (_, ana, app, _) = anas_app(&test).await;
    test.config.clock.set(Timestamp(test.backend.now().0 + 60_000));
    let half_in = half(&test, None).await;
    let identity = OidcIdentity {
        issuer: "https://id.example.org".to_owned(),
        subject: "1".to_owned(),
        name: "ana".to_owned(),
        is_operator: false,
    };
    test.accounts()
        .link_identity(&ana.visitor, &identity)
        .await
        .unwrap();
    let code = app.code(test.backend.now());
    denied(second(&test, &half_in, &code).await, AuthError::TooLate);
    // The code was not used up by it.
    let half_in = half(&test, None).await;
    assert!(second(&test, &half_in, &code).await.is_ok());
}

#[tokio::test]
async fn an_app_that_was_being_set_up_is_begun_again_when_the_operator_took_all_factors_away() {
    let test = TestBackend::new().await;
    let (_, ana, _, _) = anas_app(&test).await;
    test.mfa().begin_totp(&ana.visitor).await.unwrap();
    let code = test
        .mfa()
        .pending_totp(&ana.visitor)
        .unwrap()
        .code(test.backend.now());
    let person = ana.visitor.person();
    assert!(test.mfa().remove_all(SHELL, person).await.unwrap());
    denied(
        test.mfa().confirm_totp(&ana.visitor, &code).await,
        AuthError::TooLate,
    );
    // Nor does a session go on as proved that may have been opened by what is gone.
    assert_eq!(test.mfa().reauth(&ana.visitor), None);
    test.mfa()
        .reauth_with_password(&ana.visitor, PASSWORD)
        .await
        .unwrap();
    assert_eq!(test.mfa().reauth(&ana.visitor), Some(Reauth::Password));
}

#[tokio::test]
async fn a_passkey_that_is_taken_away_proves_nothing_more_in_another_session() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let mut stolen = add(&test, &ana.visitor, &here()).await;
    let thief = enter(&test, &mut stolen).await.unwrap().visitor;
    assert_eq!(test.mfa().reauth(&thief), Some(Reauth::Passkey));
    let ways = test.mfa().sign_in_methods(&ana.visitor).await.unwrap();
    let id = ways.unwrap().passkeys.first().unwrap().id;
    assert!(test.mfa().remove_passkey(&ana.visitor, id).await.unwrap());
    assert_eq!(test.mfa().reauth(&thief), None);
    denied(
        test.accounts()
            .change_password(&thief, "", "a goose on the roof", Device::default())
            .await,
        AuthError::WrongPassword,
    );
    // Who has taken it away is who they were.
    assert_eq!(test.mfa().reauth(&ana.visitor), Some(Reauth::Password));
    let later = sign_in(&test, "ana", PASSWORD).await.unwrap();
    let now = Timestamp(test.backend.now().0 + 1);
    test.config.clock.set(now);
    let again = sign_in(&test, "ana", PASSWORD).await.unwrap();
    // In the same moment nobody can tell which came first.
    assert_eq!(test.mfa().reauth(&later.visitor), None);
    assert_eq!(test.mfa().reauth(&again.visitor), Some(Reauth::Password));
}
