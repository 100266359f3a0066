//! Passkeys: made, used, and everything that must not count as one.

use backend::{AuthError, Device, Error, Method, Reauth, RelyingParty, SignIn, SignedIn, Visitor};
use domain::{PersonName, Timestamp};
use serde_json::Value;

use crate::authenticator::Authenticator;
use crate::sign_in::{PASSWORD, anas_account, come, denied, done, name};
use crate::world::{TestBackend, visitor};

fn site(host: &str) -> RelyingParty {
    RelyingParty::new(host, true).unwrap()
}

pub(crate) fn here() -> RelyingParty {
    site("tandem.example")
}

fn called(text: &str) -> PersonName {
    PersonName::parse(text).unwrap()
}

pub(crate) async fn add(test: &TestBackend, me: &Visitor, site: &RelyingParty) -> Authenticator {
    let asked = test.mfa().begin_passkey(me, site).await.unwrap();
    let (authenticator, answer) = Authenticator::create(&asked.options, site.origin());
    finish(test, me, &asked.key, &answer).await.unwrap();
    authenticator
}

pub(crate) async fn finish(test: &TestBackend, me: &Visitor, key: &str, answer: &Value) -> Result<(), Error> {
    let finish = test
        .mfa()
        .finish_passkey(me, key, answer, called("Key"), Device::default());
    finish.await.map(drop)
}

/// Signs in with what the authenticator answers, from a browser of its own.
pub(crate) async fn enter(test: &TestBackend, authenticator: &mut Authenticator) -> Result<SignedIn, Error> {
    let guest = visitor("a browser");
    let asked = test.mfa().ask_passkey(&guest, &here()).unwrap();
    let answer = authenticator.answer(&asked.options);
    let entered = test
        .mfa()
        .sign_in_with_passkey(&guest, false, &asked.key, &answer, Device::default());
    entered.await
}

#[tokio::test]
async fn a_passkey_signs_in_without_a_name_and_counts_as_both_factors() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let asked = test.mfa().begin_passkey(&ana.visitor, &here()).await.unwrap();
    let option = |path: &str| asked.options.pointer(path).unwrap();
    assert_eq!(option("/user/name"), "ana");
    assert_eq!(option("/rp/id"), "tandem.example");
    let selection = "/authenticatorSelection";
    assert_eq!(option(&format!("{selection}/userVerification")), "required");
    assert_eq!(option(&format!("{selection}/residentKey")), "required");
    // What few authenticators know must not keep the others out.
    let enforces = asked
        .options
        .pointer("/extensions/enforceCredentialProtectionPolicy");
    assert_ne!(enforces, Some(&Value::Bool(true)));
    let (mut key, answer) = Authenticator::create(&asked.options, here().origin());
    let made = test
        .mfa()
        .finish_passkey(
            &ana.visitor,
            &asked.key,
            &answer,
            called("Phone"),
            Device::default(),
        )
        .await
        .unwrap();
    assert_eq!(made.codes.unwrap().texts().len(), 10);
    let again = test.mfa().begin_passkey(&ana.visitor, &here()).await.unwrap();
    assert_eq!(
        again.options.pointer("/excludeCredentials/0/id"),
        answer.pointer("/rawId")
    );
    test.config.clock.set(Timestamp(test.backend.now().0 + 7));
    let signed_in = enter(&test, &mut key).await.unwrap();
    assert_eq!(signed_in.visitor.person(), ana.visitor.person());
    assert_eq!(signed_in.visitor.first_list(), ana.visitor.first_list());
    assert_eq!(test.mfa().reauth(&signed_in.visitor), Some(Reauth::Passkey));
    let ways = test.mfa().sign_in_methods(&ana.visitor).await.unwrap().unwrap();
    let [passkey] = ways.passkeys.as_slice() else {
        panic!("{ways:?}")
    };
    assert_eq!((&*passkey.name, &*passkey.host), ("Phone", "tandem.example"));
    assert_eq!(passkey.used, Some(test.backend.now()));
    // One more makes no codes, and a password alone still lets in: it is the app's code that is asked for after it.
    add(&test, &ana.visitor, &here()).await;
    assert!(come(&test, "ana", PASSWORD).await.map(done).is_ok());
    let test = test.reopen(|_| {}).await;
    assert!(enter(&test, &mut key).await.is_ok());
}

