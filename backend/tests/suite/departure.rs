//! Deleting an account: what becomes of lists, of what was written, of sessions, and of the name.

use std::collections::BTreeMap;

use backend::{AuthError, Device, Error, Fate, GONE, Terms};
use domain::{AccountCommand, Colour, Command, ListId, ListName, PersonId, PersonName, Profile, Role, Seq};
use tokio::task::JoinSet;

use crate::sign_in::{PASSWORD, anas_account, name, sign_in};
use crate::world::{Page, SHELL, TestBackend, add, aside, fresh, next, opening};

/// A list of Ana's, with her as an owner, and a code for others to come in as that.
async fn list(page: &mut Page, what: &str) -> ListId {
    let list = ListId::from_bytes(fresh());
    let name = ListName::parse(what).unwrap();
    page.done(Command::Account(AccountCommand::CreateList { list, name }))
        .await;
    page.list = list;
    page.add("Written by Ana").await;
    list
}

async fn comes(test: &TestBackend, host: &Page, who: &str, role: Role) -> Page {
    let terms = Terms {
        role: role.min(Role::Editor),
        ..Terms::default()
    };
    let code = test
        .lists()
        .make_link(&host.visitor, host.list, terms)
        .await
        .unwrap()
        .code;
    let mut page = test.page(who);
    page.list = host.list;
    page.done(Command::Account(AccountCommand::Join {
        list: host.list,
        code,
    }))
    .await;
    if role == Role::Owner {
        test.lists()
            .set_role(&host.visitor, host.list, page.visitor.person(), role)
            .await
            .unwrap();
    }
    page
}

fn none() -> BTreeMap<ListId, PersonId> {
    BTreeMap::new()
}

#[tokio::test]
async fn lists_go_or_stay_as_the_page_says_before_and_nobody_is_without_an_owner() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let mut page = Page::new(test.backend.clone(), ana.visitor);
    let person = ana.visitor.person();
    let own = page.list;
    let co_owned = list(&mut page, "Co-owned").await;
    comes(&test, &page, "olga", Role::Owner).await;
    let shared = list(&mut page, "Shared").await;
    comes(&test, &page, "vera", Role::Viewer).await;
    let eve = comes(&test, &page, "eve", Role::Editor).await;
    comes(&test, &page, "emil", Role::Editor).await;
    let looked_at = list(&mut page, "Looked at").await;
    let vera = comes(&test, &page, "vera", Role::Viewer).await;
    let chosen = list(&mut page, "Chosen").await;
    comes(&test, &page, "eve", Role::Editor).await;
    let emil = comes(&test, &page, "emil", Role::Editor).await;
    let mut host = test.page("host");
    host.add("Milk").await;
    let code = test.code(&host).await;
    page.done(Command::Account(AccountCommand::Join {
        list: host.list,
        code,
    }))
    .await;

    let leaving = test.accounts().leaving(person).await.unwrap();
    let fate = |list: ListId| {
        let found = leaving.iter().find(|leaving| leaving.list == list);
        found.unwrap().fate.clone()
    };
    let heirs = |fate: Fate| match fate {
        Fate::NeedsOwner(heirs) => heirs.into_iter().map(|(person, _)| person).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let [eves, emils, veras] = [&eve, &emil, &vera].map(|page| page.visitor.person());
    assert_eq!(
        (fate(own), fate(co_owned), fate(host.list)),
        (Fate::Goes, Fate::Stays, Fate::Stays)
    );
    assert_eq!(
        heirs(fate(shared)),
        [eves, emils, veras],
        "editors first, then by how long"
    );
    assert_eq!(heirs(fate(looked_at)), [veras]);

    let mut stream = page.stream(None).await;
    let mut eves_stream = eve.stream(None).await;
    opening(&mut stream).await;
    opening(&mut eves_stream).await;
    test.accounts()
        .depart(SHELL, person, &[(chosen, emils)].into())
        .await
        .unwrap();
    while let Some(frame) = stream.next().await {
        assert_ne!(frame.event(), "bye", "that is the server's");
    }
    loop {
        let heard = next(&mut eves_stream).await;
        let text = String::from_utf8_lossy(heard.bytes()).into_owned();
        if text.contains("member_left") && text.contains(&person.to_string()) {
            break;
        }
    }
    let role = async |page: &Page, list: ListId| {
        let account = test.lists().overview(&page.visitor).await.unwrap().account;
        account.lists.get(&list).copied()
    };
    assert_eq!(role(&eve, shared).await, Some(Role::Owner));
    assert_eq!(role(&emil, shared).await, Some(Role::Editor));
    assert_eq!(role(&vera, looked_at).await, Some(Role::Owner));
    assert_eq!(role(&emil, chosen).await, Some(Role::Owner));
    assert_eq!(role(&eve, chosen).await, Some(Role::Editor));
    let mut eve = eve;
    assert!(
        eve.titles().await.contains(&"Written by Ana".to_owned()),
        "what others use stays"
    );
    eve.add("And goes on").await;

    // Of what was only hers nothing is left, nor of her name.
    test.erased().await;
    let rows = test
        .count("select count(*) from lists where id = $1", own.as_bytes())
        .await;
    let tasks = test
        .count("select count(*) from tasks where list_id = $1", own.as_bytes())
        .await;
    let said = test
        .count(
            "select count(*) from log where topic = $1 and changes <> '[]'",
            own.as_bytes(),
        )
        .await;
    assert_eq!((rows, tasks, said), (0, 0, 0));
    let anas_name = domain::profile(person).name.to_string();
    let named = test
        .count(
            "select count(*) from log where instr(changes, $1)",
            anas_name.as_bytes(),
        )
        .await;
    assert_eq!(named, 0, "{anas_name} is still in the log");
    test.sound().await;
    drop((page, stream, eves_stream, eve, emil, vera, host));
    test.reopen(|_| {}).await.sound().await;
}

