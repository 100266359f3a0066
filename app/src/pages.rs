//! The documents there are. The list is taken over by the script; the others are plain pages that need none.

mod admin;
mod auth;
mod lists;
mod live;
mod me;
mod problem;

use domain::isolated;
use leptos::prelude::*;

pub use admin::audit::{AuditPage, AuditRow, day};
pub use admin::metrics::{MetricsPage, SECONDS};
pub use admin::operator::AdminPage;
pub use admin::settings::{Choice, DoorPage, InvitationLine, MadeCode};
pub use admin::users::{PeoplePage, PersonLine, PersonPage};
pub use auth::account::{AccountPart, SessionLine, WayLine};
pub use auth::leaving::{LeavingPage, LinkPart, ProviderPart};
pub use auth::passkeys::{Offer, PasskeyLine, PasskeysPage};
pub use auth::reset::ResetPage;
pub use auth::second_step::{ProvePage, SecondStepPage};
pub use auth::sign_in::{PasswordPage, SignInPage, SignUpPage, WhoMay};
pub use lists::import::{ColumnsForm, ImportPage, PreviewList, PreviewPage, PreviewTask, RemarkLine};
pub use lists::invitations::InvitedLine;
pub use lists::job::JobPage;
pub use lists::join::JoinPage;
pub(crate) use lists::list::ListPage;
pub use lists::share::{NewLink, SharePage, WaitingLine};
pub use lists::task::TaskPage;
pub use lists::trash::{TrashLine, TrashPage};
pub use live::live_check::LiveCheckPage;
pub use me::delete_account::{DeletePage, FateLine, FateWords, LeavePage};
pub use me::mfa::{PendingTotp, RecoveryPage, SecondFactorPage};
pub use me::profile::MePage;
pub use problem::ProblemPage;

use crate::{App, InitialState};

/// A document.
#[derive(Clone, Debug)]
pub enum Page {
    /// The person's lists, one of them shown.
    List(Box<InitialState>),
    /// How to get others into a list.
    Share(Box<SharePage>),
    /// The trash of a list.
    Trash(Box<TrashPage>),
    /// Where a share link leads.
    Join(Box<JoinPage>),
    /// The person's name and colour.
    Me(Box<MePage>),
    /// Where somebody with an account signs in.
    SignIn(Box<SignInPage>),
    /// Where a guest makes an account.
    SignUp(Box<SignUpPage>),
    /// The way to the provider that somebody signs in with.
    Leaving(Box<LeavingPage>),
    /// Where somebody chooses another password.
    Password(Box<PasswordPage>),
    /// Where the code is asked for after the password.
    SecondStep(Box<SecondStepPage>),
    /// The page that asks for the password or a passkey again.
    Prove(Box<ProvePage>),
    /// Where the second step is set up.
    SecondFactor(Box<SecondFactorPage>),
    /// Where recovery codes are made.
    Recovery(Box<RecoveryPage>),
    /// The passkeys of an account.
    Passkeys(Box<PasskeysPage>),
    /// One task, for browsers without script.
    Task(Box<TaskPage>),
    /// The form for the operator code.
    Admin(Box<AdminPage>),
    /// Where somebody chooses a file to import.
    Import(Box<ImportPage>),
    /// What would come of a file.
    Preview(Box<PreviewPage>),
    /// The progress of a long job.
    Job(Box<JobPage>),
    /// How much is going on, for the operator.
    Metrics(Box<MetricsPage>),
    /// Who did what, for the operator.
    Audit(Box<AuditPage>),
    /// The access settings, for the operator.
    Door(Box<DoorPage>),
    /// All people, for the operator.
    People(Box<PeoplePage>),
    /// The page of one person, for the operator.
    Person(Box<PersonPage>),
    /// Where the operator deletes an account.
    Delete(Box<DeletePage>),
    /// Where somebody deletes their own.
    Leave(Box<LeavePage>),
    /// Where somebody chooses a new password with a code.
    Reset(Box<ResetPage>),
    /// The test of the live stream.
    LiveCheck(Box<LiveCheckPage>),
    /// Something is not there, or went wrong.
    Problem(ProblemPage),
}

