//! `linq sandbox`: the API on this machine.

use std::{
    fs, io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, ValueEnum};
use linq::types::{Handle, Timestamp, check::Check as _};
use linq_sandbox::{Delays, Fault, RelayFrames, Sandbox};
use serde_json::json;

use self::rule::Rule;
use crate::{
    duration::parse_duration,
    failure::Failure,
    log::Log,
    secret::Secret,
    shutdown::{self, ShutdownSignal},
    terminal::{Format, say_warning},
};

mod log_line;
mod rule;

/// Run a fake of the Linq API on this machine, until Ctrl-C, SIGTERM or SIGHUP.
///
/// It keeps everything in memory, moves each message through sent, delivered and read, and delivers signed webhooks.
/// Nothing leaves this machine unless --allow-target permits it. It prints the environment variables for clients in another shell, and then a line for each
/// request and each webhook.
///
/// Exit codes: 0 stopped, requests and webhooks in progress were finished; 1 it cannot start or print, the reason is on standard error; 2 invalid command line.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq sandbox --open\n  linq sandbox --seed 7 --key test --subscribe http://127.0.0.1:4011/linq\n  linq sandbox --fault 'chats.create: lost-ack 0.2'"
)]
pub(crate) struct Arguments {
    /// The port to listen on; 0 picks a free one.
    #[arg(long, default_value_t = 4010)]
    port: u16,
    /// The address to listen on. An address that is not loopback is reachable from the network.
    #[arg(long, value_name = "ADDR", default_value_t = Ipv4Addr::LOCALHOST.into())]
    address: IpAddr,
    /// The API key that requests must have, instead of a random one. It is not printed.
    #[arg(long, allow_hyphen_values = true)]
    key: Option<Secret>,
    /// The seed of ids and secrets: the same seed and the same requests make the same ids.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// A line of the account, such as +12025550100. Can be repeated.
    #[arg(long = "line", value_name = "NUMBER", value_parser = parse_phone_number)]
    lines: Vec<Handle>,
    /// Behave like an account of this tier: people must write first, there are no locations, and all lines together send
    /// 100 messages per day.
    #[arg(long)]
    tier: Option<Tier>,
    /// The time at the start, such as 2026-11-30T12:00:00Z, instead of now: from 1970 to 8960.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    starts_at: Option<Timestamp>,
    /// Stop the clock. Only `POST /sandbox/advance` moves it.
    #[arg(long)]
    manual_time: bool,
    /// How long a message takes to be sent, delivered and read: human, test, or three durations such as 0.8s,1.2s,4s.
    ///
    /// `human` is 0.8s,1.2s,4s, and `test` is 50ms,50ms,100ms. `never` is a duration, too: 1s,1s,never leaves messages unread.
    #[arg(long, value_name = "SENT,DELIVERED,READ", default_value = "human")]
    delays: Delays,
    #[arg(long = "rule", value_name = "NAME=VALUE", help = Rule::SUMMARY, long_help = Rule::help())]
    rules: Vec<Rule>,
    /// Subscribe this URL to every webhook event. Can be repeated.
    #[arg(long = "subscribe", value_name = "URL")]
    subscriptions: Vec<String>,
    /// Deliver webhooks to this origin too, which is on another machine: scheme, host and port, such as http://app:8080.
    /// Can be repeated.
    #[arg(long = "allow-target", value_name = "ORIGIN")]
    allowed_targets: Vec<String>,
    /// Trust the certificates in this PEM file when delivering webhooks to https, besides those of the system.
    #[arg(long, value_name = "FILE")]
    target_ca: Option<PathBuf>,
    /// Accept requests whose Host header has this name, such as the name of the service in a compose network. Can be
    /// repeated.
    #[arg(long = "allow-host", value_name = "NAME")]
    allowed_hosts: Vec<String>,
    /// Inject a fault, as TARGET: FAULT. Can be repeated.
    ///
    /// The target is `*` (every call), an endpoint such as `POST /v3/chats` or `chats.messages.send`, `webhook`, or
    /// `webhook message.sent`. The fault of a call is lost-ack, cut, timeout, stall, truncated, 429, 500, 503, html or
    /// early-webhook; that of a webhook is delay, duplicate or reorder. A duration, a probability or a count may follow,
    /// and several faults are a sequence: `chats.create: lost-ack 0.2`, `*: ok, 503 x2, 429 5s`, `webhook: delay 90s`.
    #[arg(long = "fault", value_name = "FAULT")]
    faults: Vec<Fault>,
    /// Scale the delays between attempts to deliver a webhook by this factor, from 0 to 1000. With 0, all attempts follow at
    /// once.
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, allow_negative_numbers = true)]
    webhook_retry_factor: f64,
    /// The timeout of a webhook receiver's response, from 1ms to 1h.
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = parse_duration)]
    webhook_timeout: Duration,
    /// Sign webhooks with the time of this machine, even if that of the sandbox was advanced.
    #[arg(long)]
    sign_with_wall_time: bool,
    /// The format of the frames of the relay.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = FrameFormat::Signed)]
    relay_frames: FrameFormat,
    /// Open the page in the browser.
    #[arg(long)]
    open: bool,
    /// Print one JSON object per line.
    #[arg(long)]
    pub(crate) json: bool,
}

