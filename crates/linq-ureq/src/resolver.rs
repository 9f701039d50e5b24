use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use http::Uri;
use ureq::{
    Error,
    config::Config,
    unversioned::{
        resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
        transport::NextTimeout,
    },
};

const TTL: Duration = Duration::from_secs(10);
const MAX_ENTRIES: usize = 16;

/// Resolves like ureq, and caches the addresses of the last few names. Clones share the cache.
///
/// ureq resolves the host of every request before it looks for an open connection, and starts a thread for each lookup so
/// that it can time out. Reusing connections therefore saves neither the thread nor the lookup, which together take most of
/// the time of a call; parsing IP addresses in place would help local servers only, since services have names.
#[derive(Debug, Clone, Default)]
pub(crate) struct CachingResolver {
    cache: Arc<Mutex<Cache>>,
}

impl CachingResolver {
    /// Makes the next request with each name look it up again.
    pub(crate) fn clear(&self) {
        self.with_cache(|cache| cache.entries.clear());
    }

    fn with_cache<T>(&self, f: impl FnOnce(&mut Cache) -> T) -> T {
        f(&mut self.cache.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Resolver for CachingResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let parts = uri.scheme().zip(uri.authority());
        let host = parts.and_then(|(scheme, authority)| DefaultResolver::host_and_port(scheme, authority));
        let host = host.ok_or(Error::HostNotFound)?;
        if host.parse::<SocketAddr>().is_ok() {
            // Without a timeout, ureq starts no thread.
            return DefaultResolver::default().resolve(uri, config, NextTimeout::default());
        }
        let now = now();
        if let Some(addresses) = self.with_cache(|cache| cache.get(&host, now)) {
            return Ok(addresses);
        }
        let addresses = match DefaultResolver::default().resolve(uri, config, timeout) {
            // A failed lookup has no error kind by which it could be told from a failed connection.
            Err(Error::Io(_)) => return Err(Error::HostNotFound),
            addresses => addresses?,
        };
        self.with_cache(|cache| cache.insert(host, addresses.clone(), now));
        Ok(addresses)
    }
}

#[expect(clippy::disallowed_methods, reason = "ureq gives a resolver no clock")]
fn now() -> Instant {
    Instant::now()
}

/// The results of successful lookups, the oldest first.
#[derive(Debug, Default)]
struct Cache {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    /// The name and the port, as in `api.linqapp.com:443`.
    host: String,
    addresses: ResolvedSocketAddrs,
    expires_at: Instant,
}

impl Cache {
    fn get(&self, host: &str, now: Instant) -> Option<ResolvedSocketAddrs> {
        let entry = self.entries.iter().find(|entry| entry.host == host && now < entry.expires_at)?;
        Some(entry.addresses.clone())
    }

    fn insert(&mut self, host: String, addresses: ResolvedSocketAddrs, now: Instant) {
        self.entries.retain(|entry| entry.host != host && now < entry.expires_at);
        if self.entries.len() == MAX_ENTRIES {
            self.entries.remove(0);
        }
        self.entries.push(Entry { host, addresses, expires_at: now + TTL });
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{self, BufRead, BufReader, Read, Write},
        net::TcpListener,
        thread,
    };

    use linq_core::{BlockingHttpBackend, Body, TransportErrorKind};
    use ureq::{Proxy, Timeout};

    use super::*;
    use crate::UreqBackend;

    fn resolve(resolver: &CachingResolver, url: &str, after: Duration) -> Result<Vec<SocketAddr>, Error> {
        let timeout = NextTimeout { after: after.into(), reason: Timeout::Resolve, ..NextTimeout::default() };
        let addresses = resolver.resolve(&url.parse().unwrap(), &Config::default(), timeout)?;
        Ok(addresses.iter().copied().collect())
    }

    fn cached(resolver: &CachingResolver) -> Vec<String> {
        resolver.with_cache(|cache| cache.entries.iter().map(|entry| entry.host.clone()).collect())
    }

    fn addresses(address: &str) -> ResolvedSocketAddrs {
        let mut addresses = CachingResolver::default().empty();
        addresses.push(address.parse().unwrap());
        addresses
    }

    #[test]
    fn ip_addresses_are_not_looked_up() {
        let resolver = CachingResolver::default();
        for (url, expected) in [
            ("http://127.0.0.1/v3", "127.0.0.1:80"),
            ("https://192.0.2.7/", "192.0.2.7:443"),
            ("http://[::1]:8080/", "[::1]:8080"),
            ("https://[2001:db8::1]", "[2001:db8::1]:443"),
        ] {
            let found = resolve(&resolver, url, Duration::ZERO).unwrap();
            assert_eq!(found, [expected.parse().unwrap()], "{url}");
        }
        assert!(cached(&resolver).is_empty());
    }

