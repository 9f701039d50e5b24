use http::StatusCode;

/// How the sandbox decides where nobody outside knows what the API does.
///
/// Each setting names the rule of the API that it stands for. The defaults are the likeliest guesses; set one where
/// you know better, or to see that your program can live with the other answer.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use linq_sandbox::{Rules, Sandbox};
///
/// let rules = Rules::default().take_unknown_events(true);
/// let sandbox = Sandbox::builder().rules(rules).start().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Rules {
    /// A refused upload explains itself in XML, as S3 does. On by default; off, its body is empty.
    pub xml_upload_refusals: bool,
    /// WebP and SVG can be attached. On by default: the service lists both and says elsewhere that it refuses them
    /// (400, code 5004).
    pub take_webp_and_svg: bool,
    /// With what a second subscription of one `target_url` is refused, next to the code 2015: 409 by default.
    pub duplicate_target_status: StatusCode,
    /// Subscriptions may name event types that do not exist. Off by default: they are refused (400, code 1005).
    pub take_unknown_events: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            xml_upload_refusals: true,
            take_webp_and_svg: true,
            duplicate_target_status: StatusCode::CONFLICT,
            take_unknown_events: false,
        }
    }
}

impl Rules {
    /// Sets [`xml_upload_refusals`](Self::xml_upload_refusals).
    #[must_use]
    pub fn xml_upload_refusals(mut self, explained: bool) -> Self {
        self.xml_upload_refusals = explained;
        self
    }

    /// Sets [`take_webp_and_svg`](Self::take_webp_and_svg).
    #[must_use]
    pub fn take_webp_and_svg(mut self, taken: bool) -> Self {
        self.take_webp_and_svg = taken;
        self
    }

    /// Sets [`duplicate_target_status`](Self::duplicate_target_status).
    #[must_use]
    pub fn duplicate_target_status(mut self, status: StatusCode) -> Self {
        self.duplicate_target_status = status;
        self
    }

    /// Sets [`take_unknown_events`](Self::take_unknown_events).
    #[must_use]
    pub fn take_unknown_events(mut self, taken: bool) -> Self {
        self.take_unknown_events = taken;
        self
    }
}
