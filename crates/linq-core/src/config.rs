use std::{fmt, sync::Arc, time::Duration};

use http::{
    HeaderMap, HeaderValue, Method, Uri,
    header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, USER_AGENT},
    uri::{self, Authority, PathAndQuery, Scheme},
};

use linq_types::events::EventKeys;

use crate::{
    Body,
    error::{Error, InvalidConfig},
    key::KeySource,
    request::{Accept, Query},
};

/// The timeout of an attempt unless the client or the call sets another.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

const DEFAULT_BASE_URL: &str = "https://api.linqapp.com/api/partner";

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const GEO_JSON: HeaderValue = HeaderValue::from_static("application/geo+json");
const ANYTHING: HeaderValue = HeaderValue::from_static("*/*");
const PRODUCT: HeaderValue = HeaderValue::from_static(concat!("linq-rust/", env!("CARGO_PKG_VERSION")));

/// What a client and its clones share.
pub(crate) struct Setup {
    pub(crate) config: Arc<Config>,
    /// Where keys come from: those of the settings, or for an event.
    pub(crate) keys: KeySource,
}

impl Setup {
    pub(crate) fn new(config: Config) -> Arc<Self> {
        Arc::new(Self { keys: config.settings.keys.clone(), config: Arc::new(config) })
    }

    /// Returns the same with the keys of a webhook event.
    pub(crate) fn for_event(&self, keys: EventKeys) -> Arc<Self> {
        Arc::new(Self { config: Arc::clone(&self.config), keys: KeySource::for_event(keys) })
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
        .map_err(|_| Error::config(InvalidConfig::KeyCharacters))?;
    authorization.set_sensitive(true);
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(AUTHORIZATION, authorization);
    let accept = match accept {
        Accept::Json => JSON,
        Accept::GeoJson => GEO_JSON,
        Accept::Anything => ANYTHING,
    };
    headers.insert(ACCEPT, accept);
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
    pub(crate) base_url: Option<String>,
    pub(crate) timeout: Duration,
    pub(crate) deadline: Option<Duration>,
    pub(crate) attempts: u32,
    pub(crate) keys: KeySource,
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
            base_url: None,
            timeout: DEFAULT_TIMEOUT,
            deadline: None,
            attempts: 3,
            keys: KeySource::default(),
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
        self.api_key = self.api_key.or_else(|| read("LINQ_API_V3_API_KEY"));
        self.base_url = self.base_url.or_else(|| read("LINQ_API_V3_BASE_URL"));
        self
    }

    pub(crate) fn check(self) -> Result<Config, Error> {
        if let Some(invalid) = self.invalid {
            return Err(Error::config(invalid));
        }
        let key = self.api_key.as_deref().filter(|key| !key.is_empty());
        let key = key.ok_or_else(|| Error::config(InvalidConfig::MissingKey))?;
        let headers = |accept| -> Result<_, Error> {
            let headers = |method| headers(&self, key, accept, method).map(Arc::new);
            Ok([headers(MethodKind::Get)?, headers(MethodKind::EmptyBody)?, headers(MethodKind::Other)?])
        };
        let base_url = self.base_url.as_deref().unwrap_or(DEFAULT_BASE_URL);
        Ok(Config {
            base_url: BaseUrl::parse(base_url).map_err(Error::config)?,
            headers: [headers(Accept::Json)?, headers(Accept::GeoJson)?, headers(Accept::Anything)?],
            settings: self,
        })
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("api_key", &self.api_key.as_ref().map(|_| "<redacted>"))
            .field("base_url", &self.base_url)
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("attempts", &self.attempts)
            .field("keys", &self.keys)
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
        let path = parts.path_and_query.unwrap_or_else(|| PathAndQuery::from_static("/"));
        if path.query().is_some() || text.contains('#') {
            return Err(InvalidConfig::BaseUrl("it must not have a query or fragment"));
        }
        Ok(Self { scheme, authority, path: path.path().trim_end_matches('/').to_owned() })
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
        insta::assert_snapshot!(error(Settings::default()), @"missing API key; set the environment variable LINQ_API_V3_API_KEY or call `ClientBuilder::api_key`");
        insta::assert_snapshot!(error(Settings { api_key: Some("a\nb".into()), ..Settings::default() }), @"invalid API key: it has characters that an HTTP header does not allow; copy it again without line breaks");
    }

    #[test]
    fn an_invalid_base_url_is_an_error_with_the_reason() {
        for (url, reason) in [
            ("", "not a URL"),
            ("https://", "not a URL"),
            ("api.linqapp.com", "missing scheme"),
            ("ftp://api.linqapp.com", "the scheme must be http or https"),
            ("https://user:password@api.linqapp.com", "it must not have a user name or password"),
            ("https://api.linqapp.com/?version=3", "it must not have a query or fragment"),
            ("https://api.linqapp.com/#top", "it must not have a query or fragment"),
        ] {
            let message = error(Settings { base_url: Some(url.into()), ..with_key() });
            let expected = format!(
                "invalid base URL: {reason}; expected something like https://api.linqapp.com/api/partner"
            );
            assert_eq!(message, expected, "{url}");
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
        assert_eq!(with_key().or_env(env).api_key.as_deref(), Some("k"));
        let settings = Settings::default().or_env(env);
        assert_eq!((settings.api_key.as_deref(), settings.base_url), (Some("from-env"), None));
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
