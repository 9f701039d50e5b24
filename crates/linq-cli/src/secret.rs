use std::{convert::Infallible, fmt, str::FromStr, time::Duration};

use clap::{Args, ValueEnum};
use linq::webhooks::{Schemes, Verifier};

use crate::{duration::parse_duration, exit_code, failure::Failure};

/// A secret that the user passed in. It is never printed.
#[derive(Clone)]
pub(crate) struct Secret(String);

impl Secret {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

/// Accepts every text, since the error of a parser would contain it.
impl FromStr for Secret {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(<redacted>)")
    }
}

/// A signature scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemeName {
    /// Standard Webhooks: `webhook-id`, `webhook-timestamp` and `webhook-signature`.
    Standard,
    /// The older scheme of V3: `x-webhook-timestamp` and `x-webhook-signature`.
    Legacy,
    /// The scheme of V2: `x-webhook-signature: sha256=...` over the body.
    V2,
}

impl From<SchemeName> for Schemes {
    fn from(name: SchemeName) -> Self {
        match name {
            SchemeName::Standard => Self::STANDARD,
            SchemeName::Legacy => Self::LEGACY,
            SchemeName::V2 => Self::V2,
        }
    }
}

/// The secrets and schemes that deliveries are verified with.
#[derive(Debug, Args)]
pub(crate) struct Trust {
    /// The signing secret of the subscription. Can be repeated, for the rotation of secrets.
    #[arg(
        long = "secret",
        value_name = "SECRET",
        env = "LINQ_WEBHOOK_SECRET",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    secrets: Vec<Secret>,
    /// Accept only this signature scheme. Can be repeated. By default all three are accepted, and the headers determine
    /// which one is verified.
    #[arg(long = "scheme", value_name = "SCHEME")]
    schemes: Vec<SchemeName>,
    /// How far the timestamp of a signature may be from now, in the past and in the future. 366d at most; 0s accepts only
    /// the same second.
    ///
    /// A webhook that somebody recorded can be replayed for as long. A sandbox whose time was advanced signs with its own
    /// time unless it has --sign-with-wall-time. Signatures of V2 have no timestamp.
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = parse_duration)]
    pub(crate) tolerance: Duration,
}

impl Trust {
    pub(crate) fn verifier(&self) -> Result<Verifier, Failure> {
        let mut secrets = self.secrets.iter().map(Secret::expose);
        let first = secrets.next().ok_or_else(missing_secret)?;
        let verifier = Verifier::for_schemes(self.schemes(), first);
        let verifier = verifier.and_then(|first| secrets.try_fold(first, Verifier::and_secret));
        Ok(verifier.map_err(|error| error.to_string())?.tolerance(self.tolerance))
    }

    /// Returns the accepted schemes.
    pub(crate) fn schemes(&self) -> Schemes {
        let schemes = self.schemes.iter().copied().map(Schemes::from).reduce(|all, scheme| all | scheme);
        schemes.unwrap_or(Schemes::V3 | Schemes::V2)
    }

    /// Returns the secret that forwarded events are signed with, if there is one.
    pub(crate) fn first_secret(&self) -> Option<&str> {
        self.secrets.first().map(Secret::expose)
    }
}

fn missing_secret() -> Failure {
    Failure::new("missing signing secret; pass --secret <SECRET>, or set LINQ_WEBHOOK_SECRET")
        .with_kind("MissingSecret")
        .with_exit_code(exit_code::USAGE)
}
