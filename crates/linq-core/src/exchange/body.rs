use serde_json::Value;

use super::{ExtraBody, key::KeyPlan};
use crate::{
    Body,
    error::InvalidRequest,
    key::KeySource,
    request::{self, Payload},
};

/// Writes the body, with the idempotency key in its field and the caller's own JSON in place of what is there.
pub(super) fn write(
    payload: Payload,
    extra: ExtraBody,
    key: &mut KeyPlan,
    keys: &KeySource,
) -> Result<Body, InvalidRequest> {
    match payload {
        Payload::Upload(body) => Ok(body),
        Payload::None => {
            key.choose(None, keys)?;
            if extra.is_empty() { Ok(Body::empty()) } else { to_body(&extra.apply(b"{}")?) }
        }
        Payload::Json(mut body) => {
            key.choose(body.key_field(), keys)?;
            let json = body.to_json()?;
            if extra.is_empty() {
                return Ok(json.into());
            }
            let mut json = extra.apply(&json)?;
            key.reconcile(&mut json);
            to_body(&json)
        }
    }
}

fn to_body(json: &Value) -> Result<Body, InvalidRequest> {
    Ok(request::to_json(json)?.into())
}
