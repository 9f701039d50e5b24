use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderValue, header::InvalidHeaderValue};

use crate::{
    InvalidSecret, Schemes,
    header::{LEGACY_TIMESTAMP, STANDARD_ID, STANDARD_SIGNATURE, STANDARD_TIMESTAMP, V2_PREFIX, X_SIGNATURE},
    secret::Secret,
};

/// Signs webhooks as the service does: for tests of a receiver, for a fake of the service, for replaying a
/// stored body.
///
/// `Debug` does not show the secret.
///
/// ```
/// use linq_webhooks::Signer;
///
/// let signer = Signer::new("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")?;
/// let body = br#"{"event_id":"e1","event_type":"call.ringing","data":{}}"#;
/// let headers = signer.headers("e1", 1_790_000_000, body)?;
/// assert_eq!(headers["webhook-id"], "e1");
/// assert_eq!(headers["x-webhook-timestamp"], "1790000000");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Signer {
    secret: Secret,
}

impl Signer {
    /// Signs with the secret of a subscription: a `SigningSecret`'s `expose()`, or the text from your settings.
    /// For V2 it is the text that you gave when you subscribed.
    ///
    /// # Errors
    ///
    /// [`InvalidSecret`] when the text is empty or has white space around it.
    pub fn new(secret: impl AsRef<str>) -> Result<Self, InvalidSecret> {
        Ok(Self { secret: Secret::new(secret.as_ref(), Schemes::V3)? })
    }

    /// The headers that sign this body as V3 does: `webhook-id`, `webhook-timestamp` and `webhook-signature`, and with the
    /// same time `x-webhook-timestamp` and `x-webhook-signature`.
    ///
    /// The id is the event's id, the timestamp is in seconds since 1970. A secret that is not base64 gives the
    /// `x-` pair alone, for the Standard Webhooks scheme has no key then.
    ///
    /// # Errors
    ///
    /// [`InvalidHeaderValue`] when the id has characters that no header can have, such as a line end.
    pub fn headers(&self, id: &str, timestamp: i64, body: &[u8]) -> Result<HeaderMap, InvalidHeaderValue> {
        let time = timestamp.to_string();
        let mut headers = HeaderMap::with_capacity(5);
        if let Some(key) = &self.secret.decoded {
            let tag = key.tag([id.as_bytes(), time.as_bytes(), body]);
            let signature = format!("v1,{}", BASE64_STANDARD.encode(tag.as_bytes()));
            headers.insert(STANDARD_ID, HeaderValue::from_str(id)?);
            headers.insert(STANDARD_TIMESTAMP, timestamp.into());
            headers.insert(STANDARD_SIGNATURE, signature.try_into()?);
        }
        let tag = self.secret.text.tag([time.as_bytes(), body]);
        headers.insert(LEGACY_TIMESTAMP, timestamp.into());
        headers.insert(X_SIGNATURE, hex::encode(tag.as_bytes()).try_into()?);
        Ok(headers)
    }

    /// The header that signs this body as V2 does: `x-webhook-signature: sha256=<hex>`.
    #[must_use]
    pub fn v2_headers(&self, body: &[u8]) -> HeaderMap {
        let mut signature = V2_PREFIX.to_vec();
        signature.extend_from_slice(hex::encode(self.secret.text.tag([body]).as_bytes()).as_bytes());
        let signature = HeaderValue::try_from(signature).expect("hex can stand in a header");
        HeaderMap::from_iter([(X_SIGNATURE, signature)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0192a000-0000-7000-8000-000000000001";
    const BODY: &[u8] =
        br#"{"event_id":"0192a000-0000-7000-8000-000000000001","event_type":"message.received"}"#;

    #[test]
    fn both_header_sets_are_made_of_one_secret() {
        let signer = Signer::new("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap();
        let headers = signer.headers(ID, 1_790_000_000, BODY).unwrap();
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
    fn a_secret_that_is_not_base64_gives_the_legacy_pair_alone() {
        let headers = Signer::new("my-own_secret").unwrap().headers(ID, 1_790_000_000, BODY).unwrap();
        assert_eq!(headers.keys().collect::<Vec<_>>(), [LEGACY_TIMESTAMP, X_SIGNATURE]);
    }

    #[test]
    fn the_header_of_v2_is_made_of_the_text_of_the_secret() {
        let headers = Signer::new("my-v2-secret").unwrap().v2_headers(BODY);
        insta::assert_debug_snapshot!(headers, @r#"
        {
            "x-webhook-signature": "sha256=6d06c5877221f6d23f993d2d7dda932d16bc0dfdc8b8e8dc2b45cadc4b0bae8d",
        }
        "#);
    }

    #[test]
    fn an_id_that_no_header_can_have_is_refused() {
        let signer = Signer::new("whsec_c2VjcmV0").unwrap();
        assert!(signer.headers("a\nb", 0, BODY).is_err());
    }
}
