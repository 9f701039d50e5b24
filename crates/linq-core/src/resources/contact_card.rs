//! `/v3/contact_card`

use http::Method;
use linq_types::{
    Handle,
    contact_card::{
        ContactCard, ContactCardRetrieveParams, ContactCardRetrieveResponse, NewContactCard, UpdateContactCard,
    },
};

use crate::{Call, request::RequestSpec};

const ROUTE: &str = "/v3/contact_card";

json_body! {
    NewContactCard;
    UpdateContactCard;
}

resource! {
    /// Contact cards: the name and picture that people see of a line.
    ContactCards
}

impl<'c, C> ContactCards<'c, C> {
    /// Sets a line's card up for the first time.
    ///
    /// `POST /v3/contact_card`. The card can start inactive:
    /// [`is_active`](linq_types::contact_card::ContactCard::is_active) tells, now and from
    /// [`retrieve`](Self::retrieve) later. Creating and updating together are limited to three calls in 10 minutes
    /// for each line.
    ///
    /// # Errors
    ///
    /// Worth matching: 1007 (too many calls, after all attempts), 2006 (not your line), 2014 (the line has an active
    /// card: [`update`](Self::update) it), 2022 (not set up, after all attempts), 4004 (too many cards for now: wait,
    /// for trying again makes it longer).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq_core::types::contact_card::NewContactCard;
    ///
    /// let card = NewContactCard::new("+12025550100", "Ada").image_url("https://example.com/ada.png");
    /// let card = client.contact_card().create(card).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(self, card: NewContactCard) -> Call<'c, C, ContactCard> {
        Call::json(self.client, RequestSpec::new(Method::POST, ROUTE, &[]).body(card))
    }

    /// Gets the cards of all lines, or of one.
    ///
    /// `GET /v3/contact_card`
    ///
    /// # Errors
    ///
    /// Worth matching: 2006 (not your line), 2012 (the line has no card).
    pub fn retrieve(self, params: ContactCardRetrieveParams) -> Call<'c, C, ContactCardRetrieveResponse> {
        let mut spec = RequestSpec::new(Method::GET, ROUTE, &[]);
        spec.query.set_given("phone_number", params.phone_number);
        Call::json(self.client, spec)
    }

    /// Changes a line's card; what the changes leave out keeps its value.
    ///
    /// `PATCH /v3/contact_card`. Creating and updating together are limited to three calls in 10 minutes for each
    /// line.
    ///
    /// # Errors
    ///
    /// Worth matching: 1007 (too many calls, after all attempts), 2006 (not your line), 2012 (the line has no active
    /// card), 2022 (not changed, after all attempts), 4004 (too many cards for now: wait, for trying again makes it
    /// longer).
    pub fn update(
        self,
        phone_number: impl Into<Handle>,
        changes: UpdateContactCard,
    ) -> Call<'c, C, ContactCard> {
        let mut spec = RequestSpec::new(Method::PATCH, ROUTE, &[]).body(changes);
        spec.query.set("phone_number", phone_number.into());
        Call::json(self.client, spec)
    }
}
