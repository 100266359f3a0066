//! Who is let in: sign-up, guests, invitations.

use backend::{
    AuthError, Code, Device, Error, Guests, RegistrationPolicy, Settings, SignUp, SignedIn, SignupCodeTerms,
    Token,
};
use domain::{AccountCommand, Command, Timestamp};
use tokio::task::JoinSet;

use crate::sign_in::{PASSWORD, anas_account, done, name, sign_in};
use crate::world::{Page, SHELL, TestBackend, add, aside, opening};

const OPEN: Settings = Settings {
    sign_up: SignUp::Open,
    guests: Guests::Yes,
};

async fn run(test: &TestBackend, sign_up: SignUp, guests: Guests) {
    test.admin()
        .set_settings(SHELL, Settings { sign_up, guests })
        .await
        .unwrap();
}

async fn sign_up(test: &TestBackend, who: &str, code: Option<&Code>) -> Result<SignedIn, Error> {
    let guest = test.page(who);
    test.accounts()
        .sign_up_with_code(code, &guest.visitor, &name(who), PASSWORD, Device::default())
        .await
}

#[track_caller]
fn denied<T>(outcome: Result<T, Error>, why: AuthError) {
    match outcome {
        Err(Error::Auth(denied)) => assert_eq!(denied, why),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("they were let in"),
    }
}

#[track_caller]
fn outside<T>(outcome: Result<T, Error>) {
    assert!(matches!(outcome, Err(Error::SessionEnded)), "{:?}", outcome.err());
}

#[tokio::test]
async fn a_house_is_open_until_its_operator_says_otherwise_and_stays_as_they_say() {
    let test = TestBackend::new().await;
    assert_eq!(test.admin().settings(), OPEN);
    run(&test, SignUp::Invited, Guests::ByLink).await;
    let test = test.reopen(|_| {}).await;
    let chosen = Settings {
        sign_up: SignUp::Invited,
        guests: Guests::ByLink,
    };
    assert_eq!(test.admin().settings(), chosen);
    let fixed = RegistrationPolicy {
        sign_up: Some(SignUp::Closed),
        guests: None,
    };
    let test = test.reopen(|config| config.fixed = fixed).await;
    assert_eq!(test.admin().settings().sign_up, SignUp::Closed);
    run(&test, SignUp::Open, Guests::Yes).await;
    assert_eq!(
        test.admin().settings().sign_up,
        SignUp::Closed,
        "the option counts"
    );
    let test = test
        .reopen(|config| config.fixed = RegistrationPolicy::default())
        .await;
    assert_eq!(test.admin().settings(), OPEN);
}

#[tokio::test]
async fn where_sign_up_is_closed_nobody_makes_an_account_and_nobody_learns_who_has_one() {
    let test = TestBackend::new().await;
    drop(anas_account(&test).await);
    run(&test, SignUp::Closed, Guests::Yes).await;
    let code = test
        .admin()
        .make_signup_code(SHELL, SignupCodeTerms::default())
        .await
        .unwrap();
    for code in [None, Some(&code)] {
        for who in ["ana", "bob"] {
            denied(sign_up(&test, who, code).await, AuthError::SignUpClosed);
        }
    }
    assert!(
        sign_in(&test, "ana", PASSWORD).await.is_ok(),
        "who has one signs in"
    );
    let (person, code) = test.admin().make_account(SHELL, &name("cleo")).await.unwrap();
    denied(sign_in(&test, "cleo", PASSWORD).await, AuthError::Wrong);
    let cleo = test.admin().use_reset(None, &code, PASSWORD, Device::default());
    assert_eq!(done(cleo.await.unwrap()).visitor.person(), person);
    assert!(sign_in(&test, "cleo", PASSWORD).await.is_ok());
    denied(
        test.admin().make_account(SHELL, &name("Cleo")).await,
        AuthError::NameTaken,
    );
    test.sound().await;
}

