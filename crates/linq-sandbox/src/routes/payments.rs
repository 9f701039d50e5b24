pub(super) mod handles;
pub(super) mod providers;

use std::collections::BTreeMap;

use http::StatusCode;
use linq_types::{
    Handle, PaymentId,
    payments::{Merchant, PaymentStatus},
};
use serde::Serialize;

use crate::{
    call::Call,
    json,
    model::Payment,
    response::{Answer, ApiResponse},
    shared::Shared,
};

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

pub(crate) fn create(shared: &Shared, call: &Call<'_>) -> Answer {
    let key = call.idempotency_key(None)?;
    let asked = json::read(call.body)?;
    shared.update(|state, now| {
        state.replays.answer_once(&mut state.store, now, key, call.digest(), |store| {
            let origin = store.attachments.origin.clone();
            let payment = store.begin_payment(asked)?;
            Ok(ApiResponse::json(StatusCode::CREATED, &PaymentView::new(payment, &origin)))
        })
    })
}

pub(crate) fn retrieve(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.read(|store| {
        let view = PaymentView::new(store.payment(call.id())?, &store.attachments.origin);
        Ok(ApiResponse::json(StatusCode::OK, &view))
    })
}

pub(crate) fn cancel(shared: &Shared, call: &Call<'_>) -> Answer {
    shared.change(|store, _| {
        let origin = store.attachments.origin.clone();
        let view = PaymentView::new(store.cancel_payment(call.id())?, &origin);
        Ok(ApiResponse::json(StatusCode::OK, &view))
    })
}

pub(crate) fn credentials(shared: &Shared, call: &Call<'_>) -> Answer {
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
        let id = &store.ready_payment(call.id())?.id;
        let handoff = Handoff {
            provider: "agentcard",
            card_ref: format!("card_{id}"),
            fetch_url: format!("{}/cards/{id}", store.attachments.origin),
            user_token: format!("token_{id}"),
        };
        Ok(ApiResponse::json(StatusCode::OK, &Body { handoff }))
    })
}
