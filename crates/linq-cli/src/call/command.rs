use std::{io, process::ExitCode};

use clap::Args;
use linq::{Client, Error, ReqwestBackend};
use serde_json::{Value, json};

use super::{BadParameters, Endpoint};
use crate::terminal::{print, write};

/// What a call with bad parameters ends with, as a wrong command line does.
const BAD_PARAMETERS: u8 = 2;

/// Call any endpoint of the API by its id and print the answer as JSON.
///
/// The API key is taken from LINQ_API_V3_API_KEY, another address of the service from LINQ_API_V3_BASE_URL. Errors are
/// JSON on standard error. The exit code is 1 for errors, 2 for parameters that do not fit.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The endpoint's id, such as chats.messages.send.
    #[arg(value_name = "ENDPOINT", required_unless_present = "list")]
    endpoint: Option<String>,
    /// The parameters: an object with path_params, query, headers and body, each an object and none needed.
    #[arg(long, value_name = "JSON", default_value = "{}")]
    json: String,
    /// Send what breaks the known rules too, and leave the verdict to the service.
    #[arg(long)]
    no_checks: bool,
    /// Print the ids of all endpoints.
    #[arg(long, conflicts_with = "endpoint")]
    list: bool,
}

/// Runs the command.
pub async fn run(arguments: &Arguments) -> ExitCode {
    let Some(id) = &arguments.endpoint else {
        for endpoint in Endpoint::all() {
            print(endpoint.id());
        }
        return ExitCode::SUCCESS;
    };
    match call(id, arguments).await {
        Ok(answer) => {
            print(&format!("{answer:#}"));
            ExitCode::SUCCESS
        }
        Err(failure) => {
            write(io::stderr(), format!("{}\n", failure.to_json()).as_bytes());
            failure.exit_code()
        }
    }
}

async fn call(id: &str, arguments: &Arguments) -> Result<Value, Failure> {
    let no_such = || BadParameters::new("", format!("no endpoint `{id}`; `linq call --list` lists all"));
    let endpoint = Endpoint::find(id).ok_or_else(no_such)?;
    endpoint.read(&arguments.json)?;
    let mut builder = Client::builder().from_env();
    if arguments.no_checks {
        builder = builder.skip_validation();
    }
    let client = builder.build(ReqwestBackend::new()?)?;
    Ok(endpoint.call(&client, &arguments.json)?.await?.to_json())
}

enum Failure {
    BadParameters(BadParameters),
    Call(Error),
}

impl Failure {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::BadParameters(_) => ExitCode::from(BAD_PARAMETERS),
            Self::Call(_) => ExitCode::FAILURE,
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::BadParameters(bad) => bad.to_json(),
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

impl From<BadParameters> for Failure {
    fn from(bad: BadParameters) -> Self {
        Self::BadParameters(bad)
    }
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Call(error.into())
    }
}
