use http::StatusCode;
use linq_types::{Handle, PaymentConnectId, payments::PaymentHandleStatus};
use serde::Serialize;

use crate::{
    call::Call,
    json,
    response::{Answer, ApiResponse},
    shared::Shared,
    store::Store,
};

pub(crate) fn connect(shared: &Shared, call: &Call<'_>) -> Answer {
    let person = Handle::from(call.id());
    shared.change(|store, _| {
        store.connect_payments(&person)?;
        connected(store, &person)
    })
}

pub(crate) fn connection(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.read(|store| connected(store, &Handle::from(call.id())))
}

pub(crate) fn verify(shared: &Shared, call: &Call<'_>) -> Answer {
    let person = Handle::from(call.id());
    let proof = json::read(call.body)?;
    shared.change(|store, _| {
        store.verify_payments(&person, &proof)?;
        connected(store, &person)
    })
}

pub(crate) fn revoke(shared: &Shared, call: &Call<'_>) -> Answer {
    let person = Handle::from(call.id());
    shared.change(|store, _| {
        store.revoke_payments(&person);
        connected(store, &person)
    })
}

/// Returns the response about a person's connection.
fn connected(store: &Store, person: &Handle) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        #[serde(skip_serializing_if = "Option::is_none")]
        connect_id: Option<&'a PaymentConnectId>,
        handle: &'a Handle,
        status: PaymentHandleStatus,
    }

    let (connect_id, status) = store.payment_connection(person);
    Ok(ApiResponse::json(StatusCode::OK, &Body { connect_id, handle: person, status }))
}
