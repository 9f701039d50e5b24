//! Payments that agents make on behalf of people: `/v3/payments`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Handle, PaymentConnectId, PaymentId, Secret};

/// A payment to create: the body of `POST /v3/payments`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct NewPayment {
    /// The handle of the payer.
    pub handle: Handle,
    /// The amount in cents.
    pub amount_cents: i64,
    /// The currency as a three-letter code, such as `usd`.
    pub currency: String,
    /// The description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The [merchant](Merchant) that is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant: Option<Merchant>,
    /// Your own keys and values, stored with the payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
}

impl NewPayment {
    /// Creates a payment by a payer: an amount in cents, and the three-letter code of the currency.
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
        /// Sets the description.
        description: String,
        /// Sets the merchant that is paid.
        merchant: Merchant,
        /// Sets your own keys and values, stored with the payment.
        metadata: BTreeMap<String, String>,
    }
}

checks! {
    NewPayment: handle;
}

/// The [merchant](Merchant) that is paid.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Merchant {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The URL of the website.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Merchant {
    /// Creates a merchant without name and website.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Sets the name.
        name: String,
        /// Sets the URL of the website.
        url: String,
    }
}

/// A payment. A field is `None` if the API does not report it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Payment {
    /// The id of the payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<PaymentId>,
    /// The [status](PaymentStatus).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PaymentStatus>,
    /// The handle of the payer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<Handle>,
    /// The amount in cents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_cents: Option<i64>,
    /// The currency as a three-letter code, such as `usd`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The [merchant](Merchant) that is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant: Option<Merchant>,
    /// Your own keys and values.
    #[serde(
        default,
        deserialize_with = "crate::list::map_or_empty",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub metadata: BTreeMap<String, String>,
    /// The URL of the page where the payer approves the payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval_url: Option<String>,
    /// The URL of the page where the payer adds a payment method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attach_url: Option<String>,
}

open_enum! {
    /// The status of a payment.
    pub enum PaymentStatus {
        /// The payer has to be connected first.
        NeedsConnection = "needs_connection",
        /// The payer is being connected.
        Connecting = "connecting",
        /// The payer has to act.
        AwaitingUserAction = "awaiting_user_action",
        /// The credentials can be retrieved.
        Ready = "ready",
        /// The amount is authorized but not captured.
        Authorized = "authorized",
        /// The payment is made.
        Succeeded = "succeeded",
        /// The payment was declined.
        Declined = "declined",
        /// The payment was canceled.
        Canceled = "canceled",
        /// The payment expired.
        Expired = "expired",
    }
}

/// The response to retrieving the credentials of a payment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentCredentialsResponse {
    /// The [card handoff](PaymentHandoff); `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handoff: Option<PaymentHandoff>,
}

/// The data to fetch a card from its provider. `Debug` redacts the [`Secret`]s.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentHandoff {
    /// The name of the provider; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The reference of the card at the provider; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_ref: Option<Secret>,
    /// The URL to fetch the card from; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetch_url: Option<Secret>,
    /// The token that authorizes fetching the card; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_token: Option<Secret>,
}

/// A connection with a payment provider to start: the body of `POST /v3/payments/providers/{provider}/connect`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ConnectPaymentProvider {
    /// The URL of yours that the pages of the provider redirect to.
    pub return_url: String,
}

impl ConnectPaymentProvider {
    /// Creates the body with this return URL.
    pub fn new(return_url: impl Into<String>) -> Self {
        Self { return_url: return_url.into() }
    }
}

/// The response to starting a connection with a payment provider. A field is `None` if the API does not report it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentProviderConnectResponse {
    /// The URL of the page of the provider to continue on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hosted_url: Option<String>,
    /// The id of the session at the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// The status. The values are not documented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// A payment provider and its status for your account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentProvider {
    /// The name of the provider; `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The [status](PaymentProviderStatus); `None` if the API does not report it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PaymentProviderStatus>,
}

open_enum! {
    /// The status of a payment provider.
    pub enum PaymentProviderStatus {
        /// The provider is being set up.
        Onboarding = "onboarding",
        /// The provider can be used.
        Ready = "ready",
        /// The provider is disabled.
        Disabled = "disabled",
    }
}

/// A verification of a person: the body of `POST /v3/payments/handles/{handle}/verify`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct VerifyPaymentHandle {
    /// The id from [`PaymentHandleConnection::connect_id`].
    pub connect_id: PaymentConnectId,
    /// The code that the person received.
    pub code: Secret,
}

impl VerifyPaymentHandle {
    /// Creates a verification of a connection with the code that the person received.
    pub fn new(connect_id: impl Into<PaymentConnectId>, code: impl Into<Secret>) -> Self {
        Self { connect_id: connect_id.into(), code: code.into() }
    }
}

/// The payment connection with a person. A field is `None` if the API does not report it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentHandleConnection {
    /// The id of the connection, required by [`VerifyPaymentHandle`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect_id: Option<PaymentConnectId>,
    /// The handle of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<Handle>,
    /// The [status](PaymentHandleStatus).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PaymentHandleStatus>,
}

open_enum! {
    /// The status of the payment connection with a person.
    pub enum PaymentHandleStatus {
        /// There is no connection.
        NotConnected = "not_connected",
        /// The connection waits for the verification code.
        Pending = "pending",
        /// Payments can be made for the person.
        Connected = "connected",
        /// The connection was revoked.
        Revoked = "revoked",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_redacts_what_gives_access_to_a_card() {
        let json = r#"{"handoff":{"provider":"agentcard","card_ref":"hidden-1",
            "fetch_url":"https://example.com/hidden-2","user_token":"hidden-3"}}"#;
        let credentials: PaymentCredentialsResponse = serde_json::from_str(json).unwrap();
        let printed = format!("{credentials:?} {:?}", VerifyPaymentHandle::new("c", "hidden-4"));
        assert!(printed.contains("agentcard") && !printed.contains("hidden"), "{printed}");
        assert_eq!(credentials.handoff.unwrap().user_token.unwrap().expose(), "hidden-3");
    }
}
