//! `linq call`: calls any endpoint of the API.

mod describe;
mod endpoint_id;

use std::io::{IsTerminal as _, Read, stdout};

use bytes::Bytes;
use clap::Args;
use linq::types::{Operation, json, messages::DeliveryStatus};
use serde::Deserialize;
use serde_json::json;

use crate::{
    account::Account,
    chats::accepted,
    endpoint::{Endpoint, InvalidParameters},
    exit_code,
    failure::Failure,
    input::Input,
    output::{print_body, print_json},
    table::{Column, table},
    terminal::{print, say_warning},
};

/// Call any endpoint of the API by its id and print the response as the API sent it: JSON.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  linq call phone_numbers.list
  linq call chats.messages.list --params '{\"path_params\": {\"chat_id\": \"CHAT_ID\"}, \"query\": {\"limit\": 5}}'
  linq call chats.messages.send --params @message.json
  linq call chats.messages.send --describe
  linq call --list

Exit codes: 0 success; 1 refused by the API; 2 invalid parameters or command line, nothing was sent; 3 not found;
4 authentication; 5 rate limit; 6 unreachable, or an error of the server.")]
pub(crate) struct Arguments {
    /// The id of the endpoint, such as chats.messages.send, or its Rust name, such as chats.list.
    #[arg(value_name = "ENDPOINT", value_parser = endpoint_id::EndpointIds, hide_possible_values = true)]
    endpoint: Option<String>,
    /// The parameters: a JSON object with path_params, query, headers and body, each an optional object. `-` reads it from
    /// standard input, `@FILE` from a file. Other users of the machine can see the command line.
    #[arg(long, value_name = "JSON")]
    params: Option<Input>,
    /// Print errors, `--describe` and `--list` as JSON; the response always is. With a value, it is that of `--params`,
    /// which is deprecated.
    #[arg(long, value_name = "JSON", num_args = 0..=1)]
    json: Option<Option<Input>>,
    /// Send the request without validating it first.
    #[arg(long)]
    skip_validation: bool,
    /// Print the request, the parameters and an example of the endpoint instead of calling it.
    #[arg(long)]
    describe: bool,
    /// Print the ids of all endpoints, on a terminal with what they do.
    #[arg(long, conflicts_with_all = ["endpoint", "describe"])]
    list: bool,
    #[command(flatten)]
    account: Account,
}

impl Arguments {
    pub(crate) fn is_json(&self) -> bool {
        self.json.is_some()
    }

    pub(crate) async fn run(self, stdin: &mut impl Read) -> Result<(), Failure> {
        if self.list {
            return list(self.is_json());
        }
        let (endpoint, parameters) = self.inputs()?;
        let operation = endpoint_id::parse(&endpoint)?;
        if self.describe {
            return match self.is_json() {
                true => print_json(&describe::json(operation)),
                false => print(&describe::page(operation)),
            };
        }
        let parameters = match parameters {
            Some(input) => input.read(stdin).map_err(|reason| InvalidParameters::new("", reason))?,
            None => "{}".to_owned(),
        };
        let endpoint = Endpoint::of(operation);
        // A client needs an API key; invalid parameters are found without it.
        endpoint.read(&parameters)?;
        let response = self.call(endpoint, &parameters).await?;
        print_body(&response)
            .map_err(|failure| failure.with_note("the call succeeded, and its response is lost"))?;
        if self.has_deprecated_parameters() {
            say_warning("`--json JSON` is deprecated: pass the parameters with --params")?;
        }
        accepted(delivery_status(&response).as_ref())
    }

    /// Returns the endpoint and the parameters. In `--json ENDPOINT`, what looks like the value of the option is the
    /// endpoint.
    fn inputs(&self) -> Result<(String, Option<&Input>), Failure> {
        let usage = |message: &str| Failure::new(message).with_kind("Usage").with_exit_code(exit_code::USAGE);
        let value = self.json.as_ref().and_then(Option::as_ref);
        let (endpoint, value) = match (&self.endpoint, value) {
            (Some(endpoint), value) => (endpoint.clone(), value),
            (None, Some(Input::Text(text))) => (text.clone(), None),
            (None, _) => return Err(usage("missing endpoint; `linq call --list` prints all ids")),
        };
        match (&self.params, value) {
            (Some(_), Some(_)) => Err(usage("pass the parameters once, with --params")),
            (params, value) => Ok((endpoint, params.as_ref().or(value))),
        }
    }

    fn has_deprecated_parameters(&self) -> bool {
        self.endpoint.is_some() && self.json.as_ref().is_some_and(Option::is_some)
    }

    async fn call(&self, endpoint: &Endpoint, parameters: &str) -> Result<Bytes, Failure> {
        let client = self.account.client_with(|builder| match self.skip_validation {
            true => builder.skip_validation(),
            false => builder,
        })?;
        Ok(endpoint.call_raw(&client, parameters)?.await?)
    }
}

/// Returns the status of the message in the response of a send.
fn delivery_status(response: &[u8]) -> Option<DeliveryStatus> {
    #[derive(Deserialize)]
    struct Sent {
        message: Option<Message>,
        chat: Option<Chat>,
    }
    #[derive(Deserialize)]
    struct Chat {
        message: Option<Message>,
    }
    #[derive(Deserialize)]
    struct Message {
        delivery_status: Option<DeliveryStatus>,
    }

    let Sent { message, chat } = json::from_slice(response).ok()?;
    message.or_else(|| chat?.message)?.delivery_status
}

fn list(is_json: bool) -> Result<(), Failure> {
    const ID: Column<Operation> = ("ID", |operation| operation.id().into());
    const SUMMARY: Column<Operation> = ("SUMMARY", |operation| operation.summary().into());

    if is_json {
        let entry = |operation: &Operation| {
            json!({
                "id": operation.id(),
                "alias": endpoint_id::alias(*operation),
                "method": operation.method().as_str(),
                "route": operation.route(),
                "summary": operation.summary(),
            })
        };
        return print_json(&Operation::ALL.iter().map(entry).collect());
    }
    match stdout().is_terminal() {
        true => print(&table(Operation::ALL, &[ID, SUMMARY], false)),
        false => print(&table(Operation::ALL, &[ID], false)),
    }
}

impl From<InvalidParameters> for Failure {
    fn from(invalid: InvalidParameters) -> Self {
        let unknown: Vec<_> = invalid.unknown.iter().map(|field| field.path.as_str()).collect();
        Self::new(invalid.to_string())
            .with_kind("InvalidParameters")
            .with_details([
                ("path", invalid.path.as_str().into()),
                ("missing", invalid.missing.clone().into()),
                ("unknown", unknown.into()),
            ])
            .with_exit_code(exit_code::USAGE)
    }
}
