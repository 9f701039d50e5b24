use super::table::event_payloads;
use crate::payment_requests::PaymentRequest;

event_payloads! {
    PaymentRequest: {
        /// A requested payment was paid.
        #[doc(alias = "PaymentSucceededWebhookEvent")]
        PaymentSucceeded;
        /// A payment was canceled.
        #[doc(alias = "PaymentCanceledWebhookEvent")]
        PaymentCanceled;
        /// A payment expired before it was paid.
        #[doc(alias = "PaymentExpiredWebhookEvent")]
        PaymentExpired;
        /// A payment was declined.
        #[doc(alias = "PaymentDeclinedWebhookEvent")]
        PaymentDeclined;
        /// The amount of a payment was authorized.
        #[doc(alias = "PaymentAuthorizedWebhookEvent")]
        PaymentAuthorized;
    }
}
