use std::time::Duration;

use http::{HeaderName, HeaderValue};
use linq_types::IdempotencyKey;
use serde_json::{Map, Value};

use crate::{error::InvalidRequest, request::Query};

/// What one call asks for beyond its request.
#[derive(Clone, Default)]
pub(crate) struct Options {
    pub(crate) timeout: Option<Duration>,
    pub(crate) deadline: Option<Duration>,
    pub(crate) attempts: Option<u32>,
    pub(crate) max_retry_after: Option<Duration>,
    pub(crate) idempotency_key: Option<IdempotencyKey>,
    /// Whether the call is only made with a key, even if the client or the caller's own body has none.
    pub(crate) requires_key: bool,
    pub(crate) skip_validation: bool,
    /// Boxed because few calls have any, and options are moved often.
    pub(crate) extra: Option<Box<Extra>>,
}

/// What a call adds to its request, in place of what is there.
#[derive(Clone, Default)]
pub(crate) struct Extra {
    /// `None` removes a header.
    pub(crate) headers: Vec<(HeaderName, Option<HeaderValue>)>,
    pub(crate) query: Query,
    pub(crate) body: ExtraBody,
    /// The first thing that was wrong with them.
    pub(crate) invalid: Option<InvalidRequest>,
}

/// What a call puts into its JSON body.
#[derive(Clone, Default)]
pub(crate) struct ExtraBody {
    /// Replaces the body.
    pub(crate) whole: Option<Value>,
    /// Top-level fields.
    pub(crate) fields: Map<String, Value>,
}

impl Options {
    pub(crate) fn extra(&mut self) -> &mut Extra {
        self.extra.get_or_insert_default()
    }

    pub(crate) fn set_header(&mut self, name: Option<HeaderName>, value: Option<HeaderValue>) {
        match (name, value) {
            (Some(name), Some(value)) => self.extra().headers.push((name, Some(value))),
            _ => self.reject(InvalidRequest::Header),
        }
    }

    pub(crate) fn remove_header(&mut self, name: Option<HeaderName>) {
        match name {
            Some(name) => self.extra().headers.push((name, None)),
            None => self.reject(InvalidRequest::Header),
        }
    }

    /// Remembers what is wrong, for the call to fail with when it is made.
    pub(crate) fn reject(&mut self, invalid: InvalidRequest) {
        self.extra().invalid.get_or_insert(invalid);
    }
}

impl ExtraBody {
    pub(super) fn is_empty(&self) -> bool {
        self.whole.is_none() && self.fields.is_empty()
    }

    /// Whether the value at this path of the call's own body is not sent.
    pub(super) fn replaces(&self, path: &str) -> bool {
        let field = path.split(['.', '[']).next().unwrap_or_default();
        self.whole.is_some() || self.fields.contains_key(field)
    }

    /// The call's own body, `json`, with these in place of what is there.
    pub(super) fn apply(self, json: &[u8]) -> Result<Value, InvalidRequest> {
        let mut body = match self.whole {
            Some(whole) => whole,
            None => serde_json::from_slice(json).map_err(|error| InvalidRequest::Body(error.into()))?,
        };
        match body.as_object_mut() {
            Some(object) => object.extend(self.fields),
            None if self.fields.is_empty() => {}
            None => return Err(InvalidRequest::NoObject),
        }
        Ok(body)
    }
}
