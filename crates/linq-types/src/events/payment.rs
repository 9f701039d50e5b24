use super::table::event_payloads;
use crate::payment_requests::PaymentRequest;

event_payloads! {
    PaymentRequest: {
        /// Money that was asked for is paid.
        #[doc(alias = "PaymentSucceededWebhookEvent")]
        PaymentSucceeded;
        /// A payment was called off.
        #[doc(alias = "PaymentCanceledWebhookEvent")]
        PaymentCanceled;
        /// A payment was not made in time.
        #[doc(alias = "PaymentExpiredWebhookEvent")]
        PaymentExpired;
        /// A payment was refused.
        #[doc(alias = "PaymentDeclinedWebhookEvent")]
        PaymentDeclined;
        /// The amount of a payment was set aside.
        #[doc(alias = "PaymentAuthorizedWebhookEvent")]
        PaymentAuthorized;
    }
}
