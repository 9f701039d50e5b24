//! `linq listen`: a receiver of webhooks.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use clap::Args;
use hyper_util::server::graceful::GracefulShutdown;
use serde_json::json;
use tokio::net::TcpListener;

use self::{
    forward::{Forward, TargetUrl},
    receiver::{Entry, Receiver},
};
use crate::{
    failure::Failure,
    log::Log,
    secret::Trust,
    shutdown::{self, ShutdownSignal},
    terminal::{Format, say_warning},
};

mod forward;
mod log_line;
mod receiver;
mod server;

/// Receive webhooks, verify them and print each event, until Ctrl-C, SIGTERM or SIGHUP.
///
/// Every POST is a delivery, on any path. The status is 204 for an event, 401 for an invalid signature, 400 for a body that
/// is not an event, and 413 for a body larger than 1 MiB. With --forward it is the status of the target, or 502 if the
/// target does not respond, so that the service delivers again. Every verified body is forwarded, even if it is not an event.
///
/// Exit codes: 0 stopped, deliveries in progress were finished; 1 it cannot listen or print, the reason is on standard error; 2 invalid command line.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The port to listen on; 0 picks a free one.
    #[arg(long, default_value_t = 4011)]
    port: u16,
    /// The address to listen on. An address that is not loopback is reachable from the network.
    #[arg(long, value_name = "ADDR", default_value_t = Ipv4Addr::LOCALHOST.into())]
    address: IpAddr,
    #[command(flatten)]
    trust: Trust,
    /// Forward each verified delivery to this URL, with the body unchanged and new signatures by the first secret: both of V3, or that
    /// of V2.
    #[arg(long, value_name = "URL")]
    forward: Option<TargetUrl>,
    /// Print one JSON object per line.
    #[arg(long)]
    pub(crate) json: bool,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let signal = ShutdownSignal::listen()?;
    let log = Log::default();
    let format = Format::of_stdout(arguments.json);
    let verifier = arguments.trust.verifier().map_err(|error| error.to_string())?;
    let forward = match arguments.forward {
        Some(target) => Some(Forward::new(target, arguments.trust.first_secret())?),
        None => None,
    };
    let address = SocketAddr::new(arguments.address, arguments.port);
    let listener = TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => format!("address {address} is in use; choose another port with --port"),
        _ => format!("cannot listen on {address}: {error}"),
    })?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    if !address.ip().is_loopback() {
        say_warning(&format!("{} is reachable from the network, over plain http", address.ip()))?;
    }
    log.line(&match format {
        Format::Json => json!({ "type": "listening", "url": format!("http://{address}") }).to_string(),
        Format::Text { .. } => format!("Listening on http://{address}"),
    });
    let entries = log.clone();
    let observer = move |entry: &Entry<'_>| entries.line(&log_line::line(entry, format));
    let receiver = Arc::new(Receiver::new(verifier, forward, observer));
    let connections = GracefulShutdown::new();
    tokio::select! {
        () = signal.wait(&log) => {}
        () = server::accept(&listener, &receiver, &connections) => {}
    }
    drop(listener);
    shutdown::finish(connections.shutdown(), &log).await
}
