//! Payment requests: `/v3/payment_requests`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Handle, PaymentRequestId, Timestamp, page::Page};

/// A payment request to create: the body of `POST /v3/payment_requests`.
///
/// A request is either for an amount or for the price of a subscription; the API rejects requests with fields of
/// both.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct NewPaymentRequest {
    /// The [mode](PaymentRequestMode): one payment or a subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<PaymentRequestMode>,
    /// The amount in the smallest unit of the currency, such as cents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// The currency as a three-letter code, such as `usd`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The id of the price at the payment provider. It determines the amount and the interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_id: Option<String>,
    /// The quantity, in units of the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u64>,
    /// The description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The [discount](Discount).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Discount>,
    /// The length of the trial period in days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial_period_days: Option<u32>,
    /// When the trial period ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial_end: Option<Timestamp>,
    /// The line to send from, in E.164 form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Handle>,
    /// The handle of the payer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_handle: Option<Handle>,
    /// The id of the customer at the payment provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// The [payment provider](PaymentRail) to use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rail: Option<PaymentRail>,
    /// Your own keys and values, stored with the request: up to 49, with no key starting with `linq_`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
}

impl NewPaymentRequest {
    /// Creates an empty payment request.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a request for one payment: an amount in the smallest unit of the currency, and the three-letter code
    /// of the currency.
    pub fn payment(amount: i64, currency: impl Into<String>) -> Self {
        Self::new().mode(PaymentRequestMode::Payment).amount(amount).currency(currency)
    }

    /// Creates a request for a subscription to this price.
    pub fn subscription(price_id: impl Into<String>) -> Self {
        Self::new().mode(PaymentRequestMode::Subscription).price_id(price_id)
    }

    /// Sets the line to send from.
    #[must_use]
    pub fn from_line(mut self, line: impl Into<Handle>) -> Self {
        self.from = Some(line.into());
        self
    }

    setters! {
        /// Sets the mode: one payment or a subscription.
        mode: PaymentRequestMode,
        /// Sets the amount in the smallest unit of the currency, such as cents.
        plain amount: i64,
        /// Sets the currency as a three-letter code, such as `usd`.
        currency: String,
        /// Sets the id of the price at the payment provider.
        price_id: String,
        /// Sets the quantity, in units of the price.
        plain quantity: u64,
        /// Sets the description.
        description: String,
        /// Sets the discount.
        discount: Discount,
        /// Sets the length of the trial period in days.
        plain trial_period_days: u32,
        /// Sets when the trial period ends.
        plain trial_end: Timestamp,
        /// Sets the handle of the payer.
        payer_handle: Handle,
        /// Sets the id of the customer at the payment provider.
        customer_id: String,
        /// Sets the payment provider to use.
        rail: PaymentRail,
        /// Sets your own keys and values, stored with the request.
        metadata: BTreeMap<String, String>,
    }
}

checks! {
    NewPaymentRequest: from, payer_handle;
}

open_enum! {
    /// The mode of a payment request.
    pub enum PaymentRequestMode {
        /// One payment.
        Payment = "payment",
        /// Recurring payments.
        Subscription = "subscription",
    }
}

open_enum! {
    /// The payment provider of a request.
    pub enum PaymentRail {
        /// Stripe.
        Stripe = "stripe",
        /// Natural.
        Natural = "natural",
    }
}

/// A discount of a payment request.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Discount {
    /// The id of the coupon at the payment provider; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon: Option<String>,
    /// The promotion code at the payment provider; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotion_code: Option<String>,
    /// The name of the discount shown to the payer; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

impl Discount {
    /// Creates an empty discount.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Sets the id of the coupon at the payment provider.
        coupon: String,
        /// Sets the promotion code at the payment provider.
        promotion_code: String,
        /// Sets the name of the discount shown to the payer.
        label: String,
    }
}

/// One page of payment requests. The cursor of this list is the number of requests to skip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentRequestListResponse {
    /// The [payment requests](PaymentRequest) of this page.
    #[serde(default, deserialize_with = "crate::list::identifying")]
    pub data: Vec<PaymentRequest>,
    /// Whether there are more requests after this page; `None` if the API does not report it.
    #[serde(default, deserialize_with = "crate::list::identifying", skip_serializing_if = "Option::is_none")]
    pub has_more: Option<bool>,
    /// The type of the object: `list`; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
}

impl Page for PaymentRequestListResponse {
    type Item = PaymentRequest;

    const CURSOR_PARAMETER: &'static str = "offset";

    fn into_parts(self, cursor: Option<&str>) -> (Vec<PaymentRequest>, Option<String>) {
        let skipped: u64 = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
        let next = skipped.saturating_add(self.data.len() as u64);
        (self.data, self.has_more.unwrap_or_default().then(|| next.to_string()))
    }
}

/// A payment request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentRequest {
    /// The id of the payment request.
    pub id: PaymentRequestId,
    /// The type of the object; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// The [status](PaymentRequestStatus); `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PaymentRequestStatus>,
    /// The [mode](PaymentRequestMode); `None` in some webhooks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<PaymentRequestMode>,
    /// The amount in the smallest unit of the currency, such as cents; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// The currency as a three-letter code, such as `usd`; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The URL of the checkout page, to send to the payer; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkout_url: Option<String>,
    /// When the request was created; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When the request last changed; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// When the request expires; `None` if it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// When the request was paid; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Timestamp>,
    /// The description; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The [discount](Discount); `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Discount>,
    /// The id of the price at the payment provider; `None` for requests for an amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_id: Option<String>,
    /// The quantity, in units of the price; `None` for requests for an amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u64>,
    /// The [unit](PaymentInterval) of the interval between payments of a subscription; `None` for one payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<PaymentInterval>,
    /// The number of units in the interval between payments of a subscription; `None` for one payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_count: Option<u64>,
    /// When the trial period ends; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial_end: Option<Timestamp>,
    /// The [payment provider](PaymentRail); `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rail: Option<PaymentRail>,
    /// The [ids](PaymentRequestStripe) at Stripe; `None` with other providers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stripe: Option<PaymentRequestStripe>,
    /// The [ids](PaymentRequestNatural) at Natural; `None` with other providers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub natural: Option<PaymentRequestNatural>,
    /// Your own keys and values.
    #[serde(
        default,
        deserialize_with = "crate::list::map_or_empty",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub metadata: BTreeMap<String, String>,
}

open_enum! {
    /// The status of a payment request.
    pub enum PaymentRequestStatus {
        /// The payer has not paid yet.
        Requested = "requested",
        /// The amount is authorized but not captured.
        Authorized = "authorized",
        /// The request is paid.
        Succeeded = "succeeded",
        /// The request was canceled.
        Canceled = "canceled",
        /// The request was not paid in time.
        Expired = "expired",
        /// The payment was declined.
        Declined = "declined",
        /// The payment failed. It occurs in webhooks only.
        Failed = "failed",
    }
}

open_enum! {
    /// The unit of the interval between payments of a subscription.
    pub enum PaymentInterval {
        /// A day.
        Day = "day",
        /// A week.
        Week = "week",
        /// A month.
        Month = "month",
        /// A year.
        Year = "year",
    }
}

/// The ids of a payment request at Stripe. Each is `None` until it exists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentRequestStripe {
    /// The id of the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// The id of the payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_intent_id: Option<String>,
    /// The id of the subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription_id: Option<String>,
}

/// The ids of a payment request at Natural. Each is `None` until it exists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentRequestNatural {
    /// The id of the payment request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_request_id: Option<String>,
    /// The id of the payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
}
