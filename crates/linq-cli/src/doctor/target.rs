use std::net::{IpAddr, Ipv4Addr};

use http::Uri;

/// The host of the relay that `webhooks listen` of the official command line subscribes.
const RELAY: &str = "webhook.linqapp.com";

/// The target of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// In lower case, without the brackets of an IPv6 address and without a dot at the end.
    pub(super) host: String,
    path: String,
}

impl Target {
    pub(super) fn parse(url: &str) -> Result<Self, &'static str> {
        let url: Uri = url.parse().map_err(|_| "has an invalid URL")?;
        let host = url.host().ok_or("has a URL without a host")?;
        let host = host.trim_start_matches('[').trim_end_matches([']', '.']).to_lowercase();
        Ok(Self { host, path: url.path().to_owned() })
    }

    pub(super) fn is_relay(&self) -> bool {
        self.host == RELAY && self.path.starts_with("/relay/")
    }
}

/// Returns `true` for `localhost` and for loopback and unspecified addresses.
pub(super) fn is_this_machine(host: &str) -> bool {
    match host.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(address) => address.is_loopback() || address.is_unspecified(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

/// Returns `true` for an address that is reachable from the internet.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            !(address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_unspecified()
                || address.is_broadcast()
                || address.is_documentation()
                || is_shared(address))
        }
        IpAddr::V6(address) => {
            !(address.is_loopback()
                || address.is_unspecified()
                || address.is_unique_local()
                || address.is_unicast_link_local())
        }
    }
}

/// Addresses of carriers and overlay networks: 100.64.0.0/10.
fn is_shared(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    first == 100 && second & 0b1100_0000 == 64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_not_public() {
        for (address, expected) in [
            ("8.8.8.8", true),
            ("100.63.0.1", true),
            ("100.64.0.1", false),
            ("100.128.0.1", true),
            ("10.1.2.3", false),
            ("172.31.0.1", false),
            ("192.168.0.1", false),
            ("169.254.169.254", false),
            ("127.0.0.1", false),
            ("0.0.0.0", false),
            ("192.0.2.1", false),
            ("2606:4700::1111", true),
            ("::1", false),
            ("fd00::1", false),
            ("fe80::1", false),
            ("::ffff:10.0.0.1", false),
        ] {
            assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn a_relay_is_recognized_by_its_host_and_path() {
        for (url, expected) in [
            ("https://webhook.linqapp.com/relay/abc", true),
            ("https://WEBHOOK.linqapp.com./relay/abc", true),
            ("https://webhook.linqapp.com/hooks", false),
            ("https://example.com/relay/abc", false),
        ] {
            assert_eq!(Target::parse(url).unwrap().is_relay(), expected, "{url}");
        }
        for invalid in ["", "/hooks", "https://", "not a url"] {
            assert!(Target::parse(invalid).is_err(), "{invalid}");
        }
        assert!(is_this_machine(&Target::parse("http://[::1]:80/").unwrap().host));
    }
}
