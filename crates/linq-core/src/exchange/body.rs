use http::Method;
use linq_types::IdempotencyKey;
use serde_json::Value;

use super::ExtraBody;
use crate::{
    Body,
    config::Config,
    error::InvalidRequest,
    key::KeySource,
    request::{self, KeyHeader, Payload},
};

/// Writes the body, with the idempotency key where the API takes one.
pub(super) fn write(
    config: &Config,
    method: &Method,
    payload: Payload,
    key_header: KeyHeader,
    given: Option<IdempotencyKey>,
    extra: ExtraBody,
) -> Result<(Body, Option<IdempotencyKey>), InvalidRequest> {
    let extra = if *method == Method::GET { ExtraBody::default() } else { extra };
    match payload {
        Payload::Upload(body) => Ok((body, None)),
        Payload::None => {
            let key = header_key(key_header, given, &config.settings.keys)?;
            let body = if extra.is_empty() { Body::empty() } else { to_body(&extra.lay_over(b"{}")?)? };
            Ok((body, key))
        }
        Payload::Json(mut body) => {
            let mut key = match body.idempotency_key() {
                Some(place) => fill(place, key_header, given.clone(), &config.settings.keys)?,
                None => header_key(key_header, given.clone(), &config.settings.keys)?,
            };
            let json = body.to_json()?;
            if extra.is_empty() {
                return Ok((json.into(), key));
            }
            let mut whole = extra.lay_over(&json)?;
            if key_header == KeyHeader::Never {
                key = body.key_pointer().and_then(|pointer| settle(&mut whole, pointer, given));
            }
            Ok((to_body(&whole)?, key))
        }
    }
}

/// The key of a request that has no place for it but the header: the caller's, or else a new one.
fn header_key(
    key_header: KeyHeader,
    given: Option<IdempotencyKey>,
    keys: &KeySource,
) -> Result<Option<IdempotencyKey>, InvalidRequest> {
    match (key_header, given) {
        (KeyHeader::Never, _) => Ok(None),
        (KeyHeader::Always, None) => keys.next(),
        (_, given) => Ok(given),
    }
}

/// Puts the key of the call into its place in the body: the caller's, or else a new one.
///
/// Where the key is a header too, a key in the body stays as the caller wrote it.
fn fill(
    place: &mut Option<IdempotencyKey>,
    key_header: KeyHeader,
    given: Option<IdempotencyKey>,
    keys: &KeySource,
) -> Result<Option<IdempotencyKey>, InvalidRequest> {
    let key = match given.or_else(|| place.clone()) {
        Some(key) => Some(key),
        None => keys.next()?,
    };
    if key_header == KeyHeader::Never || place.is_none() {
        place.clone_from(&key);
    }
    Ok(key)
}

/// The key that is left after extra fields may have taken it away or brought another. The caller's goes in again.
fn settle(whole: &mut Value, pointer: &str, given: Option<IdempotencyKey>) -> Option<IdempotencyKey> {
    let (parent, name) = pointer.rsplit_once('/')?;
    let parent = whole.pointer_mut(parent)?.as_object_mut()?;
    if let Some(key) = given {
        parent.insert(name.to_owned(), key.as_str().into());
    }
    parent.get(name)?.as_str().map(IdempotencyKey::from)
}

fn to_body(whole: &Value) -> Result<Body, InvalidRequest> {
    Ok(request::to_json(whole)?.into())
}
