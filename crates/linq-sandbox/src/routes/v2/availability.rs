use http::StatusCode;
use linq_types::{Handle, Service, v2::availability::AvailabilityCheck};
use serde::Serialize;

use super::normalized;
use crate::{
    call::Call,
    check, json,
    response::{Answer, ApiResponse},
    shared::Shared,
};

pub(super) fn check(shared: &Shared, call: &Call<'_>) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        available: bool,
        phone_number: &'a Handle,
    }

    let AvailabilityCheck { phone_number, .. } = json::read(call.body)?;
    let phone_number = &normalized(&phone_number);
    check::phone_number("phone_number", phone_number)?;
    let available =
        shared.change(|store, now| store.check_capability(now, None, phone_number, &Service::IMessage))?;
    Ok(ApiResponse::json(StatusCode::OK, &Body { available, phone_number }))
}
