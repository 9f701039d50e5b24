//! What a test expects of a sandbox at its end.

use crate::{
    faults::Fault,
    sandbox::Sandbox,
    summary::{failed_requests, failed_webhooks, list},
};

impl Sandbox {
    /// Returns the scripts that were not followed to their end, with the remaining steps. Faults without an end are not among
    /// them; [`faults`](Self::faults) returns them too.
    ///
    /// ```
    /// # mod linq { pub(crate) use linq_sandbox as sandbox; }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use linq::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::start().await?;
    /// sandbox.inject_fault("chats.create: 503 x2".parse()?)?;
    /// sandbox.inject_fault("webhook: duplicate 0.1".parse()?)?;
    /// // No chat was created.
    /// assert_eq!(sandbox.faults_left(), ["chats.create: 503 x2".parse()?]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn faults_left(&self) -> Vec<Fault> {
        let left = |fault: &&Fault| fault.is_script();
        self.shared.inspect(|state| state.faults.iter().filter(left).cloned().collect())
    }

    /// Checks that no request and no webhook failed that the log [keeps](Self::deliveries).
    ///
    /// A request failed if its status code is an error, unless the error is a [fault](Self::inject_fault). A webhook failed if
    /// its last attempt failed and no other one follows, or if it was dropped because too many were pending.
    ///
    /// # Panics
    ///
    /// Panics if there is one. The text has the newest ones, and how many more there are.
    #[track_caller]
    pub fn expect_no_errors(&self) {
        let (requests, webhooks) = (failed_requests(&self.shared), failed_webhooks(&self.shared));
        let mut text = String::new();
        list(&mut text, "requests that failed", &requests);
        list(&mut text, "webhooks that were given up", &webhooks);
        assert!(
            text.is_empty(),
            "{} requests failed, and {} webhooks were given up\n{text}",
            requests.len(),
            webhooks.len()
        );
    }
}
