use std::io::ErrorKind;

use linq_core::{TransportError, TransportErrorKind};
use ureq::{Error, Timeout};

/// Takes the texts out that hold an address: upload addresses are signed, and those of proxies hold passwords.
pub(crate) fn transport_error(error: Error) -> TransportError {
    let kind = kind(&error);
    match error {
        Error::BadUri(_) | Error::RequireHttpsOnly(_) | Error::ConnectProxyFailed(_) => {
            TransportError::new(kind)
        }
        error => TransportError::with_source(kind, error),
    }
}

fn kind(error: &Error) -> TransportErrorKind {
    match error {
        Error::Timeout(Timeout::Connect | Timeout::Resolve)
        | Error::HostNotFound
        | Error::ConnectionFailed
        | Error::ConnectProxyFailed(_)
        | Error::InvalidProxyUrl
        | Error::Tls(_)
        | Error::TlsRequired => TransportErrorKind::Connect,
        Error::Io(error) => io_kind(error.kind()),
        Error::Timeout(_) => TransportErrorKind::Timeout,
        Error::BodyExceedsLimit(_) => TransportErrorKind::TooLarge,
        _ => TransportErrorKind::Other,
    }
}

/// The kinds that no connection gives once it stands.
fn io_kind(kind: ErrorKind) -> TransportErrorKind {
    match kind {
        ErrorKind::ConnectionRefused
        | ErrorKind::AddrNotAvailable
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable => TransportErrorKind::Connect,
        _ => TransportErrorKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_happens_before_the_request_is_sent_counts_as_connecting() {
        use TransportErrorKind::{Connect, Other, TooLarge};
        for (error, expected) in [
            (Error::HostNotFound, Connect),
            (Error::Timeout(Timeout::Resolve), Connect),
            (Error::Timeout(Timeout::Connect), Connect),
            (Error::Timeout(Timeout::Global), TransportErrorKind::Timeout),
            (Error::Timeout(Timeout::RecvBody), TransportErrorKind::Timeout),
            (Error::Io(ErrorKind::ConnectionRefused.into()), Connect),
            (Error::Io(ErrorKind::ConnectionReset.into()), Other),
            (Error::Io(ErrorKind::UnexpectedEof.into()), Other),
            (Error::BodyExceedsLimit(7), TooLarge),
            (Error::BadUri("ftp://host".into()), Other),
        ] {
            let text = format!("{error:?}");
            assert_eq!(transport_error(error).kind(), expected, "{text}");
        }
    }

    #[test]
    fn addresses_are_taken_out() {
        for error in [
            Error::BadUri("http://secret".into()),
            Error::RequireHttpsOnly("http://secret".into()),
            Error::ConnectProxyFailed("http://secret".into()),
        ] {
            assert!(!format!("{:?}", transport_error(error)).contains("secret"));
        }
    }
}
