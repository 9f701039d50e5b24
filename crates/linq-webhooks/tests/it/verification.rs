use std::{error::Error as _, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue};
use linq_webhooks::{InvalidSecret, Scheme, Schemes, Signer, Verifier, VerifyError, events::EventData};

use super::delivery::{NOW, OTHER_SECRET, PLAIN_SECRET, RECEIVED, SECRET, UNKNOWN, signed, verifier};

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
    verifier.verify_at(headers, RECEIVED, NOW).map(|verified| verified.scheme())
}

#[test]
fn a_delivery_with_both_header_sets_is_verified_by_the_standard_one() {
    let verified = verifier().verify_at(&signed(SECRET, RECEIVED), RECEIVED, NOW).unwrap();
    assert_eq!((verified.scheme(), verified.id()), (Scheme::Standard, Some("e1")));
    assert_eq!(verified.parse().unwrap().event_id, "e1");
}

#[test]
fn where_a_proxy_strips_the_standard_headers_the_legacy_pair_decides() {
    let verified = verifier().verify_at(&with(without_standard), RECEIVED, NOW).unwrap();
    assert_eq!((verified.scheme(), verified.id()), (Scheme::Legacy, None));
}

#[test]
fn a_wrong_standard_signature_is_refused_beside_a_right_legacy_one() {
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
fn a_changed_body_is_refused_by_either_scheme() {
    for headers in [signed(SECRET, RECEIVED), with(without_standard)] {
        let refused = verifier().verify_at(&headers, RECEIVED.replace("hi", "ho"), NOW);
        assert_eq!(refused.unwrap_err(), VerifyError::SignatureMismatch);
    }
}

#[test]
fn a_change_of_any_byte_is_refused() {
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
            let refused = verifier.verify_at(&headers, body, NOW).unwrap_err();
            assert_eq!(refused, VerifyError::SignatureMismatch);
        }
    }
}

