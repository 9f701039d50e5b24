use linq_types::{
    Operation,
    payments::{ConnectPaymentProvider, PaymentProvider, PaymentProviderConnectResponse},
};

use crate::{Call, request::RequestSpec};

json_body! {
    ConnectPaymentProvider;
}

resource! {
    /// A handle on a provider of cards.
    PaymentProviders { provider: String }
}

impl<'c, C> PaymentProviders<'c, C> {
    /// Returns the connection of your account with the provider.
    ///
    /// `GET /v3/payments/providers/{provider}` ([reference](https://docs.linqapp.com/api/resources/payment_providers/methods/retrieve)).
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such provider ([`is_not_found`](crate::Error::is_not_found)).
    pub fn retrieve(&self) -> Call<'c, C, PaymentProvider> {
        Call::json(self.client, RequestSpec::new(Operation::PaymentProvidersRetrieve, &[&self.provider]))
    }

    /// Starts to connect your account with the provider.
    ///
    /// `POST /v3/payments/providers/{provider}/connect` ([reference](https://docs.linqapp.com/api/resources/payment_providers/methods/connect)).
    /// The response has the URL of the provider's page to continue on, which leads back to the URL
    /// given here. [`retrieve`](Self::retrieve) tells when the provider is ready.
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq::types::payments::ConnectPaymentProvider;
    ///
    /// let back = ConnectPaymentProvider::new("https://example.com/connected");
    /// let started = client.payments().provider("agentcard").connect(back).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn connect(
        &self,
        connect: ConnectPaymentProvider,
    ) -> Call<'c, C, PaymentProviderConnectResponse> {
        let spec = RequestSpec::new(Operation::PaymentProvidersConnect, &[&self.provider]);
        Call::json(self.client, spec.body(connect))
    }
}
