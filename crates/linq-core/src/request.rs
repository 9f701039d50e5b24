use std::fmt;

use http::Method;
use linq_types::IdempotencyKey;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::error::{Error, InvalidPath, InvalidRequest};

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
    pub(crate) path: Result<String, InvalidPath>,
    pub(crate) query: String,
    pub(crate) body: Option<Box<dyn JsonBody>>,
    /// Whether the answer has a body worth asking for.
    pub(crate) answers: bool,
}

impl RequestSpec {
    /// `route` has a `{name}` for each of `values`.
    pub(crate) fn new(method: Method, route: &'static str, values: &[&str]) -> Self {
        Self { method, route, path: path(route, values), query: String::new(), body: None, answers: true }
    }

    pub(crate) fn body(mut self, body: impl JsonBody + 'static) -> Self {
        self.body = Some(Box::new(body));
        self
    }

    /// The same request; lists, which alone are repeated, have no body.
    pub(crate) fn without_body(&self) -> Self {
        Self {
            method: self.method.clone(),
            route: self.route,
            path: self.path.clone(),
            query: self.query.clone(),
            body: None,
            answers: self.answers,
        }
    }

    pub(crate) fn without_answer(mut self) -> Self {
        self.answers = false;
        self
    }

    /// Adds a query parameter; an empty value is left out.
    pub(crate) fn push_query(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        if !self.query.is_empty() {
            self.query.push('&');
        }
        self.query.push_str(name);
        self.query.push('=');
        for piece in utf8_percent_encode(value, QUERY) {
            self.query.push_str(if piece == "%20" { "+" } else { piece });
        }
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

fn path(route: &str, values: &[&str]) -> Result<String, InvalidPath> {
    let mut path = String::with_capacity(route.len() + values.len() * 36);
    let mut values = values.iter();
    for segment in route.split('/').skip(1) {
        path.push('/');
        match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            None => path.push_str(segment),
            Some(name) => match values.next().copied() {
                None | Some("") => return Err(InvalidPath::Empty(name.into())),
                Some("." | "..") => return Err(InvalidPath::Dots(name.into())),
                Some(value) => path.extend(utf8_percent_encode(value, SEGMENT)),
            },
        }
    }
    Ok(path)
}

/// A request body, and its idempotency key where the API gives it one.
pub(crate) trait JsonBody: Send + Sync {
    fn idempotency_key(&mut self) -> Option<&mut Option<IdempotencyKey>> {
        None
    }

    fn to_json(&self) -> Result<Vec<u8>, Error>;
}

pub(crate) fn to_json(body: &impl Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(body).map_err(|source| Error::invalid(InvalidRequest::Body(source)))
}

/// Makes types request bodies; those with `=> path.to.key` carry the idempotency key there.
macro_rules! json_body {
    ($($body:ty $(=> $($key:ident).+)?;)+) => {$(
        impl $crate::request::JsonBody for $body {
            $(
                fn idempotency_key(&mut self) -> Option<&mut Option<linq_types::IdempotencyKey>> {
                    Some(&mut self.$($key).+)
                }
            )?

            fn to_json(&self) -> Result<Vec<u8>, $crate::Error> {
                $crate::request::to_json(self)
            }
        }
    )+};
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_query_encodes_plus_and_leaves_empty_values_out() {
        let mut spec = RequestSpec::new(Method::GET, "/v3/chats", &[]);
        spec.push_query("from", "+1202 555");
        spec.push_query("to", "");
        spec.push_query("cursor", "a&b=c*é");
        assert_eq!(spec.query, "from=%2B1202+555&cursor=a%26b%3Dc%2A%C3%A9");
    }
}
