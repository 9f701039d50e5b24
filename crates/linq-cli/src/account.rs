//! The account that a command works with: its API key, the base URL and the line that sends.

use std::env;

use clap::Args;
use linq::{Client, ClientBuilder, Error, ReqwestBackend, types::Handle};

use crate::{exit_code, failure::Failure, secret::Secret};

/// The account of a command that calls the API.
#[derive(Debug, Args)]
pub(crate) struct Account {
    /// The API key, instead of that of the environment or the profile. Other users of the machine can see a command line.
    #[arg(long, short, value_name = "KEY", allow_hyphen_values = true, help_heading = "Account")]
    token: Option<Secret>,
}

impl Account {
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        self.client_with(|builder| builder)
    }

    /// Returns a client whose builder was adapted.
    pub(crate) fn client_with(
        &self,
        adapt: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Result<Client, Failure> {
        let mut builder = Client::builder();
        if let Some(token) = &self.token {
            builder = builder.api_key(token.expose());
        } else if let Some(token) = variable("LINQ_TOKEN") {
            builder = builder.api_key(token);
        }
        if let Some(base_url) = variable("LINQ_API_URL") {
            builder = builder.base_url(base_url);
        }
        let backend = ReqwestBackend::new().map_err(Error::from)?;
        Ok(adapt(builder.from_env()).build(backend)?)
    }

    /// Returns the API key; empty if there is none.
    #[cfg(feature = "mcp")]
    pub(crate) fn key(&self) -> Result<String, Failure> {
        let token = self.token.as_ref().map(|token| token.expose().to_owned());
        let variables = ["LINQ_TOKEN", "LINQ_API_V3_API_KEY"].into_iter().filter_map(variable);
        Ok(token.or_else(|| variables.into_iter().next()).unwrap_or_default())
    }

    /// Returns the line that sends: that of the option, or that of the environment.
    pub(crate) fn line(&self, from: Option<&Handle>) -> Result<Handle, Failure> {
        let line = from.cloned().or_else(|| variable("LINQ_FROM_PHONE").map(Handle::from));
        line.ok_or_else(|| {
            Failure::new("missing sender: pass --from, or set LINQ_FROM_PHONE")
                .with_exit_code(exit_code::USAGE)
        })
    }
}

/// Returns an environment variable that is not empty.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
