//! Properties of every delivery.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use linq_webhooks::{Scheme, Schemes, Signer, Timestamp, Verifier, VerifyError, events::Event};
use proptest::{collection::vec, prelude::*, sample::Index};

use super::delivery::{NOW, PLAIN_SECRET, TIMES, at, now};

fn base64_secrets() -> impl Strategy<Value = String> {
    "(whsec_)?([A-Za-z0-9+/]{4}){6,16}"
}

fn secrets() -> impl Strategy<Value = String> {
    let texts = "[!-~]{1,100}".prop_filter("a text in quotes is no secret", |text| Signer::new(text).is_ok());
    prop_oneof![base64_secrets(), texts]
}

/// A scheme, and a secret that has a key for it.
fn signing() -> impl Strategy<Value = (Scheme, String)> {
    prop_oneof![
        (Just(Scheme::Standard), base64_secrets()),
        (Just(Scheme::Legacy), secrets()),
        (Just(Scheme::V2), secrets()),
    ]
}

fn ids() -> impl Strategy<Value = String> {
    "[!-~]{1,40}"
}

/// Times in seconds since 1970, far enough from both ends of the range to add or subtract [`HALF_RANGE`].
fn times() -> impl Strategy<Value = i64> {
    0..=HALF_RANGE
}

const HALF_RANGE: i64 = 120_000_000_000;

/// Returns the headers that sign the body with only this scheme.
fn sign(scheme: Scheme, secret: &str, id: &str, time: Timestamp, body: &[u8]) -> HeaderMap {
    let signer = Signer::new(secret).unwrap();
    let mut headers = match scheme {
        Scheme::V2 => signer.v2_headers(body),
        _ => signer.headers(id, time, body).unwrap(),
    };
    let unwanted: &[&str] = match scheme {
        Scheme::Standard => &["x-webhook-timestamp", "x-webhook-signature"],
        _ => &["webhook-id", "webhook-timestamp", "webhook-signature"],
    };
    for name in unwanted {
        headers.remove(*name);
    }
    headers
}

