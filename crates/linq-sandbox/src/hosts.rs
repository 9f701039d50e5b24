//! The hosts by which requests may address the sandbox.
//!
//! A web page whose host name resolves to this machine (DNS rebinding) could otherwise use the sandbox from a browser.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, StatusCode, Uri, header, uri::Authority};

use crate::{
    error::ApiError,
    target::{is_host, is_loopback},
};

/// The hosts that are accepted besides those of this machine: the address that the sandbox listens on, and the allowed ones.
#[derive(Debug)]
pub(crate) struct Hosts(Vec<String>);

impl Hosts {
    /// Returns the reason if a name is not a host.
    pub(crate) fn new(listening: IpAddr, names: &[String]) -> Result<Self, String> {
        let mut hosts = vec![canonical(&listening.to_string())];
        for name in names {
            if !is_host(name) && name.parse::<IpAddr>().is_err() {
                return Err(format!(
                    "invalid allowed host `{name}`: expected a name or an address without a port"
                ));
            }
            hosts.push(canonical(name));
        }
        Ok(Self(hosts))
    }

    /// Rejects a request for another host. `reached` is the address that its connection was made to. A request without
    /// a host is accepted: browsers always send one.
    pub(crate) fn check(
        &self,
        uri: &Uri,
        headers: &HeaderMap,
        reached: Option<IpAddr>,
    ) -> Result<(), ApiError> {
        let given = headers.get_all(header::HOST).iter().map(|value| value.as_bytes());
        let mut given = given.chain(uri.authority().map(|authority| authority.as_str().as_bytes()));
        match given.find(|host| !host.is_empty() && !self.contain(host, reached)) {
            None => Ok(()),
            Some(host) => Err(ApiError::invalid(format!(
                "`Host: {}` is not a name of this sandbox; to accept it, add it with `allow_host` or --allow-host",
                String::from_utf8_lossy(host)
            ))
            .with_status(StatusCode::MISDIRECTED_REQUEST)),
        }
    }

    /// Returns the origin of the URLs of a sandbox that listens on this address.
    pub(crate) fn origin(&self, address: SocketAddr) -> String {
        let port = address.port();
        match self.0.get(1).filter(|_| address.ip().is_unspecified()) {
            Some(host) => match host.parse() {
                Ok(ip) => format!("http://{}", SocketAddr::new(ip, port)),
                Err(_) => format!("http://{host}:{port}"),
            },
            None => format!("http://{address}"),
        }
    }

    fn contain(&self, host: &[u8], reached: Option<IpAddr>) -> bool {
        Authority::try_from(host).is_ok_and(|authority| {
            let host = canonical(authority.host());
            is_loopback(&host)
                || self.0.contains(&host)
                || reached.is_some_and(|reached| canonical(&reached.to_string()) == host)
        })
    }
}

/// Returns one spelling for a host: names in lower case without a final dot, addresses without brackets.
fn canonical(host: &str) -> String {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match host.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().to_string(),
        Err(_) => host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn accepts(hosts: &Hosts, uri: &str, given: &[&str], reached: [u8; 4]) -> bool {
        let headers = given.iter().map(|host| (header::HOST, host.parse().unwrap())).collect();
        hosts.check(&uri.parse().unwrap(), &headers, Some(reached.into())).is_ok()
    }

    #[test]
    fn only_hosts_of_this_machine_and_allowed_ones_are_accepted() {
        let hosts =
            Hosts::new(Ipv4Addr::UNSPECIFIED.into(), &["Sandbox".into(), "[fd00::1]".into()]).unwrap();
        for (host, accepted) in [
            ("localhost", true),
            ("LOCALHOST:4010", true),
            ("localhost.:4010", true),
            ("127.0.0.1:4010", true),
            ("127.1.2.3", true),
            ("[::1]:4010", true),
            ("[::ffff:127.0.0.1]", true),
            ("0.0.0.0:4010", true),
            ("10.0.0.7:4010", true),
            ("sandbox:4010", true),
            ("SANDBOX", true),
            ("[fd00::1]:80", true),
            ("", true),
            ("10.0.0.8:4010", false),
            ("evil.example", false),
            ("evil.example:4010", false),
            ("sandbox.evil.example", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("evil.localhost", false),
            ("[fd00::2]", false),
            ("localhost@evil.example", false),
            ("a b", false),
            ("\u{e9}", false),
        ] {
            assert_eq!(accepts(&hosts, "/", &[host], [10, 0, 0, 7]), accepted, "{host}");
        }
        assert!(accepts(&hosts, "/", &[], [10, 0, 0, 7]));
        assert!(!accepts(&hosts, "/", &["localhost", "evil.example"], [10, 0, 0, 7]));
        assert!(!accepts(&hosts, "http://evil.example/", &["localhost"], [10, 0, 0, 7]));
        assert!(!accepts(&hosts, "http://localhost/", &["evil.example"], [10, 0, 0, 7]));
        assert!(accepts(&hosts, "http://localhost/", &["localhost"], [10, 0, 0, 7]));
        let local = Hosts::new(Ipv4Addr::LOCALHOST.into(), &[]).unwrap();
        assert!(!accepts(&local, "/", &["0.0.0.0"], [127, 0, 0, 1]));
        assert!(!accepts(&local, "/", &["sandbox"], [127, 0, 0, 1]));
    }

    #[test]
    fn urls_have_the_first_allowed_host_if_the_sandbox_listens_on_every_address() {
        for (listening, allowed, origin) in [
            ("127.0.0.1:1", vec![], "http://127.0.0.1:1"),
            ("127.0.0.1:1", vec!["sandbox"], "http://127.0.0.1:1"),
            ("0.0.0.0:1", vec![], "http://0.0.0.0:1"),
            ("0.0.0.0:1", vec!["sandbox", "other"], "http://sandbox:1"),
            ("[::]:1", vec!["fd00::1"], "http://[fd00::1]:1"),
            ("[::]:1", vec!["10.0.0.1"], "http://10.0.0.1:1"),
        ] {
            let listening: SocketAddr = listening.parse().unwrap();
            let allowed: Vec<_> = allowed.into_iter().map(str::to_owned).collect();
            assert_eq!(Hosts::new(listening.ip(), &allowed).unwrap().origin(listening), origin);
        }
    }

    #[test]
    fn what_is_not_a_host_cannot_be_allowed() {
        for name in ["", " ", "a b", "sandbox:4010", "http://sandbox", "*", "*.example", "a/b", "bücher"] {
            let result = Hosts::new(Ipv4Addr::LOCALHOST.into(), &[name.into()]);
            assert!(result.is_err(), "{name}");
        }
    }
}
