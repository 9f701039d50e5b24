use std::time::Duration;

use http::{HeaderName, HeaderValue};
use linq_types::IdempotencyKey;
use serde_json::{Map, Value};

use super::head::KEY_HEADER;
use crate::{error::InvalidRequest, request::Query};

/// What one call asks for beyond its request.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) timeout: Option<Duration>,
    pub(crate) deadline: Option<Duration>,
    pub(crate) attempts: Option<u32>,
    pub(crate) idempotency_key: Option<IdempotencyKey>,
    /// Whether rules are left to the service.
    pub(crate) unchecked: bool,
    /// Few calls have any, and all of them are moved about.
    pub(crate) extra: Option<Box<Extra>>,
}

/// What a call lays over the request: it wins over what was there.
#[derive(Default)]
pub(crate) struct Extra {
    /// `None` takes a header away.
    pub(crate) headers: Vec<(HeaderName, Option<HeaderValue>)>,
    pub(crate) query: Query,
    pub(crate) body: ExtraBody,
    /// The first thing that was wrong with them.
    pub(crate) invalid: Option<InvalidRequest>,
}

impl Extra {
    /// The key that the caller wrote as a header.
    pub(super) fn key_header(&self) -> Option<IdempotencyKey> {
        let (_, value) = self.headers.iter().rfind(|(name, _)| *name == KEY_HEADER)?;
        value.as_ref()?.to_str().ok().map(IdempotencyKey::from)
    }
}

/// What a call lays over the JSON body.
#[derive(Default)]
pub(crate) struct ExtraBody {
    /// Takes the place of the body.
    pub(crate) whole: Option<Value>,
    /// Top-level fields.
    pub(crate) fields: Map<String, Value>,
}

impl ExtraBody {
    pub(super) fn is_empty(&self) -> bool {
        self.whole.is_none() && self.fields.is_empty()
    }

    /// Whether what stands at this path of the call's own body is not sent.
    pub(super) fn replaces(&self, path: &str) -> bool {
        let field = path.split(['.', '[']).next().unwrap_or_default();
        self.whole.is_some() || self.fields.contains_key(field)
    }

    pub(super) fn lay_over(self, json: &[u8]) -> Result<Value, InvalidRequest> {
        let mut whole = match self.whole {
            Some(whole) => whole,
            None => serde_json::from_slice(json).map_err(InvalidRequest::Body)?,
        };
        match whole.as_object_mut() {
            Some(object) => object.extend(self.fields),
            None if self.fields.is_empty() => {}
            None => return Err(InvalidRequest::NoObject),
        }
        Ok(whole)
    }
}
