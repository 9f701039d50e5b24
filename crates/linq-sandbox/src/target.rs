//! The URLs that webhooks are delivered to, and which of them are allowed.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

use http::{
    Uri,
    uri::{Authority, PathAndQuery, Scheme},
};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What is encoded in a path and a query. `%` is not: what is encoded already stays as it is.
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Parses the URL of a receiver and percent-encodes its path and query. The fragment is dropped.
///
/// Returns the reason if the URL is invalid. It never quotes the URL, which may contain a password.
pub(crate) fn parse(url: &str) -> Result<Uri, &'static str> {
    if url.contains(char::is_control) || url.trim() != url {
        return Err("must not have control characters, and no spaces around it");
    }
    let (scheme, rest) =
        url.split_once("://").ok_or("must be an absolute URL such as https://example.com/")?;
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "https" => Scheme::HTTPS,
        "http" => Scheme::HTTP,
        _ => return Err("must be an https or http URL"),
    };
    let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let path_and_query = rest.split('#').next().unwrap_or_default();
    let root = if path_and_query.starts_with('/') { "" } else { "/" };
    let path_and_query = format!("{root}{}", utf8_percent_encode(path_and_query, ENCODED));
    let uri = Uri::builder().scheme(scheme).authority(parse_authority(authority)?).path_and_query(
        PathAndQuery::try_from(path_and_query).map_err(|_| "is too long or has an invalid path")?,
    );
    uri.build().map_err(|_| "is not a valid URL")
}

fn parse_authority(text: &str) -> Result<Authority, &'static str> {
    if text.contains('@') {
        return Err("must not have a user name or password");
    }
    if !text.is_ascii() {
        return Err("must have an ASCII host; write an internationalized domain name in its `xn--` form");
    }
    let authority: Authority = text.parse().map_err(|_| "has an invalid host or port")?;
    let has_port = authority.as_str() != authority.host();
    match authority.port_u16() {
        _ if !is_host(authority.host()) => Err("has an invalid host"),
        None | Some(0) if has_port => Err("must have a port from 1 to 65535"),
        _ => Ok(authority),
    }
}

/// Returns `true` for domain names, IPv4 addresses, and IPv6 addresses in brackets.
pub(crate) fn is_host(text: &str) -> bool {
    match text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => {
            !text.is_empty()
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
        }
    }
}

/// Returns `true` for names and addresses of this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

/// The origins outside of this machine that webhooks may be delivered to.
#[derive(Debug, Default)]
pub(crate) struct AllowedTargets(Vec<Origin>);

impl AllowedTargets {
    /// Returns the reason if a text is not an origin.
    pub(crate) fn new(origins: &[String]) -> Result<Self, String> {
        let origins = origins.iter().map(|text| {
            let target = parse(text).map_err(|reason| format!("invalid allowed target: it {reason}"))?;
            match target.path() {
                "/" | "" if target.query().is_none() && !text.contains('#') => Ok(Origin::of(&target)),
                _ => Err(format!(
                    "invalid allowed target: it has a path; expected an origin such as {}",
                    Origin::of(&target)
                )),
            }
        });
        origins.collect::<Result<_, _>>().map(Self)
    }

    /// Allows the origin of this URL.
    pub(crate) fn add(&mut self, url: &Uri) {
        self.0.push(Origin::of(url));
    }

    /// Returns `true` for URLs of this machine and of the allowed origins.
    pub(crate) fn allow(&self, target: &Uri) -> bool {
        target.host().is_some_and(is_loopback) || self.0.contains(&Origin::of(target))
    }
}

/// Scheme, host and port.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    is_https: bool,
    host: String,
    port: u16,
}

