use http::{Method, StatusCode};
use linq_types::{error::ErrorCode, payment_requests::PaymentRequestStatus};
use serde::Serialize;

use super::{Answer, Call};
use crate::{error::ApiError, json, shared::Shared, views::PaymentRequestView};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, rest: &[&str]) -> Option<Result<Answer, ApiError>> {
    Some(match (call.method, rest) {
        (&Method::POST, []) => create(shared, call),
        (&Method::GET, []) => list(shared, call),
        (&Method::GET, [id]) => retrieve(shared, id),
        (&Method::POST, [id, "cancel"]) => cancel(shared, call, id),
        _ => return None,
    })
}

fn create(shared: &Shared, call: &Call<'_>) -> Result<Answer, ApiError> {
    let key = call.idempotency_key(None)?;
    let asked = json::read(call.body)?;
    shared.change(|store, now| {
        store.answer_once(now, key, call.digest(), |store| {
            let request = store.request_payment(now, asked)?;
            Ok(Answer::json(StatusCode::CREATED, &PaymentRequestView::new(request)))
        })
    })
}

fn list(shared: &Shared, call: &Call<'_>) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        object: &'static str,
        data: Vec<PaymentRequestView<'a>>,
        has_more: bool,
    }

    let limit = call.limit(20)?;
    let offset = call.parameter("offset").map_or(Ok(0), |text| text.parse());
    let offset: usize = offset.map_err(|_| parameter("`offset` must be a number"))?;
    let status = call.parameter("status").map(|text| PaymentRequestStatus::from(text.as_ref()));
    if let Some(PaymentRequestStatus::Unknown(_)) = status {
        return Err(parameter("`status` is none of a payment request"));
    }
    shared.read(|store| {
        let mut requests = store.payment_requests(status.as_ref()).skip(offset).peekable();
        let data = requests.by_ref().take(limit).map(PaymentRequestView::new).collect();
        Ok(Answer::json(StatusCode::OK, &Body { object: "list", data, has_more: requests.peek().is_some() }))
    })
}

fn retrieve(shared: &Shared, id: &str) -> Result<Answer, ApiError> {
    shared
        .read(|store| Ok(Answer::json(StatusCode::OK, &PaymentRequestView::new(store.payment_request(id)?))))
}

fn cancel(shared: &Shared, call: &Call<'_>, id: &str) -> Result<Answer, ApiError> {
    shared.change(|store, now| {
        let request = store.cancel_payment_request(now, id, call.trace_id)?;
        Ok(Answer::json(StatusCode::OK, &PaymentRequestView::new(request)))
    })
}

fn parameter(message: &str) -> ApiError {
    ApiError::new(ErrorCode::INVALID_PARAMETER, message)
}
