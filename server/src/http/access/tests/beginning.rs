//! What everyone finds: written once, and copied for each house.

use std::path::Path;
use std::sync::LazyLock;

use backend::{Backend, Clock, Code, Config, Device, MadeLink, SignIn, SignedIn, Terms, Visitor};
use domain::wire::Reply;
use domain::{AccountCommand, Command, ListCommand, ListId, ListName, Place, Role, TaskId, Timestamp, Title};
use tempfile::TempDir;

use super::house::{OTHER, SECRET, Settings, one};
use super::who::{What, Who};

/// What everyone finds.
pub(super) struct Beginning {
    pub(super) folder: TempDir,
    /// Made by the owner, for editors; nobody has come by it.
    pub(super) link: MadeLink,
    /// The code of a link that was closed.
    pub(super) revoked: String,
    /// The code of a link whose time was over before anybody came.
    pub(super) late: String,
    pub(super) account: SignedIn,
    pub(super) suspended: SignedIn,
}

pub(super) static BEGINNING: LazyLock<Beginning> = LazyLock::new(|| {
    let begin = std::thread::spawn(|| tokio::runtime::Runtime::new().unwrap().block_on(begin()));
    begin.join().unwrap()
});

pub(super) async fn open(folder: &Path, clock: Clock) -> Backend {
    let _ = any_spawner::Executor::init_tokio();
    let config = Config::new(format!("sqlite:{}", file(folder).display()));
    Backend::open(Config { clock, ..config }).await.unwrap()
}

pub(super) fn file(folder: &Path) -> std::path::PathBuf {
    folder.join("tandem.db")
}

/// The password of those with an account.
pub(super) const PASSWORD: &str = "a goose on the roof";

async fn begin() -> Beginning {
    let folder = tempfile::tempdir().unwrap();
    // An hour ago: what is to be over by now can be made.
    let now = Clock::system().now();
    let backend = open(folder.path(), Clock::fixed(Timestamp(now.0 - 3_600_000))).await;
    let other = Visitor::from_token(&OTHER);
    for (visitor, what) in [(Who::Owner.visitor(), What::Ours), (other, What::Foreign)] {
        let list = Settings::list(what);
        let name = ListName::parse(SECRET).unwrap();
        done(
            &backend,
            &visitor,
            Command::List(list, ListCommand::Rename { name }),
        )
        .await;
        add(&backend, &visitor, list, Settings::task(what)).await;
        backend
            .accounts()
            .set_picture(&visitor, Some(SECRET.into()))
            .await
            .unwrap();
    }
    let owner = Who::Owner.visitor();
    let list = Settings::list(What::Ours);
    let task = Settings::task(What::Trashed);
    add(&backend, &owner, list, task).await;
    done(
        &backend,
        &owner,
        Command::List(list, ListCommand::Delete { task }),
    )
    .await;
    let editors = Terms {
        role: Role::Editor,
        ..Terms::default()
    };
    let viewers = Terms {
        role: Role::Viewer,
        ..Terms::default()
    };
    let mut revoked = None;
    for (who, terms) in [
        (Who::Viewer, viewers),
        (Who::Editor, editors),
        (Who::Former, editors),
        (Who::Ended, editors),
        (Who::Suspended, editors),
        (Who::Revoked, editors),
    ] {
        let made = link(&backend, terms).await;
        let code = made.code.clone();
        let join = Command::Account(AccountCommand::Join { list, code });
        done(&backend, &who.guest(), join).await;
        revoked = Some(made);
    }
    let revoked = revoked.unwrap();
    let removed = backend
        .lists()
        .revoke_link(&owner, list, revoked.link, true)
        .await
        .unwrap();
    assert_eq!(removed, [Who::Revoked.guest().person()]);
    let late = Terms {
        expires: Some(Timestamp(now.0 - 1_800_000)),
        ..editors
    };
    let late = link(&backend, late).await.code;
    let person = Who::Former.guest().person();
    done(
        &backend,
        &owner,
        Command::List(list, ListCommand::RemoveMember { person }),
    )
    .await;
    backend.accounts().end_session(&Who::Ended.guest()).await.unwrap();
    let code: Code = backend.admin().offer_operator().await.unwrap().unwrap();
    assert!(
        backend
            .admin()
            .become_operator(&Who::Operator.guest(), code)
            .await
            .unwrap()
    );
    sign_up(&backend, Who::Account).await;
    let suspended = sign_up(&backend, Who::Suspended).await;
    backend
        .admin()
        .suspend(backend::Administrator::CommandLine, suspended.visitor.person())
        .await
        .unwrap();
    let link = link(&backend, editors).await;
    backend.close().await;
    // Signed in just now, which is proof of who they are for what guards an account.
    let backend = open(folder.path(), Clock::system()).await;
    let account = sign_in(&backend, Who::Account).await;
    backend.close().await;
    Beginning {
        folder,
        link,
        revoked: revoked.code,
        late,
        account,
        suspended,
    }
}

async fn sign_up(backend: &Backend, who: Who) -> SignedIn {
    let (guest, name) = (who.guest(), who.name());
    let sign_up = backend
        .accounts()
        .sign_up(&guest, &name, PASSWORD, Device::default());
    sign_up.await.unwrap()
}

/// Signs in who has an account.
pub(super) async fn sign_in(backend: &Backend, who: Who) -> SignedIn {
    let name = who.name();
    let sign_in = backend
        .accounts()
        .sign_in(None, false, &name, PASSWORD, Device::default());
    let SignIn::Done(signed_in) = sign_in.await.unwrap() else {
        panic!("{who:?} has no second factor");
    };
    signed_in
}

/// A new link to the list that they are in.
async fn link(backend: &Backend, terms: Terms) -> MadeLink {
    let (owner, list) = (Who::Owner.guest(), Settings::list(What::Ours));
    backend.lists().make_link(&owner, list, terms).await.unwrap()
}

async fn add(backend: &Backend, visitor: &Visitor, list: ListId, task: TaskId) {
    let title = Title::parse(&format!("{SECRET}: cake")).unwrap();
    let place = Place::End;
    done(
        backend,
        visitor,
        Command::List(list, ListCommand::add(task, place, title)),
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
