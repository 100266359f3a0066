//! What a stream says beside the log, what of it a reader may leave out, and when it ends.

use std::time::Duration;

use backend::{Filter, Kinds, Visitor};
use domain::wire::{Beat, Ending};
use domain::{ClientId, Command, ListCommand, ListId, TaskId};
use serde_json::json;
use tokio::time::{Instant, timeout};

use crate::disk::on_disk;
use crate::world::{
    Page, TestBackend, add, aside, changes, fresh, hello, next, opening, rows, until, visitor,
};

fn beat(page: &Page) -> Beat {
    Beat {
        client: page.client,
        list: page.list,
        task: None,
        typing: false,
        gone: false,
    }
}

fn only(lists: impl IntoIterator<Item = ListId>) -> Filter {
    Filter {
        lists: Some(lists.into_iter().collect()),
        ..Filter::default()
    }
}

fn remove(list: ListId, who: &Visitor) -> Command {
    Command::List(list, ListCommand::RemoveMember { person: who.person() })
}

#[tokio::test]
async fn everyone_is_told_who_has_the_list_open_and_what_they_do_there() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let task = ana.add("Milk").await;
    let bob = test.member("bob", &ana).await;
    let mut hears = ana.stream(None).await;
    let _bobs = bob.stream(None).await;
    let here = json!({ "person": bob.visitor.person() });
    test.live().beat(&bob.visitor, &beat(&bob)).unwrap();
    assert_eq!(
        aside(&mut hears, "presence").await,
        json!({ "list": ana.list, "people": [here] })
    );
    test.live().beat(&bob.visitor, &beat(&bob)).unwrap(); // Nothing new: nothing is said.
    let typing = Beat {
        task: Some(task),
        typing: true,
        ..beat(&bob)
    };
    test.live().beat(&bob.visitor, &typing).unwrap();
    let there = json!({ "person": bob.visitor.person(), "task": task, "typing": true });
    assert_eq!(aside(&mut hears, "presence").await["people"], json!([there]));
    // One who comes later hears how things stand.
    let mut later = ana.stream(None).await;
    assert_eq!(aside(&mut later, "presence").await["people"], json!([there]));
    test.live()
        .beat(
            &bob.visitor,
            &Beat {
                gone: true,
                ..beat(&bob)
            },
        )
        .unwrap();
    assert_eq!(aside(&mut hears, "presence").await["people"], json!([]));
}

#[tokio::test]
async fn who_is_where_is_never_on_disk() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let bob = test.member("bob", &ana).await;
    let (mut hears, _bobs) = (ana.stream(None).await, bob.stream(None).await);
    opening(&mut hears).await;
    let head = async || test.lists().overview(&ana.visitor).await.unwrap().head;
    let before = head().await;
    let client = ClientId::from_bytes(*b"a page of Bob's.");
    test.live()
        .beat(&bob.visitor, &Beat { client, ..beat(&bob) })
        .unwrap();
    aside(&mut hears, "presence").await;
    assert_eq!(head().await, before);
    assert_eq!(on_disk(&test, client.as_bytes()), None);
    assert!(
        on_disk(&test, bob.client.as_bytes()).is_some(),
        "it looks where clients are kept"
    );
}

#[tokio::test]
async fn two_pages_of_one_person_are_one_and_the_one_that_says_more_counts() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let mut hears = ana.stream(None).await;
    test.live().beat(&ana.visitor, &beat(&ana)).unwrap();
    aside(&mut hears, "presence").await;
    let other = ana.another();
    let task = TaskId::from_bytes(fresh());
    let on_a_row = Beat {
        task: Some(task),
        ..beat(&other)
    };
    test.live().beat(&ana.visitor, &on_a_row).unwrap();
    let people = aside(&mut hears, "presence").await["people"].clone();
    assert_eq!(people, json!([{ "person": ana.visitor.person(), "task": task }]));
    // The page that says less speaks last, and nothing comes of it.
    test.live().beat(&ana.visitor, &beat(&ana)).unwrap();
    let typing = Beat {
        typing: true,
        ..on_a_row
    };
    test.live().beat(&ana.visitor, &typing).unwrap();
    let people = aside(&mut hears, "presence").await["people"].clone();
    assert_eq!(
        people,
        json!([{ "person": ana.visitor.person(), "task": task, "typing": true }])
    );
    test.live()
        .beat(
            &ana.visitor,
            &Beat {
                gone: true,
                ..on_a_row
            },
        )
        .unwrap();
    let people = aside(&mut hears, "presence").await["people"].clone();
    assert_eq!(people, json!([{ "person": ana.visitor.person() }]));
}

