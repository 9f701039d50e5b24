use http::Method;
use linq_types::{
    Handle,
    payments::{PaymentHandleConnection, VerifyPaymentHandle},
};

use crate::{Call, request::RequestSpec};

json_body! {
    VerifyPaymentHandle;
}

resource! {
    /// A person who pays: the connection that payments are made by.
    PaymentHandles { handle: Handle }
}

impl<'c, C> PaymentHandles<'c, C> {
    /// Begins to connect the person.
    ///
    /// `POST /v3/payments/handles/{handle}/connect`. The person gets a code; [`verify`](Self::verify) takes it,
    /// together with the id in the answer.
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, code: String) -> Result<(), linq_core::Error> {
    /// use linq_core::types::payments::VerifyPaymentHandle;
    ///
    /// let begun = client.payments().handle("+12025550199").connect().await?;
    /// if let Some(connect_id) = begun.connect_id {
    ///     let proof = VerifyPaymentHandle::new(connect_id, code);
    ///     client.payments().handle("+12025550199").verify(proof).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn connect(self) -> Call<'c, C, PaymentHandleConnection> {
        let route = "/v3/payments/handles/{handle}/connect";
        Call::json(self.client, RequestSpec::new(Method::POST, route, &[self.handle.as_str()]))
    }

    /// Completes the connection with the code that the person got.
    ///
    /// `POST /v3/payments/handles/{handle}/verify`.
    pub fn verify(self, verify: VerifyPaymentHandle) -> Call<'c, C, PaymentHandleConnection> {
        let route = "/v3/payments/handles/{handle}/verify";
        let spec = RequestSpec::new(Method::POST, route, &[self.handle.as_str()]);
        Call::json(self.client, spec.body(verify))
    }

    /// Gets how far the connection has got.
    ///
    /// `GET /v3/payments/handles/{handle}/connection`
    pub fn connection(self) -> Call<'c, C, PaymentHandleConnection> {
        let route = "/v3/payments/handles/{handle}/connection";
        Call::json(self.client, RequestSpec::new(Method::GET, route, &[self.handle.as_str()]))
    }

    /// Ends the connection: no more payments can be made for the person.
    ///
    /// `DELETE /v3/payments/handles/{handle}/connection`.
    pub fn revoke(self) -> Call<'c, C, PaymentHandleConnection> {
        let route = "/v3/payments/handles/{handle}/connection";
        Call::json(self.client, RequestSpec::new(Method::DELETE, route, &[self.handle.as_str()]))
    }
}
