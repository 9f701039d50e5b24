use std::{
    borrow::Cow,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use http::{HeaderMap, Method};
use linq_types::{Handle, IdempotencyKey, Operation, TraceId, v2};

use crate::{check, error::ApiError, idempotency::Digest};

/// A request.
pub(crate) struct Call<'a> {
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    /// The operation; `None` if it is not a call of the V3 API.
    pub(crate) operation: Option<Operation>,
    /// The operation of V2; `None` if it is not a call of that API.
    pub(crate) v2_operation: Option<v2::Operation>,
    /// The values of the parameters in the route, in order.
    pub(crate) path_parameters: Vec<Cow<'a, str>>,
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    pub(crate) trace_id: &'a TraceId,
}

impl Call<'_> {
    /// Returns the first parameter of the path.
    pub(crate) fn id(&self) -> &str {
        self.path_parameter(0)
    }

    pub(crate) fn path_parameter(&self, at: usize) -> &str {
        self.path_parameters.get(at).map_or("", AsRef::as_ref)
    }

    /// Returns a parameter of the query.
    pub(crate) fn parameter(&self, name: &str) -> Option<Cow<'_, str>> {
        let parameters = form_urlencoded::parse(self.query.as_bytes());
        parameters.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Returns a parameter that is a handle.
    pub(crate) fn handle(&self, name: &str) -> Result<Option<Handle>, ApiError> {
        let handle = self.parameter(name).map(|text| Handle::from(text.as_ref()));
        if let Some(handle) = &handle {
            check::handle(name, handle)?;
        }
        Ok(handle)
    }

    /// Returns the handles in a comma-separated or repeated parameter.
    pub(crate) fn handles(&self, name: &str) -> Vec<Handle> {
        let parameters = form_urlencoded::parse(self.query.as_bytes()).filter(|(key, _)| key == name);
        let mut handles = Vec::new();
        for (_, value) in parameters {
            handles.extend(value.split(',').filter(|text| !text.is_empty()).map(Handle::from));
        }
        handles
    }

    /// Returns the idempotency key of the header, or else of the body. An empty header counts as none beside a key in the body.
    pub(crate) fn idempotency_key(
        &self,
        in_body: Option<&IdempotencyKey>,
    ) -> Result<Option<IdempotencyKey>, ApiError> {
        let key = match (self.headers.get("idempotency-key"), in_body) {
            (Some(header), Some(in_body)) if header.is_empty() => Some(in_body.clone()),
            (Some(header), _) => {
                let text = str::from_utf8(header.as_bytes())
                    .map_err(|_| ApiError::invalid("`Idempotency-Key`: the header is not UTF-8"))?;
                Some(text.into())
            }
            (None, in_body) => in_body.cloned(),
        };
        check::idempotency_key("Idempotency-Key", key.as_ref())?;
        Ok(key)
    }

    pub(crate) fn digest(&self) -> Digest {
        let digest = |parts: &[&[u8]]| {
            let mut hasher = DefaultHasher::new();
            parts.hash(&mut hasher);
            hasher.finish()
        };
        let path = self.path.as_bytes();
        Digest { path: digest(&[path]), whole: digest(&[path, self.body]) }
    }

    /// Returns the `limit` of a list: 1 to 100.
    pub(crate) fn limit(&self, default: usize) -> Result<usize, ApiError> {
        match self.parameter("limit") {
            None => Ok(default),
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=100).contains(limit))
                .ok_or_else(|| ApiError::invalid("`limit` must be a number from 1 to 100")),
        }
    }
}