fn verify(secret: &str, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<Scheme, VerifyError> {
    let verifier = Verifier::for_schemes(Schemes::V3 | Schemes::V2, secret).unwrap();
    let verified = verifier.verify_at(headers, body.to_vec(), now)?;
    assert_eq!(verified.body(), body);
    Ok(verified.scheme())
}

fn flip(bytes: &mut [u8], bit: Index) {
    let bit = bit.index(bytes.len() * 8);
    bytes[bit / 8] ^= 1 << (bit % 8);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_signed_delivery_verifies_within_the_tolerance(
        (scheme, secret) in signing(), id in ids(), time in times(),
        body in vec(any::<u8>(), 0..300), late in -300..=300_i64,
    ) {
        let headers = sign(scheme, &secret, &id, at(time), &body);
        prop_assert_eq!(verify(&secret, &headers, &body, at(time + late)), Ok(scheme));
    }

    #[test]
    fn changing_any_bit_of_the_body_is_an_error(
        (scheme, secret) in signing(), mut body in vec(any::<u8>(), 1..300), bit: Index,
    ) {
        let headers = sign(scheme, &secret, "e1", now(), &body);
        flip(&mut body, bit);
        prop_assert_eq!(verify(&secret, &headers, &body, now()), Err(VerifyError::SignatureMismatch));
    }

    #[test]
    fn changing_any_bit_of_a_header_is_an_error(
        (scheme, secret) in signing(), id in ids(), body in vec(any::<u8>(), 0..100),
        header: Index, bit: Index,
    ) {
        let mut headers = sign(scheme, &secret, &id, now(), &body);
        let name = headers.keys().nth(header.index(headers.len())).unwrap().clone();
        let mut value = headers[&name].as_bytes().to_vec();
        flip(&mut value, bit);
        if let Ok(value) = HeaderValue::from_bytes(&value) {
            headers.insert(name, value);
            prop_assert!(verify(&secret, &headers, &body, now()).is_err());
        }
    }

    #[test]
    fn changing_any_bit_of_the_secret_is_an_error(
        (scheme, secret) in signing(), body in vec(any::<u8>(), 0..100), bit: Index,
    ) {
        let headers = sign(scheme, &secret, "e1", now(), &body);
        let mut other = secret.clone().into_bytes();
        flip(&mut other, bit);
        if let Ok(other) = String::from_utf8(other)
            && let Ok(verifier) = Verifier::for_schemes(Schemes::V3 | Schemes::V2, other)
        {
            prop_assert!(verifier.verify_at(&headers, body, now()).is_err());
        }
    }

    #[test]
    fn a_delivery_outside_the_tolerance_is_an_error_that_tells_the_distance(
        secret in base64_secrets(), time in times(), distance in 301..=HALF_RANGE, ahead: bool,
    ) {
        let now = at(if ahead { time - distance } else { time + distance });
        for scheme in [Scheme::Standard, Scheme::Legacy] {
            let refused = verify(&secret, &sign(scheme, &secret, "e1", at(time), b"{}"), b"{}", now);
            let distance = Duration::from_secs(distance.unsigned_abs());
            let said = match refused {
                Err(VerifyError::TooNew { ahead, .. }) => Some((true, ahead)),
                Err(VerifyError::TooOld { age, .. }) => Some((false, age)),
                _ => None,
            };
            prop_assert_eq!(said, Some((ahead, distance)));
        }
    }

    #[test]
    fn an_invalid_standard_signature_is_an_error_beside_any_other_valid_one(
        secret in base64_secrets(), body in vec(any::<u8>(), 0..100), id in "[ -~]{1,40}",
        time in prop_oneof!["[ -~]{0,20}", Just(NOW.to_string())],
        signature in prop_oneof!["[ -~]{0,60}", "v1,[A-Za-z0-9+/]{43}=( v1,[A-Za-z0-9+/]{43}=)?"],
        v2: bool,
    ) {
        let scheme = if v2 { Scheme::V2 } else { Scheme::Legacy };
        let mut headers = sign(scheme, &secret, "e1", now(), &body);
        prop_assert_eq!(verify(&secret, &headers, &body, now()), Ok(scheme));
        let standard = [("webhook-id", id), ("webhook-timestamp", time), ("webhook-signature", signature)];
        for (name, value) in standard {
            headers.insert(name, value.parse().unwrap());
        }
        prop_assert!(verify(&secret, &headers, &body, now()).is_err());
    }

    #[test]
    fn a_v2_signature_beside_a_timestamp_is_an_error(
        secret in secrets(), body in vec(any::<u8>(), 0..100), time in "[ -~]{0,20}",
    ) {
        let mut headers = sign(Scheme::V2, &secret, "e1", now(), &body);
        headers.insert("x-webhook-timestamp", time.parse().unwrap());
        prop_assert!(verify(&secret, &headers, &body, now()).is_err());
        let v2 = Verifier::for_schemes(Schemes::V2_CANONICAL, &secret).unwrap();
        let refused = v2.verify_at(&headers, body, now()).unwrap_err();
        prop_assert_eq!(refused, VerifyError::UnacceptedScheme(Scheme::Legacy));
    }

    #[test]
    fn verifying_arbitrary_deliveries_never_panics(
        values in vec((0..6_usize, vec(any::<u8>(), 0..100)), 0..8),
        body in vec(any::<u8>(), 0..300), now in TIMES, tolerance: u64,
    ) {
        let names = ["webhook-id", "webhook-timestamp", "webhook-signature", "x-webhook-timestamp",
            "x-webhook-signature", "content-type"];
        let mut headers = HeaderMap::new();
        for (name, value) in values {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                headers.append(HeaderName::from_static(names[name]), value);
            }
        }
        let tolerance = Duration::from_secs(tolerance);
        for schemes in [Schemes::V3, Schemes::V3 | Schemes::V2_CANONICAL] {
            for secret in ["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", PLAIN_SECRET] {
                let verifier = Verifier::for_schemes(schemes, secret).unwrap().tolerance(tolerance);
                prop_assert!(verifier.verify_at(&headers, body.clone(), at(now)).is_err());
            }
        }
    }

    #[test]
    fn parsing_arbitrary_bodies_never_panics(body in vec(any::<u8>(), 0..300), json in "[\\[\\]{}\",:0-9a-z\\\\ ]{0,200}") {
        drop(Event::parse_unverified(body));
        drop(Event::parse_unverified(json));
    }

    #[test]
    fn a_rewritten_v2_body_is_verified_in_its_canonical_form(event in json(4), pretty: bool) {
        let canonical = serde_json::to_string(&event).unwrap();
        let written_anew = if pretty { serde_json::to_string_pretty(&event) } else { Ok(canonical.clone()) };
        let headers = sign(Scheme::V2, "my-v2-secret", "", now(), canonical.as_bytes());
        let verifier = Verifier::for_schemes(Schemes::V2_CANONICAL, "my-v2-secret").unwrap();
        let verified = verifier.verify_at(&headers, written_anew.unwrap(), now()).unwrap();
        prop_assert_eq!(verified.body(), &canonical);
    }
}

fn json(depth: u32) -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(depth, 30, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}
