//! A server in memory with everybody in it: a list, those who are in it in every role, those who were or never were, a
//! list of somebody else, and things that are gone.

use std::convert::Infallible;
use std::future::ready;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use axum::response::Response;
use backend::{Backend, Clock, Code, Config, MadeLink, Visitor};
use domain::wire::{Asked, Numbered, Push};
use domain::{ClientId, Command, CommandSeq, ListId, PersonId, Seq, TaskId, Version};
use futures_util::{StreamExt, stream};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower::ServiceExt;

use super::beginning::{BEGINNING, file, open};
use super::who::{What, Who};
use crate::admin::{log_buffer, metrics_token, sampler};
use crate::auth::{oidc, throttle};
use crate::http::access::Door;
use crate::http::random::random;
use crate::http::security_headers::MARK;
use crate::http::{assets, proxies, same_site};
use crate::live::stream_limits;
use crate::router;
use crate::state::AppState;

/// What only members may read: in the names and titles of both lists.
pub(super) const SECRET: &str = "Surprise for Ulla";

/// The other person, whose list none of them is in.
pub(super) const OTHER: [u8; 32] = [99; 32];

pub(super) struct Settings {
    folder: TempDir,
    pub(super) backend: Backend,
    pub(super) doors: Vec<Door>,
    router: Router,
    pub(super) state: AppState,
}

impl Settings {
    /// As everyone finds it.
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(file(BEGINNING.folder.path()), file(folder.path())).unwrap();
        let backend = open(folder.path(), Clock::system()).await;
        let most = stream_limits::Most {
            in_all: 100,
            of_a_person: 100,
            of_an_address: 100,
        };
        let state = AppState {
            backend: backend.clone(),
            assets: assets::Assets::new(),
            throttle: throttle::Throttle::default(),
            sampler: sampler::Sampler::start(backend.clone()),
            log_buffer: log_buffer::LogBuffer::new(),
            metrics_token: metrics_token::MetricsToken(None),
            stream_limits: stream_limits::StreamLimits::new(most),
            proxies: proxies::Proxies::default(),
            origins: same_site::Origins::default(),
            picture_resizer: crate::me::picture_resizer::PictureResizer::default(),
            oidc: oidc::Oidc::of(Some(oidc::example())),
        };
        Self {
            folder,
            backend,
            doors: router::doors(&state).open().1,
            router: router::router(state.clone()),
            state,
        }
    }

    /// The list in question.
    pub(super) fn list(what: What) -> ListId {
        match what {
            What::Ours | What::Trashed => Who::Owner.visitor().first_list(),
            What::Foreign => Visitor::from_token(&OTHER).first_list(),
            What::Missing => ListId::from_bytes([0xee; 16]),
        }
    }

    /// The person in question: whose list it is.
    pub(super) fn person(what: What) -> PersonId {
        match what {
            What::Ours | What::Trashed => Who::Owner.visitor().person(),
            What::Foreign => Visitor::from_token(&OTHER).person(),
            What::Missing => PersonId::from_bytes([0xee; 16]),
        }
    }

    /// The task in question.
    pub(super) fn task(what: What) -> TaskId {
        TaskId::from_bytes(match what {
            What::Ours | What::Missing => [0xa1; 16],
            What::Trashed => [0xa2; 16],
            What::Foreign => [0xa3; 16],
        })
    }

    /// Sends a request as somebody, and gives status and text. Of a stream the text is not waited for.
    pub(super) async fn send(
        &self,
        who: Who,
        method: Method,
        path: &str,
        body: Sent,
    ) -> (StatusCode, String) {
        let (kind, body) = body.encoded();
        let request = request(who, method, path, kind, Body::from(body));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        // Pages and workers believe nothing that does not say so, at any address, by any method, to anybody.
        assert!(response.headers().contains_key(MARK), "{path}: {status}");
        let is_stream = response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind == "text/event-stream");
        if is_stream {
            return (status, String::new());
        }
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    /// Whether anybody may post something there.
    pub(super) async fn takes_what_is_posted(&self, path: &str) -> bool {
        for who in [Who::Operator, Who::Account, Who::Owner] {
            let (status, _) = self.send(who, Method::POST, path, Sent::Nothing).await;
            if status == StatusCode::METHOD_NOT_ALLOWED {
                return false;
            }
        }
        true
    }

    /// Posts half of a body as somebody, and returns when the other half is waited for.
    pub(super) async fn hold(&self, who: Who, path: &str, body: Sent) -> Held {
        let (kind, body) = body.encoded();
        let (first, second) = body.split_at(body.len() / 2);
        let (first, second) = (first.to_vec(), second.to_vec());
        let (wanted, is_wanted) = oneshot::channel();
        let (rest, is_rest) = oneshot::channel::<()>();
        let later = async move {
            let _ = wanted.send(());
            let _ = is_rest.await;
            Ok::<_, Infallible>(second)
        };
        let pieces = stream::once(ready(Ok(first))).chain(stream::once(later));
        let request = request(who, Method::POST, path, kind, Body::from_stream(pieces));
        let router = self.router.clone();
        let answer = tokio::spawn(async move {
            let response = router.oneshot(request).await.unwrap();
            let status = response.status();
            let text = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            (status, String::from_utf8_lossy(&text).into_owned())
        });
        match is_wanted.await {
            Ok(()) => Held::Waiting(Waiting { rest, answer }),
            Err(_) => Held::Answered,
        }
    }

    /// A new code for who is to be the operator, as the command line makes one.
    pub(super) async fn operator_code(&self) -> Code {
        let path = file(self.folder.path());
        let config = Config::new(format!("sqlite:{}", path.display()));
        backend::operator_code(&config).await.unwrap()
    }

    /// A picture that can be read.
    pub(super) fn picture(&self) -> Vec<u8> {
        let mut png = std::io::Cursor::new(Vec::new());
        let picture = image::DynamicImage::new_rgb8(8, 8);
        picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
        png.into_inner()
    }

    /// Sends any request.
    pub(super) async fn answer(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// A link to the list that they are in, for editors.
    pub(super) fn link() -> MadeLink {
        BEGINNING.link.clone()
    }

    /// Both lists, by how many rows made them.
    pub(super) async fn lists(&self) -> [Version; 2] {
        let owners = [
            (Who::Owner.visitor(), What::Ours),
            (Visitor::from_token(&OTHER), What::Foreign),
        ];
        let mut versions = [Version::ZERO; 2];
        for (version, (visitor, what)) in versions.iter_mut().zip(owners) {
            let snapshot = self
                .backend
                .lists()
                .snapshot(&visitor, Self::list(what), Some(0))
                .await;
            *version = snapshot.unwrap().list.version;
        }
        versions
    }

    /// Where the log stands.
    pub(super) async fn head(&self) -> Seq {
        self.backend
            .lists()
            .overview(&Who::Stranger.visitor())
            .await
            .unwrap()
            .head
    }
}

