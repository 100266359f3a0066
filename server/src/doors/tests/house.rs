//! A server in memory with everybody in it: a list, those who are in it in every role, those who were or never were, a
//! list of somebody else, and things that are gone.

use std::path::Path;
use std::sync::LazyLock;

use app::api::random;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use axum::response::Response;
use backend::{Backend, Code, Config, MadeLink, Terms, Visitor};
use domain::wire::{Asked, Numbered, Push, Reply};
use domain::{
    AccountCommand, ClientId, Command, ListCommand, ListId, ListName, Mid, PersonId, Place, Role, Seq,
    TaskId, Title, Version,
};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::doors::Door;
use crate::state::AppState;
use crate::{assets, caps, figures, metrics, oidc, operator, origin, router, tail, tries};

/// Everybody there can be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Who {
    /// Without a cookie.
    Nobody,
    /// With a cookie that was never here.
    Stranger,
    Viewer,
    Editor,
    Owner,
    /// Was an editor, and was taken out.
    Former,
    /// Was an editor, and their session is over.
    Ended,
    /// Runs the server, and is in none of these lists.
    Operator,
}

impl Who {
    pub(super) const ALL: [Self; 8] = [
        Self::Nobody,
        Self::Stranger,
        Self::Viewer,
        Self::Editor,
        Self::Owner,
        Self::Former,
        Self::Ended,
        Self::Operator,
    ];

    pub(super) fn token(self) -> [u8; 32] {
        [self as u8 + 1; 32]
    }

    pub(super) fn visitor(self) -> Visitor {
        Visitor::from_token(&self.token())
    }

    pub(super) fn has_session(self) -> bool {
        !matches!(self, Self::Nobody | Self::Ended)
    }

    pub(super) fn is_member(self) -> bool {
        matches!(self, Self::Viewer | Self::Editor | Self::Owner)
    }
}

/// What something is asked of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum What {
    /// The list that they are in.
    Ours,
    /// In that list, a task in the bin.
    Binned,
    /// A list that none of them is in, and its task.
    Foreign,
    /// A list that never was.
    Missing,
}

impl What {
    pub(super) const ALL: [Self; 4] = [Self::Ours, Self::Binned, Self::Foreign, Self::Missing];
}

/// What only members may read: in the names and titles of both lists.
pub(super) const SECRET: &str = "Surprise for Ulla";

/// The other person, whose list none of them is in.
const OTHER: [u8; 32] = [99; 32];

pub(super) struct House {
    _folder: TempDir,
    pub(super) backend: Backend,
    pub(super) doors: Vec<Door>,
    router: Router,
}

/// What everyone finds, written once.
struct Beginning {
    folder: TempDir,
    /// Made by the owner, for editors; nobody has come by it.
    link: MadeLink,
}

static BEGINNING: LazyLock<Beginning> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let begin = std::thread::spawn(move || tokio::runtime::Runtime::new().unwrap().block_on(begin(&path)));
    let link = begin.join().unwrap();
    Beginning { folder, link }
});

