//! A model behind an API that is compatible with OpenAI's, such as those of Ollama and vLLM.

use std::{env, time::Duration};

use anyhow::{Context as _, Result, anyhow};
use async_openai::{Client, config::OpenAIConfig, error::OpenAIError};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::time::timeout;

use crate::model::{Action, Model, Turn};

const TIMEOUT: Duration = Duration::from_secs(60);
const INSTRUCTIONS: &str = "You are the host of a small restaurant, and exchange text messages with guests. \
    Be brief. Everything that you do is a call of one of the tools.";
const DESCRIBE: &str = "Describe this picture in one sentence.";

pub struct OpenAi {
    client: Client<OpenAIConfig>,
    model: String,
}

impl OpenAi {
    /// Reads `OPENAI_API_KEY`, `OPENAI_MODEL` and, for another server than that of OpenAI, `OPENAI_BASE_URL`.
    pub fn from_env() -> Result<Self> {
        let variable = |name| env::var(name).with_context(|| format!("{name} is not set"));
        let url = env::var("OPENAI_BASE_URL").unwrap_or_else(|_| "https://api.openai.com/v1".to_owned());
        Ok(Self::new(url, variable("OPENAI_API_KEY")?, variable("OPENAI_MODEL")?))
    }

    pub fn new(base_url: impl Into<String>, api_key: impl Into<String>, model: impl Into<String>) -> Self {
        let config = OpenAIConfig::new().with_api_base(base_url).with_api_key(api_key);
        Self { client: Client::with_config(config), model: model.into() }
    }

    async fn complete(&self, mut request: Value) -> Result<Message> {
        request["model"] = self.model.as_str().into();
        let chat = self.client.chat();
        let response = timeout(TIMEOUT, chat.create_byot(request)).await.context("the model timed out")?;
        let completion: Completion = response.map_err(|error| match error {
            // It has the response and the error quotes it, which is not for logs.
            OpenAIError::JSONDeserialize(error, _) => {
                anyhow!("invalid response of the model: {:?} error", error.classify())
            }
            error => error.into(),
        })?;
        let choice = completion.choices.into_iter().next().context("the model made no choice")?;
        Ok(choice.message)
    }
}

impl Model for OpenAi {
    async fn describe(&self, media_type: &str, bytes: &[u8]) -> Result<String> {
        if !media_type.starts_with("image/") {
            return Ok(format!("a file of the type {media_type}"));
        }
        let url = format!("data:{media_type};base64,{}", STANDARD.encode(bytes));
        let content = json!([{ "type": "text", "text": DESCRIBE }, { "type": "image_url", "image_url": { "url": url } }]);
        let message = self.complete(json!({ "messages": [{ "role": "user", "content": content }] })).await?;
        message.content.context("the model did not describe the picture")
    }

    async fn decide(&self, history: &[Turn], said: &str) -> Result<Vec<Action>> {
        let mut messages = vec![json!({ "role": "system", "content": INSTRUCTIONS })];
        for (number, turn) in history.iter().enumerate() {
            messages.extend(turn_messages(number, turn)?);
        }
        messages.push(json!({ "role": "user", "content": said }));
        let message = self.complete(json!({ "messages": messages, "tools": tools() })).await?;
        let mut actions = Vec::new();
        if let Some(text) = message.content.filter(|text| !text.is_empty()) {
            actions.push(Action::Reply { text });
        }
        for call in message.tool_calls.unwrap_or_default() {
            actions.push(call.function.action().context("invalid call of a tool")?);
        }
        Ok(actions)
    }
}

/// Returns the messages of a turn as the API expects them: each call of a tool has a result.
fn turn_messages(number: usize, turn: &Turn) -> Result<Vec<Value>> {
    let mut calls = Vec::new();
    let mut results = Vec::new();
    for (at, action) in turn.actions.iter().enumerate() {
        let id = format!("call_{number}_{at}");
        calls.push(json!({ "id": id, "type": "function", "function": Function::of(action)?.to_json() }));
        results.push(json!({ "role": "tool", "tool_call_id": id, "content": "done" }));
    }
    let mut messages = vec![json!({ "role": "user", "content": turn.said })];
    if !calls.is_empty() {
        messages.push(json!({ "role": "assistant", "tool_calls": calls }));
    }
    messages.append(&mut results);
    Ok(messages)
}

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
    tool_calls: Option<Vec<ToolCall>>,
}

#[derive(Deserialize)]
struct ToolCall {
    function: Function,
}

/// The name of a tool, and its arguments as JSON.
#[derive(Deserialize)]
struct Function {
    name: String,
    arguments: String,
}

impl Function {
    fn of(action: &Action) -> Result<Self> {
        let mut arguments: Map<String, Value> = serde_json::from_value(serde_json::to_value(action)?)?;
        let name = arguments.remove("tool");
        let name = name.as_ref().and_then(Value::as_str).context("missing name")?.to_owned();
        Ok(Self { name, arguments: serde_json::to_string(&arguments)? })
    }

    fn action(self) -> Result<Action> {
        let arguments = serde_json::from_str::<Map<String, Value>>(&self.arguments);
        let mut action = arguments.map_err(|_| anyhow!("arguments that are not a JSON object"))?;
        action.insert("tool".to_owned(), self.name.into());
        serde_json::from_value(action.into()).map_err(|_| anyhow!("an unknown tool, or wrong arguments"))
    }

    fn to_json(&self) -> Value {
        json!({ "name": self.name, "arguments": self.arguments })
    }
}

fn tools() -> Value {
    let text = json!({ "type": "string" });
    let options = json!({ "type": "array", "items": text, "minItems": 2 });
    json!([
        tool("reply", "Sends a text in Markdown. Each paragraph becomes a message.", json!({ "text": text })),
        tool("react", "Reacts to the last message with an emoji.", json!({ "emoji": text })),
        tool("send_menu", "Sends a picture of the menu.", json!({})),
        tool("ask_poll", "Asks a question with a poll.", json!({ "question": text, "options": options })),
    ])
}

fn tool(name: &str, description: &str, properties: Value) -> Value {
    let required: Vec<_> = properties.as_object().into_iter().flat_map(Map::keys).collect();
    let parameters = json!({ "type": "object", "required": required, "properties": properties });
    json!({ "type": "function", "function": { "name": name, "description": description, "parameters": parameters } })
}