#[tokio::test]
async fn a_passkey_that_counts_backwards_is_refused_and_one_that_does_not_count_is_not() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let mut key = add(&test, &ana.visitor, &here()).await;
    let mut copy = key.clone();
    assert!(enter(&test, &mut key).await.is_ok());
    let person = ana.visitor.person();
    denied(enter(&test, &mut copy).await, AuthError::PasskeyCopied(person));
    copy.counter = 0;
    denied(enter(&test, &mut copy).await, AuthError::PasskeyCopied(person));
    assert!(enter(&test, &mut key).await.is_ok());
    let asked = test.mfa().begin_passkey(&ana.visitor, &here()).await.unwrap();
    let (mut still, _) = Authenticator::create(&asked.options, here().origin());
    still.counter = 0;
    let challenge = asked.options.pointer("/challenge").unwrap().as_str().unwrap();
    finish(&test, &ana.visitor, &asked.key, &still.created(challenge))
        .await
        .unwrap();
    for _ in 0..2 {
        assert!(enter(&test, &mut still).await.is_ok());
    }
}

#[tokio::test]
async fn an_answer_counts_only_for_this_host_from_this_origin_with_its_person_verified() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let key = add(&test, &ana.visitor, &here()).await;
    let spoil: [fn(&mut Authenticator); 5] = [
        |key| key.origin = "https://evil.example".to_owned(),
        |key| key.origin = "http://tandem.example".to_owned(),
        |key| key.origin = "https://tandem.example:8443".to_owned(),
        |key| key.host = "evil.example".to_owned(),
        // Somebody is there, and it does not know who.
        |key| key.flags = 1,
    ];
    for (number, spoil) in spoil.into_iter().enumerate() {
        let mut spoiled = key.clone();
        spoil(&mut spoiled);
        let entered = enter(&test, &mut spoiled).await;
        assert!(
            matches!(entered, Err(Error::Auth(AuthError::PasskeyWrong))),
            "{number}"
        );
        let asked = test.mfa().begin_passkey(&ana.visitor, &here()).await.unwrap();
        let (mut made, _) = Authenticator::create(&asked.options, here().origin());
        spoil(&mut made);
        let challenge = asked.options.pointer("/challenge").unwrap().as_str().unwrap();
        let finished = finish(&test, &ana.visitor, &asked.key, &made.created(challenge)).await;
        assert!(
            matches!(finished, Err(Error::Auth(AuthError::PasskeyUnfit))),
            "{number}"
        );
    }
    // One that was made under another name of this server is not known under this one.
    let mut elsewhere = add(&test, &ana.visitor, &site("other.example")).await;
    elsewhere.host = "tandem.example".to_owned();
    elsewhere.origin = here().origin().to_owned();
    denied(enter(&test, &mut elsewhere).await, AuthError::PasskeyUnknown);
    assert!(
        enter(&test, &mut key.clone()).await.is_ok(),
        "and nothing of this has done it harm"
    );
}

