//! Signed deliveries.

use bytes::Bytes;
use http::{Request, Response};
use linq_types::{Timestamp, events::Event};
use linq_webhooks::{EventHandler, Receiver, Signer, Verifier, block_on};

pub(super) const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

pub(super) fn verifier() -> Verifier {
    Verifier::new(SECRET).unwrap()
}

/// A received message in this chat.
pub(super) fn body(id: &str, chat: &str) -> String {
    format!(
        r#"{{"api_version":"v3","webhook_version":"2026-02-03","event_id":"{id}","event_type":"message.received","data":{{"id":"m-{id}","chat":{{"id":"{chat}"}},"direction":"inbound","parts":[{{"type":"text","value":"{id}"}}]}}}}"#
    )
}

pub(super) fn event(id: &str, chat: &str) -> Event {
    Event::parse_unverified(body(id, chat)).unwrap()
}

/// Delivers a body, and returns the status of the response.
pub(super) fn deliver<H: EventHandler>(receiver: &Receiver<H, ()>, body: &str) -> u16 {
    let now = Timestamp::from_unix(1_790_000_000, 0).unwrap();
    let mut request = Request::new(Bytes::from(body.to_owned()));
    *request.headers_mut() = Signer::new(SECRET).unwrap().headers("delivery", now, body.as_bytes()).unwrap();
    let response: Response<Bytes> = block_on(receiver.respond_at(request, now));
    response.status().as_u16()
}
