use std::sync::Arc;

use serde_json::json;
use tokio::task::JoinSet;

use super::receiver::{Outcome, Receiver};
use crate::{
    failure::Failure,
    log::Log,
    relay::{Notice, Relay, RelayDelivery},
    shutdown::{self, ShutdownSignal},
};

/// How many deliveries are forwarded at the same time.
const MAX_FORWARDED: usize = 16;

/// Receives until the signal, until the log cannot be printed, or until the relay ends. Then it deletes the subscription.
pub(super) async fn receive_from_relay(
    mut relay: Relay,
    receiver: Arc<Receiver>,
    signal: &ShutdownSignal,
    log: &Log,
) -> Result<(), Failure> {
    let id = relay.subscription_id();
    receiver.printer.note(
        &format!("Listening through the relay for subscription {id}"),
        json!({ "type": "listening", "subscription_id": id }),
    );
    let mut forwarded = JoinSet::new();
    tokio::select! {
        () = signal.wait(log) => {}
        () = receive(&mut relay, &receiver, &mut forwarded) => {}
    }
    let closed = relay.close().await;
    let rest = async { while forwarded.join_next().await.is_some() {} };
    shutdown::finish(rest, log).await.and(closed)
}

async fn receive(relay: &mut Relay, receiver: &Arc<Receiver>, forwarded: &mut JoinSet<()>) {
    while let Some(notice) = relay.next().await {
        match notice {
            Notice::Delivery(RelayDelivery { headers, delivery, is_duplicate }) => {
                receiver.accept(&headers, &delivery);
                while forwarded.try_join_next().is_some() {}
                if forwarded.len() >= MAX_FORWARDED {
                    forwarded.join_next().await;
                }
                let receiver = receiver.clone();
                forwarded.spawn(async move {
                    let outcome = receiver.forward(&headers, &delivery).await;
                    receiver.printer.delivery(&delivery, &Outcome { is_duplicate, ..outcome });
                });
            }
            Notice::Rejected(rejection) => drop(receiver.refuse(rejection)),
            Notice::Disconnected { reason, pause } => receiver.printer.note(
                &format!(
                    "Disconnected from the relay: {reason}; connecting again in {:.1} s",
                    pause.as_secs_f64()
                ),
                json!({ "type": "disconnected", "error": reason, "retry_in_ms": pause.as_millis() as u64 }),
            ),
            Notice::Reconnected => {
                receiver.printer.note("Connected to the relay again", json!({ "type": "connected" }));
            }
        }
    }
}
