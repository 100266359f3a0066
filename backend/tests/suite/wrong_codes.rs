//! Tries at the codes of an authenticator app, by who knows the password.

use backend::{AuthError, Device, Error, SignIn};

use crate::factors::{STEP, anas_app, half, later, second};
use crate::sign_in::{PASSWORD, denied, name};
use crate::world::TestBackend;

#[tokio::test]
async fn wrong_codes_have_an_end_and_the_owner_is_told() {
    let test = TestBackend::new().await;
    let (_, ana, app, codes) = anas_app(&test).await;
    later(&test, 2 * STEP);
    // Her own slip is no news.
    let own = half(&test, None).await;
    denied(second(&test, &own, "000000").await, AuthError::WrongCode);
    assert!(second(&test, &own, &app.code(test.backend.now())).await.is_ok());
    assert_eq!(test.mfa().wrong_codes(&ana.visitor).await.unwrap(), None);
    later(&test, 2 * STEP);
    // Somebody who knows the password guesses, each time anew.
    let guess = |many: usize| {
        let test = &test;
        async move {
            for _ in 0..many {
                let half_in = half(test, None).await;
                denied(second(test, &half_in, "000000").await, AuthError::WrongCode);
            }
        }
    };
    guess(10).await;
    let right = app.code(test.backend.now());
    let half_in = half(&test, None).await;
    denied(
        second(&test, &half_in, &right).await,
        AuthError::CodesClosed { hours: 1 },
    );
    let told = test.mfa().wrong_codes(&ana.visitor).await.unwrap().unwrap();
    assert_eq!((told.count, told.at), (10, test.backend.now()));
    // The owner still comes in by another way.
    let recovered = half(&test, None).await;
    assert!(second(&test, &recovered, codes.first().unwrap()).await.is_ok());
    // The next ten close it for longer.
    later(&test, 60 * 60 * 1_000);
    guess(10).await;
    let half_in = half(&test, None).await;
    denied(
        second(&test, &half_in, "000000").await,
        AuthError::CodesClosed { hours: 2 },
    );
    // Another password ends it: whoever guessed does not know that one.
    let changed = test
        .accounts()
        .change_password(&ana.visitor, PASSWORD, "another long phrase", Device::default())
        .await
        .unwrap();
    assert_eq!(test.mfa().wrong_codes(&changed.visitor).await.unwrap(), None);
    let ana_again = name("ana");
    let came = test
        .accounts()
        .sign_in(None, false, &ana_again, "another long phrase", Device::default());
    let SignIn::Second(half_in) = came.await.unwrap() else {
        panic!("no code was asked for");
    };
    assert!(
        second(&test, &half_in, &app.code(test.backend.now()))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn of_many_codes_at_once_each_is_counted_before_the_next_is_looked_at() {
    let test = TestBackend::new().await;
    let (_, ana, _, _) = anas_app(&test).await;
    later(&test, 2 * STEP);
    let mut halves = Vec::new();
    for _ in 0..15 {
        halves.push(half(&test, None).await);
    }
    let tries = halves.into_iter().map(|half_in| {
        let backend = test.backend.clone();
        tokio::spawn(async move {
            backend
                .mfa()
                .second_step(&half_in, "000000", Device::default())
                .await
        })
    });
    let tries: Vec<_> = tries.collect();
    let mut closed = 0;
    for tried in tries {
        closed += usize::from(matches!(
            tried.await.unwrap(),
            Err(Error::Auth(AuthError::CodesClosed { .. }))
        ));
    }
    assert_eq!(closed, 5);
    assert_eq!(
        test.mfa().wrong_codes(&ana.visitor).await.unwrap().unwrap().count,
        10
    );
}

#[tokio::test]
async fn wrong_recovery_codes_of_the_owner_hide_no_wrong_codes_of_the_app_that_others_gave() {
    let test = TestBackend::new().await;
    let (_, ana, app, _) = anas_app(&test).await;
    later(&test, 2 * STEP);
    let others = half(&test, None).await;
    for _ in 0..3 {
        denied(second(&test, &others, "000000").await, AuthError::WrongCode);
    }
    let own = half(&test, None).await;
    for given in ["abcd-efgh-jkmn-pqrs", "no code at all", "000000"] {
        denied(second(&test, &own, given).await, AuthError::WrongCode);
    }
    let right = app.code(test.backend.now());
    assert!(second(&test, &own, &right).await.is_ok());
    // Of her own one was a code of the app.
    let told = test.mfa().wrong_codes(&ana.visitor).await.unwrap();
    assert_eq!(told.map(|told| told.count), Some(3));
}
