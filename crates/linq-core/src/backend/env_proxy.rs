use std::{fmt, net::IpAddr};

use http::Uri;

use crate::host::Host;

/// The proxies that the environment names, and the rule which requests go through them.
///
/// The variables are those of other programs: `HTTPS_PROXY` for `https`, `HTTP_PROXY` for `http`, `ALL_PROXY` for what these
/// leave, `NO_PROXY` for exceptions, each also in lower case. Empty variables, and proxies that are not URLs, are skipped. In
/// CGI programs (where `REQUEST_METHOD` is set) no proxy is used, because a client can set `HTTP_PROXY` there.
///
/// Requests to this machine never go through a proxy: `localhost` and the names below it, `127.0.0.0/8`, `::1`, `0.0.0.0` and
/// `::`. `NO_PROXY` is a list, separated by commas or spaces, of
///
/// * `*`, which is every host, also an IP address,
/// * host names, which stand for the names below them too; `example.com`, `.example.com` and `*.example.com` are equivalent,
/// * IP addresses, and networks such as `10.0.0.0/8` and `fd00::/8`,
///
/// each with an optional port.
///
/// ```
/// # use linq_core as linq;
/// use linq::backend::EnvProxy;
///
/// let proxies = EnvProxy::from_vars(|name| match name {
///     "HTTPS_PROXY" => Some("http://proxy.corp:3128".into()),
///     "NO_PROXY" => Some("10.0.0.0/8, .internal".into()),
///     _ => None,
/// });
/// let of = |url: &'static str| proxies.for_url(&http::Uri::from_static(url));
/// assert_eq!(of("https://api.linqapp.com/"), Some("http://proxy.corp:3128"));
/// assert_eq!(of("https://10.1.2.3/"), None);
/// assert_eq!(of("https://localhost/"), None);
/// ```
#[derive(Clone, Default)]
pub struct EnvProxy {
    http: Option<String>,
    https: Option<String>,
    exceptions: Vec<Exception>,
}

#[derive(Clone)]
struct Exception {
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Clone)]
enum Hosts {
    All,
    /// This name, and those below it.
    Name(String),
    Network(IpAddr, u8),
}

impl EnvProxy {
    /// Reads the environment.
    #[must_use]
    pub fn from_env() -> Self {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    /// Reads variables from `var`, which returns `None` for those that are not set.
    #[must_use]
    pub fn from_vars(var: impl Fn(&str) -> Option<String>) -> Self {
        let var = |name: &str| {
            let set =
                |name: &str| var(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
            set(name).or_else(|| set(&name.to_ascii_lowercase()))
        };
        if var("REQUEST_METHOD").is_some() {
            return Self::default();
        }
        let has_host = |url: &String| url.parse().is_ok_and(|url: Uri| url.authority().is_some());
        let proxy = |name| var(name).filter(has_host);
        let all = proxy("ALL_PROXY");
        let exceptions = var("NO_PROXY").unwrap_or_default();
        Self {
            http: proxy("HTTP_PROXY").or_else(|| all.clone()),
            https: proxy("HTTPS_PROXY").or(all),
            exceptions: exceptions.split([',', ' ']).filter_map(Exception::parse).collect(),
        }
    }

    /// Returns the proxy of this URL as the environment has it, possibly with a password and without a scheme.
    #[must_use]
    pub fn for_url(&self, url: &Uri) -> Option<&str> {
        let (proxy, default_port) = match url.scheme_str()? {
            "http" => (self.http.as_deref()?, 80),
            "https" => (self.https.as_deref()?, 443),
            _ => return None,
        };
        let host = Host::new(url.host()?);
        let port = url.port_u16().unwrap_or(default_port);
        let is_exempt =
            host.is_this_machine() || self.exceptions.iter().any(|exception| exception.matches(host, port));
        (!is_exempt).then_some(proxy)
    }

    /// Returns `true` if no request goes through a proxy.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.http.is_none() && self.https.is_none()
    }
}

/// Shows which proxies there are, but not their URLs, which can have passwords.
impl fmt::Debug for EnvProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvProxy")
            .field("http", &self.http.is_some())
            .field("https", &self.https.is_some())
            .field("exceptions", &self.exceptions.len())
            .finish()
    }
}

impl Exception {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        // The colons of an IPv6 address are followed by no port unless it is in brackets.
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
                (host, Some(port.parse().ok()?))
            }
            _ => (text, None),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        Hosts::parse(host).map(|hosts| Self { hosts, port })
    }

    fn matches(&self, host: Host<'_>, port: u16) -> bool {
        self.port.is_none_or(|own| own == port)
            && match (&self.hosts, host.address) {
                (Hosts::All, _) => true,
                (Hosts::Name(name), None) => host.is_below(name),
                (Hosts::Network(network, bits), Some(address)) => is_within(address, *network, *bits),
                _ => false,
            }
    }
}

impl Hosts {
    fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::All);
        }
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address.parse().ok()?, Some(bits.parse().ok()?)),
            None => match text.parse() {
                Ok(address) => (address, None),
                Err(_) => {
                    let name = text.trim_start_matches('*').trim_start_matches('.').trim_end_matches('.');
                    return (!name.is_empty()).then(|| Self::Name(name.to_owned()));
                }
            },
        };
        let most = if IpAddr::is_ipv4(&address) { 32 } else { 128 };
        Some(Self::Network(address, bits.unwrap_or(most))).filter(|_| bits.is_none_or(|bits| bits <= most))
    }
}