impl House {
    /// As everyone finds it.
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(file(BEGINNING.folder.path()), file(folder.path())).unwrap();
        let backend = open(folder.path()).await;
        let most = caps::Most {
            in_all: 100,
            of_a_person: 100,
            of_an_address: 100,
        };
        let state = AppState {
            backend: backend.clone(),
            assets: assets::Assets::new(),
            attempts: operator::Attempts::default(),
            tries: tries::Tries::default(),
            gauge: figures::Gauge::start(backend.clone()),
            tail: tail::Tail::new(),
            token: metrics::Token(None),
            caps: caps::Caps::new(most),
            origins: origin::Origins::default(),
            pictures: std::sync::Arc::new(tokio::sync::Semaphore::new(1)),
            oidc: oidc::Oidc::of(Some(oidc::example())),
        };
        Self {
            _folder: folder,
            backend,
            doors: router::doors(&state).open().1,
            router: router::router(state),
        }
    }

    /// The list in question.
    pub(super) fn list(what: What) -> ListId {
        match what {
            What::Ours | What::Binned => Who::Owner.visitor().first_list(),
            What::Foreign => Visitor::from_token(&OTHER).first_list(),
            What::Missing => ListId::from_bytes([0xee; 16]),
        }
    }

    /// The person in question: whose list it is.
    pub(super) fn person(what: What) -> PersonId {
        match what {
            What::Ours | What::Binned => Who::Owner.visitor().person(),
            What::Foreign => Visitor::from_token(&OTHER).person(),
            What::Missing => PersonId::from_bytes([0xee; 16]),
        }
    }

    /// The task in question.
    pub(super) fn task(what: What) -> TaskId {
        TaskId::from_bytes(match what {
            What::Ours | What::Missing => [0xa1; 16],
            What::Binned => [0xa2; 16],
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
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost");
        if who != Who::Nobody {
            let token: String = who.token().iter().map(|byte| format!("{byte:02x}")).collect();
            request = request.header(header::COOKIE, format!("tandem={token}"));
        }
        let (kind, body) = match body {
            Sent::Nothing => (None, String::new()),
            Sent::Form(fields) => (
                Some("application/x-www-form-urlencoded"),
                serde_urlencoded::to_string(fields).unwrap(),
            ),
            Sent::Json(json) => (Some("application/json"), json),
        };
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let request = request
            .header(header::ACCEPT, "application/json")
            .body(Body::from(body))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
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
            let snapshot = self.backend.snapshot(&visitor, Self::list(what), Some(0)).await;
            *version = snapshot.unwrap().list.version;
        }
        versions
    }

    /// Where the log stands.
    pub(super) async fn head(&self) -> Seq {
        self.backend
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
}

/// One command of somebody's, from a page of its own.
pub(super) fn one(backend: &Backend, person: PersonId, command: Command) -> Push {
    Push {
        person,
        epoch: backend.epoch().clone(),
        client: ClientId::derived(random().unwrap()),
        commands: vec![Numbered {
            mid: Mid(1),
            command: Asked::Readable(command),
        }],
    }
}

async fn open(folder: &Path) -> Backend {
    let _ = any_spawner::Executor::init_tokio();
    Backend::open(Config::new(format!("sqlite:{}", file(folder).display())))
        .await
        .unwrap()
}

fn file(folder: &Path) -> std::path::PathBuf {
    folder.join("tandem.db")
}

async fn begin(folder: &Path) -> MadeLink {
    let backend = open(folder).await;
    let other = Visitor::from_token(&OTHER);
    for (visitor, what) in [(Who::Owner.visitor(), What::Ours), (other, What::Foreign)] {
        let list = House::list(what);
        let name = ListName::parse(SECRET).unwrap();
        done(
            &backend,
            &visitor,
            Command::List(list, ListCommand::Rename { name }),
        )
        .await;
        add(&backend, &visitor, list, House::task(what)).await;
        backend.set_picture(&visitor, Some(SECRET.into())).await.unwrap();
    }
    let owner = Who::Owner.visitor();
    let list = House::list(What::Ours);
    let task = House::task(What::Binned);
    add(&backend, &owner, list, task).await;
    done(
        &backend,
        &owner,
        Command::List(list, ListCommand::Delete { task }),
    )
    .await;
    for (who, role) in [
        (Who::Viewer, Role::Viewer),
        (Who::Editor, Role::Editor),
        (Who::Former, Role::Editor),
        (Who::Ended, Role::Editor),
    ] {
        let code = link(&backend, role).await.code;
        let join = Command::Account(AccountCommand::Join { list, code });
        done(&backend, &who.visitor(), join).await;
    }
    let person = Who::Former.visitor().person();
    done(
        &backend,
        &owner,
        Command::List(list, ListCommand::RemoveMember { person }),
    )
    .await;
    backend.end_session(&Who::Ended.visitor()).await.unwrap();
    let code: Code = backend.offer_operator().await.unwrap().unwrap();
    assert!(
        backend
            .become_operator(&Who::Operator.visitor(), code)
            .await
            .unwrap()
    );
    let link = link(&backend, Role::Editor).await;
    backend.close().await;
    link
}

/// A new link to the list that they are in.
async fn link(backend: &Backend, role: Role) -> MadeLink {
    let (owner, list) = (Who::Owner.visitor(), House::list(What::Ours));
    let terms = Terms {
        role,
        ..Terms::default()
    };
    backend.make_link(&owner, list, terms).await.unwrap()
}

async fn add(backend: &Backend, visitor: &Visitor, list: ListId, task: TaskId) {
    let title = Title::parse(&format!("{SECRET}: cake")).unwrap();
    let place = Place::End;
    done(
        backend,
        visitor,
        Command::List(list, ListCommand::AddTask { task, place, title }),
    )
    .await;
}

async fn done(backend: &Backend, visitor: &Visitor, command: Command) {
    let push = one(backend, visitor.person(), command);
    let reply = backend.push(visitor, push).await.unwrap();
    let Reply::Answered { answers, .. } = reply else {
        panic!("{reply:?}");
    };
    assert!(
        matches!(
            answers.first().unwrap().outcome,
            domain::wire::Outcome::Done { .. }
        ),
        "{answers:?}"
    );
}