/// A tier of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Tier {
    /// The vendor's sandbox tier.
    Sandbox,
}

/// A format of the frames of the relay.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum FrameFormat {
    /// The body of the webhook with its headers, whose signature verifies.
    Signed,
    /// The body alone, as older versions of the service sent it.
    Bare,
}

impl From<FrameFormat> for RelayFrames {
    fn from(format: FrameFormat) -> Self {
        match format {
            FrameFormat::Signed => Self::Signed,
            FrameFormat::Bare => Self::Bare,
        }
    }
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let signal = ShutdownSignal::listen()?;
    let log = Log::default();
    let format = Format::of_stdout(arguments.json);
    let sandbox = start(&arguments, &log, format).await?;
    if let Some(warning) = sandbox.warning() {
        say_warning(&warning)?;
    }
    let mut lines = introduction(&sandbox, arguments.key.is_none(), format);
    for target_url in &arguments.subscriptions {
        let secret = sandbox
            .subscribe(target_url)
            .map_err(|error| format!("cannot subscribe the URL of `--subscribe`: {error}"))?;
        lines.push(subscribed(&log_line::without_password(target_url), secret.expose(), format));
    }
    for line in lines {
        log.line(&line);
    }
    if arguments.open {
        open(sandbox.page_url()).await?;
    }
    signal.wait(&log).await;
    shutdown::finish(sandbox.shutdown(), &log).await
}

async fn start(arguments: &Arguments, log: &Log, format: Format) -> Result<Sandbox, String> {
    let log = log.clone();
    let address = SocketAddr::new(arguments.address, arguments.port);
    let mut builder = Sandbox::builder()
        .address(address)
        .delays(arguments.delays)
        .assumptions(Rule::assumptions(&arguments.rules)?)
        .webhook_retry_factor(arguments.webhook_retry_factor)
        .webhook_timeout(arguments.webhook_timeout)
        .relay_frames(arguments.relay_frames.into())
        .on_log(move |entry| log.line(&log_line::line(entry, format)));
    if let Some(key) = &arguments.key {
        builder = builder.api_key(key.expose());
    }
    if let Some(seed) = arguments.seed {
        builder = builder.seed(seed);
    }
    for line in &arguments.lines {
        builder = builder.phone_number(line.clone());
    }
    if let Some(Tier::Sandbox) = arguments.tier {
        builder = builder.sandbox_tier();
    }
    if let Some(time) = arguments.starts_at {
        builder = builder.starts_at(time);
    }
    if arguments.manual_time {
        builder = builder.manual_time();
    }
    if arguments.sign_with_wall_time {
        builder = builder.sign_with_wall_time();
    }
    for fault in &arguments.faults {
        builder = builder.fault(fault.clone());
    }
    for origin in &arguments.allowed_targets {
        builder = builder.allow_target(origin);
    }
    for host in &arguments.allowed_hosts {
        builder = builder.allow_host(host);
    }
    if let Some(file) = &arguments.target_ca {
        builder = builder.target_ca(read(file)?);
    }
    builder.start().await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => format!("address {address} is in use; choose another port with --port"),
        io::ErrorKind::InvalidInput => format!("invalid sandbox: {error}"),
        _ => format!("cannot listen on {address}: {error}"),
    })
}

