//! What the client promises and no history of the simulator shows: rare, or only there in case a promise is broken elsewhere.
#![expect(
    clippy::unwrap_used,
    reason = "what a test is given parses, and what it asks for is there"
)]

use domain::sync::{Client, Pending, Production, Progress};
use domain::wire::{
    Answer, Asked, Event, Heading, Heartbeat, Hello, MOST_COMMANDS, Outcome, Reply, Reset, Snapshot, WIRE,
};
use domain::{
    Account, Change, ClientId, Colour, Command, CommandSeq, Epoch, List, ListCommand, ListId, ListName,
    Member, PersonId, PersonName, Place, Profile, Role, Row, Seq, TaskId, Timestamp, Title, Topic, Version,
};

const ME: PersonId = PersonId::from_bytes([1; 16]);
const HOME: ListId = ListId::from_bytes([2; 16]);
const PAGE: ClientId = ClientId::from_bytes([3; 16]);
const GONE: ClientId = ClientId::from_bytes([4; 16]);
const FRESH: ClientId = ClientId::from_bytes([5; 16]);

fn epoch(text: &str) -> Epoch {
    Epoch::parse(text).unwrap()
}

fn profile() -> Profile {
    Profile {
        name: PersonName::parse("Ana").unwrap(),
        colour: Colour::default(),
    }
}

/// In one list, which is at that version at the head.
fn hello(epoch_name: &str, seq: u64, head: u64, version: u64) -> Hello {
    let heading = Heading {
        name: ListName::parse("Home").unwrap(),
        role: Role::Owner,
        version: Version(version),
        open: 0,
    };
    Hello {
        wire: WIRE,
        epoch: epoch(epoch_name),
        seq: Seq(seq),
        head: Seq(head),
        heartbeat: 20,
        account: Account {
            person: ME,
            version: Version(1),
            profile: profile(),
            lists: [(HOME, Role::Owner)].into_iter().collect(),
        },
        lists: [(HOME, heading)].into_iter().collect(),
    }
}

fn snapshot(epoch_name: &str, seq: u64, version: u64) -> Snapshot {
    let mut list = List::new(HOME, ListName::parse("Home").unwrap());
    list.version = Version(version);
    let (role, profile) = (Role::Owner, profile());
    list.members.insert(ME, Member { role, profile });
    Snapshot {
        epoch: epoch(epoch_name),
        seq: Seq(seq),
        whole: true,
        list,
    }
}

fn row(seq: u64, version: u64, topic: Topic, change: Change) -> Event {
    Event::Change(Row {
        seq: Seq(seq),
        topic,
        version: Version(version),
        actor: ME,
        client: None,
        command_seq: None,
        at: Timestamp(1),
        changes: vec![change],
    })
}

fn renamed(seq: u64, version: u64) -> Event {
    let name = ListName::parse(&format!("Home {version}")).unwrap();
    row(seq, version, Topic::List(HOME), Change::ListRenamed { name })
}

/// A page that has its list, as of row 10.
fn page() -> Client {
    let mut client = Client::new(Production, PAGE, hello("a", 10, 10, 5));
    client.open(HOME);
    client.on_snapshot(snapshot("a", 10, 5));
    assert!(client.is_ready(HOME));
    client
}

fn add(number: u8) -> Command {
    let task = TaskId::from_bytes([number; 16]);
    let title = Title::parse("Milk").unwrap();
    Command::List(HOME, ListCommand::add(task, Place::End, title))
}

fn orphan(command_seq: u64, progress: Progress) -> Pending {
    Pending {
        client: GONE,
        command_seq: CommandSeq(command_seq),
        command: add(command_seq as u8),
        asked: Timestamp(command_seq),
        progress,
    }
}

fn done(command_seq: u64, at: u64) -> Answer {
    Answer {
        command_seq: CommandSeq(command_seq),
        outcome: Outcome::Done { at: Seq(at) },
    }
}

fn answered(answers: Vec<Answer>, expected: Option<u64>) -> Reply {
    Reply::Answered {
        epoch: epoch("a"),
        answers,
        expected: expected.map(CommandSeq),
    }
}

