use http::StatusCode;
use serde::Serialize;

use crate::{
    call::Call,
    response::{Answer, ApiResponse},
    shared::Shared,
    views::v2::PhoneNumberView,
};

pub(super) fn list(shared: &Shared, _: &Call<'_>) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        phone_numbers: Vec<PhoneNumberView<'a>>,
    }

    shared.read(|store| {
        let phone_numbers = store.lines.iter().map(PhoneNumberView::new).collect();
        Ok(ApiResponse::json(StatusCode::OK, &Body { phone_numbers }))
    })
}