impl Origin {
    pub(crate) fn of(target: &Uri) -> Self {
        let is_https = target.scheme() == Some(&Scheme::HTTPS);
        Self {
            is_https,
            host: target.host().unwrap_or_default().to_ascii_lowercase(),
            port: target.port_u16().unwrap_or(if is_https { 443 } else { 80 }),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { is_https, host, port } = self;
        write!(f, "{}://{host}:{port}", if *is_https { "https" } else { "http" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_queries_are_percent_encoded_and_what_is_encoded_stays() {
        for (url, encoded) in [
            ("http://127.0.0.1:1/é", "http://127.0.0.1:1/%C3%A9"),
            ("https://example.com/%C3%A9?q=%20", "https://example.com/%C3%A9?q=%20"),
            ("https://example.com/a b?c d", "https://example.com/a%20b?c%20d"),
            ("https://example.com/\"<>^`{|}\\", "https://example.com/%22%3C%3E%5E%60%7B%7C%7D%5C"),
            (
                "https://example.com/🎉?ключ=знач",
                "https://example.com/%F0%9F%8E%89?%D0%BA%D0%BB%D1%8E%D1%87=%D0%B7%D0%BD%D0%B0%D1%87",
            ),
            ("https://example.com/\u{202e}\u{200b}", "https://example.com/%E2%80%AE%E2%80%8B"),
            (
                "https://example.com/it's(a)[b];c=1,2&d:@!$*+~",
                "https://example.com/it's(a)[b];c=1,2&d:@!$*+~",
            ),
            ("https://example.com/100%", "https://example.com/100%"),
            ("https://example.com?a=é#fragment", "https://example.com/?a=%C3%A9"),
            ("https://example.com/a#é", "https://example.com/a"),
            ("HTTPS://example.com:8443", "https://example.com:8443/"),
            ("http://[::1]:8080/x", "http://[::1]:8080/x"),
            ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        ] {
            assert_eq!(parse(url).unwrap().to_string(), encoded, "{url}");
        }
    }

    #[test]
    fn a_url_that_cannot_be_requested_is_refused_with_the_reason() {
        let long = format!("https://example.com/{}", "a".repeat(70_000));
        for (url, reason) in [
            ("", "absolute"),
            ("nonsense", "absolute"),
            ("/hook", "absolute"),
            ("//example.com/hook", "absolute"),
            ("example.com/hook", "absolute"),
            ("ftp://example.com/", "https or http"),
            ("javascript://example.com/", "https or http"),
            ("https://", "host"),
            ("https:///hook", "host"),
            ("https://?q", "host"),
            ("https://:80/", "host"),
            ("https://bücher.example/", "xn--"),
            ("https://user:password@example.com/", "user name"),
            ("https://token@example.com/", "user name"),
            ("https://example.com\\@evil.example/", "user name"),
            ("https://example.com:99999/", "port"),
            ("https://example.com:0/", "port"),
            ("https://example.com:/", "port"),
            ("https://example.com:80:80/", "port"),
            ("https://exa mple.com/", "host"),
            ("https://[::1/", "host"),
            ("https://[::1]x/", "port"),
            ("https://[::x]/", "host"),
            ("https://*/", "host"),
            ("https://ex%61mple.com/", "host"),
            ("https://a,b/", "host"),
            (" https://example.com/", "spaces"),
            ("https://example.com/ ", "spaces"),
            ("https://example.com/a\r\nx: y", "control"),
            ("https://example.com/\0", "control"),
            ("https://example.com/\u{9b}31m", "control"),
            (&long, "too long"),
        ] {
            let error = parse(url).unwrap_err();
            assert!(error.contains(reason), "{url}: {error}");
            assert!(!error.contains("password@"), "{error}");
        }
    }

    #[test]
    fn only_this_machine_and_the_allowed_origins_are_allowed() {
        let targets =
            AllowedTargets::new(&["http://app:8080".into(), "https://Example.com/".into()]).unwrap();
        for (url, allowed) in [
            ("http://localhost/", true),
            ("http://LOCALHOST:1/", true),
            ("https://localhost/", true),
            ("http://127.9.9.9/", true),
            ("http://[::1]:80/", true),
            ("http://[::ffff:127.0.0.1]/", true),
            ("http://app:8080/hook?a", true),
            ("http://APP:8080", true),
            ("https://example.com:443/x", true),
            ("https://example.com/", true),
            ("http://app/", false),
            ("http://app:8081/", false),
            ("https://app:8080/", false),
            ("http://app.example:8080/", false),
            ("http://example.com:443/", false),
            ("https://example.com:8443/", false),
            ("https://www.example.com/", false),
            ("http://0.0.0.0/", false),
            ("http://10.0.0.1/", false),
            ("http://169.254.169.254/", false),
            ("http://localhost.example/", false),
            ("http://127.0.0.1.example/", false),
        ] {
            assert_eq!(targets.allow(&parse(url).unwrap()), allowed, "{url}");
        }
        assert!(!AllowedTargets::default().allow(&parse("https://example.com/").unwrap()));
    }

    #[test]
    fn what_is_not_an_origin_cannot_be_allowed() {
        for (text, reason) in [
            ("app:8080", "absolute"),
            ("*", "absolute"),
            ("http://*:8080", "host"),
            ("http://app:*", "port"),
            ("http://app:8080/hook", "expected an origin such as http://app:8080"),
            ("http://app:8080?q", "expected an origin"),
            ("http://app:8080/#f", "expected an origin"),
            ("http://user:password@app:8080", "user name"),
        ] {
            let error = AllowedTargets::new(&[text.into()]).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
            assert!(!error.contains("password@"), "{error}");
        }
    }
}
