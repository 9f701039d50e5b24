use http::Method;
use linq_types::payments::{ConnectPaymentProvider, PaymentProvider, PaymentProviderConnectResponse};

use crate::{Call, request::RequestSpec};

json_body! {
    ConnectPaymentProvider;
}

resource! {
    /// A provider of cards.
    PaymentProviders { provider: String }
}

impl<'c, C> PaymentProviders<'c, C> {
    /// Gets how your account stands with the provider.
    ///
    /// `GET /v3/payments/providers/{provider}`
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) when there is no such provider.
    pub fn retrieve(self) -> Call<'c, C, PaymentProvider> {
        let route = "/v3/payments/providers/{provider}";
        Call::json(self.client, RequestSpec::new(Method::GET, route, &[&self.provider]))
    }

    /// Begins to connect your account with the provider.
    ///
    /// `POST /v3/payments/providers/{provider}/connect`. The answer says where to go on: the provider's pages, which
    /// lead back to the address given here. [`retrieve`](Self::retrieve) tells when the provider is ready.
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq_core::types::payments::ConnectPaymentProvider;
    ///
    /// let back = ConnectPaymentProvider::new("https://example.com/connected");
    /// let begun = client.payments().provider("agentcard").connect(back).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn connect(
        self,
        connect: ConnectPaymentProvider,
    ) -> Call<'c, C, PaymentProviderConnectResponse> {
        let route = "/v3/payments/providers/{provider}/connect";
        let spec = RequestSpec::new(Method::POST, route, &[&self.provider]);
        Call::json(self.client, spec.body(connect))
    }
}