/// What a request carries.
pub(super) enum Sent {
    Nothing,
    Form(Vec<(&'static str, String)>),
    Json(String),
    /// A form with a file, its parts kept apart by `x`.
    Picture(Vec<u8>),
}

impl Sent {
    fn encoded(self) -> (Option<&'static str>, Vec<u8>) {
        match self {
            Self::Nothing => (None, Vec::new()),
            Self::Form(fields) => (
                Some("application/x-www-form-urlencoded"),
                serde_urlencoded::to_string(fields).unwrap().into_bytes(),
            ),
            Self::Json(json) => (Some("application/json"), json.into_bytes()),
            Self::Picture(parts) => (Some("multipart/form-data; boundary=x"), parts),
        }
    }
}

/// What becomes of a request whose body stays away halfway.
pub(super) enum Held {
    /// It was answered all the same.
    Answered,
    /// The rest is waited for.
    Waiting(Waiting),
}

/// The rest of a request.
pub(super) struct Waiting {
    rest: oneshot::Sender<()>,
    answer: JoinHandle<(StatusCode, String)>,
}

impl Waiting {
    /// Sends it, and gives the answer.
    pub(super) async fn finish(self) -> (StatusCode, String) {
        let _ = self.rest.send(());
        self.answer.await.unwrap()
    }
}

fn request(who: Who, method: Method, path: &str, kind: Option<&str>, body: Body) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "localhost");
    if who != Who::Nobody {
        request = request.header(header::COOKIE, format!("tandem={}", who.cookie()));
    }
    if let Some(kind) = kind {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    request
        .header(header::ACCEPT, "application/json")
        .body(body)
        .unwrap()
}

/// One command of somebody's, from a page of its own.
pub(super) fn one(backend: &Backend, person: PersonId, command: Command) -> Push {
    Push {
        person,
        epoch: backend.epoch().clone(),
        client: ClientId::derived(random().unwrap()),
        commands: vec![Numbered {
            command_seq: CommandSeq(1),
            command: Asked::Readable(command),
        }],
    }
}
