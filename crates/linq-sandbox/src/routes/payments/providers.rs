use http::{Method, StatusCode};
use linq_types::payments::{ConnectPaymentProvider, PaymentProviderStatus};
use serde::Serialize;

use crate::{
    error::ApiError,
    json,
    routes::{Answer, Call},
    shared::Shared,
};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, rest: &[&str]) -> Option<Result<Answer, ApiError>> {
    Some(match (call.method, rest) {
        (&Method::GET, [provider]) => retrieve(shared, provider),
        (&Method::POST, [provider, "connect"]) => connect(shared, call, provider),
        _ => return None,
    })
}

fn retrieve(shared: &Shared, provider: &str) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        provider: &'a str,
        status: &'a PaymentProviderStatus,
    }

    shared.read(|store| {
        let status = store.provider(provider)?;
        Ok(Answer::json(StatusCode::OK, &Body { provider, status }))
    })
}

fn connect(shared: &Shared, call: &Call<'_>, provider: &str) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        hosted_url: String,
        session_id: String,
        status: &'a PaymentProviderStatus,
    }

    let ConnectPaymentProvider { return_url, .. } = json::read(call.body)?;
    shared.change(|store, _| {
        let (hosted_url, session_id, status) = store.begin_provider(provider, &return_url)?;
        Ok(Answer::json(StatusCode::OK, &Body { hosted_url, session_id, status }))
    })
}
