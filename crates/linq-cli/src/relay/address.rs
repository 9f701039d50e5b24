use std::{env, net::IpAddr};

use linq::types::Secret;
use reqwest::Url;

use crate::{exit_code, failure::Failure};

const WS_URL: &str = "LINQ_RELAY_WS_URL";
const RELAY_URL: &str = "LINQ_RELAY_URL";
const ALLOW_PLAIN_HTTP: &str = "LINQ_API_V3_ALLOW_PLAIN_HTTP";

/// The addresses of the service's relay.
const DEFAULT_WS_URL: &str = "wss://9r8ugjg4s0.execute-api.us-east-1.amazonaws.com/prod";
const DEFAULT_RELAY_URL: &str = "https://webhook.linqapp.com";

/// The addresses of a relay: where clients connect, and where webhooks are posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Addresses {
    /// With the scheme of HTTP.
    connect: Url,
    /// Without a final slash.
    post: String,
}

impl Addresses {
    pub(super) fn from_env(base_url: &str) -> Result<Self, Failure> {
        let variable = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let allows_plain = variable(ALLOW_PLAIN_HTTP).is_some_and(|value| value == "1");
        Self::new(base_url, variable(WS_URL).as_deref(), variable(RELAY_URL).as_deref(), allows_plain)
            .map_err(|reason| Failure::new(reason).with_kind("Config").with_exit_code(exit_code::USAGE))
    }

    fn new(
        base_url: &str,
        ws_url: Option<&str>,
        relay_url: Option<&str>,
        allows_plain: bool,
    ) -> Result<Self, String> {
        let sandbox = Url::parse(base_url).ok().filter(is_local);
        let connect = match (ws_url, &sandbox) {
            (Some(url), _) => parsed(WS_URL, url, "wss", "ws")?,
            (None, Some(sandbox)) => at_root(sandbox, "/relay"),
            (None, None) => parsed(WS_URL, DEFAULT_WS_URL, "wss", "ws")?,
        };
        let post = match (relay_url, &sandbox) {
            (Some(url), _) => parsed(RELAY_URL, url, "https", "http")?,
            (None, Some(sandbox)) => at_root(sandbox, "/"),
            (None, None) => parsed(RELAY_URL, DEFAULT_RELAY_URL, "https", "http")?,
        };
        if connect.scheme() == "http" && !is_local(&connect) && !allows_plain {
            return Err(format!(
                "{WS_URL} would send the API key unencrypted to another machine; use wss://, or set {ALLOW_PLAIN_HTTP}=1"
            ));
        }
        Ok(Self { connect, post: post.as_str().trim_end_matches('/').to_owned() })
    }

    /// Returns the URL to connect to, which contains the API key.
    pub(super) fn with_token(&self, api_key: &Secret) -> Url {
        let mut url = self.connect.clone();
        url.query_pairs_mut().append_pair("token", api_key.expose());
        url
    }

    /// Returns the URL that webhooks for a connection are posted to.
    pub(super) fn target_url(&self, connection_id: &str) -> String {
        format!("{}/relay/{connection_id}", self.post)
    }
}

/// Parses a URL with one of two schemes and returns it with that of HTTP. The error does not contain the URL.
fn parsed(name: &str, text: &str, secure: &str, plain: &str) -> Result<Url, String> {
    let invalid = || format!("invalid {name}: expected a URL with {secure}:// or {plain}://");
    let mut url = Url::parse(text).map_err(|_| invalid())?;
    let scheme = match url.scheme() {
        scheme if scheme == secure => "https",
        scheme if scheme == plain => "http",
        _ => return Err(invalid()),
    };
    url.set_scheme(scheme).map_err(|()| invalid())?;
    url.set_fragment(None);
    Ok(url)
}

fn at_root(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(path);
    url.set_query(None);
    url.set_fragment(None);
    url
}

fn is_local(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    const API: &str = "https://api.linqapp.com/api/partner";

    #[test]
    fn addresses_are_those_of_the_environment_the_sandbox_or_the_service() {
        let service = "https://9r8ugjg4s0.execute-api.us-east-1.amazonaws.com/prod?token=k%26%2B";
        for (base_url, ws_url, relay_url, connect, target_url) in [
            (API, None, None, service, "https://webhook.linqapp.com/relay/c1"),
            (
                "http://127.0.0.1:4010/api/partner",
                None,
                None,
                "http://127.0.0.1:4010/relay?token=k%26%2B",
                "http://127.0.0.1:4010/relay/c1",
            ),
            (
                "http://localhost:4010",
                Some("wss://relay.example.com/a?b=c"),
                None,
                "https://relay.example.com/a?b=c&token=k%26%2B",
                "http://localhost:4010/relay/c1",
            ),
            (
                API,
                Some("ws://[::1]:4010/relay"),
                Some("http://[::1]:4010/"),
                "http://[::1]:4010/relay?token=k%26%2B",
                "http://[::1]:4010/relay/c1",
            ),
            (
                API,
                None,
                Some("https://hooks.example.com/x/"),
                service,
                "https://hooks.example.com/x/relay/c1",
            ),
        ] {
            let addresses = Addresses::new(base_url, ws_url, relay_url, false).unwrap();
            assert_eq!(addresses.with_token(&Secret::from("k&+")).as_str(), connect);
            assert_eq!(addresses.target_url("c1"), target_url);
        }
    }

    #[test]
    fn an_address_with_another_scheme_or_an_unencrypted_one_elsewhere_is_refused() {
        for (ws_url, relay_url, allows_plain, reason) in [
            (Some("https://hunter2.example.com"), None, false, Some("invalid LINQ_RELAY_WS_URL: ")),
            (Some("hunter2"), None, false, Some("invalid LINQ_RELAY_WS_URL: ")),
            (None, Some("ws://hunter2.example.com"), false, Some("invalid LINQ_RELAY_URL: ")),
            (Some("ws://hunter2.example.com"), None, false, Some("LINQ_RELAY_WS_URL would send")),
            (Some("ws://hunter2.example.com"), None, true, None),
        ] {
            let error = Addresses::new(API, ws_url, relay_url, allows_plain).err();
            assert_eq!(error.is_some(), reason.is_some(), "{ws_url:?} {relay_url:?}");
            let error = error.unwrap_or_default();
            assert!(error.starts_with(reason.unwrap_or_default()) && !error.contains("hunter2"), "{error}");
        }
    }
}
