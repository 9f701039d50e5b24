use http::Method;
use linq_types::{
    ChatId, Handle,
    locations::{ChatLocationRetrieveResponse, ChatLocationRequestResponse},
    participants::Participant,
};

use crate::{
    Call,
    request::{Accept, RequestSpec},
};

const ROUTE: &str = "/v3/chats/{chatId}/location";

resource! {
    /// The locations that people share in one chat.
    ChatLocation { chat: ChatId }
}

impl<'c, C> ChatLocation<'c, C> {
    /// Gets where the people are who share their location in the chat.
    ///
    /// `GET /v3/chats/{chatId}/location`. Groups too: there is one feature for each person who shares, and none when
    /// nobody does or no location is known yet. No webhook carries coordinates, so ask again for the next ones.
    ///
    /// # Errors
    ///
    /// Worth matching: 2001 (no such chat), 2011 (your account has no locations).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client, chat: linq_core::types::ChatId) -> Result<(), linq_core::Error> {
    /// for feature in client.chats().location(&chat).retrieve().await?.data.features {
    ///     println!("{}: {:?}", feature.properties.handle, feature.geometry.coordinates);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn retrieve(self) -> Call<'c, C, ChatLocationRetrieveResponse> {
        let spec = RequestSpec::new(Method::GET, ROUTE, &[self.chat.as_str()]);
        Call::json(self.client, spec.accept(Accept::GeoJson))
    }

    /// Asks the other person to share their location.
    ///
    /// `POST /v3/chats/{chatId}/location/request`. Direct iMessage chats only. The person is asked; the
    /// `location.sharing.started` webhook tells if they agree. The number of requests for each chat is limited. The API
    /// takes no idempotency key here, so an attempt that may have been executed is not repeated.
    ///
    /// # Errors
    ///
    /// Worth matching: 1007 (too many requests, after all attempts), 2001 (no such chat), 2011 (your account has no
    /// locations), 2016 (a group), 2017 (not an iMessage chat).
    pub fn request(self) -> Call<'c, C, ChatLocationRequestResponse> {
        let route = "/v3/chats/{chatId}/location/request";
        Call::json(self.client, RequestSpec::new(Method::POST, route, &[self.chat.as_str()]))
    }

    /// Ends the sharing of one person's location with you.
    ///
    /// `DELETE /v3/chats/{chatId}/location`. The service answers before it ends; the `location.sharing.stopped` webhook
    /// tells when it has.
    ///
    /// # Errors
    ///
    /// Status 404 when the person shares nothing. Worth matching: 2001 (no such chat), 2011 (your account has no
    /// locations).
    pub fn stop(self, handle: impl Into<Handle>) -> Call<'c, C, ChatLocationRequestResponse> {
        let spec = RequestSpec::new(Method::DELETE, ROUTE, &[self.chat.as_str()]);
        Call::json(self.client, spec.body(Participant::new(handle)))
    }
}
