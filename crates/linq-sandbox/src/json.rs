use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::error::ApiError;

pub(crate) fn write(value: &impl Serialize) -> Bytes {
    serde_json::to_vec(value).expect("our views have string keys and cannot fail").into()
}

pub(crate) fn raw(value: &impl Serialize) -> Box<RawValue> {
    serde_json::value::to_raw_value(value).expect("our views have string keys and cannot fail")
}

/// Reads a request body, which must be an object: serde would take an array of the fields too.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(ApiError::new(
            linq_types::error::ErrorCode::MALFORMED_BODY,
            "the body must be an object",
        ));
    }
    Ok(linq_types::json::from_slice(body)?)
}
