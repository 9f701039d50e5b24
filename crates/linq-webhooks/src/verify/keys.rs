use std::fmt;

use base64::{
    Engine as _, decoded_len_estimate, engine::general_purpose::STANDARD_PAD_INDIFFERENT as BASE64,
};
use hmac::{Hmac, KeyInit as _, Mac as _, digest::CtOutput};
use linq_types::{Secret, StrayCharacter};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{InvalidSecret, Schemes};

const PREFIX: &str = "whsec_";

/// The fewest bytes of a key that cannot be guessed.
const MIN_KEY_BYTES: usize = 16;

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
        if secret.is_empty() {
            return Err(InvalidSecret::Empty);
        }
        let encoded = secret.strip_prefix(PREFIX);
        let decoded = decode(encoded.unwrap_or(secret));
        if !schemes.intersects(Schemes::V3) {
            check_stray(StrayCharacter::find_around(secret))?;
        } else if let Some(encoded) = encoded {
            check_encoded(encoded, decoded.as_ref().map(|key| key.len()))?;
        } else {
            check_plain(secret, schemes, decoded.as_ref().map(|key| key.len()))?;
        }
        let decoded = decoded.map(|key| Key::new(&key));
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

/// Checks the text after `whsec_`, and the length of the key that it encodes.
fn check_encoded(encoded: &str, key_bytes: Option<usize>) -> Result<(), InvalidSecret> {
    check_stray(StrayCharacter::find(encoded))?;
    match key_bytes {
        _ if encoded.is_empty() => Err(InvalidSecret::Empty),
        _ if encoded.contains(PREFIX) => Err(InvalidSecret::Prefix),
        None => Err(InvalidSecret::NotBase64),
        Some(0..MIN_KEY_BYTES) => Err(InvalidSecret::TooShort),
        Some(_) => Ok(()),
    }
}

/// Checks a secret without `whsec_`, which is its own key; if it is base64, it encodes a key, too. For V2 it may be any text.
fn check_plain(secret: &str, schemes: Schemes, key_bytes: Option<usize>) -> Result<(), InvalidSecret> {
    let is_any_text = schemes.intersects(Schemes::V2);
    check_stray(if is_any_text {
        StrayCharacter::find_around(secret)
    } else {
        StrayCharacter::find(secret)
    })?;
    if secret == "v1" || secret.starts_with("v1,") || secret.contains(PREFIX) {
        return Err(InvalidSecret::Prefix);
    }
    if key_bytes.is_none() && !schemes.intersects(Schemes::LEGACY | Schemes::V2) {
        return Err(InvalidSecret::NotBase64);
    }
    let encoded_bytes = key_bytes.filter(|_| schemes.contains(Schemes::STANDARD)).unwrap_or(MIN_KEY_BYTES);
    let is_short = secret.len().min(encoded_bytes) < MIN_KEY_BYTES;
    if is_short && !is_any_text { Err(InvalidSecret::TooShort) } else { Ok(()) }
}

