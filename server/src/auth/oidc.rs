//! Signing in through a provider of OpenID Connect: the authorization code flow with PKCE, and nothing of what comes back is
//! believed before it was verified.
//!
//! The library asks for the tokens (`provider`); here is which provider (`options`), how it is asked (`fetch`), what a token is worth
//! (`id_token`), what waits for somebody who was sent there (`pending`), what they come back with (`answer`), what it says of them
//! (`claims`), and the addresses at which they leave (`leave`), come back (`back`), and let their account be signed in to that way
//! (`link`).

mod answer;
mod at_provider;
mod back;
mod claims;
mod fetch;
mod id_token;
mod leave;
mod link;
mod options;
mod pending;
mod problem;
mod provider;

use std::sync::Arc;

use app::pages::ProviderPart;

pub(crate) use back::back;
pub(crate) use leave::leave;
pub(crate) use link::{link, unlink};
pub(crate) use options::{Options, Settings};
pub(crate) use provider::Provider;

/// The provider, if the operator has named one. A clone is the same.
#[derive(Clone, Default)]
pub(crate) struct Oidc(Option<Arc<Provider>>);

impl Oidc {
    /// What the options say. It is asked who it is at once, so that the log says whether it answers.
    pub(crate) fn start(options: &Options) -> Result<Self, String> {
        let this = Self::of(options.settings()?);
        if let Some(provider) = this.0.clone() {
            tokio::spawn(async move { provider.greet().await });
        }
        Ok(this)
    }

    /// That provider.
    pub(crate) fn of(settings: Option<Settings>) -> Self {
        Self(settings.map(|settings| Arc::new(Provider::new(settings))))
    }

    /// The provider, for whoever needs it for longer.
    fn shared(&self) -> Option<Arc<Provider>> {
        self.0.clone()
    }

    /// The provider.
    pub(crate) fn provider(&self) -> Option<&Provider> {
        self.0.as_deref()
    }

    /// The button that leads there, where new people may come that way.
    pub(crate) fn button_for_new_people(&self) -> Option<ProviderPart> {
        let provider = self.provider()?;
        provider.settings.new_people.then(|| self.button(None)).flatten()
    }

    /// The button that leads there, with what came of it.
    pub(crate) fn button(&self, problem: Option<String>) -> Option<ProviderPart> {
        self.0.as_ref().map(|provider| ProviderPart {
            label: provider.settings.label.clone(),
            problem,
        })
    }
}

#[cfg(test)]
pub(crate) use options::tests::example;
