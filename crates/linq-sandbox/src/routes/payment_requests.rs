use http::StatusCode;
use linq_types::payment_requests::PaymentRequestStatus;
use serde::Serialize;

use crate::{
    call::Call,
    error::ApiError,
    json,
    response::{Answer, ApiResponse},
    shared::Shared,
    views::PaymentRequestView,
};

pub(crate) fn create(shared: &Shared, call: &Call<'_>) -> Answer {
    let key = call.idempotency_key(None)?;
    let asked = json::read(call.body)?;
    shared.update(|state, now| {
        state.replays.answer_once(&mut state.store, now, key, call.digest(), |store| {
            let request = store.request_payment(now, asked)?;
            Ok(ApiResponse::json(StatusCode::CREATED, &PaymentRequestView::new(request)))
        })
    })
}

pub(crate) fn list(shared: &Shared, call: &Call<'_>) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        object: &'static str,
        data: Vec<PaymentRequestView<'a>>,
        has_more: bool,
    }

    let limit = call.limit(20)?;
    let offset = call.parameter("offset").map_or(Ok(0), |text| text.parse());
    let offset: usize = offset.map_err(|_| ApiError::invalid("`offset` must be a number"))?;
    let status = call.parameter("status").map(|text| PaymentRequestStatus::from(text.as_ref()));
    if let Some(PaymentRequestStatus::Unknown(_)) = status {
        return Err(ApiError::invalid("`status` is none of a payment request"));
    }
    shared.read(|store| {
        let mut requests = store.payment_requests(status.as_ref()).skip(offset).peekable();
        let data = requests.by_ref().take(limit).map(PaymentRequestView::new).collect();
        Ok(ApiResponse::json(
            StatusCode::OK,
            &Body { object: "list", data, has_more: requests.peek().is_some() },
        ))
    })
}

pub(crate) fn retrieve(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.read(|store| {
        Ok(ApiResponse::json(StatusCode::OK, &PaymentRequestView::new(store.payment_request(call.id())?)))
    })
}

pub(crate) fn cancel(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.change(|store, now| {
        let request = store.cancel_payment_request(now, call.id(), call.trace_id)?;
        Ok(ApiResponse::json(StatusCode::OK, &PaymentRequestView::new(request)))
    })
}
