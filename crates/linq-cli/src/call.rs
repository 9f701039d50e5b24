//! `linq call`: calls any endpoint of the API.

use std::io::Read;

use clap::Args;
use linq::types::Operation;
use serde_json::{Value, json};

use crate::{
    account::Account,
    endpoint::{Endpoint, InvalidParameters},
    exit_code,
    failure::Failure,
    input::Input,
    output::print_json,
    terminal::print,
};

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
    /// The parameters: an object with path_params, query, headers and body, each an optional object. `-` reads it from
    /// standard input, `@FILE` from a file. Other users of the machine can see the command line.
    #[arg(long, value_name = "JSON", default_value = "{}")]
    json: Input,
    /// Send the request without validating it first.
    #[arg(long)]
    skip_validation: bool,
    /// Print the method, the route and the Rust method of the endpoint instead of calling it.
    #[arg(long)]
    describe: bool,
    /// Print the ids of all endpoints.
    #[arg(long, conflicts_with = "endpoint")]
    list: bool,
    #[command(flatten)]
    account: Account,
}

pub(crate) async fn run(arguments: &Arguments, stdin: &mut impl Read) -> Result<(), Failure> {
    let Some(id) = &arguments.endpoint else {
        let ids = Operation::ALL.iter().map(|operation| operation.id());
        return print(&ids.map(|id| format!("{id}\n")).collect::<String>());
    };
    let operation = Operation::from_id(id).ok_or_else(unknown_endpoint)?;
    let endpoint = Endpoint::of(operation);
    if arguments.describe {
        return print_json(&json!({
            "id": operation.id(),
            "method": operation.method().as_str(),
            "route": operation.route(),
            "rust": endpoint.rust_method(),
            "idempotent": operation.is_idempotent(),
            "schema": endpoint.schema(),
        }));
    }
    let parameters =
        arguments.json.read(stdin).map_err(|reason| InvalidParameters { path: String::new(), reason })?;
    endpoint.read(&parameters)?;
    let response = call(endpoint, &parameters, arguments).await?;
    print_json(&response).map_err(|failure| failure.with_note("the call succeeded, and its response is lost"))
}

async fn call(endpoint: &Endpoint, parameters: &str, arguments: &Arguments) -> Result<Value, Failure> {
    let client = arguments.account.client_with(|builder| match arguments.skip_validation {
        true => builder.skip_validation(),
        false => builder,
    })?;
    Ok(endpoint.call(&client, parameters)?.await?.to_json())
}

/// The id is not printed, because it could be a misplaced API key.
fn unknown_endpoint() -> Failure {
    Failure::new("unknown endpoint; `linq call --list` prints all ids")
        .with_kind("UnknownEndpoint")
        .with_exit_code(exit_code::USAGE)
}

impl From<InvalidParameters> for Failure {
    fn from(invalid: InvalidParameters) -> Self {
        Self::new(invalid.reason)
            .with_kind("InvalidParameters")
            .with_details([("path", invalid.path.into())])
            .with_exit_code(exit_code::USAGE)
    }
}
