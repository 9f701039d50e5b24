mod reputation_audit;

use http::{Method, StatusCode};
use linq_types::{Handle, HealthStatusKind, LineType, PhoneNumberId};
use serde::Serialize;

use super::{Answer, Call};
use crate::{error::ApiError, json, shared::Shared};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, rest: &[&str]) -> Option<Result<Answer, ApiError>> {
    Some(match (call.method, rest) {
        (&Method::GET, []) => Ok(list(shared)),
        (&Method::PUT, [id]) => update(shared, call, id),
        (&Method::POST, [line, "reputation_audit"]) => reputation_audit::start(shared, line),
        (&Method::GET, [line, "reputation_audit", id]) => reputation_audit::retrieve(shared, line, id),
        _ => return None,
    })
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
        Answer::json(StatusCode::OK, &Body { phone_numbers: phone_numbers.collect() })
    })
}

fn update(shared: &Shared, call: &Call<'_>, id: &str) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        id: &'a PhoneNumberId,
        phone_number: &'a Handle,
        forwarding_number: Option<&'a Handle>,
    }

    let update = json::read(call.body)?;
    shared.change(|store, now| {
        let line = store.update_line(now, id, update, call.trace_id)?;
        let body = Body {
            id: &line.id,
            phone_number: &line.phone_number,
            forwarding_number: line.forwarding_number.as_ref(),
        };
        Ok(Answer::json(StatusCode::OK, &body))
    })
}
