use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::{
    VerifyError,
    header::{LEGACY_SIGNATURE, LEGACY_TIMESTAMP, STANDARD_ID, STANDARD_SIGNATURE, STANDARD_TIMESTAMP},
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
        let mut error = VerifyError::UnknownSignatureVersion;
        for signature in self.signatures.split(|byte| *byte == b' ') {
            let Some(encoded) = signature.strip_prefix(b"v1,") else { continue };
            error = match tag_from_base64(encoded) {
                Some(tag) if tag == *expected => return Ok(()),
                Some(_) => VerifyError::SignatureMismatch,
                None => VerifyError::MalformedSignature,
            };
        }
        Err(error)
    }
}

/// The headers of a delivery signed the older way.
pub(crate) struct LegacySignature<'h> {
    pub(crate) timestamp: &'h [u8],
    signature: &'h [u8],
}

impl<'h> LegacySignature<'h> {
    /// `None` unless both headers are there.
    pub(crate) fn read(headers: &'h HeaderMap) -> Result<Option<Self>, VerifyError> {
        let timestamp = single(headers, LEGACY_TIMESTAMP)?;
        let signature = single(headers, LEGACY_SIGNATURE)?;
        let (Some(timestamp), Some(signature)) = (timestamp, signature) else { return Ok(None) };
        if signature.as_bytes().contains(&b',') {
            return Err(VerifyError::RepeatedHeader(LEGACY_SIGNATURE));
        }
        Ok(Some(Self { timestamp: timestamp.as_bytes(), signature: signature.as_bytes() }))
    }

    pub(crate) fn check(&self, expected: &Tag) -> Result<(), VerifyError> {
        match tag_from_hex(self.signature) {
            Some(tag) if tag == *expected => Ok(()),
            Some(_) => Err(VerifyError::SignatureMismatch),
            None => Err(VerifyError::MalformedSignature),
        }
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

/// Lower case only.
fn tag_from_hex(encoded: &[u8]) -> Option<Tag> {
    let mut bytes = [0; TAG_LENGTH];
    hex::decode_to_slice(encoded, &mut bytes).ok()?;
    (!encoded.iter().any(u8::is_ascii_uppercase)).then(|| Tag::new(bytes.into()))
}
