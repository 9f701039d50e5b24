//! Events without an `event_id`.

use http::HeaderMap;
use linq_webhooks::{Outcome, Receiver, Schemes, Signer, Verifier, block_on, events::EventKeys};

use super::{
    delivery::{SECRET, now, verifier},
    scripted::Scripted,
};

const WITHOUT: [&str; 4] = [
    r#"{"event_type":"comet.sighted","data":{}}"#,
    r#"{"event_id":"","event_type":"comet.sighted","data":{}}"#,
    r#"{"event_id":null,"event_type":"comet.sighted","data":{}}"#,
    r#"{"event_id":7,"event_type":"comet.sighted","data":{}}"#,
];

fn signed(id: &str, body: &str) -> HeaderMap {
    Signer::new(SECRET).unwrap().headers(id, now(), body.as_bytes()).unwrap()
}

fn deliver(receiver: &Receiver<Scripted>, headers: &HeaderMap, body: &'static str) -> Outcome {
    block_on(receiver.receive_at(headers, body, now())).unwrap()
}

#[test]
fn the_signed_webhook_id_identifies_an_event_without_an_id() {
    for body in WITHOUT {
        let receiver = Receiver::new(verifier(), Scripted::new([]));
        assert_eq!(deliver(&receiver, &signed("w1", body), body), Outcome::Handled, "{body}");
        assert_eq!(deliver(&receiver, &signed("w1", body), body), Outcome::Duplicate, "{body}");
        assert_eq!(deliver(&receiver, &signed("w2", body), body), Outcome::Handled, "{body}");
        assert_eq!(receiver.handler().called_with(), ["w1", "w2"], "{body}");
    }
}

#[test]
fn an_event_without_any_id_is_handled_each_time_and_never_a_duplicate() {
    for body in WITHOUT {
        let mut legacy = signed("w1", body);
        // Not signed without `webhook-signature`.
        legacy.remove("webhook-signature");
        let mut empty = signed("w1", body);
        empty.insert("webhook-id", "".parse().unwrap());
        let receiver = Receiver::new(verifier(), Scripted::new([]));
        for headers in [&legacy, &empty, &legacy] {
            assert_eq!(deliver(&receiver, headers, body), Outcome::Handled, "{body}");
        }
        let v2 = Verifier::for_schemes(Schemes::V2, SECRET).unwrap();
        let v2 = Receiver::new(v2, Scripted::new([]));
        let headers = Signer::new(SECRET).unwrap().v2_headers(body.as_bytes());
        for _ in 0..2 {
            assert_eq!(deliver(&v2, &headers, body), Outcome::Handled, "{body}");
        }
        assert_eq!(receiver.handler().called_with(), ["(none)"; 3]);
    }
}

#[test]
fn the_event_id_of_the_body_comes_before_the_webhook_id() {
    let body = r#"{"event_id":"e1","event_type":"comet.sighted","data":{}}"#;
    let verified = verifier().verify_at(&signed("w1", body), body, now()).unwrap();
    assert_eq!(verified.parse().unwrap().event_id.unwrap(), "e1");
    assert_eq!(verified.envelope().unwrap().event_id(), Some("e1"));
}

#[test]
fn a_verified_event_its_envelope_and_its_error_have_the_same_id_and_keys() {
    let expected = EventKeys::new(Some("w1"), b"").key("reply");
    for body in WITHOUT {
        let verified = verifier().verify_at(&signed("w1", body), body, now()).unwrap();
        assert_eq!(verified.parse().unwrap().key("reply"), expected);
        assert_eq!(verified.envelope().unwrap().key("reply"), expected);
    }
    let body = r#"{"event_type":"message.read","data":7}"#;
    let verified = verifier().verify_at(&signed("w1", body), body, now()).unwrap();
    assert_eq!(verified.parse().unwrap_err().event().unwrap().key("reply"), expected);
}
