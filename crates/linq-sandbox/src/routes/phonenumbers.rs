//! The deprecated list of lines.

use http::{Method, StatusCode};
use linq_types::{Handle, PhoneNumberId};
use serde::Serialize;

use super::{Answer, Call};
use crate::{error::ApiError, shared::Shared};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, rest: &[&str]) -> Option<Result<Answer, ApiError>> {
    match (call.method, rest) {
        (&Method::GET, []) => Some(Ok(list(shared))),
        _ => None,
    }
}

fn list(shared: &Shared) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        phone_numbers: Vec<PhoneNumberView<'a>>,
    }

    #[derive(Serialize)]
    struct PhoneNumberView<'a> {
        id: &'a PhoneNumberId,
        phone_number: &'a Handle,
        capabilities: Capabilities,
        #[serde(skip_serializing_if = "Option::is_none")]
        country_code: Option<&'static str>,
        r#type: Option<&'static str>,
    }

    #[derive(Serialize)]
    struct Capabilities {
        mms: bool,
        sms: bool,
        voice: bool,
    }

    shared.read(|store| {
        let phone_numbers = store.lines.iter().map(|line| PhoneNumberView {
            id: &line.id,
            phone_number: &line.phone_number,
            capabilities: Capabilities { mms: true, sms: true, voice: true },
            country_code: line.phone_number.as_str().starts_with("+1").then_some("US"),
            r#type: None,
        });
        Answer::json(StatusCode::OK, &Body { phone_numbers: phone_numbers.collect() })
    })
}
