//! Which provider, and what it may do here.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{BoolishValueParser, NonEmptyStringValueParser};
use openidconnect::url::{Host, Url};
use openidconnect::{ClientId, ClientSecret, IssuerUrl, Scope};

/// What an operator says of a provider.
#[derive(Args, Clone)]
#[command(next_help_heading = "Signing in through an OpenID Connect provider")]
pub(crate) struct Options {
    /// The issuer URL of the provider, such as https://id.example.org
    #[arg(long, env = "TANDEM_OIDC_ISSUER", value_name = "URL")]
    oidc_issuer: Option<String>,

    /// The client ID of this server at the provider. Its redirect URI is /sign-in/return on this server
    #[arg(long, env = "TANDEM_OIDC_CLIENT_ID", value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    oidc_client_id: Option<String>,

    /// The client secret; a public client has none
    #[arg(long, env = "TANDEM_OIDC_CLIENT_SECRET", value_name = "SECRET", hide_env_values = true, value_parser = NonEmptyStringValueParser::new())]
    oidc_client_secret: Option<String>,

    /// A file that contains the client secret
    #[arg(
        long,
        env = "TANDEM_OIDC_CLIENT_SECRET_FILE",
        value_name = "FILE",
        conflicts_with = "oidc_client_secret"
    )]
    oidc_client_secret_file: Option<PathBuf>,

    /// The scopes to request in addition to openid, separated by spaces
    #[arg(
        long,
        env = "TANDEM_OIDC_SCOPES",
        value_name = "SCOPES",
        default_value = "profile email"
    )]
    oidc_scopes: String,

    /// The text of the button after “Continue with”; by default the provider's host
    #[arg(long, env = "TANDEM_OIDC_LABEL", value_name = "WORDS", value_parser = NonEmptyStringValueParser::new())]
    oidc_label: Option<String>,

    /// The claim with the name of a new account
    #[arg(
        long,
        env = "TANDEM_OIDC_NAME_CLAIM",
        value_name = "CLAIM",
        default_value = "preferred_username"
    )]
    oidc_name_claim: String,

    /// The claim with the groups of a person
    #[arg(
        long,
        env = "TANDEM_OIDC_GROUPS_CLAIM",
        value_name = "CLAIM",
        default_value = "groups"
    )]
    oidc_groups_claim: String,

    /// Members of this group are operators here, for a day after signing in
    #[arg(long, env = "TANDEM_OIDC_OPERATOR_GROUP", value_name = "GROUP", value_parser = NonEmptyStringValueParser::new())]
    oidc_operator_group: Option<String>,

    /// Whether new people from the provider get an account here: yes or no
    #[arg(long, env = "TANDEM_OIDC_NEW_PEOPLE", value_name = "YES|NO", default_value = "yes", value_parser = BoolishValueParser::new(), num_args = 1, action = clap::ArgAction::Set)]
    oidc_new_people: bool,
}

/// The secret is nowhere but where it is used.
impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("oidc_issuer", &self.oidc_issuer)
            .finish_non_exhaustive()
    }
}

/// What was said, read.
pub(crate) struct Settings {
    pub(crate) issuer: IssuerUrl,
    pub(crate) client: ClientId,
    pub(crate) secret: Option<ClientSecret>,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) label: String,
    pub(crate) name_claim: String,
    pub(crate) groups_claim: String,
    pub(crate) operator_group: Option<String>,
    pub(crate) new_people: bool,
}

impl Options {
    /// What they say; none without a provider. An error is a sentence.
    pub(crate) fn settings(&self) -> Result<Option<Settings>, String> {
        let Some(issuer) = self.oidc_issuer.clone().filter(|issuer| !issuer.is_empty()) else {
            return Ok(None);
        };
        let issuer = IssuerUrl::new(issuer.clone()).map_err(|_| {
            format!("“{issuer}” is not an address. Set --oidc-issuer to one such as https://id.example.org.")
        })?;
        if !is_safe(issuer.url()) {
            return Err(format!(
                "{} would send secrets unencrypted. Set --oidc-issuer to an address that begins with https://.",
                issuer.as_str()
            ));
        }
        let client = self.oidc_client_id.clone();
        let client = client.ok_or("Set --oidc-client-id to the client ID of this server at the provider.")?;
        let host = issuer.url().host_str().unwrap_or_default().to_owned();
        let mut scopes: Vec<&str> = self.oidc_scopes.split_whitespace().collect();
        scopes.retain(|scope| *scope != "openid");
        Ok(Some(Settings {
            client: ClientId::new(client),
            secret: self.secret()?.map(ClientSecret::new),
            scopes: scopes
                .into_iter()
                .map(|scope| Scope::new(scope.to_owned()))
                .collect(),
            label: self.oidc_label.clone().unwrap_or(host),
            name_claim: self.oidc_name_claim.clone(),
            groups_claim: self.oidc_groups_claim.clone(),
            operator_group: self.oidc_operator_group.clone(),
            new_people: self.oidc_new_people,
            issuer,
        }))
    }

