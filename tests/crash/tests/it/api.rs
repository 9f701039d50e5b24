//! The API that the victims send to: it loses responses, and repeats and reorders its webhooks.

use std::{collections::BTreeMap, time::Duration};

use super::poster::SECRET;
use linq_core::Client;
use linq_hyper::HyperBackend;
use linq_sandbox::{Delays, Sandbox};
use linq_types::{
    ChatId, events::EventType, parts::PartResponse, webhook_subscriptions::NewWebhookSubscription,
};
use tokio::runtime::Runtime;

const FAULTS: &[&str] = &[
    "chats.messages.send: lost-ack 0.1",
    "chats.messages.send: early-webhook 0.02",
    "webhook: duplicate 0.2",
    "webhook: reorder 300ms 0.2",
];

/// A sandbox, on threads of its own.
pub(super) struct Api {
    sandbox: Sandbox,
    chats: Vec<ChatId>,
    secret: String,
    _runtime: Runtime,
}

impl Api {
    /// Starts an API with this number of chats, which tells this port what was sent.
    pub(super) fn start(chats: usize, port: u16) -> Self {
        let runtime = Runtime::new().unwrap();
        let short = Duration::from_millis(20);
        let builder =
            FAULTS.iter().fold(Sandbox::builder(), |builder, text| builder.fault(text.parse().unwrap()));
        let builder = builder.delays(Delays::new(short, short, short)).webhook_retry_factor(0.1);
        let sandbox = runtime.block_on(builder.start()).unwrap();
        let open = |number| sandbox.person(format!("+120255502{number:02}")).says("Hello?").unwrap().chat_id;
        let chats = (0..chats).map(open).collect();
        let client = Client::builder().api_key(sandbox.api_key()).base_url(sandbox.base_url());
        let client = client.build(HyperBackend::http()).unwrap();
        let subscription =
            NewWebhookSubscription::new(format!("http://127.0.0.1:{port}/"), [EventType::MessageSent]);
        let create = async { client.webhook_subscriptions().create(subscription).await };
        let secret = runtime.block_on(create).unwrap().signing_secret;
        Self { chats, secret: secret.expose().to_owned(), sandbox, _runtime: runtime }
    }

    pub(super) fn chats(&self) -> impl Iterator<Item = &str> {
        self.chats.iter().map(ChatId::as_str)
    }

    /// The environment of a victim.
    pub(super) fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("LINQ_API_V3_API_KEY", self.sandbox.api_key().to_owned()),
            ("LINQ_API_V3_BASE_URL", self.sandbox.base_url().to_owned()),
            ("LINQ_WEBHOOK_SECRET", format!("{SECRET},{}", self.secret)),
        ]
    }

    /// Returns the texts that were sent into each chat, in order: the ids of the events that they answer.
    pub(super) fn answers(&self) -> BTreeMap<String, Vec<String>> {
        let mut answers: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for message in self.sandbox.sent() {
            let text = message.parts.iter().find_map(|part| match part {
                PartResponse::Text(text) => Some(text.value.clone()),
                _ => None,
            });
            answers.entry(message.chat_id.as_str().to_owned()).or_default().extend(text);
        }
        answers
    }
}
