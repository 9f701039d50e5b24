//! Allocations are the same on every machine: these bounds hold in every run of the tests.

use allocation_counter::measure;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use linq_types::events::{Event, RawBody};
use linq_webhooks::{Signer, Verifier};

use super::{Body, ID, SECRET, output, receiver, signed_at};

fn of_parsing(body: Body) -> u64 {
    let bytes = body.bytes().unwrap();
    measure(|| drop(Event::parse_unverified(RawBody::new(bytes)).unwrap())).count_total
}

#[test]
fn verifying_allocates_nothing() {
    let verifier = Verifier::new(SECRET).unwrap();
    for body in [Body::Small, Body::Big] {
        let bytes = body.bytes().unwrap();
        let headers = Signer::new(SECRET).unwrap().headers(ID, signed_at().unwrap(), &bytes).unwrap();
        // With a server the values of headers are pieces of one shared buffer; the first clone makes one of these.
        let _shared = headers.clone();
        let now = signed_at().unwrap();
        let verifying = measure(|| drop(verifier.verify_at(&headers, bytes, now).unwrap()));
        assert_eq!(verifying.count_total, 0, "{body:?}");
    }
}

#[test]
fn an_envelope_allocates_nothing() {
    let verifier = Verifier::new(SECRET).unwrap();
    for body in [Body::Small, Body::Big] {
        let bytes = body.bytes().unwrap();
        let headers = Signer::new(SECRET).unwrap().headers(ID, signed_at().unwrap(), &bytes).unwrap();
        let verified = verifier.verify_at(&headers, bytes, signed_at().unwrap()).unwrap();
        assert_eq!(measure(|| drop(verified.envelope().unwrap())).count_total, 0, "{body:?}");
    }
}

#[test]
fn a_small_event_takes_at_most_25_whatever_the_order_of_its_keys() {
    for body in [Body::Small, Body::SmallTypeFirst, Body::SmallTypeAmidst, Body::SmallTypesLast] {
        let count = of_parsing(body);
        assert!(count <= 25, "{body:?}: {count}");
    }
}

#[test]
fn a_big_event_takes_at_most_1023_whatever_the_order_of_its_keys() {
    for body in [Body::Big, Body::BigTypeFirst, Body::BigTypesLast] {
        let count = of_parsing(body);
        assert!(count <= 1_023, "{body:?}: {count}");
    }
}

/// What it takes to respond to a delivery, from the request to the response.
fn of_responding<const TAKES: bool>(body: Body) -> u64 {
    let receiver = receiver::<TAKES>().unwrap();
    let now = signed_at().unwrap();
    let bytes = body.bytes().unwrap();
    let headers = Signer::new(SECRET).unwrap().headers(ID, now, &bytes).unwrap();
    // With a server the body, too, is a piece of a shared buffer.
    let mut request = Request::new(bytes.clone());
    request.headers_mut().clone_from(&headers);
    let respond = || {
        let response: Response<Bytes> = output(receiver.respond_at(request, now)).unwrap();
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
    };
    measure(respond).count_total
}

#[test]
fn a_receiver_adds_one_to_those_of_the_event() {
    for body in [Body::Small, Body::Big] {
        // The claim owns the event ID.
        assert_eq!(of_responding::<true>(body), of_parsing(body) + 1, "{body:?}");
    }
}

#[test]
fn receiving_an_event_that_the_handler_does_not_take_allocates_nothing() {
    for body in [Body::Small, Body::Big] {
        assert_eq!(of_responding::<false>(body), 0, "{body:?}");
    }
}
