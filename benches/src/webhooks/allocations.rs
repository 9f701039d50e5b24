//! Allocations are the same on every machine: these bounds hold in every run of the tests.

use allocation_counter::measure;
use linq_types::events::{Event, RawBody};
use linq_webhooks::{Signer, Verifier};

use super::{Body, ID, SECRET, signed_at};

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
