use http::Method;
use linq_types::{ChatId, Handle, messages::AcceptedResponse, participants::Participant};

use crate::{Call, request::RequestSpec};

const ROUTE: &str = "/v3/chats/{chatId}/participants";

json_body! {
    Participant;
}

resource! {
    /// The participants of one group.
    ChatParticipants { chat: ChatId }
}

impl<'c, C> ChatParticipants<'c, C> {
    /// Adds somebody to the group.
    ///
    /// `POST /v3/chats/{chatId}/participants`. The group needs three members already, and the newcomer must be
    /// reachable by the group's service. The service answers before it adds; the `participant.added` webhook tells
    /// when it has. The API takes no idempotency key here, so an attempt that may have been executed is not repeated.
    ///
    /// # Errors
    ///
    /// Status 409 when the chat is direct, too small or no iMessage group. Worth matching: 1002 (no E.164 number), 2001
    /// (no such chat), 2013 (you left the chat).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// client.chats().participants(&chat).add("+12025550199").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[expect(clippy::should_implement_trait, reason = "the API's word")]
    pub fn add(self, handle: impl Into<Handle>) -> Call<'c, C, AcceptedResponse> {
        self.change(Method::POST, handle.into())
    }

    /// Removes somebody from the group.
    ///
    /// `DELETE /v3/chats/{chatId}/participants`. Three members must remain. The service answers before it removes; the
    /// `participant.removed` webhook tells when it has.
    ///
    /// # Errors
    ///
    /// Status 409 when the chat is direct or no iMessage group, or too few would remain. Worth matching: 2001 (no such
    /// chat), 2013 (you left the chat).
    pub fn remove(self, handle: impl Into<Handle>) -> Call<'c, C, AcceptedResponse> {
        self.change(Method::DELETE, handle.into())
    }

    fn change(self, method: Method, handle: Handle) -> Call<'c, C, AcceptedResponse> {
        let spec = RequestSpec::new(method, ROUTE, &[self.chat.as_str()]);
        Call::json(self.client, spec.body(Participant::new(handle)))
    }
}