#[tokio::test]
async fn a_challenge_is_answered_once_in_time_and_by_the_browser_that_it_was_for() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let mut key = add(&test, &ana.visitor, &here()).await;
    let guest = visitor("a browser");
    let enter = async |who: &Visitor, asked: &str, answer: &Value| {
        let entered = test
            .mfa()
            .sign_in_with_passkey(who, false, asked, answer, Device::default());
        entered.await
    };
    let asked = test.mfa().ask_passkey(&guest, &here()).unwrap();
    let answer = key.answer(&asked.options);
    denied(
        enter(&visitor("another"), &asked.key, &answer).await,
        AuthError::TooLate,
    );
    denied(enter(&guest, &asked.key, &answer).await, AuthError::TooLate);
    let asked = test.mfa().ask_passkey(&guest, &here()).unwrap();
    // The answer to another question.
    denied(enter(&guest, &asked.key, &answer).await, AuthError::PasskeyWrong);
    let asked = test.mfa().ask_passkey(&guest, &here()).unwrap();
    let answer = key.answer(&asked.options);
    assert!(enter(&guest, &asked.key, &answer).await.is_ok());
    denied(enter(&guest, &asked.key, &answer).await, AuthError::TooLate);
    let asked = test.mfa().ask_passkey(&guest, &here()).unwrap();
    test.config
        .clock
        .set(Timestamp(test.backend.now().0 + 5 * 60_000));
    let answer = key.answer(&asked.options);
    denied(enter(&guest, &asked.key, &answer).await, AuthError::TooLate);
    let me = &ana.visitor;
    let asked = test.mfa().begin_passkey(me, &here()).await.unwrap();
    let (_, answer) = Authenticator::create(&asked.options, here().origin());
    finish(&test, me, &asked.key, &answer).await.unwrap();
    denied(finish(&test, me, &asked.key, &answer).await, AuthError::TooLate);
    for nonsense in [
        Value::Null,
        Value::from("x"),
        serde_json::json!({ "response": {} }),
    ] {
        let asked = test.mfa().begin_passkey(me, &here()).await.unwrap();
        denied(
            finish(&test, me, &asked.key, &nonsense).await,
            AuthError::PasskeyUnfit,
        );
        let asked = test.mfa().ask_passkey(&guest, &here()).unwrap();
        denied(
            enter(&guest, &asked.key, &nonsense).await,
            AuthError::PasskeyWrong,
        );
    }
}

#[tokio::test]
async fn a_passkey_proves_its_own_person_and_lets_them_choose_a_password_they_have_forgotten() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let mut key = add(&test, &ana.visitor, &here()).await;
    let bob = test.page("bob").visitor;
    let bob = test
        .accounts()
        .sign_up(&bob, &name("bob"), PASSWORD, Device::default())
        .await
        .unwrap();
    let mut bobs = add(&test, &bob.visitor, &here()).await;
    let me = &ana.visitor;
    test.config
        .clock
        .set(Timestamp(test.backend.now().0 + 10 * 60_000));
    let prove = async |key: &mut Authenticator| {
        let asked = test.mfa().ask_passkey(me, &here()).unwrap();
        let answer = key.answer(&asked.options);
        test.mfa().reauth_with_passkey(me, &asked.key, &answer).await
    };
    denied(prove(&mut bobs).await, AuthError::PasskeyOfAnother);
    assert_eq!(test.mfa().reauth(me), None);
    let change = || {
        test.accounts()
            .change_password(me, "forgotten", "eleven lamps on the sea", Device::default())
    };
    denied(change().await, AuthError::WrongPassword);
    prove(&mut key).await.unwrap();
    assert_eq!(test.mfa().reauth(me), Some(Reauth::Passkey));
    assert!(change().await.is_ok());
    assert!(come(&test, "ana", "eleven lamps on the sea").await.is_ok());
}

