//! Share links: what each lets in, how long, how many, and how it ends.

use backend::{Error, Terms};
use domain::wire::Outcome;
use domain::{AccountCommand, Change, Command, LinkId, ListCommand, ListId, Refusal, Role, Timestamp, Topic};

use crate::disk::on_disk;
use crate::world::{Page, TestBackend, fresh, opening, rows, until, visitor};

const NOW: Timestamp = Timestamp(1_800_000_000_000);

pub(crate) fn join(list: ListId, code: &str) -> Command {
    let code = code.to_owned();
    Command::Account(AccountCommand::Join { list, code })
}

pub(crate) fn to(role: Role) -> Terms {
    Terms {
        role,
        ..Terms::default()
    }
}

pub(crate) fn refusal<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Refusal {
    match outcome {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

impl TestBackend {
    /// The code of a new link to the list of `host`, as their page makes one.
    pub(crate) async fn code(&self, host: &Page) -> String {
        let made = self
            .backend
            .lists()
            .make_link(&host.visitor, host.list, Terms::default());
        made.await.unwrap().code
    }

    pub(crate) async fn made(&self, by: &Page, terms: Terms) -> (LinkId, String) {
        let made = self
            .backend
            .lists()
            .make_link(&by.visitor, by.list, terms)
            .await
            .unwrap();
        (made.link, made.code)
    }

    pub(crate) async fn by(&self, name: &str, host: &Page, code: &str) -> Page {
        let mut page = self.page(name);
        page.done(join(host.list, code)).await;
        page.list = host.list;
        page
    }

    pub(crate) async fn role(&self, host: &Page, of: &Page) -> Option<Role> {
        host.see().await.role(of.visitor.person())
    }
}

#[tokio::test]
async fn a_link_lets_in_as_what_it_says_and_a_better_one_lifts() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let (viewers, editors) = (
        test.made(&ana, to(Role::Viewer)).await,
        test.made(&ana, to(Role::Editor)).await,
    );
    let mut ben = test.by("ben", &ana, &viewers.1).await;
    assert_eq!(test.role(&ana, &ben).await, Some(Role::Viewer));
    let rename = ListCommand::ClearCompleted {};
    assert_eq!(ben.refused(Command::List(ana.list, rename)).await, "read_only");
    ben.done(join(ana.list, &editors.1)).await;
    assert_eq!(test.role(&ana, &ben).await, Some(Role::Editor));
    ben.add("From Ben").await;
    let head = test.head().await;
    ben.done(join(ana.list, &viewers.1)).await;
    assert_eq!(test.role(&ana, &ben).await, Some(Role::Editor));
    assert_eq!(test.head().await, head, "it changes nothing");
    // He is what he is by the better one.
    let links = test.lists().links(&ana.visitor, ana.list).await.unwrap().links;
    let came = |id: LinkId| links.iter().find(|(link, _)| link.id == id).unwrap().clone();
    assert_eq!(came(viewers.0).1, []);
    assert_eq!(came(editors.0).1, [ben.visitor.person()]);
    assert_eq!((came(viewers.0).0.uses, came(editors.0).0.uses), (1, 1));
    test.sound().await;
}

#[tokio::test]
async fn no_link_is_made_by_those_who_may_not_and_missing_and_forbidden_answer_alike() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    ana.add("Milk").await;
    for list in [ana.list, ListId::from_bytes(fresh())] {
        let made = test
            .lists()
            .make_link(&visitor("ben"), list, Terms::default())
            .await;
        assert_eq!(refusal(made.map(|made| made.link)), Refusal::NotFound);
        let links = test.lists().links(&visitor("ben"), list).await;
        assert_eq!(refusal(links), Refusal::NotFound);
    }
    let (_, code) = test.made(&ana, to(Role::Viewer)).await;
    let ben = test.by("ben", &ana, &code).await;
    let made = test
        .lists()
        .make_link(&ben.visitor, ana.list, to(Role::Viewer))
        .await;
    assert_eq!(refusal(made.map(|made| made.link)), Refusal::ReadOnly);
    assert!(
        test.lists()
            .links(&ben.visitor, ana.list)
            .await
            .unwrap()
            .links
            .is_empty()
    );
    let own = test
        .lists()
        .make_link(&ana.visitor, ana.list, to(Role::Owner))
        .await;
    assert_eq!(refusal(own.map(|made| made.link)), Refusal::OwnerOnly);
}

