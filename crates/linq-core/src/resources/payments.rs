//! `/v3/payments`

use http::Method;
use linq_types::{
    Handle, PaymentId,
    payments::{NewPayment, Payment, PaymentCredentialsResponse},
};

use crate::{Call, request::RequestSpec};

mod handles;
mod providers;

pub use handles::PaymentHandles;
pub use providers::PaymentProviders;

json_body! {
    NewPayment;
}

resource! {
    /// Payments that agents make for people.
    Payments
}

impl<'c, C> Payments<'c, C> {
    /// Begins a payment for a person.
    ///
    /// `POST /v3/payments`. The status of the answer says what is to be done next: connect the person, let them
    /// approve, or fetch the credentials; [`retrieve`](Self::retrieve) tells when it has changed. It is made once,
    /// however often the request must be repeated, by the idempotency key in the header.
    ///
    /// # Errors
    ///
    /// Worth matching: 2011 (payments are not switched on for your account).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq_core::types::payments::{Merchant, NewPayment};
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
    pub fn create(self, payment: NewPayment) -> Call<'c, C, Payment> {
        let spec = RequestSpec::new(Method::POST, "/v3/payments", &[]);
        Call::json(self.client, spec.body(payment).with_key_header())
    }

    /// Gets a payment: how far it has got.
    ///
    /// `GET /v3/payments/{paymentId}`
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) when there is no such payment.
    pub fn retrieve(self, payment: impl Into<PaymentId>) -> Call<'c, C, Payment> {
        let payment = payment.into();
        let spec = RequestSpec::new(Method::GET, "/v3/payments/{paymentId}", &[payment.as_str()]);
        Call::json(self.client, spec)
    }

    /// Calls a payment off.
    ///
    /// `POST /v3/payments/{paymentId}/cancel`. The API takes no idempotency key here, so an attempt that may have
    /// been executed is not repeated.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) when there is no such payment.
    pub fn cancel(self, payment: impl Into<PaymentId>) -> Call<'c, C, Payment> {
        let payment = payment.into();
        let spec = RequestSpec::new(Method::POST, "/v3/payments/{paymentId}/cancel", &[payment.as_str()]);
        Call::json(self.client, spec)
    }

    /// Gets what a payment that is ready is made with: how to fetch the card from its provider.
    ///
    /// `GET /v3/payments/{paymentId}/credentials`. Whoever has the answer can have the card: `Debug` does not show
    /// what leads there, and neither should your logs.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) when there is no such payment.
    pub fn credentials(self, payment: impl Into<PaymentId>) -> Call<'c, C, PaymentCredentialsResponse> {
        let payment = payment.into();
        let route = "/v3/payments/{paymentId}/credentials";
        Call::json(self.client, RequestSpec::new(Method::GET, route, &[payment.as_str()]))
    }

    /// A provider of cards, by its name.
    #[doc(alias = "payment_providers")]
    pub fn provider(self, provider: impl Into<String>) -> PaymentProviders<'c, C> {
        PaymentProviders { client: self.client, provider: provider.into() }
    }

    /// A person who pays.
    #[doc(alias = "payment_handles")]
    pub fn handle(self, handle: impl Into<Handle>) -> PaymentHandles<'c, C> {
        PaymentHandles { client: self.client, handle: handle.into() }
    }
}
