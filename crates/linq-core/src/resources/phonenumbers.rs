//! `/v3/phonenumbers`

use linq_types::{Operation, phonenumbers::PhonenumberListResponse};

use crate::{Call, request::RequestSpec};

resource! {
    /// A handle on the deprecated list of your lines. Use [`phone_numbers`](crate::Client::phone_numbers) instead.
    Phonenumbers
}

impl<'c, C> Phonenumbers<'c, C> {
    /// Lists your lines. This list has no pages.
    ///
    /// `GET /v3/phonenumbers` ([reference](https://docs.linqapp.com/api/resources/phonenumbers/methods/list)).
    #[deprecated(note = "use `phone_numbers().list()`")]
    pub fn list(&self) -> Call<'c, C, PhonenumberListResponse> {
        Call::json(self.client, RequestSpec::new(Operation::PhonenumbersList, &[]))
    }
}
