use http::{Method, StatusCode};
use linq_types::{Handle, LineType, error::ErrorCode};
use serde::Serialize;

use super::{Answer, Call};
use crate::{error::ApiError, handle, shared::Shared};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, rest: &[&str]) -> Option<Result<Answer, ApiError>> {
    match (call.method, rest) {
        (&Method::GET, []) => Some(retrieve(shared, call)),
        _ => None,
    }
}

fn retrieve(shared: &Shared, call: &Call<'_>) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        phone_number: &'a Handle,
        vcf_url: String,
    }

    let to = call.handles("to");
    for handle in &to {
        handle::check("to", handle)?;
    }
    let exclude = call.handles("exclude_from");
    let line_type = call.parameter("type").map(|text| LineType::from(text.as_ref()));
    if let Some(LineType::Unknown(_)) = line_type {
        return Err(ApiError::new(ErrorCode::INVALID_PARAMETER, "`type` must be iMessage or RCS"));
    }
    shared.read(|store| {
        let line = store.suggest_line(&to, &exclude, line_type.as_ref())?;
        let vcf_url = format!("{}/contact_cards/{}.vcf", store.attachments.origin, line.id);
        Ok(Answer::json(StatusCode::OK, &Body { phone_number: &line.phone_number, vcf_url }))
    })
}
