//! `/v3/blocked_handles`

use http::Method;
use linq_types::blocked_handles::{
    BlockedHandleBlockResponse, BlockedHandleListResponse, NewBlockedHandle, UnblockHandle,
};

use crate::{Call, request::RequestSpec};

const ROUTE: &str = "/v3/blocked_handles";

json_body! {
    NewBlockedHandle;
    UnblockHandle;
}

resource! {
    /// Your block list.
    BlockedHandles
}

impl<'c, C> BlockedHandles<'c, C> {
    /// Lists everybody who is blocked, all at once.
    ///
    /// `GET /v3/blocked_handles`
    pub fn list(self) -> Call<'c, C, BlockedHandleListResponse> {
        Call::json(self.client, RequestSpec::new(Method::GET, ROUTE, &[]))
    }

    /// Puts somebody on the block list.
    ///
    /// `POST /v3/blocked_handles`. From then on their direct messages are dropped without a webhook, and sending
    /// to them in a direct chat is refused with the code 2026; groups are not concerned. The API takes no
    /// idempotency key here, so an attempt that may have been executed is not repeated.
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq_core::types::blocked_handles::NewBlockedHandle;
    ///
    /// client.blocked_handles().block("+12025550199").await?;
    /// client.blocked_handles().block(NewBlockedHandle::new("24365").reason("Advertising")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn block(self, handle: impl Into<NewBlockedHandle>) -> Call<'c, C, BlockedHandleBlockResponse> {
        Call::json(self.client, RequestSpec::new(Method::POST, ROUTE, &[]).body(handle.into()))
    }

    /// Takes somebody off the block list.
    ///
    /// `DELETE /v3/blocked_handles`
    pub fn unblock(self, handle: impl Into<UnblockHandle>) -> Call<'c, C, ()> {
        Call::empty(self.client, RequestSpec::new(Method::DELETE, ROUTE, &[]).body(handle.into()))
    }
}
