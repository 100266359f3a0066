//! Somebody with a browser that runs no script: a cookie, and one connection that is kept open.

use tokio::net::TcpStream;

use crate::load::http::{self, Answer};
use crate::problem::Problem;

/// One person's connection to a server.
pub(crate) struct Client {
    port: u16,
    cookie: String,
    socket: Option<TcpStream>,
}

impl Client {
    /// Somebody new, with the cookie that the first document gives.
    pub(super) async fn new(port: u16) -> Result<Self, Problem> {
        let mut this = Self {
            port,
            cookie: String::new(),
            socket: None,
        };
        let Answer { head, .. } = this.get("/", "").await?;
        let cookie = http::value(&head, "set-cookie").and_then(|cookie| cookie.split(';').next());
        this.cookie = cookie.ok_or("the server gives no cookie")?.to_owned();
        Ok(this)
    }

    /// The same person over another connection.
    pub(super) fn another(&self) -> Self {
        Self {
            port: self.port,
            cookie: self.cookie.clone(),
            socket: None,
        }
    }

    /// What a browser would send, as `name=value`.
    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// The port of the server.
    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    /// Asks for a document, compressed in one of those ways where there are any.
    pub(super) async fn get(&mut self, path: &str, accepted: &str) -> Result<Answer, Problem> {
        let accepted = match accepted {
            "" => String::new(),
            accepted => format!("accept-encoding: {accepted}\r\n"),
        };
        let answer = self.send("GET", path, &accepted, "").await?;
        if http::status(&answer.head).starts_with('2') {
            Ok(answer)
        } else {
            Err(format!("{path} is refused: {}", answer.head).into())
        }
    }

    /// A document as text.
    pub(super) async fn page(&mut self, path: &str) -> Result<String, Problem> {
        Ok(String::from_utf8(self.get(path, "").await?.body)?)
    }

    /// Posts a form, and says where it leads.
    pub(super) async fn post(&mut self, path: &str, fields: &[(String, String)]) -> Result<String, Problem> {
        let field = |(name, value): &(String, String)| format!("{name}={}", encoded(value));
        let body = fields.iter().map(field).collect::<Vec<_>>().join("&");
        let more = "content-type: application/x-www-form-urlencoded\r\n";
        let answer = self.send("POST", path, more, &body).await?;
        let to = http::value(&answer.head, "location");
        to.map(str::to_owned)
            .ok_or_else(|| format!("{path} is refused: {}", answer.head).into())
    }

    async fn send(&mut self, method: &str, path: &str, more: &str, body: &str) -> Result<Answer, Problem> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\ncookie: {}\r\ncontent-length: {}\r\n{more}\r\n{body}",
            self.cookie,
            body.len()
        );
        let socket = match &mut self.socket {
            Some(socket) => socket,
            none => none.insert(TcpStream::connect(("127.0.0.1", self.port)).await?),
        };
        http::answer(socket, request.as_bytes()).await
    }
}

/// As a form is sent.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    text.bytes()
        .map(|byte| match plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}
