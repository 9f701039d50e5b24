//! `/v3/available_number`

use linq_types::{
    Operation,
    available_number::{AvailableNumberRetrieveParams, AvailableNumberRetrieveResponse},
};

use crate::{Call, request::RequestSpec};

resource! {
    /// A handle on the line to send from next.
    AvailableNumber
}

impl<'c, C> AvailableNumber<'c, C> {
    /// Returns the line that the service suggests to send from.
    ///
    /// `GET /v3/available_number` ([reference](https://docs.linqapp.com/api/resources/available_number/methods/retrieve)).
    /// The line is not reserved. To send without asking first, leave the choice to
    /// [`messages().create`](crate::resources::messages::Messages::create).
    ///
    /// ```
    /// # use linq_core as linq;
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq::types::available_number::AvailableNumberRetrieveParams;
    ///
    /// let params = AvailableNumberRetrieveParams::new().to(["+12025550199"]);
    /// let line = client.available_number().retrieve(params).await?.phone_number;
    /// # Ok(())
    /// # }
    /// ```
    pub fn retrieve(
        &self,
        params: AvailableNumberRetrieveParams,
    ) -> Call<'c, C, AvailableNumberRetrieveResponse> {
        let mut spec = RequestSpec::new(Operation::AvailableNumberRetrieve, &[]);
        spec.query.set_handles("exclude_from", params.exclude_from);
        spec.query.set_handles("to", params.to);
        spec.query.set_given("type", params.line_type.map(|line_type| line_type.to_string()));
        Call::json(self.client, spec)
    }
}
