//! Sections of each shape: which there are, in which order, and what is in them.
#![expect(clippy::unwrap_used, reason = "the files are given")]

#[path = "support/reading.rs"]
mod reading;

use domain::{List, Task};
use import::{ColumnRole, Columns, Imported, ImportedList, Reason};
use reading::{reading, reasons};

/// A list in one line: the titles, a section as `[title]`, what is done as `title✓`, what is below another in brackets, notes in quotes.
fn outline(list: &ImportedList) -> String {
    fn below(list: &ImportedList, parent: Option<usize>) -> Vec<String> {
        let of_parent = list.tasks.iter().enumerate();
        let of_parent = of_parent.filter(|(_, task)| task.parent == parent);
        let one = |(index, task): (usize, &import::ImportedTask)| {
            let (title, notes) = (task.title.as_str(), task.notes.as_str());
            let mut text = if task.section {
                format!("[{title}]")
            } else {
                title.to_owned()
            };
            text += if task.is_done { "✓" } else { "" };
            if !notes.is_empty() {
                text += &format!(" “{notes}”");
            }
            let parts = below(list, Some(index));
            if !parts.is_empty() {
                text += &format!("({})", parts.join(" "));
            }
            text
        };
        of_parent.map(one).collect()
    }
    below(list, None).join(" ")
}

/// The lists, each with its name if there are several.
fn outlines(imported: &Imported) -> String {
    let lists = imported.lists.iter();
    match imported.lists.as_slice() {
        [one] => outline(one),
        _ => lists
            .map(|list| format!("{}: {}", list.name, outline(list)))
            .collect::<Vec<_>>()
            .join("; "),
    }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let imported = reading(text, None);
    assert_eq!(outlines(&imported), expected);
    for list in &imported.lists {
        // What is in no section comes first.
        let first = list.tasks.iter().position(|task| task.section);
        let behind = list.tasks.get(first.unwrap_or(list.tasks.len())..).unwrap();
        assert!(behind.iter().all(|task| task.section || task.parent.is_some()));
        assert!(
            list.tasks
                .iter()
                .all(|task| !task.section || task.parent.is_none() && !task.is_done)
        );
    }
}

#[test]
fn sections_of_todoist_are_rows_among_the_tasks() {
    let head = "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT\n";
    let of = |rows: &str| head.to_owned() + rows;
    check(
        &of(
            "task,a,,4,1\ntask,b,,4,2\nsection,S,,,\ntask,c,,4,1\ntask,d,,4,2\nsection,T,,,\nsection,S,,,\ntask,e,,4,3\n",
        ),
        "a(b) [S](c(d)) [T] [S](e)",
    );
    // What has no name is no section, and what is said of one is in its notes.
    check(
        &of(
            "section,S,,,\ntask,a,,4,1\nsection,,,,\ntask,b,,4,1\nsection,T @x,About,,\nnote,Hello,,,\ntask,c,,4,1\n",
        ),
        "b [S](a) [T @x] “About\n\nComment: Hello”(c)",
    );
    let unnamed = reading(&of("section,,,,\ntask,a,,4,1\n"), None);
    assert_eq!(reasons(&unnamed), []);
    // Below a task without text, also the first of a section.
    check(&of("section,S,,,\ntask,,,4,1\ntask,a,,4,2\n"), "[S](a)");
}

#[test]
fn below_a_section_are_as_many_levels_as_below_none() {
    let rows: String = (1..=7).map(|level| format!("task,{level},4,{level}\n")).collect();
    let text = format!("TYPE,CONTENT,PRIORITY,INDENT\nsection,S,,\n{rows}");
    let imported = reading(&text, None);
    assert_eq!(outlines(&imported), "[S](1(2(3(4(5(6 7 “Part of: 6”))))))");
    assert_eq!(reasons(&imported), [Reason::TooDeep]);
    assert_eq!(Task::MOST_LEVELS, 5);
}

#[test]
fn columns_of_trello_are_sections_unless_they_are_archived() {
    let columns = "{\"id\":\"b\",\"name\":\"B\",\"pos\":2},{\"id\":\"a\",\"name\":\"A\",\"pos\":1},{\"id\":\"e\",\"name\":\" \",\"pos\":3},\
                   {\"id\":\"old\",\"name\":\"Old\",\"closed\":true,\"pos\":0},{\"id\":\"z\",\"name\":\"Gone\",\"closed\":true,\"pos\":9},\
                   {\"id\":\"n\",\"name\":\"Next\",\"pos\":8}";
    let card = |list: &str, name: &str| {
        format!("{{\"id\":\"{name}\",\"idList\":\"{list}\",\"name\":\"{name}\",\"dueComplete\":true}}")
    };
    let cards = [
        card("b", "1"),
        card("a", "2"),
        card("old", "3"),
        card("e", "4"),
        card("no", "5"),
    ]
    .join(",");
    let text = format!("{{\"lists\":[{columns}],\"cards\":[{cards}]}}");
    // A section of which all is done is one.
    check(&text, "3✓ “Section: Old” 4✓ 5✓ [A](2✓) [B](1✓) [Next]");
    let imported = reading(&text, None);
    assert_eq!(reasons(&imported), [Reason::Section, Reason::EmptySection]);
    assert_eq!(imported.remarks[0].about, "Gone");
}

