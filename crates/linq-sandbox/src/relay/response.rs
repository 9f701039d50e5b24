use bytes::Bytes;
use http::{Response, StatusCode};

/// Creates a response with a plain text. Errors in the API's format have a trace id, which would depend on when clients
/// come and go.
pub(super) fn text(status: StatusCode, reason: String) -> Response<Bytes> {
    let mut response = Response::new(reason.into());
    *response.status_mut() = status;
    response
}
