use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use linq_types::{Secret, Timestamp};

use super::{
    canonical::canonical_form,
    keys::{Key, SecretKeys},
    signature::{LegacySignature, StandardSignature, V2Signature, claimed_scheme},
};
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
use crate::server::Clock;
use crate::{InvalidSecret, Scheme, Schemes, Verified, VerifyError};

const DEFAULT_TOLERANCE: Duration = Duration::from_secs(300);

/// A verifier of webhook signatures. Create one at startup; clones share the keys.
///
/// By default, it accepts both schemes that sign V3 webhooks. V2 must be requested with [`Schemes::V2`]. If the three
/// `webhook-*` headers are present and the secret is base64, as every `whsec_` secret is, only they are checked: a
/// wrong signature there is an error even if the older `x-webhook-*` signature is correct. Otherwise the older pair
/// is checked. See [`Schemes`] for the rules.
///
/// ```
/// # mod linq { pub(crate) use linq_webhooks as webhooks; }
/// use linq::webhooks::{Signer, Timestamp, Verifier, VerifyError};
///
/// let secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// let verifier = Verifier::new(secret)?;
///
/// let now: Timestamp = "2026-09-21T14:13:20Z".parse()?;
/// let body = br#"{"event_id":"e1","event_type":"call.ringing","data":{}}"#;
/// let headers = Signer::new(secret)?.headers("e1", now, body)?;
///
/// let verified = verifier.verify_at(&headers, &body[..], now)?;
/// assert_eq!(verified.id(), Some("e1"));
/// let error = verifier.verify_at(&headers, &b"{}"[..], now).unwrap_err();
/// assert_eq!(error, VerifyError::SignatureMismatch);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Verifier {
    config: Arc<Config>,
    tolerance: Duration,
}

/// What clones share.
#[derive(Debug, Clone)]
struct Config {
    first: SecretKeys,
    others: Vec<SecretKeys>,
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    clock: Clock,
}

impl Config {
    fn secrets(&self) -> impl Iterator<Item = &SecretKeys> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

/// The proof that a delivery is authentic.
struct Proof<'h> {
    scheme: Scheme,
    id: Option<&'h HeaderValue>,
    /// The signed body, if it differs from the received one.
    canonical: Option<Bytes>,
}