#[test]
fn buckets_of_the_first_kanban_view_of_vikunja_are_sections() {
    let project = |views: &str, buckets: &str, of_tasks: &str, tasks: &str| {
        format!(
            "[{{\"title\":\"A\",\"hex_color\":\"\",\"views\":[{views}],\"buckets\":[{buckets}],\"task_buckets\":[{of_tasks}],\"tasks\":[{tasks}]}}]"
        )
    };
    let bucket = |id: u32, view: u32, position: u32| {
        format!("{{\"id\":{id},\"title\":\"B{id}\",\"project_view_id\":{view},\"position\":{position}}}")
    };
    let one_of = |task: u32, bucket: u32| format!("{{\"task_id\":{task},\"bucket_id\":{bucket}}}");
    let task = |id: u32, rest: &str| format!("{{\"id\":{id},\"title\":\"t{id}\",\"position\":{id}{rest}}}");
    let views = "{\"id\":1,\"view_kind\":\"list\"},{\"id\":5,\"view_kind\":\"kanban\"},{\"id\":3,\"view_kind\":\"kanban\"},{\"id\":2,\"view_kind\":\"kanban\"}";
    let buckets = [
        bucket(21, 2, 1),
        bucket(22, 2, 2),
        bucket(31, 3, 9),
        bucket(32, 3, 1),
    ]
    .join(",");
    let of_tasks = [
        one_of(1, 21),
        one_of(1, 31),
        one_of(2, 32),
        one_of(3, 21),
        one_of(4, 31),
        one_of(5, 32),
    ];
    let child = ",\"related_tasks\":{\"parenttask\":[{\"id\":1}]}";
    let tasks = [
        task(1, ""),
        task(2, ""),
        task(3, ""),
        task(4, child),
        task(5, child),
        task(6, ""),
    ]
    .join(",");
    let text = project(views, &buckets, &of_tasks.join(","), &tasks);
    check(
        &text,
        "t3 “Section: B21” t6 [B32](t2) [B31](t1 “Section: B21”(t4 t5 “Section: B32”))",
    );
    let section = Reason::Section;
    assert_eq!(
        reasons(&reading(&text, None)),
        [section, section, section, Reason::EmptySection, Reason::History]
    );
    // Older exports have no views, and the bucket in the task.
    let old = "{\"id\":7,\"title\":\"Soon\"},{\"id\":8,\"title\":\"\"},{\"id\":9,\"title\":\"Never\"}";
    let tasks = [
        task(1, ",\"bucket_id\":7"),
        task(2, ",\"bucket_id\":8"),
        task(3, ""),
    ]
    .join(",");
    check(&project("", old, "", &tasks), "t2 t3 [Soon](t1) [Never]");
}

#[test]
fn headings_below_headings_are_sections_of_both_names() {
    check(
        "# H\n- a\n## S\n- b\n  - c\n### T\n- d\n## U\n- e\n",
        "a [S](b(c)) [S › T](d) [U](e)",
    );
    // One without lines of its own comes where there is none below it.
    check("# H\n## S\n### T\n- a\n### V\n## S\n", "[S › T](a) [S › V] [S]");
    check("# H\n- a\n## S\n# G\n- b\n", "H: a [S]; G: b");
    check("## S\n- a\n# H\n- b\n", "file: [S](a); H: b");
    check("# H\n## \u{200e}\n- a\n## T\n- b\n", "a [T](b)");
}

#[test]
fn columns_of_ticktick_are_sections_by_their_names() {
    let head = "List Name,Title,Content,Status,Order,Column Name,Column Order,taskId,parentId\n";
    let of = |rows: &str| head.to_owned() + rows;
    check(
        &of(
            "L,a,,0,1,Late,5,1,\nL,b,,0,2,Soon,-5,2,\nL,c,,0,3,,,3,\nL,d,,0,4,Late,5,4,\nL,e,,0,5,Not Sectioned,0,5,\n",
        ),
        "c e [Soon](b) [Late](a d)",
    );
    // A subtask is where its parent is, whatever it says; in another list it is where it says.
    check(
        &of("L,a,,0,1,S,1,1,\nL,b,,0,2,T,2,2,1\nL,c,,0,3,S,1,3,1\nM,d,,0,4,S,1,4,1\n"),
        "L: [S](a(b “Section: T” c)) [T]; M: [S](d “Part of: a”)",
    );
}

