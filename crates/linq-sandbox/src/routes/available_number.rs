use http::StatusCode;
use linq_types::{Handle, LineType};
use serde::Serialize;

use crate::{
    call::Call,
    check,
    error::ApiError,
    response::{Answer, ApiResponse},
    shared::Shared,
};

pub(crate) fn retrieve(shared: &Shared, call: &Call<'_>) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        phone_number: &'a Handle,
        vcf_url: String,
    }

    let to = call.handles("to");
    for handle in &to {
        check::handle("to", handle)?;
    }
    let exclude = call.handles("exclude_from");
    let line_type = call.parameter("type").map(|text| LineType::from(text.as_ref()));
    if let Some(LineType::Unknown(_)) = line_type {
        return Err(ApiError::invalid("`type` must be iMessage or RCS"));
    }
    shared.read(|store| {
        let line = store.suggest_line(&to, &exclude, line_type.as_ref())?;
        let vcf_url = format!("{}/contact_cards/{}.vcf", store.attachments.origin, line.id);
        Ok(ApiResponse::json(StatusCode::OK, &Body { phone_number: &line.phone_number, vcf_url }))
    })
}
