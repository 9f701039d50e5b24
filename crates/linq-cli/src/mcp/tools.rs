//! The tools: one for each operation that is available, and those of the server itself.

use std::sync::Arc;

use linq::types::Operation;
use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde_json::{Value, json};

use super::{effect::Effect, policy::Policy, replies};
use crate::endpoint::Endpoint;

pub(super) const CONFIRM_SEND: &str = "confirm_send";
pub(super) const WAIT_FOR_REPLY: &str = "wait_for_reply";
pub(super) const PERSON_SAYS: &str = "sandbox_person_says";

pub(super) fn all(policy: &Policy, is_sandbox: bool) -> Vec<Tool> {
    let mut tools: Vec<_> = operations(policy).map(|operation| of(operation, policy)).collect();
    if tools.iter().any(|tool| tool.description.as_ref().is_some_and(|text| text.contains(CONFIRM_SEND))) {
        tools.push(confirm_send());
    }
    tools.push(wait_for_reply());
    if is_sandbox {
        tools.push(person_says());
    }
    tools
}

/// Returns the operations that are available.
pub(super) fn operations(policy: &Policy) -> impl Iterator<Item = Operation> {
    Operation::ALL.iter().copied().filter(|operation| policy.check(*operation).is_ok())
}

/// Returns the operation of a tool.
pub(super) fn operation(name: &str) -> Option<Operation> {
    Operation::ALL.iter().copied().find(|operation| self::name(*operation) == name)
}

fn name(operation: Operation) -> String {
    operation.id().replace('.', "_")
}

fn of(operation: Operation, policy: &Policy) -> Tool {
    let effect = Effect::of(operation);
    let is_safe = effect == Effect::Reads;
    let annotations = ToolAnnotations::new()
        .read_only(is_safe)
        .destructive(!is_safe)
        .idempotent(operation.is_idempotent())
        .open_world(true);
    let mut description = format!("{} {}.", operation.method(), operation.route());
    if effect == Effect::SendsToPeople && policy.confirms() {
        description.push_str(
            " It sends nothing before the user confirmed it: either the user is asked, or it returns a confirmation_id \
             for confirm_send.",
        );
    }
    if effect == Effect::SendsToPeople && operation.has_key() {
        description.push_str(" The server sets the idempotency key.");
    }
    description.push_str(&format!(" Reference: {}", operation.reference_url()));
    Tool::new(name(operation), description, object(Endpoint::of(operation).schema()))
        .with_title(operation.id().replace(['.', '_'], " "))
        .with_annotations(annotations)
}

fn confirm_send() -> Tool {
    let schema = json!({
        "type": "object",
        "properties": {"confirmation_id": {"type": "string", "description": "The id that the tool which sends returned."}},
        "required": ["confirmation_id"],
        "additionalProperties": false,
    });
    let description = "Sends what was prepared, exactly once. Call it only after the user saw the recipients and the \
                       content, and agreed. The id can be used once, within 5 minutes; after a failure that may pass, it can \
                       be used again and still sends only once.";
    let annotations =
        ToolAnnotations::new().read_only(false).destructive(true).idempotent(true).open_world(true);
    Tool::new(CONFIRM_SEND, description, object(schema))
        .with_title("Confirm send")
        .with_annotations(annotations)
}

fn wait_for_reply() -> Tool {
    let schema = json!({
        "type": "object",
        "properties": {
            "chat_id": {"type": "string", "description": "The chat to wait in."},
            "handle": {
                "type": "string",
                "description": "The person to wait for, in any direct chat with them, instead of a chat: a phone number in \
                                E.164 form or an email address.",
            },
            "since": {
                "type": "string",
                "description": "The id of a message of the chat: only what people wrote after it is a reply. By default what \
                                this tool returned last, else the first message that was sent through this server, else now.",
            },
            "timeout_seconds": {
                "type": "integer",
                "minimum": 0,
                "maximum": replies::MAX_TIMEOUT.as_secs(),
                "description": "How long to wait, in seconds: 60 by default. With 0, it returns what is there.",
            },
        },
        "additionalProperties": false,
    });
    let description = "Waits until a person writes, and returns their messages, oldest first. It loses none: what was \
                       written since the last call is returned at once. `replied` is false if the time is over.";
    let annotations = ToolAnnotations::new().read_only(true).open_world(true);
    Tool::new(WAIT_FOR_REPLY, description, object(schema))
        .with_title("Wait for reply")
        .with_annotations(annotations)
}

fn person_says() -> Tool {
    let schema = json!({
        "type": "object",
        "properties": {
            "handle": {"type": "string", "description": "The person, such as +12025550199."},
            "text": {"type": "string", "description": "What the person writes to the line."},
        },
        "required": ["handle", "text"],
        "additionalProperties": false,
    });
    let description =
        "Plays another person of the sandbox, who writes to the line. Nothing leaves this machine.";
    let annotations =
        ToolAnnotations::new().read_only(false).destructive(false).idempotent(false).open_world(false);
    Tool::new(PERSON_SAYS, description, object(schema))
        .with_title("Sandbox: person says")
        .with_annotations(annotations)
}

fn object(schema: Value) -> Arc<JsonObject> {
    match schema {
        Value::Object(fields) => Arc::new(fields),
        _ => Arc::default(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_operation_has_a_name_of_its_own_that_clients_accept() {
        let names: BTreeSet<_> = Operation::ALL.iter().map(|operation| name(*operation)).collect();
        assert_eq!(names.len(), Operation::ALL.len());
        for name in &names {
            assert!(
                name.len() <= 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'),
                "{name}"
            );
            assert!(![CONFIRM_SEND, WAIT_FOR_REPLY, PERSON_SAYS].contains(&name.as_str()));
        }
        for operation in Operation::ALL {
            assert_eq!(super::operation(&name(*operation)), Some(*operation));
        }
    }
}
