//! `/v3/blocked_handles`

use linq_types::{
    Operation,
    blocked_handles::{
        BlockedHandleBlockResponse, BlockedHandleListResponse, NewBlockedHandle, UnblockHandle,
    },
};

use crate::{Call, request::RequestSpec};

json_body! {
    NewBlockedHandle;
    UnblockHandle;
}

resource! {
    /// A handle on your block list.
    BlockedHandles
}

impl<'c, C> BlockedHandles<'c, C> {
    /// Lists the handles on the block list. This list has no pages.
    ///
    /// `GET /v3/blocked_handles` ([reference](https://docs.linqapp.com/api/resources/blocked_handles/methods/list)).
    pub fn list(&self) -> Call<'c, C, BlockedHandleListResponse> {
        Call::json(self.client, RequestSpec::new(Operation::BlockedHandlesList, &[]))
    }

    /// Adds a handle to the block list.
    ///
    /// `POST /v3/blocked_handles` ([reference](https://docs.linqapp.com/api/resources/blocked_handles/methods/block)).
    /// From then on, direct messages from the handle are dropped without a webhook, and sends to it in
    /// a direct chat are refused with [`ErrorCode::HANDLE_BLOCKED`] (2026). Groups are not affected. The API takes no
    /// idempotency key here, so an attempt that may have been executed is not retried.
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq::types::blocked_handles::NewBlockedHandle;
    ///
    /// let block_list = client.blocked_handles();
    /// block_list.block("+12025550199").await?;
    /// block_list.block(NewBlockedHandle::new("24365").reason("Advertising")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn block(&self, handle: impl Into<NewBlockedHandle>) -> Call<'c, C, BlockedHandleBlockResponse> {
        Call::json(self.client, RequestSpec::new(Operation::BlockedHandlesBlock, &[]).body(handle.into()))
    }

    /// Removes a handle from the block list.
    ///
    /// `DELETE /v3/blocked_handles` ([reference](https://docs.linqapp.com/api/resources/blocked_handles/methods/unblock)).
    pub fn unblock(&self, handle: impl Into<UnblockHandle>) -> Call<'c, C, ()> {
        Call::empty(self.client, RequestSpec::new(Operation::BlockedHandlesUnblock, &[]).body(handle.into()))
    }
}
