use std::collections::BTreeMap;

use linq_types::{
    PaymentRequestId, Timestamp,
    payment_requests::{Discount, PaymentRail, PaymentRequestMode, PaymentRequestStatus},
};
use serde::Serialize;

use crate::{clock::Moment, model::PaymentRequest};

/// A payment request in responses and, without two of its times, in webhooks.
#[derive(Serialize)]
pub(crate) struct PaymentRequestView<'a> {
    id: &'a PaymentRequestId,
    object: &'static str,
    status: &'a PaymentRequestStatus,
    mode: &'a PaymentRequestMode,
    rail: &'a PaymentRail,
    amount: i64,
    currency: &'a str,
    checkout_url: &'a str,
    created_at: Moment,
    updated_at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    discount: Option<&'a Discount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interval: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interval_count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trial_end: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stripe: Option<Stripe<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    natural: Option<Natural<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a BTreeMap<String, String>>,
}

#[derive(Serialize)]
struct Stripe<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_intent_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscription_id: Option<String>,
}

#[derive(Serialize)]
struct Natural<'a> {
    payment_request_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_id: Option<&'a str>,
}

impl<'a> PaymentRequestView<'a> {
    pub(crate) fn new(request: &'a PaymentRequest) -> Self {
        let repeats = request.mode == PaymentRequestMode::Subscription;
        let receipt = request.receipt.as_deref();
        let (stripe, natural) = match request.rail {
            PaymentRail::Natural => {
                let payment_request_id = format!("npr_{}", request.id);
                (None, Some(Natural { payment_request_id, transaction_id: receipt }))
            }
            _ => {
                let stripe = Stripe {
                    customer_id: request.asked.customer_id.as_deref(),
                    payment_intent_id: receipt.filter(|_| !repeats).map(|id| format!("pi_{id}")),
                    subscription_id: receipt.filter(|_| repeats).map(|id| format!("sub_{id}")),
                };
                (Some(stripe), None)
            }
        };
        Self {
            id: &request.id,
            object: "payment_request",
            status: &request.status,
            mode: &request.mode,
            rail: &request.rail,
            amount: request.amount,
            currency: &request.currency,
            checkout_url: &request.checkout_url,
            created_at: request.created_at,
            updated_at: request.updated_at,
            expires_at: Some(request.expires_at),
            paid_at: request.paid_at,
            description: request.asked.description.as_deref(),
            discount: request.asked.discount.as_ref(),
            price_id: request.asked.price_id.as_deref(),
            quantity: repeats.then_some(request.asked.quantity.unwrap_or(1)),
            interval: repeats.then_some("month"),
            interval_count: repeats.then_some(1),
            trial_end: request.trial_end,
            stripe,
            natural,
            metadata: request.asked.metadata.as_ref(),
        }
    }

    /// Creates the view of a webhook.
    pub(crate) fn of_event(request: &'a PaymentRequest) -> Self {
        Self { expires_at: None, paid_at: None, ..Self::new(request) }
    }
}
