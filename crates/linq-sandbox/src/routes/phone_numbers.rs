pub(super) mod reputation_audit;

use http::StatusCode;
use linq_types::{Handle, HealthStatusKind, LineType, PhoneNumberId};
use serde::Serialize;

use crate::{
    call::Call,
    json,
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
        line_type: &'a LineType,
        reputation: Reputation<'a>,
        forwarding_number: Option<&'a Handle>,
    }

    #[derive(Serialize)]
    struct Reputation<'a> {
        status: &'a HealthStatusKind,
        doc_url: String,
    }

    shared.read(|store| {
        let phone_numbers = store.lines.iter().map(|line| {
            let anchor = line.reputation.as_str().to_ascii_lowercase().replace('_', "-");
            PhoneNumberView {
                id: &line.id,
                phone_number: &line.phone_number,
                line_type: &line.line_type,
                reputation: Reputation {
                    status: &line.reputation,
                    doc_url: format!("https://docs.linqapp.com/guides/phone-numbers/reputation#{anchor}"),
                },
                forwarding_number: line.forwarding_number.as_ref(),
            }
        });
        Ok(ApiResponse::json(StatusCode::OK, &Body { phone_numbers: phone_numbers.collect() }))
    })
}

pub(crate) fn update(shared: &Shared, call: &Call<'_>) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        id: &'a PhoneNumberId,
        phone_number: &'a Handle,
        forwarding_number: Option<&'a Handle>,
    }

    let update = json::read(call.body)?;
    shared.change(|store, now| {
        let line = store.update_line(now, call.id(), update, call.trace_id)?;
        let body = Body {
            id: &line.id,
            phone_number: &line.phone_number,
            forwarding_number: line.forwarding_number.as_ref(),
        };
        Ok(ApiResponse::json(StatusCode::OK, &body))
    })
}