#[tokio::test]
async fn one_who_falls_silent_is_gone_after_fifteen_seconds() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let bob = test.member("bob", &ana).await;
    let (mut hears, _bobs) = (ana.stream(None).await, bob.stream(None).await);
    test.live().beat(&bob.visitor, &beat(&bob)).unwrap();
    aside(&mut hears, "presence").await;
    // From here on time goes as fast as it is waited for: nothing asks the database any more.
    tokio::time::pause();
    let began = Instant::now();
    assert_eq!(aside(&mut hears, "presence").await["people"], json!([]));
    let took = began.elapsed().as_secs();
    assert!((14..=17).contains(&took), "{took}");
}

#[tokio::test]
async fn a_stranger_and_one_who_was_removed_are_nowhere() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let bob = test.member("bob", &ana).await;
    let eve = test.page("eve");
    let mut hears = ana.stream(None).await;
    let (mut bobs, _eves) = (bob.stream(None).await, eve.stream(None).await);
    opening(&mut bobs).await;
    test.live()
        .beat(
            &eve.visitor,
            &Beat {
                list: ana.list,
                ..beat(&eve)
            },
        )
        .unwrap();
    test.live().beat(&bob.visitor, &beat(&bob)).unwrap();
    let people = aside(&mut hears, "presence").await["people"].clone();
    assert_eq!(people, json!([{ "person": bob.visitor.person() }]), "not Eve");
    ana.done(remove(ana.list, &bob.visitor)).await;
    assert_eq!(
        aside(&mut bobs, "gone").await,
        json!({ "list": ana.list, "reason": "removed" })
    );
    assert_eq!(
        aside(&mut hears, "presence").await["people"],
        json!([]),
        "without a word of his"
    );
    test.live().beat(&bob.visitor, &beat(&bob)).unwrap();
    test.live().beat(&ana.visitor, &beat(&ana)).unwrap();
    let people = aside(&mut hears, "presence").await["people"].clone();
    assert_eq!(people, json!([{ "person": ana.visitor.person() }]));
}

#[tokio::test]
async fn one_who_leaves_is_told_so_by_every_stream_and_those_hear_no_more() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let mut bob = test.member("bob", &ana).await;
    let mut bobs = bob.stream(None).await;
    opening(&mut bobs).await;
    let left = remove(ana.list, &bob.visitor);
    bob.done(left).await;
    assert_eq!(
        aside(&mut bobs, "gone").await,
        json!({ "list": ana.list, "reason": "left" })
    );
    ana.add("Secret").await;
    bob.list = bob.visitor.first_list();
    let seq = bob.done(add(bob.list, "Own").1).await;
    let heard = until(&mut bobs, seq).await;
    assert!(!format!("{heard:?}").contains("Secret"));
}

#[tokio::test]
async fn a_stream_that_is_narrowed_says_only_what_was_asked_for() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let since = ana.cursor(test.head().await);
    let mut bob = test.page("bob");
    bob.add("Bread").await;
    let code = test.code(&bob).await;
    let join = domain::AccountCommand::Join { list: bob.list, code };
    ana.done(Command::Account(join)).await;
    ana.add("Missed").await;
    // Those of one list, missed and live; of the other nothing.
    let (backend, visitor) = (&test.backend, ana.visitor);
    let mut narrow = backend
        .live()
        .subscribe(&visitor, Some(&since), only([bob.list]))
        .await
        .unwrap();
    let began = opening(&mut narrow).await;
    assert_eq!(
        hello(&began).lists.keys().copied().collect::<Vec<_>>(),
        [bob.list]
    );
    assert!(!format!("{began:?}").contains("Missed"));
    ana.add("Mine").await;
    bob.add("Theirs").await;
    let seq = bob.done(add(bob.list, "Last").1).await;
    let heard = format!("{:?}", until(&mut narrow, seq).await);
    assert!(heard.contains("Theirs") && !heard.contains("Mine"), "{heard}");
    // No changes at all: only how far things have come.
    let quiet = Filter {
        kinds: Kinds::PRESENCE,
        ..Filter::default()
    };
    let mut quiet = backend
        .live()
        .subscribe(&visitor, Some(&since), quiet)
        .await
        .unwrap();
    let began = opening(&mut quiet).await;
    assert!(rows(&began).is_empty() && began.len() == 2, "{began:?}");
    ana.add("Unheard").await;
    assert!(
        timeout(Duration::from_millis(100), next(&mut quiet))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_narrowed_stream_hears_of_its_list_from_the_moment_of_joining() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let bob = test.page("bob");
    let filter = only([ana.list]);
    let mut stream = test.live().subscribe(&bob.visitor, None, filter).await.unwrap();
    assert!(hello(&opening(&mut stream).await).lists.is_empty());
    let _ = test.member("bob", &ana).await;
    let seq = ana.done(add(ana.list, "Bread").1).await;
    let heard = until(&mut stream, seq).await;
    let added = |change: &&&domain::Change| matches!(change, domain::Change::TaskAdded { .. });
    assert_eq!(
        changes(&heard).iter().filter(added).count(),
        1,
        "of Bob's own list, which is new too, nothing: {heard:?}"
    );
}

