use std::{error::Error as _, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue};
use linq_webhooks::{InvalidSecret, Scheme, Schemes, Signer, Verifier, VerifyError, events::EventData};

use super::delivery::{
    NOW, OTHER_SECRET, PLAIN_SECRET, RECEIVED, SECRET, TIMES, UNKNOWN, at, now, signed, verifier,
};

const STANDARD_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");
const LEGACY_SIGNATURE: HeaderName = HeaderName::from_static("x-webhook-signature");

/// The headers of a delivery with this change made to them.
fn with(change: impl FnOnce(&mut HeaderMap)) -> HeaderMap {
    let mut headers = signed(SECRET, RECEIVED);
    change(&mut headers);
    headers
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    headers.insert(name, value.parse().unwrap());
}

fn without_standard(headers: &mut HeaderMap) {
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        headers.remove(name);
    }
}

fn verdict(verifier: &Verifier, headers: &HeaderMap) -> Result<Scheme, VerifyError> {
    verifier.verify_at(headers, RECEIVED, now()).map(|verified| verified.scheme())
}

#[test]
fn a_delivery_with_both_header_sets_is_verified_with_the_standard_scheme() {
    let verified = verifier().verify_at(&signed(SECRET, RECEIVED), RECEIVED, now()).unwrap();
    assert_eq!((verified.scheme(), verified.id()), (Scheme::Standard, Some("e1")));
    assert_eq!(verified.parse().unwrap().event_id.unwrap(), "e1");
}

#[test]
fn a_delivery_without_standard_headers_is_verified_with_the_legacy_scheme() {
    let verified = verifier().verify_at(&with(without_standard), RECEIVED, now()).unwrap();
    assert_eq!((verified.scheme(), verified.id()), (Scheme::Legacy, None));
}

