//! The second step: codes of an authenticator app, recovery codes, and what a sign-in that is half done is worth.

use backend::{
    AuthError, Device, Error, Method, PendingSignIn, Reauth, SignIn, SignedIn, TotpSecret, Visitor,
};
use domain::Timestamp;

use crate::sign_in::{PASSWORD, anas_account, come, denied, done, name};
use crate::world::{Page, SHELL, TestBackend};

/// A step of the time that codes are of, in milliseconds.
const STEP: u64 = 30_000;

/// Ana's account with an authenticator app: her page as a guest, who she is, the app, and her recovery codes.
pub(crate) async fn anas_app(test: &TestBackend) -> (Page, SignedIn, TotpSecret, Vec<String>) {
    let (page, ana) = anas_account(test).await;
    let (app, codes) = set_up(test, &ana.visitor).await;
    (page, ana, app, codes)
}

async fn set_up(test: &TestBackend, visitor: &Visitor) -> (TotpSecret, Vec<String>) {
    test.mfa().begin_totp(visitor).await.unwrap();
    let app = test.mfa().pending_totp(visitor).unwrap();
    let code = app.code(test.backend.now());
    let codes = test.mfa().confirm_totp(visitor, &code).await.unwrap().unwrap();
    (app, codes.texts())
}

fn later(test: &TestBackend, milliseconds: u64) {
    test.config
        .clock
        .set(Timestamp(test.config.clock.now().0 + milliseconds));
}

/// The first step, which is right.
pub(crate) async fn half(test: &TestBackend, before: Option<&Visitor>) -> PendingSignIn {
    let name = name("ana");
    let came = test
        .accounts()
        .sign_in(before, before.is_some(), &name, PASSWORD, Device::default());
    match came.await.unwrap() {
        SignIn::Second(half) => half,
        SignIn::Done(_) => panic!("no code was asked for"),
    }
}

pub(crate) async fn second(test: &TestBackend, half: &PendingSignIn, code: &str) -> Result<SignedIn, Error> {
    test.mfa().second_step(half, code, Device::default()).await
}

async fn left(test: &TestBackend, visitor: &Visitor) -> Option<u64> {
    test.mfa()
        .sign_in_methods(visitor)
        .await
        .unwrap()
        .unwrap()
        .recovery
}

#[tokio::test]
async fn a_code_is_asked_for_after_the_password_and_taken_once() {
    let test = TestBackend::new().await;
    let (_, ana, app, _) = anas_app(&test).await;
    let before = test.accounts().sessions(&ana.visitor).len();
    later(&test, 2 * STEP);
    let code = app.code(test.backend.now());
    let half_in = half(&test, None).await;
    assert_eq!(test.mfa().pending_sign_in(&half_in).unwrap().1.as_str(), "ana");
    assert_eq!(
        test.accounts().sessions(&ana.visitor).len(),
        before,
        "there is no session yet"
    );
    let other = half(&test, None).await;
    let signed_in = second(&test, &half_in, &code).await.unwrap();
    assert_eq!(signed_in.visitor.person(), ana.visitor.person());
    assert_eq!(test.accounts().visitor(&signed_in.token), Some(signed_in.visitor));
    let sessions = test.accounts().sessions(&ana.visitor);
    assert!(
        sessions
            .iter()
            .any(|session| session.method == Method::PasswordAndCode)
    );
    denied(second(&test, &half_in, &code).await, AuthError::TooLate);
    denied(second(&test, &other, &code).await, AuthError::WrongCode);
    later(&test, STEP);
    assert!(second(&test, &other, &app.code(test.backend.now())).await.is_ok());
}

