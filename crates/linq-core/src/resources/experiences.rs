//! `/v3/experiences`

use linq_types::{
    Operation,
    experiences::{Experience, ExperienceListResponse},
};

use crate::{Call, request::RequestSpec};

resource! {
    /// A handle on experiences, which a message can have in place of parts.
    Experiences
}

impl<'c, C> Experiences<'c, C> {
    /// Lists your experiences and their actions. This list has no pages.
    ///
    /// `GET /v3/experiences` ([reference](https://docs.linqapp.com/api/resources/experiences/methods/list)).
    pub fn list(&self) -> Call<'c, C, ExperienceListResponse> {
        Call::json(self.client, RequestSpec::new(Operation::ExperiencesList, &[]))
    }

    /// Returns an experience by its name: its actions and their parameters.
    ///
    /// `GET /v3/experiences/{experience}` ([reference](https://docs.linqapp.com/api/resources/experiences/methods/retrieve)).
    ///
    /// # Errors
    ///
    /// Returns an error if there is no experience of this name ([`is_not_found`](crate::Error::is_not_found)).
    pub fn retrieve(&self, experience: impl AsRef<str>) -> Call<'c, C, Experience> {
        Call::json(self.client, RequestSpec::new(Operation::ExperiencesRetrieve, &[experience.as_ref()]))
    }
}
