//! By whose right something is written.
//!
//! Who somebody is was found out when their request began. Until it comes to the writer they may have been signed out, suspended or put
//! out of office, or what they have proved themselves with was taken away: so whatever is written says by whose right, and the
//! transaction that writes it asks whether that right stands.

use domain::PersonId;

use crate::Visitor;

/// By whose right something is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Authority {
    /// The server's own: its errands, and where somebody comes in by what the transaction itself takes of them.
    Server,
    /// Of who has that session, whether or not they are let in: on the ways in.
    Bearer(Visitor),
    /// Of who has that session and is let in.
    Visitor(Visitor),
    /// Of who has that session, is let in, and has proved lately who they are: for what guards their account.
    Proven(Visitor),
    /// Of who has that session and runs the server.
    Operator(Visitor),
}

/// Who asks for what is done only for those who run the server.
#[derive(Clone, Copy, Debug)]
pub enum Administrator {
    /// Who runs it, by a session of theirs.
    Operator(Visitor),
    /// Who has its command line.
    CommandLine,
}

impl Administrator {
    /// Who it is, if that is known.
    pub(crate) const fn person(&self) -> Option<PersonId> {
        match self {
            Self::Operator(visitor) => Some(visitor.person()),
            Self::CommandLine => None,
        }
    }
}

impl From<Administrator> for Authority {
    fn from(administrator: Administrator) -> Self {
        match administrator {
            Administrator::Operator(visitor) => Self::Operator(visitor),
            Administrator::CommandLine => Self::Server,
        }
    }
}

impl From<&Visitor> for Authority {
    fn from(visitor: &Visitor) -> Self {
        Self::Visitor(*visitor)
    }
}