/// What would be sent: a number, or its negative for a blank.
fn sent(client: &Client) -> Vec<i64> {
    let numbered = client.push().map(|push| push.commands).unwrap_or_default();
    let number = |command_seq: CommandSeq, command: &Asked| match command {
        Asked::Readable(_) => command_seq.0 as i64,
        Asked::Unreadable => -(command_seq.0 as i64),
    };
    numbered
        .iter()
        .map(|numbered| number(numbered.command_seq, &numbered.command))
        .collect()
}

#[test]
fn a_page_of_events_that_begins_another_lifetime_has_the_stream_opened_anew() {
    let mut client = page();
    let delta = client.on_page(&epoch("a"), vec![Event::Hello(hello("b", 3, 3, 2))]);
    assert!(delta.reconnect);
    client.on_snapshot(snapshot("b", 3, 2));
    client.on_event(renamed(11, 3)); // Of the lifetime before.
    assert_eq!(
        (client.cursor(), client.list(HOME).unwrap().version),
        (Seq(3), Version(2))
    );
    client.on_event(Event::Hello(hello("b", 3, 3, 2)));
    client.on_event(renamed(4, 3));
    assert_eq!(client.list(HOME).unwrap().version, Version(3));
}

#[test]
fn a_reset_without_a_hello_has_the_stream_opened_anew() {
    let mut client = page();
    let reset = Reset {
        reason: "cursor_too_old".to_owned(),
        seq: Seq(20),
        lists: vec![HOME],
    };
    assert!(client.on_event(Event::Reset(reset)).reconnect);
    assert_eq!(client.wanted(), [HOME]);
}

#[test]
fn a_row_of_ones_own_that_is_missing_has_the_stream_opened_anew() {
    let mut client = page();
    let change = Change::ProfileSet { profile: profile() };
    assert!(client.on_event(row(13, 3, Topic::Person(ME), change)).reconnect);
}

#[test]
fn a_push_to_another_lifetime_has_the_stream_opened_anew() {
    let mut client = page();
    let other = |name| Reply::OtherEpoch { epoch: epoch(name) };
    assert!(client.on_reply(PAGE, other("b"), FRESH).reconnect);
    assert!(!client.on_reply(PAGE, other("a"), FRESH).reconnect);
}

#[test]
fn a_list_that_was_not_open_can_be_loaded_after_a_restore_has_shortened_the_log() {
    let mut client = Client::new(Production, PAGE, hello("a", 10, 10, 5));
    client.on_event(Event::Hello(hello("b", 3, 3, 2)));
    client.open(HOME);
    client.on_snapshot(snapshot("b", 3, 2));
    assert!(client.is_ready(HOME));
}

#[test]
fn a_snapshot_from_before_the_list_was_opened_is_not_enough() {
    let mut client = Client::new(Production, PAGE, hello("a", 10, 10, 5));
    client.on_event(renamed(11, 6)); // Not kept: the list is not open.
    client.open(HOME);
    client.on_snapshot(snapshot("a", 10, 5));
    assert_eq!((client.is_ready(HOME), client.wanted()), (false, vec![HOME]));
    client.on_snapshot(snapshot("a", 11, 6));
    assert!(client.is_ready(HOME));
}

#[test]
fn a_snapshot_from_long_before_is_enough_where_the_list_did_not_change_since() {
    let mut client = Client::new(Production, PAGE, hello("a", 30, 30, 5));
    client.open(HOME);
    client.on_snapshot(snapshot("a", 9, 4));
    assert!(!client.is_ready(HOME), "a change is missing");
    client.on_snapshot(snapshot("a", 10, 5));
    assert!(client.is_ready(HOME));
    client.on_event(renamed(31, 6));
    assert!(client.is_ready(HOME));
    assert_eq!(client.list(HOME).unwrap().name.as_str(), "Home 6");
}

