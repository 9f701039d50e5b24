use std::net::IpAddr;

/// The host of a URL.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Host<'a> {
    /// Without brackets and without a dot at the end.
    pub(crate) name: &'a str,
    /// An IPv4 address in the form of an IPv6 address is an IPv4 address.
    pub(crate) address: Option<IpAddr>,
}

impl<'a> Host<'a> {
    pub(crate) fn new(host: &'a str) -> Self {
        let name = host.trim_start_matches('[').trim_end_matches([']', '.']);
        Self { name, address: name.parse().ok().map(|address: IpAddr| address.to_canonical()) }
    }

    /// Whether requests stay on this machine: the host is `localhost`, or a loopback or unspecified address.
    pub(crate) fn is_this_machine(self) -> bool {
        match self.address {
            Some(address) => address.is_loopback() || address.is_unspecified(),
            None => self.is_below("localhost"),
        }
    }

    /// Whether the host has this name, or one below it.
    pub(crate) fn is_below(self, name: &str) -> bool {
        let Some(start) = self.name.len().checked_sub(name.len()) else { return false };
        let (rest, end) = (self.name.as_bytes().get(..start), self.name.as_bytes().get(start..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(name.as_bytes()))
            && rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(b"."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_the_name_localhost_and_loopback_and_unspecified_addresses() {
        for host in [
            "localhost",
            "LocalHost.",
            "api.localhost",
            "127.0.0.1",
            "127.9.9.9",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "0.0.0.0",
            "[::]",
        ] {
            assert!(Host::new(host).is_this_machine(), "{host}");
        }
        for host in
            ["example.com", "mylocalhost", "localhost.example.com", "10.0.0.1", "[fe80::1]", "128.0.0.1"]
        {
            assert!(!Host::new(host).is_this_machine(), "{host}");
        }
    }
}
