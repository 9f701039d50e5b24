use std::fmt;

use http::HeaderName;
use linq_types::Operation;

/// Why a call cannot be stored, or a stored one cannot be replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unstorable {
    Custom,
    #[cfg(feature = "v2")]
    V2,
    Upload,
    NoKey(Operation),
    UnprovenKey(Operation),
    /// The caller's own JSON has no place for the key at this pointer.
    NoPlace(&'static str),
    Header(HeaderName),
    UnknownOperation(Box<str>),
}

impl fmt::Display for Unstorable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Custom => f.write_str(
                "not storable: it is unknown whether a custom endpoint executes a repeated request once; make the call \
                 directly",
            ),
            #[cfg(feature = "v2")]
            Self::V2 => {
                f.write_str("not storable: calls of the V2 API cannot be stored; make the call of V3, or make it directly")
            }
            Self::Upload => {
                f.write_str("not storable: the bytes of an upload are not kept; make the call directly")
            }
            Self::NoKey(operation) => write!(
                f,
                "not storable: `{operation}` takes no idempotency key, so repeating it may execute it twice; make the \
                 call directly"
            ),
            Self::UnprovenKey(operation) => write!(
                f,
                "not storable: nothing shows that the API honors the idempotency key of `{operation}`, so repeating it \
                 may execute it twice; make the call directly"
            ),
            Self::NoPlace(pointer) => write!(
                f,
                "not storable: the body given to `body` or `body_field` has no place for the idempotency key; it must \
                 have an object around `{pointer}`"
            ),
            Self::Header(name) => write!(
                f,
                "not storable: headers of a call are not kept, such as `{name}`; set it on the client that replays the \
                 call, with `ClientBuilder::default_header`"
            ),
            Self::UnknownOperation(id) => {
                write!(f, "invalid stored call: unknown operation `{}`; update this crate", id.escape_debug())
            }
        }
    }
}
