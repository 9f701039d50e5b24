use std::{fmt, sync::Arc, time::Duration};

use http::{
    HeaderMap, HeaderValue, Method, Uri,
    header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, USER_AGENT},
    uri::{self, Authority, PathAndQuery, Scheme},
};

use linq_types::{StrayCharacter, events::EventKeys};

#[cfg(feature = "profile")]
use crate::profile::ProfileChoice;
use crate::{
    Body,
    error::{Error, InvalidConfig, is_port},
    host::Host,
    key::KeySource,
    memory::Memory,
    pace::Pacer,
    request::{Accept, Query},
    retry::{DEFAULT_MAX_RETRY_AFTER, OnRetry},
};

/// The timeout of an attempt unless the client or the call sets another.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

const DEFAULT_BASE_URL: &str = "https://api.linqapp.com/api/partner";

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const GEO_JSON: HeaderValue = HeaderValue::from_static("application/geo+json");
const IDENTITY: HeaderValue = HeaderValue::from_static("identity");
const ANYTHING: HeaderValue = HeaderValue::from_static("*/*");
const PRODUCT: HeaderValue = HeaderValue::from_static(concat!("linq-rust/", env!("CARGO_PKG_VERSION")));

/// What a client and its clones share.
pub(crate) struct Setup {
    pub(crate) config: Arc<Config>,
    /// Where keys come from: those of the settings, or for an event.
    pub(crate) keys: KeySource,
    pub(crate) memory: Arc<Memory>,
}

impl Setup {
    pub(crate) fn new(config: Config) -> Arc<Self> {
        Self::with_memory(config, Arc::default())
    }

    fn with_memory(config: Config, memory: Arc<Memory>) -> Arc<Self> {
        Arc::new(Self { keys: config.settings.keys.clone(), config: Arc::new(config), memory })
    }

    /// Returns the setup of a client with other settings. It remembers nothing if they may be those of another account.
    pub(crate) fn with_config(&self, config: Config) -> Arc<Self> {
        let (old, new) = (&self.config.settings, &config.settings);
        let is_same_account = old.default_api_key == new.default_api_key && old.base_url == new.base_url;
        let memory = if is_same_account { Arc::clone(&self.memory) } else { Arc::default() };
        Self::with_memory(config, memory)
    }

    /// Returns the same with the keys of a webhook event.
    pub(crate) fn for_event(&self, keys: EventKeys) -> Arc<Self> {
        Arc::new(self.with_keys(KeySource::for_event(keys)))
    }

    /// Returns the same with other keys.
    pub(crate) fn with_keys(&self, keys: KeySource) -> Self {
        Self { config: Arc::clone(&self.config), keys, memory: Arc::clone(&self.memory) }
    }

    /// Returns the settings, to build another client from.
    pub(crate) fn settings(&self) -> Settings {
        Settings { keys: self.keys.clone(), ..self.config.settings.clone() }
    }
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings().fmt(f)
    }
}

/// What all calls of a client share.
pub(crate) struct Config {
    /// What it was built from, for copies that differ in a few settings.
    pub(crate) settings: Settings,
    pub(crate) base_url: BaseUrl,
    /// Prepared once for each kind of response and of method.
    headers: [[Arc<HeaderMap>; 3]; 3],
}

/// Leaves the headers out, which have the key and whatever the application sends.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.fmt(f)
    }
}

impl Config {
    /// The headers of a request. As in the official clients, all methods but GET have a `content-type`, with a body or
    /// without.
    pub(crate) fn headers(&self, method: MethodKind, accept: Accept) -> &Arc<HeaderMap> {
        &self.headers[accept as usize][method as usize]
    }
}

/// The methods, by the headers that they need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MethodKind {
    Get,
    /// POST, PUT or PATCH without a body, where servers expect a length.
    EmptyBody,
    Other,
}

impl MethodKind {
    pub(crate) fn of(method: &Method, body: &Body) -> Self {
        match *method {
            Method::GET => Self::Get,
            Method::POST | Method::PUT | Method::PATCH if body.is_empty() => Self::EmptyBody,
            _ => Self::Other,
        }
    }
}

