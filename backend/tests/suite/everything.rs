//! A person with something in every table there is.

use backend::{Device, OidcIdentity, RelyingParty, SignedIn, SignupCodeTerms, Terms, Visitor};
use data_encoding::BASE32;
use domain::{
    AccountCommand, Colour, Command, Field, ListCommand, ListId, ListName, PersonName, Profile, Role, TaskId,
};

use crate::authenticator::Authenticator;
use crate::passkeys::home;
use crate::sign_in::{PASSWORD, name};
use crate::world::{Page, SHELL, TestBackend, fresh, set_notes};

/// Words that are nowhere but where Ana wrote them, or others about her.
pub(crate) const TEXTS: &[&str] = &[
    "anastasia",
    "Kettle",
    "Herons",
    "Feed the heron",
    "It eats at noon",
    "Netscape",
    "203.0.113.7",
    "Brass key",
    "subject-77",
    "stacy.of.the.provider",
    "zoe.lantern",
    "picture of Ana",
];

/// A person with something in every table.
pub(crate) struct Everything {
    pub(crate) ana: SignedIn,
    /// Nobody else is in it.
    pub(crate) own: ListId,
    /// All ids that are to be found nowhere afterwards but where they stay.
    pub(crate) ids: Vec<[u8; 16]>,
    /// Secrets that are to be found nowhere afterwards.
    pub(crate) secrets: Vec<Vec<u8>>,
}

fn device() -> Device {
    Device {
        agent: "Netscape".to_owned(),
        place: "203.0.113.7".to_owned(),
    }
}

async fn account(test: &TestBackend, guest: &Page, called: &str) -> SignedIn {
    let made = test
        .accounts()
        .sign_up(&guest.visitor, &name(called), PASSWORD, device())
        .await;
    made.unwrap()
}

async fn make_list(page: &mut Page, called: &str) -> ListId {
    let list = ListId::from_bytes(fresh());
    let name = ListName::parse(called).unwrap();
    page.done(Command::Account(AccountCommand::CreateList { list, name }))
        .await;
    list
}

/// Lets somebody into the list of a page by a new link.
async fn come(test: &TestBackend, host: &Page, guest: &mut Page) {
    let code = test.code(host).await;
    let list = host.list;
    guest
        .done(Command::Account(AccountCommand::Join { list, code }))
        .await;
    guest.list = list;
}

pub(crate) async fn everything(test: &TestBackend) -> Everything {
    let backend = &test.backend;
    // Others: one who left before, one whose list Ana is in, one who is in hers.
    let mut carl = test.page("carl");
    carl.add("Oats").await;
    let carl = account(test, &carl, "carl").await;
    backend
        .accounts()
        .depart(SHELL, carl.visitor.person(), &Default::default())
        .await
        .unwrap();
    let mut host = test.page("host");
    host.add("Milk").await;

    let mut guest = test.page("ana");
    let profile = Profile {
        name: PersonName::parse("Kettle").unwrap(),
        colour: Colour::default(),
    };
    guest
        .done(Command::Account(AccountCommand::SetProfile { profile }))
        .await;
    let ana = account(test, &guest, "anastasia").await;
    let (me, person) = (&ana.visitor, ana.visitor.person());
    let mut page = Page::new(backend.clone(), *me);
    let first = page.list;

    // A list that others have come into and left again.
    let own = make_list(&mut page, "Herons").await;
    page.list = own;
    let task = page.add("Feed the heron").await;
    page.done(set_notes(own, task, "", "It eats at noon")).await;
    let mut vera = test.page("vera");
    come(test, &page, &mut vera).await;
    let person_of_vera = vera.visitor.person();
    let goes = ListCommand::RemoveMember {
        person: person_of_vera,
    };
    vera.done(Command::List(own, goes)).await;
    // One whom Ana took out.
    let mut rude = test.page("rude");
    come(test, &page, &mut rude).await;
    let person_of_rude = rude.visitor.person();
    let goes = ListCommand::RemoveMember {
        person: person_of_rude,
    };
    page.done(Command::List(own, goes)).await;
    backend
        .lists()
        .invite(me, own, &name("zoe.lantern"), Role::Editor)
        .await
        .unwrap();
    let nothing = ListCommand::set(TaskId::from_bytes(fresh()), Field::Done(true));
    page.refused(Command::List(own, nothing)).await;

    // A list that stays.
    come(test, &host, &mut page).await;
    let shared = page.add("A task that stays").await;
    page.done(Command::List(
        host.list,
        ListCommand::set(shared, Field::Done(true)),
    ))
    .await;
    let trashed = page.add("One that was deleted").await;
    page.done(Command::List(host.list, ListCommand::Delete { task: trashed }))
        .await;
    let made = backend.lists().make_link(me, host.list, Terms::default()).await;
    made.unwrap();
    let role = backend
        .lists()
        .set_role(&host.visitor, host.list, person, Role::Owner)
        .await;
    role.unwrap();
    backend
        .lists()
        .invite(me, host.list, &name("zoe.lantern"), Role::Editor)
        .await
        .unwrap();
    let other = make_list(&mut host, "Another").await;
    // One that she was taken out of.
    let mut third = test.page("third");
    third.add("Rye").await;
    let stays = page.list;
    come(test, &third, &mut page).await;
    page.list = stays;
    let goes = ListCommand::RemoveMember { person };
    third.done(Command::List(third.list, goes)).await;
    backend
        .lists()
        .invite(&host.visitor, other, &name("anastasia"), Role::Editor)
        .await
        .unwrap();
    backend.lists().mute_inviter(me, other).await.unwrap();

    let secrets = guarded(test, me).await;
    let ids = [own, first]
        .map(|list| *list.as_bytes())
        .into_iter()
        .chain([*person.as_bytes(), *task.as_bytes()]);
    Everything {
        ana,
        own,
        ids: ids.collect(),
        secrets,
    }
}

