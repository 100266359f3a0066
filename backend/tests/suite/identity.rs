//! Signing in through a provider: who an identity belongs to, and what it never opens.

use backend::{AuthError, Device, Error, OidcIdentity, SignedIn};
use domain::Timestamp;

use crate::sign_in::{PASSWORD, anas_account, denied, done, name};
use crate::world::{Page, TestBackend};

const DAY: u64 = 24 * 60 * 60 * 1_000;

/// So many milliseconds after the beginning.
fn later(test: &TestBackend, milliseconds: u64) {
    test.config.clock.set(Timestamp(1_800_000_000_000 + milliseconds));
}

fn identity(subject: &str) -> OidcIdentity {
    OidcIdentity {
        issuer: "https://id.example.org".to_owned(),
        subject: subject.to_owned(),
        name: "ana".to_owned(),
        is_operator: false,
    }
}

fn operator(subject: &str) -> OidcIdentity {
    OidcIdentity {
        is_operator: true,
        ..identity(subject)
    }
}

async fn come(test: &TestBackend, guest: &Page, identity: &OidcIdentity) -> Result<SignedIn, Error> {
    let device = Device::default();
    let came = test
        .accounts()
        .sign_in_with_identity(Some(&guest.visitor), true, true, identity, device)
        .await;
    came.map(|(signed_in, _)| signed_in)
}

#[tokio::test]
async fn an_identity_is_one_accounts_by_issuer_and_subject() {
    let test = TestBackend::new().await;
    let mut guest = test.page("ana");
    guest.add("Milk").await;
    let first = come(&test, &guest, &identity("1")).await.unwrap();
    assert_eq!(first.visitor.person(), guest.visitor.person());
    let phone = test.page("phone");
    let again = come(&test, &phone, &identity("1")).await.unwrap();
    assert_eq!(again.visitor.person(), guest.visitor.person());
    let elsewhere = OidcIdentity {
        issuer: "https://id.example.com".to_owned(),
        ..identity("1")
    };
    let other = come(&test, &test.page("other"), &elsewhere).await.unwrap();
    assert_ne!(other.visitor.person(), guest.visitor.person());
    assert_eq!(
        test.accounts()
            .sign_in_name(&other.visitor)
            .await
            .unwrap()
            .unwrap()
            .name,
        "ana-2"
    );
    test.sound().await;
}

#[tokio::test]
async fn who_is_suspended_is_not_let_in_by_the_provider_either() {
    let test = TestBackend::new().await;
    come(&test, &test.page("ana"), &identity("1")).await.unwrap();
    let test = test.altered("update accounts set suspended_at = 1").await;
    denied(
        come(&test, &test.page("phone"), &identity("1")).await,
        AuthError::Suspended,
    );
}

#[tokio::test]
async fn the_office_that_a_provider_gives_ends_with_its_day_or_its_word() {
    let test = TestBackend::new().await;
    let first = come(&test, &test.page("ana"), &operator("1")).await.unwrap();
    assert!(test.admin().is_operator(&first.visitor));
    let other = come(&test, &test.page("bob"), &identity("2")).await.unwrap();
    assert!(!test.admin().is_operator(&other.visitor));
    // Another session of the same person is not.
    let test = test.reopen(|_| {}).await;
    assert!(test.admin().is_operator(&first.visitor), "it outlives a restart");
    later(&test, DAY - 1);
    assert!(test.admin().is_operator(&first.visitor));
    later(&test, DAY);
    assert!(!test.admin().is_operator(&first.visitor));
    let second = come(&test, &test.page("phone"), &operator("1")).await.unwrap();
    assert!(test.admin().is_operator(&second.visitor) && !test.admin().is_operator(&first.visitor));
    let third = come(&test, &test.page("desk"), &identity("1")).await.unwrap();
    assert!(!test.admin().is_operator(&second.visitor) && !test.admin().is_operator(&third.visitor));
}

#[tokio::test]
async fn an_identity_is_added_to_one_account_and_the_only_way_in_is_not_removed() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    test.accounts()
        .link_identity(&ana.visitor, &identity("1"))
        .await
        .unwrap();
    let issuer = identity("1").issuer;
    assert_eq!(
        test.accounts()
            .identity(&ana.visitor, &issuer)
            .await
            .unwrap()
            .as_deref(),
        Some("ana")
    );
    let bob = come(&test, &test.page("bob"), &identity("2")).await.unwrap();
    denied(
        test.accounts().link_identity(&ana.visitor, &identity("2")).await,
        AuthError::LinkedElsewhere,
    );
    // Another of the same provider takes the place of the first.
    test.accounts()
        .link_identity(&ana.visitor, &identity("3"))
        .await
        .unwrap();
    let came = come(&test, &test.page("phone"), &identity("1")).await.unwrap();
    assert_ne!(came.visitor.person(), ana.visitor.person());
    denied(
        test.accounts().unlink_identity(&bob.visitor, &issuer).await,
        AuthError::LastWay,
    );
    test.accounts()
        .unlink_identity(&ana.visitor, &issuer)
        .await
        .unwrap();
    assert_eq!(
        test.accounts().identity(&ana.visitor, &issuer).await.unwrap(),
        None
    );
    let guest = test.page("guest");
    denied(
        test.accounts()
            .link_identity(&guest.visitor, &identity("4"))
            .await,
        AuthError::NoAccount,
    );
}

#[tokio::test]
async fn the_first_password_is_chosen_only_by_who_has_just_come_in() {
    let test = TestBackend::new().await;
    let ana = come(&test, &test.page("ana"), &identity("1")).await.unwrap();
    let choose = async |of: &SignedIn| {
        test.accounts()
            .change_password(&of.visitor, "", PASSWORD, Device::default())
            .await
    };
    later(&test, 15 * 60 * 1_000);
    denied(choose(&ana).await, AuthError::NotProven);
    denied(test.mfa().confirm(&ana.visitor, "").await, AuthError::NotFresh);
    let again = come(&test, &test.page("phone"), &identity("1")).await.unwrap();
    assert!(test.mfa().confirm(&again.visitor, "").await.is_ok());
    let chosen = choose(&again).await.unwrap();
    assert!(
        test.accounts().visitor(&ana.token).is_none(),
        "every other session is over"
    );
    denied(choose(&chosen).await, AuthError::WrongPassword);
    denied(
        test.mfa().confirm(&chosen.visitor, "").await,
        AuthError::WrongPassword,
    );
    let signed_in = test
        .accounts()
        .sign_in(None, false, &name("ana"), PASSWORD, Device::default())
        .await;
    assert_eq!(done(signed_in.unwrap()).visitor.person(), ana.visitor.person());
}

#[tokio::test]
async fn where_new_people_may_not_come_only_who_is_known_comes() {
    let test = TestBackend::new().await;
    let guest = test.page("ana");
    let device = Device::default();
    let came = test
        .accounts()
        .sign_in_with_identity(Some(&guest.visitor), true, false, &identity("1"), device)
        .await;
    denied(came, AuthError::NotKnown);
    assert!(!test.accounts().has_ended(&guest.visitor));
    let (_, bob) = anas_account(&test).await;
    let came = test
        .accounts()
        .sign_in_with_identity(Some(&bob.visitor), true, true, &identity("1"), Device::default())
        .await;
    denied(came, AuthError::NotLinked);
}
