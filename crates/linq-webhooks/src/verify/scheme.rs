use std::fmt;

/// The scheme that a delivery is signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scheme {
    /// Standard Webhooks: the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`.
    Standard,
    /// The older pair of V3 headers: `x-webhook-timestamp` and `x-webhook-signature`.
    Legacy,
    /// V2: the header `x-webhook-signature: sha256=<hex>`, which signs only the body.
    ///
    /// No timestamp is signed, so a recorded delivery can be replayed at any time. Handle each event ID once.
    V2,
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Standard => "standard",
            Self::Legacy => "legacy",
            Self::V2 => "v2",
        })
    }
}
