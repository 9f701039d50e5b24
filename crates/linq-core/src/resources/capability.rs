//! `/v3/capability`

use http::Method;
use linq_types::capability::{HandleCheck, HandleCheckResponse};

use crate::{Call, request::RequestSpec};

json_body! {
    HandleCheck;
}

resource! {
    /// Whether somebody can be reached by a service.
    Capability
}

impl<'c, C> Capability<'c, C> {
    /// Checks whether somebody has iMessage.
    ///
    /// `POST /v3/capability/check_imessage`. The answer is the result. At most one check in 10 seconds.
    ///
    /// # Errors
    ///
    /// Worth matching: 1002 (the number is not in E.164 form), 1007 (too many checks, after all attempts).
    ///
    /// ```
    /// # async fn doc(client: linq_core::Client) -> Result<(), linq_core::Error> {
    /// use linq_core::types::capability::HandleCheck;
    ///
    /// let found = client.capability().check_imessage("+12025550199").await?;
    /// println!("{}", if found.available { "blue" } else { "green" });
    /// client.capability().check_rcs(HandleCheck::new("+12025550199").from_line("+12025550100")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "check_i_message")]
    pub fn check_imessage(self, check: impl Into<HandleCheck>) -> Call<'c, C, HandleCheckResponse> {
        let spec = RequestSpec::new(Method::POST, "/v3/capability/check_imessage", &[]);
        Call::json(self.client, spec.body(check.into()))
    }

    /// Checks whether somebody has RCS.
    ///
    /// `POST /v3/capability/check_rcs`. The answer is the result. Phone numbers only: an email address is refused.
    /// At most one check in 10 seconds.
    ///
    /// # Errors
    ///
    /// Worth matching: 1007 (too many checks, after all attempts); 4004, 4009 and 4010 (the check could not be made,
    /// which says nothing about the person).
    #[doc(alias = "check_RCS")]
    pub fn check_rcs(self, check: impl Into<HandleCheck>) -> Call<'c, C, HandleCheckResponse> {
        let spec = RequestSpec::new(Method::POST, "/v3/capability/check_rcs", &[]);
        Call::json(self.client, spec.body(check.into()))
    }
}
