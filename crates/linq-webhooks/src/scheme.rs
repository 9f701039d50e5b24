use std::fmt;

/// How a delivery was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scheme {
    /// Standard Webhooks: the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`.
    Standard,
    /// The older pair of headers of V3, `x-webhook-timestamp` and `x-webhook-signature`.
    Legacy,
    /// V2: the header `x-webhook-signature: sha256=<hex>` over the body alone.
    ///
    /// No time is signed, so a delivery that someone recorded can be replayed at any time: handle each event
    /// id once.
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
