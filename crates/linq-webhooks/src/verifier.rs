use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};

use crate::{
    InvalidSecret, Scheme, Schemes, Verified, VerifyError,
    canonical::canonical_form,
    secret::{Key, Secret},
    signature::{LegacySignature, StandardSignature, V2Signature, claimed_scheme},
};

const DEFAULT_TOLERANCE: Duration = Duration::from_secs(300);

/// Checks the signatures of deliveries. Make one at start; clones share the keys.
///
/// Both ways the service signs webhooks of V3 are accepted, that of V2 only where [`Schemes`] asks for it. Where
/// the three `webhook-*` headers are there and the secret is base64, as every `whsec_` secret is, they alone
/// decide: a delivery with a wrong signature there is refused even if the older `x-webhook-*` signature is right.
/// Otherwise the older pair decides.
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

impl Secrets {
    fn iter(&self) -> impl Iterator<Item = &Secret> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

/// What shows that a delivery is genuine.
struct Proof<'h> {
    scheme: Scheme,
    id: Option<&'h HeaderValue>,
    /// The signed body, where it is not the one that came.
    canonical: Option<Bytes>,
}

impl Verifier {
    /// Checks against the secret of a subscription of V3: a `SigningSecret`'s `expose()`, or the text from your
    /// settings.
    ///
    /// # Errors
    ///
    /// [`InvalidSecret`] when the text is empty or has white space around it.
    pub fn new(secret: impl AsRef<str>) -> Result<Self, InvalidSecret> {
        Self::for_schemes(Schemes::V3, secret)
    }

    /// Checks against this secret, and accepts these schemes alone.
    ///
    /// ```
    /// use linq_webhooks::{Scheme, Schemes, Signer, Verifier};
    ///
    /// let verifier = Verifier::for_schemes(Schemes::V2, "my-v2-secret")?;
    /// let headers = Signer::new("my-v2-secret")?.v2_headers(b"{}");
    /// assert_eq!(verifier.verify_at(&headers, "{}", 1_790_000_000)?.scheme(), Scheme::V2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidSecret`] when the text is empty, has white space around it, or is not base64 while all of the
    /// schemes need that.
    pub fn for_schemes(schemes: Schemes, secret: impl AsRef<str>) -> Result<Self, InvalidSecret> {
        let secrets = Secrets { first: Secret::new(secret.as_ref(), schemes)?, others: Vec::new() };
        Ok(Self { secrets: Arc::new(secrets), tolerance: DEFAULT_TOLERANCE })
    }

    /// Takes deliveries signed with this secret too, by the schemes of the first one: while secrets change, or
    /// for several subscriptions that post to one address.
    ///
    /// # Errors
    ///
    /// [`InvalidSecret`], as from [`for_schemes`](Self::for_schemes).
    pub fn and_secret(self, secret: impl AsRef<str>) -> Result<Self, InvalidSecret> {
        let schemes = self.secrets.first.schemes;
        self.and_secret_for(schemes, secret)
    }

    /// Takes deliveries signed with this secret too, by these schemes.
    ///
    /// # Errors
    ///
    /// [`InvalidSecret`], as from [`for_schemes`](Self::for_schemes).
    pub fn and_secret_for(
        mut self,
        schemes: Schemes,
        secret: impl AsRef<str>,
    ) -> Result<Self, InvalidSecret> {
        Arc::make_mut(&mut self.secrets).others.push(Secret::new(secret.as_ref(), schemes)?);
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
    /// [`VerifyError`] with the reason. With several secrets it is that of the first one whose schemes the
    /// delivery is signed by.
    pub fn verify_at(
        &self,
        headers: &HeaderMap,
        body: impl Into<Bytes>,
        now: i64,
    ) -> Result<Verified, VerifyError> {
        let body = body.into();
        let proof = self.prove(headers, &body, now)?;
        Ok(Verified { body: proof.canonical.unwrap_or(body), id: proof.id.cloned(), scheme: proof.scheme })
    }

    fn prove<'h>(&self, headers: &'h HeaderMap, body: &[u8], now: i64) -> Result<Proof<'h>, VerifyError> {
        let mut refusal = None;
        for secret in self.secrets.iter() {
            match self.check(secret, headers, body, now) {
                Ok(Some(proof)) => return Ok(proof),
                Ok(None) => {}
                Err(error) => refusal = refusal.or(Some(error)),
            }
        }
        Err(refusal.unwrap_or_else(|| self.why_unaccepted(headers)))
    }

    /// Finds the scheme that decides for this secret, and checks by it. `None` where no scheme does.
    fn check<'h>(
        &self,
        secret: &Secret,
        headers: &'h HeaderMap,
        body: &[u8],
        now: i64,
    ) -> Result<Option<Proof<'h>>, VerifyError> {
        if let Some(key) = secret.standard_key()
            && let Some(signed) = StandardSignature::read(headers)?
        {
            self.check_timestamp(signed.timestamp, now)?;
            signed.check(&key.tag([signed.id.as_bytes(), signed.timestamp, body]))?;
            return Ok(Some(Proof { scheme: Scheme::Standard, id: Some(signed.id), canonical: None }));
        }
        let mut legacy_keys = secret.legacy_keys().peekable();
        if legacy_keys.peek().is_some()
            && let Some(signed) = LegacySignature::read(headers)?
        {
            self.check_timestamp(signed.timestamp, now)?;
            return match legacy_keys.any(|key| key.tag([signed.timestamp, body]) == signed.tag) {
                true => Ok(Some(Proof { scheme: Scheme::Legacy, id: None, canonical: None })),
                false => Err(VerifyError::SignatureMismatch),
            };
        }
        if let Some(key) = secret.v2_key()
            && let Some(signed) = V2Signature::read(headers)?
        {
            let reformats = secret.schemes.contains(Schemes::V2_CANONICAL);
            let canonical = check_v2(key, &signed, body, reformats)?;
            return Ok(Some(Proof { scheme: Scheme::V2, id: None, canonical }));
        }
        Ok(None)
    }

    fn why_unaccepted(&self, headers: &HeaderMap) -> VerifyError {
        let is_accepted = || self.secrets.iter().any(|secret| secret.schemes.contains(Schemes::STANDARD));
        match claimed_scheme(headers) {
            None => VerifyError::MissingHeaders,
            Some(Scheme::Standard) if is_accepted() => VerifyError::NoStandardKey,
            Some(scheme) => VerifyError::UnacceptedScheme(scheme),
        }
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

/// The canonical form, if the signature is that of it and not of the body as it came.
fn check_v2(
    key: &Key,
    signed: &V2Signature,
    body: &[u8],
    reformats: bool,
) -> Result<Option<Bytes>, VerifyError> {
    if key.tag([body]) == signed.tag {
        return Ok(None);
    }
    if !reformats {
        return Err(VerifyError::SignatureMismatch);
    }
    let canonical = canonical_form(body).map_err(VerifyError::NoCanonicalForm)?;
    match key.tag([&canonical]) == signed.tag {
        true => Ok(Some(canonical.into())),
        false => Err(VerifyError::SignatureMismatch),
    }
}

/// Digits only.
fn unix_seconds(text: &[u8]) -> Option<i64> {
    let seconds = text.iter().try_fold(0_i64, |seconds, byte| {
        let digit = byte.is_ascii_digit().then(|| byte - b'0')?;
        seconds.checked_mul(10)?.checked_add(digit.into())
    });
    seconds.filter(|_| !text.is_empty())
}
