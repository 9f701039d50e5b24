use std::{collections::BTreeSet, fmt::Write as _};

use http::HeaderMap;
use linq_webhooks::{InvalidSecret, NoCanonicalForm, Scheme, Schemes, Signer, Verifier, VerifyError};

use super::delivery::{NOW, OTHER_SECRET, PLAIN_SECRET, RECEIVED, SECRET, at, headers, now, signed};

const MISMATCH: VerifyError = VerifyError::SignatureMismatch;
const WRONG_HEX: &str = "0000000000000000000000000000000000000000000000000000000000000000";

fn v2(secret: &str, body: &str) -> HeaderMap {
    Signer::new(secret).unwrap().v2_headers(body.as_bytes())
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers[name].to_str().unwrap()
}

fn accept(
    schemes: Schemes,
    secret: &str,
    headers: &HeaderMap,
    body: &'static str,
) -> Result<Scheme, VerifyError> {
    let verifier = Verifier::for_schemes(schemes, secret).unwrap();
    verifier.verify_at(headers, body, now()).map(|verified| verified.scheme())
}

struct Delivery {
    standard: &'static str,
    timestamp: &'static str,
    signature: &'static str,
    headers: HeaderMap,
}

/// One body with one secret, with each combination of what can stand in the headers.
fn deliveries(secret: &str) -> Vec<Delivery> {
    let v3 = signed(secret, RECEIVED);
    let hex = text(&v3, "x-webhook-signature");
    let v2 = v2(secret, RECEIVED);
    let v2 = text(&v2, "x-webhook-signature");
    let (wrong_v2, prefixed) = (format!("sha256={WRONG_HEX}"), format!("sha256={hex}"));
    let right = v3.get("webhook-signature").map_or("v1,", |value| value.to_str().unwrap());

    let standards = [
        ("-", &[][..]),
        ("right", &["webhook-id", "webhook-timestamp", "webhook-signature"]),
        ("wrong", &["webhook-id", "webhook-timestamp", "webhook-signature"]),
        ("no signature", &["webhook-id", "webhook-timestamp"]),
        ("id alone", &["webhook-id"]),
    ];
    let timestamps = [("-", None), ("right", Some("1790000000")), ("empty", Some(""))];
    let signatures = [
        ("-", None),
        ("legacy", Some(hex)),
        ("wrong legacy", Some(WRONG_HEX)),
        ("sha256= + legacy", Some(&*prefixed)),
        ("v2", Some(v2)),
        ("v2 - sha256=", v2.strip_prefix("sha256=")),
        ("wrong v2", Some(&*wrong_v2)),
    ];
    let mut deliveries = Vec::new();
    for (standard, names) in standards {
        for (timestamp, x_timestamp) in timestamps {
            for (signature, x_signature) in signatures {
                let mut headers = HeaderMap::new();
                for name in names {
                    let value = match *name {
                        "webhook-id" => "e1",
                        "webhook-timestamp" => "1790000000",
                        _ if standard == "right" => right,
                        _ => "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                    };
                    headers.insert(*name, value.parse().unwrap());
                }
                let pair = [("x-webhook-timestamp", x_timestamp), ("x-webhook-signature", x_signature)];
                for (name, value) in pair {
                    if let Some(value) = value {
                        headers.insert(name, value.parse().unwrap());
                    }
                }
                deliveries.push(Delivery { standard, timestamp, signature, headers });
            }
        }
    }
    deliveries
}

fn policies() -> [(&'static str, Schemes); 5] {
    [
        ("V3", Schemes::V3),
        ("STANDARD", Schemes::STANDARD),
        ("LEGACY", Schemes::LEGACY),
        ("V2", Schemes::V2),
        ("V3 | V2", Schemes::V3 | Schemes::V2),
    ]
}

#[test]
fn every_combination_of_headers_is_checked_by_at_most_one_scheme() {
    let mut table = String::new();
    for (kind, secret) in [("base64", SECRET), ("other text", PLAIN_SECRET)] {
        for (name, schemes) in policies() {
            let Ok(verifier) = Verifier::for_schemes(schemes, secret) else { continue };
            writeln!(table, "\n{name}, the secret is {kind}").unwrap();
            for delivery in deliveries(secret) {
                let Delivery { standard, timestamp, signature, headers } = delivery;
                let verdict = match verifier.verify_at(&headers, RECEIVED, now()) {
                    Ok(verified) => format!("accepted: {}", verified.scheme()),
                    Err(reason) => format!("{reason:?}"),
                };
                writeln!(table, "{standard:12} | {timestamp:5} | {signature:16} | {verdict}").unwrap();
            }
        }
    }
    insta::assert_snapshot!(table);
}

/// For each combination of headers, and for wrong times.
#[test]
fn the_check_of_the_headers_has_the_result_of_verification_except_for_the_signature_itself() {
    let mut kinds = BTreeSet::new();
    for secret in [SECRET, PLAIN_SECRET] {
        for (_, schemes) in policies() {
            let Ok(verifier) = Verifier::for_schemes(schemes, secret) else { continue };
            for Delivery { headers, .. } in deliveries(secret) {
                for now in [at(NOW), at(NOW + 301), at(NOW - 301)] {
                    let expected = match verifier.verify_at(&headers, RECEIVED, now) {
                        Ok(_) | Err(VerifyError::SignatureMismatch) => Ok(()),
                        Err(error) => Err(error),
                    };
                    assert_eq!(verifier.check_headers_at(&headers, now), expected, "{headers:?}");
                    kinds.insert(format!("{expected:?}").split([' ', '(']).next().unwrap().to_owned());
                }
            }
        }
    }
    assert!(kinds.len() >= 2, "{kinds:?}");
}

#[test]
fn a_delivery_is_accepted_only_by_the_scheme_of_its_headers() {
    for secret in [SECRET, PLAIN_SECRET] {
        for (name, schemes) in policies() {
            let Ok(verifier) = Verifier::for_schemes(schemes, secret) else { continue };
            for Delivery { standard, timestamp, signature, headers } in deliveries(secret) {
                let decides = secret == SECRET && schemes.contains(Schemes::STANDARD);
                let has_standard = decides && (standard == "right" || standard == "wrong");
                let has_v3 = timestamp != "-" || !matches!(standard, "-" | "id alone");
                let expected = match verifier.verify_at(&headers, RECEIVED, now()) {
                    Err(_) => continue,
                    Ok(verified) => verified.scheme(),
                };
                let is_right = match expected {
                    Scheme::Standard => has_standard && standard == "right",
                    Scheme::Legacy => !has_standard && (timestamp, signature) == ("right", "legacy"),
                    Scheme::V2 => !has_v3 && signature == "v2" && schemes.contains(Schemes::V2),
                    _ => false,
                };
                assert!(is_right, "{name}: {headers:?}");
            }
        }
    }
}

#[test]
fn each_secret_is_accepted_for_its_own_schemes() {
    let verifier = Verifier::new(SECRET).unwrap().and_secret_for(Schemes::V2, OTHER_SECRET).unwrap();
    let verdict =
        |headers: &HeaderMap| verifier.verify_at(headers, RECEIVED, now()).map(|verified| verified.scheme());
    assert_eq!(verdict(&signed(SECRET, RECEIVED)), Ok(Scheme::Standard));
    assert_eq!(verdict(&v2(OTHER_SECRET, RECEIVED)), Ok(Scheme::V2));
    assert_eq!(verdict(&v2(SECRET, RECEIVED)), Err(MISMATCH));
    assert_eq!(verdict(&signed(OTHER_SECRET, RECEIVED)), Err(MISMATCH));
}

#[test]
fn and_secret_accepts_the_schemes_of_the_first_secret() {
    let verifier =
        Verifier::for_schemes(Schemes::V2, "old-secret").unwrap().and_secret("new-secret").unwrap();
    for secret in ["old-secret", "new-secret"] {
        assert!(verifier.verify_at(&v2(secret, RECEIVED), RECEIVED, now()).is_ok());
        let v3 = verifier.verify_at(&signed(secret, RECEIVED), RECEIVED, now()).unwrap_err();
        assert_eq!(v3, VerifyError::UnacceptedScheme(Scheme::Legacy));
    }
}

#[test]
fn the_error_is_that_of_the_first_secret_accepted_for_the_scheme() {
    let verifier = Verifier::for_schemes(Schemes::V2, "my-v2-secret").unwrap();
    let verifier = verifier.and_secret_for(Schemes::V3, SECRET).unwrap();
    let stale = verifier.verify_at(&signed(SECRET, RECEIVED), RECEIVED, at(NOW + 301)).unwrap_err();
    assert!(matches!(stale, VerifyError::TooOld { .. }));
}

#[test]
fn a_secret_of_v2_is_never_decoded() {
    let decoded = "my-secret-of-version-2";
    let secret = "whsec_bXktc2VjcmV0LW9mLXZlcnNpb24tMg==";
    assert_eq!(accept(Schemes::V2, secret, &v2(secret, RECEIVED), RECEIVED), Ok(Scheme::V2));
    assert_eq!(accept(Schemes::V2, secret, &v2(decoded, RECEIVED), RECEIVED), Err(MISMATCH));
}

#[test]
fn a_scheme_without_a_key_is_an_error_when_the_verifier_is_created() {
    let error = Verifier::for_schemes(Schemes::STANDARD, PLAIN_SECRET).unwrap_err();
    assert_eq!(error, InvalidSecret::NotBase64);
}

/// A captured delivery of V3 is also a valid signature of V2 over `<time>.<body>`, if both have one secret.
#[test]
fn a_v3_delivery_forged_into_a_v2_delivery_does_not_parse() {
    let legacy = signed(PLAIN_SECRET, RECEIVED);
    let forged = format!("sha256={}", text(&legacy, "x-webhook-signature"));
    let forged = headers([("x-webhook-signature", &forged)]);
    let body = format!("{NOW}.{RECEIVED}");
    for schemes in [Schemes::V3 | Schemes::V2, Schemes::V3 | Schemes::V2_CANONICAL] {
        let verifier = Verifier::for_schemes(schemes, PLAIN_SECRET).unwrap();
        let verified = verifier.verify_at(&forged, body.clone(), now()).unwrap();
        assert!(verified.parse().is_err());
    }
}

#[test]
fn duplicate_keys_cannot_bypass_a_canonical_signature() {
    let signed = r#"{"api_version":"v2","data":{"id":"1"},"event_id":"e1","event_type":"comet.sighted"}"#;
    let smuggled = r#"{"event_id": "e2", "event_type": "contact.deleted", "event_id": "e1",
        "data": {"id": "9"}, "d\u0061ta": {"id": "1"}, "event_type": "comet.sighted", "api_version": "v2"}"#;
    let verifier = Verifier::for_schemes(Schemes::V2_CANONICAL, "my-v2-secret").unwrap();
    let verified = verifier.verify_at(&v2("my-v2-secret", signed), smuggled, now()).unwrap();
    assert_eq!(verified.body(), signed);
    let event = verified.parse().unwrap();
    assert_eq!(
        (event.event_id.as_ref().unwrap().as_str(), event.event_type.as_str()),
        ("e1", "comet.sighted")
    );
    assert_eq!(event.raw(), signed.as_bytes());
}

#[test]
fn a_body_that_matches_as_received_is_not_rewritten() {
    let body = "{ \"b\": 1, \"a\": 2, \"a\": 3 }\n";
    let verifier = Verifier::for_schemes(Schemes::V2_CANONICAL, "my-v2-secret").unwrap();
    assert_eq!(verifier.verify_at(&v2("my-v2-secret", body), body, now()).unwrap().body(), body);
}

#[test]
fn a_body_without_a_canonical_form_is_an_error_with_the_reason() {
    let verifier = Verifier::for_schemes(Schemes::V2_CANONICAL, "my-v2-secret").unwrap();
    let nested = "[".repeat(40) + &"]".repeat(40);
    for (body, reason) in [
        ("plain text".to_owned(), VerifyError::NoCanonicalForm(NoCanonicalForm::NotJson)),
        (nested, VerifyError::NoCanonicalForm(NoCanonicalForm::TooDeep)),
        ("{}".to_owned(), MISMATCH),
    ] {
        assert_eq!(verifier.verify_at(&v2("other", &body), body, now()).unwrap_err(), reason);
    }
}