impl Verifier {
    /// Creates a verifier with the signing secret of a V3 subscription.
    ///
    /// The secret is the `signing_secret` returned when the subscription was created, or its text:
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_types as types; pub(crate) use linq_webhooks as webhooks; }
    /// use linq::{
    ///     types::webhook_subscriptions::WebhookSubscriptionCreateResponse,
    ///     webhooks::{InvalidSecret, Verifier},
    /// };
    ///
    /// fn verifier(created: &WebhookSubscriptionCreateResponse) -> Result<Verifier, InvalidSecret> {
    ///     Verifier::new(&created.signing_secret)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the secret is [empty](InvalidSecret::Empty), has a
    /// [stray character](InvalidSecret::StrayCharacter) in or around it, a [wrong prefix](InvalidSecret::Prefix), or a key of
    /// [less than 16 bytes](InvalidSecret::TooShort), or if a `whsec_` secret is [not base64](InvalidSecret::NotBase64).
    pub fn new(secret: impl Into<Secret>) -> Result<Self, InvalidSecret> {
        Self::for_schemes(Schemes::V3, secret)
    }

    /// Creates a verifier with a secret that is accepted only for these schemes.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_webhooks as webhooks; }
    /// use linq::webhooks::{Scheme, Schemes, Signer, Timestamp, Verifier};
    ///
    /// let verifier = Verifier::for_schemes(Schemes::V2, "my-v2-secret")?;
    /// let headers = Signer::new("my-v2-secret")?.v2_headers(b"{}");
    ///
    /// let now: Timestamp = "2026-09-21T14:13:20Z".parse()?;
    /// assert_eq!(verifier.verify_at(&headers, "{}", now)?.scheme(), Scheme::V2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error under the conditions of [`new`](Self::new), or if the secret is
    /// [not base64](InvalidSecret::NotBase64) although all of the schemes require it. A secret that is accepted for
    /// [`Schemes::V2`] alone may be any text without stray characters around it, and one for other schemes too any such text
    /// without `whsec_`.
    pub fn for_schemes(schemes: Schemes, secret: impl Into<Secret>) -> Result<Self, InvalidSecret> {
        let config = Config {
            first: SecretKeys::new(&secret.into(), schemes)?,
            others: Vec::new(),
            #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
            clock: Clock::default(),
        };
        Ok(Self { config: Arc::new(config), tolerance: DEFAULT_TOLERANCE })
    }

    /// Adds a secret, accepted for the same schemes as the first one.
    ///
    /// Several secrets are needed during rotation, or if several subscriptions share one URL.
    ///
    /// # Errors
    ///
    /// Returns an error if the secret is invalid, as [`for_schemes`](Self::for_schemes) does.
    pub fn and_secret(self, secret: impl Into<Secret>) -> Result<Self, InvalidSecret> {
        let schemes = self.config.first.schemes;
        self.and_secret_for(schemes, secret)
    }

    /// Adds a secret that is accepted only for these schemes.
    ///
    /// # Errors
    ///
    /// Returns an error if the secret is invalid, as [`for_schemes`](Self::for_schemes) does.
    pub fn and_secret_for(
        mut self,
        schemes: Schemes,
        secret: impl Into<Secret>,
    ) -> Result<Self, InvalidSecret> {
        Arc::make_mut(&mut self.config).others.push(SecretKeys::new(&secret.into(), schemes)?);
        Ok(self)
    }

    /// Sets how far the signed timestamp may be in the past or in the future. The default is 5 minutes.
    ///
    /// Both times are compared in whole seconds.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    pub(crate) fn set_clock(&mut self, clock: Clock) {
        Arc::make_mut(&mut self.config).clock = clock;
    }

    /// Returns the current time of its clock.
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    pub(crate) fn now(&self) -> Timestamp {
        self.config.clock.now()
    }

    /// Verifies a delivery as of the given time.
    ///
    /// The result depends only on the arguments. `body` must be the bytes as received, before JSON parsing.
    ///
    /// # Errors
    ///
    /// Returns an error if the signature is missing, malformed, wrong or outside the tolerance; see [`VerifyError`].
    /// Respond with 401 and do not use the body. With several secrets, the error is that of the first one accepted
    /// for the scheme of the delivery.
    pub fn verify_at(
        &self,
        headers: &HeaderMap,
        body: impl Into<Bytes>,
        now: Timestamp,
    ) -> Result<Verified, VerifyError> {
        let body = body.into();
        let proof = self.prove(headers, &body, now.unix_seconds())?;
        Ok(Verified { body: proof.canonical.unwrap_or(body), id: proof.id.cloned(), scheme: proof.scheme })
    }

    /// Checks the signature headers of a delivery whose body has not been read yet, as of the given time: that those of an
    /// accepted scheme are there, well-formed and within the tolerance.
    ///
    /// A server that calls it first does not read the bodies of requests that cannot be authentic. It is no proof: verify the
    /// body, too.
    ///
    /// # Errors
    ///
    /// Returns the error that [`verify_at`](Self::verify_at) returns for these headers with any body.
    pub fn check_headers_at(&self, headers: &HeaderMap, now: Timestamp) -> Result<(), VerifyError> {
        let now = now.unix_seconds();
        self.first_valid(headers, |keys| {
            self.select(keys, headers, now)?.map(|signed| signed.check_form()).transpose()
        })
    }

    fn prove<'v>(&'v self, headers: &'v HeaderMap, body: &[u8], now: i64) -> Result<Proof<'v>, VerifyError> {
        self.first_valid(headers, |keys| {
            self.select(keys, headers, now)?.map(|signed| signed.prove(body)).transpose()
        })
    }

    /// Returns the first success of a check with one of the secrets, or the first error. `None` means that no scheme applies
    /// that the secret is accepted for.
    fn first_valid<'v, T>(
        &'v self,
        headers: &HeaderMap,
        check: impl Fn(&'v SecretKeys) -> Result<Option<T>, VerifyError>,
    ) -> Result<T, VerifyError> {
        let mut first_error = None;
        for keys in self.config.secrets() {
            match check(keys) {
                Ok(Some(success)) => return Ok(success),
                Ok(None) => {}
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        Err(first_error.unwrap_or_else(|| self.rejection_reason(headers)))
    }

    /// Selects the scheme for this secret, and checks everything but the signature itself. Returns `None` if no accepted
    /// scheme applies.
    fn select<'v>(
        &self,
        keys: &'v SecretKeys,
        headers: &'v HeaderMap,
        now: i64,
    ) -> Result<Option<Signed<'v>>, VerifyError> {
        if let Some(key) = keys.standard()
            && let Some(signature) = StandardSignature::read(headers)?
        {
            self.check_timestamp(signature.timestamp, now)?;
            return Ok(Some(Signed::Standard(key, signature)));
        }
        if let Some(key) = keys.legacy()
            && let Some(signature) = LegacySignature::read(headers)?
        {
            self.check_timestamp(signature.timestamp, now)?;
            return Ok(Some(Signed::Legacy(key, signature)));
        }
        if let Some(key) = keys.v2()
            && let Some(signature) = V2Signature::read(headers)?
        {
            let accepts_canonical = keys.schemes.contains(Schemes::V2_CANONICAL);
            return Ok(Some(Signed::V2 { key, signature, accepts_canonical }));
        }
        Ok(None)
    }

    fn rejection_reason(&self, headers: &HeaderMap) -> VerifyError {
        let accepts_standard =
            || self.config.secrets().any(|secret| secret.schemes.contains(Schemes::STANDARD));
        match claimed_scheme(headers) {
            None => VerifyError::MissingHeaders,
            Some(Scheme::Standard) if accepts_standard() => VerifyError::NoStandardKey,
            Some(scheme) => VerifyError::UnacceptedScheme(scheme),
        }
    }

    fn check_timestamp(&self, timestamp: &[u8], now: i64) -> Result<(), VerifyError> {
        let signed_at = unix_seconds(timestamp).ok_or(VerifyError::MalformedTimestamp)?;
        let tolerance = self.tolerance;
        let distance = Duration::from_secs(now.abs_diff(signed_at));
        match distance <= tolerance {
            true => Ok(()),
            false if signed_at < now => Err(VerifyError::TooOld { age: distance, tolerance }),
            false => Err(VerifyError::TooNew { ahead: distance, tolerance }),
        }
    }
}

