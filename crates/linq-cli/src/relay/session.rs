use std::time::Duration;

use http::{HeaderMap, StatusCode};
use linq::{
    types::Secret,
    webhooks::{Verifier, VerifyError},
};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep},
};

use super::{
    Notice, RelayDelivery,
    address::Addresses,
    backoff::Backoff,
    frame::Frame,
    recent_ids::RecentIds,
    socket::{ConnectError, Socket},
};
use crate::{
    failure::Failure,
    temporary_subscription::TemporarySubscription,
    webhook::{Delivery, Rejection, now},
};

/// After a connection that lasted that long, the pauses begin anew.
const STABLE: Duration = Duration::from_secs(30);

/// The task behind a relay.
#[derive(Debug)]
pub(super) struct Session {
    addresses: Addresses,
    api_key: Secret,
    subscription: TemporarySubscription,
    verifier: Verifier,
    accept_unsigned: bool,
    recent: RecentIds,
    notices: mpsc::Sender<Notice>,
}

/// The consumer of the notices is gone.
struct Abandoned;

impl Session {
    pub(super) fn new(
        addresses: Addresses,
        api_key: Secret,
        subscription: TemporarySubscription,
        verifier: Verifier,
        accept_unsigned: bool,
        notices: mpsc::Sender<Notice>,
    ) -> Self {
        let recent = RecentIds::default();
        Self { addresses, api_key, subscription, verifier, accept_unsigned, recent, notices }
    }

    /// Receives until it is stopped, and deletes the subscription.
    pub(super) async fn run(mut self, socket: Socket, stopped: oneshot::Receiver<()>) -> Result<(), Failure> {
        let ended = tokio::select! {
            ended = self.receive(socket) => ended,
            _ = stopped => Ok(()),
        };
        let deleted = self.subscription.delete().await;
        match (ended, deleted) {
            (Err(ended), Err(deleted)) => Err(ended.with_note(&deleted.to_string())),
            (ended, deleted) => ended.and(deleted),
        }
    }

    /// Receives over one connection after the other. Returns an error if no further one makes sense.
    async fn receive(&mut self, mut socket: Socket) -> Result<(), Failure> {
        let mut backoff = Backoff::new();
        loop {
            let started = Instant::now();
            let Ok(error) = self.read(&mut socket).await else {
                socket.close().await;
                return Ok(());
            };
            drop(socket);
            if started.elapsed() >= STABLE {
                backoff = Backoff::new();
            }
            let mut reason = match error {
                ConnectError::Refused => return Err(ConnectError::Refused.into()),
                ConnectError::Failed(reason) => reason,
            };
            socket = loop {
                let pause = backoff.next_pause();
                if self.report(Notice::Disconnected { reason, pause }).await.is_err() {
                    return Ok(());
                }
                sleep(pause).await;
                match self.reconnect().await {
                    Ok(Ok(socket)) => break socket,
                    Ok(Err(failed)) => reason = failed,
                    Err(failure) => return Err(failure),
                }
            };
            if self.report(Notice::Reconnected).await.is_err() {
                return Ok(());
            }
        }
    }

    /// Reads frames until the connection is lost.
    async fn read(&mut self, socket: &mut Socket) -> Result<ConnectError, Abandoned> {
        loop {
            match socket.next().await {
                Ok(frame) => {
                    if let Some(notice) = self.notice(frame) {
                        self.report(notice).await?;
                    }
                }
                Err(error) => return Ok(error),
            }
        }
    }

    /// Makes another connection and moves the subscription to it. Returns the reason if it failed and may be tried again.
    async fn reconnect(&self) -> Result<Result<Socket, String>, Failure> {
        let socket = match Socket::open(&self.addresses, &self.api_key).await {
            Ok(socket) => socket,
            Err(ConnectError::Failed(reason)) => return Ok(Err(reason)),
            Err(refused) => return Err(refused.into()),
        };
        let target_url = self.addresses.target_url(socket.connection_id());
        match self.subscription.move_to(target_url).await {
            Ok(()) => Ok(Ok(socket)),
            Err(error) if error.is_not_found() || error.is_unauthorized() => Err(error.into()),
            Err(error) => Ok(Err(format!("cannot update the subscription: {error}"))),
        }
    }

    async fn report(&self, notice: Notice) -> Result<(), Abandoned> {
        self.notices.send(notice).await.map_err(|_| Abandoned)
    }

    fn notice(&mut self, frame: Frame) -> Option<Notice> {
        let (headers, delivery) = match frame {
            Frame::Signed { headers, body } => {
                match Delivery::verify(&self.verifier, &headers, body, now()) {
                    Ok(delivery) => (headers, delivery),
                    Err(error) => return Some(Notice::Rejected(rejection(&error))),
                }
            }
            Frame::Bare(body) if self.accept_unsigned => (HeaderMap::new(), Delivery::unsigned(body)),
            Frame::Bare(_) => {
                return Some(Notice::Rejected(Rejection::new(
                    StatusCode::UNAUTHORIZED,
                    "the relay sent an event without its signature; to accept such events, pass --unverified",
                )));
            }
            Frame::Init(_) | Frame::Other => return None,
        };
        let is_duplicate = delivery.id().is_some_and(|id| self.recent.contains_or_insert(&id));
        Some(Notice::Delivery(RelayDelivery { headers, delivery, is_duplicate }))
    }
}

fn rejection(error: &VerifyError) -> Rejection {
    Rejection::new(StatusCode::UNAUTHORIZED, error.to_string())
}
