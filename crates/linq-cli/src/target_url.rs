use std::{fmt, str::FromStr};

use http::Uri;

/// The URL of a receiver of webhooks. It is never printed, since it can contain a password.
#[derive(Clone)]
pub(crate) struct TargetUrl(Uri);

impl TargetUrl {
    pub(crate) fn expose(&self) -> &Uri {
        &self.0
    }
}

impl FromStr for TargetUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: Uri = text.parse().map_err(|_| "invalid URL")?;
        let is_web = matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some();
        if is_web { Ok(Self(uri)) } else { Err("invalid URL; expected http:// or https://") }
    }
}

impl fmt::Debug for TargetUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TargetUrl(<redacted>)")
    }
}