#[tokio::test]
async fn sessions_end_the_name_is_free_and_nothing_is_written_any_more() {
    let test = TestBackend::new().await;
    let (guest, ana) = anas_account(&test).await;
    let person = ana.visitor.person();
    let phone = sign_in(&test, "ana", PASSWORD).await.unwrap();
    let mut stream = Page::new(test.backend.clone(), phone.visitor).stream(None).await;
    opening(&mut stream).await;
    let delete = async |password: &str| {
        test.accounts()
            .delete_account(&ana.visitor, password, &none())
            .await
    };
    assert!(matches!(
        delete("not this one").await,
        Err(Error::Auth(AuthError::WrongPassword))
    ));
    assert!(test.accounts().visitor(&phone.token).is_some());
    delete(PASSWORD).await.unwrap();
    assert_eq!(aside(&mut stream, "gone").await["reason"], "session_ended");
    assert!(test.accounts().visitor(&ana.token).is_none() && test.accounts().visitor(&phone.token).is_none());
    assert!(test.accounts().has_ended(&guest.visitor), "the guest they were");
    let mut page = Page::new(test.backend.clone(), ana.visitor);
    assert!(matches!(
        page.ask(add(page.list, "Late").1).await,
        Err(Error::SessionEnded)
    ));
    assert!(matches!(
        sign_in(&test, "ana", PASSWORD).await,
        Err(Error::Auth(AuthError::Wrong))
    ));
    assert!(
        test.accounts().depart(SHELL, person, &none()).await.is_err(),
        "they are gone"
    );
    let people = test.admin().users("", None, 10).await.unwrap();
    assert_eq!((people.accounts, people.guests), (0, 0));
    let bob = test.page("bob");
    let again = test
        .accounts()
        .sign_up(&bob.visitor, &name("ana"), PASSWORD, Device::default())
        .await;
    assert_ne!(again.unwrap().visitor.person(), person);
    test.erased().await;
    test.sound().await;
    drop((page, stream, guest, bob));
    let test = test.reopen(|_| {}).await;
    assert!(test.accounts().visitor(&ana.token).is_none());
    test.sound().await;
}