#[tokio::test]
async fn a_clock_may_be_off_by_one_step_and_no_more() {
    let test = TestBackend::new().await;
    let (_, _, app, _) = anas_app(&test).await;
    later(&test, 10 * STEP);
    let at = |steps: i64| Timestamp(test.backend.now().0.saturating_add_signed(steps * STEP as i64));
    let half_in = half(&test, None).await;
    for steps in [-2, 2] {
        denied(
            second(&test, &half_in, &app.code(at(steps))).await,
            AuthError::WrongCode,
        );
    }
    assert!(second(&test, &half_in, &app.code(at(-1))).await.is_ok());
    let half_in = half(&test, None).await;
    assert!(second(&test, &half_in, &app.code(at(1))).await.is_ok());
    // An earlier one is of no use any more, though it was never given.
    let half_in = half(&test, None).await;
    denied(
        second(&test, &half_in, &app.code(at(0))).await,
        AuthError::WrongCode,
    );
}

#[tokio::test]
async fn the_code_that_confirmed_the_app_signs_nobody_in() {
    let test = TestBackend::new().await;
    let (_, _, app, _) = anas_app(&test).await;
    let half_in = half(&test, None).await;
    denied(
        second(&test, &half_in, &app.code(test.backend.now())).await,
        AuthError::WrongCode,
    );
}

#[tokio::test]
async fn an_app_counts_once_it_was_confirmed_and_codes_are_made_the_first_time_only() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let me = &ana.visitor;
    denied(test.mfa().confirm_totp(me, "123456").await, AuthError::TooLate);
    test.mfa().begin_totp(me).await.unwrap();
    denied(test.mfa().confirm_totp(me, "12345").await, AuthError::WrongCode);
    assert_eq!(test.mfa().sign_in_methods(me).await.unwrap().unwrap().totp, None);
    assert!(come(&test, "ana", PASSWORD).await.map(done).is_ok());
    let (_, codes) = set_up(&test, me).await;
    assert_eq!((codes.len(), left(&test, me).await), (10, Some(10)));
    // Another app in place of the first.
    test.mfa().begin_totp(me).await.unwrap();
    let app = test.mfa().pending_totp(me).unwrap();
    let code = app.code(test.backend.now());
    assert!(test.mfa().confirm_totp(me, &code).await.unwrap().is_none());
    assert!(test.mfa().remove_totp(me).await.unwrap());
    assert!(!test.mfa().remove_totp(me).await.unwrap());
    assert_eq!(
        left(&test, me).await,
        None,
        "there is nothing left that they could stand in for"
    );
    assert!(come(&test, "ana", PASSWORD).await.map(done).is_ok());
    // What waits to be confirmed waits for ten minutes, in that session.
    test.mfa().begin_totp(me).await.unwrap();
    later(&test, 10 * 60_000);
    assert!(test.mfa().pending_totp(me).is_none());
}

#[tokio::test]
async fn a_recovery_code_stands_in_once_however_it_is_typed() {
    let test = TestBackend::new().await;
    let (_, ana, _, codes) = anas_app(&test).await;
    let [one, other, ..] = codes.as_slice() else {
        panic!("{}", codes.len())
    };
    let half_in = half(&test, None).await;
    let typed = one.to_uppercase().replace('-', " ");
    let signed_in = second(&test, &half_in, &typed).await.unwrap();
    assert_eq!(left(&test, &ana.visitor).await, Some(9));
    let sessions = test.accounts().sessions(&signed_in.visitor);
    assert!(
        sessions
            .iter()
            .any(|session| session.method == Method::PasswordAndRecovery)
    );
    let half_in = half(&test, None).await;
    denied(second(&test, &half_in, one).await, AuthError::WrongCode);
    denied(
        second(&test, &half_in, "abcd-efgh-jkmn-pqrs").await,
        AuthError::WrongCode,
    );
    assert!(second(&test, &half_in, other).await.is_ok());
    // New ones take the place of all of them.
    let new = test.mfa().renew_codes(&ana.visitor).await.unwrap().texts();
    assert_eq!(left(&test, &ana.visitor).await, Some(10));
    let half_in = half(&test, None).await;
    denied(
        second(&test, &half_in, codes.last().unwrap()).await,
        AuthError::WrongCode,
    );
    assert!(second(&test, &half_in, new.first().unwrap()).await.is_ok());
}

