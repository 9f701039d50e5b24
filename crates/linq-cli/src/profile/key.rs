use linq::{profile::Profile, types::Handle};

use super::masked;
use crate::{did_you_mean::did_you_mean, failure::Failure, profile_file::usage_failure};

/// A setting of the profile file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Token,
    FromPhone,
    /// Of the official command line, and for all profiles. This one sends no telemetry.
    Telemetry,
}

impl Key {
    pub(super) const ALL: [Self; 3] = [Self::Token, Self::FromPhone, Self::Telemetry];

    /// Accepts the names of the keys. The error does not contain the text, which could be an API key.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        Self::ALL.into_iter().find(|key| key.name() == text).ok_or_else(|| {
            let names = Self::ALL.map(Self::name);
            let suggestion = match did_you_mean(text, names.into_iter()) {
                Some(name) => format!("did you mean {name}? "),
                None => String::new(),
            };
            usage_failure(&format!("unknown key; {suggestion}expected one of {}", names.join(", ")))
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::FromPhone => "fromPhone",
            Self::Telemetry => "telemetry",
        }
    }

    /// Returns the value in a profile, as it is shown.
    pub(super) fn shown(self, profile: &Profile) -> Option<String> {
        match self {
            Self::Token => profile.token.as_ref().map(|token| masked(token.expose())),
            Self::FromPhone => profile.from_phone.as_ref().map(Handle::to_string),
            Self::Telemetry => None,
        }
    }
}

/// Returns an error unless the text is a phone number in E.164 form.
pub(super) fn check_line(text: &str) -> Result<(), Failure> {
    match Handle::parse(text) {
        Ok(_) if text.starts_with('+') => Ok(()),
        _ => {
            Err(usage_failure("invalid phone number of the line: expected E.164 form, such as +12025550100"))
        }
    }
}