#[tokio::test]
async fn a_session_that_ends_ends_every_stream_of_its_person_and_opens_nothing_any_more() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let bob = test.member("bob", &ana).await;
    let (mut first, mut second) = (bob.stream(None).await, bob.stream(None).await);
    let mut anas = ana.stream(None).await;
    for stream in [&mut first, &mut second, &mut anas] {
        opening(stream).await;
    }
    test.accounts().end_session(&bob.visitor).await.unwrap();
    for stream in [&mut first, &mut second] {
        assert_eq!(aside(stream, "gone").await, json!({ "reason": "session_ended" }));
        assert_eq!(stream.next().await, None);
        assert_eq!(stream.ending(), Some(Ending::SessionEnded));
    }
    assert!(test.accounts().has_ended(&bob.visitor));
    assert_eq!(bob.stream(None).await.next().await, None);
    let seq = ana.done(add(ana.list, "Bread").1).await;
    assert_eq!(rows(&until(&mut anas, seq).await).len(), 1, "Ana's go on");
    drop((ana, bob, first, second, anas));
    let test = test.reopen(|_| {}).await;
    assert!(test.accounts().has_ended(&visitor("bob")) && !test.accounts().has_ended(&visitor("ana")));
    test.accounts().end_session(&visitor("bob")).await.unwrap();
}

#[tokio::test]
async fn a_second_look_finds_what_the_hub_was_never_told() {
    let test = TestBackend::with(|config| config.second_look = Duration::from_millis(20)).await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let bob = test.member("bob", &ana).await;
    let mut bobs = bob.stream(None).await;
    opening(&mut bobs).await;
    // As if a membership had gone by a way that tells nobody.
    test.behind_its_back("delete from members where role <> 'owner'")
        .await;
    let said = next(&mut bobs).await; // The heartbeat after reading on.
    assert_eq!(said.event(), "heartbeat");
    ana.add("Secret").await;
    let silent = timeout(Duration::from_millis(200), next(&mut bobs)).await;
    assert!(silent.is_err(), "{silent:?}");
}

#[tokio::test]
async fn presence_is_bounded_for_one_person_in_one_list() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let mut hears = ana.stream(None).await;
    let page = |task| Beat {
        client: ClientId::from_bytes(fresh()),
        task,
        ..beat(&ana)
    };
    let pages: Vec<Beat> = (0..1_000).map(|_| page(None)).collect();
    for page in &pages {
        test.live().beat(&ana.visitor, page).unwrap();
    }
    let people = aside(&mut hears, "presence").await["people"].clone();
    assert_eq!(people, json!([{ "person": ana.visitor.person() }]));
    // One more is not taken in, and says nothing; the first still does.
    let task = || TaskId::from_bytes(fresh());
    test.live().beat(&ana.visitor, &page(Some(task()))).unwrap();
    let first = Beat {
        task: Some(task()),
        ..pages[0]
    };
    test.live().beat(&ana.visitor, &first).unwrap();
    let people = aside(&mut hears, "presence").await["people"].clone();
    assert_eq!(
        people,
        json!([{ "person": ana.visitor.person(), "task": first.task }])
    );
}

#[tokio::test]
async fn those_who_ask_for_it_are_told_in_words_what_others_do() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    let mut bob = test.member("bob", &ana).await;
    let asking = Filter {
        kinds: Kinds::NOTICE,
        ..Filter::default()
    };
    let (mut anas, mut plain) = (
        test.live()
            .subscribe(&ana.visitor, None, asking.clone())
            .await
            .unwrap(),
        ana.stream(None).await,
    );
    let mut bobs = test.live().subscribe(&bob.visitor, None, asking).await.unwrap();
    let task = bob.add("Bread \"fresh\"").await;
    let notice = aside(&mut anas, "notice").await;
    assert_eq!(
        (&notice["list"], &notice["task"], &notice["actor"]),
        (&json!(ana.list), &json!(task), &json!(bob.visitor.person()))
    );
    let sentence = notice["sentence"].as_str().unwrap();
    assert!(sentence.ends_with(" added “Bread \"fresh\"”"), "{sentence}");
    let seq = ana.done(add(ana.list, "Tea").1).await;
    assert!(
        aside(&mut bobs, "notice").await["sentence"]
            .to_string()
            .contains("“Tea”")
    );
    // One is not told of oneself, and one who did not ask is told the rows alone.
    until(&mut plain, seq).await;
    assert!(anas.next_now().is_none() && bobs.next_now().is_none());
}
