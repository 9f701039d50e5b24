use std::process::Command;

use linq::{
    ReqwestBackend,
    sandbox::{Sandbox, SandboxExt as _},
    types::{
        events::EventType,
        webhook_subscriptions::{NewWebhookSubscription, UpdateWebhookSubscription},
    },
};

use super::program::Program;

/// Starts a receiver that a sandbox delivers messages to, and returns it and its address.
pub(crate) async fn subscribed(receiver: &mut Command, sandbox: &Sandbox) -> (Program, String) {
    subscribed_to(&[EventType::MessageReceived], receiver, sandbox).await
}

/// Starts a receiver that a sandbox delivers these events to, and returns it and its address.
pub(crate) async fn subscribed_to(
    events: &[EventType],
    receiver: &mut Command,
    sandbox: &Sandbox,
) -> (Program, String) {
    let client = sandbox.client(ReqwestBackend::new().unwrap()).unwrap();
    // The receiver needs the secret of the subscription, and the subscription the address of the receiver.
    let subscription = NewWebhookSubscription::new("http://127.0.0.1:1/", events.to_vec());
    let created = client.webhook_subscriptions().create(subscription).await.unwrap();
    let mut running = Program::start(
        receiver.env("LISTEN", "127.0.0.1:0").env("LINQ_WEBHOOK_SECRET", created.signing_secret.expose()),
    );
    let target = running.next_line().split_once("listens on ").unwrap().1.to_owned();
    let moved = UpdateWebhookSubscription::new().target_url(&target);
    client.webhook_subscriptions().update(created.subscription.id, moved).await.unwrap();
    (running, target)
}