#[test]
fn events_in_one_come_to_the_same_as_one_by_one() {
    let mut client = page();
    client.ask(add(20), Timestamp(1)).unwrap();
    let events: Vec<Event> = (1..=5).map(|n| renamed(10 + n, 5 + n)).collect();
    let mut one_by_one = client.clone();
    for event in events.clone() {
        one_by_one.on_event(event);
    }
    let delta = client.on_events(events);
    assert_eq!(delta.news.len(), 5);
    assert_eq!(client.list(HOME), one_by_one.list(HOME));
    assert_eq!(client.confirmed(HOME), one_by_one.confirmed(HOME));
    assert_eq!(
        (client.cursor(), client.pending()),
        (Seq(15), one_by_one.pending())
    );
}

#[test]
fn what_is_asked_on_top_of_much_predicts_only_itself_and_comes_to_the_same() {
    let mut client = page();
    client.ask(add(20), Timestamp(1)).unwrap();
    let rename = |name: &str| {
        let name = ListName::parse(name).unwrap();
        Command::List(HOME, ListCommand::Rename { name })
    };
    client.ask(rename("Groceries"), Timestamp(2)).unwrap();
    let (_, delta) = client.ask(add(21), Timestamp(3)).unwrap();
    let touched = delta.lists.get(&HOME).unwrap();
    assert!(
        touched
            .tasks
            .iter()
            .all(|task| *task == TaskId::from_bytes([21; 16]))
    );
    assert!(!touched.heading && !delta.account);
    let asked = client.clone();
    client.on_events(Vec::new()); // Takes everything off, and predicts it again.
    assert_eq!(client.list(HOME), asked.list(HOME));
    assert_eq!(client.confirmed(HOME), asked.confirmed(HOME));
    assert_eq!(
        (client.account(), client.pending()),
        (asked.account(), asked.pending())
    );
}

#[test]
fn a_snapshot_from_an_earlier_stay_is_not_enough() {
    let mut client = page();
    let (mine, role) = (Topic::Person(ME), Role::Editor);
    client.on_event(row(11, 2, mine, Change::ListLeft { list: HOME }));
    client.on_event(row(12, 3, mine, Change::ListJoined { list: HOME, role }));
    client.on_snapshot(snapshot("a", 10, 5));
    assert_eq!((client.is_ready(HOME), client.wanted()), (false, vec![HOME]));
    client.on_snapshot(snapshot("a", 13, 7));
    assert!(client.is_ready(HOME));
}

#[test]
fn a_hole_in_what_waits_for_a_snapshot_is_a_hole() {
    let mut client = Client::new(Production, PAGE, hello("a", 10, 10, 5));
    client.open(HOME);
    client.on_event(renamed(11, 6));
    client.on_event(renamed(13, 8));
    client.on_snapshot(snapshot("a", 10, 5));
    assert_eq!((client.is_ready(HOME), client.wanted()), (false, vec![HOME]));
    client.on_snapshot(snapshot("a", 12, 7)); // Not far enough: row 13 is not in it.
    assert!(!client.is_ready(HOME));
    client.on_snapshot(snapshot("a", 13, 8));
    assert!(client.is_ready(HOME));
}

#[test]
fn a_list_that_is_ahead_of_the_stream_is_not_fetched_again_when_the_stream_leaps() {
    let mut client = page();
    client.on_snapshot(snapshot("a", 30, 9));
    client.on_event(Event::Hello(hello("a", 20, 20, 7)));
    assert!(client.is_ready(HOME));
    client.on_event(Event::Hello(hello("a", 40, 40, 12)));
    assert_eq!(client.wanted(), [HOME]);
}

#[test]
fn a_heartbeat_that_knows_of_more_has_the_list_fetched() {
    let mut client = page();
    client.on_event(Event::Heartbeat(Heartbeat {
        seq: Seq(11),
        versions: [(HOME, Version(6))].into_iter().collect(),
    }));
    assert_eq!(client.wanted(), [HOME]);
}