#[test]
fn a_wrong_standard_signature_is_an_error_beside_a_correct_legacy_signature() {
    let forged = with(|headers| {
        set(headers, "webhook-signature", "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    });
    assert_eq!(verdict(&verifier(), &forged), Err(VerifyError::SignatureMismatch));
    let empty = with(|headers| set(headers, "webhook-signature", ""));
    assert_eq!(verdict(&verifier(), &empty), Err(VerifyError::UnknownSignatureVersion));
    let only_the_id_changed = with(|headers| set(headers, "webhook-id", "e9"));
    assert_eq!(verdict(&verifier(), &only_the_id_changed), Err(VerifyError::SignatureMismatch));
}

#[test]
fn a_changed_body_is_an_error_in_both_schemes() {
    for headers in [signed(SECRET, RECEIVED), with(without_standard)] {
        let refused = verifier().verify_at(&headers, RECEIVED.replace("hi", "ho"), now());
        assert_eq!(refused.unwrap_err(), VerifyError::SignatureMismatch);
    }
}

#[test]
fn changing_any_byte_is_an_error() {
    let verifier = verifier();
    for headers in [signed(SECRET, RECEIVED), with(without_standard)] {
        let decisive = if headers.contains_key(STANDARD_SIGNATURE) { "webhook-" } else { "x-webhook-" };
        for (name, value) in headers.iter().filter(|(name, _)| name.as_str().starts_with(decisive)) {
            for at in 0..value.len() {
                let mut bytes = value.as_bytes().to_vec();
                bytes[at] ^= 1;
                let mut changed = headers.clone();
                changed.insert(name, HeaderValue::from_bytes(&bytes).unwrap());
                assert!(verdict(&verifier, &changed).is_err(), "{changed:?}");
            }
        }
        for at in 0..RECEIVED.len() {
            let mut body = RECEIVED.as_bytes().to_vec();
            body[at] ^= 1;
            let refused = verifier.verify_at(&headers, body, now()).unwrap_err();
            assert_eq!(refused, VerifyError::SignatureMismatch);
        }
    }
}

#[test]
fn a_secret_that_is_not_base64_ignores_the_standard_headers() {
    let verifier = Verifier::new(PLAIN_SECRET).unwrap();
    let mut headers = signed(PLAIN_SECRET, RECEIVED);
    assert_eq!(verdict(&verifier, &headers), Ok(Scheme::Legacy));
    for (name, value) in
        [("webhook-id", "e1"), ("webhook-timestamp", "1790000000"), ("webhook-signature", "v1,x")]
    {
        set(&mut headers, name, value);
    }
    assert_eq!(verdict(&verifier, &headers), Ok(Scheme::Legacy));
    headers.remove(LEGACY_SIGNATURE);
    assert_eq!(verdict(&verifier, &headers), Err(VerifyError::NoStandardKey));
}

#[test]
fn a_verifier_with_several_secrets_accepts_each_of_them() {
    let rotating = Verifier::new(SECRET)
        .and_then(|verifier| verifier.and_secret(OTHER_SECRET))
        .and_then(|verifier| verifier.and_secret(PLAIN_SECRET))
        .unwrap();
    for (secret, scheme) in
        [(SECRET, Scheme::Standard), (OTHER_SECRET, Scheme::Standard), (PLAIN_SECRET, Scheme::Legacy)]
    {
        assert_eq!(verdict(&rotating, &signed(secret, RECEIVED)), Ok(scheme));
    }
    let stranger = signed("whsec_dGhlIHNlY3JldCBvZiBhIHN0cmFuZ2Vy", RECEIVED);
    assert_eq!(verdict(&rotating, &stranger), Err(VerifyError::SignatureMismatch));
    assert_eq!(verifier().and_secret("").unwrap_err(), InvalidSecret::Empty);
}

#[test]
fn adding_a_secret_does_not_change_earlier_clones() {
    let before = verifier();
    let after = before.clone().and_secret(OTHER_SECRET).unwrap();
    let headers = signed(OTHER_SECRET, RECEIVED);
    assert_eq!(verdict(&after, &headers), Ok(Scheme::Standard));
    assert_eq!(verdict(&before, &headers), Err(VerifyError::SignatureMismatch));
}

#[test]
fn the_tolerance_applies_to_the_past_and_the_future() {
    let headers = signed(SECRET, RECEIVED);
    let verdict = |verifier: &Verifier, now: i64| {
        verifier.verify_at(&headers, RECEIVED, at(now)).map(|verified| verified.scheme())
    };
    let strict = verifier().tolerance(Duration::from_secs(10));
    let is_late =
        |verdict, by| matches!(verdict, Err(VerifyError::TooOld { age, .. }) if age.as_secs() == by);
    let is_early =
        |verdict, by| matches!(verdict, Err(VerifyError::TooNew { ahead, .. }) if ahead.as_secs() == by);
    assert_eq!(verdict(&verifier(), NOW + 300), Ok(Scheme::Standard));
    assert!(is_late(verdict(&verifier(), NOW + 301), 301));
    assert_eq!(verdict(&verifier(), NOW - 300), Ok(Scheme::Standard));
    assert!(is_early(verdict(&verifier(), NOW - 301), 301));
    assert!(is_late(verdict(&strict, NOW + 11), 11));
    assert!(is_early(verdict(&strict, *TIMES.start()), NOW.abs_diff(*TIMES.start())));
}

#[test]
fn each_kind_of_malformed_header_has_its_own_error() {
    let cases: [(&str, HeaderMap, VerifyError); 11] = [
        ("nothing", HeaderMap::new(), VerifyError::MissingHeaders),
        (
            "no signature",
            with(|headers| {
                headers.remove(STANDARD_SIGNATURE);
                headers.remove(LEGACY_SIGNATURE);
            }),
            VerifyError::MissingHeaders,
        ),
        (
            "id of other bytes",
            with(|headers| {
                headers.insert("webhook-id", HeaderValue::from_bytes(b"\xff").unwrap());
            }),
            VerifyError::MalformedId,
        ),
        (
            "fraction",
            with(|headers| set(headers, "webhook-timestamp", "1790000000.5")),
            VerifyError::MalformedTimestamp,
        ),
        (
            "sign",
            with(|headers| set(headers, "webhook-timestamp", "+1790000000")),
            VerifyError::MalformedTimestamp,
        ),
        (
            "too many digits",
            with(|headers| set(headers, "webhook-timestamp", "17900000000000000000000")),
            VerifyError::MalformedTimestamp,
        ),
        (
            "empty timestamp",
            with(|headers| set(headers, "webhook-timestamp", "")),
            VerifyError::MalformedTimestamp,
        ),
        (
            "signature that is not base64",
            with(|headers| set(headers, "webhook-signature", "v1,!")),
            VerifyError::MalformedSignature,
        ),
        (
            "signature too long",
            with(|headers| set(headers, "webhook-signature", &format!("v1,{}", "A".repeat(64)))),
            VerifyError::MalformedSignature,
        ),
        (
            "repeated standard signature",
            with(|headers| {
                let same = headers[STANDARD_SIGNATURE].clone();
                headers.append(STANDARD_SIGNATURE, same);
            }),
            VerifyError::RepeatedHeader(STANDARD_SIGNATURE),
        ),
        (
            "repeated timestamp",
            with(|headers| {
                headers.append("webhook-timestamp", HeaderValue::from_static("1"));
            }),
            VerifyError::RepeatedHeader(HeaderName::from_static("webhook-timestamp")),
        ),
    ];
    for (name, headers, reason) in cases {
        assert_eq!(verdict(&verifier(), &headers), Err(reason), "{name}");
    }
}

#[test]
fn a_legacy_signature_is_one_lower_case_hex_digest() {
    let good = signed(SECRET, RECEIVED)[LEGACY_SIGNATURE].to_str().unwrap().to_owned();
    for (value, reason) in [
        (format!("sha256={good}"), VerifyError::MalformedSignature),
        (good.to_uppercase(), VerifyError::MalformedSignature),
        (format!("{good},{good}"), VerifyError::RepeatedHeader(LEGACY_SIGNATURE)),
        ("0".repeat(64), VerifyError::SignatureMismatch),
    ] {
        let headers = with(|headers| {
            without_standard(headers);
            set(headers, "x-webhook-signature", &value);
        });
        assert_eq!(verdict(&verifier(), &headers), Err(reason), "{value}");
    }
    let repeated = with(|headers| {
        without_standard(headers);
        headers.append(LEGACY_SIGNATURE, good.parse().unwrap());
    });
    assert_eq!(verdict(&verifier(), &repeated), Err(VerifyError::RepeatedHeader(LEGACY_SIGNATURE)));
}

#[test]
fn one_of_several_signatures_must_match_and_unknown_versions_are_skipped() {
    let good = signed(SECRET, RECEIVED)[STANDARD_SIGNATURE].to_str().unwrap().to_owned();
    for signatures in [format!("v1a,zzz {good}"), format!("{good} v1,!"), format!("v1,!  {good} ")] {
        let headers = with(|headers| set(headers, "webhook-signature", &signatures));
        assert_eq!(verdict(&verifier(), &headers), Ok(Scheme::Standard), "{signatures}");
    }
}

#[test]
fn joined_signature_headers_are_an_error() {
    let good = signed(SECRET, RECEIVED)[STANDARD_SIGNATURE].to_str().unwrap().to_owned();
    for joined in [format!("{good},{good}"), format!("{good}, {good}"), format!("{good} v1,a=,v1,b=")] {
        let headers = with(|headers| set(headers, "webhook-signature", &joined));
        let reason = VerifyError::RepeatedHeader(STANDARD_SIGNATURE);
        assert_eq!(verdict(&verifier(), &headers), Err(reason), "{joined}");
    }
}

#[test]
fn an_unknown_event_type_is_not_an_error() {
    let verified = verifier().verify_at(&signed(SECRET, UNKNOWN), UNKNOWN, now()).unwrap();
    let event = verified.parse().unwrap();
    assert_eq!(event.event_type.as_str(), "comet.sighted");
    assert!(matches!(event.data, EventData::Unknown(_)));
    assert_eq!(event.raw(), UNKNOWN.as_bytes());
}

#[test]
fn verify_reads_the_clock() {
    assert!(matches!(
        verifier().verify(&with(|headers| set(headers, "webhook-timestamp", "1")), RECEIVED),
        Err(VerifyError::TooOld { .. })
    ));
}

#[test]
fn debug_shows_neither_secret_nor_body() {
    let verifier = verifier();
    let verified = verifier.verify_at(&signed(SECRET, RECEIVED), RECEIVED, now()).unwrap();
    insta::assert_debug_snapshot!(verified, @r#"
    Verified {
        id: Some(
            "e1",
        ),
        scheme: Standard,
        body_bytes: 234,
    }
    "#);
    insta::assert_snapshot!(format!("{verifier:?}"), @"Verifier { config: Config { first: SecretKeys(<redacted>, STANDARD | LEGACY), others: [], clock: Clock(system) }, tolerance: 300s }");
}

#[test]
fn no_debug_or_error_output_contains_a_secret_or_the_expected_signature() {
    let (secret, decoded) = ("whsec_c2VjcmV0LWJ5dGVzLW9mLXRoZS1rZXk=", "secret-bytes-of-the-key");
    let all = Schemes::V3 | Schemes::V2_CANONICAL;
    let verifier = Verifier::for_schemes(all, secret).unwrap().and_secret(PLAIN_SECRET).unwrap();
    let signer = Signer::new(secret).unwrap();
    let right = signer.headers("e1", now(), RECEIVED.as_bytes()).unwrap();
    let v2 = signer.v2_headers(RECEIVED.as_bytes());
    let mut printed = format!("{verifier:?} {signer:?}");
    for headers in [&right, &v2, &signed(OTHER_SECRET, RECEIVED), &HeaderMap::new()] {
        for body in [RECEIVED, UNKNOWN, "no JSON"] {
            match verifier.verify_at(headers, body, now()) {
                Ok(verified) => printed += &format!("{verified:?}"),
                Err(error) => printed += &format!("{error:?} {error} {:?}", error.source()),
            }
        }
    }
    for text in [secret, &secret[6..], decoded, PLAIN_SECRET] {
        assert!(!printed.contains(text), "{printed}");
        assert!(!printed.contains(&format!("{:?}", text.as_bytes())), "{printed}");
    }
    for (_, value) in right.iter().chain(&v2).filter(|(name, _)| name.as_str().ends_with("signature")) {
        let value = value.to_str().unwrap().trim_start_matches("v1,").trim_start_matches("sha256=");
        assert!(!printed.contains(value), "{printed}");
    }
}

#[test]
fn an_empty_webhook_id_is_absent() {
    let empty = with(|headers| set(headers, "webhook-id", ""));
    let verified = verifier().verify_at(&empty, RECEIVED, now()).unwrap();
    assert_eq!((verified.scheme(), verified.id()), (Scheme::Legacy, None));
    let alone = with(|headers| {
        set(headers, "webhook-id", "");
        headers.remove(LEGACY_SIGNATURE);
    });
    assert_eq!(verdict(&verifier(), &alone), Err(VerifyError::MissingHeaders));
}
