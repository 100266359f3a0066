//! Why somebody was not let in, or an account not changed: sentences for people.

use domain::PersonId;

/// The reason.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AuthError {
    /// Nobody is told whether it was the name or the password.
    #[error("This name and this password do not match. Please try again.")]
    Wrong,
    /// For a change that asks the password once more.
    #[error("This is not your password. Please try again.")]
    WrongPassword,
    /// What was verified is not what opens the account any more.
    #[error("How you sign in to this account has just changed. Please sign in again.")]
    Changed,
    /// The operator keeps them out for the time being.
    #[error("This account is suspended. The operator of this server can tell you why.")]
    Suspended,
    /// Nobody makes an account by themselves here.
    #[error("Sign-up is closed. The operator of this server can create an account for you.")]
    SignUpClosed,
    /// An account is made with an invitation only.
    #[error("You need an invitation to create an account. Ask the operator of this server for one.")]
    NotInvited,
    /// Revoked, used up, over or never there are the same to whoever asks.
    #[error(
        "This invitation does not work. It may have been used already or have expired. Ask for a new one."
    )]
    InvitationInvalid,
    /// Likewise of what lets somebody choose a new password.
    #[error("This code does not work. It may have been used already or have expired. Ask for a new one.")]
    ResetInvalid,
    /// The operator would lock themselves out.
    #[error("You cannot do this to your own account.")]
    Oneself,
    /// Another account has that name.
    #[error("This name is already taken. Please choose another.")]
    NameTaken,
    /// Another account has one that looks the same.
    #[error("This name looks too much like the name of another account. Please choose another.")]
    NameLooksAlike,
    /// Who asks for an account has one.
    #[error("You already have an account.")]
    HasAccount,
    /// Who asks is a guest.
    #[error("You have no account yet.")]
    NoAccount,
    /// The provider knows them, nobody here does, and new people are not let in that way.
    #[error(
        "No account uses this sign-in. If you have an account, sign in to it first and add this on your profile page."
    )]
    NotKnown,
    /// The provider says they are somebody whom nobody here is, and an account is signed in.
    #[error(
        "This sign-in does not belong to an account yet. Add it on your profile page, under “Signing in”."
    )]
    NotLinked,
    /// The identity is another account's.
    #[error("Another account already uses this sign-in.")]
    LinkedElsewhere,
    /// The account has no password to be asked for, and nothing else was proved lately.
    #[error("Please sign out and sign in again first, to confirm that it is you.")]
    NotFresh,
    /// As many are asked into the list as may be.
    #[error("This list has 50 pending invitations, which is the limit. Withdraw one first.")]
    TooManyInvitations,
    /// Too easily tried out.
    #[error("A password needs at least eight characters.")]
    PasswordTooShort,
    /// More than anybody types.
    #[error("This password is too long. The limit is 1,024 bytes.")]
    PasswordTooLong,
    /// Among the first that are tried.
    #[error("This password is too easy to guess. Please choose another, such as a few random words.")]
    PasswordCommon,
    /// A code of an authenticator app or a recovery code, which is none, is another's, or was used.
    #[error(
        "This code is wrong or has already been used. An authenticator app shows a new one every 30 seconds."
    )]
    WrongCode,
    /// So many wrong codes were given for the account that they are not looked at for the time being.
    #[error(
        "Too many wrong codes were given for this account, so codes of its authenticator app are not accepted for {hours} h. A recovery code or a passkey still works."
    )]
    CodesClosed {
        /// For how long, rounded up.
        hours: u32,
    },
    /// What was begun is not there any more.
    #[error("This took too long, or there were too many attempts. Please start again.")]
    TooLate,
    /// A second step wants a first one.
    #[error("An authenticator app needs a password, and this account has none. Set a password first.")]
    NoPassword,
    /// There is nothing that recovery codes could stand in for.
    #[error("Recovery codes replace a lost authenticator app or passkey. Set up one of these first.")]
    NoFactor,
    /// Changes of what guards an account ask once more who it is.
    #[error("Please confirm again that it is you.")]
    NotProven,
    /// Without it nobody could sign in any more.
    #[error("This is your only way to sign in. Set a password or add a passkey first.")]
    LastWay,
    /// An account has so many.
    #[error("This account has 20 passkeys. Remove one first.")]
    TooManyPasskeys,
    /// What a browser made is not as it was asked.
    #[error("This passkey could not be created. Please try again, perhaps with another device.")]
    PasskeyUnfit,
    /// An authenticator has made it here before.
    #[error("This passkey is already added.")]
    PasskeyKnown,
    /// Nothing is known of it here.
    #[error(
        "This passkey is not known here. It may have been removed, or created at another address of this server."
    )]
    PasskeyUnknown,
    /// What was signed is not what was asked.
    #[error("This passkey could not be verified. Please try again.")]
    PasskeyWrong,
    /// Its counter says that there may be two of it.
    #[error(
        "This passkey may have been copied, so it was not accepted. Sign in another way, remove it, and add a new one."
    )]
    PasskeyCopied(PersonId),
    /// It proves somebody, but not who is signed in.
    #[error("This passkey belongs to another account.")]
    PasskeyOfAnother,
    /// The queue for passwords is full.
    #[error("Many people are signing in right now. Please try again in {seconds} seconds.")]
    Busy {
        /// When to come back.
        seconds: u32,
    },
}