#[tokio::test]
async fn an_invitation_makes_as_many_accounts_as_it_says_also_for_those_who_come_at_once() {
    let test = TestBackend::new().await;
    drop(anas_account(&test).await);
    run(&test, SignUp::Invited, Guests::No).await;
    let terms = SignupCodeTerms {
        most_uses: Some(3),
        expires: None,
    };
    let code = test.admin().make_signup_code(SHELL, terms).await.unwrap();
    denied(sign_up(&test, "bob", None).await, AuthError::NotInvited);
    denied(sign_up(&test, "ana", None).await, AuthError::NotInvited);
    let wrong = Code::parse("2222-2222-2222-2222").unwrap();
    denied(
        sign_up(&test, "bob", Some(&wrong)).await,
        AuthError::InvitationInvalid,
    );
    denied(
        sign_up(&test, "ana2", Some(&wrong)).await,
        AuthError::InvitationInvalid,
    );
    let work = async |who| {
        let before = test.accounts().password_runs();
        let (guest, name) = (test.page("somebody"), name(who));
        let asked = test.accounts().sign_up_with_code(
            Some(&wrong),
            &guest.visitor,
            &name,
            "not hers, but good",
            Device::default(),
        );
        denied(asked.await, AuthError::InvitationInvalid);
        test.accounts().password_runs() - before
    };
    assert_eq!(
        work("ana").await,
        work("nobody").await,
        "the time tells nothing either"
    );
    let names: Vec<String> = (0..12).map(|number| format!("guest{number}")).collect();
    let mut all = JoinSet::new();
    for who in names {
        let (backend, guest, code) = (test.backend.clone(), test.page(&who).visitor, code.clone());
        all.spawn(async move {
            backend
                .accounts()
                .sign_up_with_code(Some(&code), &guest, &name(&who), PASSWORD, Device::default())
                .await
        });
    }
    let (mut made, mut refused) = (0, 0);
    while let Some(outcome) = all.join_next().await {
        match outcome.unwrap() {
            Ok(signed_in) => {
                assert_eq!(test.accounts().visitor(&signed_in.token), Some(signed_in.visitor));
                made += 1;
            }
            Err(Error::Auth(AuthError::InvitationInvalid)) => refused += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!((made, refused), (3, 9));
    let invitations = test.admin().signup_codes().await.unwrap();
    let [invitation] = invitations.as_slice() else {
        panic!("{invitations:?}");
    };
    assert_eq!((invitation.uses, invitation.works), (3, false));
    test.sound().await;
}

#[tokio::test]
async fn an_invitation_that_is_over_or_revoked_makes_none() {
    let test = TestBackend::new().await;
    run(&test, SignUp::Invited, Guests::Yes).await;
    let invite = async |expires| {
        let terms = SignupCodeTerms {
            most_uses: None,
            expires,
        };
        test.admin().make_signup_code(SHELL, terms).await.unwrap()
    };
    let now = test.backend.now();
    let (short, revoked) = (invite(Some(Timestamp(now.0 + 1_000))).await, invite(None).await);
    assert!(sign_up(&test, "ana", Some(&short)).await.is_ok());
    assert!(sign_up(&test, "bob", Some(&revoked)).await.is_ok());
    test.config.clock.set(Timestamp(now.0 + 1_000));
    let newest = test.admin().signup_codes().await.unwrap();
    test.admin()
        .revoke_signup_code(SHELL, newest.first().unwrap().id)
        .await
        .unwrap();
    denied(
        sign_up(&test, "cleo", Some(&short)).await,
        AuthError::InvitationInvalid,
    );
    denied(
        sign_up(&test, "dora", Some(&revoked)).await,
        AuthError::InvitationInvalid,
    );
    assert!(
        sign_in(&test, "bob", PASSWORD).await.is_ok(),
        "what was made stays"
    );
}

#[tokio::test]
async fn where_there_are_no_guests_they_read_and_write_nothing_and_their_streams_end() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let mut guest = test.page("guest");
    guest.add("Rope").await;
    let token = Token::parse(&format!("{:0<64}", hex("guest"))).unwrap();
    assert_eq!(test.accounts().visitor(&token), Some(guest.visitor));
    let mut stream = guest.stream(None).await;
    opening(&mut stream).await;
    let mut mine = Page::new(test.backend.clone(), ana.visitor).stream(None).await;
    opening(&mut mine).await;

    run(&test, SignUp::Open, Guests::No).await;
    let gone = aside(&mut stream, "gone").await;
    assert_eq!(gone["reason"], "session_ended");
    assert!(stream.next().await.is_none());
    assert!(test.accounts().visitor(&token).is_none());
    assert_eq!(test.accounts().bearer(&token), Some(guest.visitor));
    let (_, command) = add(guest.list, "Nails");
    outside(guest.ask(command).await);
    let (_, command) = add(test.page("new").list, "Nails");
    outside(test.page("new").ask(command).await);
    assert!(
        Page::new(test.backend.clone(), ana.visitor)
            .ask(add(ana.visitor.first_list(), "Bread").1)
            .await
            .is_ok()
    );
    let late = test
        .live()
        .subscribe(&guest.visitor, None, backend::Filter::default())
        .await;
    outside(late);

    // Signing up brings along what was theirs; and if guests are let in again, so is everyone.
    let signed_in = sign_up(&test, "guest", None).await.unwrap();
    assert_eq!(signed_in.visitor.person(), guest.visitor.person());
    let mut other = test.page("other");
    run(&test, SignUp::Open, Guests::Yes).await;
    other.add("Here").await;
    run(&test, SignUp::Open, Guests::No).await;
    run(&test, SignUp::Open, Guests::Yes).await;
    let mut stream = other.stream(None).await;
    opening(&mut stream).await;
    other.add("Again").await;
    test.sound().await;
}

fn hex(name: &str) -> String {
    name.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn by_link_comes_who_has_one_that_works_and_stays() {
    let test = TestBackend::new().await;
    let mut host = test.page("host");
    host.add("Milk").await;
    run(&test, SignUp::Open, Guests::ByLink).await;
    host.add("Bread").await; // Whoever was here before stays.
    let code = test.code(&host).await;
    let list = host.list;
    let join = |code: String| Command::Account(AccountCommand::Join { list, code });
    let mut stranger = test.page("stranger");
    outside(stranger.ask(add(stranger.list, "Mine").1).await);
    let mut wrong = code.clone();
    wrong.replace_range(40..41, if &code[40..41] == "A" { "B" } else { "A" });
    outside(stranger.ask(join(wrong)).await);
    let head = test.head().await;
    stranger.done(join(code.clone())).await;
    assert!(test.head().await > head);
    stranger.list = host.list;
    stranger.add("Eggs").await;
    drop((host, stranger));
    let test = test.reopen(|_| {}).await;
    let mut stranger = test.page("stranger");
    stranger.list = list;
    stranger.add("Also after a restart").await;
    run(&test, SignUp::Open, Guests::No).await;
    let mut other = test.page("other");
    outside(other.ask(join(code)).await);
    outside(stranger.ask(add(list, "No").1).await);
    test.sound().await;
}

#[tokio::test]
async fn who_runs_the_server_gets_in_and_makes_their_account_however_the_house_is_run() {
    let test = TestBackend::new().await;
    run(&test, SignUp::Closed, Guests::No).await;
    let mut operator = test.page("operator");
    let code = test.admin().offer_operator().await.unwrap().unwrap();
    assert!(!test.admin().admits(&operator.visitor));
    assert!(
        test.admin()
            .become_operator(&operator.visitor, code)
            .await
            .unwrap()
    );
    assert!(test.admin().admits(&operator.visitor));
    operator.add("Mine").await;
    let signed_in = sign_up(&test, "operator", None).await.unwrap();
    assert!(test.admin().is_operator(&signed_in.visitor));
}