#[tokio::test]
async fn a_recovery_code_is_no_way_around_the_app_where_there_is_no_password() {
    let test = TestBackend::new().await;
    let (_, ana, app, codes) = anas_app(&test).await;
    let code = test
        .admin()
        .reset_password(SHELL, ana.visitor.person())
        .await
        .unwrap();
    for given in codes.iter().take(2) {
        denied(come(&test, "ana", given).await, AuthError::Wrong);
    }
    later(&test, 2 * STEP);
    let came = test.admin().use_reset(None, &code, PASSWORD, Device::default());
    let SignIn::Second(half_in) = came.await.unwrap() else {
        panic!("no code was asked for");
    };
    assert!(
        second(&test, &half_in, &app.code(test.backend.now()))
            .await
            .is_ok()
    );
    let half_in = half(&test, None).await;
    assert!(
        second(&test, &half_in, codes.first().unwrap()).await.is_ok(),
        "it was not used up"
    );
}

#[tokio::test]
async fn of_two_who_give_one_recovery_code_at_once_one_is_let_in() {
    let test = TestBackend::new().await;
    let (_, ana, _, codes) = anas_app(&test).await;
    for code in codes.iter().take(5) {
        let (one, other) = (half(&test, None).await, half(&test, None).await);
        let (one, other) = tokio::join!(second(&test, &one, code), second(&test, &other, code));
        assert_eq!(u8::from(one.is_ok()) + u8::from(other.is_ok()), 1);
    }
    assert_eq!(left(&test, &ana.visitor).await, Some(5));
}

#[tokio::test]
async fn of_two_who_give_one_code_of_the_app_at_once_one_is_let_in() {
    let test = TestBackend::new().await;
    let (_, _, app, _) = anas_app(&test).await;
    for _ in 0..5 {
        later(&test, 2 * STEP);
        let code = app.code(test.backend.now());
        let (one, other) = (half(&test, None).await, half(&test, None).await);
        let (one, other) = tokio::join!(second(&test, &one, &code), second(&test, &other, &code));
        assert_eq!(u8::from(one.is_ok()) + u8::from(other.is_ok()), 1);
    }
}

#[tokio::test]
async fn a_sign_in_that_is_half_done_ends_with_five_wrong_codes_with_time_and_with_another_password() {
    let test = TestBackend::new().await;
    let (_, ana, app, codes) = anas_app(&test).await;
    let half_in = half(&test, None).await;
    for _ in 0..4 {
        denied(second(&test, &half_in, "000000").await, AuthError::WrongCode);
    }
    denied(second(&test, &half_in, "not a code").await, AuthError::TooLate);
    denied(
        second(&test, &half_in, codes.first().unwrap()).await,
        AuthError::TooLate,
    );
    let half_in = half(&test, None).await;
    later(&test, 10 * 60_000);
    denied(
        second(&test, &half_in, &app.code(test.backend.now())).await,
        AuthError::TooLate,
    );
    let half_in = half(&test, None).await;
    let changed = test.accounts().change_password(
        &ana.visitor,
        PASSWORD,
        "eleven lamps on the sea",
        Device::default(),
    );
    changed.await.unwrap();
    denied(
        second(&test, &half_in, &app.code(test.backend.now())).await,
        AuthError::TooLate,
    );
}

#[tokio::test]
async fn what_a_guest_has_comes_along_with_the_second_step_and_not_before() {
    let test = TestBackend::new().await;
    let (_, ana, _, codes) = anas_app(&test).await;
    let mut guest = test.page("guest");
    guest.add("Rope").await;
    let half_in = half(&test, Some(&guest.visitor)).await;
    let lists = async || test.lists().overview(&ana.visitor).await.unwrap().lists.len();
    denied(second(&test, &half_in, "000000").await, AuthError::WrongCode);
    assert_eq!(
        (lists().await, test.accounts().has_ended(&guest.visitor)),
        (1, false)
    );
    second(&test, &half_in, codes.first().unwrap()).await.unwrap();
    assert_eq!(
        (lists().await, test.accounts().has_ended(&guest.visitor)),
        (2, true)
    );
}

