use std::fmt;

use base64::{
    Engine as _, decoded_len_estimate, engine::general_purpose::STANDARD_PAD_INDIFFERENT as BASE64,
};
use hmac::{Hmac, KeyInit as _, Mac as _, digest::CtOutput};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::Schemes;

const PREFIX: &str = "whsec_";

/// What a key makes of a message; compared in constant time.
pub(crate) type Tag = CtOutput<Hmac<Sha256>>;

/// A signing secret, made ready for the schemes that it is accepted for.
#[derive(Clone)]
pub(crate) struct Secret {
    pub(crate) schemes: Schemes,
    /// Keyed with the whole text, prefix included.
    pub(crate) text: Key,
    /// Keyed with the bytes behind the base64, if it is base64.
    pub(crate) decoded: Option<Key>,
}

impl Secret {
    pub(crate) fn new(secret: &str, schemes: Schemes) -> Result<Self, InvalidSecret> {
        let encoded = secret.strip_prefix(PREFIX).unwrap_or(secret);
        let may_be_prefixed = schemes.intersects(Schemes::V3 | Schemes::LEGACY_DECODED_KEY);
        if secret.is_empty() || (may_be_prefixed && encoded.is_empty()) {
            return Err(InvalidSecret::Empty);
        }
        if secret.trim() != secret {
            return Err(InvalidSecret::SurroundingWhitespace);
        }
        let decoded = decode(encoded).map(|key| Key::new(&key));
        if decoded.is_none() && !schemes.intersects(Schemes::LEGACY | Schemes::V2) {
            return Err(InvalidSecret::NotBase64);
        }
        Ok(Self { schemes, text: Key::new(secret.as_bytes()), decoded })
    }

    pub(crate) fn standard_key(&self) -> Option<&Key> {
        self.decoded.as_ref().filter(|_| self.schemes.contains(Schemes::STANDARD))
    }

    pub(crate) fn legacy_keys(&self) -> impl Iterator<Item = &Key> {
        let text = self.schemes.contains(Schemes::LEGACY).then_some(&self.text);
        let decoded = self.decoded.as_ref().filter(|_| self.schemes.contains(Schemes::LEGACY_DECODED_KEY));
        text.into_iter().chain(decoded)
    }

    pub(crate) fn v2_key(&self) -> Option<&Key> {
        self.schemes.contains(Schemes::V2).then_some(&self.text)
    }
}

/// What it decodes to is wiped, also when only the beginning is base64.
fn decode(encoded: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![0; decoded_len_estimate(encoded.len())]);
    let length = BASE64.decode_slice(encoded, &mut bytes).ok()?;
    bytes.truncate(length);
    Some(bytes)
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
        write!(f, "Secret(<redacted>, {:?})", self.schemes)
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
    /// It is not base64, so that none of the [`Schemes`] asked for has a key.
    NotBase64,
}

impl fmt::Display for InvalidSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => {
                "the signing secret is empty: use the `signing_secret` that creating the webhook subscription returned"
            }
            Self::SurroundingWhitespace => "white space stands around the signing secret: trim it",
            Self::NotBase64 => {
                "the signing secret is not base64: use the whole `whsec_` secret, or accept a scheme whose key is the \
                 text itself"
            }
        })
    }
}

impl std::error::Error for InvalidSecret {}

#[cfg(test)]
mod tests {
    use hmac::{EagerHash, digest::block_api::Buffer};
    use zeroize::ZeroizeOnDrop;

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
            let made = Secret::new(secret, Schemes::V3).unwrap();
            assert_eq!(made.standard_key().is_some(), standard, "{secret}");
            let standard_alone = Secret::new(secret, Schemes::STANDARD).map(drop);
            let expected = if standard { Ok(()) } else { Err(InvalidSecret::NotBase64) };
            assert_eq!(standard_alone, expected, "{secret}");
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
            assert_eq!(Secret::new(secret, Schemes::V3).unwrap_err(), error, "{secret:?}");
        }
    }

    #[test]
    fn the_secret_of_v2_is_any_text() {
        for secret in ["whsec_", "whsec_c2VjcmV0", "geheim ✓", "my-v2-secret"] {
            let key = Secret::new(secret, Schemes::V2).unwrap().v2_key().unwrap().tag([b"{}"]);
            assert!(key == Key::new(secret.as_bytes()).tag([b"{}"]), "{secret}");
        }
        assert_eq!(Secret::new("", Schemes::V2).unwrap_err(), InvalidSecret::Empty);
    }

    #[test]
    fn the_secret_is_never_printed() {
        let secret = Secret::new("whsec_c2VjcmV0", Schemes::V3).unwrap();
        assert_eq!(format!("{secret:?}"), "Secret(<redacted>, STANDARD | LEGACY)");
    }

    #[test]
    fn keys_and_tags_are_wiped_when_dropped() {
        fn is_wiped<T: ZeroizeOnDrop>() {}
        type State = <Sha256 as EagerHash>::Core;
        is_wiped::<State>();
        is_wiped::<Buffer<State>>();
        is_wiped::<Tag>();
    }
}
