use std::fmt;

use base64::{
    Engine as _, decoded_len_estimate, engine::general_purpose::STANDARD_PAD_INDIFFERENT as BASE64,
};
use hmac::{Hmac, KeyInit as _, Mac as _, digest::CtOutput};
use linq_types::Secret;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{InvalidSecret, Schemes};

const PREFIX: &str = "whsec_";

/// The HMAC of a message. Compared in constant time.
pub(super) type Tag = CtOutput<Hmac<Sha256>>;

/// The keys of a signing secret, and the schemes that it is accepted for.
#[derive(Clone)]
pub(super) struct SecretKeys {
    pub(super) schemes: Schemes,
    /// The complete text, prefix included.
    pub(super) text: Key,
    /// The decoded bytes, if the text is base64.
    pub(super) decoded: Option<Key>,
}

impl SecretKeys {
    pub(super) fn new(secret: &Secret, schemes: Schemes) -> Result<Self, InvalidSecret> {
        let secret = secret.expose();
        let encoded = secret.strip_prefix(PREFIX).unwrap_or(secret);
        let may_be_prefixed = schemes.intersects(Schemes::V3);
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

    pub(super) fn standard(&self) -> Option<&Key> {
        self.decoded.as_ref().filter(|_| self.schemes.contains(Schemes::STANDARD))
    }

    pub(super) fn legacy(&self) -> Option<&Key> {
        self.schemes.contains(Schemes::LEGACY).then_some(&self.text)
    }

    pub(super) fn v2(&self) -> Option<&Key> {
        self.schemes.contains(Schemes::V2).then_some(&self.text)
    }
}

/// Decodes into a buffer that is wiped when dropped, also if only a prefix is base64.
fn decode(encoded: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![0; decoded_len_estimate(encoded.len())]);
    let length = BASE64.decode_slice(encoded, &mut bytes).ok()?;
    bytes.truncate(length);
    Some(bytes)
}

/// The state of an HMAC after absorbing the key. It is wiped when dropped.
#[derive(Clone)]
pub(super) struct Key(Hmac<Sha256>);

impl Key {
    fn new(key: &[u8]) -> Self {
        Self(Hmac::new_from_slice(key).expect("HMAC accepts keys of any length"))
    }

    /// Signs the parts, joined by dots.
    pub(super) fn tag<const N: usize>(&self, parts: [&[u8]; N]) -> Tag {
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

impl fmt::Debug for SecretKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKeys(<redacted>, {:?})", self.schemes)
    }
}

#[cfg(test)]
mod tests {
    use hmac::{EagerHash, digest::block_api::Buffer};
    use zeroize::ZeroizeOnDrop;

    use super::*;

    fn keys(secret: &str, schemes: Schemes) -> Result<SecretKeys, InvalidSecret> {
        SecretKeys::new(&secret.into(), schemes)
    }

    #[test]
    fn only_a_base64_secret_has_a_standard_key() {
        for (secret, standard) in [
            ("whsec_c2VjcmV0", true),
            ("c2VjcmV0", true),
            ("whsec_b3RoZXI", true),
            ("whsec_b3RoZXI=", true),
            ("linq_signing_secret", false),
            ("whsec_not-base64", false),
            ("whsec_whsec_c2VjcmV0", false),
        ] {
            let made = keys(secret, Schemes::V3).unwrap();
            assert_eq!(made.standard().is_some(), standard, "{secret}");
            let standard_alone = keys(secret, Schemes::STANDARD).map(drop);
            let expected = if standard { Ok(()) } else { Err(InvalidSecret::NotBase64) };
            assert_eq!(standard_alone, expected, "{secret}");
        }
    }

    #[test]
    fn an_empty_secret_or_one_with_surrounding_whitespace_is_an_error() {
        for (secret, error) in [
            ("", InvalidSecret::Empty),
            ("whsec_", InvalidSecret::Empty),
            ("whsec_c2VjcmV0\n", InvalidSecret::SurroundingWhitespace),
            (" whsec_c2VjcmV0", InvalidSecret::SurroundingWhitespace),
        ] {
            assert_eq!(keys(secret, Schemes::V3).unwrap_err(), error, "{secret:?}");
        }
    }

    #[test]
    fn the_v2_key_is_the_text_of_the_secret_whatever_it_is() {
        for secret in ["whsec_", "whsec_c2VjcmV0", "geheim ✓", "my-v2-secret"] {
            let key = keys(secret, Schemes::V2).unwrap().v2().unwrap().tag([b"{}"]);
            assert!(key == Key::new(secret.as_bytes()).tag([b"{}"]), "{secret}");
        }
        assert_eq!(keys("", Schemes::V2).unwrap_err(), InvalidSecret::Empty);
    }

    #[test]
    fn debug_redacts_the_secret() {
        let secret = keys("whsec_c2VjcmV0", Schemes::V3).unwrap();
        assert_eq!(format!("{secret:?}"), "SecretKeys(<redacted>, STANDARD | LEGACY)");
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
