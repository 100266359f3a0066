//! Faults that are planted on purpose, to see that the tests are not blind.
//!
//! A guard is a small function that [`guard!`](crate::guard) declares, and after it stands what the function does while its fault is
//! planted. Only a build with the feature `planted-faults` compiles that, and there it happens as long as the environment's
//! `PLANTED_FAULT` names the fault. `setup/planted-faults` plants one after the other and expects the test of that guard to fail. In
//! every other build the guard is the function as it is written, and nothing can ask for a fault: this type does not exist. A release
//! with the feature does not compile.

#[cfg(all(feature = "planted-faults", not(debug_assertions)))]
compile_error!("the feature `planted-faults` is for tests: a release has none");

/// Declares a guard: a function, and after it the name of a fault with what the function does while that is planted.
///
/// ```
/// backend::guard! {
///     /// Whether somebody who is so old is let in.
///     fn is_let_in(age: u32) -> bool {
///         age >= 18
///     }
///     ForeignList: true
/// }
/// assert!(!is_let_in(17));
/// ```
#[cfg(not(feature = "planted-faults"))]
#[macro_export]
macro_rules! guard {
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($given:tt)*) $(-> $made:ty)? $body:block $fault:ident: $faulty:expr) => {
        $(#[$meta])* $vis fn $name($($given)*) $(-> $made)? $body
    };
    ($(#[$meta:meta])* $vis:vis async fn $name:ident($($given:tt)*) $(-> $made:ty)? $body:block $fault:ident: $faulty:expr) => {
        $(#[$meta])* $vis async fn $name($($given)*) $(-> $made)? $body
    };
}

/// Declares a guard that does what stands after it while its fault is planted.
#[cfg(feature = "planted-faults")]
#[macro_export]
macro_rules! guard {
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($given:tt)*) $(-> $made:ty)? $body:block $fault:ident: $faulty:expr) => {
        $(#[$meta])* $vis fn $name($($given)*) $(-> $made)? {
            if $crate::PlantedFault::$fault.is_planted() { $faulty } else $body
        }
    };
    ($(#[$meta:meta])* $vis:vis async fn $name:ident($($given:tt)*) $(-> $made:ty)? $body:block $fault:ident: $faulty:expr) => {
        $(#[$meta])* $vis async fn $name($($given)*) $(-> $made)? {
            if $crate::PlantedFault::$fault.is_planted() { $faulty } else $body
        }
    };
}

/// A security check that can be taken away.
#[cfg(feature = "planted-faults")]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PlantedFault {
    /// Whoever knows the id of a list may read it.
    ForeignList,
    /// Viewers may edit.
    ViewerWrites,
    /// The way on after signing in may lead to another site.
    OpenRedirect,
    /// The cookie that a browser had before its person signed up still opens what is theirs.
    Fixation,
    /// What people write is part of the page.
    StoredMarkup,
    /// A line break in what people write ends a line of the stream.
    SplitEvent,
    /// A session's token is kept as it is.
    BareToken,
    /// A name that there is not is answered sooner.
    TimingOracle,
    /// Another site's form is taken for one of ours.
    ForeignPost,
    /// A link that was revoked still lets people in.
    RevokedLink,
    /// Streams go on when their session has ended.
    DeafEnding,
    /// A cookie stands in the log.
    ToldToken,
    /// Passwords may be guessed for ever.
    EndlessTries,
    /// Scripts can read the cookie.
    ScriptCookie,
    /// Another site may show a page of ours inside its own.
    FramedPage,
    /// Everybody is the operator.
    EveryOperator,
    /// An operator code works again and again.
    LastingCode,
    /// The password alone lets in who has set up an authenticator app.
    SecondStepLeftOut,
    /// The code of an authenticator app works again and again.
    ReplayedCode,
    /// Who is suspended goes on writing.
    SuspendedWrites,
    /// Whose session has ended since they asked writes all the same.
    EndedWrites,
    /// What a provider sends back to one browser lets in another.
    AnyBrowser,
    /// A link for a new password works again and again.
    LastingReset,
    /// An invitation makes accounts without end.
    LastingInvitation,
    /// A picture may be as large as it says.
    GiantPicture,
    /// A password that is replaced while it is verified lets somebody in.
    ReplacedPassword,
    /// Nobody counts what is written.
    EndlessText,
    /// The body of a request may take as long as it likes.
    LateBody,
    /// What a provider has signed for somebody else, or long ago, lets in.
    ForeignToken,
    /// A short command is counted as such, however much it writes.
    ShortCommands,
    /// Bodies that never end hold as much memory as they like.
    EndlessBodies,
    /// One address takes every place where passwords are worked on.
    GreedyAddress,
    /// A picture may have as many pixels as its sides allow.
    ManyPixels,
    /// Whose account is deleted is named in what is kept.
    KeptName,
    /// Whose account is deleted is named to others until that is erased.
    NamedMeanwhile,
    /// Who is taken out of a list in the midst of an export has the rest of it, too.
    OustedExport,
    /// A file that is to be imported is written to disk however long it is.
    EndlessImport,
    /// Whoever knows its token sees a file that somebody else is to import.
    OthersImport,
    /// Who has many addresses has as many limits.
    ManyAddresses,
    /// Who asks often pushes out what others have waiting.
    PushedOut,
    /// Codes of an authenticator app may be guessed for ever.
    EndlessCodes,
    /// Two accounts may have names that look alike.
    LookAlike,
    /// Who was made a viewer is an editor again by a link.
    OldRole,
    /// Anybody may say which address they have.
    AnyProxy,
    /// What guards an account is changed by who has lost their proof of who they are.
    LostProof,
    /// Who was put out of office since they asked acts as the operator.
    OustedOperator,
}

#[cfg(feature = "planted-faults")]
impl PlantedFault {
    /// Whether it is planted in this process.
    pub fn is_planted(self) -> bool {
        std::env::var("PLANTED_FAULT").is_ok_and(|name| name == format!("{self:?}"))
    }
}
