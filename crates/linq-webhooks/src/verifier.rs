use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};

use crate::{
    InvalidSecret, Scheme, Verified, VerifyError,
    secret::Secret,
    signature::{LegacySignature, StandardSignature},
};

const DEFAULT_TOLERANCE: Duration = Duration::from_secs(300);

/// Checks the signatures of deliveries. Make one at start; clones share the keys.
///
/// Both ways the service signs are known. Where the three `webhook-*` headers are there and the secret is
/// base64, as every `whsec_` secret is, they alone decide: a delivery with a wrong signature there is refused
/// even if the older `x-webhook-*` signature is right. Otherwise the older pair decides.
///
/// ```
/// use linq_webhooks::{Signer, Verifier, VerifyError};
///
/// let secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// let verifier = Verifier::new(secret)?;
///
/// let body = br#"{"event_id":"e1","event_type":"call.ringing","data":{}}"#;
/// let headers = Signer::new(secret)?.headers("e1", 1_790_000_000, body)?;
///
/// let verified = verifier.verify_at(&headers, &body[..], 1_790_000_030)?;
/// assert_eq!(verified.id(), Some("e1"));
/// let refused = verifier.verify_at(&headers, &b"{}"[..], 1_790_000_030);
/// assert_eq!(refused.unwrap_err(), VerifyError::SignatureMismatch);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Verifier {
    secrets: Arc<Secrets>,
    tolerance: Duration,
}

#[derive(Debug, Clone)]
struct Secrets {
    first: Secret,
    others: Vec<Secret>,
}

impl Verifier {
    /// Checks against the secret of a subscription: a `SigningSecret`'s `expose()`, or the text from your
    /// settings.
    ///
    /// # Errors
    ///
    /// [`InvalidSecret`] when the text is empty or has white space around it.
    pub fn new(secret: impl AsRef<str>) -> Result<Self, InvalidSecret> {
        let secrets = Secrets { first: Secret::new(secret.as_ref())?, others: Vec::new() };
        Ok(Self { secrets: Arc::new(secrets), tolerance: DEFAULT_TOLERANCE })
    }

    /// Takes deliveries signed with this secret too: while secrets change, or for several subscriptions that
    /// post to one address.
    ///
    /// # Errors
    ///
    /// [`InvalidSecret`] when the text is empty or has white space around it.
    pub fn and_secret(mut self, secret: impl AsRef<str>) -> Result<Self, InvalidSecret> {
        Arc::make_mut(&mut self.secrets).others.push(Secret::new(secret.as_ref())?);
        Ok(self)
    }

    /// How far the time of a signature may lie in the past or in the future: 5 minutes unless set.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Checks a delivery: its headers and the body as it came, before anything reads it as JSON.
    ///
    /// Targets without a clock (`wasm32-unknown-unknown`) have [`verify_at`](Self::verify_at) alone.
    ///
    /// # Errors
    ///
    /// [`VerifyError`] with the reason: answer 401, and do not look at the body.
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    pub fn verify(&self, headers: &HeaderMap, body: impl Into<Bytes>) -> Result<Verified, VerifyError> {
        self.verify_at(headers, body, crate::clock::unix_now())
    }

    /// Checks a delivery as of a given time, in seconds since 1970. It is a pure function of its arguments.
    ///
    /// # Errors
    ///
    /// [`VerifyError`] with the reason.
    pub fn verify_at(
        &self,
        headers: &HeaderMap,
        body: impl Into<Bytes>,
        now: i64,
    ) -> Result<Verified, VerifyError> {
        let body = body.into();
        let check = |secret| self.check(secret, headers, &body, now);
        let first = check(&self.secrets.first);
        let (scheme, id) = self
            .secrets
            .others
            .iter()
            .fold(first, |verdict, other| verdict.or_else(|error| check(other).map_err(|_| error)))?;
        Ok(Verified { body, id, scheme })
    }

    /// Finds the scheme that decides for this secret, and checks by it.
    fn check(
        &self,
        secret: &Secret,
        headers: &HeaderMap,
        body: &[u8],
        now: i64,
    ) -> Result<(Scheme, Option<HeaderValue>), VerifyError> {
        if let Some(key) = &secret.standard
            && let Some(signed) = StandardSignature::read(headers)?
        {
            self.check_timestamp(signed.timestamp, now)?;
            signed.check(&key.tag([signed.id.as_bytes(), signed.timestamp, body]))?;
            return Ok((Scheme::Standard, Some(signed.id.clone())));
        }
        let Some(signed) = LegacySignature::read(headers)? else {
            return Err(match StandardSignature::read(headers) {
                Ok(None) => VerifyError::MissingHeaders,
                _ => VerifyError::NoStandardKey,
            });
        };
        self.check_timestamp(signed.timestamp, now)?;
        signed.check(&secret.legacy.tag([signed.timestamp, body]))?;
        Ok((Scheme::Legacy, None))
    }

    fn check_timestamp(&self, timestamp: &[u8], now: i64) -> Result<(), VerifyError> {
        let signed_at = unix_seconds(timestamp).ok_or(VerifyError::MalformedTimestamp)?;
        let distance = Duration::from_secs(now.abs_diff(signed_at));
        match distance <= self.tolerance {
            true => Ok(()),
            false if signed_at < now => Err(VerifyError::TooOld { age: distance }),
            false => Err(VerifyError::TooNew { ahead: distance }),
        }
    }
}

/// Digits only.
fn unix_seconds(text: &[u8]) -> Option<i64> {
    let digits = str::from_utf8(text).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    digits.parse().ok()
}
