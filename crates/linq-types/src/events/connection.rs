use super::table::event_payloads;
use crate::payment_requests::PaymentRequest;

event_payloads! {
    PaymentRequest: {
        /// Somebody is connected, so that payments can be made for them.
        ///
        /// The service describes the payload of connections with the fields of a payment.
        #[doc(alias = "ConnectionCreatedWebhookEvent")]
        ConnectionCreated;
        /// Somebody is no longer connected.
        ///
        /// The service describes the payload of connections with the fields of a payment.
        #[doc(alias = "ConnectionRevokedWebhookEvent")]
        ConnectionRevoked;
    }
}