#[test]
fn a_secret_that_is_not_base64_verifies_by_the_legacy_pair_whatever_the_standard_headers_say() {
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
fn while_secrets_change_both_the_old_and_the_new_one_are_taken() {
    let rotating = Verifier::new(SECRET)
        .and_then(|verifier| verifier.and_secret(OTHER_SECRET))
        .and_then(|verifier| verifier.and_secret(PLAIN_SECRET))
        .unwrap();
    for (secret, scheme) in
        [(SECRET, Scheme::Standard), (OTHER_SECRET, Scheme::Standard), (PLAIN_SECRET, Scheme::Legacy)]
    {
        assert_eq!(verdict(&rotating, &signed(secret, RECEIVED)), Ok(scheme));
    }
    let stranger = signed("whsec_c3RyYW5nZXI=", RECEIVED);
    assert_eq!(verdict(&rotating, &stranger), Err(VerifyError::SignatureMismatch));
    assert_eq!(verifier().and_secret("").unwrap_err(), InvalidSecret::Empty);
}

#[test]
fn adding_a_secret_leaves_earlier_clones_alone() {
    let before = verifier();
    let after = before.clone().and_secret(OTHER_SECRET).unwrap();
    let headers = signed(OTHER_SECRET, RECEIVED);
    assert_eq!(verdict(&after, &headers), Ok(Scheme::Standard));
    assert_eq!(verdict(&before, &headers), Err(VerifyError::SignatureMismatch));
}

#[test]
fn the_tolerance_counts_in_both_directions() {
    let headers = signed(SECRET, RECEIVED);
    let verdict = |verifier: &Verifier, now| {
        verifier.verify_at(&headers, RECEIVED, now).map(|verified| verified.scheme())
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
    assert!(is_early(verdict(&strict, i64::MIN), NOW.abs_diff(i64::MIN)));
}

#[test]
fn malformed_headers_are_told_apart() {
    let cases: [(&str, HeaderMap, VerifyError); 12] = [
        ("nothing", HeaderMap::new(), VerifyError::MissingHeaders),
        (
            "no signature",
            with(|headers| {
                headers.remove(STANDARD_SIGNATURE);
                headers.remove(LEGACY_SIGNATURE);
            }),
            VerifyError::MissingHeaders,
        ),
        ("empty id", with(|headers| set(headers, "webhook-id", "")), VerifyError::MalformedId),
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
fn any_of_several_signatures_may_match_and_unknown_versions_are_passed_over() {
    let good = signed(SECRET, RECEIVED)[STANDARD_SIGNATURE].to_str().unwrap().to_owned();
    for signatures in [format!("v1a,zzz {good}"), format!("{good} v1,!"), format!("v1,!  {good} ")] {
        let headers = with(|headers| set(headers, "webhook-signature", &signatures));
        assert_eq!(verdict(&verifier(), &headers), Ok(Scheme::Standard), "{signatures}");
    }
}

#[test]
fn signature_headers_that_were_joined_into_one_are_refused() {
    let good = signed(SECRET, RECEIVED)[STANDARD_SIGNATURE].to_str().unwrap().to_owned();
    for joined in [format!("{good},{good}"), format!("{good}, {good}"), format!("{good} v1,a=,v1,b=")] {
        let headers = with(|headers| set(headers, "webhook-signature", &joined));
        let reason = VerifyError::RepeatedHeader(STANDARD_SIGNATURE);
        assert_eq!(verdict(&verifier(), &headers), Err(reason), "{joined}");
    }
}

#[test]
fn an_event_type_that_nobody_knows_yet_is_a_value() {
    let verified = verifier().verify_at(&signed(SECRET, UNKNOWN), UNKNOWN, NOW).unwrap();
    let event = verified.parse().unwrap();
    assert_eq!(event.event_type.as_str(), "comet.sighted");
    assert!(matches!(event.data, EventData::Unknown(_)));
    assert_eq!(event.raw(), UNKNOWN.as_bytes());
}

#[test]
fn the_present_time_is_read_from_the_clock() {
    assert!(matches!(
        verifier().verify(&with(|headers| set(headers, "webhook-timestamp", "1")), RECEIVED),
        Err(VerifyError::TooOld { .. })
    ));
}

#[test]
fn what_was_verified_prints_neither_secret_nor_body() {
    let verifier = verifier();
    let verified = verifier.verify_at(&signed(SECRET, RECEIVED), RECEIVED, NOW).unwrap();
    insta::assert_debug_snapshot!(verified, @r#"
    Verified {
        id: Some(
            "e1",
        ),
        scheme: Standard,
        body_bytes: 234,
    }
    "#);
    insta::assert_snapshot!(format!("{verifier:?}"), @"Verifier { secrets: Secrets { first: Secret(<redacted>, STANDARD | LEGACY), others: [] }, tolerance: 300s }");
}

#[test]
fn nothing_prints_a_secret_or_the_signature_that_would_have_matched() {
    let (secret, decoded) = ("whsec_c2VjcmV0LWJ5dGVzLW9mLXRoZS1rZXk=", "secret-bytes-of-the-key");
    let all = Schemes::V3 | Schemes::LEGACY_DECODED_KEY | Schemes::V2_CANONICAL;
    let verifier = Verifier::for_schemes(all, secret).unwrap().and_secret(PLAIN_SECRET).unwrap();
    let signer = Signer::new(secret).unwrap();
    let right = signer.headers("e1", NOW, RECEIVED.as_bytes()).unwrap();
    let v2 = signer.v2_headers(RECEIVED.as_bytes());
    let mut printed = format!("{verifier:?} {signer:?}");
    for headers in [&right, &v2, &signed(OTHER_SECRET, RECEIVED), &HeaderMap::new()] {
        for body in [RECEIVED, UNKNOWN, "no JSON"] {
            match verifier.verify_at(headers, body, NOW) {
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
