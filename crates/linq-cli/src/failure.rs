use std::{error::Error, fmt, io, iter, process::ExitCode};

use linq::types::escape;
use serde_json::{Map, Value, json};

use crate::{
    exit_code::{self, BROKEN_PIPE},
    terminal::{print_on_stderr, say_error},
};

/// Why a command failed.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) message: String,
    /// The other members of the error in JSON.
    details: Map<String, Value>,
    pub(crate) exit_code: u8,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), details: Map::new(), exit_code: exit_code::FAILURE }
    }

    /// A failed write. If the reader of a pipe is gone, as after `| head -1`, nothing is said.
    pub(crate) fn of_output(stream: &str, error: &io::Error) -> Self {
        let failure = Self::new(format!("cannot write to {stream}: {error}")).with_kind("Output");
        match error.kind() {
            io::ErrorKind::BrokenPipe => failure.with_exit_code(BROKEN_PIPE),
            _ => failure,
        }
    }

    pub(crate) fn with_kind(self, kind: &str) -> Self {
        self.with_details([("kind", json!(kind))])
    }

    pub(crate) fn with_details<const N: usize>(mut self, details: [(&str, Value); N]) -> Self {
        self.details.extend(details.map(|(name, value)| (name.to_owned(), value)));
        self
    }

    pub(crate) fn with_message(mut self, message: String) -> Self {
        self.message = message;
        self
    }

    pub(crate) fn with_exit_code(mut self, exit_code: u8) -> Self {
        self.exit_code = exit_code;
        self
    }

    /// Adds a sentence to the message.
    pub(crate) fn with_note(mut self, note: &str) -> Self {
        self.message.push_str("; ");
        self.message.push_str(note);
        self
    }

    pub(crate) fn into_json(mut self) -> Value {
        self.details.insert("message".to_owned(), self.message.into());
        json!({ "error": self.details })
    }

    /// Prints the failure on standard error and returns the exit code.
    pub(crate) fn print(self, is_json: bool) -> ExitCode {
        let exit_code = ExitCode::from(self.exit_code);
        // If standard error fails too, there is only the exit code left.
        let _ = match (self.exit_code, is_json) {
            (BROKEN_PIPE, _) => Ok(()),
            (_, false) => say_error(&self.sentence()),
            (_, true) => print_on_stderr(&format!("{}\n", escape(self.into_json()))),
        };
        exit_code
    }
}

impl Failure {
    /// Returns the message with its first cause, which JSON has in `causes`, before what to do.
    fn sentence(&self) -> String {
        let cause = self.details.get("causes").and_then(Value::as_array).and_then(|causes| causes.last());
        match cause.and_then(Value::as_str).filter(|cause| !self.message.contains(cause)) {
            Some(cause) => match self.message.split_once("; ") {
                Some((what, remedy)) => format!("{what} ({cause}); {remedy}"),
                None => format!("{} ({cause})", self.message),
            },
            None => self.message.clone(),
        }
    }
}

/// The message.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Returns the texts of an error and of its sources. Some errors repeat those of their source.
pub(crate) fn causes(error: &dyn Error) -> Vec<String> {
    let mut causes: Vec<String> =
        iter::successors(Some(error), |&error| error.source()).map(ToString::to_string).collect();
    causes.dedup();
    causes
}

impl From<linq::Error> for Failure {
    fn from(error: linq::Error) -> Self {
        let code = exit_code::of(&error);
        let mut message = error.to_string();
        if let Some(reason) = error.message() {
            message = message.replace("see `message()` for the reason", &format!("the reason: {reason}"));
        }
        // What the methods of the SDK return is part of the sentence here, or of the JSON.
        if let Some(wait) = error.retry_after() {
            message =
                message.replace("wait for `retry_after()`", &format!("wait {} s", wait.as_secs().max(1)));
        }
        message = message.replace("or call `ClientBuilder::allow_plain_http` or set", "or set");
        Self::new(message).with_kind(&format!("{:?}", error.kind())).with_exit_code(code).with_details([
            ("causes", error.source().map(causes).unwrap_or_default().into()),
            ("status", error.status().map(|status| status.as_u16()).into()),
            ("code", json!(error.code())),
            ("reason", error.message().into()),
            ("doc_url", error.doc_url().into()),
            ("trace_id", json!(error.trace_id())),
            ("attempts", error.attempts().into()),
            ("maybe_sent", error.maybe_sent().into()),
            ("idempotency_key", json!(error.idempotency_key())),
        ])
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self::new(message)
    }
}