/// The selected signature of a delivery, with the key to check it with.
enum Signed<'v> {
    Standard(&'v Key, StandardSignature<'v>),
    Legacy(&'v Key, LegacySignature<'v>),
    V2 { key: &'v Key, signature: V2Signature, accepts_canonical: bool },
}

impl<'v> Signed<'v> {
    /// Checks that the signature is well-formed. Reading the others has done that.
    fn check_form(&self) -> Result<(), VerifyError> {
        match self {
            Self::Standard(_, signature) => signature.check(|_| true),
            Self::Legacy(..) | Self::V2 { .. } => Ok(()),
        }
    }

    fn prove(self, body: &[u8]) -> Result<Proof<'v>, VerifyError> {
        match self {
            Self::Standard(key, signature) => {
                let expected = key.tag([signature.id.as_bytes(), signature.timestamp, body]);
                signature.check(|tag| *tag == expected)?;
                Ok(Proof { scheme: Scheme::Standard, id: Some(signature.id), canonical: None })
            }
            Self::Legacy(key, signature) => match key.tag([signature.timestamp, body]) == signature.tag {
                true => Ok(Proof { scheme: Scheme::Legacy, id: None, canonical: None }),
                false => Err(VerifyError::SignatureMismatch),
            },
            Self::V2 { key, signature, accepts_canonical } => {
                let canonical = check_v2(key, &signature, body, accepts_canonical)?;
                Ok(Proof { scheme: Scheme::V2, id: None, canonical })
            }
        }
    }
}

/// Returns the canonical form if the signature matches it instead of the body as received.
fn check_v2(
    key: &Key,
    signed: &V2Signature,
    body: &[u8],
    accepts_canonical: bool,
) -> Result<Option<Bytes>, VerifyError> {
    if key.tag([body]) == signed.tag {
        return Ok(None);
    }
    if !accepts_canonical {
        return Err(VerifyError::SignatureMismatch);
    }
    let canonical = canonical_form(body).map_err(VerifyError::NoCanonicalForm)?;
    match key.tag([&canonical]) == signed.tag {
        true => Ok(Some(canonical.into())),
        false => Err(VerifyError::SignatureMismatch),
    }
}

/// Parses ASCII digits, without a sign.
fn unix_seconds(text: &[u8]) -> Option<i64> {
    let seconds = text.iter().try_fold(0_i64, |seconds, byte| {
        let digit = byte.is_ascii_digit().then(|| byte - b'0')?;
        seconds.checked_mul(10)?.checked_add(digit.into())
    });
    seconds.filter(|_| !text.is_empty())
}
