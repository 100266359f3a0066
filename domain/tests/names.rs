//! What a line names with a mark: people, labels and lists.
#![expect(clippy::unwrap_used, reason = "the names are given")]

use domain::capture::{Captured, Language, Names, capture};
use domain::{Day, Field, LabelName, ListId, PersonId, Task};

/// A Wednesday.
fn today() -> Day {
    Day::parse("2026-12-02").unwrap()
}

/// What a line in English says where that can be named.
fn read_with(line: &str, names: &Names) -> Captured {
    capture(line, today(), &[Language::English], names, &[])
}

#[test]
fn people_of_the_list_are_named_with_a_plus() {
    let id = |number: u8| PersonId::from_bytes([number; 16]);
    let people = [
        (id(1), "Ana"),
        (id(2), "Ana Maria Sol"),
        (id(3), "Bob Smith"),
        (id(4), "Cleo"),
        (id(5), "Cleo"),
        (id(6), "Dan One"),
        (id(7), "Dan Two"),
        (id(8), "Dr. Bea"),
        (id(9), "Max S."),
        (id(10), "Lee, Kim"),
        (id(3), "me"),
    ]
    .map(|(id, name)| (id, name.to_owned()));
    let names = Names {
        people: people.to_vec(),
        ..Names::default()
    };
    for (line, title, named) in [
        ("Milk +Ana", "Milk", vec![1]),
        ("Milk +ANA tomorrow", "Milk", vec![1]),
        ("Milk +Ana Maria Sol", "Milk", vec![2]),
        ("Milk +Ana Maria", "Milk Maria", vec![1]),
        ("+bob call the plumber", "call the plumber", vec![3]),
        ("Call +Bob Smith, and pay", "Call and pay", vec![3]),
        ("Call +Bob, Smith is away", "Call Smith is away", vec![3]),
        ("Milk +Ana +Bob", "Milk", vec![1, 3]),
        ("Milk +me", "Milk", vec![3]),
        ("Milk +Cleo", "Milk +Cleo", vec![]),
        ("Milk +Dan", "Milk +Dan", vec![]),
        ("Milk +Dan Two", "Milk", vec![7]),
        ("Milk +Dr. Bea", "Milk", vec![8]),
        ("Milk +dr bea tomorrow", "Milk", vec![8]),
        ("Ask +Dr. Bea, please", "Ask please", vec![8]),
        ("Ask +Dr, Bea is away", "Ask Bea is away", vec![8]),
        ("Milk +Max S. tomorrow", "Milk", vec![9]),
        ("Milk +Max S", "Milk", vec![9]),
        ("Milk +Lee, Kim", "Milk", vec![10]),
        ("Milk +Eve", "Milk +Eve", vec![]),
        ("Dinner +1", "Dinner +1", vec![]),
        ("Call +49 170 1234", "Call +49 170 1234", vec![]),
        ("C++ and + Ana", "C++ and + Ana", vec![]),
        ("Milk \\+Ana", "Milk +Ana", vec![]),
        ("Milk “+Ana”", "Milk “+Ana”", vec![]),
        ("1+Ana", "1+Ana", vec![]),
        ("+Ana", "+Ana", vec![]),
    ] {
        let captured = read_with(line, &names);
        let fields = captured.fields(today(), 0);
        let assigned = |number: &u8| fields.contains(&Field::Assigned(id(*number), true));
        let count = fields
            .iter()
            .filter(|field| matches!(field, Field::Assigned(..)))
            .count();
        assert_eq!(captured.title.trim(), title, "{line}");
        assert!(
            named.iter().all(assigned) && count == named.len(),
            "{line}: {fields:?}"
        );
    }
}

#[test]
fn labels_are_named_with_an_at_those_of_the_list_and_new_ones() {
    let labels = ["Home", "in progress", "in", "Büro"].map(|name| LabelName::parse(name).unwrap());
    let names = Names {
        labels: labels.to_vec(),
        ..Names::default()
    };
    for (line, title, named) in [
        ("Milk @home", "Milk", vec!["Home"]),
        ("Milk @HOME p1", "Milk", vec!["Home"]),
        ("Milk @shop", "Milk", vec!["shop"]),
        ("@shop milk", "milk", vec!["shop"]),
        ("Milk @Shop, eggs", "Milk eggs", vec!["Shop"]),
        ("Report @in progress", "Report", vec!["in progress"]),
        ("Report @in time", "Report time", vec!["in"]),
        ("Akten @büro", "Akten", vec!["Büro"]),
        ("Akten @BÜRO", "Akten", vec!["Büro"]),
        ("Milk @home @shop tomorrow", "Milk", vec!["Home", "shop"]),
        ("Milk @home @Home", "Milk @home", vec!["Home"]),
        ("Write to ann@example.org", "Write to ann@example.org", vec![]),
        ("Dinner @7", "Dinner @7", vec![]),
        ("Dinner @ 7", "Dinner @ 7", vec![]),
        ("Say hello @@all", "Say hello @@all", vec![]),
        ("Milk \\@home", "Milk @home", vec![]),
        ("Milk \"@home\"", "Milk \"@home\"", vec![]),
        ("@home", "@home", vec![]),
    ] {
        let captured = read_with(line, &names);
        let labelled: Vec<_> = captured
            .fields(today(), 0)
            .into_iter()
            .filter_map(|field| match field {
                Field::Labelled(label, true) => Some(label.to_string()),
                _ => None,
            })
            .collect();
        assert_eq!(
            (captured.title.trim(), labelled),
            (title, named.iter().map(ToString::to_string).collect()),
            "{line}"
        );
    }
    let many: String = (0..30).map(|number| format!(" @l{number}")).collect();
    let captured = read_with(&format!("Milk{many}"), &names);
    assert_eq!(captured.fields(today(), 0).len(), Task::MOST_LABELS);
    assert_eq!(captured.title.matches('@').count(), 10);
}

#[test]
fn a_list_is_named_with_a_hash_as_it_is_called() {
    let [home, garden, school] = [1, 2, 3].map(|byte| ListId::from_bytes([byte; 16]));
    let names = Names {
        lists: vec![
            (home, "Home".to_owned()),
            (garden, "Home and garden".to_owned()),
            (school, "Schule 5b".to_owned()),
        ],
        ..Names::default()
    };
    for (line, title, list) in [
        ("Milk #Home", "Milk", Some(home)),
        ("#home milk", "milk", Some(home)),
        ("Milk #HOME tomorrow p1", "Milk", Some(home)),
        ("Rake #Home and garden", "Rake", Some(garden)),
        ("Rake #home and dust", "Rake and dust", Some(home)),
        ("Buch #schule 5b, morgen", "Buch morgen", Some(school)),
        ("Milk #Home #Home and garden", "Milk #Home", Some(garden)),
        ("Milk #Hom", "Milk #Hom", None),
        ("Fix #12", "Fix #12", None),
        ("Learn C# Home", "Learn C# Home", None),
        ("Milk # Home", "Milk # Home", None),
        ("Milk \\#Home", "Milk #Home", None),
        ("Milk “#Home”", "Milk “#Home”", None),
        ("#Home", "#Home", None),
    ] {
        let captured = read_with(line, &names);
        assert_eq!((captured.title.trim(), captured.list()), (title, list), "{line}");
    }
}
