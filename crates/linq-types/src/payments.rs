//! Payments that agents make for people: `/v3/payments`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Handle, PaymentConnectId, PaymentId, Secret};

/// A payment to make: the body of `POST /v3/payments`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewPayment {
    /// Who pays.
    pub handle: Handle,
    /// How much, in cents.
    pub amount_cents: i64,
    /// The currency, three letters such as `usd`.
    pub currency: String,
    /// What for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant: Option<Merchant>,
    /// Your own names and values, kept with the payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
}

impl NewPayment {
    /// A payment by this person, of so many cents of this currency.
    pub fn new(handle: impl Into<Handle>, amount_cents: i64, currency: impl Into<String>) -> Self {
        Self {
            handle: handle.into(),
            amount_cents,
            currency: currency.into(),
            description: None,
            merchant: None,
            metadata: None,
        }
    }

    setters! {
        /// Says what for.
        description: String,
        /// Says who is paid.
        merchant: Merchant,
        /// Keeps your own names and values with the payment.
        metadata: BTreeMap<String, String>,
    }
}

/// Who is paid.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Merchant {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The address on the web.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Merchant {
    /// A merchant without name and address.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Sets the name.
        name: String,
        /// Sets the address on the web.
        url: String,
    }
}

/// A payment, and how far it has got.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Payment {
    /// The payment's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<PaymentId>,
    /// How far it has got.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PaymentStatus>,
    /// Who pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<Handle>,
    /// How much, in cents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_cents: Option<i64>,
    /// The currency, three letters such as `usd`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// What for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant: Option<Merchant>,
    /// Your own names and values.
    #[serde(default, deserialize_with = "crate::list::or_empty", skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
    /// Where the person approves the payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval_url: Option<String>,
    /// Where the person attaches a way to pay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attach_url: Option<String>,
}

open_enum! {
    /// How far a payment has got.
    pub enum PaymentStatus {
        /// The person must be connected first.
        NeedsConnection = "needs_connection",
        /// The person is being connected.
        Connecting = "connecting",
        /// The person has something to do.
        AwaitingUserAction = "awaiting_user_action",
        /// The credentials can be had.
        Ready = "ready",
        /// The amount is set aside.
        Authorized = "authorized",
        /// It is paid.
        Succeeded = "succeeded",
        /// It was refused.
        Declined = "declined",
        /// It was called off.
        Canceled = "canceled",
        /// It took too long.
        Expired = "expired",
    }
}

/// What a payment is made with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentCredentialsResponse {
    /// How to get the card from the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handoff: Option<PaymentHandoff>,
}

/// How to get a card from its provider. What leads to the card is not shown by `Debug`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentHandoff {
    /// The provider's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The provider's name of the card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_ref: Option<Secret>,
    /// Where the provider gives the card out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetch_url: Option<Secret>,
    /// What the provider gives it out for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_token: Option<Secret>,
}

/// A provider to connect your account with: the body of `POST /v3/payments/providers/{provider}/connect`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ConnectPaymentProvider {
    /// Where the provider's pages lead in the end: an address of yours.
    pub return_url: String,
}

impl ConnectPaymentProvider {
    /// Connects, and comes back to this address.
    pub fn new(return_url: impl Into<String>) -> Self {
        Self { return_url: return_url.into() }
    }
}

/// A connection with a provider that was begun.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentProviderConnectResponse {
    /// Where to go on: the provider's pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hosted_url: Option<String>,
    /// The provider's id of this attempt to connect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// How far it has got, in the service's own words: the values are not fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// A provider, and how your account stands with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentProvider {
    /// The provider's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Whether it can be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PaymentProviderStatus>,
}

open_enum! {
    /// Whether a provider can be used.
    pub enum PaymentProviderStatus {
        /// Not yet: it is being set up.
        Onboarding = "onboarding",
        /// It can.
        Ready = "ready",
        /// It is switched off.
        Disabled = "disabled",
    }
}

/// What proves that a person agrees: the body of `POST /v3/payments/handles/{handle}/verify`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VerifyPaymentHandle {
    /// The id that connecting gave.
    pub connect_id: PaymentConnectId,
    /// The code that the person got.
    pub code: Secret,
}

impl VerifyPaymentHandle {
    /// The person's code for this connection.
    pub fn new(connect_id: impl Into<PaymentConnectId>, code: impl Into<Secret>) -> Self {
        Self { connect_id: connect_id.into(), code: code.into() }
    }
}

/// Whether payments can be made for a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentHandleConnection {
    /// The id of the connection; verifying asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect_id: Option<PaymentConnectId>,
    /// The person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<Handle>,
    /// How far it has got.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PaymentHandleStatus>,
}

open_enum! {
    /// How far the connection with a person has got.
    pub enum PaymentHandleStatus {
        /// There is none.
        NotConnected = "not_connected",
        /// It was begun: the person's code is awaited.
        Pending = "pending",
        /// Payments can be made.
        Connected = "connected",
        /// It was ended.
        Revoked = "revoked",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_to_a_card_is_never_printed() {
        let json = r#"{"handoff":{"provider":"agentcard","card_ref":"hidden-1",
            "fetch_url":"https://example.com/hidden-2","user_token":"hidden-3"}}"#;
        let credentials: PaymentCredentialsResponse = serde_json::from_str(json).unwrap();
        let printed = format!("{credentials:?} {:?}", VerifyPaymentHandle::new("c", "hidden-4"));
        assert!(printed.contains("agentcard") && !printed.contains("hidden"), "{printed}");
        assert_eq!(credentials.handoff.unwrap().user_token.unwrap().expose(), "hidden-3");
    }
}
