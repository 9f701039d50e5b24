//! The adapter for OpenAI-compatible servers, against a fake one.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use agent::{
    model::{Action, Model, Turn},
    openai::OpenAi,
};
use axum::{Json, Router, extract::State, http::StatusCode, routing::post};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A server that gives prepared responses, and keeps the requests.
#[derive(Clone, Default)]
struct Fake {
    responses: Arc<Mutex<VecDeque<(u16, String)>>>,
    requests: Arc<Mutex<Vec<Value>>>,
}

impl Fake {
    async fn with(responses: impl IntoIterator<Item = (u16, String)>) -> (Self, OpenAi) {
        let fake =
            Self { responses: Arc::new(Mutex::new(responses.into_iter().collect())), ..Self::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let router = Router::new().route("/v1/chat/completions", post(respond)).with_state(fake.clone());
        tokio::spawn(async { axum::serve(listener, router).await });
        (fake, OpenAi::new(url, "key", "some-model"))
    }

    fn request(&self, number: usize) -> Value {
        self.requests.lock().unwrap()[number].clone()
    }
}

async fn respond(State(fake): State<Fake>, Json(request): Json<Value>) -> (StatusCode, String) {
    fake.requests.lock().unwrap().push(request);
    let (status, body) = fake.responses.lock().unwrap().pop_front().unwrap();
    (StatusCode::from_u16(status).unwrap(), body)
}

fn message(message: &Value) -> (u16, String) {
    (
        200,
        json!({ "id": "c1", "object": "chat.completion", "choices": [{ "index": 0, "message": message }] })
            .to_string(),
    )
}

fn call(name: &str, arguments: &Value) -> Value {
    json!({ "id": "x", "type": "function", "function": { "name": name, "arguments": arguments.to_string() } })
}

fn actions() -> Vec<Action> {
    let options = vec!["Six".to_owned(), "Seven".to_owned()];
    vec![
        Action::Reply { text: "Hello!".to_owned() },
        Action::React { emoji: "👍".to_owned() },
        Action::SendMenu,
        Action::AskPoll { question: "When?".to_owned(), options },
    ]
}

#[tokio::test]
async fn calls_of_all_tools_become_actions_and_text_without_a_call_becomes_a_reply() {
    let calls = [
        call("reply", &json!({ "text": "Hello!" })),
        call("react", &json!({ "emoji": "👍" })),
        call("send_menu", &json!({})),
        call("ask_poll", &json!({ "question": "When?", "options": ["Six", "Seven"] })),
    ];
    let responses = [
        message(&json!({ "role": "assistant", "content": null, "tool_calls": calls })),
        message(&json!({ "role": "assistant", "content": "Hello!" })),
    ];
    let (fake, model) = Fake::with(responses).await;
    assert_eq!(model.decide(&[], "Hi").await.unwrap(), actions());
    assert_eq!(model.decide(&[], "Hi").await.unwrap(), actions()[..1]);

    let request = fake.request(0);
    assert_eq!(request["model"], "some-model");
    let tools = request["tools"].as_array().unwrap();
    let names: Vec<_> = tools.iter().map(|tool| tool["function"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["reply", "react", "send_menu", "ask_poll"]);
    for (tool, action) in tools.iter().zip(actions()) {
        let action = serde_json::to_value(action).unwrap();
        let fields = action.as_object().unwrap().keys().filter(|name| *name != "tool");
        let parameters = &tool["function"]["parameters"];
        let (required, properties) = (parameters["required"].as_array().unwrap(), &parameters["properties"]);
        assert!(fields.eq(properties.as_object().unwrap().keys()), "{tool}");
        assert_eq!(required.len(), properties.as_object().unwrap().len(), "{tool}");
    }
}

#[tokio::test]
async fn the_history_is_sent_with_a_result_for_each_call_of_a_tool() {
    let (fake, model) = Fake::with([message(&json!({ "role": "assistant", "content": "" }))]).await;
    let history = [
        Turn { said: "Hi".to_owned(), actions: actions() },
        Turn { said: "Thanks".to_owned(), actions: Vec::new() },
    ];
    assert!(model.decide(&history, "A table?").await.unwrap().is_empty());

    let request = fake.request(0);
    let messages = request["messages"].as_array().unwrap();
    let roles: Vec<_> = messages.iter().map(|message| message["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["system", "user", "assistant", "tool", "tool", "tool", "tool", "user", "user"]);
    let calls = messages[2]["tool_calls"].as_array().unwrap();
    for (call, result) in calls.iter().zip(&messages[3..7]) {
        assert_eq!(call["id"], result["tool_call_id"]);
    }
    assert_eq!(calls[1]["function"]["name"], "react");
    let arguments: Value = serde_json::from_str(calls[1]["function"]["arguments"].as_str().unwrap()).unwrap();
    assert_eq!(arguments, json!({ "emoji": "👍" }));
    assert_eq!((&messages[1]["content"], &messages[8]["content"]), (&json!("Hi"), &json!("A table?")));
}

#[tokio::test]
async fn a_picture_is_described_and_another_file_is_not_sent() {
    let (fake, model) = Fake::with([message(&json!({ "role": "assistant", "content": "A cat." }))]).await;
    assert_eq!(model.describe("image/png", b"PNG").await.unwrap(), "A cat.");
    assert_eq!(model.describe("video/mp4", b"MP4").await.unwrap(), "a file of the type video/mp4");
    let url = fake.request(0)["messages"][0]["content"][1]["image_url"]["url"].clone();
    assert_eq!(url, "data:image/png;base64,UE5H");
    assert_eq!(fake.requests.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_rate_limit_is_retried_and_broken_responses_are_errors_without_their_text() {
    let limited =
        json!({ "error": { "message": "Rate limit reached", "type": "requests", "code": "rate_limit" } });
    let greeting = message(&json!({ "role": "assistant", "content": "Hello!" }));
    let invalid = [
        json!({ "tool_calls": [call("dance", &json!({}))] }),
        json!({ "tool_calls": [call("reply", &json!({ "txt": "secret" }))] }),
        json!({ "tool_calls": [{ "id": "x", "type": "function", "function": { "name": "reply", "arguments": "{secret" } }] }),
    ];
    let broken =
        ["{\"choices\": \"secret\"}", "<html>secret", "{\"choices\": []}"].map(|body| (200, body.to_owned()));
    let mut responses = vec![(429, limited.to_string()), greeting];
    responses.extend(broken);
    responses.extend(invalid.iter().map(message));
    let count = responses.len();
    let (fake, model) = Fake::with(responses).await;
    let actions = model.decide(&[], "Hi").await.unwrap();
    assert_eq!(actions, [Action::Reply { text: "Hello!".to_owned() }]);
    for _ in 2..count {
        let error = format!("{:#}", model.decide(&[], "Hi").await.unwrap_err());
        assert!(!error.contains("secret"), "{error}");
    }
    assert_eq!(fake.requests.lock().unwrap().len(), count);
}
