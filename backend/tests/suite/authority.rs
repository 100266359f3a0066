//! Who somebody is was found out when their request began. What they ask is done only if they still are that when it is written.

use backend::{
    Administrator, AuthError, Device, Error, Flash, OidcIdentity, PasskeyId, RelyingParty, SessionId,
    Settings, SignupCodeTerms, Terms, Visitor, operator_code,
};
use domain::wire::Beat;
use domain::{AccountCommand, Command, LinkId, ListId, ListName, PersonName, Role};

use crate::passkeys::{add as add_passkey, here as at_home, home};
use crate::sharing::join;
use crate::sign_in::{PASSWORD, anas_account, denied, done, name, sign_in};
use crate::world::{Page, TestBackend, add, fresh, visitor};

/// All that anybody can have written beside lists.
const EVERYTHING: [&str; 12] = [
    "select count(*) from log where actor <> $1",
    "select max(seq) from log where $1 is not null",
    "select count(*) from accounts where person_id <> $1",
    "select count(*) from persons where id <> $1",
    "select count(*) from sessions where person_id <> $1",
    "select count(*) from totp where person_id <> $1",
    "select count(*) from passkeys where person_id <> $1",
    "select count(*) from recovery_codes where person_id <> $1",
    "select count(*) from pictures where person_id <> $1",
    "select count(*) from list_invitations where made_by <> $1",
    "select count(*) from password_resets where person_id <> $1",
    "select count(*) from signup_codes where secret <> $1",
];

async fn everything(test: &TestBackend) -> Vec<i64> {
    let mut counts = Vec::new();
    for statement in EVERYTHING {
        counts.push(test.count(statement, &[0xee; 16]).await);
    }
    counts
}

/// Asks everything as a visitor, each with what it is called.
async fn ask_everything(test: &TestBackend, me: &Visitor) -> Vec<(&'static str, Result<(), Error>)> {
    let (accounts, lists, mfa) = (test.accounts(), test.lists(), test.mfa());
    let (list, bob, site) = (
        me.first_list(),
        name("bob"),
        RelyingParty::new("tandem.example", true).unwrap(),
    );
    let mut page = Page::new(test.backend.clone(), *me);
    let pushed = page.ask(add(list, "Late").1).await.map(drop);
    let person = visitor("somebody").person();
    let made = AccountCommand::CreateList {
        list: ListId::from_bytes(fresh()),
        name: ListName::parse("Late").unwrap(),
    };
    let made = page.ask(Command::Account(made)).await.map(drop);
    let joined = page.ask(join(list, "no code")).await.map(drop);
    let mut all = vec![("a push", pushed), ("a new list", made), ("a join", joined)];
    let beat = Beat {
        client: page.client,
        list,
        task: None,
        typing: false,
        gone: false,
    };
    let called = PersonName::parse("Key").unwrap();
    let [linked, role, over] = [
        lists.make_link(me, list, Terms::default()).await.map(drop),
        lists.set_role(me, list, person, Role::Viewer).await,
        lists.hand_over(me, list, person).await,
    ];
    let link = LinkId::from_bytes(fresh());
    let revoked = lists.revoke_link(me, list, link, true).await.map(drop);
    all.extend([
        ("a link revoked", revoked),
        ("an inviter muted", lists.mute_inviter(me, list).await.map(drop)),
        ("none muted", lists.unmute_inviters(me).await),
        ("no picture", accounts.set_picture(me, None).await),
        ("a link", linked),
        ("a role", role),
        ("a new owner", over),
        ("an invitation", lists.invite(me, list, &bob, Role::Editor).await),
        ("one withdrawn", lists.revoke_invitation(me, list, &bob).await),
        ("one accepted", lists.accept_invitation(me, list).await),
        ("one declined", lists.decline_invitation(me, list).await),
        ("an export", lists.start_export(me).map(drop)),
        ("a job forgotten", lists.forget_job(me, "none")),
        ("a beat", test.live().beat(me, &beat)),
        (
            "a message",
            test.backend
                .keep_flash(me, home(), Flash::Revoked(Vec::new()))
                .map(drop),
        ),
        ("a picture", accounts.set_picture(me, Some(vec![1])).await),
        (
            "another session ended",
            accounts
                .end_other_session(me, SessionId::parse(&"0".repeat(32)).unwrap())
                .await
                .map(drop),
        ),
        (
            "all others ended",
            accounts.end_other_sessions(me).await.map(drop),
        ),
        ("a list cleared", lists.start_clearing(me, list).await.map(drop)),
        (
            "a trash restored",
            lists.start_restoring(me, list).await.map(drop),
        ),
    ]);
    if me.guest().is_none() {
        let identity = OidcIdentity {
            issuer: "https://id.example.org".to_owned(),
            subject: "1".to_owned(),
            name: "ana".to_owned(),
            is_operator: false,
        };
        let challenge = mfa.begin_passkey(me, home(), &site).await.unwrap();
        let (_, answer) =
            crate::authenticator::Authenticator::create(&challenge.options, "https://tandem.example");
        let registered = mfa
            .finish_passkey(
                me,
                true,
                &challenge.key,
                &answer,
                called.clone(),
                Device::default(),
            )
            .await
            .map(drop);
        // One that was begun while the session was open.
        if let Some(app) = mfa.pending_totp(me) {
            let confirmed = mfa.confirm_totp(me, &app.code(test.backend.now())).await;
            all.push(("an app confirmed", confirmed.map(drop)));
        }
        let passkey = PasskeyId::parse(&"0".repeat(32)).unwrap();
        all.extend([
            (
                "a passkey renamed",
                mfa.rename_passkey(me, passkey, called).await.map(drop),
            ),
            ("no passkey", mfa.remove_passkey(me, passkey).await.map(drop)),
            ("recovery codes", mfa.renew_codes(me).await.map(drop)),
            ("a proof", mfa.reauth_with_password(me, PASSWORD).await),
            ("an app", mfa.begin_totp(me).await),
            ("no app", mfa.remove_totp(me).await.map(drop)),
            ("a passkey", registered),
            ("an identity", accounts.link_identity(me, &identity).await),
            (
                "no identity",
                accounts.unlink_identity(me, &identity.issuer).await,
            ),
            (
                "no account",
                accounts.delete_account(me, PASSWORD, &Default::default()).await,
            ),
            (
                "a password",
                accounts
                    .change_password(me, PASSWORD, "a goose on the roof", Device::default())
                    .await
                    .map(drop),
            ),
        ]);
    } else {
        let late = name("late");
        let account = accounts.sign_up(me, &late, PASSWORD, Device::default());
        all.push(("an account", account.await.map(drop)));
    }
    all
}

