use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderValue, header::InvalidHeaderValue};
use linq_types::{Secret, Timestamp};

use super::{
    header::{LEGACY_TIMESTAMP, STANDARD_ID, STANDARD_SIGNATURE, STANDARD_TIMESTAMP, V2_PREFIX, X_SIGNATURE},
    keys::SecretKeys,
};
use crate::{InvalidSecret, Schemes};

/// A signer that signs webhooks as the API does, for tests, fakes and replaying stored bodies.
///
/// `Debug` redacts the secret.
///
/// ```
/// # mod linq { pub(crate) use linq_webhooks as webhooks; }
/// use linq::webhooks::{Signer, Timestamp};
///
/// let signer = Signer::new("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")?;
/// let body = br#"{"event_id":"e1","event_type":"call.ringing","data":{}}"#;
/// let headers = signer.headers("e1", Timestamp::from_unix(1_790_000_000, 0)?, body)?;
/// assert_eq!(headers["webhook-id"], "e1");
/// assert_eq!(headers["x-webhook-timestamp"], "1790000000");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Signer {
    keys: SecretKeys,
}

impl Signer {
    /// Creates a signer with the signing secret of a subscription. For V2, it is the text chosen when subscribing.
    ///
    /// # Errors
    ///
    /// Returns an error if the secret is [empty](InvalidSecret::Empty) or has a
    /// [stray character](InvalidSecret::StrayCharacter) around it, or if a `whsec_` secret is invalid as for
    /// [`Verifier::new`](crate::Verifier::new).
    pub fn new(secret: impl Into<Secret>) -> Result<Self, InvalidSecret> {
        Ok(Self { keys: SecretKeys::new(&secret.into(), Schemes::V3 | Schemes::V2)? })
    }

    /// Returns the headers that sign this body for V3: `webhook-id`, `webhook-timestamp`, `webhook-signature`,
    /// `x-webhook-timestamp` and `x-webhook-signature`.
    ///
    /// `id` is the event ID. The timestamp headers contain `timestamp` in whole seconds since 1970. If the secret is
    /// not base64, only the `x-webhook-*` headers are returned, because the Standard Webhooks scheme has no key then.
    ///
    /// # Errors
    ///
    /// Returns an error if `id` contains characters that are invalid in a header, such as a newline.
    pub fn headers(
        &self,
        id: &str,
        timestamp: Timestamp,
        body: &[u8],
    ) -> Result<HeaderMap, InvalidHeaderValue> {
        let seconds = timestamp.unix_seconds();
        let time = seconds.to_string();
        let mut headers = HeaderMap::with_capacity(5);
        if let Some(key) = &self.keys.decoded {
            let tag = key.tag([id.as_bytes(), time.as_bytes(), body]);
            let signature = format!("v1,{}", BASE64_STANDARD.encode(tag.as_bytes()));
            headers.insert(STANDARD_ID, HeaderValue::from_str(id)?);
            headers.insert(STANDARD_TIMESTAMP, seconds.into());
            headers.insert(STANDARD_SIGNATURE, signature.try_into()?);
        }
        let tag = self.keys.text.tag([time.as_bytes(), body]);
        headers.insert(LEGACY_TIMESTAMP, seconds.into());
        headers.insert(X_SIGNATURE, hex::encode(tag.as_bytes()).try_into()?);
        Ok(headers)
    }

    /// Returns the header that signs this body for V2: `x-webhook-signature: sha256=<hex>`.
    #[must_use]
    pub fn v2_headers(&self, body: &[u8]) -> HeaderMap {
        let mut signature = V2_PREFIX.to_vec();
        signature.extend_from_slice(hex::encode(self.keys.text.tag([body]).as_bytes()).as_bytes());
        let signature = HeaderValue::try_from(signature).expect("hex is valid in a header");
        HeaderMap::from_iter([(X_SIGNATURE, signature)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0192a000-0000-7000-8000-000000000001";
    const BODY: &[u8] =
        br#"{"event_id":"0192a000-0000-7000-8000-000000000001","event_type":"message.received"}"#;

    fn now() -> Timestamp {
        Timestamp::from_unix(1_790_000_000, 0).unwrap()
    }

    #[test]
    fn one_secret_makes_both_sets_of_v3_headers() {
        let signer = Signer::new("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap();
        let headers = signer.headers(ID, now(), BODY).unwrap();
        insta::assert_debug_snapshot!(headers, @r#"
        {
            "webhook-id": "0192a000-0000-7000-8000-000000000001",
            "webhook-timestamp": "1790000000",
            "webhook-signature": "v1,BxjO+uH7yua459+gEw7nNr+RuYZzUllxRjUsyBnp+Sg=",
            "x-webhook-timestamp": "1790000000",
            "x-webhook-signature": "05c1160d02d7155749d7a21ef4f35f48d8943072f8a6c562c4551e9b7595f3d2",
        }
        "#);
    }

    #[test]
    fn a_secret_that_is_not_base64_makes_only_the_legacy_pair() {
        let headers = Signer::new("my-own_secret").unwrap().headers(ID, now(), BODY).unwrap();
        assert_eq!(headers.keys().collect::<Vec<_>>(), [LEGACY_TIMESTAMP, X_SIGNATURE]);
    }

    #[test]
    fn the_v2_header_is_keyed_with_the_text_of_the_secret() {
        let headers = Signer::new("my-v2-secret").unwrap().v2_headers(BODY);
        insta::assert_debug_snapshot!(headers, @r#"
        {
            "x-webhook-signature": "sha256=6d06c5877221f6d23f993d2d7dda932d16bc0dfdc8b8e8dc2b45cadc4b0bae8d",
        }
        "#);
    }

    #[test]
    fn an_id_that_is_invalid_in_a_header_is_an_error() {
        let signer = Signer::new("whsec_c2VjcmV0LWZvci10ZXN0cy1vbmx5LTAxMjM0NTY3").unwrap();
        assert!(signer.headers("a\nb", now(), BODY).is_err());
    }
}