fn headers(settings: &Settings, key: &str, accept: Accept, method: MethodKind) -> Result<HeaderMap, Error> {
    let mut authorization = HeaderValue::try_from(format!("Bearer {key}"))
        .map_err(|_| Error::config(InvalidConfig::Key(StrayCharacter::Invisible)))?;
    authorization.set_sensitive(true);
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(AUTHORIZATION, authorization);
    let accept = match accept {
        Accept::Json => JSON,
        Accept::GeoJson => GEO_JSON,
        Accept::Anything => ANYTHING,
    };
    headers.insert(ACCEPT, accept);
    headers.insert(ACCEPT_ENCODING, IDENTITY);
    headers.insert(USER_AGENT, PRODUCT);
    if method != MethodKind::Get {
        headers.insert(CONTENT_TYPE, JSON);
    }
    if method == MethodKind::EmptyBody {
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    for (name, value) in &settings.headers {
        let mut value = value.clone();
        value.set_sensitive(name == AUTHORIZATION);
        headers.insert(name, value);
    }
    Ok(headers)
}

/// The settings of a client, before they are validated.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) api_key: Option<String>,
    /// The key of the environment, or of the client that this one is derived from.
    pub(crate) default_api_key: Option<String>,
    #[cfg(feature = "profile")]
    pub(crate) profile: Option<ProfileChoice>,
    pub(crate) base_url: Option<String>,
    pub(crate) allow_plain_http: bool,
    pub(crate) timeout: Duration,
    pub(crate) deadline: Option<Duration>,
    pub(crate) max_retry_after: Duration,
    pub(crate) attempts: u32,
    pub(crate) keys: KeySource,
    pub(crate) pacer: Option<Arc<Pacer>>,
    pub(crate) on_retry: Option<OnRetry>,
    pub(crate) skip_validation: bool,
    pub(crate) headers: HeaderMap,
    pub(crate) query: Query,
    /// The first thing that was wrong with them.
    pub(crate) invalid: Option<InvalidConfig>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            api_key: None,
            default_api_key: None,
            #[cfg(feature = "profile")]
            profile: None,
            base_url: None,
            allow_plain_http: false,
            timeout: DEFAULT_TIMEOUT,
            deadline: None,
            max_retry_after: DEFAULT_MAX_RETRY_AFTER,
            attempts: 3,
            keys: KeySource::default(),
            pacer: None,
            on_retry: None,
            skip_validation: false,
            headers: HeaderMap::new(),
            query: Query::default(),
            invalid: None,
        }
    }
}

impl Settings {
    /// Fills what was not set from the environment. An empty variable counts as unset.
    pub(crate) fn or_env(mut self, read: impl Fn(&str) -> Option<String>) -> Self {
        let read = |name| read(name).filter(|value| !value.is_empty());
        self.default_api_key = self.default_api_key.or_else(|| read("LINQ_API_V3_API_KEY"));
        self.base_url = self.base_url.or_else(|| read("LINQ_API_V3_BASE_URL"));
        match read("LINQ_API_V3_ALLOW_PLAIN_HTTP").as_deref() {
            None | Some("0") => {}
            Some("1") => self.allow_plain_http = true,
            Some(_) => self.invalid = Some(InvalidConfig::AllowPlainHttp),
        }
        self
    }

    /// Returns the API key: that of the setter, else of a profile by name, of the environment, or of the active profile.
    fn take_key(&mut self) -> Result<String, Error> {
        let set = self.api_key.take();
        let default = self.default_api_key.take();
        #[cfg(feature = "profile")]
        let key = match (set, self.profile.take()) {
            (None, Some(profile)) => Some(profile.key_or(default).map_err(Error::config)?),
            (set, _) => set.or(default),
        };
        #[cfg(not(feature = "profile"))]
        let key = set.or(default);
        let key = key.filter(|key| !key.is_empty());
        key.ok_or_else(|| Error::config(InvalidConfig::MissingKey))
    }

