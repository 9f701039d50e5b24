use std::io::ErrorKind;

use linq_core::{TransportError, TransportErrorKind};
use ureq::{Error, Timeout};

use crate::upload::Reached;

/// Removes URLs: those of uploads are signed, and those of proxies have passwords.
pub(crate) fn transport_error(error: Error, reached: Reached) -> TransportError {
    let kind = kind(&error, reached);
    match error {
        Error::BadUri(_) | Error::RequireHttpsOnly(_) | Error::ConnectProxyFailed(_) => {
            TransportError::new(kind)
        }
        error => TransportError::with_source(kind, error),
    }
}

fn kind(error: &Error, reached: Reached) -> TransportErrorKind {
    match error {
        error if reached != Reached::Body && is_connecting(error, reached) => TransportErrorKind::Connect,
        Error::Timeout(_) => TransportErrorKind::Timeout,
        Error::BodyExceedsLimit(_) => TransportErrorKind::TooLarge,
        _ => TransportErrorKind::Other,
    }
}

fn is_connecting(error: &Error, reached: Reached) -> bool {
    match error {
        Error::Timeout(Timeout::Connect | Timeout::Resolve)
        | Error::HostNotFound
        | Error::ConnectionFailed
        | Error::ConnectProxyFailed(_)
        | Error::InvalidProxyUrl
        | Error::BadUri(_)
        | Error::RequireHttpsOnly(_)
        | Error::Tls(_)
        | Error::TlsRequired => true,
        Error::Io(error) => match error.kind() {
            ErrorKind::ConnectionRefused => true,
            // An established connection fails with these too, when the network goes away.
            ErrorKind::AddrNotAvailable | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
                reached == Reached::NotBody
            }
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_happens_before_the_request_is_sent_counts_as_connecting() {
        use ErrorKind::{
            AddrNotAvailable, ConnectionRefused, ConnectionReset, HostUnreachable, NetworkUnreachable,
            UnexpectedEof,
        };
        use TransportErrorKind::{Connect, Other, TooLarge};
        let late = TransportErrorKind::Timeout;
        let io = |kind: ErrorKind| Error::Io(kind.into());
        type Make<'a> = &'a dyn Fn() -> Error;
        // Without a body, before the body, from the body on.
        let cases: [(Make<'_>, [TransportErrorKind; 3]); 16] = [
            (&|| Error::HostNotFound, [Connect, Connect, Other]),
            (&|| Error::TlsRequired, [Connect, Connect, Other]),
            (&|| Error::Timeout(Timeout::Resolve), [Connect, Connect, late]),
            (&|| Error::Timeout(Timeout::Connect), [Connect, Connect, late]),
            (&|| Error::Timeout(Timeout::Global), [late; 3]),
            (&|| Error::Timeout(Timeout::RecvBody), [late; 3]),
            (&|| io(ConnectionRefused), [Connect, Connect, Other]),
            (&|| io(AddrNotAvailable), [Other, Connect, Other]),
            (&|| io(HostUnreachable), [Other, Connect, Other]),
            (&|| io(NetworkUnreachable), [Other, Connect, Other]),
            (&|| io(ConnectionReset), [Other; 3]),
            (&|| io(UnexpectedEof), [Other; 3]),
            (&|| Error::BodyExceedsLimit(7), [TooLarge; 3]),
            (&|| Error::BadUri("//host".into()), [Connect, Connect, Other]),
            (&|| Error::RequireHttpsOnly("http://host".into()), [Connect, Connect, Other]),
            (&|| Error::TooManyRedirects, [Other; 3]),
        ];
        for (error, expected) in cases {
            let found = [Reached::Unknown, Reached::NotBody, Reached::Body]
                .map(|reached| transport_error(error(), reached).kind());
            assert_eq!(found, expected, "{:?}", error());
        }
    }

    #[test]
    fn urls_are_removed() {
        for error in [
            Error::BadUri("http://secret".into()),
            Error::RequireHttpsOnly("http://secret".into()),
            Error::ConnectProxyFailed("http://secret".into()),
        ] {
            assert!(!format!("{:?}", transport_error(error, Reached::NotBody)).contains("secret"));
        }
    }
}
