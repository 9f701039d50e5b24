//! The idempotency key of a request: where it comes from, where it goes, and whether it was sent.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};
use linq_types::{
    IdempotencyKey,
    check::{Check as _, Violation},
};
use serde_json::Value;

use crate::{error::InvalidRequest, key::KeySource, request::Endpoint};

pub(crate) const KEY_HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// The key of one request, on its way from the caller or the key source into body and headers.
pub(crate) struct KeyPlan {
    /// The id of the operation.
    operation: Option<&'static str>,
    placement: Placement,
    /// What the caller chose for this call.
    given: Option<IdempotencyKey>,
    /// Whether the request must have a key, even in a body that the caller wrote without one.
    is_required: bool,
    key: Option<IdempotencyKey>,
    #[cfg(feature = "v2")]
    is_v2: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Placement {
    /// The endpoint takes no key.
    Nowhere,
    /// In the body, at this JSON pointer.
    Body(&'static str),
    Header,
    /// In the header, and in the body unless that has a key of its own.
    HeaderAndBody,
    /// In the header if the caller gives one: nothing is known about the endpoint.
    HeaderIfGiven,
}

impl KeyPlan {
    /// `headers` are those that the caller sets on the call; the key can be one of them.
    pub(super) fn new(
        endpoint: &Endpoint,
        given: Option<IdempotencyKey>,
        headers: &[(HeaderName, Option<HeaderValue>)],
        is_required: bool,
    ) -> Self {
        let placement = match endpoint {
            Endpoint::Operation(operation) => match (operation.key_pointer(), operation.has_key_header()) {
                (None, false) => Placement::Nowhere,
                (Some(pointer), false) => Placement::Body(pointer),
                (None, true) => Placement::Header,
                (Some(_), true) => Placement::HeaderAndBody,
            },
            #[cfg(feature = "v2")]
            Endpoint::V2(operation) => operation.key_pointer().map_or(Placement::Nowhere, Placement::Body),
            Endpoint::Custom(_) => Placement::HeaderIfGiven,
            Endpoint::Upload | Endpoint::Download => Placement::Nowhere,
        };
        let mut plan = Self {
            operation: endpoint.id(),
            placement,
            given,
            is_required,
            key: None,
            #[cfg(feature = "v2")]
            is_v2: matches!(endpoint, Endpoint::V2(_)),
        };
        if plan.uses_header()
            && let Some(key) = header_value(headers)
        {
            plan.given = Some(key);
        }
        plan
    }

    pub(crate) fn uses_header(&self) -> bool {
        !matches!(self.placement, Placement::Nowhere | Placement::Body(_))
    }

    /// Chooses the key: the caller's, or that of the body's field, or a new one. Writes it into the field.
    pub(super) fn choose(
        &mut self,
        mut field: Option<&mut Option<IdempotencyKey>>,
        keys: &KeySource,
    ) -> Result<(), InvalidRequest> {
        self.key = match self.placement {
            Placement::Nowhere => return Ok(()),
            Placement::HeaderIfGiven => self.given.clone(),
            Placement::Body(_) | Placement::Header | Placement::HeaderAndBody => {
                let own = || field.as_deref().cloned().flatten();
                match (self.given.clone().or_else(own), self.operation) {
                    (Some(key), _) => Some(key),
                    (None, Some(operation)) => keys.next(operation)?,
                    (None, None) => None,
                }
            }
        };
        if let Some(field) = &mut field
            && (field.is_none() || self.placement != Placement::HeaderAndBody)
        {
            field.clone_from(&self.key);
        }
        Ok(())
    }

    /// Follows what the caller's own JSON did to a key that is only in the body: a key given for the call goes in again;
    /// otherwise the key is the one that is there now, if any, or else the chosen one if there must be one.
    pub(super) fn reconcile(&mut self, body: &mut Value) {
        let Placement::Body(pointer) = self.placement else { return };
        let chosen = self.key.take();
        let Some((parent, name)) = pointer.rsplit_once('/') else { return };
        let Some(parent) = body.pointer_mut(parent).and_then(Value::as_object_mut) else { return };
        let own = || parent.get(name).and_then(Value::as_str).map(IdempotencyKey::from);
        self.key = self.given.clone().or_else(own).or(chosen.filter(|_| self.is_required));
        if let Some(key) = &self.key {
            parent.insert(name.to_owned(), key.as_str().into());
        }
    }

    /// The chosen key.
    pub(crate) fn key(&self) -> Option<&IdempotencyKey> {
        self.key.as_ref()
    }

    pub(super) fn check(&self, validates: bool) -> Result<(), InvalidRequest> {
        match &self.key {
            Some(key) if key.as_str().is_empty() => Err(InvalidRequest::EmptyKey),
            Some(key) if validates => {
                Ok(self.check_rules(key).map_err(|violation| violation.within("idempotency_key"))?)
            }
            _ => Ok(()),
        }
    }

    fn check_rules(&self, key: &IdempotencyKey) -> Result<(), Violation> {
        #[cfg(feature = "v2")]
        if self.is_v2 {
            linq_types::v2::check_key(key)?;
        }
        key.check()
    }

    pub(super) fn write_header(&self, headers: &mut Arc<HeaderMap>) -> Result<(), InvalidRequest> {
        if self.uses_header()
            && let Some(key) = &self.key
        {
            let value = HeaderValue::try_from(key.as_str()).map_err(|_| InvalidRequest::Header)?;
            Arc::make_mut(headers).insert(KEY_HEADER, value);
        }
        Ok(())
    }

    /// The key that is sent with these headers, from which the caller may have removed it.
    pub(super) fn into_sent(self, headers: &HeaderMap) -> Option<IdempotencyKey> {
        let only_header = matches!(self.placement, Placement::Header | Placement::HeaderIfGiven);
        self.key.filter(|_| !only_header || headers.contains_key(KEY_HEADER))
    }
}

/// The key that the caller set as a header.
fn header_value(headers: &[(HeaderName, Option<HeaderValue>)]) -> Option<IdempotencyKey> {
    let (_, value) = headers.iter().rfind(|(name, _)| *name == KEY_HEADER)?;
    value.as_ref()?.to_str().ok().map(IdempotencyKey::from)
}
