//! `linq listen`: a receiver of webhooks.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

use clap::Args;
use hyper_util::server::graceful::GracefulShutdown;
use linq::{types::events::EventType, webhooks::Verifier};
use serde_json::json;
use tokio::net::TcpListener;

use self::{
    forward::Forward,
    printer::{Printer, View},
    receiver::Receiver,
    record::Record,
    relayed::receive_from_relay,
    server::Server,
};
use crate::{
    account::{self, Account},
    exit_code,
    failure::Failure,
    known_value::event_type,
    log::Log,
    output::Output,
    relay::{RelayConnection, RelayOptions},
    secret::Trust,
    shutdown::{self, ShutdownSignal},
    target_url::TargetUrl,
    temporary_subscription::TemporarySubscription,
};

mod forward;
mod payload;
mod printer;
mod receiver;
mod record;
mod relayed;
mod server;

/// Receive webhooks, verify them and print each event, until Ctrl-C, SIGTERM or SIGHUP.
///
/// Without --relay and --public-url it is a server for a subscription of yours, whose secret it needs. Every POST is a
/// delivery, on any path. The status is 204 for an event, 401 for an invalid signature, 400 for a body that is not an event,
/// and 413 for a body larger than 1 MiB. With --forward it is the status of the target, or 502 if the target does not
/// respond, so that the service delivers again. Every verified body is forwarded, even if it is not an event.
///
/// With --relay or --public-url it subscribes to events itself, keeps the secret in memory, and deletes the subscription when
/// it ends. After kill -9 the subscription remains; `linq webhooks list` shows it.
///
/// With --json each event is one line on standard output, as it was received, and everything else is JSON on standard error.
///
/// Exit codes: 0 stopped, deliveries in progress were finished; 1 it cannot listen or print, the reason is on standard error; 2 invalid command line;
/// 4 the API or the relay does not accept the API key; 6 the relay or the API cannot be reached.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  linq listen --relay --events message.received,message.failed\n  linq listen --relay --forward http://localhost:3000/webhook --record events.jsonl\n  linq listen --public-url https://example.ngrok.app --port 4011\n  linq listen --secret whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
)]
pub(crate) struct Arguments {
    /// Receive through the relay of the service, without a public address.
    #[arg(long, conflicts_with = "public_url")]
    relay: bool,
    /// Subscribe this https URL, which must lead to the port that is listened on.
    #[arg(long, value_name = "URL")]
    public_url: Option<TargetUrl>,
    /// The types of events to subscribe to, separated by commas, instead of all.
    #[arg(long, value_name = "EVENTS", value_delimiter = ',', value_parser = event_type(), hide_possible_values = true)]
    events: Vec<EventType>,
    /// Accept events that the relay sends without their signature. Anybody who knows the address of the connection can send
    /// such events.
    #[arg(long, conflicts_with = "public_url")]
    unverified: bool,
    /// The port to listen on; 0 picks a free one.
    #[arg(long, default_value_t = 4011)]
    port: u16,
    /// The address to listen on. An address that is not loopback is reachable from the network.
    #[arg(long, value_name = "ADDR", default_value_t = Ipv4Addr::LOCALHOST.into())]
    address: IpAddr,
    #[command(flatten)]
    trust: Trust,
    /// Forward each verified delivery to this URL, with the body unchanged and new signatures by the first secret: both of V3, or that
    /// of V2. With --relay and --public-url the secret is not that of the subscription; without one the signatures that came are kept.
    #[arg(long, visible_alias = "forward-to", value_name = "URL")]
    forward: Option<TargetUrl>,
    /// Append each verified delivery to this file, one JSON object per line, for `linq replay`. A new file is readable for
    /// its owner only.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    #[command(flatten)]
    account: Account,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// What distinguishes the commands that listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listener {
    /// `linq listen`
    Server,
    /// `linq webhooks listen`: receives through the relay unless it has a public URL.
    Relay,
    /// `linq webhooks tail`: like it, and shows the payloads.
    Tail,
}

