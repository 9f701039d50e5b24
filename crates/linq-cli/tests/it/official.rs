//! The commands of the official command line, with what it did when they were recorded: see tests/official/record.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    process::{Command, Output},
    time::Duration,
};

use linq::{
    Client, ReqwestBackend,
    types::{
        Timestamp, attachments::NewAttachment, events::EventType,
        webhook_subscriptions::NewWebhookSubscription,
    },
};
use linq_sandbox::Sandbox;
use serde_json::{Map, Value, json};

use super::running::linq;

const RECORDED: &str = include_str!("../data/official.json");
const KEY: &str = "key";
const LINE: &str = "+12025550100";

/// A sandbox with what the commands work on.
struct World {
    sandbox: Sandbox,
    /// The ids, with their placeholders in the data.
    ids: Vec<(&'static str, String)>,
}

impl World {
    /// Creates the same as the recorder.
    async fn create() -> Self {
        let builder = Sandbox::builder().seed(7).api_key(KEY).manual_time();
        let sandbox = builder.phone_number(LINE).phone_number("+12025551234").start().await.unwrap();
        let backend = ReqwestBackend::new().unwrap();
        let client = Client::builder().api_key(KEY).base_url(sandbox.base_url()).build(backend).unwrap();
        let casey = sandbox.person("+12025550199");
        let said = casey.says("Are you open?").unwrap();
        let group = casey.sends_among(["+12025550198", "+12025550197"], "Hello, everybody").unwrap();
        let sent = client.chats().messages(&said.chat_id).send("We open at nine.").await.unwrap();
        let photo = NewAttachment::new("photo.jpg", "image/jpeg", 5);
        let attachment = client.attachments().create(photo).await.unwrap();
        let subscription =
            NewWebhookSubscription::new("https://example.com/linq", [EventType::MessageReceived]);
        let subscribed = client.webhook_subscriptions().create(subscription).await.unwrap();
        sandbox.advance(Duration::from_secs(600)).await;
        let ids = vec![
            ("{chat}", said.chat_id.to_string()),
            ("{group}", group.chat_id.to_string()),
            ("{message}", said.message_id.to_string()),
            ("{sent}", sent.message.id.to_string()),
            ("{attachment}", attachment.attachment_id.to_string()),
            ("{subscription}", subscribed.subscription.id.to_string()),
        ];
        Self { sandbox, ids }
    }

    fn run(&self, command: &Value) -> Output {
        let home = tempfile::tempdir().unwrap();
        if let Some(config) = command.get("config") {
            let folder = home.path().join(".linq");
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join("config.json"), config.to_string()).unwrap();
        }
        let arguments = command["arguments"].as_array().unwrap().iter().map(|argument| {
            let argument = argument.as_str().unwrap().to_owned();
            self.ids.iter().fold(argument, |argument, (placeholder, id)| argument.replace(placeholder, id))
        });
        let arguments: Vec<_> = arguments.collect();
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let mut linq: Command = linq(&arguments);
        linq.env_clear().env("HOME", home.path()).env("LINQ_API_URL", self.sandbox.base_url());
        linq.env("LINQ_TOKEN", KEY).env("LINQ_FROM_PHONE", LINE);
        for (name, value) in command["environment"].as_object().into_iter().flatten() {
            match value.as_str() {
                Some(value) => linq.env(name, value),
                None => linq.env_remove(name),
            };
        }
        linq.output().unwrap()
    }

