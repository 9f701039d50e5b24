//! What a person sees while the agent thinks.

use std::{sync::Arc, time::Duration};

use agent::model::{Action, Model, Scripted, Turn};
use anyhow::Result;
use tokio::sync::Notify;

use super::bot::Scene;

/// A model that waits for a permission to decide.
struct Slow(Arc<Notify>);

impl Model for Slow {
    async fn describe(&self, media_type: &str, bytes: &[u8]) -> Result<String> {
        Scripted.describe(media_type, bytes).await
    }

    async fn decide(&self, history: &[Turn], said: &str) -> Result<Vec<Action>> {
        self.0.notified().await;
        Scripted.decide(history, said).await
    }
}

#[tokio::test]
async fn it_types_while_it_thinks_and_has_read_the_message() {
    let permission = Arc::new(Notify::new());
    let scene = Scene::start(Slow(Arc::clone(&permission))).await;
    let (sandbox, long) = (&scene.0, Duration::from_secs(30));
    let said = sandbox.person("+12025550199").says("Menu?").unwrap();
    sandbox.until(|sandbox| sandbox.shows_typing(&said.chat_id)).within(long).await;
    assert!(sandbox.messages(&said.chat_id)[0].read_at.is_some());
    assert!(sandbox.sent().is_empty());
    permission.notify_one();
    sandbox.until(|sandbox| sandbox.sent().len() == 1).within(long).await;
    sandbox.until(|sandbox| !sandbox.shows_typing(&said.chat_id)).within(long).await;
}
