use linq_types::{
    PaymentConnectId, PaymentId, PaymentRequestId, Timestamp,
    payment_requests::{NewPaymentRequest, PaymentRail, PaymentRequestMode, PaymentRequestStatus},
    payments::{NewPayment, PaymentHandleStatus, PaymentStatus},
};

use crate::clock::Moment;

/// A payment request.
pub(crate) struct PaymentRequest {
    pub(crate) id: PaymentRequestId,
    pub(crate) asked: NewPaymentRequest,
    pub(crate) mode: PaymentRequestMode,
    pub(crate) rail: PaymentRail,
    pub(crate) status: PaymentRequestStatus,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) checkout_url: String,
    pub(crate) trial_end: Option<Timestamp>,
    pub(crate) created_at: Moment,
    pub(crate) updated_at: Moment,
    pub(crate) expires_at: Moment,
    pub(crate) paid_at: Option<Moment>,
    /// The payment service's id of the transaction; `None` until it is paid.
    pub(crate) receipt: Option<String>,
}

/// A payment that is made for a person.
pub(crate) struct Payment {
    pub(crate) id: PaymentId,
    pub(crate) asked: NewPayment,
    pub(crate) status: PaymentStatus,
}

/// The consent of a person to payments being made for them.
pub(crate) struct Connection {
    pub(crate) id: PaymentConnectId,
    pub(crate) status: PaymentHandleStatus,
    /// The verification code that was sent to the person.
    pub(crate) code: String,
}
