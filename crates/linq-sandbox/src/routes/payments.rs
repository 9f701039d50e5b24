mod handles;
mod providers;

use std::collections::BTreeMap;

use http::{Method, StatusCode};
use linq_types::{
    Handle, PaymentId,
    payments::{Merchant, PaymentStatus},
};
use serde::Serialize;

use super::{Answer, Call};
use crate::{error::ApiError, json, shared::Shared, store::Payment};

pub(super) fn answer(shared: &Shared, call: &Call<'_>, rest: &[&str]) -> Option<Result<Answer, ApiError>> {
    Some(match (call.method, rest) {
        (_, ["providers", rest @ ..]) => return providers::answer(shared, call, rest),
        (_, ["handles", rest @ ..]) => return handles::answer(shared, call, rest),
        (&Method::POST, []) => create(shared, call),
        (&Method::GET, [id]) => retrieve(shared, id),
        (&Method::POST, [id, "cancel"]) => cancel(shared, id),
        (&Method::GET, [id, "credentials"]) => credentials(shared, id),
        _ => return None,
    })
}

#[derive(Serialize)]
struct PaymentView<'a> {
    id: &'a PaymentId,
    status: &'a PaymentStatus,
    handle: &'a Handle,
    amount_cents: i64,
    currency: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant: Option<&'a Merchant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attach_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approval_url: Option<String>,
}

impl<'a> PaymentView<'a> {
    fn new(payment: &'a Payment, origin: &str) -> Self {
        let url = |what, statuses: &[PaymentStatus]| {
            let is_due = statuses.contains(&payment.status);
            is_due.then(|| format!("{origin}/payments/{}/{what}", payment.id))
        };
        Self {
            id: &payment.id,
            status: &payment.status,
            handle: &payment.asked.handle,
            amount_cents: payment.asked.amount_cents,
            currency: &payment.asked.currency,
            description: payment.asked.description.as_deref(),
            merchant: payment.asked.merchant.as_ref(),
            metadata: payment.asked.metadata.as_ref(),
            attach_url: url("attach", &[PaymentStatus::NeedsConnection, PaymentStatus::Connecting]),
            approval_url: url("approve", &[PaymentStatus::AwaitingUserAction]),
        }
    }
}

fn create(shared: &Shared, call: &Call<'_>) -> Result<Answer, ApiError> {
    let key = call.idempotency_key(None)?;
    let asked = json::read(call.body)?;
    shared.change(|store, now| {
        store.answer_once(now, key, call.digest(), |store| {
            let origin = store.attachments.origin.clone();
            let payment = store.begin_payment(asked)?;
            Ok(Answer::json(StatusCode::CREATED, &PaymentView::new(payment, &origin)))
        })
    })
}

fn retrieve(shared: &Shared, id: &str) -> Result<Answer, ApiError> {
    shared.read(|store| {
        let view = PaymentView::new(store.payment(id)?, &store.attachments.origin);
        Ok(Answer::json(StatusCode::OK, &view))
    })
}

fn cancel(shared: &Shared, id: &str) -> Result<Answer, ApiError> {
    shared.change(|store, _| {
        let origin = store.attachments.origin.clone();
        let view = PaymentView::new(store.cancel_payment(id)?, &origin);
        Ok(Answer::json(StatusCode::OK, &view))
    })
}

fn credentials(shared: &Shared, id: &str) -> Result<Answer, ApiError> {
    #[derive(Serialize)]
    struct Body {
        handoff: Handoff,
    }

    #[derive(Serialize)]
    struct Handoff {
        provider: &'static str,
        card_ref: String,
        fetch_url: String,
        user_token: String,
    }

    shared.read(|store| {
        let id = &store.ready_payment(id)?.id;
        let handoff = Handoff {
            provider: "agentcard",
            card_ref: format!("card_{id}"),
            fetch_url: format!("{}/cards/{id}", store.attachments.origin),
            user_token: format!("token_{id}"),
        };
        Ok(Answer::json(StatusCode::OK, &Body { handoff }))
    })
}
