use linq_core::{TransportError, TransportErrorKind};
use ureq::Error;

/// ureq does not know the path and the query of a request, so its errors cannot show them.
pub(crate) fn transport_error(error: Error, is_unsent: bool) -> TransportError {
    let kind = match &error {
        _ if is_unsent => TransportErrorKind::Connect,
        Error::Timeout(_) => TransportErrorKind::Timeout,
        Error::BodyExceedsLimit(_) => TransportErrorKind::TooLarge,
        _ => TransportErrorKind::Other,
    };
    TransportError::with_source(kind, error)
}
