use std::{borrow::Cow, collections::BTreeMap, fmt};

use http::Method;
use linq_types::{IdempotencyKey, check::Violation};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::Serialize;

use crate::{
    Body,
    error::{InvalidPath, InvalidRequest},
};

/// What stays as it is in a path segment; everything else is percent-encoded, so that no value leaves its segment.
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

/// What stays as it is in a query. A plus sign means a space there, so the one of a phone number is encoded.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// One call as the resources describe it, before headers, keys and options are added.
pub(crate) struct RequestSpec {
    pub(crate) method: Method,
    /// The path with names in place of values: fit for logs.
    pub(crate) route: &'static str,
    pub(crate) target: Target,
    pub(crate) query: Query,
    pub(crate) payload: Payload,
    /// Where the idempotency key goes besides the body.
    pub(crate) key_header: KeyHeader,
    pub(crate) accept: Accept,
}

/// The kind of answer a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Accept {
    Json,
    GeoJson,
    /// The answer has no body worth asking for.
    Anything,
}

/// Whether the idempotency key is sent as a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyHeader {
    Never,
    /// When the caller gives a key: of endpoints we know nothing about.
    IfGiven,
    Always,
}

/// Where a request goes.
#[derive(Clone)]
pub(crate) enum Target {
    /// Below the base URL, with the key and the headers of the API.
    Api(Result<String, InvalidPath>),
    /// Anywhere, with these headers and nothing else: never the key.
    Foreign { url: String, headers: BTreeMap<String, String> },
}

/// What a request carries.
pub(crate) enum Payload {
    None,
    Json(Box<dyn JsonBody>),
    Upload(Body),
}

impl RequestSpec {
    /// `route` has a `{name}` for each of `values`.
    pub(crate) fn new(method: Method, route: &'static str, values: &[&str]) -> Self {
        Self::to(method, route, Target::Api(path(route, values)))
    }

    pub(crate) fn to(method: Method, route: &'static str, target: Target) -> Self {
        Self {
            method,
            route,
            target,
            query: Query::default(),
            payload: Payload::None,
            key_header: KeyHeader::Never,
            accept: Accept::Json,
        }
    }

    pub(crate) fn body(mut self, body: impl JsonBody + 'static) -> Self {
        self.payload = Payload::Json(Box::new(body));
        self
    }

    pub(crate) fn with_key_header(mut self) -> Self {
        self.key_header = KeyHeader::Always;
        self
    }

    pub(crate) fn upload(mut self, body: Body) -> Self {
        self.payload = Payload::Upload(body);
        self
    }

    /// The same request; lists, which alone are repeated, have no payload.
    pub(crate) fn without_payload(&self) -> Self {
        Self {
            method: self.method.clone(),
            route: self.route,
            target: self.target.clone(),
            query: self.query.clone(),
            payload: Payload::None,
            key_header: self.key_header,
            accept: self.accept,
        }
    }

    pub(crate) fn accept(mut self, accept: Accept) -> Self {
        self.accept = accept;
        self
    }
}

impl fmt::Debug for RequestSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestSpec")
            .field("method", &self.method)
            .field("route", &self.route)
            .finish_non_exhaustive()
    }
}

/// Query parameters in order; each name stands once, but for those that the caller wrote into a path.
#[derive(Clone, Default)]
pub(crate) struct Query {
    /// Encoded by the caller.
    written: String,
    parameters: Vec<(Cow<'static, str>, String)>,
}

impl Query {
    /// Sets a parameter, in place of an earlier value of the same name.
    pub(crate) fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        match self.parameters.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.parameters.push((name, value)),
        }
    }

    /// Sets a parameter if it has a value; an empty one is none.
    pub(crate) fn set_given(&mut self, name: &'static str, value: Option<impl Into<String>>) {
        if let Some(value) = value.map(Into::into).filter(|value: &String| !value.is_empty()) {
            self.set(name, value);
        }
    }

    /// Lays the parameters of `other` over these.
    pub(crate) fn extend(&mut self, other: Self) {
        self.written.push_str(&other.written);
        for (name, value) in other.parameters {
            self.set(name, value);
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
        for (name, value) in &self.parameters {
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

/// Shows the names only: values can be numbers of people.
impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.parameters.iter().map(|(name, _)| name)).finish()
    }
}

fn path(route: &str, values: &[&str]) -> Result<String, InvalidPath> {
    let mut path = String::with_capacity(route.len() + values.len() * 36);
    let mut values = values.iter();
    for (at, piece) in route.split(['{', '}']).enumerate() {
        if at % 2 == 0 {
            path.push_str(piece);
            continue;
        }
        match values.next().copied() {
            None | Some("") => return Err(InvalidPath::Empty(piece.into())),
            Some("." | "..") => return Err(InvalidPath::Dots(piece.into())),
            // Ids are of this kind, and need no second look.
            Some(value) if value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') => {
                path.push_str(value);
            }
            Some(value) => path.extend(utf8_percent_encode(value, SEGMENT)),
        }
    }
    Ok(path)
}

impl Target {
    /// A path that the caller wrote: encoded already, perhaps with a query.
    pub(crate) fn parse(text: &str) -> (Self, Query) {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let path = path.trim_start_matches('/');
        let dots = |segment| {
            let segment: Cow<'_, [u8]> = percent_decode_str(segment).into();
            matches!(&*segment, b"." | b"..")
        };
        let target = if path.split('/').any(dots) {
            Err(InvalidPath::Dots("path".into()))
        } else {
            Ok(format!("/{path}"))
        };
        (Self::Api(target), Query { written: query.to_owned(), ..Query::default() })
    }
}

/// A request body, and its idempotency key where the API gives it one.
pub(crate) trait JsonBody: Send + Sync {
    fn idempotency_key(&mut self) -> Option<&mut Option<IdempotencyKey>> {
        None
    }

    /// Where that key stands in the JSON, as a JSON pointer.
    fn key_pointer(&self) -> Option<&'static str> {
        None
    }

    /// Checks the rules of the body, if it has any.
    fn check(&self) -> Result<(), Violation> {
        Ok(())
    }

    fn to_json(&self) -> Result<Vec<u8>, InvalidRequest>;
}

pub(crate) fn to_json(body: &impl Serialize) -> Result<Vec<u8>, InvalidRequest> {
    serde_json::to_vec(body).map_err(InvalidRequest::Body)
}

/// Makes types request bodies; those with `=> path.to.key` carry the idempotency key there, and those with `, check`
/// have rules that are checked before sending.
macro_rules! json_body {
    ($($body:ty $(=> $($key:ident).+)? $(, $check:ident)?;)+) => {$(
        impl $crate::request::JsonBody for $body {
            $(
                fn idempotency_key(&mut self) -> Option<&mut Option<linq_types::IdempotencyKey>> {
                    Some(&mut self.$($key).+)
                }

                fn key_pointer(&self) -> Option<&'static str> {
                    Some(concat!($("/", stringify!($key)),+))
                }
            )?

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
    fn a_path_of_the_callers_own_may_have_a_query_but_no_dots() {
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
            assert!(matches!(Target::parse(dots).0, Target::Api(Err(_))), "{dots}");
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
                path("/v3/chats/{chatId}/read", &[value]).unwrap(),
                format!("/v3/chats/{segment}/read")
            );
        }
    }

    #[test]
    fn empty_and_dot_path_values_are_refused() {
        for value in ["", ".", ".."] {
            assert!(path("/v3/chats/{chatId}", &[value]).is_err(), "{value}");
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
