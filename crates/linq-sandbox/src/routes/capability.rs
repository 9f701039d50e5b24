use http::StatusCode;
use linq_types::{Service, capability::HandleCheck};
use serde::Serialize;

use crate::{
    call::Call,
    check, json,
    response::{Answer, ApiResponse},
    shared::Shared,
};

pub(crate) fn check_imessage(shared: &Shared, call: &Call<'_>) -> Answer {
    check_service(shared, call, &Service::IMessage)
}

pub(crate) fn check_rcs(shared: &Shared, call: &Call<'_>) -> Answer {
    check_service(shared, call, &Service::Rcs)
}

fn check_service(shared: &Shared, call: &Call<'_>, service: &Service) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        address: &'a str,
        available: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<&'static str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        selected_service: Option<&'a Service>,
    }

    let HandleCheck { address, from, .. } = json::read(call.body)?;
    match service {
        Service::Rcs => check::phone_number("address", &address)?,
        _ => check::handle("address", &address)?,
    }
    if let Some(from) = &from {
        check::phone_number("from", from)?;
    }
    let available =
        shared.change(|store, now| store.check_capability(now, from.as_ref(), &address, service))?;
    let body = Body {
        address: address.as_str(),
        available,
        reason: (!available).then_some("not_supported"),
        selected_service: available.then_some(service),
    };
    Ok(ApiResponse::json(StatusCode::OK, &body))
}
