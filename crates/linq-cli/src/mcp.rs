//! `linq mcp`: a server of the Model Context Protocol, through which assistants use the API.

mod confirmations;
mod effect;
mod elicitation;
mod http;
mod pattern;
mod policy;
mod recipients;
mod redaction;
mod replies;
mod response;
mod server;
mod stdio;
mod tools;
mod wake;

use std::sync::Arc;

use clap::Args;
use linq::{Client, ReqwestBackend, types::Secret};
use linq_sandbox::Sandbox;

use self::{
    http::HttpToken, pattern::Pattern, policy::Policy, recipients::AllowedRecipient, redaction::Redaction,
    server::Server, wake::Wake,
};
use crate::{
    account::{self, Account},
    failure::Failure,
    secret::Secret as SecretOption,
    shutdown::ShutdownSignal,
    terminal::print_on_stderr,
};

/// Let an assistant use the API: a server of the Model Context Protocol, on standard input and output.
///
/// Each operation of the API is a tool. Without options, only those that read are available. --allow adds others;
/// --allow-send-to allows sends to a person. A send is made only after it was confirmed. Secrets are removed from what tools
/// return, and the text of other people is marked as untrusted.
///
/// It ends with its standard input, or with Ctrl-C, SIGTERM or SIGHUP. What it says is on standard error.
///
/// Exit codes: 0 ended; 1 it cannot start; 2 invalid command line; 4 the API key is missing; 141 the client is gone.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq mcp\n  linq mcp --allow 'chats.*' --allow-send-to +12025550199\n  linq mcp --sandbox --allow-send-to '*'\n  linq mcp --http 4012"
)]
pub(crate) struct Arguments {
    /// Allow the operations whose id matches, such as messages.add_reaction or 'chats.*'. Can be repeated.
    ///
    /// Operations that act on a chat or a message, or that show people something, also need --allow-send-to for every person
    /// of the chat. Sends of messages need --allow-send-to alone.
    #[arg(long, value_name = "PATTERN")]
    allow: Vec<Pattern>,
    /// Allow to send to this person: a phone number in E.164 form or an email address. `*` is everybody. Can be repeated.
    ///
    /// Groups are allowed if every member is.
    #[arg(long, value_name = "HANDLE")]
    allow_send_to: Vec<AllowedRecipient>,
    /// Send without confirmation.
    #[arg(long)]
    no_confirm: bool,
    /// Serve streamable HTTP on this port of this machine, instead of standard input and output; 0 picks a free port.
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "4012")]
    http: Option<u16>,
    /// The bearer token that HTTP requests must have, of 16 characters at least, instead of a random one, which is printed on
    /// standard error.
    #[arg(
        long,
        value_name = "TOKEN",
        env = "LINQ_MCP_TOKEN",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    http_token: Option<SecretOption>,
    /// Use a sandbox inside this process instead of the API. It needs no API key, and a tool plays the other people.
    #[arg(long, conflicts_with_all = ["profile", "token"])]
    sandbox: bool,
    #[command(flatten)]
    account: Account,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let signal = ShutdownSignal::listen()?;
    let policy = Policy::new(arguments.allow, arguments.allow_send_to, !arguments.no_confirm);
    let token = arguments.http.map(|_| HttpToken::new(arguments.http_token)).transpose()?;
    let sandbox = match arguments.sandbox {
        true => Some(Sandbox::start().await.map_err(|error| format!("cannot start the sandbox: {error}"))?),
        false => None,
    };
    let (client, key, base_url) = match &sandbox {
        Some(sandbox) => {
            (client_of(sandbox)?, Secret::from(sandbox.api_key()), sandbox.base_url().to_owned())
        }
        None => {
            let key = arguments.account.key()?.value;
            (account::client(&key, |builder| builder)?, key, account::base_url()?.value)
        }
    };
    let mut redaction = Redaction::new(key.expose());
    if let Some(token) = &token {
        redaction.add(token.expose());
    }
    print_on_stderr(&introduction(&policy, sandbox.as_ref()))?;
    let server = Arc::new(Server::new(client, policy, redaction, Wake::new(key, base_url), sandbox));
    let result = match arguments.http.zip(token) {
        Some((port, token)) => http::serve(&server, port, token, signal).await,
        None => stdio::serve(&server, signal).await,
    };
    server.close().await;
    result
}

fn client_of(sandbox: &Sandbox) -> Result<Client, Failure> {
    let backend = ReqwestBackend::new().map_err(linq::Error::from)?;
    Ok(Client::builder().api_key(sandbox.api_key()).base_url(sandbox.base_url()).build(backend)?)
}

fn introduction(policy: &Policy, sandbox: Option<&Sandbox>) -> String {
    let tools = tools::operations(policy).count();
    let mut text = format!("{tools} operations are available; {}\n", policy.summary());
    if let Some(sandbox) = sandbox {
        let (line, page) = (sandbox.phone_number(), sandbox.page_url());
        text.push_str(&format!("Line      {line}\nPage      {page}\n"));
    }
    text
}
