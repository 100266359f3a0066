//! Importing tasks over HTTP, without script: a file is sent, looked at, and imported by a job.

use serde_json::Value;

use crate::http::{Request, Response};
use crate::person::{Person, between};
use crate::server::TestServer;

const TODOIST: &str = "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE\n\
    section,Packing,,,,,,,,\n\
    task,Tent & <b>poles</b>,Both bags,1,1,,Bob,2026-12-05,en,UTC\n\
    task,Gas,,4,2,,,every friday,en,UTC\n";

impl Person {
    /// A page without the marks between its texts.
    fn text(&self, path: &str) -> String {
        self.page(path).replace("<!>", "")
    }

    /// The open tasks as they are read, each with its level; nothing of one that is no subtask.
    fn outline(&self, list: &str) -> Vec<(Option<String>, String)> {
        let page = self.page(&format!("/lists/{list}"));
        let row = |row: &str| {
            let (tag, _) = row.split_once('>')?;
            let level = tag
                .contains("aria-level")
                .then(|| between(tag, "aria-level=\"", "\""));
            let title = || between(row, "class=\"task-title\">", "</button>").to_owned();
            tag.ends_with("class=\"task\"")
                .then(|| (level.map(str::to_owned), title()))
        };
        page.split("<li ").filter_map(row).collect()
    }

    fn upload(&self, name: &str, file: &[u8]) -> Response {
        let head = format!(
            "--part\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: text/csv\r\n\r\n"
        );
        let body = [head.as_bytes(), file, b"\r\n--part--\r\n"].concat();
        let form =
            Request::new("POST", "/import").header("content-type", "multipart/form-data; boundary=part");
        self.send(form.body(body))
    }

    /// Imports what was sent; the sentence at the end, once the job has one.
    fn import(&self, page: &str, fields: &[(&str, &str)]) -> (String, String) {
        let job = self.send(Request::form(page, fields)).location().to_owned();
        (job.clone(), self.ended(&job))
    }

    fn ended(&self, job: &str) -> String {
        let mut stream = self.stream("/events?events=progress", "");
        stream.opening();
        loop {
            let asked = Request::get(job).header("accept", "application/json");
            let said: Value = self.send(asked).json();
            if said["state"] != "running" {
                return said["sentence"].as_str().unwrap().to_owned();
            }
            let _ = stream.until_event("progress");
        }
    }

    /// The ids of the lists by their names.
    fn lists(&self) -> Vec<(String, String)> {
        let lists = self.hello().lists;
        lists
            .iter()
            .map(|(id, heading)| (heading.name.to_string(), id.to_string()))
            .collect()
    }

    fn list_called(&self, name: &str) -> String {
        let lists = self.lists();
        lists
            .iter()
            .find(|(other, _)| other == name)
            .unwrap_or_else(|| panic!("{lists:?}"))
            .1
            .clone()
    }
}

/// How many files wait.
fn left(server: &TestServer) -> usize {
    let folder = format!("{}-imports", server.database().display());
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

#[test]
fn a_file_is_sent_looked_at_and_imported_once() {
    let server = TestServer::start();
    let ana = server.person("ana");
    assert!(ana.page("/me").contains("href=\"/import\""));
    assert!(
        ana.page("/import")
            .contains("action=\"/import\" enctype=\"multipart/form-data\"")
    );
    let page = ana
        .upload("Camping.csv", TODOIST.as_bytes())
        .location()
        .to_owned();
    let preview = ana.text(&page);
    for text in [
        "Read as a project from Todoist",
        "2 tasks will come, one of them as a subtask.",
        "Tent &amp; &lt;b&gt;poles&lt;/b&gt;",
        "priority 1, due 5 Dec 2026, with notes",
        "Row 3",
        "<small class=\"muted\">section</small>",
        "Its people are in the notes: tasks have no assignees here.",
        "repeats every Friday",
    ] {
        assert!(preview.contains(text), "{text}: {preview}");
    }
    assert!(!preview.contains("<b>poles"));
    let below_tent = between(&preview, "Tent &amp; &lt;b&gt;poles", "</ul>");
    assert!(
        below_tent.contains("<ul") && below_tent.contains("Gas"),
        "{preview}"
    );
    let (job, sentence) = ana.import(&page, &[]);
    assert_eq!(sentence, "Imported 2 tasks in one list.");
    let list = ana.list_called("Camping");
    assert_eq!(ana.titles(&list), ["Tent &amp; &lt;b&gt;poles&lt;/b&gt;", "Gas"]);
    let again = ana.send(Request::form(&page, &[]));
    assert_eq!(again.location(), job, "a form that is sent twice imports once");
    assert_eq!((ana.lists().len(), left(&server)), (2, 0));
    assert_eq!(ana.get(&page).status, 404, "it is imported");
}

#[test]
fn what_waits_to_be_imported_is_seen_by_nobody_else() {
    let server = TestServer::start();
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    let page = ana.upload("Plans.md", b"- Secret plan\n").location().to_owned();
    bob.page("/me");
    let seen = bob.get(&page);
    assert!(
        seen.status == 404 && !seen.text().contains("Secret"),
        "{}",
        seen.text()
    );
    assert_eq!(bob.send(Request::form(&page, &[])).status, 404);
    assert_eq!(bob.get("/import/..%2f..%2fetc%2fpasswd").status, 404);
    assert!(ana.page(&page).contains("Secret plan"));
    assert_eq!(left(&server), 1);
}

#[test]
fn a_file_that_is_too_large_or_no_file_gets_a_sentence_and_leaves_nothing() {
    let server = TestServer::start();
    let ana = server.person("ana");
    ana.page("/me");
    let large = vec![b'a'; import::MOST_BYTES + 1];
    for (file, sentence) in [
        (&b""[..], "Please choose a file."),
        (&large, "This file is too large. The limit is 16 MB."),
    ] {
        let refused = ana.upload("a.csv", file);
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains(sentence), "{}", refused.text());
        assert_eq!(left(&server), 0);
    }
    let no_form = ana.send(Request::form("/import", &[("file", "a")]));
    assert!(no_form.status == 422 && no_form.text().contains("Please choose a file."));
    let stranger =
        Request::new("POST", "/import").header("content-type", "multipart/form-data; boundary=part");
    assert_eq!(
        stranger
            .body(vec![b'a'; 100_000])
            .send(server.port)
            .unwrap()
            .status,
        413
    );
    for (file, sentence) in [
        (&b"PK\x03\x04zip"[..], "Please unpack it first"),
        (b"{\"cards\":", "The error is in line 1"),
        (
            b"Title,Notes\na,\"b",
            "A quotation mark in line 2 is never closed.",
        ),
        (b"\x89PNG\r\n\0\0", "This file is not text."),
    ] {
        let page = ana.upload("a.csv", file).location().to_owned();
        let preview = ana.text(&page);
        assert!(
            preview.contains(sentence) && !preview.contains(">Import</button>"),
            "{preview}"
        );
        assert!(ana.import(&page, &[]).1.contains(sentence));
    }
    assert_eq!(left(&server), 1, "each takes the place of the one before");
}

