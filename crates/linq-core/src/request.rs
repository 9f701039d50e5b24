use std::{borrow::Cow, collections::BTreeMap, fmt};

use http::{Method, StatusCode};
use linq_types::{
    Handle, IdempotencyKey,
    check::{Check, Violation},
    operation::{self, Operation},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::Serialize;

use crate::{
    Body,
    error::{InvalidPath, InvalidRequest},
};

/// Encodes everything in a path segment but these, so that no value leaves its segment.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// The bytes that ids consist of, which need no encoding.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        plain[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'-';
        byte += 1;
    }
    plain
};

/// Encodes everything in a query but these. A plus sign means a space there, so that of a phone number is encoded.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A request as the resources describe it, before headers, key and options are added.
pub(crate) struct RequestSpec {
    pub(crate) endpoint: Endpoint,
    pub(crate) target: Target,
    /// The rule that a value in the path violates.
    pub(crate) path_violation: Option<Violation>,
    pub(crate) query: Query,
    pub(crate) payload: Payload,
    pub(crate) accept: Accept,
}

/// What a request is sent to.
#[derive(Debug, Clone)]
pub(crate) enum Endpoint {
    Operation(Operation),
    #[cfg(feature = "v2")]
    V2(linq_types::v2::Operation),
    /// An endpoint that only the caller knows.
    Custom(Method),
    /// The storage that takes the bytes of an attachment.
    Upload,
    /// The storage that has the bytes of an attachment.
    Download,
}

impl Endpoint {
    pub(crate) fn operation(&self) -> Option<Operation> {
        match self {
            Self::Operation(operation) => Some(*operation),
            #[cfg(feature = "v2")]
            Self::V2(_) => None,
            Self::Custom(_) | Self::Upload | Self::Download => None,
        }
    }

    /// The id of the operation, of V3 or V2.
    pub(crate) fn id(&self) -> Option<&'static str> {
        match self {
            Self::Operation(operation) => Some(operation.id()),
            #[cfg(feature = "v2")]
            Self::V2(operation) => Some(operation.id()),
            Self::Custom(_) | Self::Upload | Self::Download => None,
        }
    }

    /// How its requests carry the API key.
    #[cfg_attr(not(feature = "v2"), expect(clippy::unused_self, reason = "all endpoints are those of V3"))]
    pub(crate) fn credential(&self) -> Credential {
        #[cfg(feature = "v2")]
        if matches!(self, Self::V2(_)) {
            return Credential::IntegrationToken;
        }
        Credential::Bearer
    }

    pub(crate) fn method(&self) -> Method {
        match self {
            Self::Operation(operation) => method(operation.method()),
            #[cfg(feature = "v2")]
            Self::V2(operation) => method(operation.method()),
            Self::Custom(method) => method.clone(),
            Self::Upload => Method::PUT,
            Self::Download => Method::GET,
        }
    }

    /// The path with names in place of values, fit for logs.
    pub(crate) fn route(&self) -> &'static str {
        match self {
            Self::Operation(operation) => operation.route(),
            #[cfg(feature = "v2")]
            Self::V2(operation) => operation.route(),
            Self::Custom(_) => "(custom endpoint)",
            Self::Upload => "(upload URL)",
            Self::Download => "(download URL)",
        }
    }

    /// Whether a response with this status is for the caller to judge, rather than an error. A download follows redirects,
    /// and knows what it means that there are no such bytes or that the file is another one.
    pub(crate) fn accepts(&self, status: StatusCode) -> bool {
        let is_judged = status.is_redirection()
            || matches!(status, StatusCode::PRECONDITION_FAILED | StatusCode::RANGE_NOT_SATISFIABLE);
        status.is_success() || (is_judged && matches!(self, Self::Download))
    }
}

fn method(method: operation::Method) -> Method {
    match method {
        operation::Method::Get => Method::GET,
        operation::Method::Post => Method::POST,
        operation::Method::Put => Method::PUT,
        operation::Method::Patch => Method::PATCH,
        operation::Method::Delete => Method::DELETE,
        // No other method exists in this version of the table; this keeps the name if one is added.
        other => Method::from_bytes(other.as_str().as_bytes()).unwrap_or_default(),
    }
}

/// How a request carries the API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credential {
    /// `authorization: Bearer …`
    Bearer,
    /// `x-linq-integration-token: …`
    #[cfg(feature = "v2")]
    IntegrationToken,
}

/// The kind of response that a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Accept {
    Json,
    GeoJson,
    /// The response has no body worth asking for.
    Anything,
}

/// Where a request goes.
#[derive(Clone)]
pub(crate) enum Target {
    /// Below the base URL, with the API key and the headers of the API.
    Api(Result<String, InvalidPath>),
    /// Anywhere, with these headers and nothing else: never the API key.
    Foreign { url: String, headers: BTreeMap<String, String> },
}

