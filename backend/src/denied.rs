//! Why somebody was not let in, or an account not changed: sentences for people.

/// The reason.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Denied {
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
    /// The queue for passwords is full.
    #[error("Many people are signing in right now. Please try again in {seconds} seconds.")]
    Busy {
        /// When to come back.
        seconds: u32,
    },
}
