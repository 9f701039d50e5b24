use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
};

use linq_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::it::running::{linq, pause};

/// Returns the command of a server that uses a sandbox.
pub(super) fn command(sandbox: &Sandbox, options: &[&str]) -> Command {
    let mut command = linq(&[&["mcp"], options].concat());
    command.env("LINQ_API_V3_BASE_URL", sandbox.base_url()).env("LINQ_API_V3_API_KEY", sandbox.api_key());
    command
}

/// A client of the server over its standard input and output. It ends with the test.
pub(super) struct Session {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    last_id: u64,
    /// How the user answers when asked.
    pub(super) answer: &'static str,
    /// What the user was asked.
    pub(super) questions: Vec<String>,
}

impl Session {
    /// Starts a server without initializing it.
    pub(super) fn spawn(sandbox: &Sandbox, options: &[&str]) -> Self {
        Self::of(command(sandbox, options))
    }

    pub(super) fn of(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { input: child.stdin.take(), child, output, last_id: 0, answer: "accept", questions: Vec::new() }
    }

    /// Starts a server, and initializes it as a client with these capabilities does.
    pub(super) fn with_capabilities(sandbox: &Sandbox, options: &[&str], capabilities: &Value) -> Self {
        let mut session = Self::spawn(sandbox, options);
        session.initialize(capabilities);
        session
    }

    /// Initializes, and returns what the server says of itself.
    pub(super) fn initialize(&mut self, capabilities: &Value) -> Value {
        let client = json!({"name": "test", "version": "1"});
        let initialized = self.request(
            "initialize",
            &json!({"protocolVersion": "2025-06-18", "capabilities": capabilities, "clientInfo": client}),
        );
        assert_eq!(initialized["result"]["serverInfo"]["name"], "linq", "{initialized}");
        self.write(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#);
        initialized["result"].clone()
    }

    pub(super) fn start(sandbox: &Sandbox, options: &[&str]) -> Self {
        Self::with_capabilities(sandbox, options, &json!({}))
    }

    pub(super) fn write(&mut self, line: &str) {
        writeln!(self.input.as_ref().unwrap(), "{line}").unwrap();
    }

    /// Reads a message.
    pub(super) fn read(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }

    /// Makes a request without waiting for the response.
    pub(super) fn send(&mut self, method: &str, params: &Value) -> u64 {
        self.last_id += 1;
        let request = json!({"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params});
        self.write(&request.to_string());
        self.last_id
    }

    /// Waits for the response to a request. Questions to the user are answered.
    pub(super) fn response(&mut self, id: u64) -> Value {
        loop {
            let message = self.read();
            if message["method"] == "elicitation/create" {
                self.questions.push(message["params"]["message"].as_str().unwrap().to_owned());
                let answer =
                    json!({"jsonrpc": "2.0", "id": message["id"], "result": {"action": self.answer}});
                self.write(&answer.to_string());
            } else if message["id"] == id {
                return message;
            }
        }
    }

    pub(super) fn request(&mut self, method: &str, params: &Value) -> Value {
        let id = self.send(method, params);
        self.response(id)
    }

    /// Calls a tool and returns its structured content, and whether it is an error.
    pub(super) fn call(&mut self, name: &str, arguments: &Value) -> (Value, bool) {
        let response = self.request("tools/call", &json!({"name": name, "arguments": arguments}));
        let result = &response["result"];
        let structured = result["structuredContent"].clone();
        // The text has the same content.
        let text = result["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{response}"));
        let text = text.strip_prefix("<linq-data>\n").unwrap().strip_suffix("\n</linq-data>").unwrap();
        assert_eq!(serde_json::from_str::<Value>(text).unwrap(), structured);
        (structured, result["isError"] == true)
    }

    /// Calls a tool that succeeds.
    pub(super) fn ok(&mut self, name: &str, arguments: &Value) -> Value {
        let (content, is_error) = self.call(name, arguments);
        assert!(!is_error, "{name} {arguments}: {content}");
        content
    }

    /// Calls a tool that fails, and returns the error.
    pub(super) fn error(&mut self, name: &str, arguments: &Value) -> Value {
        let (content, is_error) = self.call(name, arguments);
        assert!(is_error, "{name} {arguments}: {content}");
        content["error"].clone()
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(super) fn close_input(&mut self) {
        self.input = None;
    }

    /// Waits until it ends, and returns the rest of its output and what it said on standard error.
    pub(super) fn end(mut self) -> (ExitStatus, String, String) {
        let mut status = None;
        for _ in 0..2_000 {
            status = self.child.try_wait().unwrap();
            if status.is_some() {
                break;
            }
            pause();
        }
        let [mut output, mut errors] = [String::new(), String::new()];
        let status = status.expect("it did not end");
        self.output.read_to_string(&mut output).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        (status, output, errors)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
