use http::{Method, StatusCode};
use linq_types::{Handle, PaymentConnectId, payments::PaymentHandleStatus};
use serde::Serialize;

use crate::{
    error::ApiError,
    json,
    routes::{Answer, Call},
    shared::Shared,
    store::Store,
};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, rest: &[&str]) -> Option<Result<Answer, ApiError>> {
    Some(match (call.method, rest) {
        (&Method::POST, [person, "connect"]) => connect(shared, &Handle::from(*person)),
        (&Method::GET, [person, "connection"]) => {
            Ok(shared.read(|store| connection(store, &Handle::from(*person))))
        }
        (&Method::DELETE, [person, "connection"]) => Ok(revoke(shared, &Handle::from(*person))),
        (&Method::POST, [person, "verify"]) => verify(shared, call, &Handle::from(*person)),
        _ => return None,
    })
}

fn connection(store: &Store, person: &Handle) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        #[serde(skip_serializing_if = "Option::is_none")]
        connect_id: Option<&'a PaymentConnectId>,
        handle: &'a Handle,
        status: PaymentHandleStatus,
    }

    let (connect_id, status) = store.payment_connection(person);
    Answer::json(StatusCode::OK, &Body { connect_id, handle: person, status })
}

fn connect(shared: &Shared, person: &Handle) -> Result<Answer, ApiError> {
    shared.change(|store, _| {
        store.connect_payments(person)?;
        Ok(connection(store, person))
    })
}

fn verify(shared: &Shared, call: &Call<'_>, person: &Handle) -> Result<Answer, ApiError> {
    let proof = json::read(call.body)?;
    shared.change(|store, _| {
        store.verify_payments(person, &proof)?;
        Ok(connection(store, person))
    })
}

fn revoke(shared: &Shared, person: &Handle) -> Answer {
    shared.change(|store, _| {
        store.revoke_payments(person);
        connection(store, person)
    })
}
