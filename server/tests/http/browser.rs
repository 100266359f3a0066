//! A browser that keeps its cookies, and what guards the account of who sits at it.

use crate::authenticator::Authenticator;
use crate::http::{Request, Response};
use crate::person::between;
use crate::server::TestServer;
use backend::{Clock, TotpSecret};
use domain::Timestamp;
use serde_json::{Value, json};

pub(crate) const PASSWORD: &str = "nine lamps over the quay";

/// A browser that keeps every cookie it is given, until it is taken away again.
pub(crate) struct Browser {
    pub(crate) port: u16,
    pub(crate) cookies: Vec<(String, String)>,
}

impl Browser {
    pub(crate) fn new(server: &TestServer) -> Self {
        let mut this = Self {
            port: server.port,
            cookies: Vec::new(),
        };
        this.get("/");
        this
    }

    pub(crate) fn send(&mut self, request: Request) -> Response {
        let response = request.header("cookie", &self.line()).send(self.port).unwrap();
        for (name, value) in &response.headers {
            if name == "set-cookie" {
                let (name, value) = value.split(';').next().unwrap().split_once('=').unwrap();
                self.cookies.retain(|(known, _)| known != name);
                if !value.is_empty() {
                    self.cookies.push((name.to_owned(), value.to_owned()));
                }
            }
        }
        response
    }

    pub(crate) fn line(&self) -> String {
        let pair = |(name, value): &(String, String)| format!("{name}={value}");
        self.cookies.iter().map(pair).collect::<Vec<_>>().join("; ")
    }

    pub(crate) fn get(&mut self, path: &str) -> Response {
        self.send(Request::get(path))
    }

    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Response {
        self.send(Request::form(path, fields))
    }

    pub(crate) fn ask(&mut self, path: &str, body: Value) -> Response {
        self.send(Request::json(path, &body))
    }

    pub(crate) fn sign_up(&mut self, name: &str) {
        let made = self.post("/sign-up", &[("name", name), ("password", PASSWORD)]);
        assert_eq!(made.status, 303, "{}", made.text());
    }

    /// Sets up an authenticator app; what it shows now, and the recovery codes.
    pub(crate) fn set_up(&mut self) -> (TotpSecret, Vec<String>) {
        let begun = self.post("/me/second-factor/begin", &[]);
        assert_eq!(begun.location(), "/me/second-factor");
        let page = self.get("/me/second-factor");
        let text = between(page.text(), "id=\"secret\"", "</textarea>");
        let app = TotpSecret::parse(text.rsplit('>').next().unwrap().trim()).unwrap();
        assert!(
            page.text()
                .contains("otpauth://totp/Tandem%20localhost:ana?secret=")
        );
        let wrong = self.post("/me/second-factor/confirm", &[("code", "12345")]);
        assert!(wrong.status == 422 && wrong.text().contains("This code is wrong"));
        let code = app.code(now());
        let on = self.post("/me/second-factor/confirm", &[("code", &code)]);
        let shown = on.location().to_owned();
        let page = self.get(&shown);
        let codes = page.text().split("<code>").skip(1);
        let codes: Vec<String> = codes
            .map(|rest| rest.split('<').next().unwrap().to_owned())
            .collect();
        assert_eq!(codes.len(), 10, "{}", page.text());
        (app, codes)
    }

    /// The first step, which leads to the second.
    pub(crate) fn half(&mut self, name: &str) -> Response {
        let response = self.post(
            "/sign-in",
            &[("name", name), ("password", PASSWORD), ("next", "/me")],
        );
        assert_eq!(response.location(), "/sign-in/second?next=%2Fme");
        response
    }

    pub(crate) fn is_signed_in(&mut self) -> bool {
        self.get("/me").text().contains("You sign in as")
    }

    /// Makes a passkey; where that leads.
    pub(crate) fn make(&mut self, purpose: &str, name: &str) -> (Authenticator, Value) {
        let asked = self
            .ask(&format!("/passkey/{purpose}/begin"), json!({ "name": name }))
            .json();
        let (authenticator, credential) = Authenticator::create(&asked["options"], "http://localhost");
        let finish = json!({ "key": asked["key"], "credential": credential, "called": "My key" });
        let finished = self.ask(&format!("/passkey/{purpose}/finish"), finish);
        (authenticator, finished.json())
    }

    /// Signs in with one.
    pub(crate) fn enter(&mut self, authenticator: &mut Authenticator) -> Response {
        let asked = self.ask("/passkey/sign-in/begin", json!({})).json();
        let credential = authenticator.answer(&asked["options"]);
        let finish = json!({ "key": asked["key"], "credential": credential, "next": "/me" });
        self.ask("/passkey/sign-in/finish", finish)
    }
}

pub(crate) fn now() -> Timestamp {
    Clock::system().now()
}

/// What the app shows half a minute later: a clock may be that far off.
pub(crate) fn next(app: &TotpSecret) -> String {
    app.code(Timestamp(now().0 + 30_000))
}

/// Lets all sessions be older than what counts as having just signed in.
pub(crate) fn age(server: &mut TestServer) {
    server.terminate();
    server.stopped();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(server.database());
    runtime.block_on(async {
        let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
        sqlx::query("update sessions set made_at = made_at - 600000")
            .execute(&mut connection)
            .await
            .unwrap();
        sqlx::Connection::close(connection).await.unwrap();
    });
    server.launch();
    server.ready();
}