    pub(crate) fn check(mut self) -> Result<Config, Error> {
        if let Some(invalid) = self.invalid {
            return Err(Error::config(invalid));
        }
        let key = &*self.take_key()?;
        if let Some(stray) = StrayCharacter::find(key) {
            return Err(Error::config(InvalidConfig::Key(stray)));
        }
        let headers = |accept| -> Result<_, Error> {
            let headers = |method| headers(&self, key, accept, method).map(Arc::new);
            Ok([headers(MethodKind::Get)?, headers(MethodKind::EmptyBody)?, headers(MethodKind::Other)?])
        };
        let base_url = BaseUrl::parse(self.base_url.as_deref().unwrap_or(DEFAULT_BASE_URL));
        let base_url = base_url.map_err(Error::config)?;
        if !(base_url.is_https()
            || Host::new(base_url.authority.host()).is_this_machine()
            || self.allow_plain_http)
        {
            return Err(Error::config(InvalidConfig::PlainHttp));
        }
        Ok(Config {
            base_url,
            headers: [headers(Accept::Json)?, headers(Accept::GeoJson)?, headers(Accept::Anything)?],
            settings: Self { default_api_key: Some(key.to_owned()), ..self },
        })
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("api_key", &self.api_key.as_ref().or(self.default_api_key.as_ref()).map(|_| "<redacted>"))
            .field("base_url", &self.base_url)
            .field("allow_plain_http", &self.allow_plain_http)
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("max_retry_after", &self.max_retry_after)
            .field("attempts", &self.attempts)
            .field("keys", &self.keys)
            .field("pace", &self.pacer)
            .field("on_retry", &self.on_retry)
            .field("skip_validation", &self.skip_validation)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("query", &self.query)
            .finish()
    }
}

/// A valid base URL, in pieces so that a call only joins strings.
#[derive(Debug, Clone)]
pub(crate) struct BaseUrl {
    scheme: Scheme,
    authority: Authority,
    /// Without a slash at its end.
    path: String,
}

