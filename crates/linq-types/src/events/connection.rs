use super::table::event_payloads;
use crate::payment_requests::PaymentRequest;

event_payloads! {
    PaymentRequest: {
        /// A handle was connected for payments.
        ///
        /// The reference documents the payload of connections with the fields of a payment.
        #[doc(alias = "ConnectionCreatedWebhookEvent")]
        ConnectionCreated;
        /// The payment connection of a handle was revoked.
        ///
        /// The reference documents the payload of connections with the fields of a payment.
        #[doc(alias = "ConnectionRevokedWebhookEvent")]
        ConnectionRevoked;
    }
}
