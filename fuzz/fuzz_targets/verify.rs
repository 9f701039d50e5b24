//! Verifies any headers and body: rejected without a panic, because they are not signed. Signed ones verify, and no longer
//! do if the input changes a header.
//!
//! The input is lines, then the body: options, the time, and `name: value` for each header.

#![no_main]

use std::sync::LazyLock;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;
use linq_webhooks::{Schemes, Signer, Timestamp, Verifier};

// No seed is signed with these secrets.
const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const PLAIN_SECRET: &str = "not_the_secret_of_a_seed";

static SIGNERS: LazyLock<[Signer; 2]> =
    LazyLock::new(|| [SECRET, PLAIN_SECRET].map(|secret| Signer::new(secret).expect("a secret")));

static VERIFIERS: LazyLock<Vec<Verifier>> = LazyLock::new(|| {
    let schemes = [Schemes::V3, Schemes::V2, Schemes::V3 | Schemes::V2_CANONICAL];
    let verifiers = schemes.iter().flat_map(|schemes| {
        [SECRET, PLAIN_SECRET].map(|secret| Verifier::for_schemes(*schemes, secret).expect("a secret"))
    });
    verifiers.collect()
});

fuzz_target!(|input: &[u8]| {
    let mut lines = input.splitn(8, |byte| *byte == b'\n');
    let mut next = || lines.next().unwrap_or_default();
    let choice = next().first().copied().unwrap_or_default();
    let seconds = str::from_utf8(next()).ok().and_then(|now| now.parse().ok()).unwrap_or_default();
    let now = Timestamp::from_unix(seconds, 0).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut headers = HeaderMap::new();
    for _ in 0..5 {
        let line = next();
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let name = HeaderName::from_bytes(&line[..colon]);
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(line[colon + 1..].trim_ascii())) {
            headers.append(name, value);
        }
    }
    let body = Bytes::copy_from_slice(next());

    for verifier in &*VERIFIERS {
        assert!(verifier.verify_at(&headers, body.clone(), now).is_err());
    }
    signed_verifies_and_changed_does_not(choice, now, &headers, body);
});

/// The bits of `choice` select the secret and the scheme.
fn signed_verifies_and_changed_does_not(choice: u8, now: Timestamp, others: &HeaderMap, body: Bytes) {
    let secret = usize::from(choice & 1);
    let now = now.max(Timestamp::UNIX_EPOCH);
    let is_v2 = choice & 2 != 0;
    let (mut headers, verifier) = if is_v2 {
        (SIGNERS[secret].v2_headers(&body), &VERIFIERS[2 + secret])
    } else {
        let headers = SIGNERS[secret].headers("e1", now, &body).expect("a plain id");
        (headers, &VERIFIERS[secret])
    };
    let verified = verifier.verify_at(&headers, body.clone(), now).expect("it is signed");
    assert_eq!(verified.body(), &body);
    let _ = verified.parse();

    // Headers of the input that replace the signed ones are rejected, unless they are equal.
    let decisive: &[&str] = match (is_v2, secret) {
        (true, _) => {
            &["x-webhook-signature", "x-webhook-timestamp", "webhook-timestamp", "webhook-signature"]
        }
        (false, 0) => &["webhook-id", "webhook-timestamp", "webhook-signature"],
        (false, _) => &["x-webhook-timestamp", "x-webhook-signature"],
    };
    let mut is_changed = false;
    for name in decisive {
        if let Some(value) = others.get(*name) {
            is_changed |= headers.get(*name) != Some(value);
            headers.insert(*name, value.clone());
        }
    }
    let has_more_signatures =
        headers.get("webhook-signature").is_some_and(|value| value.as_bytes().contains(&b' '));
    if is_changed && !has_more_signatures {
        assert!(verifier.verify_at(&headers, body, now).is_err());
    }
}