#[tokio::test]
async fn an_account_that_is_made_twice_by_one_form_is_no_way_around_the_code() {
    let test = TestBackend::new().await;
    let (_, _, _, _) = anas_app(&test).await;
    let again = test.page("again").visitor;
    let name = name("ana");
    let again = test
        .accounts()
        .sign_up(&again, &name, PASSWORD, Device::default());
    denied(again.await, AuthError::NameTaken);
}

#[tokio::test]
async fn who_has_just_signed_in_or_given_the_password_has_proved_who_they_are_for_ten_minutes() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let me = &ana.visitor;
    assert_eq!(test.mfa().reauth(me), Some(Reauth::Password));
    later(&test, 10 * 60_000);
    assert_eq!(test.mfa().reauth(me), None);
    denied(
        test.mfa().reauth_with_password(me, "not this one").await,
        AuthError::WrongPassword,
    );
    assert_eq!(test.mfa().reauth(me), None);
    test.mfa().reauth_with_password(me, PASSWORD).await.unwrap();
    assert_eq!(test.mfa().reauth(me), Some(Reauth::Password));
    later(&test, 10 * 60_000);
    assert_eq!(test.mfa().reauth(me), None);
    assert_eq!(test.mfa().reauth(&test.page("guest").visitor), None);
}

#[tokio::test]
async fn the_operator_can_take_every_factor_away_and_what_counts_survives_a_restart() {
    let test = TestBackend::new().await;
    let (_, ana, app, codes) = anas_app(&test).await;
    let test = test.reopen(|_| {}).await;
    later(&test, 2 * STEP);
    let half_in = half(&test, None).await;
    assert!(
        second(&test, &half_in, &app.code(test.backend.now()))
            .await
            .is_ok()
    );
    let half_in = half(&test, None).await;
    let person = ana.visitor.person();
    assert!(test.mfa().remove_all(SHELL, person).await.unwrap());
    denied(
        second(&test, &half_in, codes.first().unwrap()).await,
        AuthError::TooLate,
    );
    assert!(come(&test, "ana", PASSWORD).await.map(done).is_ok());
    assert!(!test.mfa().remove_all(SHELL, person).await.unwrap());
    denied(test.mfa().renew_codes(&ana.visitor).await, AuthError::NoFactor);
}

#[tokio::test]
async fn a_new_password_by_a_link_does_not_go_around_the_second_factor_nor_does_a_half_one_outlive_it() {
    let test = TestBackend::new().await;
    let (_, ana, app, _) = anas_app(&test).await;
    let person = ana.visitor.person();
    later(&test, 2 * STEP);
    let half_in = half(&test, None).await;
    let code = test.admin().reset_password(SHELL, person).await.unwrap();
    denied(
        second(&test, &half_in, &app.code(test.backend.now())).await,
        AuthError::TooLate,
    );
    let new = "eleven lamps on the sea";
    let came = test.admin().use_reset(None, &code, new, Device::default()).await;
    let SignIn::Second(half_in) = came.unwrap() else {
        panic!("no code was asked for");
    };
    assert!(test.accounts().sessions(&ana.visitor).is_empty());
    let entered = second(&test, &half_in, &app.code(test.backend.now())).await;
    assert_eq!(entered.unwrap().visitor.person(), person);
}

#[tokio::test]
async fn an_account_is_deleted_with_every_factor_and_all_that_is_kept_of_it() {
    let test = TestBackend::new().await;
    let (_, ana, _, _) = anas_app(&test).await;
    let person = ana.visitor.person();
    let half_in = half(&test, None).await;
    test.admin().reset_password(SHELL, person).await.unwrap();
    test.accounts()
        .depart(SHELL, person, &Default::default())
        .await
        .unwrap();
    assert!(test.mfa().pending_sign_in(&half_in).is_none());
    for table in [
        "select count(*) from totp where person_id = $1",
        "select count(*) from recovery_codes where person_id = $1",
        "select count(*) from password_resets where person_id = $1",
        "select count(*) from sessions where person_id = $1",
    ] {
        assert_eq!(test.count(table, person.as_bytes()).await, 0, "{table}");
    }
    test.sound().await;
}
