use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;
use linq_types::error::ErrorCode;

use crate::error::ApiError;

/// Reads a body of up to this size that arrives within this time.
pub(crate) async fn read(body: Incoming, max_bytes: usize, timeout: Duration) -> Result<Bytes, ApiError> {
    let reason = match tokio::time::timeout(timeout, Limited::new(body, max_bytes).collect()).await {
        Ok(Ok(collected)) => return Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return Err(ApiError::body_too_large(max_bytes)),
        Ok(Err(error)) => format!("the body did not arrive: {error}"),
        Err(_) => "the body did not arrive in time".to_owned(),
    };
    Err(ApiError::new(ErrorCode::MALFORMED_BODY, reason))
}