impl BaseUrl {
    fn parse(text: &str) -> Result<Self, InvalidConfig> {
        if let Some(stray) = StrayCharacter::find(text) {
            return Err(InvalidConfig::BaseUrlCharacter(stray));
        }
        let uri: Uri = text.parse().map_err(|_| InvalidConfig::BaseUrl("not a URL"))?;
        let parts = uri.into_parts();
        let scheme = parts.scheme.ok_or(InvalidConfig::BaseUrl("missing scheme"))?;
        if scheme != Scheme::HTTP && scheme != Scheme::HTTPS {
            return Err(InvalidConfig::BaseUrl("the scheme must be http or https"));
        }
        let authority = parts.authority.ok_or(InvalidConfig::BaseUrl("missing host"))?;
        if authority.host().is_empty() {
            return Err(InvalidConfig::BaseUrl("missing host"));
        }
        if authority.as_str().contains('@') {
            return Err(InvalidConfig::BaseUrl("it must not have a user name or password"));
        }
        if !authority.as_str().strip_prefix(authority.host()).is_some_and(is_port) {
            return Err(InvalidConfig::BaseUrl("the port must be a number from 1 to 65535"));
        }
        let path = parts.path_and_query.unwrap_or_else(|| PathAndQuery::from_static("/"));
        if path.query().is_some() || text.contains('#') {
            return Err(InvalidConfig::BaseUrl("it must not have a query or fragment"));
        }
        let path = path.path().trim_end_matches('/');
        if path.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case("v3")) {
            return Err(InvalidConfig::BaseUrl(
                "it must not end in /v3, which is part of each request; remove it",
            ));
        }
        Ok(Self { scheme, authority, path: path.to_owned() })
    }

    pub(crate) fn is_https(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }

    /// The URL of an encoded path and a query; `None` if it is too long.
    pub(crate) fn join(&self, path: &str, query: &Query) -> Option<Uri> {
        let mut target = String::with_capacity(self.path.len() + path.len() + 64);
        target.push_str(&self.path);
        target.push_str(path);
        query.write(&mut target);
        let mut parts = uri::Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(PathAndQuery::try_from(target).ok()?);
        Uri::from_parts(parts).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(settings: Settings) -> String {
        settings.check().unwrap_err().to_string()
    }

    fn with_key() -> Settings {
        Settings { api_key: Some("k".into()), ..Settings::default() }
    }

    #[test]
    fn a_missing_or_invalid_key_is_an_error_with_a_remedy() {
        let key = |key: &str| error(Settings { api_key: Some(key.into()), ..Settings::default() });
        insta::assert_snapshot!(error(Settings::default()), @"missing API key; set the environment variable LINQ_API_V3_API_KEY or call `ClientBuilder::api_key`");
        assert_eq!(key(""), error(Settings::default()));
        insta::assert_snapshot!(key("   "), @"invalid API key: it has whitespace in or around it; remove it, for example a line break at the end");
        insta::assert_snapshot!(key("'sk_live_1'"), @"invalid API key: it has quotes in or around it; remove them");
        insta::assert_snapshot!(key("\u{feff}sk_live_1"), @"invalid API key: it has characters that are invisible or not ASCII, such as a byte order mark or a zero-width space; type it again or copy it from the original");
        for stray in [
            " ", "\n", "\r\n", "\t", "\0", "\"", "'", "`", "“", "”", "\u{a0}", "\u{feff}", "\u{200b}",
            "\u{2060}", "é",
        ] {
            for text in
                [format!("{stray}sk_live_1"), format!("sk_live_1{stray}"), format!("sk_{stray}live_1")]
            {
                let message = key(&text);
                assert!(
                    message.starts_with("invalid API key: it has ") && !message.contains("live"),
                    "{text:?}: {message}"
                );
            }
        }
    }

    fn base_url(url: &str) -> Settings {
        Settings { base_url: Some(url.into()), ..with_key() }
    }

    #[test]
    fn an_invalid_base_url_is_an_error_with_the_reason() {
        const PORT: &str = "the port must be a number from 1 to 65535";
        const V3: &str = "it must not end in /v3, which is part of each request; remove it";
        const QUERY: &str = "it must not have a query or fragment";
        for (url, reason) in [
            ("", "not a URL"),
            ("https://", "not a URL"),
            ("api.linqapp.com", "missing scheme"),
            ("ftp://api.linqapp.com", "the scheme must be http or https"),
            ("https://user:password@api.linqapp.com", "it must not have a user name or password"),
            ("https://api.linqapp.com/?version=3", QUERY),
            ("https://api.linqapp.com/api?", QUERY),
            ("https://api.linqapp.com/#top", QUERY),
            ("https://api.linqapp.com/api#", QUERY),
            ("https://api.linqapp.com:99999", PORT),
            ("https://api.linqapp.com:65536/api/partner", PORT),
            ("https://api.linqapp.com:0", PORT),
            ("https://api.linqapp.com:", PORT),
            ("https://api.linqapp.com:+80", PORT),
            ("https://api.linqapp.com:port", PORT),
            ("http://[::1]:70000", PORT),
            ("https://api.linqapp.com/api/partner/v3", V3),
            ("https://api.linqapp.com/api/partner/v3/", V3),
            ("https://api.linqapp.com/api/partner/v3//", V3),
            ("https://api.linqapp.com/V3", V3),
        ] {
            let expected = format!(
                "invalid base URL: {reason}; expected something like https://api.linqapp.com/api/partner"
            );
            assert_eq!(error(base_url(url)), expected, "{url}");
        }
        for url in [
            " https://api.linqapp.com",
            "https://api.linqapp.com\n",
            "\"https://api.linqapp.com\"",
            "\u{feff}https://api.linqapp.com",
            "https://api.linqapp.com/\u{200b}",
        ] {
            let message = error(base_url(url));
            assert!(message.starts_with("invalid base URL: it has "), "{url:?}: {message}");
        }
        for url in [
            "https://api.linqapp.com:443/api/partner",
            "https://api.linqapp.com/v3/partner",
            "http://[::1]:65535",
        ] {
            assert!(base_url(url).check().is_ok(), "{url}");
        }
    }

    #[test]
    fn plain_http_to_another_machine_must_be_allowed() {
        let hosts = [
            "api.linqapp.com",
            "sandbox",
            "10.0.0.1:4010",
            "localhost.example.com",
            "127.example.com",
            "[2001:db8::1]",
            "128.0.0.1",
        ];
        for host in hosts {
            let url = format!("http://{host}/api/partner");
            let message = error(base_url(&url));
            assert!(
                message.starts_with("invalid base URL: plain http sends the API key unencrypted"),
                "{message}"
            );
            let allowed = Settings { allow_plain_http: true, ..base_url(&url) };
            assert!(allowed.check().is_ok(), "{url}");
            assert!(base_url(&url.replace("http:", "https:")).check().is_ok(), "{url}");
        }
        insta::assert_snapshot!(error(base_url("http://sandbox:4010")), @"invalid base URL: plain http sends the API key unencrypted to another machine; use https, or call `ClientBuilder::allow_plain_http` or set LINQ_API_V3_ALLOW_PLAIN_HTTP=1 for a network that you trust");
        let local = [
            "localhost",
            "LOCALHOST:4010",
            "localhost.",
            "linq.localhost",
            "127.0.0.1:4010",
            "127.3.2.1",
            "[::1]:4010",
            "[::ffff:127.0.0.1]",
            "0.0.0.0:4010",
            "[::]",
        ];
        for host in local {
            assert!(base_url(&format!("http://{host}")).check().is_ok(), "{host}");
        }
    }

    #[test]
    fn the_path_of_the_base_url_stays_in_front_whatever_slash_ends_it() {
        for base in ["http://localhost:4010/api/partner", "http://localhost:4010/api/partner/"] {
            let config = Settings { base_url: Some(base.into()), ..with_key() }.check().unwrap();
            let mut query = Query::default();
            query.set("limit", "2");
            let uri = config.base_url.join("/v3/chats", &query).unwrap();
            assert_eq!(uri, "http://localhost:4010/api/partner/v3/chats?limit=2");
        }
    }

    #[test]
    fn what_was_set_wins_over_the_environment_and_empty_counts_as_unset() {
        let env = |name: &str| Some(if name.ends_with("KEY") { "from-env".into() } else { String::new() });
        assert_eq!(with_key().or_env(env).take_key().unwrap(), "k");
        let mut settings = Settings::default().or_env(env);
        assert_eq!((settings.take_key().unwrap().as_str(), settings.base_url), ("from-env", None));
    }

    #[test]
    fn the_environment_can_allow_plain_http() {
        let allowed = |value: &'static str| {
            let env = move |name: &str| name.ends_with("ALLOW_PLAIN_HTTP").then(|| value.to_owned());
            base_url("http://sandbox:4010").or_env(env).check().map(drop).map_err(|error| error.to_string())
        };
        assert_eq!(allowed("1"), Ok(()));
        for refused in ["", "0"] {
            assert!(allowed(refused).unwrap_err().contains("plain http"), "{refused}");
        }
        for invalid in ["true", "yes", "2", " 1"] {
            insta::allow_duplicates! {
                insta::assert_snapshot!(allowed(invalid).unwrap_err(), @"invalid environment variable LINQ_API_V3_ALLOW_PLAIN_HTTP: expected 1 or 0");
            }
        }
    }

    #[test]
    fn each_kind_of_response_is_asked_for_whatever_the_method() {
        let config = with_key().check().unwrap();
        for (accept, header) in [
            (Accept::Json, "application/json"),
            (Accept::GeoJson, "application/geo+json"),
            (Accept::Anything, "*/*"),
        ] {
            for method in [MethodKind::Get, MethodKind::EmptyBody, MethodKind::Other] {
                let headers = config.headers(method, accept);
                assert_eq!(
                    (&headers[ACCEPT], headers.contains_key(CONTENT_TYPE)),
                    (&HeaderValue::from_static(header), method != MethodKind::Get)
                );
                assert_eq!(headers[ACCEPT_ENCODING], "identity");
            }
        }
    }

    #[test]
    fn the_key_is_never_printed() {
        let settings = Settings { api_key: Some("very-secret".into()), ..Settings::default() };
        assert!(!format!("{settings:?}").contains("very-secret"));
        let mut settings = settings;
        settings.headers.insert("x-token", HeaderValue::from_static("very-secret-too"));
        assert!(!format!("{:?}", settings.check().unwrap()).contains("very-secret"));
    }
}
