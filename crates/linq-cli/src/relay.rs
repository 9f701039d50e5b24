//! The relay: receives webhooks over a WebSocket, without a public address.
//!
//! The protocol is that of the official command line. It is not documented by the service, so the addresses can be changed,
//! and each deviation is a sentence.

mod address;
mod backoff;
mod frame;
mod recent_ids;
mod session;
mod socket;

use std::time::Duration;

use http::HeaderMap;
use linq::{
    Client,
    types::{Secret, WebhookSubscriptionId, events::EventType},
    webhooks::Schemes,
};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use self::{address::Addresses, session::Session, socket::Socket};
use crate::{
    failure::Failure,
    temporary_subscription::TemporarySubscription,
    webhook::{Delivery, Rejection},
};

/// How many notices wait for their consumer. The relay is not read while there is no room.
const MAX_WAITING: usize = 16;

/// What is received through the relay, and how it is verified.
#[derive(Debug, Clone)]
pub(crate) struct RelayOptions {
    /// The types of the events; empty means all that the API knows.
    pub(crate) events: Vec<EventType>,
    /// The signature schemes that are accepted.
    pub(crate) schemes: Schemes,
    /// How far the timestamp of a signature may be from now.
    pub(crate) tolerance: Duration,
    /// Whether frames without a signature are accepted.
    pub(crate) accept_unsigned: bool,
}

impl Default for RelayOptions {
    fn default() -> Self {
        Self {
            events: Vec::new(),
            schemes: Schemes::V3,
            tolerance: Duration::from_secs(300),
            accept_unsigned: false,
        }
    }
}

/// What a relay reports.
#[derive(Debug)]
pub(crate) enum Notice {
    Delivery(RelayDelivery),
    /// A frame that is not a delivery with a valid signature.
    Rejected(Rejection),
    /// The connection is lost, or another attempt to connect failed. The next one follows after the pause.
    Disconnected {
        reason: String,
        pause: Duration,
    },
    /// The connection was made again, and the subscription leads to it.
    Reconnected,
}

/// A webhook that came through the relay.
#[derive(Debug)]
pub(crate) struct RelayDelivery {
    /// The headers as the service sent them; empty for a frame without a signature.
    pub(crate) headers: HeaderMap,
    pub(crate) delivery: Delivery,
    /// Whether the same event was delivered before.
    pub(crate) is_duplicate: bool,
}

/// A connection to the relay to which nothing is delivered yet.
#[derive(Debug)]
pub(crate) struct RelayConnection {
    addresses: Addresses,
    api_key: Secret,
    socket: Socket,
}

impl RelayConnection {
    /// Connects to the relay of the environment: `LINQ_RELAY_WS_URL` and `LINQ_RELAY_URL`. By default it is that of the
    /// sandbox if the base URL of the API is on this machine, and else that of the service.
    ///
    /// The future can be dropped at any time.
    pub(crate) async fn open(api_key: &Secret, base_url: &str) -> Result<Self, Failure> {
        let addresses = Addresses::from_env(base_url)?;
        let socket = Socket::open(&addresses, api_key).await?;
        Ok(Self { addresses, api_key: api_key.clone(), socket })
    }

    /// Subscribes to events for as long as the relay is open. Polls the future to its end, since dropping it could leave the
    /// subscription behind.
    pub(crate) async fn subscribe(self, client: &Client, options: RelayOptions) -> Result<Relay, Failure> {
        let Self { addresses, api_key, socket } = self;
        let target_url = addresses.target_url(socket.connection_id());
        let subscription = TemporarySubscription::create(client, target_url, options.events).await?;
        let id = subscription.id().clone();
        let verifier = subscription.verifier(options.schemes, options.tolerance)?;
        let (sender, notices) = mpsc::channel(MAX_WAITING);
        let (stop, stopped) = oneshot::channel();
        let session =
            Session::new(addresses, api_key, subscription, verifier, options.accept_unsigned, sender);
        Ok(Relay { id, notices, stop, session: tokio::spawn(session.run(socket, stopped)) })
    }
}

/// An open relay. Its subscription is deleted when it ends: closed, dropped, or by a panic.
#[derive(Debug)]
pub(crate) struct Relay {
    id: WebhookSubscriptionId,
    notices: mpsc::Receiver<Notice>,
    stop: oneshot::Sender<()>,
    session: JoinHandle<Result<(), Failure>>,
}

impl Relay {
    /// Returns the id of the temporary subscription.
    pub(crate) fn subscription_id(&self) -> &WebhookSubscriptionId {
        &self.id
    }

    /// Returns the next notice; `None` if the relay ended by itself, for the reason that [`close`](Self::close) returns. The
    /// future can be dropped at any time.
    pub(crate) async fn next(&mut self) -> Option<Notice> {
        self.notices.recv().await
    }

    /// Closes the connection and deletes the subscription. Returns an error if that fails, or if the relay ended by itself.
    pub(crate) async fn close(self) -> Result<(), Failure> {
        drop((self.stop, self.notices));
        self.session.await.unwrap_or_else(|_| Err(Failure::new("internal error: the relay's task panicked")))
    }
}