fn is_within(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            let differing = address.to_bits() ^ network.to_bits();
            differing.leading_zeros() >= u32::from(bits)
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            let differing = address.to_bits() ^ network.to_bits();
            differing.leading_zeros() >= u32::from(bits)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(vars: &[(&str, &str)]) -> EnvProxy {
        EnvProxy::from_vars(|name| {
            vars.iter().find(|(var, _)| *var == name).map(|(_, value)| (*value).to_owned())
        })
    }

    fn proxy_of<'p>(proxies: &'p EnvProxy, url: &str) -> Option<&'p str> {
        proxies.for_url(&url.parse().unwrap())
    }

    #[test]
    fn each_scheme_has_its_variable_and_all_proxy_is_for_what_they_leave() {
        let (http, https) = ("http://example.com/", "https://example.com/");
        type Case<'a> = (&'a [(&'a str, &'a str)], Option<&'a str>, Option<&'a str>);
        let cases: [Case<'_>; 10] = [
            (&[], None, None),
            (&[("HTTP_PROXY", "h")], Some("h"), None),
            (&[("https_proxy", "s")], None, Some("s")),
            (&[("ALL_PROXY", "a")], Some("a"), Some("a")),
            (&[("all_proxy", "a"), ("HTTPS_PROXY", "s")], Some("a"), Some("s")),
            (&[("HTTP_PROXY", "upper"), ("http_proxy", "lower")], Some("upper"), None),
            (&[("HTTP_PROXY", " "), ("http_proxy", "lower")], Some("lower"), None),
            (&[("HTTP_PROXY", ""), ("ALL_PROXY", "a")], Some("a"), Some("a")),
            (
                &[("HTTPS_PROXY", "not a url"), ("ALL_PROXY", "http://a:1")],
                Some("http://a:1"),
                Some("http://a:1"),
            ),
            (&[("ALL_PROXY", "a"), ("REQUEST_METHOD", "GET")], None, None),
        ];
        for (vars, of_http, of_https) in cases {
            let proxies = proxies(vars);
            assert_eq!(
                (proxy_of(&proxies, http), proxy_of(&proxies, https)),
                (of_http, of_https),
                "{vars:?}"
            );
            assert_eq!(proxies.is_empty(), of_http.or(of_https).is_none(), "{vars:?}");
        }
    }

    #[test]
    fn requests_to_this_machine_never_go_through_a_proxy() {
        let proxies = proxies(&[("ALL_PROXY", "proxy")]);
        for host in [
            "localhost",
            "LocalHost",
            "localhost.",
            "api.localhost",
            "127.0.0.1",
            "127.255.0.9",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "0.0.0.0",
            "[::]",
        ] {
            for url in [format!("http://{host}/"), format!("https://{host}:8080/v3")] {
                assert_eq!(proxy_of(&proxies, &url), None, "{url}");
            }
        }
        for host in ["localhost.example.com", "mylocalhost", "128.0.0.1", "10.0.0.1", "[::2]", "host"] {
            assert_eq!(proxy_of(&proxies, &format!("http://{host}/")), Some("proxy"), "{host}");
        }
    }

    #[test]
    fn no_proxy_takes_all_hosts_names_addresses_networks_and_ports() {
        let cases: [(&str, &[&str], &[&str]); 13] = [
            ("*", &["example.com", "10.0.0.1", "[2001:db8::1]"], &[]),
            ("a.test, *", &["example.com", "10.0.0.1"], &[]),
            (
                "example.com",
                &["example.com", "EXAMPLE.com", "api.example.com", "example.com."],
                &["notexample.com", "example.org"],
            ),
            (".example.com", &["example.com", "api.example.com"], &["notexample.com"]),
            ("*.example.com", &["example.com", "api.example.com"], &["notexample.com"]),
            ("10.0.0.0/8", &["10.0.0.1", "10.255.255.255"], &["11.0.0.1", "[a00::1]", "10.example.com"]),
            ("192.168.1.128/25", &["192.168.1.128", "192.168.1.255"], &["192.168.1.127"]),
            ("0.0.0.0/0", &["8.8.8.8"], &["[2001:db8::1]", "example.com"]),
            ("fd00::/8, ::7", &["[fd12::1]", "[::7]"], &["[fe00::1]", "[::8]", "10.0.0.1"]),
            ("10.0.0.7", &["10.0.0.7", "[::ffff:10.0.0.7]"], &["10.0.0.70"]),
            (
                "example.com:8080 [fd00::1]:8080",
                &["example.com:8080", "[fd00::1]:8080"],
                &["example.com", "[fd00::1]"],
            ),
            ("a.test,b.test c.test", &["a.test", "b.test", "c.test"], &["d.test"]),
            (",, .,10.0.0.0/33,10.0.0.0/x,example.com:port,:80", &[], &["example.com", "10.0.0.1", "a.test"]),
        ];
        for (no_proxy, direct, proxied) in cases {
            let proxies = proxies(&[("HTTP_PROXY", "proxy"), ("no_proxy", no_proxy)]);
            for host in direct {
                assert_eq!(proxy_of(&proxies, &format!("http://{host}/")), None, "{no_proxy}: {host}");
            }
            for host in proxied {
                assert_eq!(
                    proxy_of(&proxies, &format!("http://{host}/")),
                    Some("proxy"),
                    "{no_proxy}: {host}"
                );
            }
        }
    }

    #[test]
    fn a_port_that_is_not_in_the_url_is_that_of_the_scheme() {
        let proxies = proxies(&[("ALL_PROXY", "proxy"), ("NO_PROXY", "example.com:443")]);
        assert_eq!(proxy_of(&proxies, "https://example.com/"), None);
        assert_eq!(proxy_of(&proxies, "http://example.com/"), Some("proxy"));
    }

    #[test]
    fn debug_shows_no_password() {
        let proxies = proxies(&[("ALL_PROXY", "http://user:secret@proxy:3128")]);
        assert!(!format!("{proxies:?}").contains("secret"));
    }
}
