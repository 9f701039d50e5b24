//! `/v3/phonenumbers`

use http::Method;
use linq_types::phonenumbers::PhonenumberListResponse;

use crate::{Call, request::RequestSpec};

resource! {
    /// Your lines as the API listed them at first. Use [`phone_numbers`](crate::Client::phone_numbers).
    Phonenumbers
}

impl<'c, C> Phonenumbers<'c, C> {
    /// Lists your lines, all of them at once.
    ///
    /// `GET /v3/phonenumbers`
    #[deprecated(note = "use `phone_numbers().list()`")]
    pub fn list(self) -> Call<'c, C, PhonenumberListResponse> {
        Call::json(self.client, RequestSpec::new(Method::GET, "/v3/phonenumbers", &[]))
    }
}
