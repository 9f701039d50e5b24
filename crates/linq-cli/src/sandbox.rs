use std::{
    future, io,
    io::Write as _,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    pin::pin,
};

use anstyle::AnsiColor;
use clap::Args;
use linq_sandbox::{Delays, Sandbox};
use serde_json::{Value, json};

use crate::{
    log_line::{Format, is_coloured},
    say,
};

/// Run a fake of the Linq API on this machine, until Ctrl-C.
///
/// It keeps chats, messages and webhook subscriptions in memory, moves each message through sent, delivered and
/// read, and delivers signed webhooks. Nothing leaves this machine.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The port to listen on; 0 takes any free one.
    #[arg(long, default_value_t = 4010)]
    port: u16,
    /// The address to listen on. Any but a loopback address opens the sandbox to the network.
    #[arg(long, value_name = "ADDR", default_value_t = Ipv4Addr::LOCALHOST.into())]
    host: IpAddr,
    /// The API key that requests must carry, instead of a random one.
    #[arg(long)]
    key: Option<String>,
    /// Makes ids the same in every run that does the same.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// A line of the account, such as +12025550100. May be given several times.
    #[arg(long = "phone-number", value_name = "NUMBER")]
    phone_numbers: Vec<String>,
    /// Subscribe this address to every webhook event. May be given several times.
    #[arg(long = "subscribe", value_name = "URL")]
    subscriptions: Vec<String>,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Runs the sandbox until Ctrl-C.
pub(crate) async fn run(arguments: Arguments) -> Result<(), String> {
    let format = match arguments.json {
        true => Format::Json,
        false => Format::Text { coloured: is_coloured(&io::stdout()) },
    };
    let mut interrupted = pin!(tokio::signal::ctrl_c());
    // Listens for Ctrl-C from here on.
    tokio::select! {
        biased;
        _ = &mut interrupted => return Ok(()),
        () = future::ready(()) => {}
    }

    let address = SocketAddr::new(arguments.host, arguments.port);
    if !arguments.host.is_loopback() {
        let warning = format!(
            "{} can be reached from the network: whoever has the key can use this sandbox, over plain http",
            arguments.host
        );
        say("warning", AnsiColor::Yellow.on_default().bold(), &warning);
    }
    let sandbox = start(&arguments, address, format).await?;
    let mut lines = introduction(&sandbox, arguments.key.is_none(), format);
    for target_url in &arguments.subscriptions {
        let secret = sandbox
            .subscribe(target_url)
            .map_err(|error| format!("{target_url} cannot be subscribed: {error}"))?;
        lines.push(subscribed(target_url, secret.expose(), format));
    }
    for line in lines {
        print(&line);
    }
    interrupted.await.map_err(|error| format!("Ctrl-C cannot be listened for: {error}"))
}

async fn start(arguments: &Arguments, address: SocketAddr, format: Format) -> Result<Sandbox, String> {
    let mut builder = Sandbox::builder()
        .address(address)
        .delays(Delays::human())
        .on_log(move |entry| print(&format.line(entry)));
    if let Some(key) = &arguments.key {
        builder = builder.api_key(key);
    }
    if let Some(seed) = arguments.seed {
        builder = builder.seed(seed);
    }
    for phone_number in &arguments.phone_numbers {
        builder = builder.phone_number(phone_number);
    }
    builder.start().await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => format!("{address} is in use; choose another port with --port"),
        io::ErrorKind::InvalidInput => format!("no such sandbox: {error}"),
        _ => format!("cannot listen on {address}: {error}"),
    })
}

/// Where the sandbox is and how to use it. A key that the user chose is theirs to remember.
fn introduction(sandbox: &Sandbox, show_key: bool, format: Format) -> Vec<String> {
    let (base_url, phone_number) = (sandbox.base_url(), sandbox.phone_number());
    let key = show_key.then(|| sandbox.api_key());
    if let Format::Json = format {
        let started = json!({
            "type": "started", "base_url": base_url, "api_key": key, "phone_number": phone_number,
        });
        return vec![started.to_string()];
    }
    let message = json!({
        "from": phone_number,
        "to": ["+12025550199"],
        "message": { "parts": [{ "type": "text", "value": "Hello!" }] },
    });
    let mut lines = vec![format!("Base URL  {base_url}")];
    lines.extend(key.map(|key| format!("API key   {key}")));
    lines.push(format!("Line      {phone_number}"));
    lines.push(String::new());
    lines.push(format!(
        "curl {base_url}/v3/chats -H \"Authorization: Bearer {}\" -H 'Content-Type: application/json' -d '{message}'",
        key.unwrap_or("$LINQ_API_KEY"),
    ));
    lines.push(String::new());
    lines
}

fn subscribed(target_url: &str, secret: &str, format: Format) -> String {
    match format {
        Format::Json => {
            let subscribed: Value =
                json!({ "type": "subscribed", "target_url": target_url, "signing_secret": secret });
            subscribed.to_string()
        }
        Format::Text { .. } => format!("Webhooks  {target_url} signed with {secret}"),
    }
}

/// Prints a line. That nobody reads it, as after `| head -1`, is no reason to stop.
fn print(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}
