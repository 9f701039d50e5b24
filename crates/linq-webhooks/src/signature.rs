use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::{
    Scheme, VerifyError,
    header::{LEGACY_TIMESTAMP, STANDARD_ID, STANDARD_SIGNATURE, STANDARD_TIMESTAMP, V2_PREFIX, X_SIGNATURE},
    secret::Tag,
};

const TAG_LENGTH: usize = 32;

/// The headers of a delivery signed by the Standard Webhooks scheme.
pub(crate) struct StandardSignature<'h> {
    pub(crate) id: &'h HeaderValue,
    pub(crate) timestamp: &'h [u8],
    signatures: &'h [u8],
}

impl<'h> StandardSignature<'h> {
    /// `None` unless all three headers are there.
    pub(crate) fn read(headers: &'h HeaderMap) -> Result<Option<Self>, VerifyError> {
        let id = single(headers, STANDARD_ID)?;
        let timestamp = single(headers, STANDARD_TIMESTAMP)?;
        let signatures = single(headers, STANDARD_SIGNATURE)?;
        let (Some(id), Some(timestamp), Some(signatures)) = (id, timestamp, signatures) else {
            return Ok(None);
        };
        if id.is_empty() || id.to_str().is_err() {
            return Err(VerifyError::MalformedId);
        }
        Ok(Some(Self { id, timestamp: timestamp.as_bytes(), signatures: signatures.as_bytes() }))
    }

    /// Whether one of the signatures is this one. Versions that are not known are passed over.
    pub(crate) fn check(&self, expected: &Tag) -> Result<(), VerifyError> {
        let mut verdict = Err(VerifyError::UnknownSignatureVersion);
        // Mostly there is one, and that is seen faster than each of its bytes is looked at.
        let several = self.signatures.contains(&b' ');
        for signature in self.signatures.split(|byte| several && *byte == b' ') {
            if is_joined(signature) {
                return Err(VerifyError::RepeatedHeader(STANDARD_SIGNATURE));
            }
            let Some(encoded) = signature.strip_prefix(b"v1,") else { continue };
            verdict = match (tag_from_base64(encoded), verdict) {
                (_, Ok(())) => Ok(()),
                (Some(tag), _) if tag == *expected => Ok(()),
                (Some(_), _) | (None, Err(VerifyError::SignatureMismatch)) => {
                    Err(VerifyError::SignatureMismatch)
                }
                (None, _) => Err(VerifyError::MalformedSignature),
            };
        }
        verdict
    }
}

/// One comma stands between version and signature; another comes from joining several headers into one.
fn is_joined(signature: &[u8]) -> bool {
    let mut parts = signature.splitn(2, |byte| *byte == b',');
    parts.nth(1).is_some_and(|rest| rest.contains(&b','))
}

/// The headers of a delivery signed the older way.
pub(crate) struct LegacySignature<'h> {
    pub(crate) timestamp: &'h [u8],
    pub(crate) tag: Tag,
}

impl<'h> LegacySignature<'h> {
    /// `None` unless both headers are there.
    pub(crate) fn read(headers: &'h HeaderMap) -> Result<Option<Self>, VerifyError> {
        let timestamp = single(headers, LEGACY_TIMESTAMP)?;
        let signature = single(headers, X_SIGNATURE)?;
        let (Some(timestamp), Some(signature)) = (timestamp, signature) else { return Ok(None) };
        Ok(Some(Self { timestamp: timestamp.as_bytes(), tag: tag_of_header(signature, b"")? }))
    }
}

/// The header of a delivery of V2.
pub(crate) struct V2Signature {
    pub(crate) tag: Tag,
}

impl V2Signature {
    /// `None` where the header is missing, or where another one says that this is no delivery of V2.
    pub(crate) fn read(headers: &HeaderMap) -> Result<Option<Self>, VerifyError> {
        if is_of_v3(headers) {
            return Ok(None);
        }
        let Some(signature) = single(headers, X_SIGNATURE)? else { return Ok(None) };
        Ok(Some(Self { tag: tag_of_header(signature, V2_PREFIX)? }))
    }
}

fn is_of_v3(headers: &HeaderMap) -> bool {
    [LEGACY_TIMESTAMP, STANDARD_TIMESTAMP, STANDARD_SIGNATURE].iter().any(|name| headers.contains_key(name))
}

/// The scheme that the headers speak of, whether it is accepted or not.
pub(crate) fn claimed_scheme(headers: &HeaderMap) -> Option<Scheme> {
    let has = |name: HeaderName| headers.contains_key(name);
    let signature = headers.get(X_SIGNATURE);
    if has(STANDARD_ID) && has(STANDARD_TIMESTAMP) && has(STANDARD_SIGNATURE) {
        Some(Scheme::Standard)
    } else if has(LEGACY_TIMESTAMP) && signature.is_some() {
        Some(Scheme::Legacy)
    } else if !is_of_v3(headers) && signature.is_some_and(|value| value.as_bytes().starts_with(V2_PREFIX)) {
        Some(Scheme::V2)
    } else {
        None
    }
}

fn single(headers: &HeaderMap, name: HeaderName) -> Result<Option<&HeaderValue>, VerifyError> {
    let mut values = headers.get_all(&name).iter();
    let value = values.next();
    if values.next().is_some() { Err(VerifyError::RepeatedHeader(name)) } else { Ok(value) }
}

fn tag_from_base64(encoded: &[u8]) -> Option<Tag> {
    let mut bytes = [0; TAG_LENGTH];
    let length = BASE64_STANDARD.decode_slice(encoded, &mut bytes).ok()?;
    (length == TAG_LENGTH).then(|| Tag::new(bytes.into()))
}

/// Exactly this prefix, then hex in lower case.
fn tag_of_header(signature: &HeaderValue, prefix: &[u8]) -> Result<Tag, VerifyError> {
    let signature = signature.as_bytes();
    if signature.contains(&b',') {
        return Err(VerifyError::RepeatedHeader(X_SIGNATURE));
    }
    signature.strip_prefix(prefix).and_then(tag_from_hex).ok_or(VerifyError::MalformedSignature)
}

/// Lower case only.
fn tag_from_hex(encoded: &[u8]) -> Option<Tag> {
    let mut bytes = [0; TAG_LENGTH];
    hex::decode_to_slice(encoded, &mut bytes).ok()?;
    (!encoded.iter().any(u8::is_ascii_uppercase)).then(|| Tag::new(bytes.into()))
}
