use http::StatusCode;
use linq_types::payments::{ConnectPaymentProvider, PaymentProviderStatus};
use serde::Serialize;

use crate::{
    call::Call,
    json,
    response::{Answer, ApiResponse},
    shared::Shared,
};

pub(crate) fn retrieve(shared: &Shared, call: &Call<'_>) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        provider: &'a str,
        status: &'a PaymentProviderStatus,
    }

    shared.read(|store| {
        let provider = call.id();
        let status = store.provider(provider)?;
        Ok(ApiResponse::json(StatusCode::OK, &Body { provider, status }))
    })
}

pub(crate) fn connect(shared: &Shared, call: &Call<'_>) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        hosted_url: String,
        session_id: String,
        status: &'a PaymentProviderStatus,
    }

    let ConnectPaymentProvider { return_url, .. } = json::read(call.body)?;
    shared.change(|store, _| {
        let (hosted_url, session_id, status) = store.begin_provider(call.id(), &return_url)?;
        Ok(ApiResponse::json(StatusCode::OK, &Body { hosted_url, session_id, status }))
    })
}
