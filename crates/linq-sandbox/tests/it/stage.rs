//! A sandbox whose time stands still, and somebody who hears all of its events.

use linq_sandbox::{Sandbox, SandboxBuilder};
use linq_types::{ChatId, MessageId, events::EventType};
use serde_json::{Value, json};

use super::{
    api::{ADA, Api, BEN, Reply},
    receiver::Receiver,
};

pub(crate) const CLEO: &str = "+12025550197";
pub(crate) const DORA: &str = "+12025550196";

pub(crate) struct Stage {
    pub(crate) api: Api,
    receiver: Receiver,
}

impl Stage {
    pub(crate) async fn start() -> Self {
        Self::with(Sandbox::builder()).await
    }

    pub(crate) async fn with(builder: SandboxBuilder) -> Self {
        let api = Api::with(builder.manual_time()).await;
        let receiver = Receiver::start().await;
        let all: Vec<_> = EventType::KNOWN.iter().map(EventType::as_str).collect();
        api.subscribe(&receiver, "", json!({ "subscribed_events": all })).await;
        Self { api, receiver }
    }

    /// Everything that happened so far, by its type, with `data`.
    pub(crate) async fn events(&self) -> Vec<(String, Value)> {
        self.api.advance_secs(0).await;
        let received = self.receiver.received().into_iter();
        received.map(|one| (one.event_type().to_owned(), one.body["data"].clone())).collect()
    }

    pub(crate) async fn count(&self, event_type: &str) -> usize {
        self.events().await.iter().filter(|(known, _)| known == event_type).count()
    }

    /// The whole body of the newest event of this type.
    pub(crate) async fn body(&self, event_type: &str) -> Value {
        self.api.advance_secs(0).await;
        let found = self.receiver.received().into_iter().rfind(|one| one.event_type() == event_type);
        found.unwrap_or_else(|| panic!("no {event_type} in {:#?}", self.receiver.received())).body
    }

    /// What the newest event of this type says.
    pub(crate) async fn event(&self, event_type: &str) -> Value {
        self.body(event_type).await["data"].take()
    }

    /// A chat with these people in which nothing is under way.
    pub(crate) async fn chat(&self, people: &[&str]) -> (ChatId, MessageId) {
        let created = self.api.create_chat(people, "Hello").await;
        assert_eq!(created.status, 201, "{created:?}");
        self.api.advance_secs(1).await;
        let chat = &created.body["chat"];
        (text(&chat["id"]).into(), text(&chat["message"]["id"]).into())
    }

    /// A group of your line, Ada, Ben and Cleo.
    pub(crate) async fn group(&self) -> ChatId {
        self.chat(&[ADA, BEN, CLEO]).await.0
    }

    pub(crate) async fn message(&self, id: &MessageId) -> Value {
        self.api.get(&format!("/v3/messages/{id}")).await.body
    }
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

pub(crate) fn message_id(sent: &Reply) -> MessageId {
    text(&sent.body["message"]["id"]).into()
}