/// What a request carries.
pub(crate) enum Payload {
    None,
    Json(Box<dyn JsonBody>),
    Upload(Body),
}

impl RequestSpec {
    /// Each of `values` fills a `{name}` of the operation's route.
    pub(crate) fn new(operation: Operation, values: &[&str]) -> Self {
        let mut values = values.iter().copied();
        Self::with_values(operation, |_| values.next())
    }

    /// `value` returns what fills a `{name}` of the operation's route.
    pub(crate) fn with_values<'v>(operation: Operation, value: impl FnMut(&str) -> Option<&'v str>) -> Self {
        let target = Target::Api(path(operation.route(), value));
        Self::to(Endpoint::Operation(operation), target, Query::default())
    }

    /// A request of the V2 API. Each of `values` fills a `{name}` of the operation's route.
    #[cfg(feature = "v2")]
    pub(crate) fn v2(operation: linq_types::v2::Operation, values: &[&str]) -> Self {
        let mut values = values.iter().copied();
        let target = Target::Api(path(operation.route(), |_| values.next()));
        Self::to(Endpoint::V2(operation), target, Query::default())
    }

    /// A request to an endpoint that only the caller knows, whose `path` may have a query.
    pub(crate) fn custom(method: Method, path: &str) -> Self {
        let (target, query) = Target::parse(path);
        Self::to(Endpoint::Custom(method), target, query)
    }

    /// A request that uploads `body` to the storage.
    pub(crate) fn upload(url: String, headers: BTreeMap<String, String>, body: Body) -> Self {
        let target = Target::Foreign { url, headers };
        Self { payload: Payload::Upload(body), ..Self::to(Endpoint::Upload, target, Query::default()) }
    }

    /// A request for bytes in the storage.
    pub(crate) fn download(url: String, headers: BTreeMap<String, String>) -> Self {
        Self::to(Endpoint::Download, Target::Foreign { url, headers }, Query::default())
    }

    fn to(endpoint: Endpoint, target: Target, query: Query) -> Self {
        Self { endpoint, target, path_violation: None, query, payload: Payload::None, accept: Accept::Json }
    }

    /// Checks a handle that fills the `{name}` of the route.
    pub(crate) fn check_path(mut self, name: &str, handle: &Handle) -> Self {
        self.path_violation = handle.check().err().map(|violation| violation.within(name).within("path"));
        self
    }

    pub(crate) fn body(mut self, body: impl JsonBody + 'static) -> Self {
        self.payload = Payload::Json(Box::new(body));
        self
    }

    /// Sets a body with a field for the idempotency key, at the operation's `key_pointer` in the JSON.
    pub(crate) fn keyed_body<B: JsonBody + 'static>(self, body: B, key: KeyField<B>) -> Self {
        self.body(KeyedBody { body, key })
    }

    pub(crate) fn accept(mut self, accept: Accept) -> Self {
        self.accept = accept;
        self
    }

    /// The same request without its payload. Lists, which alone are requested again, have none.
    pub(crate) fn without_payload(&self) -> Self {
        Self {
            endpoint: self.endpoint.clone(),
            target: self.target.clone(),
            path_violation: self.path_violation.clone(),
            query: self.query.clone(),
            payload: Payload::None,
            accept: self.accept,
        }
    }
}

impl fmt::Debug for RequestSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestSpec")
            .field("method", &self.endpoint.method())
            .field("route", &self.endpoint.route())
            .finish_non_exhaustive()
    }
}

/// Ordered query parameters, unique by name except for those that the caller wrote into a path.
#[derive(Clone, Default)]
pub(crate) struct Query {
    /// Encoded by the caller.
    written: String,
    parameters: Vec<Parameter>,
}

#[derive(Clone)]
struct Parameter {
    name: Cow<'static, str>,
    value: String,
    /// The rule that the value violates. What the caller sets by name has no rules.
    violation: Option<Violation>,
}

