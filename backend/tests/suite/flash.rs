//! What is shown once, and what waits for minutes: nobody pushes out what others have there.

use backend::{Flash, Token};
use domain::PersonName;

use crate::passkeys::{here, home};
use crate::sign_in::anas_account;
use crate::world::TestBackend;

#[tokio::test]
async fn who_asks_often_pushes_out_nobody_elses_codes() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let told = || Flash::Revoked(vec![PersonName::parse("Ana").unwrap()]);
    let hers = test.backend.keep_flash(&ana.visitor, home(), told()).unwrap();
    let adding = test
        .mfa()
        .begin_passkey(&ana.visitor, home(), &here())
        .await
        .unwrap();
    let guest = || test.accounts().bearer(&Token::guest().unwrap()).unwrap();
    // One guest, and guests without end, from the same address.
    let busy = guest();
    for _ in 0..2_000 {
        test.backend.keep_flash(&busy, home(), told()).unwrap();
    }
    for _ in 0..11_000 {
        test.backend.keep_flash(&guest(), home(), told()).unwrap();
    }
    assert!(test.backend.flash(&ana.visitor, &hers).is_some());
    for number in 0..1_100 {
        let name = crate::sign_in::name(&format!("somebody.{number}"));
        let (guest, site) = (guest(), here());
        let begun = test.mfa().begin_passkey_sign_up(&guest, home(), &name, &site);
        begun.await.unwrap();
    }
    let credential = crate::authenticator::Authenticator::create(&adding.options, here().origin()).1;
    let called = PersonName::parse("Phone").unwrap();
    let added = test.mfa().finish_passkey(
        &ana.visitor,
        true,
        &adding.key,
        &credential,
        called,
        backend::Device::default(),
    );
    assert!(added.await.is_ok());
}