/// All that guards an account, and what its owner does for the server. The secrets of it.
async fn guarded(test: &TestBackend, me: &Visitor) -> Vec<Vec<u8>> {
    let (backend, person) = (&test.backend, me.person());
    backend.mfa().begin_totp(me).await.unwrap();
    let app = backend.mfa().pending_totp(me).unwrap();
    backend
        .mfa()
        .confirm_totp(me, &app.code(backend.now()))
        .await
        .unwrap()
        .unwrap();
    let site = RelyingParty::new("tandem.example", true).unwrap();
    let asked = backend.mfa().begin_passkey(me, home(), &site).await.unwrap();
    let (mut authenticator, answer) = Authenticator::create(&asked.options, site.origin());
    let called = PersonName::parse("Brass key").unwrap();
    backend
        .mfa()
        .finish_passkey(me, true, &asked.key, &answer, called, device())
        .await
        .unwrap();
    let identity = OidcIdentity {
        issuer: "https://id.example.org".to_owned(),
        subject: "subject-77".to_owned(),
        name: "stacy.of.the.provider".to_owned(),
        is_operator: false,
    };
    backend.accounts().link_identity(me, &identity).await.unwrap();
    backend
        .accounts()
        .set_picture(me, Some(b"picture of Ana".to_vec()))
        .await
        .unwrap();
    let code = backend.admin().offer_operator().await.unwrap().unwrap();
    assert!(backend.admin().become_operator(me, code).await.unwrap());
    backend
        .admin()
        .make_signup_code(backend::Administrator::Operator(*me), SignupCodeTerms::default())
        .await
        .unwrap();
    // It ends every session, so another begins.
    backend.admin().reset_password(SHELL, person).await.unwrap();
    let browser = crate::world::visitor("a browser");
    let asked = backend.mfa().ask_passkey(&browser, home(), &site).unwrap();
    let answer = authenticator.answer(&asked.options);
    backend
        .mfa()
        .sign_in_with_passkey(&browser, false, &asked.key, &answer, device())
        .await
        .unwrap();
    // Somebody else's, from so long ago that nobody takes it back.
    test.behind_its_back("insert into cli_commands (at, asked) values (0, '{}')")
        .await;
    backend.admin().run_cli_commands().await.unwrap();
    backend.admin().audit_log(None, None, 1).await.unwrap(); // Now the audit log is written.
    vec![BASE32.decode(app.base32().as_bytes()).unwrap()]
}
