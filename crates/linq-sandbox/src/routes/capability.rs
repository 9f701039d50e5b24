use http::{Method, StatusCode};
use linq_types::{Service, capability::HandleCheck};
use serde::Serialize;

use super::{Answer, Call};
use crate::{error::ApiError, handle, json, shared::Shared};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, rest: &[&str]) -> Option<Result<Answer, ApiError>> {
    Some(match (call.method, rest) {
        (&Method::POST, ["check_imessage"]) => check(shared, call, &Service::IMessage),
        (&Method::POST, ["check_rcs"]) => check(shared, call, &Service::Rcs),
        _ => return None,
    })
}

fn check(shared: &Shared, call: &Call<'_>, service: &Service) -> Result<Answer, ApiError> {
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
        Service::Rcs => handle::check_phone_number("address", &address)?,
        _ => handle::check("address", &address)?,
    }
    if let Some(from) = &from {
        handle::check_phone_number("from", from)?;
    }
    let available =
        shared.change(|store, now| store.check_capability(now, from.as_ref(), &address, service))?;
    let body = Body {
        address: address.as_str(),
        available,
        reason: (!available).then_some("not_supported"),
        selected_service: available.then_some(service),
    };
    Ok(Answer::json(StatusCode::OK, &body))
}
