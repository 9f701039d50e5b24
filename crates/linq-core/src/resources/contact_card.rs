//! `/v3/contact_card`

use linq_types::{
    Handle, Operation,
    contact_card::{
        ContactCard, ContactCardRetrieveParams, ContactCardRetrieveResponse, NewContactCard, UpdateContactCard,
    },
};

use crate::{Call, request::RequestSpec};

json_body! {
    NewContactCard, check;
    UpdateContactCard;
}

resource! {
    /// A handle on contact cards: the name and picture that people see of a line.
    ContactCards
}

impl<'c, C> ContactCards<'c, C> {
    /// Creates the contact card of a line.
    ///
    /// `POST /v3/contact_card` ([reference](https://docs.linqapp.com/api/resources/contact_card/methods/create)).
    /// The card can be inactive at first:
    /// [`is_active`](linq_types::contact_card::ContactCard::is_active) tells, now and from [`retrieve`](Self::retrieve)
    /// later. The API allows three creations and updates together in 10 minutes for each line.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::RATE_LIMITED`] (1007): there were too many calls, after all attempts
    /// * [`ErrorCode::FOREIGN_PHONE_NUMBER`] (2006): the line is not yours
    /// * [`ErrorCode::CONTACT_CARD_EXISTS`] (2014): the line has an active card: [`update`](Self::update) it
    /// * [`ErrorCode::CONTACT_CARD_FAILED`] (2022): the card could not be set up, after all attempts
    /// * [`ErrorCode::SERVICE_UNAVAILABLE`] (4004): there were too many cards: wait, because each retry prolongs the limit
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq::types::contact_card::NewContactCard;
    ///
    /// let card = NewContactCard::new("+12025550100", "Ada").image_url("https://example.com/ada.png");
    /// let card = client.contact_card().create(card).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(&self, card: NewContactCard) -> Call<'c, C, ContactCard> {
        Call::json(self.client, RequestSpec::new(Operation::ContactCardCreate, &[]).body(card))
    }

    /// Returns the contact cards of all lines, or of one.
    ///
    /// `GET /v3/contact_card` ([reference](https://docs.linqapp.com/api/resources/contact_card/methods/retrieve)).
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::FOREIGN_PHONE_NUMBER`] (2006): the line is not yours
    /// * [`ErrorCode::CONTACT_CARD_NOT_FOUND`] (2012): the line has no card
    pub fn retrieve(&self, params: ContactCardRetrieveParams) -> Call<'c, C, ContactCardRetrieveResponse> {
        let mut spec = RequestSpec::new(Operation::ContactCardRetrieve, &[]);
        if let Some(phone_number) = params.phone_number {
            spec.query.set_handle("phone_number", phone_number);
        }
        Call::json(self.client, spec)
    }

    /// Updates the contact card of a line. Fields that are not set keep their value.
    ///
    /// `PATCH /v3/contact_card` ([reference](https://docs.linqapp.com/api/resources/contact_card/methods/update)).
    /// The API allows three creations and updates together in 10 minutes for each line.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails. Error codes to match:
    ///
    /// * [`ErrorCode::RATE_LIMITED`] (1007): there were too many calls, after all attempts
    /// * [`ErrorCode::FOREIGN_PHONE_NUMBER`] (2006): the line is not yours
    /// * [`ErrorCode::CONTACT_CARD_NOT_FOUND`] (2012): the line has no active card
    /// * [`ErrorCode::CONTACT_CARD_FAILED`] (2022): the card could not be updated, after all attempts
    /// * [`ErrorCode::SERVICE_UNAVAILABLE`] (4004): there were too many cards: wait, because each retry prolongs the limit
    pub fn update(
        &self,
        phone_number: impl Into<Handle>,
        changes: UpdateContactCard,
    ) -> Call<'c, C, ContactCard> {
        let mut spec = RequestSpec::new(Operation::ContactCardUpdate, &[]).body(changes);
        spec.query.set_handle("phone_number", phone_number.into());
        Call::json(self.client, spec)
    }
}