fn parse_phone_number(text: &str) -> Result<Handle, &'static str> {
    let handle = Handle::from(text);
    let is_number = handle.check().is_ok() && text.starts_with('+');
    is_number.then_some(handle).ok_or("expected a number in E.164 form, such as +12025550100")
}

fn parse_time(text: &str) -> Result<Timestamp, &'static str> {
    text.parse().map_err(|_| "expected a time such as 2026-11-30T12:00:00Z")
}

/// Opens a URL in the browser. The sandbox runs on if that fails.
async fn open(url: &str) -> Result<(), Failure> {
    let url = url.to_owned();
    // A launcher gets some time to fail.
    let opened = tokio::task::spawn_blocking(move || open::that_detached(url)).await;
    match opened.map_err(io::Error::other).flatten() {
        Ok(()) => Ok(()),
        Err(error) => say_warning(&format!("cannot open the page in a browser: {error}")),
    }
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|error| format!("cannot read {}: {error}", file.display()))
}

/// Returns the lines that say where the sandbox is and how to use it. The environment variables can be pasted into a
/// shell. A key that the user chose is not among them.
fn introduction(sandbox: &Sandbox, show_key: bool, format: Format) -> Vec<String> {
    let (base_url, control_url) = (sandbox.base_url(), sandbox.control_url());
    let (page_url, relay_url) = (sandbox.page_url(), sandbox.relay_url());
    let phone_number = sandbox.phone_number();
    let key = show_key.then(|| sandbox.api_key());
    if let Format::Json = format {
        let started = json!({
            "type": "started", "base_url": base_url, "control_url": control_url, "page_url": page_url,
            "relay_url": relay_url, "api_key": key, "phone_number": phone_number,
        });
        return vec![started.to_string()];
    }
    let message = json!({
        "from": phone_number,
        "to": ["+12025550199"],
        "message": { "parts": [{ "type": "text", "value": "Hello!" }] },
    });
    let mut lines = vec![format!("export LINQ_API_V3_BASE_URL={base_url}")];
    lines.extend(key.map(|key| format!("export LINQ_API_V3_API_KEY={key}")));
    // The names of the official command line.
    lines.push(format!("export LINQ_API_URL={base_url}"));
    lines.extend(key.map(|key| format!("export LINQ_TOKEN={key}")));
    lines.push(format!("export LINQ_RELAY_WS_URL={relay_url}"));
    lines.push(format!("export LINQ_RELAY_URL={}", control_url.trim_end_matches("/sandbox")));
    lines.push(String::new());
    lines.push(format!("Line      {phone_number}"));
    lines.push(format!("Page      {page_url}"));
    lines.push(format!("Control   {control_url}/"));
    lines.push(format!("Relay     {relay_url}"));
    lines.push(String::new());
    lines.push(format!(
        "curl {base_url}/v3/chats -H \"Authorization: Bearer {}\" -H 'Content-Type: application/json' -d '{message}'",
        key.unwrap_or("$LINQ_API_V3_API_KEY"),
    ));
    lines.push(String::new());
    lines
}

fn subscribed(target_url: &str, secret: &str, format: Format) -> String {
    match format {
        Format::Json => {
            json!({ "type": "subscribed", "target_url": target_url, "signing_secret": secret }).to_string()
        }
        Format::Text { .. } => format!("Webhooks  {target_url}\nexport LINQ_WEBHOOK_SECRET={secret}\n"),
    }
}