impl Query {
    /// Sets a parameter, in place of an earlier value of the same name.
    pub(crate) fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) {
        self.put(Parameter { name: name.into(), value: value.into(), violation: None });
    }

    /// Sets a parameter if it has a value; an empty value counts as none.
    pub(crate) fn set_given(&mut self, name: &'static str, value: Option<impl Into<String>>) {
        if let Some(value) = value.map(Into::into).filter(|value: &String| !value.is_empty()) {
            self.set(name, value);
        }
    }

    /// Sets a parameter to a handle, which is checked before the request is sent.
    pub(crate) fn set_handle(&mut self, name: &'static str, handle: Handle) {
        let violation = handle.check().err();
        self.put(Parameter { name: name.into(), value: handle.into(), violation });
    }

    /// Sets a parameter to several handles, which are checked before the request is sent; an empty list counts as none.
    pub(crate) fn set_handles(&mut self, name: &'static str, handles: Option<Vec<Handle>>) {
        let Some(handles) = handles.filter(|handles| !handles.is_empty()) else { return };
        let violation = handles.check().err();
        let value = handles.iter().map(Handle::as_str).collect::<Vec<_>>().join(",");
        self.put(Parameter { name: name.into(), value, violation });
    }

    fn put(&mut self, parameter: Parameter) {
        match self.parameters.iter_mut().find(|known| known.name == parameter.name) {
            Some(known) => *known = parameter,
            None => self.parameters.push(parameter),
        }
    }

    /// Checks the rules of the values.
    pub(crate) fn check(&self) -> Result<(), Violation> {
        let mut violations = self.parameters.iter().filter_map(|Parameter { name, violation, .. }| {
            Some(violation.clone()?.within(name).within("query"))
        });
        violations.next().map_or(Ok(()), Err)
    }

    /// The names and values, without what the caller wrote into a path.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().map(|Parameter { name, value, .. }| (&**name, &**value))
    }

    /// Returns these parameters with those of `defaults` that they do not set, in front of them.
    pub(crate) fn with_defaults(self, defaults: &Self) -> Self {
        if defaults.parameters.is_empty() {
            return self;
        }
        let mut query = defaults.clone();
        query.extend(self);
        query
    }

    /// Adds the parameters of `other`, which replace those of the same name.
    pub(crate) fn extend(&mut self, other: Self) {
        self.written.push_str(&other.written);
        for parameter in other.parameters {
            self.put(parameter);
        }
    }

    /// Appends the parameters in form encoding.
    pub(crate) fn write(&self, target: &mut String) {
        let mut separator = '?';
        if !self.written.is_empty() {
            target.push(separator);
            target.push_str(&self.written);
            separator = '&';
        }
        for (name, value) in self.parameters() {
            target.push(separator);
            encode(name, target);
            target.push('=');
            encode(value, target);
            separator = '&';
        }
    }
}

fn encode(text: &str, target: &mut String) {
    for piece in utf8_percent_encode(text, QUERY) {
        target.push_str(if piece == "%20" { "+" } else { piece });
    }
}

/// Shows the names only: values can be phone numbers.
impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.parameters().map(|(name, _)| name)).finish()
    }
}

/// The chat in the path of a request, if there is one.
pub(crate) fn chat_of<'a>(endpoint: &Endpoint, target: &'a Target) -> Option<Cow<'a, str>> {
    let Target::Api(Ok(path)) = target else { return None };
    path_values(endpoint.route(), path).find(|(name, _)| *name == "chatId").map(|(_, chat)| chat)
}

/// The values in an encoded path, with their names in the route: what [`path`] was given.
pub(crate) fn path_values<'a>(
    route: &'a str,
    path: &'a str,
) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> {
    route.split('/').zip(path.split('/')).filter_map(|(name, value)| {
        let name = name.strip_prefix('{')?.strip_suffix('}')?;
        Some((name, percent_decode_str(value).decode_utf8_lossy()))
    })
}

/// Fills the `{name}`s of a route with the values.
fn path<'v>(route: &str, mut value: impl FnMut(&str) -> Option<&'v str>) -> Result<String, InvalidPath> {
    let mut path = String::with_capacity(route.len() + 2 * 36);
    let mut rest = route;
    while let Some(open) = rest.bytes().position(|byte| byte == b'{') {
        let close = rest.bytes().position(|byte| byte == b'}').unwrap_or(rest.len() - 1);
        let name = &rest[open + 1..close];
        path.push_str(&rest[..open]);
        rest = &rest[close + 1..];
        match value(name) {
            None | Some("") => return Err(InvalidPath::Empty(name.into())),
            Some("." | "..") => return Err(InvalidPath::Dots(name.into())),
            Some(value) if value.bytes().all(|byte| PLAIN[usize::from(byte)]) => path.push_str(value),
            Some(value) => path.extend(utf8_percent_encode(value, SEGMENT)),
        }
    }
    path.push_str(rest);
    Ok(path)
}

impl Target {
    /// Parses a path that the caller wrote: already encoded, possibly with a query.
    fn parse(text: &str) -> (Self, Query) {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let path = path.trim_start_matches('/');
        let dots = |segment| {
            let segment: Cow<'_, [u8]> = percent_decode_str(segment).into();
            matches!(&*segment, b"." | b"..")
        };
        let target = if path.split('/').any(dots) {
            Err(InvalidPath::Dots("path".into()))
        } else if text.contains('#') {
            Err(InvalidPath::Fragment)
        } else {
            Ok(format!("/{path}"))
        };
        (Self::Api(target), Query { written: query.to_owned(), ..Query::default() })
    }
}

/// The body of a request.
pub(crate) trait JsonBody: Send + Sync {
    /// The field for the idempotency key, if the body has one.
    fn key_field(&mut self) -> Option<&mut Option<IdempotencyKey>> {
        None
    }

