//! The documents there are. The list is taken over by the script; the others are plain pages that need none.

mod admin;
mod auth;
mod lists;
mod live;
mod me;
mod problem;

use leptos::prelude::*;

pub use admin::audit::{AuditPage, AuditRow, day};
pub use admin::metrics::{FiguresPage, SECONDS};
pub use admin::operator::AdminPage;
pub use admin::settings::{Choice, DoorPage, InvitationLine, MadeCode};
pub use admin::users::{PeoplePage, PersonLine, PersonPage};
pub use auth::account::{AccountPart, SessionLine, WayLine};
pub use auth::leaving::{LeavingPage, LinkPart, ProviderPart};
pub use auth::passkeys::{Offer, PasskeyLine, PasskeysPage};
pub use auth::reset::ResetPage;
pub use auth::second_step::{ProvePage, SecondStepPage};
pub use auth::sign_in::{PasswordPage, SignInPage, SignUpPage, WhoMay};
pub use lists::invitations::InvitedLine;
pub use lists::job::JobPage;
pub use lists::join::JoinPage;
pub(crate) use lists::list::ListPage;
pub use lists::share::{NewLink, SharePage, WaitingLine};
pub use lists::task::TaskPage;
pub use lists::trash::{BinLine, BinPage};
pub use live::live_check::LiveCheckPage;
pub use me::delete_account::{DeletePage, FateLine, FateWords, LeavePage};
pub use me::mfa::{Pending, RecoveryPage, SecondFactorPage};
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
    /// What was deleted in a list.
    Bin(Box<BinPage>),
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
    /// Where somebody proves again who they are.
    Prove(Box<ProvePage>),
    /// Where the second step is set up.
    SecondFactor(Box<SecondFactorPage>),
    /// Where recovery codes are made.
    Recovery(Box<RecoveryPage>),
    /// The passkeys of an account.
    Passkeys(Box<PasskeysPage>),
    /// One task, for those without script.
    Task(Box<TaskPage>),
    /// The way in for whoever runs the server.
    Admin(Box<AdminPage>),
    /// How a long job stands.
    Job(Box<JobPage>),
    /// How much is going on, for the operator.
    Metrics(Box<FiguresPage>),
    /// Who did what, for the operator.
    Audit(Box<AuditPage>),
    /// Who gets into the house, for the operator.
    Door(Box<DoorPage>),
    /// The people of the house, for the operator.
    People(Box<PeoplePage>),
    /// One of them.
    Person(Box<PersonPage>),
    /// Where the operator deletes an account.
    Delete(Box<DeletePage>),
    /// Where somebody deletes their own.
    Leave(Box<LeavePage>),
    /// Where somebody chooses a new password with a code.
    Reset(Box<ResetPage>),
    /// What works of the live stream.
    LiveCheck(Box<LiveCheckPage>),
    /// Something is not there, or went wrong.
    Problem(ProblemPage),
}

impl Page {
    /// What stands in the browser's tab.
    pub(crate) fn title(&self) -> String {
        match self {
            Self::List(seed) => match &seed.snapshot {
                Some(snapshot) => snapshot.list.name.to_string(),
                None => "Your lists".to_owned(),
            },
            Self::Share(page) => format!("Share “{}”", page.list.name),
            Self::Bin(page) => format!("The bin of “{}”", page.name),
            Self::Join(_) => "Join a list".to_owned(),
            Self::Me(_) => "You".to_owned(),
            Self::SignIn(_) => "Sign in".to_owned(),
            Self::SignUp(_) => "Make an account".to_owned(),
            Self::Leaving(_) => "On to sign in".to_owned(),
            Self::Password(_) => "Change your password".to_owned(),
            Self::SecondStep(_) => "One more step".to_owned(),
            Self::Prove(_) => "Is it you?".to_owned(),
            Self::SecondFactor(_) => "Second step".to_owned(),
            Self::Recovery(_) => "Recovery codes".to_owned(),
            Self::Passkeys(_) => "Passkeys".to_owned(),
            Self::Task(page) => page.task.title.to_string(),
            Self::Admin(_) => "For the operator".to_owned(),
            Self::Job(page) => page.progress.sentence.clone(),
            Self::Metrics(_) => "How it is going".to_owned(),
            Self::Audit(_) => "Who did what".to_owned(),
            Self::Door(_) => "Who gets in".to_owned(),
            Self::People(_) => "People".to_owned(),
            Self::Person(page) => page.line.name.clone(),
            Self::Delete(page) => format!("Delete the account of {}", page.name),
            Self::Leave(_) => "Delete your account".to_owned(),
            Self::Reset(_) => "Choose your password".to_owned(),
            Self::LiveCheck(_) => "Is it live?".to_owned(),
            Self::Problem(page) => page.heading.to_owned(),
        }
    }

    /// What the reader of a list may do there, as `data-role` says it.
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

    /// What is in the document.
    pub(crate) fn body(self) -> AnyView {
        match self {
            Self::List(seed) => {
                let state = seed.text();
                provide_context(*seed);
                // Behind what it says: it is not waited for before the rows are painted.
                view! { <App/><script type="application/json" id="initial-state" inner_html=state></script> }
                    .into_any()
            }
            Self::Share(page) => page.view().into_any(),
            Self::Bin(page) => page.view().into_any(),
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
    /// What is on it.
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