#[test]
fn a_first_page_is_shown_until_the_rest_is_here_and_never_in_place_of_more() {
    let first = |version| Snapshot {
        whole: false,
        ..snapshot("a", 10, version)
    };
    let mut client = Client::new(Production, PAGE, hello("a", 10, 10, 5));
    client.on_snapshot(first(5));
    assert_eq!(
        (
            client.list(HOME).is_some(),
            client.is_ready(HOME),
            client.wanted()
        ),
        (true, false, vec![HOME])
    );
    client.on_snapshot(snapshot("a", 10, 5));
    assert!(client.is_ready(HOME));
    client.on_snapshot(Snapshot {
        seq: Seq(11),
        ..first(6)
    });
    assert_eq!(
        (client.is_ready(HOME), client.list(HOME).unwrap().version),
        (true, Version(5))
    );
    client.on_event(Event::Hello(hello("a", 20, 20, 9))); // It is to be fetched again, and shown meanwhile.
    client.on_snapshot(Snapshot {
        seq: Seq(20),
        ..first(9)
    });
    assert_eq!(client.list(HOME).unwrap().version, Version(5));
}

#[test]
fn what_earlier_pages_left_goes_first_and_each_page_in_its_order() {
    let mut client = page();
    client.ask(add(9), Timestamp(9)).unwrap();
    // By halves, as their epochs differ: the later half first.
    client.adopt(ME, vec![orphan(3, Progress::Unanswered)], &epoch("a"));
    let earlier = vec![
        orphan(1, Progress::Answered(Seq(2))),
        orphan(2, Progress::Unanswered),
    ];
    client.adopt(ME, earlier, &epoch("before"));
    assert_eq!(
        (client.push().unwrap().client, sent(&client)),
        (GONE, vec![1, 2, 3])
    );
    let delta = client.on_reply(
        GONE,
        answered(vec![done(1, 11), done(2, 11), done(3, 11)], None),
        FRESH,
    );
    assert_eq!(delta.answered.len(), 3);
    assert_eq!((client.push().unwrap().client, sent(&client)), (PAGE, vec![1]));
}

#[test]
fn what_a_page_finds_of_its_own_it_does_not_ask_twice() {
    let mut client = page();
    client.ask(add(1), Timestamp(1)).unwrap();
    let own = |number: u64| Pending {
        client: PAGE,
        ..orphan(number, Progress::Unanswered)
    };
    client.adopt(ME, vec![own(1), own(7)], &epoch("a"));
    assert_eq!(sent(&client), [1]);
}

#[test]
fn a_number_without_a_command_is_sent_as_a_blank_where_the_server_waits_for_it() {
    let mut client = page();
    client.adopt(
        ME,
        vec![orphan(3, Progress::Unanswered), orphan(5, Progress::Unanswered)],
        &epoch("a"),
    );
    assert_eq!(sent(&client), [3, -4, 5]);
    client.on_reply(GONE, answered(vec![], Some(2)), FRESH);
    assert_eq!(sent(&client), [-2, 3, -4, 5]);
    let malformed = |command_seq| Answer {
        command_seq: CommandSeq(command_seq),
        outcome: domain::Refusal::Malformed.into(),
    };
    let delta = client.on_reply(
        GONE,
        answered(vec![malformed(2), done(3, 11), malformed(4), done(5, 11)], None),
        FRESH,
    );
    assert_eq!(
        (delta.answered.len(), delta.refused.len(), client.unanswered()),
        (2, 0, 0)
    );
}

#[test]
fn more_blanks_than_fit_in_a_push_go_in_several() {
    let mut client = page();
    let last = MOST_COMMANDS as u64 * 2 + 1;
    client.adopt(
        ME,
        vec![Pending {
            command_seq: CommandSeq(last),
            ..orphan(1, Progress::Unanswered)
        }],
        &epoch("before"),
    );
    client.on_reply(GONE, Reply::Expired { epoch: epoch("a") }, FRESH); // Of before a restore: nothing is given up.
    let mut pushes = Vec::new();
    while let Some(push) = client.push() {
        let refused = |command_seq: &CommandSeq| *command_seq < CommandSeq(last);
        let answers = push.commands.iter().map(|numbered| Answer {
            command_seq: numbered.command_seq,
            outcome: if refused(&numbered.command_seq) {
                domain::Refusal::Malformed.into()
            } else {
                Outcome::Done { at: Seq(11) }
            },
        });
        let answers = answers.collect();
        pushes.push(push.commands.len());
        client.on_reply(GONE, answered(answers, None), FRESH);
    }
    assert_eq!(pushes, [MOST_COMMANDS, MOST_COMMANDS, 1]);
}

