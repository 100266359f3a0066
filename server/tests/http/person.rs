//! Somebody with a browser that runs no script: a cookie, pages, forms; and with a stream.

use domain::ListId;
use domain::wire::{Event, Hello};

use crate::http::{Head, Request, Response};
use crate::server::TestServer;
use crate::stream::{Frame, Stream};

/// Somebody, at one server.
pub(crate) struct Person {
    pub(crate) port: u16,
    pub(crate) cookie: String,
}

impl TestServer {
    /// One as everybody starts it.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same name is the same person, also after a restart.
    pub(crate) fn person(&self, name: &str) -> Person {
        Person::at(self.port, name)
    }
}

impl Person {
    /// The one of that name, at the server behind that port.
    pub(crate) fn at(port: u16, name: &str) -> Self {
        let token: String = name
            .bytes()
            .chain(std::iter::repeat(0))
            .take(32)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self {
            port,
            cookie: format!("tandem={token}"),
        }
    }
}

impl Response {
    /// Where it leads.
    #[track_caller]
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.text());
        self.value("location").unwrap()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        assert_eq!(
            self.value("content-type"),
            Some("application/json"),
            "{}",
            self.text()
        );
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl Request {
    /// As a browser posts a form.
    pub(crate) fn form(path: &str, fields: &[(&str, &str)]) -> Self {
        Self::new("POST", path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
            .body(serde_urlencoded::to_string(fields).unwrap())
    }
}

impl Person {
    pub(crate) fn send(&self, request: Request) -> Response {
        request.header("cookie", &self.cookie).send(self.port).unwrap()
    }

    pub(crate) fn get(&self, path: &str) -> Response {
        self.send(Request::get(path))
    }

    #[track_caller]
    pub(crate) fn page(&self, path: &str) -> String {
        let response = self.get(path);
        assert_eq!(response.status, 200, "{path}");
        response.text().to_owned()
    }

    /// Posts a form of the page at `from`.
    pub(crate) fn post_from(&self, from: &str, function: &str, fields: &[(&str, &str)]) -> Response {
        let referer = format!("http://localhost{from}");
        self.send(Request::form(&format!("/fn/{function}"), fields).header("referer", &referer))
    }

    pub(crate) fn post(&self, function: &str, fields: &[(&str, &str)]) -> Response {
        self.post_from("/", function, fields)
    }

    /// The list that they have from the beginning.
    pub(crate) fn list(&self) -> String {
        let Hello { account, .. } = self.hello();
        let owned = |(list, role): (&ListId, &domain::Role)| role.can_manage().then(|| list.to_string());
        account.lists.iter().find_map(owned).unwrap()
    }

    pub(crate) fn id(&self) -> String {
        self.hello().account.person.to_string()
    }

    pub(crate) fn hello(&self) -> Hello {
        match self.stream("/events", "").next().unwrap().unwrap().event() {
            Event::Hello(hello) => hello,
            other => panic!("{other:?}"),
        }
    }

    /// Adds a task as the page does, with the page's own one-shot text.
    #[track_caller]
    pub(crate) fn add(&self, list: &str, title: &str) {
        let path = format!("/lists/{list}");
        let once = once(&self.page(&path));
        let response = self.post_from(
            &path,
            "add_task",
            &[("list", list), ("title", title), ("once", &once)],
        );
        assert_eq!(response.location(), path);
    }

    /// What is to be done, in order, as the page shows it.
    pub(crate) fn titles(&self, list: &str) -> Vec<String> {
        tasks(&self.page(&format!("/lists/{list}")), "false")
            .into_iter()
            .map(|(_, title)| title)
            .collect()
    }

    /// What is done, the latest first.
    pub(crate) fn done(&self, list: &str) -> Vec<String> {
        tasks(&self.page(&format!("/lists/{list}")), "true")
            .into_iter()
            .map(|(_, title)| title)
            .collect()
    }

    /// The id of a task with that title.
    #[track_caller]
    pub(crate) fn task(&self, list: &str, title: &str) -> String {
        let page = self.page(&format!("/lists/{list}"));
        let all = ["false", "true"].into_iter().flat_map(|done| tasks(&page, done));
        all.into_iter().find(|(_, other)| other == title).unwrap().0
    }

    /// What the share page of their list hands out when they press its button.
    pub(crate) fn code(&self, list: &str) -> String {
        self.code_for(list, "editor")
    }

    /// The same, for those who are to be that.
    pub(crate) fn code_for(&self, list: &str, role: &str) -> String {
        let from = format!("/lists/{list}/share");
        let made = self.post_from(&from, "make_link", &[("list", list), ("role", role)]);
        between(&self.page(made.location()), "/join#", "\"").to_owned()
    }

    /// Joins by link, as the form does.
    #[track_caller]
    pub(crate) fn join(&self, code: &str) {
        let response = self.post_from("/join", "join_list", &[("code", code)]);
        assert!(response.location().starts_with("/lists/"));
    }

    /// A stream, from that id on unless it is empty.
    #[track_caller]
    pub(crate) fn stream(&self, path: &str, last_id: &str) -> Stream {
        let mut request = Request::get(path).header("cookie", &self.cookie);
        if !last_id.is_empty() {
            request = request.header("last-event-id", last_id);
        }
        Stream::open(self.port, &request).unwrap()
    }
}

impl Stream {
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        Head::value(&self.head, name)
    }

    /// What comes, up to and with the first event that is wanted.
    #[track_caller]
    pub(crate) fn until(&mut self, is_wanted: impl Fn(&Frame) -> bool) -> Vec<Frame> {
        let mut frames = Vec::new();
        loop {
            let frame = self.next().unwrap();
            frames.push(frame.unwrap_or_else(|| panic!("it ended after {frames:?}")));
            if frames.last().is_some_and(&is_wanted) {
                return frames;
            }
        }
    }

    /// The first words: up to the heartbeat that says it has caught up.
    #[track_caller]
    pub(crate) fn opening(&mut self) -> Vec<Frame> {
        self.until(|frame| frame.event == "heartbeat")
    }

    /// What comes until a change that has that text in it.
    #[track_caller]
    pub(crate) fn until_text(&mut self, text: &str) -> Vec<Frame> {
        self.until(|frame| frame.event == "change" && frame.data.contains(text))
    }
}

/// What makes the page's forms safe to send twice.
#[track_caller]
pub(crate) fn once(page: &str) -> String {
    between(page, "name=\"once\" value=\"", "\"").to_owned()
}

/// The tasks on a page, each with its id.
fn tasks(page: &str, done: &str) -> Vec<(String, String)> {
    page.split(" class=\"task\">")
        .skip(1)
        .filter(|row| row.contains(&format!("aria-checked=\"{done}\"")))
        .map(|row| {
            let title = between(row, "class=\"task-title\">", "</button>");
            let id: domain::TaskId = between(row, "value=\"", "\"").parse().unwrap();
            (id.to_string(), title.to_owned())
        })
        .collect()
}

/// What stands between the first of these and the next.
#[track_caller]
pub(crate) fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let found = text
        .split_once(from)
        .and_then(|(_, rest)| Some(rest.split_once(to)?.0));
    found.unwrap_or_else(|| panic!("no {from}…{to} in {text}"))
}
