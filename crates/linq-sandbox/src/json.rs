use std::time::Duration;

use bytes::Bytes;
use linq_types::error::ErrorCode;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::error::ApiError;

/// The maximum duration, in seconds: a year.
const MOST_SECONDS: f64 = 366.0 * 24.0 * 3_600.0;

pub(crate) fn write(value: &impl Serialize) -> Bytes {
    serde_json::to_vec(value).expect("our views have string keys and cannot fail").into()
}

/// Appends JSON to a buffer.
pub(crate) fn append(buffer: &mut Vec<u8>, value: &impl Serialize) {
    serde_json::to_writer(buffer, value).expect("our views have string keys and cannot fail");
}

pub(crate) fn raw(value: &impl Serialize) -> Box<RawValue> {
    serde_json::value::to_raw_value(value).expect("our views have string keys and cannot fail")
}

/// Reads a duration in the field `seconds`.
pub(crate) fn seconds(seconds: f64) -> Result<Duration, ApiError> {
    if (0.0..=MOST_SECONDS).contains(&seconds) {
        return Ok(Duration::from_secs_f64(seconds));
    }
    Err(ApiError::invalid("`seconds` must be from 0 to a year"))
}

/// Reads a request body, which must be an object: serde would also accept an array of the fields.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(ApiError::new(ErrorCode::MALFORMED_BODY, "the body must be an object"));
    }
    linq_types::json::from_slice_strict(body).map_err(|error| ApiError::unreadable(&error))
}

/// Reads a request body that may be empty.
pub(crate) fn read_or_empty<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    read(if body.is_empty() { b"{}" } else { body })
}
