use linq_types::{
    ChatId, Handle, Operation,
    locations::{ChatLocationRequestResponse, ChatLocationRetrieveResponse},
    participants::Participant,
};

use crate::{
    Call,
    request::{Accept, RequestSpec},
};

resource! {
    /// A handle on the locations that people share in one chat.
    ChatLocation { chat: ChatId }
}

impl<'c, C> ChatLocation<'c, C> {
    /// Returns the locations of the people who share theirs in the chat.
    ///
    /// `GET /v3/chats/{chatId}/location` ([reference](https://docs.linqapp.com/api/resources/chats/subresources/location/methods/retrieve)).
    /// There is one feature for each person who shares, in groups too, and none if nobody does or no
    /// location is known yet. No webhook has coordinates, so call again for newer ones.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::CHAT_NOT_FOUND`] (2001): there is no such chat
    /// * [`ErrorCode::FEATURE_NOT_ENABLED`] (2011): locations are not enabled for your account
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// for feature in client.chats().location(&chat).retrieve().await?.data.features {
    ///     if let (Some(person), Some(place)) = (feature.properties, feature.geometry) {
    ///         println!("{:?}: {:?}", person.handle, place.coordinates);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn retrieve(&self) -> Call<'c, C, ChatLocationRetrieveResponse> {
        let spec = RequestSpec::new(Operation::ChatsLocationRetrieve, &[self.chat.as_str()]);
        Call::json(self.client, spec.accept(Accept::GeoJson))
    }

    /// Asks the other person to share their location.
    ///
    /// `POST /v3/chats/{chatId}/location/request` ([reference](https://docs.linqapp.com/api/resources/chats/subresources/location/methods/request)).
    /// It must be a direct iMessage chat. The `location.sharing.started` webhook reports that the
    /// person agreed. The API limits the requests for each chat. It takes no idempotency key here, so an attempt that may have
    /// been executed is not retried.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::RATE_LIMITED`] (1007): there were too many requests, after all attempts
    /// * [`ErrorCode::CHAT_NOT_FOUND`] (2001): there is no such chat
    /// * [`ErrorCode::FEATURE_NOT_ENABLED`] (2011): locations are not enabled for your account
    /// * [`ErrorCode::GROUP_NOT_SUPPORTED`] (2016): the chat is a group
    /// * [`ErrorCode::SERVICE_NOT_SUPPORTED`] (2017): the chat is not an iMessage chat
    pub fn request(&self) -> Call<'c, C, ChatLocationRequestResponse> {
        Call::json(self.client, RequestSpec::new(Operation::ChatsLocationRequest, &[self.chat.as_str()]))
    }

    /// Stops one person's sharing of their location with you.
    ///
    /// `DELETE /v3/chats/{chatId}/location` ([reference](https://docs.linqapp.com/api/resources/chats/subresources/location/methods/stop)).
    /// The service responds before it stops; the `location.sharing.stopped` webhook reports when it has.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::CHAT_NOT_FOUND`] (2001): there is no such chat
    /// * [`ErrorCode::FEATURE_NOT_ENABLED`] (2011): locations are not enabled for your account
    ///
    /// The status is 404 ([`is_not_found`](crate::Error::is_not_found)) if the person shares nothing.
    pub fn stop(&self, handle: impl Into<Handle>) -> Call<'c, C, ChatLocationRequestResponse> {
        let spec = RequestSpec::new(Operation::ChatsLocationStop, &[self.chat.as_str()]);
        Call::json(self.client, spec.body(Participant::new(handle)))
    }
}