fn check_stray(found: Option<StrayCharacter>) -> Result<(), InvalidSecret> {
    found.map_or(Ok(()), |stray| Err(InvalidSecret::StrayCharacter(stray)))
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

    const SECRET: &str = "whsec_c2VjcmV0LWZvci10ZXN0cy1vbmx5LTAxMjM0NTY3";

    #[test]
    fn only_a_base64_secret_has_a_standard_key() {
        for (secret, standard) in [
            (SECRET, true),
            (&SECRET[6..], true),
            ("whsec_c2l4dGVlbiBieXRlcyEhIQ", true),
            ("whsec_c2l4dGVlbiBieXRlcyEhIQ==", true),
            ("linq_signing_secret", false),
        ] {
            let made = keys(secret, Schemes::V3).unwrap();
            assert_eq!(made.standard().is_some(), standard, "{secret}");
            let standard_alone = keys(secret, Schemes::STANDARD).map(drop);
            let expected = if standard { Ok(()) } else { Err(InvalidSecret::NotBase64) };
            assert_eq!(standard_alone, expected, "{secret}");
        }
    }

    /// Secrets of V3 that no subscription has.
    fn broken() -> Vec<(String, InvalidSecret)> {
        use InvalidSecret::*;
        let mut broken: Vec<_> = [
            ("", Empty),
            ("whsec_", Empty),
            ("v1", Prefix),
            ("v1,whsec_c2VjcmV0LWZvci10ZXN0cy1vbmx5LTAxMjM0NTY3", Prefix),
            ("v1,c2VjcmV0LWZvci10ZXN0cy1vbmx5LTAxMjM0NTY3", Prefix),
            ("whsec_whsec_c2VjcmV0LWZvci10ZXN0cy1vbmx5LTAxMjM0NTY3", Prefix),
            ("LINQ_WEBHOOK_SECRET=whsec_c2VjcmV0LWZvci10ZXN0cy1vbmx5LTAxMjM0NTY3", Prefix),
            ("whsec_!!!", NotBase64),
            ("whsec_not-base64-but-long-enough", NotBase64),
            ("whsec_c2VjcmV0LWZvci10ZXN0cy1vbmx5LTAxMjM0N", NotBase64),
            ("whsec_...", NotBase64),
            ("whsec_AQ==", TooShort),
            ("whsec_c2VjcmV0", TooShort),
            ("whsec_ZmlmdGVlbiBieXRlcyEh", TooShort),
            ("password", TooShort),
            ("short_secret", TooShort),
        ]
        .map(|(secret, error)| (secret.to_owned(), error))
        .into();
        for (kind, characters) in [
            (linq_types::StrayCharacter::Whitespace, &[" ", "\n", "\r\n", "\t", "\u{a0}"][..]),
            (linq_types::StrayCharacter::Quote, &["\"", "'", "`", "“"]),
            (linq_types::StrayCharacter::Invisible, &["\u{feff}", "\u{200b}", "\u{2060}", "\0"]),
        ] {
            for stray in characters {
                let (start, end) = SECRET.split_at(20);
                for text in [
                    format!("{stray}{SECRET}"),
                    format!("{SECRET}{stray}"),
                    format!("{start}{stray}{end}"),
                    format!("{stray}{SECRET}{stray}"),
                    (*stray).to_owned(),
                ] {
                    broken.push((text, StrayCharacter(kind)));
                }
            }
        }
        broken
    }

    #[test]
    fn a_broken_secret_is_an_error_with_the_reason_and_the_remedy_for_every_set_of_schemes_of_v3() {
        for (secret, error) in broken() {
            for schemes in [Schemes::V3, Schemes::LEGACY, Schemes::STANDARD] {
                let found = keys(&secret, schemes).unwrap_err();
                // Without a key for a scheme, the length of the text is not looked at.
                let expected = if schemes == Schemes::STANDARD && secret == "short_secret" {
                    &InvalidSecret::NotBase64
                } else {
                    &error
                };
                assert_eq!(found, *expected, "{secret:?} {schemes:?}");
                let shown = found.to_string();
                assert!(shown.contains(';'), "no remedy: {shown}");
                assert!(secret.len() < 16 || !shown.contains(&secret[10..]), "{shown}");
            }
        }
    }

    #[test]
    fn the_length_of_a_secret_that_is_base64_counts_in_each_form_that_is_a_key() {
        let sixteen = "sixteencharacter"; // twelve bytes
        assert_eq!(keys(sixteen, Schemes::LEGACY).map(drop), Ok(()));
        for schemes in [Schemes::STANDARD, Schemes::V3] {
            assert_eq!(keys(sixteen, schemes).unwrap_err(), InvalidSecret::TooShort, "{schemes:?}");
        }
    }

    #[test]
    fn beside_v2_a_secret_with_the_prefix_is_checked_and_any_other_text_is_a_key() {
        for (secret, error) in broken() {
            let found = keys(&secret, Schemes::V3 | Schemes::V2).map(drop);
            if secret.contains("whsec_")
                && matches!(error, InvalidSecret::NotBase64 | InvalidSecret::TooShort | InvalidSecret::Prefix)
            {
                assert_eq!(found, Err(error), "{secret:?}");
            }
        }
        for text in ["my-v2-secret", "geheim ✓", "it's", "password"] {
            assert_eq!(keys(text, Schemes::V3 | Schemes::V2).map(drop), Ok(()), "{text}");
        }
    }

    #[test]
    fn the_v2_key_is_the_text_of_the_secret_whatever_it_is() {
        for secret in ["whsec_", "whsec_c2VjcmV0", "whsec_AQ==", "geheim ✓", "my-v2-secret", "v1,a", "it's"]
        {
            let key = keys(secret, Schemes::V2).unwrap().v2().unwrap().tag([b"{}"]);
            assert!(key == Key::new(secret.as_bytes()).tag([b"{}"]), "{secret}");
        }
        assert_eq!(keys("", Schemes::V2).unwrap_err(), InvalidSecret::Empty);
        for surrounded in [
            " geheim",
            "geheim\n",
            "\u{feff}geheim",
            "geheim\u{200b}",
            "\"geheim\"",
            "'geheim'",
            "\u{a0}geheim",
        ] {
            let error = keys(surrounded, Schemes::V2).unwrap_err();
            assert!(matches!(error, InvalidSecret::StrayCharacter(_)), "{surrounded:?}: {error}");
        }
    }

    #[test]
    fn debug_redacts_the_secret() {
        let secret = keys(SECRET, Schemes::V3).unwrap();
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
