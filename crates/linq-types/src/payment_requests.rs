//! Asking people for money: `/v3/payment_requests`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Handle, PaymentRequestId, Timestamp};

/// Money to ask for: the body of `POST /v3/payment_requests`.
///
/// A request is either for an amount or for a price of a subscription; the service refuses fields of both together.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewPaymentRequest {
    /// Whether it is paid once or again and again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<PaymentRequestMode>,
    /// How much, in the currency's smallest unit (cents).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// The currency, three letters such as `usd`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The price at the payment service, which says how much and how often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_id: Option<String>,
    /// How many times the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u64>,
    /// What for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What is taken off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Discount>,
    /// How many days are free at first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial_period_days: Option<u32>,
    /// Until when it is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial_end: Option<Timestamp>,
    /// Your line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Handle>,
    /// Who is to pay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_handle: Option<Handle>,
    /// The customer at the payment service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// Which payment service to use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rail: Option<PaymentRail>,
    /// Your own names and values, kept with the request: up to 49, no name beginning with `linq_`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
}

impl NewPaymentRequest {
    /// A request of which nothing is said yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// So much money, once: the amount in the currency's smallest unit, the currency in three letters.
    pub fn payment(amount: i64, currency: impl Into<String>) -> Self {
        Self::new().mode(PaymentRequestMode::Payment).amount(amount).currency(currency)
    }

    /// This price, again and again.
    pub fn subscription(price_id: impl Into<String>) -> Self {
        Self::new().mode(PaymentRequestMode::Subscription).price_id(price_id)
    }

    /// Sets how many times the price.
    #[must_use]
    pub fn quantity(mut self, quantity: u64) -> Self {
        self.quantity = Some(quantity);
        self
    }

    /// Makes so many days free at first.
    #[must_use]
    pub fn trial_period_days(mut self, trial_period_days: u32) -> Self {
        self.trial_period_days = Some(trial_period_days);
        self
    }

    /// Sends the request from this line of yours.
    #[must_use]
    pub fn from_line(mut self, line: impl Into<Handle>) -> Self {
        self.from = Some(line.into());
        self
    }

    setters! {
        /// Says whether it is paid once or again and again.
        mode: PaymentRequestMode,
        /// Sets the amount, in the currency's smallest unit.
        amount: i64,
        /// Sets the currency, three letters such as `usd`.
        currency: String,
        /// Sets the price at the payment service.
        price_id: String,
        /// Says what for.
        description: String,
        /// Takes something off.
        discount: Discount,
        /// Makes it free until then.
        trial_end: Timestamp,
        /// Says who is to pay.
        payer_handle: Handle,
        /// Names the customer at the payment service.
        customer_id: String,
        /// Asks for a payment service.
        rail: PaymentRail,
        /// Keeps your own names and values with the request.
        metadata: BTreeMap<String, String>,
    }
}

open_enum! {
    /// How often a request is paid.
    pub enum PaymentRequestMode {
        /// Once.
        Payment = "payment",
        /// Again and again.
        Subscription = "subscription",
    }
}

open_enum! {
    /// The payment service that carries a request.
    pub enum PaymentRail {
        /// Stripe.
        Stripe = "stripe",
        /// Natural.
        Natural = "natural",
    }
}

/// What is taken off a request.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Discount {
    /// The coupon at the payment service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon: Option<String>,
    /// The promotion code at the payment service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotion_code: Option<String>,
    /// What people see it called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

impl Discount {
    /// A discount of which nothing is said yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Takes off what the coupon says.
        coupon: String,
        /// Takes off what the promotion code says.
        promotion_code: String,
        /// Sets what people see it called.
        label: String,
    }
}

/// Which requests to list: the query of `GET /v3/payment_requests`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentRequestListParams {
    /// How many at most: 20 if absent, 100 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// How many to pass over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Only those that have got so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PaymentRequestStatus>,
}

impl PaymentRequestListParams {
    /// The first 20 requests.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lists so many at most.
    #[must_use]
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Passes over so many.
    #[must_use]
    pub fn offset(mut self, offset: u64) -> Self {
        self.offset = Some(offset);
        self
    }

    setters! {
        /// Lists only those that have got so far.
        status: PaymentRequestStatus,
    }
}

/// Some of your requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentRequestListResponse {
    /// The requests.
    pub data: Vec<PaymentRequest>,
    /// Whether there are more after these.
    pub has_more: bool,
    /// What this is: `list`.
    pub object: String,
}

/// A request for money, and how far it has got.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentRequest {
    /// The request's id.
    pub id: PaymentRequestId,
    /// What this is, in the service's own words.
    pub object: String,
    /// How far it has got.
    pub status: PaymentRequestStatus,
    /// Whether it is paid once or again and again. Webhooks do not always say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<PaymentRequestMode>,
    /// How much, in the currency's smallest unit (cents).
    pub amount: i64,
    /// The currency, three letters such as `usd`.
    pub currency: String,
    /// Where it can be paid: send this link.
    pub checkout_url: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// Until when it can be paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// When it was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Timestamp>,
    /// What for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What is taken off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Discount>,
    /// The price at the payment service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_id: Option<String>,
    /// How many times the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u64>,
    /// The unit of time between two payments of a subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<PaymentInterval>,
    /// How many of those units lie between two payments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_count: Option<u64>,
    /// Until when it is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial_end: Option<Timestamp>,
    /// The payment service that carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rail: Option<PaymentRail>,
    /// What Stripe knows it by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stripe: Option<PaymentRequestStripe>,
    /// What Natural knows it by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub natural: Option<PaymentRequestNatural>,
    /// Your own names and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
}

open_enum! {
    /// How far a request has got.
    pub enum PaymentRequestStatus {
        /// It waits to be paid.
        Requested = "requested",
        /// The amount is set aside.
        Authorized = "authorized",
        /// It is paid.
        Succeeded = "succeeded",
        /// It was called off.
        Canceled = "canceled",
        /// Nobody paid in time.
        Expired = "expired",
        /// The payment was refused.
        Declined = "declined",
        /// The payment did not work out. Only webhooks say so.
        Failed = "failed",
    }
}

open_enum! {
    /// The unit of time between two payments of a subscription.
    pub enum PaymentInterval {
        /// Days.
        Day = "day",
        /// Weeks.
        Week = "week",
        /// Months.
        Month = "month",
        /// Years.
        Year = "year",
    }
}

/// What Stripe knows a request by. All are ids of Stripe's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentRequestStripe {
    /// Who pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// The payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_intent_id: Option<String>,
    /// The subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription_id: Option<String>,
}

/// What Natural knows a request by. All are ids of Natural's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentRequestNatural {
    /// The request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_request_id: Option<String>,
    /// The payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
}
