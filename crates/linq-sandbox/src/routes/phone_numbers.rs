use http::{Method, StatusCode};
use linq_types::Handle;
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
        id: &'a str,
        phone_number: &'a Handle,
        line_type: &'static str,
        reputation: Reputation,
        forwarding_number: Option<&'a Handle>,
    }

    #[derive(Serialize)]
    struct Reputation {
        status: &'static str,
        doc_url: &'static str,
    }

    shared.read(|store| {
        let phone_numbers = store.lines.iter().map(|line| PhoneNumberView {
            id: &line.id,
            phone_number: &line.phone_number,
            line_type: "iMessage",
            reputation: Reputation {
                status: "HEALTHY",
                doc_url: "https://docs.linqapp.com/guides/phone-numbers/reputation#healthy",
            },
            forwarding_number: None,
        });
        Answer::json(StatusCode::OK, &Body { phone_numbers: phone_numbers.collect() })
    })
}
