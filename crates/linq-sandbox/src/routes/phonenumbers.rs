//! The deprecated list of lines.

use http::StatusCode;
use linq_types::{Handle, PhoneNumberId};
use serde::Serialize;

use crate::{
    call::Call,
    response::{Answer, ApiResponse},
    shared::Shared,
};

pub(crate) fn list(shared: &Shared, _: &Call<'_>) -> Answer {
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
        Ok(ApiResponse::json(StatusCode::OK, &Body { phone_numbers: phone_numbers.collect() }))
    })
}