impl Arguments {
    pub(crate) async fn run(self, listener: Listener) -> Result<(), Failure> {
        let signal = ShutdownSignal::listen()?;
        let log = Log::default();
        let view = match listener {
            _ if self.output.json => View::Json,
            Listener::Tail => View::Payload,
            Listener::Server | Listener::Relay => View::Line,
        };
        let printer = Printer::new(log.clone(), view);
        let subscribes = self.relay || self.public_url.is_some() || listener != Listener::Server;
        if !subscribes && (self.unverified || !self.events.is_empty()) {
            return Err(Failure::new("--events and --unverified need --relay or --public-url")
                .with_kind("Usage")
                .with_exit_code(exit_code::USAGE));
        }
        let verifier = if subscribes { None } else { Some(self.trust.verifier()?) };
        let forward = match &self.forward {
            Some(target) => Some(Forward::new(target.clone(), self.trust.first_secret())?),
            None => None,
        };
        let record = self.record.as_deref().map(Record::open).transpose()?;
        if subscribes && self.forward.is_some() && self.trust.first_secret().is_none() {
            printer.warn(
                "forwarded events keep the signatures of the temporary subscription; to sign them for your receiver, pass its \
                 secret with --secret",
            );
        }
        let receiver = Receiver { forward, record, printer };
        let listening = match (verifier, &self.public_url) {
            (Some(verifier), _) => self.serve(verifier, receiver, &signal, &log).await,
            (None, Some(url)) => self.serve_public_url(url, receiver, &signal, &log).await,
            (None, None) => self.receive_from_relay(receiver, &signal, &log).await,
        };
        log.check().and(listening)
    }

    /// Serves until the signal, or until the log cannot be printed.
    async fn serve(
        &self,
        verifier: Verifier,
        receiver: Receiver,
        signal: &ShutdownSignal,
        log: &Log,
    ) -> Result<(), Failure> {
        let (listener, address) = self.bind(&receiver.printer).await?;
        let url = format!("http://{address}");
        receiver.printer.note(&format!("Listening on {url}"), json!({ "type": "listening", "url": url }));
        let (server, connections) = (Arc::new(Server { verifier, receiver }), GracefulShutdown::new());
        tokio::select! {
            () = signal.wait(log) => {}
            () = server.accept(&listener, &connections) => {}
        }
        drop(listener);
        shutdown::finish(connections.shutdown(), log).await
    }

    /// Serves with a subscription of its own.
    async fn serve_public_url(
        &self,
        url: &TargetUrl,
        receiver: Receiver,
        signal: &ShutdownSignal,
        log: &Log,
    ) -> Result<(), Failure> {
        let client = self.account.client()?;
        let (listener, address) = self.bind(&receiver.printer).await?;
        let subscription =
            TemporarySubscription::create(&client, url.expose().to_string(), self.events.clone()).await?;
        let verifier = subscription.verifier(self.trust.schemes(), self.trust.tolerance)?;
        let (id, local) = (subscription.id(), format!("http://{address}"));
        receiver.printer.note(
            &format!("Listening on {local} for subscription {id}"),
            json!({ "type": "listening", "url": local, "subscription_id": id }),
        );
        let (server, connections) = (Arc::new(Server { verifier, receiver }), GracefulShutdown::new());
        tokio::select! {
            () = signal.wait(log) => {}
            () = server.accept(&listener, &connections) => {}
        }
        // While the listener is open, deliveries until the deletion are not lost.
        let deleted = tokio::select! {
            deleted = subscription.delete() => deleted,
            () = server.accept(&listener, &connections) => Ok(()),
        };
        drop(listener);
        shutdown::finish(connections.shutdown(), log).await.and(deleted)
    }

    async fn receive_from_relay(
        &self,
        receiver: Receiver,
        signal: &ShutdownSignal,
        log: &Log,
    ) -> Result<(), Failure> {
        if self.unverified {
            receiver
                .printer
                .warn("--unverified accepts events that anybody may have sent; do not act on them");
        }
        let key = self.account.key()?.value;
        let client = account::client(&key, |builder| builder)?;
        let base_url = account::base_url()?.value;
        let connection = tokio::select! {
            connection = RelayConnection::open(&key, &base_url) => connection?,
            () = signal.received() => return Ok(()),
        };
        let options = RelayOptions {
            events: self.events.clone(),
            schemes: self.trust.schemes(),
            tolerance: self.trust.tolerance,
            accept_unsigned: self.unverified,
        };
        let relay = connection.subscribe(&client, options).await?;
        receive_from_relay(relay, Arc::new(receiver), signal, log).await
    }

    async fn bind(&self, printer: &Printer) -> Result<(TcpListener, SocketAddr), Failure> {
        let address = SocketAddr::new(self.address, self.port);
        let listener = TcpListener::bind(address).await.map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => {
                format!("address {address} is in use; choose another port with --port")
            }
            _ => format!("cannot listen on {address}: {error}"),
        })?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        if !address.ip().is_loopback() {
            printer.warn(&format!("{} is reachable from the network, over plain http", address.ip()));
        }
        Ok((listener, address))
    }
}
