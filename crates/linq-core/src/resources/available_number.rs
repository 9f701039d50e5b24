//! `/v3/available_number`

use http::Method;
use linq_types::{
    Handle,
    available_number::{AvailableNumberRetrieveParams, AvailableNumberRetrieveResponse},
};

use crate::{Call, request::RequestSpec};

resource! {
    /// The line to write from next.
    AvailableNumber
}

impl<'c, C> AvailableNumber<'c, C> {
    /// Asks which of your lines to write from.
    ///
    /// `GET /v3/available_number`. The line is suggested, not reserved. To send without asking first, leave the
    /// choice to [`messages().create`](crate::resources::messages::Messages::create).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq_core::types::available_number::AvailableNumberRetrieveParams;
    ///
    /// let params = AvailableNumberRetrieveParams::new().to(["+12025550199"]);
    /// let line = client.available_number().retrieve(params).await?.phone_number;
    /// # Ok(())
    /// # }
    /// ```
    pub fn retrieve(
        self,
        params: AvailableNumberRetrieveParams,
    ) -> Call<'c, C, AvailableNumberRetrieveResponse> {
        let mut spec = RequestSpec::new(Method::GET, "/v3/available_number", &[]);
        spec.query.set_given("exclude_from", params.exclude_from.as_deref().map(joined));
        spec.query.set_given("to", params.to.as_deref().map(joined));
        spec.query.set_given("type", params.line_type.map(|line_type| line_type.to_string()));
        Call::json(self.client, spec)
    }
}

/// Several values of one parameter stand side by side, with commas between them.
fn joined(handles: &[Handle]) -> String {
    handles.iter().map(Handle::as_str).collect::<Vec<_>>().join(",")
}