#[tokio::test]
async fn an_account_can_have_a_passkey_and_no_password() {
    let test = TestBackend::new().await;
    let mut guest = test.page("ana");
    guest.add("Oats").await;
    let asked = test
        .mfa()
        .begin_passkey_sign_up(&guest.visitor, &name("ana"), &here())
        .await
        .unwrap();
    let (mut key, answer) = Authenticator::create(&asked.options, here().origin());
    let made = test
        .mfa()
        .finish_passkey(
            &guest.visitor,
            &asked.key,
            &answer,
            called("Key"),
            Device::default(),
        )
        .await
        .unwrap();
    let (me, codes) = (made.signed_in.unwrap().visitor, made.codes.unwrap().texts());
    assert_eq!(me.person(), guest.visitor.person());
    assert!(test.accounts().has_ended(&guest.visitor));
    let sign_in = async |password: &str| come(&test, "ana", password).await;
    for wrong in ["", PASSWORD, "123456", "abcd-efgh-jkmn-pqrs"] {
        denied(sign_in(wrong).await, AuthError::Wrong);
    }
    assert_eq!(
        enter(&test, &mut key).await.unwrap().visitor.person(),
        me.person()
    );
    let other = test.page("other").visitor;
    denied(
        test.mfa()
            .begin_passkey_sign_up(&other, &name("Ana"), &here())
            .await,
        AuthError::NameTaken,
    );
    denied(test.mfa().confirm_totp(&me, "123456").await, AuthError::TooLate);
    test.mfa().begin_totp(&me).await.unwrap();
    let code = test.mfa().pending_totp(&me).unwrap().code(test.backend.now());
    denied(test.mfa().confirm_totp(&me, &code).await, AuthError::NoPassword);
    // Nobody locks themselves out.
    let passkey = test
        .mfa()
        .sign_in_methods(&me)
        .await
        .unwrap()
        .unwrap()
        .passkeys
        .first()
        .unwrap()
        .id;
    denied(test.mfa().remove_passkey(&me, passkey).await, AuthError::LastWay);
    assert!(enter(&test, &mut key).await.is_ok());
    // Who has lost it comes in by a recovery code, and sets a password.
    let code = codes.first().unwrap();
    let SignIn::Done(back) = sign_in(code).await.unwrap() else {
        panic!("a code is asked for")
    };
    denied(sign_in(code).await, AuthError::Wrong);
    assert_eq!(test.mfa().reauth(&back.visitor), Some(Reauth::Recovery));
    let sessions = test.accounts().sessions(&me);
    assert!(sessions.iter().any(|session| session.method == Method::Recovery));
    let set = test
        .accounts()
        .change_password(&back.visitor, "", PASSWORD, Device::default());
    let back = set.await.unwrap();
    assert!(test.mfa().remove_passkey(&back.visitor, passkey).await.unwrap());
    denied(enter(&test, &mut key).await, AuthError::PasskeyUnknown);
    assert!(matches!(sign_in(PASSWORD).await.unwrap(), SignIn::Done(_)));
    assert_eq!(
        test.mfa().sign_in_methods(&me).await.unwrap().unwrap().recovery,
        None
    );
}

#[tokio::test]
async fn nobody_touches_the_passkeys_of_somebody_else_or_has_more_than_there_may_be() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let bob = test.page("bob").visitor;
    let bob = test
        .accounts()
        .sign_up(&bob, &name("bob"), PASSWORD, Device::default())
        .await
        .unwrap();
    for _ in 0..20 {
        add(&test, &ana.visitor, &here()).await;
    }
    denied(
        test.mfa().begin_passkey(&ana.visitor, &here()).await,
        AuthError::TooManyPasskeys,
    );
    let ids = async || {
        let ways = test.mfa().sign_in_methods(&ana.visitor).await.unwrap().unwrap();
        ways.passkeys.iter().map(|passkey| passkey.id).collect::<Vec<_>>()
    };
    let first = *ids().await.first().unwrap();
    assert!(!test.mfa().remove_passkey(&bob.visitor, first).await.unwrap());
    assert!(
        !test
            .mfa()
            .rename_passkey(&bob.visitor, first, called("Mine"))
            .await
            .unwrap()
    );
    assert_eq!(ids().await.len(), 20);
    assert!(
        test.mfa()
            .rename_passkey(&ana.visitor, first, called("Mine"))
            .await
            .unwrap()
    );
    assert!(test.mfa().remove_passkey(&ana.visitor, first).await.unwrap());
    assert!(!test.mfa().remove_passkey(&ana.visitor, first).await.unwrap());
    assert_eq!(backend::PasskeyId::parse(&first.to_string()), Some(first));
}
