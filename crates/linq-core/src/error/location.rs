//! Where a redirect leads, as far as an error may show it.

use std::fmt;

use http::{
    HeaderMap, StatusCode, Uri,
    header::LOCATION,
    uri::{Authority, Scheme},
};

/// The `location` of a redirect without anything that may be secret: user name, password, query and fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Location(String);

/// The most characters of it that are shown.
const MAX_SHOWN: usize = 200;

impl Location {
    /// `None` unless the status is a redirect and the header is a URL or a path.
    pub(crate) fn of(status: StatusCode, headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(LOCATION).filter(|_| status.is_redirection())?.to_str().ok()?;
        Self::parse(text.trim())
    }

    fn parse(text: &str) -> Option<Self> {
        // A URL without a scheme has that of the request; the parser takes it for a path.
        let has_no_scheme = text.starts_with("//");
        let uri: Uri = if has_no_scheme { format!("https:{text}").parse() } else { text.parse() }.ok()?;
        let scheme = uri.scheme().filter(|_| !has_no_scheme);
        let mut shown = scheme.map_or_else(String::new, |scheme: &Scheme| format!("{scheme}:"));
        match uri.authority() {
            Some(authority) if uri.scheme().is_some() => shown.extend(["//", host_and_port(authority)?]),
            // A path without a slash in front of it, which the parser takes for a host.
            Some(_) => return None,
            None => {}
        }
        shown.push_str(uri.path());
        if uri.query().is_some() {
            shown.push_str("?...");
        }
        Some(Self(shown.chars().take(MAX_SHOWN).collect()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `None` if the port is none: a password with a special character would be taken for one.
fn host_and_port(authority: &Authority) -> Option<&str> {
    let text = authority.as_str();
    let text = text.rsplit_once('@').map_or(text, |(_, host)| host);
    is_port(text.strip_prefix(authority.host())?).then_some(text)
}

/// Whether a text is a port with a colon in front of it, or nothing.
pub(crate) fn is_port(text: &str) -> bool {
    let Some(port) = text.strip_prefix(':') else { return text.is_empty() };
    port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_shown_without_what_may_be_secret() {
        for (location, shown) in [
            (
                "https://api.example.com/api/partner/v3/chats",
                Some("https://api.example.com/api/partner/v3/chats"),
            ),
            ("https://api.example.com", Some("https://api.example.com/")),
            ("http://[::1]:8080/v3", Some("http://[::1]:8080/v3")),
            ("https://example.com/login?token=secret&next=%2F", Some("https://example.com/login?...")),
            ("https://example.com/login?secret#secret", Some("https://example.com/login?...")),
            ("https://example.com/login#secret", Some("https://example.com/login")),
            ("https://user:secret@example.com:8443/x", Some("https://example.com:8443/x")),
            ("https://secret@example.com", Some("https://example.com/")),
            ("https://user:se@cret@example.com/x", Some("https://example.com/x")),
            ("https://user:secret/@example.com/x", None),
            ("https://user:secret?@example.com/x", None),
            ("https://user:secret#@example.com/x", None),
            ("//user:secret@example.com/x?secret", Some("//example.com/x?...")),
            ("/api/v4/chats?secret=secret", Some("/api/v4/chats?...")),
            ("/users/@me", Some("/users/@me")),
            ("user:secret@example.com", None),
            ("secret", None),
            ("mailto:secret@example.com", None),
            ("https://exa mple.com/secret", None),
            ("", None),
        ] {
            let found = Location::parse(location);
            assert_eq!(found.as_ref().map(Location::as_str), shown, "{location}");
            assert!(!format!("{found:?}").contains("secret"), "{location}");
        }
        let long = format!("/{}", "a".repeat(1_000));
        assert_eq!(Location::parse(&long).unwrap().as_str().len(), MAX_SHOWN);
    }

    #[test]
    fn only_a_redirect_has_a_location() {
        let headers = HeaderMap::from_iter([(LOCATION, "/v4".parse().unwrap())]);
        for status in 200..600 {
            let status = StatusCode::from_u16(status).unwrap();
            let is_redirect = (300..400).contains(&status.as_u16());
            assert_eq!(Location::of(status, &headers).is_some(), is_redirect, "{status}");
            assert_eq!(Location::of(status, &HeaderMap::new()), None);
        }
    }
}
