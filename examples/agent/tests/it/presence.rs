//! What a person sees while the agent thinks.

use std::{sync::Arc, time::Duration};

use agent::model::{Action, Model, Scripted, Turn};
use anyhow::Result;
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};

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

async fn until(mut is_reached: impl FnMut() -> bool) {
    let reached = timeout(Duration::from_secs(30), async {
        while !is_reached() {
            sleep(Duration::from_millis(10)).await;
        }
    });
    reached.await.unwrap();
}

#[tokio::test]
async fn it_types_while_it_thinks_and_has_read_the_message() {
    let permission = Arc::new(Notify::new());
    let scene = Scene::start(Slow(Arc::clone(&permission))).await;
    let said = scene.0.person("+12025550199").says("Menu?").unwrap();
    until(|| scene.0.shows_typing(&said.chat_id)).await;
    assert!(scene.0.messages(&said.chat_id)[0].read_at.is_some());
    assert!(scene.0.sent().is_empty());
    permission.notify_one();
    until(|| scene.0.sent().len() == 1).await;
    until(|| !scene.0.shows_typing(&said.chat_id)).await;
}