#[test]
fn a_command_that_something_on_the_way_refuses_is_given_up_alone_and_its_number_goes_on_blank() {
    let mut client = page();
    for number in 1..=4 {
        client.ask(add(number), Timestamp(1)).unwrap();
    }
    let delta = client.refuse(PAGE, CommandSeq(1), "Something refused this.".to_owned());
    let [(PAGE, CommandSeq(1), refused)] = delta.refused.as_slice() else {
        panic!("{:?}", delta.refused);
    };
    assert_eq!(refused.command, add(1));
    assert_eq!(
        (refused.code.as_str(), refused.sentence.as_str()),
        ("stopped", "Something refused this.")
    );
    assert_eq!(sent(&client), [-1, 2, 3, 4]);
    client.refuse(PAGE, CommandSeq(3), String::new());
    assert_eq!(sent(&client), [-1, 2, -3, 4]);
    // What is answered already, or was never asked, is not given up.
    assert!(
        client
            .refuse(PAGE, CommandSeq(9), String::new())
            .refused
            .is_empty()
    );
    let malformed = |command_seq| Answer {
        command_seq: CommandSeq(command_seq),
        outcome: domain::Refusal::Malformed.into(),
    };
    client.on_reply(
        PAGE,
        answered(vec![malformed(1), done(2, 11), malformed(3)], None),
        FRESH,
    );
    assert_eq!(sent(&client), [4]);
    assert!(
        client
            .refuse(PAGE, CommandSeq(2), String::new())
            .refused
            .is_empty()
    );
    client.on_reply(PAGE, answered(vec![done(4, 12)], None), FRESH);
    assert_eq!(client.unanswered(), 0);
    client.ask(add(5), Timestamp(1)).unwrap();
    assert_eq!(sent(&client).last(), Some(&5));
}

#[test]
fn a_number_that_something_on_the_way_refused_is_sent_as_a_blank_by_the_page_that_finds_it() {
    let mut client = page();
    let left = vec![orphan(1, Progress::Stopped), orphan(2, Progress::Unanswered)];
    client.adopt(ME, left, &epoch("a"));
    assert_eq!(
        (client.push().unwrap().client, sent(&client)),
        (GONE, vec![-1, 2])
    );
}

#[test]
fn a_page_that_the_server_forgot_gives_up_what_is_unanswered_and_goes_on_as_another() {
    let mut client = page();
    client.ask(add(1), Timestamp(1)).unwrap();
    client.on_reply(PAGE, answered(vec![done(1, 11)], None), FRESH);
    client.ask(add(2), Timestamp(2)).unwrap();
    let delta = client.on_reply(PAGE, Reply::Expired { epoch: epoch("a") }, FRESH);
    assert_eq!(delta.refused.len(), 1);
    assert_eq!(client.ask(add(3), Timestamp(3)).unwrap().0, CommandSeq(1));
    let push = client.push().unwrap();
    assert_eq!((push.client, sent(&client)), (FRESH, vec![1]));
}

#[test]
fn who_the_browser_is_not_any_more_hears_nothing_of_the_other() {
    let mut client = page();
    let mut other = hello("a", 12, 12, 6);
    other.account.person = PersonId::from_bytes([9; 16]);
    let delta = client.on_event(Event::Hello(other));
    assert_eq!(delta.other_person, Some(PersonId::from_bytes([9; 16])));
    client.on_event(renamed(12, 6));
    assert_eq!(
        (client.cursor(), client.list(HOME).unwrap().version),
        (Seq(10), Version(5))
    );
}
