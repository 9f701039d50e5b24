//! `/v3/payments`

use linq_types::{
    Handle, Operation, PaymentId,
    payments::{NewPayment, Payment, PaymentCredentialsResponse},
};

use crate::{Call, request::RequestSpec};

mod handles;
mod providers;

pub use handles::PaymentHandles;
pub use providers::PaymentProviders;

json_body! {
    NewPayment, check;
}

resource! {
    /// A handle on payments that agents make for people.
    Payments
}

impl<'c, C> Payments<'c, C> {
    /// Creates a payment for a person.
    ///
    /// `POST /v3/payments` ([reference](https://docs.linqapp.com/api/resources/payments/methods/create)).
    /// The status in the response says what to do next: connect the person, let them approve, or fetch the
    /// credentials; [`retrieve`](Self::retrieve) tells when it has changed.
    ///
    /// The idempotency key is sent in the header, but sources disagree whether the API honors it here, and a second charge is
    /// worse than an error. An attempt that may have been executed is therefore not retried: the error has
    /// [`maybe_sent`](crate::Error::maybe_sent) and the [`idempotency_key`](crate::Error::idempotency_key), and
    /// [`retry`](crate::Error::retry) is [`Retry::CheckFirst`](crate::Retry::CheckFirst).
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::FEATURE_NOT_ENABLED`] (2011): payments are not enabled for your account
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq::types::payments::{Merchant, NewPayment};
    ///
    /// let deposit = NewPayment::new("+12025550199", 2500, "usd")
    ///     .description("Table deposit")
    ///     .merchant(Merchant::new().name("Blue Table"));
    /// let payment = client.payments().create(deposit).await?;
    /// if let Some(url) = payment.approval_url {
    ///     println!("to be approved at {url}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(&self, payment: NewPayment) -> Call<'c, C, Payment> {
        Call::json(self.client, RequestSpec::new(Operation::PaymentsCreate, &[]).body(payment))
    }

    /// Returns a payment, with its status.
    ///
    /// `GET /v3/payments/{paymentId}` ([reference](https://docs.linqapp.com/api/resources/payments/methods/retrieve)).
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such payment ([`is_not_found`](crate::Error::is_not_found)).
    pub fn retrieve(&self, payment: impl Into<PaymentId>) -> Call<'c, C, Payment> {
        Call::json(self.client, RequestSpec::new(Operation::PaymentsRetrieve, &[payment.into().as_str()]))
    }

    /// Cancels a payment.
    ///
    /// `POST /v3/payments/{paymentId}/cancel` ([reference](https://docs.linqapp.com/api/resources/payments/methods/cancel)).
    /// The API takes no idempotency key here, so an attempt that may have been executed is not retried.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such payment ([`is_not_found`](crate::Error::is_not_found)).
    pub fn cancel(&self, payment: impl Into<PaymentId>) -> Call<'c, C, Payment> {
        Call::json(self.client, RequestSpec::new(Operation::PaymentsCancel, &[payment.into().as_str()]))
    }

    /// Returns the credentials of a payment that is ready: how to fetch the card from its provider.
    ///
    /// `GET /v3/payments/{paymentId}/credentials` ([reference](https://docs.linqapp.com/api/resources/payments/methods/credentials)).
    /// The response gives access to the card. Its `Debug` redacts the secrets; do not log the response in other ways.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such payment ([`is_not_found`](crate::Error::is_not_found)).
    pub fn credentials(&self, payment: impl Into<PaymentId>) -> Call<'c, C, PaymentCredentialsResponse> {
        Call::json(self.client, RequestSpec::new(Operation::PaymentsCredentials, &[payment.into().as_str()]))
    }

    /// Returns a handle on a provider of cards, by its name.
    #[doc(alias = "payment_providers")]
    pub fn provider(&self, provider: impl Into<String>) -> PaymentProviders<'c, C> {
        PaymentProviders { client: self.client, provider: provider.into() }
    }

    /// Returns a handle on a person who pays.
    #[doc(alias = "payment_handles")]
    pub fn handle(&self, handle: impl Into<Handle>) -> PaymentHandles<'c, C> {
        PaymentHandles { client: self.client, handle: handle.into() }
    }
}
