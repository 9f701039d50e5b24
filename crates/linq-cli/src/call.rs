//! `linq call`: calls any endpoint of the API.

use std::{io, process::ExitCode};

use clap::Args;
use linq::{Client, Error, ReqwestBackend, types::Operation};
use serde_json::{Value, json};

use crate::{
    endpoint::{Endpoint, InvalidParameters},
    terminal::{print, write},
};

/// The exit code for a wrong command line, which invalid parameters share.
const USAGE_ERROR: u8 = 2;

/// Call any endpoint of the API by its id and print the response as JSON.
///
/// Reads the API key from LINQ_API_V3_API_KEY, and an alternative base URL from LINQ_API_V3_BASE_URL. Errors are JSON on
/// standard error.
///
/// Exit codes: 0 success; 1 the call failed; 2 invalid parameters or command line, nothing was sent.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The id of the endpoint, such as chats.messages.send.
    #[arg(value_name = "ENDPOINT", required_unless_present = "list")]
    endpoint: Option<String>,
    /// The parameters: an object with path_params, query, headers and body, each an optional object.
    #[arg(long, value_name = "JSON", default_value = "{}")]
    json: String,
    /// Send the request without validating it first.
    #[arg(long)]
    skip_validation: bool,
    /// Print the method, the route and the Rust method of the endpoint instead of calling it.
    #[arg(long)]
    describe: bool,
    /// Print the ids of all endpoints.
    #[arg(long, conflicts_with = "endpoint")]
    list: bool,
}

pub(crate) async fn run(arguments: &Arguments) -> ExitCode {
    let Some(id) = &arguments.endpoint else {
        for operation in Operation::ALL {
            print(operation.id());
        }
        return ExitCode::SUCCESS;
    };
    match find_and_call(id, arguments).await {
        Ok(response) => {
            print(&format!("{response:#}"));
            ExitCode::SUCCESS
        }
        Err(failure) => {
            write(io::stderr(), format!("{}\n", failure.to_json()).as_bytes());
            failure.exit_code()
        }
    }
}

async fn find_and_call(id: &str, arguments: &Arguments) -> Result<Value, Failure> {
    let operation = Operation::from_id(id).ok_or_else(|| Failure::UnknownEndpoint(id.to_owned()))?;
    let endpoint = Endpoint::of(operation);
    if arguments.describe {
        return Ok(json!({
            "id": operation.id(),
            "method": operation.method().as_str(),
            "route": operation.route(),
            "rust": endpoint.rust_method(),
            "idempotent": operation.is_idempotent(),
        }));
    }
    endpoint.read(&arguments.json)?;
    let mut builder = Client::builder().from_env();
    if arguments.skip_validation {
        builder = builder.skip_validation();
    }
    let client = builder.build(ReqwestBackend::new()?)?;
    Ok(endpoint.call(&client, &arguments.json)?.await?.to_json())
}

enum Failure {
    UnknownEndpoint(String),
    InvalidParameters(InvalidParameters),
    Call(Error),
}

impl Failure {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::UnknownEndpoint(_) | Self::InvalidParameters(_) => ExitCode::from(USAGE_ERROR),
            Self::Call(_) => ExitCode::FAILURE,
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::UnknownEndpoint(id) => json!({"error": {
                "kind": "UnknownEndpoint",
                "message": format!("unknown endpoint `{id}`; `linq call --list` prints all ids"),
            }}),
            Self::InvalidParameters(invalid) => json!({"error": {
                "kind": "InvalidParameters",
                "path": invalid.path,
                "message": invalid.reason,
            }}),
            Self::Call(error) => json!({"error": {
                "kind": format!("{:?}", error.kind()),
                "message": error.to_string(),
                "status": error.status().map(|status| status.as_u16()),
                "code": error.code(),
                "reason": error.message(),
                "doc_url": error.doc_url(),
                "trace_id": error.trace_id(),
                "attempts": error.attempts(),
                "maybe_sent": error.maybe_sent(),
                "idempotency_key": error.idempotency_key(),
            }}),
        }
    }
}

impl From<InvalidParameters> for Failure {
    fn from(invalid: InvalidParameters) -> Self {
        Self::InvalidParameters(invalid)
    }
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Call(error.into())
    }
}