    /// Requests a control endpoint.
    fn control(&self, path: &str) -> Value {
        let address = self.sandbox.address();
        let mut stream = TcpStream::connect(address).unwrap();
        let head =
            format!("GET /sandbox/{path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {KEY}\r\n");
        stream.write_all(format!("{head}connection: close\r\n\r\n").as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let (_, body) = response.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(body).unwrap()
    }

    /// Returns the number of the last request.
    fn last_number(&self) -> u64 {
        let requests = self.control("requests");
        requests["requests"].as_array().unwrap().last().map_or(0, |last| last["number"].as_u64().unwrap())
    }

    /// Returns the calls of the API after this number, with placeholders for ids.
    fn requests(&self, after: u64) -> Vec<Value> {
        let requests = self.control("requests");
        let calls = requests["requests"].as_array().unwrap().iter();
        let calls =
            calls.filter(|call| call["number"].as_u64() > Some(after) && !call["operation"].is_null());
        calls.map(|call| self.request(call)).collect()
    }

    fn request(&self, call: &Value) -> Value {
        let path = call["path"].as_str().unwrap().strip_prefix("/api/partner").unwrap();
        let mut request = json!({ "method": call["method"], "path": path });
        if !call["query"].is_null() {
            let mut query: Vec<_> = call["query"].as_str().unwrap().split('&').collect();
            query.sort_unstable();
            request["query"] = query.join("&").into();
        }
        let body = self.control(&format!("log/{}", call["number"]))["request"]["body"].clone();
        if let Some(body) = body.as_str().filter(|body| !body.is_empty()) {
            request["body"] = serde_json::from_str(body).unwrap();
        }
        let text = self
            .ids
            .iter()
            .fold(request.to_string(), |text, (placeholder, id)| text.replace(id, placeholder));
        serde_json::from_str(&text).unwrap()
    }
}

/// Returns the request without the idempotency key, which the official command line does not send.
fn without_key(mut request: Value) -> Value {
    let is_send =
        request["path"].as_str().is_some_and(|path| path == "/v3/chats" || path.ends_with("/messages"));
    if is_send && request["method"] == "POST" {
        let message = request["body"]["message"].as_object_mut().unwrap();
        assert!(message.remove("idempotency_key").is_some(), "{request}");
    }
    request
}

/// Replaces what is different in each run.
fn without_generated(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, value)| match name.as_str() {
                // The sandbox invents the size of a file at a URL.
                "size_bytes" => (name, Value::from("<size>")),
                _ => (name, without_generated(value)),
            });
            fields.collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.into_iter().map(without_generated).collect(),
        Value::String(text) => without_generated_text(&text).into(),
        other => other,
    }
}

fn without_generated_text(text: &str) -> &str {
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match text {
        text if text.starts_with("http://127.0.0.1:") => "<url>",
        text if text.starts_with("whsec_") => "<secret>",
        text if text.len() == 36 && is_hex(&text.replace('-', "")) => "<id>",
        text if text.len() == 32 && is_hex(text) => "<trace>",
        text if text.parse::<Timestamp>().is_ok() => "<time>",
        text => text,
    }
}

fn commands() -> Vec<Value> {
    let recorded: Value = serde_json::from_str(RECORDED).unwrap();
    recorded["commands"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_commands_make_the_same_requests_and_print_the_same_json() {
    let world = World::create().await;
    let every_event = serde_json::to_string(EventType::KNOWN).unwrap();
    let mut differences = Vec::new();
    for command in commands() {
        let before = world.last_number();
        let output = world.run(&command);
        let requests: Vec<_> = world.requests(before).into_iter().map(without_key).collect();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let differs = command.get("ours").is_some();
        let expected = command.get("ours").unwrap_or(&command["requests"]).to_string();
        let expected: Value =
            serde_json::from_str(&expected.replace("\"{every event type}\"", &every_event)).unwrap();
        let mut difference = |what: &str, theirs: &Value, ours: &Value| {
            differences.push(format!(
                "{what} of {}\n  theirs {theirs}\n  ours   {ours}\n  {stderr}",
                command["arguments"]
            ));
        };
        if expected != json!(requests) {
            difference("requests", &expected, &json!(requests));
        }
        let succeeds = json!(output.status.success());
        if succeeds != command["succeeds"] && !differs {
            difference("success", &command["succeeds"], &succeeds);
        }
        if let Some(theirs) = command.get("output") {
            match serde_json::from_slice(&output.stdout) {
                Ok(ours) => {
                    let ours = without_generated(ours);
                    if *theirs != ours {
                        difference("output", theirs, &ours);
                    }
                }
                Err(_) => difference("output", theirs, &String::from_utf8_lossy(&output.stdout).into()),
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_official_command_is_recorded_and_differences_have_a_reason() {
    let commands = commands();
    assert!(commands.len() >= 45);
    for command in &commands {
        assert_eq!(command.get("ours").is_some(), command["reason"].is_string(), "{command}");
    }
    let recorded = |name: &str| {
        let names: Vec<_> = name.split(' ').collect();
        commands.iter().any(|command| {
            let arguments = command["arguments"].as_array().unwrap();
            arguments
                .iter()
                .map(|argument| argument.as_str().unwrap())
                .take(names.len())
                .eq(names.iter().copied())
                && command["succeeds"] == true
        })
    };
    for name in [
        "attachments get",
        "attachments upload",
        "chats create",
        "chats get",
        "chats list",
        "chats participants add",
        "chats participants remove",
        "chats read",
        "chats typing",
        "chats update",
        "chats voicememo",
        "messages delete",
        "messages get",
        "messages list",
        "messages react",
        "messages send",
        "messages thread",
        "phonenumbers",
        "webhooks create",
        "webhooks delete",
        "webhooks events",
        "webhooks get",
        "webhooks list",
        "webhooks update",
    ] {
        assert!(recorded(name), "{name}");
    }
}