#[tokio::test]
async fn an_editor_sees_and_ends_the_links_they_made_and_no_other() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let ben = test.member("ben", &ana).await;
    let (of_ana, of_ben) = (
        test.made(&ana, Terms::default()).await.0,
        test.made(&ben, Terms::default()).await.0,
    );
    let seen = test.lists().links(&ben.visitor, ana.list).await.unwrap().links;
    assert_eq!(seen.iter().map(|(link, _)| link.id).collect::<Vec<_>>(), [of_ben]);
    let revoke = |link, and_remove| test.lists().revoke_link(&ben.visitor, ana.list, link, and_remove);
    assert_eq!(refusal(revoke(of_ana, false).await), Refusal::OwnerOnly);
    assert_eq!(refusal(revoke(of_ben, true).await), Refusal::OwnerOnly);
    assert_eq!(revoke(of_ben, false).await.unwrap(), []);
    // Of another list's link nobody learns anything.
    let carla = test.page("carla");
    let (elsewhere, _) = test.made(&carla, Terms::default()).await;
    let revoked = test
        .lists()
        .revoke_link(&ana.visitor, ana.list, elsewhere, false)
        .await;
    assert_eq!(refusal(revoked), Refusal::NotFound);
    assert!(
        test.lists()
            .links(&carla.visitor, carla.list)
            .await
            .unwrap()
            .links[0]
            .0
            .revoked
            .is_none()
    );
}

#[tokio::test]
async fn a_link_works_until_its_time_is_over() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let terms = Terms {
        expires: Some(Timestamp(NOW.0 + 1_000)),
        ..Terms::default()
    };
    let (_, code) = test.made(&ana, terms).await;
    test.config.clock.set(Timestamp(NOW.0 + 999));
    let mut ben = test.by("ben", &ana, &code).await;
    test.config.clock.set(Timestamp(NOW.0 + 1_000));
    let mut carla = test.page("carla");
    assert_eq!(carla.refused(join(ana.list, &code)).await, "link_invalid");
    // Who is in already is not sent away at the door.
    ben.done(join(ana.list, &code)).await;
    test.sound().await;
}

#[tokio::test]
async fn of_many_who_come_at_once_a_link_lets_in_exactly_as_many_as_it_may() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let terms = Terms {
        most_uses: Some(7),
        ..Terms::default()
    };
    let (id, code) = test.made(&ana, terms).await;
    let mut coming = tokio::task::JoinSet::new();
    for number in 0..40 {
        let (mut page, command) = (test.page(&format!("guest {number}")), join(ana.list, &code));
        coming.spawn(async move {
            let first = page.ask(command.clone()).await.unwrap();
            (first, page.ask(command).await.unwrap())
        });
    }
    let (mut let_in, mut sent_away) = (0, 0);
    while let Some(outcomes) = coming.join_next().await {
        match outcomes.unwrap() {
            (Outcome::Done { .. }, Outcome::Done { .. }) => let_in += 1,
            (Outcome::Refused { code, .. }, Outcome::Refused { .. }) => {
                assert_eq!(code, "link_invalid");
                sent_away += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((let_in, sent_away), (7, 33));
    assert_eq!(ana.see().await.members.len(), 8);
    let links = test.lists().links(&ana.visitor, ana.list).await.unwrap().links;
    assert_eq!((links[0].0.id, links[0].0.uses), (id, 7));
    test.sound().await;
}

#[tokio::test]
async fn who_leaves_and_comes_back_is_counted_once_also_within_one_push() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let terms = Terms {
        most_uses: Some(2),
        ..Terms::default()
    };
    let (_, code) = test.made(&ana, terms).await;
    let ben = test.page("ben");
    let person = ben.visitor.person();
    let leave = Command::List(ana.list, ListCommand::RemoveMember { person });
    let join = join(ana.list, &code);
    let steps = [join.clone(), leave.clone(), join.clone(), leave, join];
    let push = ben.push((1..).zip(steps));
    ben.send(push).await;
    assert_eq!(test.role(&ana, &ben).await, Some(Role::Editor));
    let links = test.lists().links(&ana.visitor, ana.list).await.unwrap().links;
    assert_eq!((links[0].0.uses, &links[0].1[..]), (1, &[person][..]));
    test.by("carla", &ana, &code).await;
    let mut dora = test.page("dora");
    assert_eq!(
        dora.refused(Command::Account(AccountCommand::Join { list: ana.list, code }))
            .await,
        "link_invalid"
    );
    test.sound().await;
}

#[tokio::test]
async fn with_a_link_goes_who_came_by_it_and_their_streams_hear_no_more() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let (id, code) = test.made(&ana, Terms::default()).await;
    let mut ben = test.by("ben", &ana, &code).await;
    let dora = test.by("dora", &ana, &code).await;
    let carla = test.member("carla", &ana).await;
    test.lists()
        .set_role(&ana.visitor, ana.list, dora.visitor.person(), Role::Owner)
        .await
        .unwrap();
    let mut stream = ben.stream(None).await;
    opening(&mut stream).await;
    let removed = test
        .lists()
        .revoke_link(&ana.visitor, ana.list, id, true)
        .await
        .unwrap();
    assert_eq!(
        removed,
        [ben.visitor.person()],
        "an owner stays, and who came otherwise"
    );
    let head = test.head().await;
    let events = until(&mut stream, head).await;
    let heard = rows(&events);
    assert!(
        heard
            .iter()
            .any(|row| row.topic == Topic::Person(ben.visitor.person())
                && matches!(row.changes[..], [Change::ListLeft { .. }]))
    );
    assert_eq!(ben.refused(join(ana.list, &code)).await, "link_invalid");
    assert_eq!(
        refusal(test.lists().snapshot(&ben.visitor, ana.list, None).await),
        Refusal::NotFound
    );
    ana.add("Unheard").await;
    for (page, role) in [
        (&carla, Some(Role::Editor)),
        (&dora, Some(Role::Owner)),
        (&ben, None),
    ] {
        assert_eq!(test.role(&ana, page).await, role);
    }
    let again = test.lists().revoke_link(&ana.visitor, ana.list, id, true).await;
    assert_eq!(again.unwrap(), []);
    test.sound().await;
    let list = ana.list;
    drop((ana, ben, carla, dora, stream));
    let test = test.reopen(|_| {}).await;
    for name in ["ben", "eve"] {
        let refused = test.page(name).refused(join(list, &code)).await;
        assert_eq!(refused, "link_invalid", "{name}");
    }
    test.sound().await;
}

