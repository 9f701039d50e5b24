use http::HeaderMap;
use linq_webhooks::{Scheme, Verifier, VerifyError};
use serde::Deserialize;

use super::delivery::{NOW, SECRET, headers};

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

    fn verdict(&self) -> Result<Scheme, VerifyError> {
        let verifier = Verifier::new(&self.secret).unwrap();
        let verified = verifier.verify_at(&self.headers(), self.body.clone(), self.now)?;
        assert_eq!(verified.body(), &self.body);
        assert_eq!(verified.id(), self.id.as_deref());
        Ok(verified.scheme())
    }
}

#[test]
fn every_test_vector_is_judged_as_it_says() {
    let vectors: Vectors = serde_json::from_str(include_str!("../data/webhook-signatures.json")).unwrap();
    for (scheme, cases, expected) in
        [("legacy", vectors.v3_legacy.cases, 17), ("standard", vectors.standard_webhooks.cases, 20)]
    {
        for case in &cases {
            let verdict = case.verdict();
            if case.valid {
                assert_eq!(verdict, Ok(case.scheme()), "{scheme}: {}", case.name);
            } else {
                assert!(verdict.is_err(), "{scheme}: {}", case.name);
            }
        }
        println!("{} {scheme} vectors ran", cases.len());
        assert_eq!(cases.len(), expected);
    }
}

#[test]
fn the_legacy_key_is_the_text_of_the_secret_and_never_what_it_decodes_to() {
    const BODY: &str =
        r#"{"event_id":"0192a000-0000-7000-8000-000000000001","event_type":"message.received"}"#;
    for (signature, verdict) in [
        ("05c1160d02d7155749d7a21ef4f35f48d8943072f8a6c562c4551e9b7595f3d2", Ok(Scheme::Legacy)),
        (
            "150c0c3c08be07a4dc74e174a1123e96f52888542040ad93fdc9f05d47e54b36",
            Err(VerifyError::SignatureMismatch),
        ),
    ] {
        let headers = headers([("x-webhook-timestamp", "1790000000"), ("x-webhook-signature", signature)]);
        let verified = Verifier::new(SECRET).unwrap().verify_at(&headers, BODY, NOW);
        assert_eq!(verified.map(|verified| verified.scheme()), verdict);
    }
}
