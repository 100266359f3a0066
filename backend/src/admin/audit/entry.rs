//! What the audit log is told: what happened, who did it, to whom, where.

use std::net::IpAddr;

use domain::{Change, Command, LinkChange, ListId, NotShared, PersonId, Refusal, Timestamp, Topic};

use crate::database::log::RowHead;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $name:ident $word:literal)*) => {
        /// What happened. Its word is on disk.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum AuditEvent {
            $($(#[doc = $doc])* $name,)*
        }

        impl AuditEvent {
            /// All kinds of events.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The word for it in the database and in addresses.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }

            /// The deed with that word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|deed| deed.word() == word)
            }
        }
    };
}

kinds! {
    /// Somebody signed in.
    SignedIn "signed_in"
    /// Somebody tried to, and was not who they said.
    SignInRefused "sign_in_refused"
    /// Somebody signed out, or ended a session of theirs.
    SessionEnded "session_ended"
    /// A guest made an account.
    AccountMade "account_made"
    /// An account is no more.
    AccountDeleted "account_deleted"
    /// What proves who somebody is has changed: a password, a passkey, a second factor, recovery codes.
    CredentialChanged "credential_changed"
    /// The operator has suspended somebody, or let them in again, or let them choose a new password.
    AccountManaged "account_managed"
    /// The operator has changed who gets in, or made or ended an invitation.
    HouseChanged "house_changed"
    /// Somebody became the operator.
    OperatorMade "operator_made"
    /// Somebody gave a wrong operator code.
    OperatorRefused "operator_refused"
    /// Somebody made a share link.
    LinkMade "link_made"
    /// Somebody ended a share link.
    LinkRevoked "link_revoked"
    /// Somebody asked somebody into a list, by name.
    Invited "invited"
    /// Somebody took that back.
    InvitationEnded "invitation_ended"
    /// Somebody told the operator of an invitation that should not have been made.
    InvitationReported "invitation_reported"
    /// Somebody is in a list now, or has another role there.
    Joined "joined"
    /// Somebody gave the code of a link that does not work.
    JoinRefused "join_refused"
    /// Somebody is in a list no more.
    Left "left"
    /// Somebody asked for what they may not.
    Refused "refused"
}

/// A row of the audit log, as it is read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditRecord {
    /// Its number; newer ones have higher numbers.
    pub id: i64,
    /// The time of the event.
    pub at: Timestamp,
    /// The kind of event.
    pub deed: AuditEvent,
    /// The person who acted, and their name.
    pub actor: Option<(PersonId, String)>,
    /// To whom, and what they are called.
    pub person: Option<(PersonId, String)>,
    /// The list that it happened in.
    pub list: Option<ListId>,
    /// The client's IP address, if it was kept.
    pub address: Option<String>,
    /// A detail, such as a role or the code of a refusal.
    pub detail: Option<String>,
    /// How many times it happened within the same moment.
    pub times: u64,
}

/// One thing that happened.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Entry {
    /// The kind of event.
    pub deed: AuditEvent,
    /// The person who acted.
    pub actor: Option<PersonId>,
    /// The person it was done to, if that is somebody else.
    pub person: Option<PersonId>,
    /// The list that it happened in.
    pub list: Option<ListId>,
    /// The client's IP address.
    pub address: Option<IpAddr>,
    /// A word or two that tell it from others of its kind: a role, a refusal's code. Never what somebody typed.
    pub detail: Option<&'static str>,
}

impl Entry {
    /// That, and nothing else is known.
    pub const fn new(deed: AuditEvent) -> Self {
        Self {
            deed,
            actor: None,
            person: None,
            list: None,
            address: None,
            detail: None,
        }
    }

    /// Adds the person who acted.
    pub const fn by(mut self, actor: PersonId) -> Self {
        self.actor = Some(actor);
        self
    }

    /// Adds the person it was done to.
    pub const fn to(mut self, person: PersonId) -> Self {
        self.person = Some(person);
        self
    }

    /// Adds the list that it happened in.
    pub const fn of(mut self, list: ListId) -> Self {
        self.list = Some(list);
        self
    }

    /// Adds the client's IP address.
    pub const fn from(mut self, address: IpAddr) -> Self {
        self.address = Some(address);
        self
    }

    /// Who came into a list, in which role, and who went. That a new list has its maker in it goes without saying.
    pub(crate) fn of_changes(head: &RowHead, changes: &[Change]) -> Vec<Self> {
        let Topic::List(list) = head.topic else {
            return Vec::new();
        };
        if matches!(changes.first(), Some(Change::ListCreated { .. })) {
            return Vec::new();
        }
        let entry = |change: &Change| {
            let (deed, person, detail) = match change {
                Change::MemberJoined { person, role, .. } => (AuditEvent::Joined, *person, role.as_str()),
                Change::MemberLeft { person } if *person == head.actor => (AuditEvent::Left, *person, "left"),
                Change::MemberLeft { person } => (AuditEvent::Left, *person, "removed"),
                _ => return None,
            };
            let entry = Self::new(deed).by(head.actor).of(list).with(detail);
            Some(if person == head.actor {
                entry
            } else {
                entry.to(person)
            })
        };
        changes.iter().filter_map(entry).collect()
    }

    /// Who made a link, to let others in as what, and who ended one.
    pub(crate) fn of_link(person: PersonId, list: ListId, change: &LinkChange) -> Self {
        match change {
            LinkChange::Made(link) => Self::new(AuditEvent::LinkMade).with(link.role.as_str()),
            LinkChange::Revoked(_) => Self::new(AuditEvent::LinkRevoked),
        }
        .by(person)
        .of(list)
    }

    /// That somebody asked for what they may not. Other refusals, as that a task is in the trash, happen to everyone.
    pub(crate) fn of_refusal(person: PersonId, command: Option<&Command>, refusal: Refusal) -> Option<Self> {
        let deed = match (refusal, command) {
            (Refusal::LinkInvalid, _) => AuditEvent::JoinRefused,
            (Refusal::ReadOnly | Refusal::OwnerOnly, _) => AuditEvent::Refused,
            (Refusal::NotFound, Some(Command::List(..))) => AuditEvent::Refused,
            _ => return None,
        };
        let entry = Self::new(deed).by(person).with(refusal.code());
        Some(match command.and_then(Command::list) {
            Some(list) => entry.of(list),
            None => entry,
        })
    }

    /// The same of what is asked about members and links.
    pub(crate) fn of_shared<T>(
        person: PersonId,
        list: ListId,
        shared: &Result<T, NotShared>,
    ) -> Option<Self> {
        match shared {
            Err(NotShared::Refused(
                refusal @ (Refusal::NotFound | Refusal::ReadOnly | Refusal::OwnerOnly),
            )) => Some(
                Self::new(AuditEvent::Refused)
                    .by(person)
                    .of(list)
                    .with(refusal.code()),
            ),
            _ => None,
        }
    }

    /// Adds a detail.
    pub const fn with(mut self, detail: &'static str) -> Self {
        self.detail = Some(detail);
        self
    }
}
