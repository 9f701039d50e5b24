//! `/v3/payment_requests`

use http::Method;
use linq_types::{
    PaymentRequestId,
    payment_requests::{
        NewPaymentRequest, PaymentRequest, PaymentRequestListParams, PaymentRequestListResponse,
    },
};

use crate::{Call, request::RequestSpec};

const ROUTE: &str = "/v3/payment_requests";

json_body! {
    NewPaymentRequest;
}

resource! {
    /// Payment requests: asking people for money.
    PaymentRequests
}

impl<'c, C> PaymentRequests<'c, C> {
    /// Makes a request for money: the answer has the link to pay by.
    ///
    /// `POST /v3/payment_requests`. The link is not sent to anybody: send it in a message. Webhooks of the `payment`
    /// kind tell what becomes of it. The request is made once, however often it must be repeated, by the idempotency
    /// key in the header.
    ///
    /// # Errors
    ///
    /// Worth matching: 2011 (no account at the payment service is connected). Fields of a payment and of a subscription
    /// together are refused.
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// use linq_core::types::{parts::Part, payment_requests::NewPaymentRequest};
    ///
    /// let deposit = NewPaymentRequest::payment(2500, "usd").description("Table deposit");
    /// let request = client.payment_requests().create(deposit).await?;
    /// client.chats().messages(&chat).send(Part::link(request.checkout_url)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(self, request: NewPaymentRequest) -> Call<'c, C, PaymentRequest> {
        let spec = RequestSpec::new(Method::POST, ROUTE, &[]).body(request).with_key_header();
        Call::json(self.client, spec)
    }

    /// Gets a request: whether it is paid.
    ///
    /// `GET /v3/payment_requests/{paymentRequestId}`
    ///
    /// # Errors
    ///
    /// Worth matching: 2021 (no such request).
    pub fn retrieve(self, request: impl Into<PaymentRequestId>) -> Call<'c, C, PaymentRequest> {
        let request = request.into();
        let route = "/v3/payment_requests/{paymentRequestId}";
        Call::json(self.client, RequestSpec::new(Method::GET, route, &[request.as_str()]))
    }

    /// Lists your requests: up to 20 of them unless a limit is set, up to 100 with one.
    ///
    /// `GET /v3/payment_requests`. This list is paged by numbers: as long as the answer says
    /// [`has_more`](PaymentRequestListResponse::has_more), ask again with an offset that is larger by what came.
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq_core::types::payment_requests::{PaymentRequestListParams, PaymentRequestStatus};
    ///
    /// let paid = PaymentRequestListParams::new().status(PaymentRequestStatus::Succeeded).limit(100);
    /// for request in client.payment_requests().list(paid).await?.data {
    ///     println!("{}: {} {}", request.id, request.amount, request.currency);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(self, params: PaymentRequestListParams) -> Call<'c, C, PaymentRequestListResponse> {
        let mut spec = RequestSpec::new(Method::GET, ROUTE, &[]);
        spec.query.set_given("limit", params.limit.map(|limit| limit.to_string()));
        spec.query.set_given("offset", params.offset.map(|offset| offset.to_string()));
        spec.query.set_given("status", params.status.map(|status| status.to_string()));
        Call::json(self.client, spec)
    }

    /// Calls a request off: its link can no longer be paid. The `payment.canceled` webhook tells of it too.
    ///
    /// `POST /v3/payment_requests/{paymentRequestId}/cancel`. The API takes no idempotency key here, so an attempt
    /// that may have been executed is not repeated.
    ///
    /// # Errors
    ///
    /// Worth matching: 2021 (no such request). A request that is paid, called off or expired is refused with the
    /// status 409.
    pub fn cancel(self, request: impl Into<PaymentRequestId>) -> Call<'c, C, PaymentRequest> {
        let request = request.into();
        let route = "/v3/payment_requests/{paymentRequestId}/cancel";
        Call::json(self.client, RequestSpec::new(Method::POST, route, &[request.as_str()]))
    }
}
