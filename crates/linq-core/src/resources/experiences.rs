//! `/v3/experiences`

use http::Method;
use linq_types::experiences::{Experience, ExperienceListResponse};

use crate::{Call, request::RequestSpec};

resource! {
    /// Experiences: what messages can bring along in place of parts.
    Experiences
}

impl<'c, C> Experiences<'c, C> {
    /// Lists your experiences and their actions, all at once.
    ///
    /// `GET /v3/experiences`
    pub fn list(self) -> Call<'c, C, ExperienceListResponse> {
        Call::json(self.client, RequestSpec::new(Method::GET, "/v3/experiences", &[]))
    }

    /// Gets an experience by its name: its actions and what they are given.
    ///
    /// `GET /v3/experiences/{experience}`
    ///
    /// # Errors
    ///
    /// [`is_not_found`](crate::Error::is_not_found) when there is no experience of this name.
    pub fn retrieve(self, experience: impl AsRef<str>) -> Call<'c, C, Experience> {
        let route = "/v3/experiences/{experience}";
        Call::json(self.client, RequestSpec::new(Method::GET, route, &[experience.as_ref()]))
    }
}