#[test]
fn the_columns_of_a_table_are_chosen_on_its_page() {
    let server = TestServer::start();
    let ana = server.person("ana");
    let page = ana
        .upload("Fruit.csv", b"Apples;3;red\nPears;1;green\n")
        .location()
        .to_owned();
    let preview = ana.text(&page);
    assert!(preview.contains("<select") && preview.contains("The cells of other columns are in the notes."));
    let again = ana.page(&format!("{page}?c0=keep&c1=keep&c2=keep"));
    assert!(
        again.contains("Please choose which column has the titles.") && again.contains("<select"),
        "{again}"
    );
    let chosen = [("c0", "none"), ("c1", "priority"), ("c2", "title")];
    // What no page has shown is shown before it is imported.
    let unseen = [&chosen[..], &[("shown", "c0=title&c1=keep&c2=keep")]].concat();
    let shown = ana.send(Request::form(&page, &unseen)).location().to_owned();
    assert_eq!(shown, format!("{page}?c0=none&c1=priority&c2=title"));
    assert!(
        ana.page(&shown)
            .contains("name=\"shown\" value=\"c0=none&amp;c1=priority&amp;c2=title\"")
    );
    assert_eq!(ana.lists().len(), 1);
    assert_eq!(ana.import(&page, &chosen).1, "Imported 2 tasks in one list.");
    assert_eq!(ana.titles(&ana.list_called("Fruit")), ["red", "green"]);
}

#[test]
fn a_file_waits_over_a_restart() {
    let mut server = TestServer::start();
    let ana = server.person("ana");
    let page = ana
        .upload("Later.md", b"# Later\n- Milk\n- [x] Bread\n")
        .location()
        .to_owned();
    server.kill();
    server.launch();
    server.ready();
    let ana = server.person("ana");
    assert_eq!(ana.import(&page, &[]).1, "Imported 2 tasks in one list.");
    let list = ana.list_called("Later");
    assert_eq!(
        (ana.titles(&list), ana.done(&list)),
        (vec!["Milk".to_owned()], vec!["Bread".to_owned()])
    );
}

#[test]
fn what_one_person_exports_another_imports() {
    let server = TestServer::start();
    let (ana, bob) = (server.person("ana"), server.person("bob"));
    let list = ana.list();
    for title in ["Milk", "Bread \"fresh\"", "Tea"] {
        ana.add(&list, title);
    }
    for (parent, title) in [
        ("Milk", "Two litres"),
        ("Two litres", "Of the farm"),
        ("Milk", "Butter"),
    ] {
        let parent = ana.task(&list, parent);
        let path = format!("/lists/{list}/tasks/{parent}");
        let fields = [("list", &*list), ("title", title), ("parent", &parent)];
        ana.post_from(&path, "add_task", &fields);
    }
    let levels: Vec<_> = ana
        .outline(&list)
        .into_iter()
        .filter_map(|(level, _)| level)
        .collect();
    assert_eq!(levels, ["2", "3", "2"]);
    let job = ana.post_from("/me", "start_export", &[]).location().to_owned();
    ana.ended(&job);
    let file = ana.get(&format!("{job}/result")).body;
    let page = bob.upload("tandem.json", &file).location().to_owned();
    let preview = bob.text(&page);
    assert!(preview.contains("Read as an export from Tandem"), "{preview}");
    let name = between(&preview, "<h2 dir=\"auto\" class=\"label\">", "</h2>").to_owned();
    let own = bob.list();
    bob.import(&page, &[]);
    let made: Vec<_> = bob
        .lists()
        .into_iter()
        .filter(|(other, id)| *other == name && *id != own)
        .collect();
    assert_eq!(bob.outline(&made[0].1), ana.outline(&list));
}
