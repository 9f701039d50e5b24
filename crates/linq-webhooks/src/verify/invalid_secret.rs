use std::{error::Error, fmt};

/// The error for a text that cannot be used as a signing secret. It never contains the text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidSecret {
    /// The secret is empty, or has no text after `whsec_`.
    Empty,
    /// The secret starts or ends with whitespace, such as the newline of a file.
    SurroundingWhitespace,
    /// The secret is not base64, so it has no key for any of the requested [`Schemes`](crate::Schemes).
    NotBase64,
}

impl fmt::Display for InvalidSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => {
                "empty signing secret; use the `signing_secret` returned when the webhook subscription was created"
            }
            Self::SurroundingWhitespace => "signing secret starts or ends with whitespace; trim it",
            Self::NotBase64 => {
                "signing secret is not base64; use the complete `whsec_` secret, or accept a scheme that uses the \
                 text as the key"
            }
        })
    }
}

impl Error for InvalidSecret {}
