//! Files that are broken, too large, or made to do harm: each gets a sentence, and what can be read of it comes whole.
#![expect(clippy::unwrap_used, reason = "the files are given")]

use domain::capture::Language;
use domain::{Day, List, Notes, Title};
use import::{FileRefused, Imported, MOST_BYTES, Reason, Source, read};

fn reading(bytes: &[u8]) -> Result<Imported, FileRefused> {
    read(&Source {
        bytes,
        name: "file",
        today: Day::of(2026, 12, 2),
        languages: &[Language::English],
        columns: None,
    })
}

fn titles(bytes: &[u8]) -> Vec<String> {
    let lists = reading(bytes).unwrap().lists;
    let tasks = lists.iter().flat_map(|list| &list.tasks);
    tasks.map(|task| task.title.to_string()).collect()
}

#[test]
fn what_is_no_file_of_tasks_gets_a_sentence() {
    let broken = |line, column| FileRefused::BrokenJson { line, column };
    for (bytes, refused) in [
        (&b""[..], FileRefused::Empty),
        (b" \n\t", FileRefused::Empty),
        (b"\xef\xbb\xbf", FileRefused::Empty),
        (b"PK\x03\x04 and so on", FileRefused::Archive),
        (b"\x1f\x8b\x08", FileRefused::Archive),
        (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x01\0\x02\x03\x04",
            FileRefused::NotText,
        ),
        (b"a\0b\n", FileRefused::NotText),
        (b"\xff\xfea", FileRefused::NotText),
        (b"{\"cards\":", broken(1, 9)),
        (b"{\n\"cards\": nothing}", broken(2, 11)),
        (b"{\"name\":\"mine\"}", FileRefused::UnknownJson),
        (b"[]", FileRefused::UnknownJson),
        (b"[{}]", FileRefused::UnknownJson),
        (b"{\"cards\":[],\"lists\":[]}", FileRefused::NoTasks),
        (
            b"{\"cards\":[{\"id\":\"a\",\"name\":5}],\"lists\":[]}",
            broken(1, 28),
        ),
        (b"Title,Notes\n", FileRefused::NoTasks),
        (b"Title,Notes\na,\"b\nc", FileRefused::OpenQuote { line: 2 }),
        (b"TYPE,CONTENT,PRIORITY,INDENT\n", FileRefused::NoTasks),
        (b"# A heading\n\n---\n", FileRefused::NoTasks),
    ] {
        assert_eq!(reading(bytes), Err(refused), "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn what_is_too_much_gets_a_sentence() {
    let deep = |open: &str| format!("{{\"a\":{}", open.repeat(100_000)).into_bytes();
    assert_eq!(reading(&deep("[")), Err(FileRefused::TooDeep));
    assert_eq!(reading(&deep("{\"a\":")), Err(FileRefused::TooDeep));
    assert_eq!(reading(&vec![b'a'; MOST_BYTES + 1]), Err(FileRefused::TooLarge));
    let wide = format!("{{\"cards\":[{}{{}}]}}", "{},".repeat(300_000));
    assert_eq!(reading(wide.as_bytes()), Err(FileRefused::TooManyObjects));
    let many = format!("{{\"cards\":[{}1]}}", "1,".repeat(2_000_001));
    assert_eq!(reading(many.as_bytes()), Err(FileRefused::TooManyObjects));
    assert_eq!(
        reading("a\n".repeat(50_001).as_bytes()),
        Err(FileRefused::TooManyRows)
    );
    assert_eq!(
        reading("# a\n- b\n".repeat(201).as_bytes()),
        Err(FileRefused::TooManyLists)
    );
    let columns = format!("Title{}\na", ",x".repeat(100));
    assert_eq!(reading(columns.as_bytes()), Err(FileRefused::TooManyColumns));
    // Many headings below a long one, of which each would have its name.
    let headings = format!(
        "# a\n## {}\n{}",
        "s".repeat(8_000_000),
        "### b\n".repeat(1_000_000)
    );
    assert_eq!(reading(headings.as_bytes()), Err(FileRefused::TooMuchText));
    // Many members of a card with long names.
    let (name, ids) = ("n".repeat(1_000_000), "\"m\",".repeat(100_000));
    let card = format!(
        "{{\"lists\":[],\"members\":[{{\"id\":\"m\",\"fullName\":\"{name}\"}}],\
         \"cards\":[{{\"id\":\"c\",\"name\":\"c\",\"idMembers\":[{ids}\"m\"]}}]}}"
    );
    assert_eq!(reading(card.as_bytes()), Err(FileRefused::TooMuchText));
}

/// Files whose tasks are in as many sections of that name, or all in one.
fn in_sections(name: &str, tasks: usize) -> [Vec<u8>; 6] {
    let repeated = |one: String| one.repeat(tasks);
    [
        format!("# a\n## {name}\n{}", repeated("- b\n".to_owned())),
        format!("TYPE,CONTENT,PRIORITY,INDENT\nsection,{name},,\n{}", repeated("task,b,4,1\n".to_owned())),
        format!(
            "{{\"lists\":[{{\"id\":\"l\",\"name\":\"{name}\"}}],\"cards\":[{}{{\"id\":\"d\",\"name\":\"d\"}}]}}",
            repeated("{\"id\":\"c\",\"idList\":\"l\",\"name\":\"c\"},".to_owned())
        ),
        format!(
            "[{{\"title\":\"A\",\"hex_color\":\"\",\"buckets\":[{{\"id\":7,\"title\":\"{name}\"}}],\"tasks\":[{}{{\"title\":\"d\"}}]}}]",
            repeated("{\"id\":1,\"title\":\"c\",\"bucket_id\":7},".to_owned())
        ),
        format!(
            "{{\"tandem\":1,\"lists\":[{{\"name\":\"A\",\"tasks\":[{{\"id\":1,\"title\":\"{name}\",\"section\":true}},{}{{\"title\":\"d\"}}]}}]}}",
            repeated("{\"id\":2,\"title\":\"c\",\"parent\":1},".to_owned())
        ),
        // Its first row has the name, the others a short one.
        format!("Title,Section\na,{name}\n{}", repeated("b,s\n".to_owned())),
    ]
    .map(String::into_bytes)
}

#[test]
fn a_long_name_of_a_section_is_held_once() {
    let name = "s".repeat(4_000_000);
    for file in in_sections(&name, 20_000) {
        let lists = reading(&file).unwrap().lists;
        let tasks = || lists.iter().flat_map(|list| &list.tasks);
        assert!(tasks().filter(|task| !task.section).count() > 20_000);
        let held: usize = tasks()
            .map(|task| task.title.as_str().len() + task.notes.as_str().len())
            .sum();
        assert!((4_000_000..4_200_000).contains(&held), "{held}");
        assert!(tasks().any(|task| task.section && task.title.as_str().ends_with('…')));
    }
}

#[test]
fn sections_without_tasks_are_counted_as_tasks_are() {
    let todoist = |count: usize| "TYPE,CONTENT,PRIORITY,INDENT\n".to_owned() + &"section,s,,\n".repeat(count);
    let markdown = |count: usize| "# a\n".to_owned() + &"## s\n".repeat(count);
    let trello = |count: usize| {
        let columns = "{\"id\":\"l\",\"name\":\"s\"},".repeat(count - 1);
        format!("{{\"cards\":[],\"lists\":[{columns}{{\"id\":\"l\",\"name\":\"s\"}}]}}")
    };
    let vikunja = |count: usize| {
        let buckets = "{\"id\":7,\"title\":\"s\"},".repeat(count);
        format!("[{{\"title\":\"A\",\"hex_color\":\"\",\"buckets\":[{buckets}{{\"id\":7}}],\"tasks\":[]}}]")
    };
    let files: [&dyn Fn(usize) -> String; 4] = [&todoist, &markdown, &trello, &vikunja];
    for file in files {
        let lists = reading(file(49_999).as_bytes()).unwrap().lists;
        let counts: Vec<_> = lists.iter().map(|list| list.tasks.len()).collect();
        assert_eq!(counts, [10_000, 10_000, 10_000, 10_000, 9_999]);
        assert!(lists.iter().flat_map(|list| &list.tasks).all(|task| task.section));
        assert_eq!(reading(file(50_001).as_bytes()), Err(FileRefused::TooManyRows));
    }
}

#[test]
fn a_text_is_read_in_the_letters_it_is_written_in() {
    let text = "Title,Notes\nMüsli,“ä”\n";
    let utf16 = |to_bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to_bytes).collect::<Vec<u8>>();
    let (little, big) = (utf16(u16::to_le_bytes), utf16(u16::to_be_bytes));
    for bytes in [
        text.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        little.clone(),
        big.clone(),
        [b"\xff\xfe", little.as_slice()].concat(),
        [b"\xfe\xff", big.as_slice()].concat(),
        b"Title,Notes\nM\xfcsli,\x93\xe4\x94\n".to_vec(),
    ] {
        let imported = reading(&bytes).unwrap();
        let task = &imported.lists[0].tasks[0];
        assert_eq!((task.title.as_str(), task.notes.as_str()), ("Müsli", "“ä”"));
        let is_guessed = imported
            .remarks
            .iter()
            .any(|remark| remark.reason == Reason::Encoding);
        assert_eq!(is_guessed, bytes[13] == 0xfc, "{bytes:x?}");
    }
}

#[test]
fn a_title_and_notes_that_are_too_long_lose_no_word() {
    let words = |count: usize| (0..count).map(|number| format!("w{number} ")).collect::<String>();
    let (title, notes) = (words(200), words(30_000));
    let imported = reading(format!("Title,Notes\n\"{title}\",\"{notes}\"\n").as_bytes()).unwrap();
    let list = &imported.lists[0];
    assert!(list.tasks.len() > 1 && list.tasks.iter().all(|task| task.title.as_str().ends_with('…')));
    assert!(
        list.tasks
            .iter()
            .all(|task| task.notes.as_str().len() <= Notes::LIMIT)
    );
    let all: String = list
        .tasks
        .iter()
        .map(|task| task.notes.as_str().to_owned() + " ")
        .collect();
    let said: Vec<&str> = all.split_whitespace().collect();
    let typed = title.clone() + &notes;
    // Where notes were cut inside a word, both halves are there.
    assert_eq!(said.concat(), typed.split_whitespace().collect::<String>());
    let reasons: Vec<Reason> = list.remarks.iter().map(|remark| remark.reason).collect();
    assert_eq!(reasons, [Reason::LongTitle, Reason::LongNotes]);
    assert!(list.tasks[0].title.as_str().chars().count() <= Title::LIMIT);
}

#[test]
fn a_list_that_is_too_long_is_several() {
    let imported = reading("- a\n".repeat(List::MOST_TASKS + 1).as_bytes()).unwrap();
    let lists: Vec<_> = imported
        .lists
        .iter()
        .map(|list| (list.name.as_str(), list.tasks.len()))
        .collect();
    assert_eq!(lists, [("file (1)", List::MOST_TASKS), ("file (2)", 1)]);
    assert_eq!(imported.lists[0].remarks[0].reason, Reason::LongList);
}

#[test]
fn control_characters_and_turned_directions_do_no_harm() {
    let imported =
        reading("Title,Notes\na\u{7}b\u{202e}c,d\u{1b}[31me\n\u{202e},\n,only notes\n".as_bytes()).unwrap();
    let list = &imported.lists[0];
    let tasks: Vec<_> = list
        .tasks
        .iter()
        .map(|task| (task.title.as_str(), task.notes.as_str()))
        .collect();
    assert_eq!(tasks, [("abc", "d[31me"), ("only notes", "only notes")]);
    let reasons: Vec<_> = list
        .remarks
        .iter()
        .map(|remark| (remark.row, remark.reason))
        .collect();
    assert_eq!(
        reasons,
        [
            (Some(2), Reason::ControlCharacters),
            (Some(3), Reason::Nothing),
            (Some(4), Reason::NoTitle)
        ]
    );
}

#[test]
fn quotes_that_no_cell_explains_are_text() {
    assert_eq!(
        titles(b"Title,Notes\n5\" of rain,\n\"a\"b,c\n"),
        ["5\" of rain", "ab"]
    );
}

#[test]
fn an_id_that_no_program_writes_is_refused() {
    // It would be held, and compared, once for each of its children.
    let id = "i".repeat(8_000_000);
    let child =
        format!("{{\"id\":2,\"title\":\"b\",\"related_tasks\":{{\"parenttask\":[{{\"id\":\"{id}\"}}]}}}}");
    let file =
        format!("[{{\"title\":\"A\",\"hex_color\":\"\",\"tasks\":[{{\"id\":1,\"title\":\"a\"}},{child}]}}]");
    assert!(matches!(
        reading(file.as_bytes()),
        Err(FileRefused::BrokenJson { line: 1, .. })
    ));
}

#[test]
fn a_long_title_of_a_parent_is_shortened_once() {
    for title in ["t".repeat(12_000_000), " ".repeat(12_000_000) + "t"] {
        let child = |id: usize| {
            let related = "\"related_tasks\":{\"parenttask\":[{\"id\":1}]}";
            format!("{{\"id\":{id},\"title\":\"c\",{related}}}")
        };
        let children: Vec<String> = (2..30_000).map(child).collect();
        let children = children.join(",");
        let beside = format!(
            "[{{\"title\":\"A\",\"hex_color\":\"\",\"tasks\":[{{\"id\":1,\"title\":\"{title}\"}},{children}]}}]"
        );
        let lists = reading(beside.as_bytes()).unwrap().lists;
        assert!(lists[0].tasks[1..].iter().all(|task| task.parent == Some(0)));
        let elsewhere = format!(
            "[{{\"title\":\"A\",\"hex_color\":\"\",\"tasks\":[{{\"id\":1,\"title\":\"{title}\"}}]}},\
             {{\"title\":\"B\",\"tasks\":[{children}]}}]"
        );
        let lists = reading(elsewhere.as_bytes()).unwrap().lists;
        let last = lists.last().unwrap().tasks.last().unwrap();
        assert!(last.parent.is_none() && last.notes.as_str().starts_with("Part of: t"));
    }
}

#[test]
fn white_space_that_is_said_again_and_again_is_text_too() {
    let white = " ".repeat(10_000_000);
    let ids = "\"m\",".repeat(1_000_000);
    let member = format!(
        "{{\"lists\":[],\"members\":[{{\"id\":\"m\",\"fullName\":\"{white}\"}}],\
         \"cards\":[{{\"id\":\"c\",\"name\":\"c\",\"idMembers\":[{ids}\"m\"]}}]}}"
    );
    assert!(titles(member.as_bytes()).iter().all(|title| title == "c"));
    // A long text of a choice, in field after field of a card.
    let (choice, items) = ("x".repeat(10_000_000), "{\"idValue\":\"o\"},".repeat(100_000));
    let fields = format!(
        "{{\"lists\":[],\"customFields\":[{{\"options\":[{{\"id\":\"o\",\"value\":{{\"text\":\"{choice}\"}}}}]}}],\
         \"cards\":[{{\"id\":\"c\",\"name\":\"c\",\"customFieldItems\":[{items}{{}}]}}]}}"
    );
    assert_eq!(reading(fields.as_bytes()), Err(FileRefused::TooMuchText));
    let cards = "{\"id\":\"c\",\"idList\":\"l\",\"name\":\"c\"},".repeat(40_000);
    let of_cards =
        |rest: &str| format!("{{\"cards\":[{cards}{{\"id\":\"d\",\"name\":\"d\"}}],{rest}}}").into_bytes();
    let column = of_cards(&format!("\"lists\":[{{\"id\":\"l\",\"name\":\"{white}\"}}]"));
    assert_eq!(titles(&column).len(), 40_001);
    let comment = |by: &str, text: &str| {
        of_cards(&format!(
            "\"lists\":[],\"actions\":[{{\"type\":\"commentCard\",\"memberCreator\":{{\"id\":\"m\",\"fullName\":\"{by}\"}},\
             \"data\":{{\"text\":\"{text}\",\"card\":{{\"id\":\"c\"}}}}}}]"
        ))
    };
    assert_eq!(titles(&comment("b", &white)).len(), 40_001);
    assert_eq!(titles(&comment(&"b".repeat(10_000_000), "")).len(), 40_001);
    // Of cards with one id, which no board has, the first has the comments.
    let imported = reading(&comment(&"b".repeat(10_000_000), "Hello")).unwrap();
    let said = imported.lists.iter().flat_map(|list| &list.tasks);
    let with_notes: Vec<_> = said.filter(|task| !task.notes.is_empty()).collect();
    assert_eq!(with_notes.len(), 1);
    assert!(with_notes[0].notes.as_str().ends_with("b…: Hello"));
    let tasks = "{\"id\":1,\"title\":\"c\",\"bucket_id\":7},".repeat(40_000);
    let bucket = format!(
        "[{{\"title\":\"A\",\"hex_color\":\"\",\"buckets\":[{{\"id\":7,\"title\":\"{white}\"}}],\"tasks\":[{tasks}{{\"title\":\"d\"}}]}}]"
    );
    assert_eq!(titles(bucket.as_bytes()).len(), 40_001);
    let members = "\"m\",".repeat(1_000_000);
    let assignees = format!(
        "{{\"tandem\":1,\"lists\":[{{\"name\":\"A\",\"members\":{{\"m\":{{\"profile\":{{\"name\":\"{white}\"}}}}}},\
         \"tasks\":[{{\"title\":\"c\",\"assignees\":[{members}\"m\"]}}]}}]}}"
    );
    assert_eq!(titles(assignees.as_bytes()), ["c"]);
}

#[test]
fn rows_that_are_no_tasks_are_counted_too() {
    let head = "TYPE,CONTENT,PRIORITY,INDENT\n";
    let notes = head.to_owned() + &"note,x\n".repeat(50_001);
    assert_eq!(reading(notes.as_bytes()), Err(FileRefused::TooManyRows));
    let after = format!("{head}task,a\n{}", "note,x\n".repeat(50_000));
    assert_eq!(reading(after.as_bytes()), Err(FileRefused::TooManyRows));
    // What the notes before the first task say is put together once.
    let long = format!("note,{}\n", "x".repeat(320));
    let about = format!("{head}{}task,a\n", long.repeat(49_000));
    let tasks = titles(about.as_bytes());
    assert!(tasks.len() > 100 && tasks.last().unwrap() == "a");
}

#[test]
fn lines_of_checklists_are_counted_as_they_are_read() {
    let head = "List Name,Title,Content,Status,Kind\n";
    let checks = format!("{head}L,a,\"{}\",0,CHECKLIST\n", "▫x\n".repeat(50_000));
    assert_eq!(reading(checks.as_bytes()), Err(FileRefused::TooManyRows));
    let many = format!("{head}L,a,\"{}\",0,CHECKLIST\n", "▫x\n".repeat(3_000_000));
    assert_eq!(reading(many.as_bytes()), Err(FileRefused::TooManyRows));
}

#[test]
fn html_is_read_once_however_many_tags_it_begins() {
    let of = |html: String| {
        let file = format!(
            "[{{\"title\":\"A\",\"hex_color\":\"\",\"tasks\":[{{\"title\":\"a\",\"description\":\"<p>{html}\"}}]}}]"
        );
        let imported = reading(file.as_bytes()).unwrap();
        let tasks = imported.lists[0].tasks.iter();
        tasks.map(|task| task.notes.as_str().len()).sum::<usize>()
    };
    let count = 4_000_000;
    assert_eq!(of("<".repeat(count)), count);
    assert_eq!(of("<a>".repeat(count)), 0);
    assert_eq!(of("<!--".repeat(count / 2)), count * 2);
    assert_eq!(of("<style>".repeat(count / 4)), 0);
    assert_eq!(of("<style></style>".repeat(count / 8)), 0);
}

#[test]
fn a_text_that_begins_with_what_nobody_sees_is_not_lost() {
    for begin in ["\u{200e}".repeat(600), "\u{301}".repeat(1_000_000)] {
        let text = format!("Title,Notes\n{begin}Milk,Two litres\n,{begin}Bread\n");
        let list = &reading(text.as_bytes()).unwrap().lists[0];
        let tasks = list.tasks.iter();
        let said: String = tasks
            .map(|task| format!("{} {}\n", task.title, task.notes.as_str()))
            .collect();
        for word in ["Milk", "Two litres", "Bread"] {
            assert!(said.contains(word), "{word}");
        }
        assert_eq!(list.remarks[0].reason, Reason::LongTitle);
    }
}
