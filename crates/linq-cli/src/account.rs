//! The account that a command works with: its API key, the base URL and the line that sends.

mod failure;
mod sourced;
mod token;

use std::env;

use clap::Args;
use linq::{
    Client, ClientBuilder, Error, ReqwestBackend,
    profile::{Profile, ProfileError, ProfileFile},
    types::{Handle, Secret},
};

pub(crate) use self::{
    failure::{of_profile_error, unknown_profile},
    sourced::{Source, Sourced},
    token::{first_line, parse_key, read_optional_token, read_token},
};
use crate::{
    exit_code, failure::Failure, paging::quoted, secret::Secret as SecretOption, terminal::say_warning,
};

pub(crate) const DEFAULT_BASE_URL: &str = "https://api.linqapp.com/api/partner";

/// The account of a command that calls the API.
///
/// The variables of the official command line win over those of the SDK, so that its scripts work unchanged; the environment
/// wins over the profile that is merely active, but not over one that was chosen by name.
#[derive(Debug, Default, Args)]
pub(crate) struct Account {
    /// The profile whose API key and line are used, instead of LINQ_PROFILE or the active one.
    #[arg(long, short, value_name = "NAME", help_heading = "Account")]
    profile: Option<String>,
    /// The API key, instead of that of the environment or the profile. `-` reads it from the first line of standard input,
    /// `@FILE` from a file.
    #[arg(long, short, value_name = "KEY", allow_hyphen_values = true, help_heading = "Account")]
    token: Option<SecretOption>,
}

impl Account {
    /// Returns the account of a profile, or of the environment and the active profile.
    pub(crate) fn of_profile(profile: Option<String>) -> Self {
        Self { profile, token: None }
    }

    /// Returns the option that chooses the same profile in another command; empty if there is none.
    pub(crate) fn as_option(&self) -> String {
        self.profile.as_ref().map(|name| format!(" --profile {}", quoted(name))).unwrap_or_default()
    }

    pub(crate) fn client(&self) -> Result<Client, Failure> {
        self.client_with(|builder| builder)
    }

    /// Returns a client whose builder was adapted.
    pub(crate) fn client_with(
        &self,
        adapt: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Result<Client, Failure> {
        client(&self.key()?.value, adapt)
    }

    /// Returns the line that sends: that of the option, of LINQ_FROM_PHONE, or of the profile.
    pub(crate) fn line(&self, from: Option<&Handle>) -> Result<Handle, Failure> {
        if let Some(from) = from {
            return Ok(from.clone());
        }
        self.default_line()?.map(|line| line.value).ok_or_else(|| {
            Failure::new(
                "missing sender: pass --from, set LINQ_FROM_PHONE, or run `linq profile set fromPhone NUMBER`",
            )
            .with_kind("MissingSender")
            .with_exit_code(exit_code::USAGE)
        })
    }

    /// Returns the line of LINQ_FROM_PHONE, or else of the profile.
    pub(crate) fn default_line(&self) -> Result<Option<Sourced<Handle>>, Failure> {
        if let Some(line) = variable("LINQ_FROM_PHONE")? {
            return Ok(Some(line.map(Handle::from)));
        }
        let profile = match self.named_profile()? {
            Some(profile) => Some(profile),
            None => active_profile()?,
        };
        Ok(profile.and_then(|Profile { name, from_phone, .. }| {
            Some(Sourced { value: from_phone?, source: Source::Profile(name) })
        }))
    }

    /// Returns the API key: the first one of `--token`, LINQ_TOKEN, the profile of `--profile` or LINQ_PROFILE,
    /// LINQ_API_V3_API_KEY, and the active profile. A named profile that has none does not fall back to another account.
    pub(crate) fn key(&self) -> Result<Sourced<Secret>, Failure> {
        let named = self.named_profile()?;
        if let Some(token) = &self.token {
            return Ok(Sourced { value: read_token(token)?, source: Source::Option("--token") });
        }
        if let Some(token) = variable("LINQ_TOKEN")? {
            return Ok(token.map(Secret::from));
        }
        let profile = match named {
            Some(profile) => Some(profile),
            None => match variable("LINQ_API_V3_API_KEY")? {
                Some(key) => return Ok(key.map(Secret::from)),
                None => active_profile()?,
            },
        };
        let Some(Profile { name, token, .. }) = profile else { return Err(failure::missing_key()) };
        match token {
            Some(token) => Ok(Sourced { value: token, source: Source::Profile(name) }),
            None => Err(of_profile_error(ProfileError::NoToken { name })),
        }
    }

    /// Returns the name of the profile, if `--profile` or LINQ_PROFILE chooses one.
    pub(crate) fn profile_name(&self) -> Result<Option<Sourced<String>>, Failure> {
        match self.profile.as_ref().filter(|name| !name.is_empty()) {
            Some(name) => Ok(Some(Sourced { value: name.clone(), source: Source::Option("--profile") })),
            None => variable("LINQ_PROFILE"),
        }
    }

    fn named_profile(&self) -> Result<Option<Profile>, Failure> {
        let Some(name) = self.profile_name()? else { return Ok(None) };
        let file = ProfileFile::read().map_err(of_profile_error)?;
        file.profile(Some(&name.value)).map(Some).map_err(of_profile_error)
    }
}

/// Returns a client with an API key.
pub(crate) fn client(
    key: &Secret,
    adapt: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Result<Client, Failure> {
    let mut builder = Client::builder().api_key(key.expose());
    let base_url = base_url()?;
    if base_url.source != Source::Default {
        builder = builder.base_url(base_url.value);
    }
    let backend = ReqwestBackend::new().map_err(Error::from)?;
    Ok(adapt(builder.from_env()).build(backend)?)
}

/// Returns the base URL: that of LINQ_API_URL, of LINQ_API_V3_BASE_URL, or the default.
pub(crate) fn base_url() -> Result<Sourced<String>, Failure> {
    let variable = match variable("LINQ_API_URL")? {
        Some(url) => Some(url),
        None => variable("LINQ_API_V3_BASE_URL")?,
    };
    Ok(variable.unwrap_or_else(|| Sourced { value: DEFAULT_BASE_URL.to_owned(), source: Source::Default }))
}

/// Returns the active profile, if there is a file.
fn active_profile() -> Result<Option<Profile>, Failure> {
    match ProfileFile::read() {
        Err(ProfileError::NoFile { .. } | ProfileError::NoHome) => Ok(None),
        file => file.and_then(|file| file.profile(None)).map(Some).map_err(of_profile_error),
    }
}

/// Warns of variables that are set and win over what a command just changed.
pub(crate) fn warn_of_variables(names: &[&'static str]) -> Result<(), Failure> {
    for name in names {
        if variable(name)?.is_some() {
            say_warning(&format!("the environment variable {name} is set, and is used instead"))?;
        }
    }
    Ok(())
}

/// Returns an environment variable that is not empty.
fn variable(name: &'static str) -> Result<Option<Sourced<String>>, Failure> {
    let Some(value) = env::var_os(name).filter(|value| !value.is_empty()) else { return Ok(None) };
    match value.into_string() {
        Ok(value) => Ok(Some(Sourced { value, source: Source::Variable(name) })),
        Err(_) => Err(Failure::new(format!("invalid environment variable {name}: not UTF-8"))
            .with_kind("Config")
            .with_exit_code(exit_code::USAGE)),
    }
}