    fn secret(&self) -> Result<Option<String>, String> {
        let Some(file) = &self.oidc_client_secret_file else {
            return Ok(self.oidc_client_secret.clone());
        };
        let text = std::fs::read_to_string(file).map_err(|error| {
            format!(
                "The client secret cannot be read from {}: {error}.",
                file.display()
            )
        })?;
        let text = text.trim();
        if text.is_empty() {
            return Err(format!("There is no client secret in {}.", file.display()));
        }
        Ok(Some(text.to_owned()))
    }
}

/// Whether nobody between can read what is sent there: it is encrypted, or does not leave the machine.
pub(super) fn is_safe(url: &Url) -> bool {
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" && url.has_host() || url.scheme() == "http" && is_here
}

#[cfg(test)]
pub(crate) mod tests {
    use clap::Parser;

    use super::*;

    /// A provider that does not answer.
    pub(crate) fn example() -> Settings {
        Settings {
            issuer: IssuerUrl::new("http://127.0.0.1:9".to_owned()).unwrap(),
            client: ClientId::new("tandem".to_owned()),
            secret: None,
            scopes: Vec::new(),
            label: "Example".to_owned(),
            name_claim: "preferred_username".to_owned(),
            groups_claim: "groups".to_owned(),
            operator_group: Some("admins".to_owned()),
            new_people: true,
        }
    }

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    fn settings(words: &[&str]) -> Result<Option<Settings>, String> {
        let words = std::iter::once("tandem").chain(words.iter().copied());
        Line::try_parse_from(words)
            .map_err(|error| error.to_string())?
            .options
            .settings()
    }

    #[test]
    fn without_an_issuer_there_is_no_provider_and_with_one_the_rest_is_as_people_expect() {
        assert!(settings(&[]).unwrap().is_none());
        let issuer = "https://id.example.org";
        let settings = settings(&["--oidc-issuer", issuer, "--oidc-client-id", "tandem"])
            .unwrap()
            .unwrap();
        assert_eq!(settings.label, "id.example.org");
        assert_eq!(settings.scopes.len(), 2);
        assert!(settings.new_people && settings.secret.is_none() && settings.operator_group.is_none());
    }

    #[test]
    fn what_is_no_provider_is_said_before_anything_is_served() {
        for (words, says) in [
            (&["--oidc-issuer", "id.example.org"][..], "not an address"),
            (&["--oidc-issuer", "http://id.example.org"], "unencrypted"),
            (&["--oidc-issuer", "https://id.example.org"], "--oidc-client-id"),
            (
                &[
                    "--oidc-issuer",
                    "https://id.example.org",
                    "--oidc-client-id",
                    "a",
                    "--oidc-client-secret-file",
                    "/no/such/file",
                ],
                "cannot be read",
            ),
            (
                &["--oidc-client-secret", "a", "--oidc-client-secret-file", "b"],
                "cannot be used with",
            ),
        ] {
            let problem = settings(words).err().unwrap();
            assert!(problem.contains(says), "{problem}");
        }
    }

    #[test]
    fn only_what_is_encrypted_or_stays_on_the_machine_is_safe() {
        for (url, safe) in [
            ("https://id.example.org", true),
            ("http://127.0.0.1:9000/", true),
            ("http://localhost:9000/", true),
            ("http://[::1]:9000/", true),
            ("http://localhost.example.org/", false),
            ("http://192.168.1.2/", false),
            ("file:///etc/passwd", false),
            ("ftp://localhost/", false),
        ] {
            assert_eq!(is_safe(&Url::parse(url).unwrap()), safe, "{url}");
        }
    }
}