impl Page {
    /// The title in the browser's tab.
    pub(crate) fn title(&self) -> String {
        match self {
            Self::List(seed) => match &seed.snapshot {
                Some(snapshot) => isolated(snapshot.list.name.as_str()),
                None => "Your lists".to_owned(),
            },
            Self::Share(page) => format!("Share “{}”", isolated(page.list.name.as_str())),
            Self::Trash(page) => format!("Trash of “{}”", isolated(page.name.as_str())),
            Self::Join(_) => "Join a list".to_owned(),
            Self::Me(_) => "Your profile".to_owned(),
            Self::SignIn(_) => "Sign in".to_owned(),
            Self::SignUp(_) => "Create an account".to_owned(),
            Self::Leaving(_) => "Continue to sign in".to_owned(),
            Self::Password(_) => "Change your password".to_owned(),
            Self::SecondStep(_) => "Enter your code".to_owned(),
            Self::Prove(_) => "Confirm your identity".to_owned(),
            Self::SecondFactor(_) => "Authenticator app".to_owned(),
            Self::Recovery(_) => "Recovery codes".to_owned(),
            Self::Passkeys(_) => "Passkeys".to_owned(),
            Self::Task(page) => isolated(page.task.title.as_str()),
            Self::Admin(_) => "Operator".to_owned(),
            Self::Import(_) => "Import tasks".to_owned(),
            Self::Preview(page) => format!("Import “{}”", isolated(&page.file)),
            Self::Job(page) => page.progress.sentence.clone(),
            Self::Metrics(_) => "Server status".to_owned(),
            Self::Audit(_) => "Audit log".to_owned(),
            Self::Door(_) => "Access".to_owned(),
            Self::People(_) => "People".to_owned(),
            Self::Person(page) => page.line.name.clone(),
            Self::Delete(page) => format!("Delete the account of {}", page.name),
            Self::Leave(_) => "Delete your account".to_owned(),
            Self::Reset(_) => "Choose your password".to_owned(),
            Self::LiveCheck(_) => "Live check".to_owned(),
            Self::Problem(page) => page.heading.to_owned(),
        }
    }

    /// The reader's role on the list, for `data-role`.
    pub(crate) fn role(&self) -> Option<&'static str> {
        let Self::List(seed) = self else { return None };
        let list = &seed.snapshot.as_ref()?.list;
        list.role(seed.hello.account.person).map(domain::Role::as_str)
    }

    /// The script of a page that is not taken over.
    pub(crate) const fn script(&self) -> Option<&'static str> {
        match self {
            Self::List(_) => None,
            Self::Metrics(_) => Some("/admin.js"),
            _ => Some("/page.js"),
        }
    }

    /// The body of the document.
    pub(crate) fn body(self) -> AnyView {
        match self {
            Self::List(seed) => {
                let state = seed.text();
                provide_context(*seed);
                // After the rows, so that they are painted without waiting for it.
                view! {
                    <App/>
                    <script type="application/json" id="initial-state" inner_html=state></script>
                    // Shown where something is missing: without its style it is, too.
                    <aside class="stale" id="stale" role="status">
                        <p>"Part of this page could not be loaded. Perhaps Tandem was updated. Nothing you typed is lost."</p>
                        <a class="button" href="">"Load it again"</a>
                    </aside>
                }
                    .into_any()
            }
            Self::Share(page) => page.view().into_any(),
            Self::Trash(page) => page.view().into_any(),
            Self::Join(page) => page.view().into_any(),
            Self::Me(page) => page.view().into_any(),
            Self::SignIn(page) => page.view().into_any(),
            Self::SignUp(page) => page.view().into_any(),
            Self::Leaving(page) => page.view().into_any(),
            Self::Password(page) => page.view().into_any(),
            Self::SecondStep(page) => page.view().into_any(),
            Self::Prove(page) => page.view().into_any(),
            Self::SecondFactor(page) => page.view().into_any(),
            Self::Recovery(page) => page.view().into_any(),
            Self::Passkeys(page) => page.view().into_any(),
            Self::Task(page) => page.view().into_any(),
            Self::Admin(page) => page.view().into_any(),
            Self::Import(page) => page.view().into_any(),
            Self::Preview(page) => page.view().into_any(),
            Self::Job(page) => page.view().into_any(),
            Self::Metrics(page) => page.view().into_any(),
            Self::Audit(page) => page.view().into_any(),
            Self::Door(page) => page.view().into_any(),
            Self::People(page) => page.view().into_any(),
            Self::Person(page) => page.view().into_any(),
            Self::Delete(page) => page.view().into_any(),
            Self::Leave(page) => page.view().into_any(),
            Self::Reset(page) => page.view().into_any(),
            Self::LiveCheck(page) => page.view().into_any(),
            Self::Problem(page) => page.view().into_any(),
        }
    }
}

/// A page of one card.
#[component]
fn Solo(
    /// Whether the card is a wide one.
    #[prop(optional)]
    wide: bool,
    /// The content of the card.
    children: Children,
) -> impl IntoView {
    let class = if wide { "card card--wide" } else { "card" };
    view! {
        <main class="solo">
            <crate::components::Wordmark/>
            <div class=class>{children()}</div>
        </main>
    }
}
