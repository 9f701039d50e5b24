//! `/v3/payment_requests`

use linq_types::{
    Operation, PaymentRequestId,
    payment_requests::{
        NewPaymentRequest, PaymentRequest, PaymentRequestListResponse, PaymentRequestStatus,
    },
};

use crate::{Call, List, request::RequestSpec};

json_body! {
    NewPaymentRequest, check;
}

resource! {
    /// A handle on payment requests, which ask people for money.
    PaymentRequests
}

impl<'c, C> PaymentRequests<'c, C> {
    /// Creates a payment request. The response has the link to pay by.
    ///
    /// `POST /v3/payment_requests` ([reference](https://docs.linqapp.com/api/resources/payment_requests/methods/create)).
    /// The service does not send the link: send it in a message. Webhooks of the `payment` kind report
    /// the outcome. The idempotency key in the header keeps retries from creating a second request.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::FEATURE_NOT_ENABLED`] (2011): no account at the payment service is connected
    ///
    /// Fields of a payment and of a subscription together are refused.
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// use linq::types::{parts::Part, payment_requests::NewPaymentRequest};
    ///
    /// let deposit = NewPaymentRequest::payment(2500, "usd").description("Table deposit");
    /// let request = client.payment_requests().create(deposit).await?;
    /// if let Some(url) = request.checkout_url {
    ///     client.chats().messages(&chat).send(Part::link(url)).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(&self, request: NewPaymentRequest) -> Call<'c, C, PaymentRequest> {
        Call::json(self.client, RequestSpec::new(Operation::PaymentRequestsCreate, &[]).body(request))
    }

    /// Returns a payment request, with its status.
    ///
    /// `GET /v3/payment_requests/{paymentRequestId}` ([reference](https://docs.linqapp.com/api/resources/payment_requests/methods/retrieve)).
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::PAYMENT_REQUEST_NOT_FOUND`] (2021): there is no such payment request
    pub fn retrieve(&self, request: impl Into<PaymentRequestId>) -> Call<'c, C, PaymentRequest> {
        let request = request.into();
        Call::json(self.client, RequestSpec::new(Operation::PaymentRequestsRetrieve, &[request.as_str()]))
    }

    /// Lists your payment requests, all of them or those with one status.
    ///
    /// `GET /v3/payment_requests` ([reference](https://docs.linqapp.com/api/resources/payment_requests/methods/list)).
    /// Select with [`status`](List::status). A page has up to 100 requests, 20 by default. The list is paged by number: its cursor is the
    /// number of requests to skip, which [`offset`](List::offset) sets.
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq::types::payment_requests::PaymentRequestStatus;
    ///
    /// let mut paid = client.payment_requests().list().status(PaymentRequestStatus::Succeeded).limit(100).items();
    /// while let Some(request) = paid.next().await {
    ///     let request = request?;
    ///     println!("{}: {:?} {:?}", request.id, request.amount, request.currency);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> List<'c, C, PaymentRequestListResponse> {
        List::new(self.client, RequestSpec::new(Operation::PaymentRequestsList, &[]))
    }

    /// Cancels a payment request: its link can no longer be paid.
    ///
    /// `POST /v3/payment_requests/{paymentRequestId}/cancel` ([reference](https://docs.linqapp.com/api/resources/payment_requests/methods/cancel)).
    /// The `payment.canceled` webhook reports it too. The API takes no idempotency key here, so an
    /// attempt that may have been executed is not retried.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::PAYMENT_REQUEST_NOT_FOUND`] (2021): there is no such payment request
    ///
    /// The status is 409 ([`is_conflict`](crate::Error::is_conflict)) if it is paid, canceled or expired.
    pub fn cancel(&self, request: impl Into<PaymentRequestId>) -> Call<'c, C, PaymentRequest> {
        let request = request.into();
        Call::json(self.client, RequestSpec::new(Operation::PaymentRequestsCancel, &[request.as_str()]))
    }
}

/// The filters of [`PaymentRequests::list`].
impl<C> List<'_, C, PaymentRequestListResponse> {
    /// Lists only the payment requests with this status.
    pub fn status(self, status: impl Into<PaymentRequestStatus>) -> Self {
        self.with_query("status", status.into().as_str())
    }

    /// Skips this many payment requests.
    pub fn offset(self, offset: u64) -> Self {
        self.cursor(offset.to_string())
    }
}