#[track_caller]
fn none_was_done(asked: Vec<(&'static str, Result<(), Error>)>) {
    assert!(asked.len() > 20);
    for (what, outcome) in asked {
        assert!(matches!(outcome, Err(Error::SessionEnded)), "{what}: {outcome:?}");
    }
}

#[tokio::test]
async fn nothing_is_done_for_a_session_that_ended_after_its_request_began() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let here = sign_in(&test, "ana", PASSWORD).await.unwrap();
    let other = sign_in(&test, "ana", PASSWORD).await.unwrap();
    let mut guest = test.page("guest");
    guest.add("Oats").await;
    add_passkey(&test, &ana.visitor, &at_home()).await;
    test.mfa().begin_totp(&here.visitor).await.unwrap();
    test.accounts().end_session(&here.visitor).await.unwrap();
    test.accounts().end_session(&guest.visitor).await.unwrap();
    let before = everything(&test).await;
    none_was_done(ask_everything(&test, &here.visitor).await);
    none_was_done(ask_everything(&test, &guest.visitor).await);
    assert_eq!(everything(&test).await, before);
    for signed_in in [&ana, &other] {
        assert!(test.accounts().visitor(&signed_in.token).is_some());
    }
    test.sound().await;
    // Whoever is signed in may do all of it, or is told another reason.
    for (what, outcome) in ask_everything(&test, &other.visitor).await {
        assert!(!matches!(outcome, Err(Error::SessionEnded)), "{what}");
    }
}

#[tokio::test]
async fn a_guest_whose_session_ended_brings_nothing_along() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let mut guest = test.page("guest");
    guest.add("Oats").await;
    test.accounts().end_session(&guest.visitor).await.unwrap();
    let name = name("ana");
    let came = test
        .accounts()
        .sign_in(Some(&guest.visitor), true, &name, PASSWORD, Device::default());
    assert_eq!(done(came.await.unwrap()).visitor.person(), ana.visitor.person());
    let lists = test.accounts().written_lists(&ana.visitor).await.unwrap();
    assert_eq!(lists.len(), 1, "{lists:?}");
}

