use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD_PAD_INDIFFERENT as BASE64};
use hmac::{Hmac, KeyInit as _, Mac as _, digest::CtOutput};
use sha2::Sha256;
use zeroize::Zeroizing;

const PREFIX: &str = "whsec_";

/// What a key makes of a message; compared in constant time.
pub(crate) type Tag = CtOutput<Hmac<Sha256>>;

/// A signing secret, made ready for both ways of signing.
#[derive(Clone)]
pub(crate) struct Secret {
    /// The bytes behind the base64, if it is base64.
    pub(crate) standard: Option<Key>,
    /// The whole text, prefix included.
    pub(crate) legacy: Key,
}

impl Secret {
    pub(crate) fn new(secret: &str) -> Result<Self, InvalidSecret> {
        let encoded = secret.strip_prefix(PREFIX).unwrap_or(secret);
        if encoded.is_empty() {
            return Err(InvalidSecret::Empty);
        }
        if secret.trim() != secret {
            return Err(InvalidSecret::SurroundingWhitespace);
        }
        let decoded = BASE64.decode(encoded).ok().map(Zeroizing::new);
        Ok(Self { standard: decoded.map(|key| Key::new(&key)), legacy: Key::new(secret.as_bytes()) })
    }
}

/// The state of an HMAC that has taken the key. It is wiped when dropped.
#[derive(Clone)]
pub(crate) struct Key(Hmac<Sha256>);

impl Key {
    fn new(key: &[u8]) -> Self {
        Self(Hmac::new_from_slice(key).expect("HMAC takes keys of any length"))
    }

    /// Signs the parts, joined by dots.
    pub(crate) fn tag<const N: usize>(&self, parts: [&[u8]; N]) -> Tag {
        let mut state = self.0.clone();
        for (at, part) in parts.into_iter().enumerate() {
            if at > 0 {
                state.update(b".");
            }
            state.update(part);
        }
        state.finalize()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(<redacted>)")
    }
}

/// A text that cannot be a signing secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidSecret {
    /// There is nothing in it, or nothing after `whsec_`.
    Empty,
    /// White space stands before or after it, as a line end does that was read from a file.
    SurroundingWhitespace,
}

impl fmt::Display for InvalidSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => {
                "the signing secret is empty: use the `signing_secret` that creating the webhook subscription returned"
            }
            Self::SurroundingWhitespace => "white space stands around the signing secret: trim it",
        })
    }
}

impl std::error::Error for InvalidSecret {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_base64_makes_a_standard_key() {
        for (secret, standard) in [
            ("whsec_c2VjcmV0", true),
            ("c2VjcmV0", true),
            ("whsec_b3RoZXI", true),
            ("whsec_b3RoZXI=", true),
            ("linq_signing_secret", false),
            ("whsec_not-base64", false),
            ("whsec_whsec_c2VjcmV0", false),
        ] {
            assert_eq!(Secret::new(secret).unwrap().standard.is_some(), standard, "{secret}");
        }
    }

    #[test]
    fn what_cannot_be_a_secret_is_refused() {
        for (secret, error) in [
            ("", InvalidSecret::Empty),
            ("whsec_", InvalidSecret::Empty),
            ("whsec_c2VjcmV0\n", InvalidSecret::SurroundingWhitespace),
            (" whsec_c2VjcmV0", InvalidSecret::SurroundingWhitespace),
        ] {
            assert_eq!(Secret::new(secret).unwrap_err(), error, "{secret:?}");
        }
    }

    #[test]
    fn the_secret_is_never_printed() {
        let secret = Secret::new("whsec_c2VjcmV0").unwrap();
        assert_eq!(format!("{secret:?}"), "Secret(<redacted>)");
    }
}
