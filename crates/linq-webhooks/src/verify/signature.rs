use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{
    header::{LEGACY_TIMESTAMP, STANDARD_ID, STANDARD_SIGNATURE, STANDARD_TIMESTAMP, V2_PREFIX, X_SIGNATURE},
    keys::Tag,
};
use crate::{Scheme, VerifyError};

const TAG_LENGTH: usize = 32;

/// The headers of the Standard Webhooks scheme.
pub(super) struct StandardSignature<'h> {
    pub(super) id: &'h HeaderValue,
    pub(super) timestamp: &'h [u8],
    signatures: &'h [u8],
}

impl<'h> StandardSignature<'h> {
    /// Returns `None` unless all three headers are present. An empty id is absent.
    pub(super) fn read(headers: &'h HeaderMap) -> Result<Option<Self>, VerifyError> {
        let id = single(headers, STANDARD_ID)?.filter(|id| !id.is_empty());
        let timestamp = single(headers, STANDARD_TIMESTAMP)?;
        let signatures = single(headers, STANDARD_SIGNATURE)?;
        let (Some(id), Some(timestamp), Some(signatures)) = (id, timestamp, signatures) else {
            return Ok(None);
        };
        if id.to_str().is_err() {
            return Err(VerifyError::MalformedId);
        }
        Ok(Some(Self { id, timestamp: timestamp.as_bytes(), signatures: signatures.as_bytes() }))
    }

    /// Checks that one of the signatures is the expected one. Unknown versions are skipped.
    pub(super) fn check(&self, is_expected: impl Fn(&Tag) -> bool) -> Result<(), VerifyError> {
        let mut result = Err(VerifyError::UnknownSignatureVersion);
        // Usually there is one signature, and `contains` is faster than splitting at every byte.
        let several = self.signatures.contains(&b' ');
        for signature in self.signatures.split(|byte| several && *byte == b' ') {
            if is_joined(signature) {
                return Err(VerifyError::RepeatedHeader(STANDARD_SIGNATURE));
            }
            let Some(encoded) = signature.strip_prefix(b"v1,") else { continue };
            result = match (tag_from_base64(encoded), result) {
                (_, Ok(())) => Ok(()),
                (Some(tag), _) if is_expected(&tag) => Ok(()),
                (Some(_), _) | (None, Err(VerifyError::SignatureMismatch)) => {
                    Err(VerifyError::SignatureMismatch)
                }
                (None, _) => Err(VerifyError::MalformedSignature),
            };
        }
        result
    }
}

/// One comma separates version and signature; another one is from joining several headers.
fn is_joined(signature: &[u8]) -> bool {
    let mut parts = signature.splitn(2, |byte| *byte == b',');
    parts.nth(1).is_some_and(|rest| rest.contains(&b','))
}

/// The headers of the legacy scheme.
pub(super) struct LegacySignature<'h> {
    pub(super) timestamp: &'h [u8],
    pub(super) tag: Tag,
}

impl<'h> LegacySignature<'h> {
    /// Returns `None` unless both headers are present.
    pub(super) fn read(headers: &'h HeaderMap) -> Result<Option<Self>, VerifyError> {
        let timestamp = single(headers, LEGACY_TIMESTAMP)?;
        let signature = single(headers, X_SIGNATURE)?;
        let (Some(timestamp), Some(signature)) = (timestamp, signature) else { return Ok(None) };
        Ok(Some(Self { timestamp: timestamp.as_bytes(), tag: tag_of_header(signature, b"")? }))
    }
}

/// The header of the V2 scheme.
pub(super) struct V2Signature {
    pub(super) tag: Tag,
}

impl V2Signature {
    /// Returns `None` if the header is missing, or if another header shows that the delivery is of V3.
    pub(super) fn read(headers: &HeaderMap) -> Result<Option<Self>, VerifyError> {
        if is_v3(headers) {
            return Ok(None);
        }
        let Some(signature) = single(headers, X_SIGNATURE)? else { return Ok(None) };
        Ok(Some(Self { tag: tag_of_header(signature, V2_PREFIX)? }))
    }
}

fn is_v3(headers: &HeaderMap) -> bool {
    [LEGACY_TIMESTAMP, STANDARD_TIMESTAMP, STANDARD_SIGNATURE].iter().any(|name| headers.contains_key(name))
}

/// Returns the scheme that the headers belong to, accepted or not.
pub(super) fn claimed_scheme(headers: &HeaderMap) -> Option<Scheme> {
    let has = |name: HeaderName| headers.contains_key(name);
    let signature = headers.get(X_SIGNATURE);
    let has_id = headers.get(STANDARD_ID).is_some_and(|id| !id.is_empty());
    if has_id && has(STANDARD_TIMESTAMP) && has(STANDARD_SIGNATURE) {
        Some(Scheme::Standard)
    } else if has(LEGACY_TIMESTAMP) && signature.is_some() {
        Some(Scheme::Legacy)
    } else if !is_v3(headers) && signature.is_some_and(|value| value.as_bytes().starts_with(V2_PREFIX)) {
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

/// Decodes exactly this prefix followed by lower-case hex.
fn tag_of_header(signature: &HeaderValue, prefix: &[u8]) -> Result<Tag, VerifyError> {
    let signature = signature.as_bytes();
    if signature.contains(&b',') {
        return Err(VerifyError::RepeatedHeader(X_SIGNATURE));
    }
    signature.strip_prefix(prefix).and_then(tag_from_hex).ok_or(VerifyError::MalformedSignature)
}

fn tag_from_hex(encoded: &[u8]) -> Option<Tag> {
    let mut bytes = [0; TAG_LENGTH];
    hex::decode_to_slice(encoded, &mut bytes).ok()?;
    (!encoded.iter().any(u8::is_ascii_uppercase)).then(|| Tag::new(bytes.into()))
}
