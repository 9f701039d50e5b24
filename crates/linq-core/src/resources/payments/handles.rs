use linq_types::{
    Handle, Operation,
    payments::{PaymentHandleConnection, VerifyPaymentHandle},
};

use crate::{Call, request::RequestSpec};

json_body! {
    VerifyPaymentHandle;
}

resource! {
    /// A handle on a person who pays, and the connection that payments are made by.
    PaymentHandles { handle: Handle }
}

impl<'c, C> PaymentHandles<'c, C> {
    /// Starts to connect the person.
    ///
    /// `POST /v3/payments/handles/{handle}/connect` ([reference](https://docs.linqapp.com/api/resources/payment_handles/methods/connect)).
    /// The person gets a code; [`verify`](Self::verify) takes it, together with the id in the response.
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client, code: String) -> Result<(), linq_core::Error> {
    /// use linq::types::payments::VerifyPaymentHandle;
    ///
    /// let person = client.payments().handle("+12025550199");
    /// if let Some(connect_id) = person.connect().await?.connect_id {
    ///     person.verify(VerifyPaymentHandle::new(connect_id, code)).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn connect(&self) -> Call<'c, C, PaymentHandleConnection> {
        Call::json(self.client, self.spec(Operation::PaymentHandlesConnect))
    }

    /// Completes the connection with the code that the person got.
    ///
    /// `POST /v3/payments/handles/{handle}/verify` ([reference](https://docs.linqapp.com/api/resources/payment_handles/methods/verify)).
    pub fn verify(&self, verify: VerifyPaymentHandle) -> Call<'c, C, PaymentHandleConnection> {
        Call::json(self.client, self.spec(Operation::PaymentHandlesVerify).body(verify))
    }

    /// Returns the connection, with its status.
    ///
    /// `GET /v3/payments/handles/{handle}/connection` ([reference](https://docs.linqapp.com/api/resources/payment_handles/methods/connection)).
    pub fn connection(&self) -> Call<'c, C, PaymentHandleConnection> {
        Call::json(self.client, self.spec(Operation::PaymentHandlesConnection))
    }

    /// Revokes the connection: no more payments can be made for the person.
    ///
    /// `DELETE /v3/payments/handles/{handle}/connection` ([reference](https://docs.linqapp.com/api/resources/payment_handles/methods/revoke)).
    pub fn revoke(&self) -> Call<'c, C, PaymentHandleConnection> {
        Call::json(self.client, self.spec(Operation::PaymentHandlesRevoke))
    }

    fn spec(&self, operation: Operation) -> RequestSpec {
        RequestSpec::new(operation, &[self.handle.as_str()]).check_path("handle", &self.handle)
    }
}