#[tokio::test]
async fn who_joins_while_a_link_is_revoked_is_out_or_was_never_in() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    for round in 0..20 {
        let (id, code) = test.made(&ana, Terms::default()).await;
        let mut coming = tokio::task::JoinSet::new();
        for number in 0..4 {
            let (mut page, command) = (test.page(&format!("{round} {number}")), join(ana.list, &code));
            coming.spawn(async move { page.ask(command).await.map(drop) });
        }
        let (backend, visitor, list) = (test.backend.clone(), ana.visitor, ana.list);
        coming.spawn(async move {
            backend
                .lists()
                .revoke_link(&visitor, list, id, true)
                .await
                .map(drop)
        });
        while let Some(outcome) = coming.join_next().await {
            outcome.unwrap().unwrap();
        }
        assert_eq!(ana.see().await.members.len(), 1);
    }
    test.sound().await;
}

#[tokio::test]
async fn the_links_of_who_is_taken_out_or_may_only_look_let_nobody_in() {
    let test = TestBackend::new().await;
    let mut ana = test.page("ana");
    let mut ben = test.member("ben", &ana).await;
    let (_, code) = test.made(&ben, Terms::default()).await;
    let person = ben.visitor.person();
    let set = |role| test.lists().set_role(&ana.visitor, ana.list, person, role);
    set(Role::Viewer).await.unwrap();
    let mut carla = test.page("carla");
    assert_eq!(carla.refused(join(ana.list, &code)).await, "link_invalid");
    set(Role::Editor).await.unwrap();
    test.by("dora", &ana, &code).await;
    ana.done(Command::List(ana.list, ListCommand::RemoveMember { person }))
        .await;
    assert_eq!(carla.refused(join(ana.list, &code)).await, "link_invalid");
    assert_eq!(
        ben.refused(join(ana.list, &code)).await,
        "link_invalid",
        "nor themselves"
    );
    test.sound().await;
}

#[tokio::test]
async fn no_secret_of_a_link_is_on_disk() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let (_, code) = test.made(&ana, Terms::default()).await;
    test.by("ben", &ana, &code).await;
    // As it is handed on, and as the 32 bytes that it stands for.
    let (text, bytes) = (code.as_bytes()[22..].to_vec(), decoded(&code)[16..].to_vec());
    for secret in [&text[..16], &bytes[..16]] {
        assert_eq!(on_disk(&test, secret), None);
    }
}

fn decoded(code: &str) -> Vec<u8> {
    let digits = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain("-_".chars());
    let digits: Vec<char> = digits.collect();
    let values = code
        .chars()
        .map(|c| digits.iter().position(|digit| *digit == c).unwrap());
    let bits: Vec<usize> = values
        .flat_map(|value| (0..6).rev().map(move |bit| value >> bit & 1))
        .collect();
    let byte = |bits: &[usize]| bits.iter().fold(0, |byte, bit| byte << 1 | *bit as u8);
    bits.chunks_exact(8).map(byte).collect()
}

#[tokio::test]
async fn a_list_has_so_many_links_and_those_that_are_over_do_not_count() {
    let test = TestBackend::new().await;
    let ana = test.page("ana");
    let short = Terms {
        expires: Some(Timestamp(NOW.0 + 1)),
        ..Terms::default()
    };
    test.made(&ana, short).await;
    test.config.clock.set(Timestamp(NOW.0 + 1));
    for _ in 0..domain::Link::MOST {
        test.made(&ana, Terms::default()).await;
    }
    let one_more = test
        .lists()
        .make_link(&ana.visitor, ana.list, Terms::default())
        .await;
    assert!(matches!(one_more, Err(Error::TooManyLinks)));
}
