use http::HeaderMap;
use linq_webhooks::{Scheme, Schemes, Verified, Verifier, VerifyError};
use serde::Deserialize;

use super::delivery::{PLAIN_SECRET, SECRET, at, headers, now};

#[derive(Deserialize)]
struct Vectors {
    v3_legacy: Cases,
    standard_webhooks: Cases,
}

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    secret: String,
    id: Option<String>,
    timestamp: String,
    body: String,
    signature: String,
    now: i64,
    valid: bool,
}

impl Case {
    fn headers(&self) -> HeaderMap {
        match &self.id {
            Some(id) => headers([
                ("webhook-id", id),
                ("webhook-timestamp", &self.timestamp),
                ("webhook-signature", &self.signature),
            ]),
            None => {
                headers([("x-webhook-timestamp", &self.timestamp), ("x-webhook-signature", &self.signature)])
            }
        }
    }

    fn scheme(&self) -> Scheme {
        if self.id.is_some() { Scheme::Standard } else { Scheme::Legacy }
    }

    /// `None` if the secret or the delivery is refused.
    fn verdict(&self) -> Option<Scheme> {
        let verifier = Verifier::new(&self.secret).ok()?;
        let verified = verifier.verify_at(&self.headers(), self.body.clone(), at(self.now)).ok()?;
        assert_eq!(verified.body(), &self.body);
        assert_eq!(verified.id(), self.id.as_deref());
        Some(verified.scheme())
    }
}

#[test]
fn every_v3_test_vector_has_the_documented_result() {
    let vectors: Vectors = serde_json::from_str(include_str!("../data/webhook-signatures.json")).unwrap();
    for (scheme, cases, minimum) in
        [("legacy", vectors.v3_legacy.cases, 17), ("standard", vectors.standard_webhooks.cases, 20)]
    {
        for case in &cases {
            let expected = case.valid.then(|| case.scheme());
            assert_eq!(case.verdict(), expected, "{scheme}: {}", case.name);
        }
        assert!(cases.len() >= minimum, "only {} {scheme} vectors", cases.len());
    }
}

/// The body of the signatures below.
const BODY: &str = r#"{"event_id":"0192a000-0000-7000-8000-000000000001","event_type":"message.received"}"#;
const ID: &str = "0192a000-0000-7000-8000-000000000001";

#[test]
fn each_scheme_accepts_only_its_own_signature_of_a_delivery() {
    const TEXT_KEY: &str = "05c1160d02d7155749d7a21ef4f35f48d8943072f8a6c562c4551e9b7595f3d2";
    const DECODED_KEY: &str = "150c0c3c08be07a4dc74e174a1123e96f52888542040ad93fdc9f05d47e54b36";
    const V2: &str = "sha256=6d06c5877221f6d23f993d2d7dda932d16bc0dfdc8b8e8dc2b45cadc4b0bae8d";
    const MISMATCH: Result<Scheme, VerifyError> = Err(VerifyError::SignatureMismatch);
    let standard = headers([
        ("webhook-id", ID),
        ("webhook-timestamp", "1790000000"),
        ("webhook-signature", "v1,BxjO+uH7yua459+gEw7nNr+RuYZzUllxRjUsyBnp+Sg="),
    ]);
    let legacy =
        |signature| headers([("x-webhook-timestamp", "1790000000"), ("x-webhook-signature", signature)]);
    let v2 = headers([("x-webhook-signature", V2)]);
    for (schemes, secret, headers, verdict) in [
        (Schemes::V3, SECRET, &standard, Ok(Scheme::Standard)),
        (Schemes::V3, SECRET, &legacy(TEXT_KEY), Ok(Scheme::Legacy)),
        (Schemes::V3, SECRET, &legacy(DECODED_KEY), MISMATCH),
        (Schemes::V2, "my-v2-secret", &v2, Ok(Scheme::V2)),
        (Schemes::V2, SECRET, &v2, MISMATCH),
        (Schemes::V3, PLAIN_SECRET, &v2, Err(VerifyError::UnacceptedScheme(Scheme::V2))),
    ] {
        let verified = Verifier::for_schemes(schemes, secret).unwrap().verify_at(headers, BODY, now());
        assert_eq!(verified.map(|verified| verified.scheme()), verdict, "{schemes:?} {headers:?}");
    }
}

#[derive(Deserialize)]
struct V2Vectors {
    cases: Vec<V2Case>,
}

#[derive(Deserialize)]
struct V2Case {
    event: String,
    form: String,
    secret: String,
    body: String,
    signature: String,
}

impl V2Case {
    fn verify(&self, schemes: Schemes, body: &str) -> Result<Verified, VerifyError> {
        let headers = headers([("x-webhook-signature", &self.signature)]);
        Verifier::for_schemes(schemes, &self.secret).unwrap().verify_at(&headers, body.to_owned(), now())
    }
}

fn v2_vectors() -> Vec<V2Case> {
    serde_json::from_str::<V2Vectors>(include_str!("../data/v2-signatures.json")).unwrap().cases
}

#[test]
fn every_v2_test_vector_verifies() {
    let cases = v2_vectors();
    assert!(cases.len() >= 6, "only {} vectors", cases.len());
    for case in &cases {
        for schemes in [Schemes::V2, Schemes::V2_CANONICAL, Schemes::V3 | Schemes::V2] {
            let verified = case.verify(schemes, &case.body).unwrap();
            assert_eq!(verified.scheme(), Scheme::V2, "{}: {}", case.event, case.form);
            assert_eq!((verified.id(), verified.body()), (None, &case.body.clone().into()));
        }
        let changed = case.verify(Schemes::V2_CANONICAL, &case.body.replacen("v2", "v3", 1));
        assert_eq!(changed.unwrap_err(), VerifyError::SignatureMismatch);
    }
}

#[test]
fn a_canonical_v2_signature_verifies_the_rewritten_body() {
    for pair in v2_vectors().chunks(2) {
        let [written_anew, canonical] = pair else { panic!("each event is there in both forms") };
        assert_eq!(
            (written_anew.event.as_str(), canonical.form.as_str()),
            (canonical.event.as_str(), "canonical compact JSON")
        );
        let refused = canonical.verify(Schemes::V2, &written_anew.body);
        assert_eq!(refused.unwrap_err(), VerifyError::SignatureMismatch);
        let verified = canonical.verify(Schemes::V2_CANONICAL, &written_anew.body).unwrap();
        assert_eq!(verified.body(), &canonical.body);
    }
}
