//! Webhooks that a command sent, and how it went.

use http::StatusCode;
use linq::types::escape;
use serde_json::json;
use tokio::time::Instant;

use crate::{
    exit_code,
    failure::Failure,
    output::{Output, Style},
    terminal::{painted, print},
};

/// A webhook that was sent.
#[derive(Debug)]
pub(crate) struct Tried {
    pub(crate) event_type: String,
    pub(crate) event_id: Option<String>,
    pub(crate) response: Result<StatusCode, String>,
    pub(crate) milliseconds: u128,
}

impl Tried {
    /// Sends a webhook.
    pub(crate) async fn send(
        event_type: String,
        event_id: Option<String>,
        post: impl Future<Output = Result<StatusCode, String>>,
    ) -> Self {
        let started = Instant::now();
        let response = post.await;
        Self { event_type, event_id, response, milliseconds: started.elapsed().as_millis() }
    }

    /// Prints one line.
    pub(crate) fn print(&self, output: Output) -> Result<(), Failure> {
        let Self { event_type, event_id, response, milliseconds } = self;
        if output.json {
            let object = json!({
                "event_type": event_type,
                "event_id": event_id,
                "status": response.as_ref().ok().map(StatusCode::as_u16),
                "error": response.as_ref().err(),
                "milliseconds": *milliseconds as u64,
            });
            return print(&format!("{}\n", escape(object)));
        }
        let (verdict, is_success) = match response {
            Ok(status) => (status.as_u16().to_string(), status.is_success()),
            Err(reason) => (escape(reason).to_string(), false),
        };
        let verdict = painted(&verdict, is_success, Style::of_stdout().colored);
        let id = event_id.as_deref().unwrap_or("(no id)");
        print(&format!("{} {} {verdict} in {milliseconds} ms\n", escape(event_type), escape(id)))
    }
}

/// How many webhooks were sent, and how it went.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) accepted: u64,
    pub(crate) refused: u64,
    pub(crate) unreachable: u64,
}

impl Tally {
    pub(crate) fn count(&mut self, tried: &Tried) {
        match &tried.response {
            Ok(status) if status.is_success() => self.accepted += 1,
            Ok(_) => self.refused += 1,
            Err(_) => self.unreachable += 1,
        }
    }

    /// Returns an error if a webhook was not accepted.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let Self { accepted, refused, unreachable } = self;
        let sent = accepted + refused + unreachable;
        if *unreachable > 0 {
            let message = format!("the target did not respond to {unreachable} of {sent} webhooks");
            return Err(Failure::new(message)
                .with_kind("Unreachable")
                .with_exit_code(exit_code::UNREACHABLE));
        }
        if *refused > 0 {
            let message = format!("the target did not accept {refused} of {sent} webhooks");
            return Err(Failure::new(message).with_kind("Refused"));
        }
        Ok(())
    }
}
