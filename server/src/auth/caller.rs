//! Whoever sends a request: what signing in, the audit log and the throttle want to know of them.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use backend::{AccountName, AuditEvent, Device, Entry, Household, Visitor};

use crate::auth::device::{device, place};
use crate::auth::throttle::Attempt;
use crate::http::client_ip::ClientIp;
use crate::http::error::Rejection;
use crate::http::public_origin::PublicOrigin;
use crate::state::AppState;

/// The sender of a request.
pub(crate) struct Caller {
    pub(crate) state: AppState,
    pub(crate) headers: HeaderMap,
    /// The origin that their browser has of this server.
    pub(crate) origin: PublicOrigin,
    address: ClientIp,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        Ok(Self {
            state: state.clone(),
            headers: parts.headers.clone(),
            origin: PublicOrigin::from_request_parts(parts, state).await?,
            address: ClientIp::from_request_parts(parts, state).await?,
        })
    }
}

impl Caller {
    /// The address that the request is from.
    pub(crate) const fn address(&self) -> IpAddr {
        self.address.0
    }

    /// What limits count it by.
    pub(crate) fn household(&self) -> Household {
        self.address.household()
    }

    /// What is kept of where the request comes from.
    pub(crate) fn device(&self) -> Device {
        device(self.address(), &self.headers)
    }

    /// Whether the browser has asked over HTTPS.
    pub(crate) const fn is_https(&self) -> bool {
        self.origin.is_https()
    }

    /// Writes down in the audit log what happened, from that address.
    pub(crate) fn audit(&self, entry: Entry) {
        self.state.backend.admin().audit(entry.from(self.address()));
    }

    /// Writes down that something that guards an account is another now.
    pub(crate) fn credential_changed(&self, visitor: &Visitor, what: &'static str) {
        let entry = Entry::new(AuditEvent::CredentialChanged).by(visitor.person());
        self.audit(entry.with(what));
    }

    /// Counts a try at a name.
    pub(crate) fn attempt(&self, name: &AccountName) -> Result<Attempt, Rejection> {
        let address = self.address();
        let is_strange = !self.state.backend.accounts().is_at_home(name, &place(address));
        let counted = self.state.throttle.attempt(address, name.key(), is_strange);
        counted.map_err(Rejection::Wait)
    }

    /// Counts a try at what goes by no name: all of them from that address are one.
    pub(crate) fn attempt_at(&self, what: &str) -> Result<Attempt, Rejection> {
        let counted = self.state.throttle.attempt(self.address(), what, false);
        counted.map_err(Rejection::Wait)
    }
}