#[tokio::test]
async fn an_operator_who_leaves_leaves_the_office() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let code = test.admin().offer_operator().await.unwrap().unwrap();
    assert!(test.admin().become_operator(&ana.visitor, code).await.unwrap());
    test.accounts()
        .depart(SHELL, ana.visitor.person(), &none())
        .await
        .unwrap();
    assert!(!test.admin().has_operator() && !test.admin().is_operator(&ana.visitor));
    assert!(test.admin().offer_operator().await.unwrap().is_some());
}

/// People come, write and go while somebody leaves.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_list_that_changes_while_its_owner_leaves_keeps_an_owner() {
    for round in 0..12 {
        let test = TestBackend::new().await;
        let (_, ana) = anas_account(&test).await;
        let page = Page::new(test.backend.clone(), ana.visitor);
        let (list, person) = (page.list, ana.visitor.person());
        let code = test.code(&page).await;
        let mut all = JoinSet::new();
        for number in 0..6 {
            let (mut guest, code) = (test.page(&format!("guest{number}")), code.clone());
            all.spawn(async move {
                let join = Command::Account(AccountCommand::Join { list, code });
                let _ = guest.ask(join).await.unwrap();
                guest.list = list;
                let _ = guest.ask(add(list, "Written").1).await.unwrap();
                if number % 2 == 0 {
                    let leave = domain::ListCommand::RemoveMember {
                        person: guest.visitor.person(),
                    };
                    let _ = guest.ask(Command::List(list, leave)).await.unwrap();
                }
            });
        }
        for _ in 0..round {
            tokio::task::yield_now().await;
        }
        let backend = test.backend.clone();
        all.spawn(async move { backend.accounts().depart(SHELL, person, &none()).await.unwrap() });
        all.join_all().await;
        test.erased().await;
        test.sound().await;
        let owners = test
            .count(
                "select count(*) from lists where id = $1 and not exists
                 (select 1 from members where list_id = lists.id and role = 'owner')",
                list.as_bytes(),
            )
            .await;
        assert_eq!(owners, 0, "a list without an owner");
        assert!(test.admin().users("", None, 1).await.unwrap().people.is_empty());
    }
}

#[tokio::test]
async fn in_a_list_that_stays_they_are_somebody_who_left() {
    let test = TestBackend::new().await;
    let (_, ana) = anas_account(&test).await;
    let mut page = Page::new(test.backend.clone(), ana.visitor);
    let bob = comes(&test, &page, "bob", Role::Editor).await;
    let profile = Profile {
        name: PersonName::parse("Anastasia").unwrap(),
        colour: Colour::default(),
    };
    page.done(Command::Account(AccountCommand::SetProfile { profile }))
        .await;
    let named = "select count(*) from log where instr(changes, $1) > 0";
    assert!(test.count(named, b"Anastasia").await > 0);
    test.accounts()
        .depart(SHELL, ana.visitor.person(), &none())
        .await
        .unwrap();
    let list = bob.see().await;
    assert!(!list.members.contains_key(&ana.visitor.person()));
    let gone = test
        .count("select count(*) from persons where name = $1", GONE.as_bytes())
        .await;
    assert_eq!(gone, 1);
    test.erased().await;
    assert_eq!(test.count(named, b"Anastasia").await, 0);
    let catch_up = test
        .live()
        .changes(
            &bob.visitor,
            Some(&bob.cursor(Seq::ZERO)),
            backend::Filter::default(),
            std::time::Duration::ZERO,
        )
        .await
        .unwrap();
    for frame in catch_up {
        let text = String::from_utf8_lossy(frame.bytes()).into_owned();
        assert!(!text.contains("Anastasia"), "{text}");
    }
}