#[tokio::test]
async fn an_operator_who_was_put_out_of_office_changes_nothing() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let [olga, next] = [visitor("olga"), visitor("next")];
    let code = test.admin().offer_operator().await.unwrap().unwrap();
    assert!(test.admin().become_operator(&olga, code).await.unwrap());
    let invitation = test
        .admin()
        .make_signup_code(Administrator::Operator(olga), SignupCodeTerms::default());
    invitation.await.unwrap();
    let code = operator_code(&test.config).await.unwrap();
    assert!(test.admin().become_operator(&next, code).await.unwrap());
    let before = (everything(&test).await, test.admin().settings());
    // The office is another's, and then the session of who has it is over.
    for signs_out in [false, true] {
        let by = Administrator::Operator(if signs_out { next } else { olga });
        if signs_out {
            test.accounts().end_session(&next).await.unwrap();
        }
        let (admin, person) = (test.admin(), ana.visitor.person());
        let closed = Settings {
            sign_up: backend::SignUp::Closed,
            guests: backend::Guests::No,
        };
        let terms = SignupCodeTerms::default();
        for (what, outcome) in [
            ("settings", admin.set_settings(by, closed).await),
            ("an invitation", admin.make_signup_code(by, terms).await.map(drop)),
            ("one revoked", admin.revoke_signup_code(by, 1).await),
            (
                "an account",
                admin.make_account(by, &name("late")).await.map(drop),
            ),
            ("a reset", admin.reset_password(by, person).await.map(drop)),
            ("a suspension", admin.suspend(by, person).await),
            ("none", admin.resume(by, person).await),
            ("signed out", admin.end_all_sessions(by, person).await.map(drop)),
            ("no factors", test.mfa().remove_all(by, person).await.map(drop)),
            (
                "no account",
                test.accounts().depart(by, person, &Default::default()).await,
            ),
        ] {
            let is_refused = match outcome {
                Err(Error::NotOperator) => !signs_out,
                Err(Error::SessionEnded) => signs_out,
                _ => false,
            };
            assert!(is_refused, "{what}: {outcome:?}");
        }
    }
    assert!(test.accounts().visitor(&ana.token).is_some());
    assert_eq!((everything(&test).await, test.admin().settings()), before);
    let codes = test.admin().signup_codes().await.unwrap();
    assert!(codes.iter().all(|code| code.works), "{codes:?}");
}

#[tokio::test]
async fn who_signed_out_does_not_become_the_operator_by_a_form_that_was_on_its_way() {
    let test = TestBackend::new().await;
    let guest = visitor("guest");
    let code = test.admin().offer_operator().await.unwrap().unwrap();
    test.accounts().end_session(&guest).await.unwrap();
    let became = test.admin().become_operator(&guest, code.clone()).await;
    assert!(matches!(became, Err(Error::SessionEnded)));
    assert!(!test.admin().has_operator());
    let other = visitor("other");
    assert!(test.admin().become_operator(&other, code).await.unwrap());
}

fn identity() -> OidcIdentity {
    OidcIdentity {
        issuer: "https://id.example.org".to_owned(),
        subject: "1".to_owned(),
        name: "ana".to_owned(),
        is_operator: false,
    }
}

#[tokio::test]
async fn what_guards_an_account_is_changed_by_nobody_whose_proof_is_lost() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let other = sign_in(&test, "ana", PASSWORD).await.unwrap();
    let (accounts, mfa) = (test.accounts(), test.mfa());
    let (me, them) = (&ana.visitor, &other.visitor);
    mfa.begin_totp(me).await.unwrap();
    let app = mfa.pending_totp(me).unwrap().code(test.backend.now());
    mfa.confirm_totp(me, &app).await.unwrap();
    add_passkey(&test, me, &at_home()).await;
    accounts.link_identity(me, &identity()).await.unwrap();
    let ways = mfa.sign_in_methods(me).await.unwrap().unwrap();
    let passkey = ways.passkeys.first().unwrap().id;
    // The other session has just signed in, and begins what it may.
    assert!(mfa.reauth(them).is_some());
    mfa.begin_totp(them).await.unwrap();
    let app = mfa.pending_totp(them).unwrap().code(test.backend.now());
    let asked = mfa.begin_passkey(them, home(), &at_home()).await.unwrap();
    let (_, answer) = crate::authenticator::Authenticator::create(&asked.options, at_home().origin());
    // It may have come in by what is taken away here.
    accounts.unlink_identity(me, &identity().issuer).await.unwrap();
    assert!(mfa.reauth(them).is_none());
    let before = everything(&test).await;
    denied(mfa.remove_totp(them).await, AuthError::NotProven);
    denied(mfa.confirm_totp(them, &app).await, AuthError::NotProven);
    let called = PersonName::parse("Key").unwrap();
    let finished = mfa.finish_passkey(them, true, &asked.key, &answer, called, Device::default());
    denied(finished.await, AuthError::NotProven);
    denied(mfa.remove_passkey(them, passkey).await, AuthError::NotProven);
    denied(mfa.renew_codes(them).await, AuthError::NotProven);
    denied(
        accounts.link_identity(them, &identity()).await,
        AuthError::NotProven,
    );
    let unlinked = accounts.unlink_identity(them, &identity().issuer).await;
    denied(unlinked, AuthError::NotProven);
    assert_eq!(everything(&test).await, before);
    assert_eq!(
        mfa.sign_in_methods(me).await.unwrap(),
        mfa.sign_in_methods(them).await.unwrap()
    );
    // The password proves it again.
    mfa.reauth_with_password(them, PASSWORD).await.unwrap();
    assert!(mfa.remove_totp(them).await.unwrap());
}
