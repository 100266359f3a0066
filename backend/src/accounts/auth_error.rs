//! Why somebody was not let in, or an account not changed: sentences for people.

use domain::PersonId;

/// The reason.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AuthError {
    /// Nobody is told whether it was the name or the password.
    #[error("This name and this password do not belong together. Please try again.")]
    Wrong,
    /// For a change that asks the password once more.
    #[error("This is not your password. Please try again.")]
    WrongPassword,
    /// The operator keeps them out for the time being.
    #[error("This account is suspended. Whoever runs this Tandem can tell you why.")]
    Suspended,
    /// Nobody makes an account by themselves here.
    #[error("Nobody can make an account here by themselves: whoever runs this Tandem can make you one.")]
    SignUpClosed,
    /// An account is made with an invitation only.
    #[error("An account is made with an invitation here. Ask whoever runs this Tandem for one.")]
    NotInvited,
    /// Revoked, used up, over or never there are the same to whoever asks.
    #[error(
        "This invitation does not work. It may have been used already, or its time may be over: ask for another."
    )]
    InvitationInvalid,
    /// Likewise of what lets somebody choose a new password.
    #[error(
        "This code does not work. It may have been used already, or its time may be over: ask for another."
    )]
    ResetInvalid,
    /// The operator would lock themselves out.
    #[error("This is your own account.")]
    Oneself,
    /// Another account has that name.
    #[error("Somebody has this name already. Please choose another.")]
    NameTaken,
    /// Who asks for an account has one.
    #[error("You have an account already.")]
    HasAccount,
    /// Who asks is a guest.
    #[error("You have no account yet.")]
    NoAccount,
    /// The provider knows them, nobody here does, and new people are not let in that way.
    #[error(
        "Nobody here signs in with this. If you have an account, sign in to it first and add this on your own page."
    )]
    NotKnown,
    /// The provider says they are somebody whom nobody here is, and an account is signed in.
    #[error("This belongs to no account yet. Add it on your own page, under “Signing in”.")]
    NotLinked,
    /// The identity is another account's.
    #[error("Somebody else here signs in with this already.")]
    LinkedElsewhere,
    /// The account has no password to be asked for, and nothing else was proved lately.
    #[error("Please sign out and in again first: this has to be you.")]
    NotFresh,
    /// As many are asked into the list as may be.
    #[error("50 people are asked into this list and have not come yet. Take one of these back first.")]
    TooManyInvitations,
    /// Too easily tried out.
    #[error("A password has eight characters or more.")]
    PasswordTooShort,
    /// More than anybody types.
    #[error("This password is too long: 1,024 bytes are the most.")]
    PasswordTooLong,
    /// Among the first that are tried.
    #[error(
        "This is one of the first passwords that anybody would try. Please choose another: a few words in a row are good."
    )]
    PasswordCommon,
    /// A code of an authenticator app or a recovery code, which is none, is another's, or was used.
    #[error(
        "This code is not right, or it was used already. An authenticator app shows a new one every half minute."
    )]
    WrongCode,
    /// What was begun is not there any more.
    #[error("This took too long, or too many tries. Please begin again.")]
    TooLate,
    /// A second step wants a first one.
    #[error(
        "An authenticator app is asked after a password, and this account has none. Set a password first."
    )]
    NoPassword,
    /// There is nothing that recovery codes could stand in for.
    #[error("Recovery codes stand in for an authenticator app or a passkey. Set up one of these first.")]
    NoFactor,
    /// Changes of what guards an account ask once more who it is.
    #[error("Please prove again that it is you.")]
    NotProven,
    /// Without it nobody could sign in any more.
    #[error("This is the only way in to your account. Choose a password or add a passkey first.")]
    LastWay,
    /// An account has so many.
    #[error("This account has 20 passkeys. Remove one first.")]
    TooManyPasskeys,
    /// What a browser made is not as it was asked.
    #[error("This passkey could not be made. Please try again, perhaps with another device.")]
    PasskeyUnfit,
    /// An authenticator has made it here before.
    #[error("This passkey is here already.")]
    PasskeyKnown,
    /// Nothing is known of it here.
    #[error(
        "This passkey is not known here: it may have been removed, or made under another address of this Tandem."
    )]
    PasskeyUnknown,
    /// What was signed is not what was asked.
    #[error("This passkey did not prove who you are. Please try again.")]
    PasskeyWrong,
    /// Its counter says that there may be two of it.
    #[error(
        "This passkey may have been copied, so it was not accepted. Sign in another way, remove it, and make a new one."
    )]
    PasskeyCopied(PersonId),
    /// It proves somebody, but not who is signed in.
    #[error("This passkey is of another account.")]
    PasskeyOfAnother,
    /// The queue for passwords is full.
    #[error("Many people are signing in right now. Please try again in {seconds} seconds.")]
    Busy {
        /// When to come back.
        seconds: u32,
    },
}
