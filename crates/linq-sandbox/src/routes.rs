//! Which request goes where. Each file below answers for the first segment of the URL it is named after.

mod attachments;
mod available_number;
mod blocked_handles;
mod capability;
mod chats;
mod contact_card;
mod experiences;
mod messages;
mod payment_requests;
mod payments;
mod phone_numbers;
mod phonenumbers;
mod webhook_events;
mod webhook_subscriptions;

use std::{
    borrow::Cow,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use linq_types::{Handle, IdempotencyKey, TraceId, error::ErrorCode};
use percent_encoding::percent_decode_str;
use serde::Serialize;

use crate::{error::ApiError, handle, json, parts, shared::Shared, store::Digest};

const BASE: &str = "/api/partner/v3/";

/// A request, taken apart.
pub(crate) struct Call<'a> {
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    pub(crate) trace_id: &'a TraceId,
}

impl Call<'_> {
    pub(crate) fn parameter(&self, name: &str) -> Option<Cow<'_, str>> {
        let parameters = form_urlencoded::parse(self.query.as_bytes());
        parameters.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// A parameter that holds a number or an address.
    fn handle(&self, name: &str) -> Result<Option<Handle>, ApiError> {
        let handle = self.parameter(name).map(|text| Handle::from(text.as_ref()));
        if let Some(handle) = &handle {
            handle::check(name, handle)?;
        }
        Ok(handle)
    }

    /// Handles with commas between them, or the parameter several times.
    fn handles(&self, name: &str) -> Vec<Handle> {
        let parameters = form_urlencoded::parse(self.query.as_bytes()).filter(|(key, _)| key == name);
        let mut handles = Vec::new();
        for (_, value) in parameters {
            handles.extend(value.split(',').filter(|text| !text.is_empty()).map(Handle::from));
        }
        handles
    }

    /// The key that makes a request act once, of the header or else of the body.
    fn idempotency_key(&self, in_body: Option<&IdempotencyKey>) -> Result<Option<IdempotencyKey>, ApiError> {
        let header = self.headers.get("idempotency-key").and_then(|value| value.to_str().ok());
        let key = header.map(IdempotencyKey::from).or_else(|| in_body.cloned());
        parts::check_key("Idempotency-Key", key.as_ref())?;
        Ok(key)
    }

    fn digest(&self) -> Digest {
        let digest = |parts: &[&[u8]]| {
            let mut hasher = DefaultHasher::new();
            parts.hash(&mut hasher);
            hasher.finish()
        };
        let path = self.path.as_bytes();
        Digest { path: digest(&[path]), whole: digest(&[path, self.body]) }
    }

    /// The `limit` of a list: 1 to 100.
    fn limit(&self, default: usize) -> Result<usize, ApiError> {
        match self.parameter("limit") {
            None => Ok(default),
            Some(text) => text.parse().ok().filter(|limit| (1..=100).contains(limit)).ok_or_else(|| {
                ApiError::new(ErrorCode::INVALID_PARAMETER, "`limit` must be a number from 1 to 100")
            }),
        }
    }
}

pub(crate) fn answer(shared: &Shared, call: &Call<'_>) -> Result<Answer, ApiError> {
    let segments = segments(call.path, BASE);
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    if let ["chats", chat_id, ..] = segments.as_slice() {
        shared.read(|store| store.check_settled(shared.clock.now(), chat_id))?;
    }
    let found = match segments.as_slice() {
        ["attachments", rest @ ..] => attachments::answer(shared, call, rest),
        ["available_number", rest @ ..] => available_number::answer(shared, call, rest),
        ["blocked_handles", rest @ ..] => blocked_handles::answer(shared, call, rest),
        ["capability", rest @ ..] => capability::answer(shared, call, rest),
        ["contact_card", rest @ ..] => contact_card::answer(shared, call, rest),
        ["chats", rest @ ..] => chats::answer(shared, call, rest),
        ["experiences", rest @ ..] => experiences::answer(shared, call, rest),
        ["messages", rest @ ..] => messages::answer(shared, call, rest),
        ["payment_requests", rest @ ..] => payment_requests::answer(shared, call, rest),
        ["payments", rest @ ..] => payments::answer(shared, call, rest),
        ["phone_numbers", rest @ ..] => phone_numbers::answer(shared, call, rest),
        ["phonenumbers", rest @ ..] => phonenumbers::answer(shared, call, rest),
        ["webhook-events", rest @ ..] => webhook_events::answer(call, rest),
        ["webhook-subscriptions", rest @ ..] => webhook_subscriptions::answer(shared, call, rest),
        _ => None,
    };
    found.unwrap_or_else(|| {
        Err(ApiError::nothing_there(&format!(
            "{} {} here; the paths that the sandbox knows begin with {BASE}",
            call.method, call.path
        )))
    })
}

/// The parts of a path after `base`, decoded; none if it does not begin so.
pub(crate) fn segments<'a>(path: &'a str, base: &str) -> Vec<Cow<'a, str>> {
    let path = path.strip_prefix(base);
    let segments = path.into_iter().flat_map(|path| path.split('/'));
    segments.map(|segment| percent_decode_str(segment).decode_utf8_lossy()).collect()
}
