//! What the agent asks of a language model, and a scripted one that needs no key.

use anyhow::Result;
use serde::{Deserialize, Serialize};

/// A language model.
pub trait Model: Send + Sync + 'static {
    /// Describes a file that a person sent. The description is what the history keeps.
    fn describe(&self, media_type: &str, bytes: &[u8]) -> impl Future<Output = Result<String>> + Send;

    /// Decides what to do about what a person says, after these turns.
    fn decide(&self, history: &[Turn], said: &str) -> impl Future<Output = Result<Vec<Action>>> + Send;
}

/// What a person said, and what the model decided to do about it.
#[derive(Serialize, Deserialize)]
pub struct Turn {
    pub said: String,
    pub actions: Vec<Action>,
}

/// A call of one of the model's tools.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "tool", rename_all = "snake_case")]
pub enum Action {
    /// Sends a text in Markdown, one message for each paragraph.
    Reply { text: String },
    /// Reacts to the last message of the person.
    React { emoji: String },
    /// Sends a picture of the menu.
    SendMenu,
    /// Asks a question with a poll.
    AskPoll { question: String, options: Vec<String> },
}

pub struct Scripted;

impl Model for Scripted {
    async fn describe(&self, media_type: &str, bytes: &[u8]) -> Result<String> {
        Ok(format!("{media_type}, {} bytes", bytes.len()))
    }

    async fn decide(&self, history: &[Turn], said: &str) -> Result<Vec<Action>> {
        let number = history.len() + 1;
        Ok(vec![match said {
            "Menu?" => Action::SendMenu,
            "A table?" => Action::AskPoll { question: "When?".into(), options: vec!["6".into(), "8".into()] },
            "Thanks!" => Action::React { emoji: "❤️".into() },
            _ => Action::Reply { text: format!("You wrote: {said}\n\nThis is turn **{number}**.") },
        }])
    }
}
