use std::{error::Error, fmt};

use linq_types::StrayCharacter;

/// The error for a text that cannot be used as a signing secret. It never contains the text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidSecret {
    /// The secret is empty, or has no text after `whsec_`.
    Empty,
    /// The secret has whitespace, quotes or invisible characters in or around it, such as the newline of a file. In a
    /// secret of V2, which may be any text, only those around it count.
    StrayCharacter(StrayCharacter),
    /// The secret has something before `whsec_`, such as the `v1,` of a signature, or has it twice.
    Prefix,
    /// The text after `whsec_` is not base64, or a secret without the prefix has no key for any of the requested
    /// [`Schemes`](crate::Schemes), because it is not base64.
    NotBase64,
    /// The key has less than 16 bytes, so that it can be guessed or is a part of the secret. Keys of V2, which are chosen
    /// by whoever subscribes, may be shorter.
    TooShort,
}

impl fmt::Display for InvalidSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str(
                "empty signing secret; use the `signing_secret` returned when the webhook subscription was created",
            ),
            Self::StrayCharacter(stray) => write!(f, "invalid signing secret: {stray}"),
            Self::Prefix => f.write_str(
                "invalid signing secret: `whsec_` must be at its start and only there; remove what is in front of it, \
                 such as `v1,` or a second `whsec_`",
            ),
            Self::NotBase64 => f.write_str(
                "invalid signing secret: not base64; use the complete `whsec_` secret, or accept a scheme that uses the \
                 text as the key",
            ),
            Self::TooShort => f.write_str(
                "invalid signing secret: the key has less than 16 bytes; use the complete `signing_secret` returned when \
                 the webhook subscription was created",
            ),
        }
    }
}

impl Error for InvalidSecret {}