    /// Checks the rules of the body, if it has any.
    fn check(&self) -> Result<(), Violation> {
        Ok(())
    }

    fn to_json(&self) -> Result<Vec<u8>, InvalidRequest>;
}

type KeyField<B> = fn(&mut B) -> &mut Option<IdempotencyKey>;

/// A body with a field for the idempotency key.
struct KeyedBody<B> {
    body: B,
    key: KeyField<B>,
}

impl<B: JsonBody> JsonBody for KeyedBody<B> {
    fn key_field(&mut self) -> Option<&mut Option<IdempotencyKey>> {
        Some((self.key)(&mut self.body))
    }

    fn check(&self) -> Result<(), Violation> {
        self.body.check()
    }

    fn to_json(&self) -> Result<Vec<u8>, InvalidRequest> {
        self.body.to_json()
    }
}

pub(crate) fn to_json(body: &impl Serialize) -> Result<Vec<u8>, InvalidRequest> {
    serde_json::to_vec(body).map_err(|error| InvalidRequest::Body(error.into()))
}

/// Makes types request bodies. Those with `, check` have rules that are checked before sending.
macro_rules! json_body {
    ($($body:ty $(, $check:ident)?;)+) => {$(
        impl $crate::request::JsonBody for $body {
            $(
                fn $check(&self) -> Result<(), linq_types::check::Violation> {
                    linq_types::check::Check::$check(self)
                }
            )?

            fn to_json(&self) -> Result<Vec<u8>, $crate::error::InvalidRequest> {
                $crate::request::to_json(self)
            }
        }
    )+};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_custom_path_may_have_a_query_but_no_dot_segments_and_no_fragment() {
        for (text, path, query) in [
            ("/v3/new-thing", "/v3/new-thing", ""),
            ("v3/new-thing?to=a&to=b%20c+d&flag", "/v3/new-thing", "?to=a&to=b%20c+d&flag"),
            ("//evil.example.com/x", "/evil.example.com/x", ""),
        ] {
            let (target, parsed) = Target::parse(text);
            let mut written = String::new();
            parsed.write(&mut written);
            assert!(matches!(&target, Target::Api(Ok(found)) if found == path), "{text}");
            assert_eq!(written, query);
        }
        for dots in ["/v3/../admin", "/v3/%2e%2E/admin", "/v3/.%2e"] {
            assert!(matches!(Target::parse(dots).0, Target::Api(Err(InvalidPath::Dots(_)))), "{dots}");
        }
        for fragment in ["#", "/v3/new-thing#top", "/v3/new-thing?to=a#top", "/v3/new#thing?to=a"] {
            assert!(
                matches!(Target::parse(fragment).0, Target::Api(Err(InvalidPath::Fragment))),
                "{fragment}"
            );
        }
    }

    #[test]
    fn path_values_never_leave_their_segment() {
        for (value, segment) in [
            ("a/b", "a%2Fb"),
            ("a b", "a%20b"),
            ("%2e", "%252e"),
            ("?x#y", "%3Fx%23y"),
            ("+12025550100", "+12025550100"),
            ("...", "..."),
            ("🔥", "%F0%9F%94%A5"),
        ] {
            assert_eq!(
                path("/v3/chats/{chatId}/read", |_| Some(value)).unwrap(),
                format!("/v3/chats/{segment}/read")
            );
        }
    }

    #[test]
    fn the_values_of_a_path_are_read_by_the_names_of_its_route() {
        let route = "/v3/phone_numbers/{phoneNumber}/reputation_audit/{auditId}";
        for value in ["a", "a/b", "a b", "%2e", "?x#y", "+12025550100", "...", "🔥", "é%", "{auditId}"] {
            let path = path(route, |name| Some(if name == "auditId" { value } else { "x/y" })).unwrap();
            let values: Vec<_> = path_values(route, &path).collect();
            assert_eq!(values, [("phoneNumber", "x/y".into()), ("auditId", value.into())], "{path}");
        }
    }

    #[test]
    fn empty_and_dot_path_values_are_rejected() {
        for value in ["", ".", ".."] {
            assert!(path("/v3/chats/{chatId}", |_| Some(value)).is_err(), "{value}");
        }
    }

    #[test]
    fn a_query_encodes_plus_and_has_each_name_once() {
        let mut query = Query::default();
        query.set("from", "+1202 555");
        query.set("cursor", "a&b");
        query.set("a[]", "*é");
        query.set("cursor", "b&c");
        query.set_given("status", Some(""));
        query.set_given("offset", None::<String>);
        let mut written = String::new();
        query.write(&mut written);
        assert_eq!(written, "?from=%2B1202+555&cursor=b%26c&a%5B%5D=%2A%C3%A9");
    }
}