#[test]
fn a_column_of_a_table_may_be_that_of_sections() {
    let text = "Title,List,Section,Section\na,L,S,more\nb,L,,\nc,M,S,\nd,L,T,\ne,L,S,\n,L,U,\n";
    check(text, "L: b [S](a “Section: more” e) [T](d) [U]; M: [S](c)");
    check("Task;Section\na;S\nb;T\n", "[S](a) [T](b)");
    let roles = [ColumnRole::Section, ColumnRole::Section, ColumnRole::Title];
    let chosen = Columns {
        has_names: false,
        columns: roles.map(|role| (String::new(), role)).into(),
    };
    let imported = reading("S,x,a\n,T,b\n", Some(&chosen));
    assert_eq!(outlines(&imported), "[S](a “Section: x”) [T](b)");
    assert_eq!(ColumnRole::parse("section"), Some(ColumnRole::Section));
}

#[test]
fn sections_of_tandem_come_back() {
    let task = |id: u32, order: &str, rest: &str| {
        format!("{{\"id\":\"{id}\",\"title\":\"t{id}\",\"order\":\"{order}\"{rest}}}")
    };
    let of = |tasks: &[String]| {
        format!(
            "{{\"tandem\":1,\"lists\":[{{\"name\":\"A\",\"tasks\":[{}]}}]}}",
            tasks.join(",")
        )
    };
    check(
        &of(&[
            task(1, "a", ",\"section\":true,\"notes\":\"Hello\""),
            task(2, "b", ""),
            task(3, "c", ",\"section\":true"),
            task(4, "a", ",\"parent\":\"1\""),
            task(5, "a", ",\"parent\":\"4\""),
            task(6, "d", ",\"section\":false"),
        ]),
        "t2 t6 [t1] “Hello”(t4(t5)) [t3]",
    );
    // Such a file is of no Tandem: what is below another is no section, and a section is never done.
    check(
        &of(&[
            task(1, "a", ",\"section\":true,\"done\":{}"),
            task(2, "a", ",\"section\":true,\"parent\":\"1\""),
        ]),
        "[t1](t2)",
    );
}

#[test]
fn a_long_name_is_whole_in_the_notes_of_its_section() {
    let name = "name ".repeat(200);
    let imported = reading(&format!("# H\n## {name}\n- a\n- b\n"), None);
    let tasks = &imported.lists[0].tasks;
    assert!(tasks[0].section && tasks[0].title.as_str().ends_with('…'));
    assert_eq!(tasks[0].notes.as_str(), name.trim());
    assert!(
        tasks[1..]
            .iter()
            .all(|task| task.parent == Some(0) && !task.section)
    );
    assert_eq!(reasons(&imported), [Reason::LongTitle]);
    // What even its notes do not hold is in its first tasks.
    let imported = reading(&format!("# H\n## {}\n- a\n", "name ".repeat(20_000)), None);
    let tasks = &imported.lists[0].tasks;
    assert_eq!(tasks.len(), 3);
    assert!(
        tasks[0].section
            && tasks[1..]
                .iter()
                .all(|task| task.parent == Some(0) && !task.section)
    );
    assert_eq!(tasks[2].title.as_str(), "a");
}

#[test]
fn a_section_that_no_list_holds_goes_on_in_the_next() {
    let text = "# H\n- a\n## S\n".to_owned() + &"- b\n  - c\n".repeat(List::MOST_TASKS);
    let imported = reading(&text, None);
    let names: Vec<_> = imported.lists.iter().map(|list| list.name.as_str()).collect();
    assert_eq!(names, ["H (1)", "H (2)", "H (3)"]);
    let mut count = 0;
    for list in &imported.lists {
        assert!(list.tasks.len() <= List::MOST_TASKS);
        let at = list.tasks.iter().position(|task| task.section).unwrap();
        assert_eq!(list.tasks[at].title.as_str(), "S");
        for (index, task) in list.tasks.iter().enumerate().skip(at + 1) {
            let parent = if task.title.as_str() == "b" { at } else { index - 1 };
            assert!(task.parent == Some(parent) && task.notes.is_empty());
            count += 1;
        }
    }
    assert_eq!(count, 2 * List::MOST_TASKS);
    assert_eq!(reasons(&imported), [Reason::LongList]);
}