    #[test]
    fn names_are_looked_up_and_cached_with_their_port() {
        let resolver = CachingResolver::default();
        for port in [8001, 8002] {
            let found =
                resolve(&resolver, &format!("http://localhost:{port}/"), Duration::from_secs(10)).unwrap();
            assert!(!found.is_empty());
            assert!(found.iter().all(|address| address.ip().is_loopback() && address.port() == port));
        }
        assert_eq!(cached(&resolver), ["localhost:8001", "localhost:8002"]);
    }

    #[test]
    fn a_cached_name_is_not_looked_up() {
        let resolver = CachingResolver::default();
        let host = "no-such-host.invalid:443".to_owned();
        resolver.with_cache(|cache| cache.insert(host, addresses("192.0.2.1:443"), now()));
        let found = resolve(&resolver, "https://no-such-host.invalid/", Duration::from_secs(10)).unwrap();
        assert_eq!(found, ["192.0.2.1:443".parse().unwrap()]);
    }

    #[test]
    fn an_entry_expires_after_its_ttl() {
        let start = now();
        let mut cache = Cache::default();
        cache.insert("one:80".into(), addresses("192.0.2.1:80"), start);
        assert_eq!(
            cache.get("one:80", start + TTL - Duration::from_nanos(1)),
            Some(addresses("192.0.2.1:80"))
        );
        assert_eq!(cache.get("one:80", start + TTL), None);
        assert_eq!(cache.get("one:443", start), None);

        cache.insert("two:80".into(), addresses("192.0.2.2:80"), start + TTL);
        assert_eq!(cache.entries.len(), 1, "expired entries are removed");
        cache.insert("two:80".into(), addresses("192.0.2.3:80"), start + TTL);
        assert_eq!(cache.entries.len(), 1, "a newer result replaces an older one");
        assert_eq!(cache.get("two:80", start + TTL), Some(addresses("192.0.2.3:80")));
    }

    #[test]
    fn the_oldest_entry_makes_way_when_the_cache_is_full() {
        let now = now();
        let mut cache = Cache::default();
        for port in 0..=MAX_ENTRIES {
            cache.insert(format!("name:{port}"), addresses("192.0.2.1:80"), now);
        }
        assert_eq!(cache.entries.len(), MAX_ENTRIES);
        assert_eq!(cache.get("name:0", now), None);
        assert!(cache.get("name:1", now).is_some());
    }

    #[test]
    fn a_failed_call_clears_the_cache() {
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let backend = UreqBackend::new();
        let resolver = backend.resolver.clone();
        for url in [format!("http://localhost:{port}/"), "http://no-such-host.invalid/".to_owned()] {
            resolve(&resolver, "http://localhost:1/", Duration::from_secs(10)).unwrap();
            let request = http::Request::get(&url).body(Body::empty()).unwrap();
            let error = backend.send(request, Duration::from_secs(10)).unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::Connect, "{url}: {error:?}");
            assert!(cached(&resolver).is_empty(), "{url}");
        }
    }

    #[test]
    fn a_proxy_resolves_the_host_of_the_request() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let serving = thread::spawn(move || {
            let mut connection = BufReader::new(listener.accept()?.0);
            let mut first_lines = Vec::new();
            for response in ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"] {
                let mut head = connection.by_ref().lines();
                first_lines.extend(head.next().transpose()?);
                while head.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
                connection.get_mut().write_all(response.as_bytes())?;
            }
            io::Result::Ok(first_lines)
        });
        let proxy = Proxy::new(&format!("http://localhost:{port}")).unwrap();
        let backend = UreqBackend::from(UreqBackend::config_builder().proxy(Some(proxy)).build());
        let request = http::Request::get("http://no-such-host.invalid/v3/chats").body(Body::empty()).unwrap();
        let response = backend.send(request, Duration::from_secs(10)).unwrap();
        assert_eq!(response.body(), "hi");
        assert_eq!(
            serving.join().unwrap().unwrap(),
            ["CONNECT no-such-host.invalid:80 HTTP/1.1", "GET /v3/chats HTTP/1.1"],
        );
        assert_eq!(cached(&backend.resolver), [format!("localhost:{port}")]);
    }
}
