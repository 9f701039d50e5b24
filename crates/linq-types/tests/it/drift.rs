//! Every field of every sample, in turn, is removed, is null, or has each other JSON type. The whole can still be read, unless
//! the field identifies what the event or the response is about: then the error has its path.

use std::{collections::BTreeSet, mem::discriminant};

use linq_types::{
    Timestamp,
    events::{Event, ParseEventError},
};
use serde_json::{Value, json};

use super::{
    data::{folder, json as file},
    responses::{Response, made, recorded},
};

/// How a field identifies.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Identifying {
    /// It has to be there.
    Value,
    /// A list, or whether there is more of it: it may be absent or null, but nothing else.
    List,
    /// An object without identifying fields, such as a part: it has to be there.
    Object,
    /// An object without identifying fields: it may be absent or null.
    OptionalObject,
}

use Identifying::{List, Object, OptionalObject, Value as Id};

/// Rows of the starts of names, and the paths that identify in this way.
type Table = &'static [(&'static [&'static str], Identifying, &'static [&'static str])];

/// The identifying fields of responses: of which operations, and their paths.
const OF_RESPONSES: Table = &[
    (&["attachments.create"], Id, &["attachment_id", "upload_url"]),
    (&["attachments.retrieve", "chats.retrieve", "messages.retrieve", "messages.update"], Id, &["id"]),
    (&["available_number.", "contact_card.create", "contact_card.update"], Id, &["phone_number"]),
    (&["blocked_handles.block"], Id, &["blocked_handle", "blocked_handle.handle"]),
    (&["blocked_handles.list"], List, &["blocked_handles"]),
    (&["blocked_handles.list"], Id, &["blocked_handles[]", "blocked_handles[].handle"]),
    (&["capability."], Id, &["address"]),
    (&["chats.create"], Id, &["chat", "chat.id", "chat.message", "chat.message.id"]),
    (&["chats.create"], List, &["chat.message.parts"]),
    (&["chats.create"], Object, &["chat.message.parts[]"]),
    (&["chats.list_chats"], List, &["chats", "next_cursor"]),
    (&["chats.list_chats"], Id, &["chats[]", "chats[].id"]),
    (&["chats.location.retrieve"], Object, &["data"]),
    (&["chats.location.retrieve"], List, &["data.features"]),
    (&["chats.location.retrieve"], Object, &["data.features[]"]),
    (&["chats.messages.list", "messages.list_"], List, &["messages", "next_cursor", "messages[].parts"]),
    (&["chats.messages.list", "messages.list_"], Id, &["messages[]", "messages[].id", "messages[].chat_id"]),
    (&["chats.messages.list", "messages.list_"], Object, &["messages[].parts[]"]),
    (
        &["chats.messages.send", "messages.create", "messages.update_app_card"],
        Id,
        &["chat_id", "message", "message.id"],
    ),
    (&["chats.messages.send", "messages.create", "messages.update_app_card"], List, &["message.parts"]),
    (&["chats.messages.send", "messages.create", "messages.update_app_card"], Object, &["message.parts[]"]),
    (&["chats.polls.", "messages.poll."], Id, &["message_id", "chat_id"]),
    (&["chats.polls.", "messages.poll."], Object, &["poll"]),
    (
        &["chats.send_voicememo"],
        Id,
        &["voice_memo", "voice_memo.id", "voice_memo.chat", "voice_memo.chat.id"],
    ),
    (&["contact_card.retrieve"], List, &["contact_cards"]),
    (&["contact_card.retrieve"], Id, &["contact_cards[]", "contact_cards[].phone_number"]),
    (&["experiences.list"], List, &["experiences"]),
    (&["experiences.list"], Object, &["experiences[]"]),
    (&["messages.retrieve", "messages.update"], Id, &["chat_id"]),
    (&["messages.retrieve", "messages.update"], List, &["parts"]),
    (&["messages.retrieve", "messages.update"], Object, &["parts[]"]),
    (&["payment_requests.list"], List, &["data", "has_more"]),
    (&["payment_requests.list"], Id, &["data[]", "data[].id"]),
    (&["payment_requests.cancel", "payment_requests.create", "payment_requests.retrieve"], Id, &["id"]),
    (&["phone_numbers.get_reputation_audit", "phone_numbers.start_reputation_audit"], Id, &["audit_id"]),
    (&["phone_numbers.list", "phonenumbers.list"], List, &["phone_numbers"]),
    (&["phone_numbers.list", "phonenumbers.list"], Id, &["phone_numbers[]", "phone_numbers[].id"]),
    (&["phone_numbers.list", "phonenumbers.list"], Id, &["phone_numbers[].phone_number"]),
    (&["phone_numbers.update"], Id, &["id", "phone_number"]),
    (&["webhook_events.list"], List, &["events"]),
    (&["webhook_events.list"], Id, &["events[]"]),
    (&["webhook_subscriptions.create"], Id, &["id", "signing_secret"]),
    (&["webhook_subscriptions.list"], List, &["subscriptions"]),
    (&["webhook_subscriptions.list"], Id, &["subscriptions[]", "subscriptions[].id"]),
    (&["webhook_subscriptions.retrieve", "webhook_subscriptions.update"], Id, &["id"]),
];

/// The identifying fields of events in the newest format: of which event types, and their paths.
const OF_EVENTS: Table = &[
    (&[""], Id, &["event_type"]),
    (&["chat.created", "connection.", "payment."], Id, &["data", "data.id"]),
    (&["chat.group", "chat.typing", "chat.background_update_failed"], Id, &["data", "data.chat_id"]),
    (&["chat.group", "chat.background_update_failed"], Id, &["data.error_code"]),
    (
        &["chat.background_updated", "poll.sent", "poll.received", "poll.delivered"],
        Id,
        &["data", "data.chat"],
    ),
    (&["poll.read", "poll.failed", "poll.updated", "poll.vote."], Id, &["data", "data.chat"]),
    (&["chat.background_updated", "poll."], Id, &["data.chat.id"]),
    (&["poll.sent", "poll.received", "poll.delivered"], Id, &["data.message_id"]),
    (&["poll.read", "poll.failed", "poll.updated", "poll.vote."], Id, &["data.message_id"]),
    (&["poll.vote."], Id, &["data.option_id"]),
    (&["poll.sent", "poll.received", "poll.delivered", "poll.read"], Object, &["data.poll"]),
    (&["poll.failed"], Id, &["data.error", "data.error.code"]),
    (&["message.failed"], Id, &["data", "data.code"]),
    (&["message.edited"], Id, &["data.part", "data.part.text"]),
    (
        &["message.sent", "message.received", "message.delivered", "message.read", "message.edited"],
        Id,
        &["data", "data.id"],
    ),
    (
        &["message.sent", "message.received", "message.delivered", "message.read", "message.edited"],
        Id,
        &["data.chat"],
    ),
    (
        &["message.sent", "message.received", "message.delivered", "message.read", "message.edited"],
        Id,
        &["data.chat.id"],
    ),
    (&["message."], List, &["data.parts"]),
    (&["message."], Object, &["data.parts[]"]),
    (
        &["phone_number.assigned", "phone_number.released", "phone_number.status_"],
        Id,
        &["data", "data.phone_number"],
    ),
    // What is left says nothing but what happened.
    (
        &["api_token.", "contact_card.", "environment.", "location.", "participant.", "reaction."],
        Object,
        &["data"],
    ),
    (
        &["phone_number.forwarding_", "poll.reaction.", "team_member.", "webhook_", "zero_day_"],
        Object,
        &["data"],
    ),
];

/// The same for the older formats, of which the version fields select the type.
const OF_OLDER_EVENTS: Table = &[
    (&[""], Id, &["event_type"]),
    (&[""], Object, &["data"]),
    (&[""], OptionalObject, &["data.message"]),
    (&[""], List, &["data.message.parts"]),
    (&[""], Object, &["data.message.parts[]"]),
];
fn identifying(table: Table, name: &str, path: &Path) -> Option<Identifying> {
    let mut rows = table.iter().filter(|(names, ..)| names.iter().any(|start| name.starts_with(start)));
    rows.find(|(.., paths)| paths.contains(&path.of_any_element.as_str())).map(|(_, how, _)| *how)
}

/// A change of one value.
#[derive(Debug, Clone, PartialEq)]
enum Change {
    Removed,
    To(Value),
}

impl Change {
    /// Every other JSON type, and other forms where the type is not all that is expected.
    fn all(value: &Value, is_field: bool) -> Vec<Self> {
        let others = [json!(null), json!(true), json!(7), json!("text"), json!([7]), json!({ "a": 1 })];
        let mut changes: Vec<_> =
            others.into_iter().filter(|other| discriminant(other) != discriminant(value)).collect();
        match value {
            // Other samples have the type.
            Value::Null => changes.clear(),
            Value::Number(_) => changes.extend([json!(640.5), json!(1e30)]),
            Value::String(text) if text.parse::<Timestamp>().is_ok() => {
                changes.extend(
                    ["", "yesterday", "1770321138000", "2026-02-05T19:52:17+05:30:15"].map(Value::from),
                );
            }
            Value::Object(_) => changes.push(json!({})),
            Value::Array(_) => changes.extend([json!([null]), json!([7])]),
            _ => {}
        }
        let removed = is_field.then_some(Self::Removed);
        changes.into_iter().map(Self::To).chain(removed).collect()
    }

    fn apply(&self, sample: &Value, pointer: &str) -> Value {
        let mut changed = sample.clone();
        match self {
            Self::To(value) => *changed.pointer_mut(pointer).unwrap() = value.clone(),
            Self::Removed => {
                let (parent, name) = pointer.rsplit_once('/').unwrap();
                changed.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
            }
        }
        changed
    }

    /// Whether the whole cannot be read after this change of a field that identifies in this way.
    fn is_an_error(&self, how: Option<Identifying>) -> bool {
        match (how, self) {
            (None, _) => false,
            (Some(Id), _) => true,
            (Some(List), Self::Removed | Self::To(Value::Null)) => false,
            (Some(List), Self::To(_)) => true,
            (Some(OptionalObject), Self::Removed | Self::To(Value::Null)) => false,
            (Some(Object | OptionalObject), Self::To(value)) => !value.is_object(),
            (Some(Object), Self::Removed) => true,
        }
    }
}

/// The values inside a value, as JSON pointers.
fn pointers(value: &Value, pointer: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    for (name, value) in inner {
        let pointer = format!("{pointer}/{name}");
        pointers(value, &pointer, found);
        found.push(pointer);
    }
}

/// The path of a value.
struct Path {
    /// As in errors, such as `messages[0].id`.
    exact: String,
    /// As in the tables, such as `messages[].id`.
    of_any_element: String,
}

impl Path {
    fn new(pointer: &str) -> Self {
        let (mut exact, mut of_any_element) = (String::new(), String::new());
        for name in pointer.split('/').skip(1) {
            let (here, anywhere) = match name.parse::<usize>() {
                Ok(at) => (format!("[{at}]"), "[]".to_owned()),
                Err(_) if exact.is_empty() => (name.to_owned(), name.to_owned()),
                Err(_) => (format!(".{name}"), format!(".{name}")),
            };
            exact.push_str(&here);
            of_any_element.push_str(&anywhere);
        }
        Self { exact, of_any_element }
    }

    /// Whether the error is at this value, in it or, if it is missing, in the object around it.
    fn has(&self, error: &str) -> bool {
        let inside = self.exact.strip_prefix(error);
        error.starts_with(&self.exact) || inside.is_some_and(|rest| !rest[1..].contains(['.', '[']))
    }
}

/// Makes changes of samples, each only once.
#[derive(Default)]
struct Drift {
    seen: BTreeSet<String>,
}

impl Drift {
    /// Makes every change of a sample, and calls `check` with the changed sample, the path of the value, and the change.
    /// Samples of one name differ only in which fields they have.
    fn of(&mut self, name: &str, sample: &Value, mut check: impl FnMut(&Value, &Path, &Change)) {
        let mut found = Vec::new();
        pointers(sample, "", &mut found);
        for pointer in found {
            let path = Path::new(&pointer);
            let (parent, field) = pointer.rsplit_once('/').unwrap();
            let kind = sample.pointer(parent).unwrap().get("type");
            let is_field = field.parse::<usize>().is_err();
            for change in Change::all(sample.pointer(&pointer).unwrap(), is_field) {
                if self.seen.insert(format!("{name} {kind:?} {} {change:?}", path.of_any_element)) {
                    check(&change.apply(sample, &pointer), &path, &change);
                }
            }
        }
    }
}

#[test]
fn a_response_is_read_whatever_a_secondary_field_is() {
    let mut drift = Drift::default();
    for Response { operation, sample, read, .. } in made().into_iter().chain(recorded()) {
        drift.of(&operation, &sample, |changed, path, change| {
            let is_error = change.is_an_error(identifying(OF_RESPONSES, &operation, path));
            let exact = &path.exact;
            match read(&changed.to_string()) {
                Ok(_) => assert!(!is_error, "{operation}: {exact}: {change:?} is no error"),
                Err(error) => {
                    assert!(is_error, "{operation}: {exact}: {change:?}: {error}");
                    assert!(path.has(error.path()), "{operation}: {exact}: {change:?}: {error}");
                }
            }
        });
    }
    assert!(drift.seen.len() > 5_000, "{} changes", drift.seen.len());
}

#[test]
fn the_strict_reader_rejects_every_value_of_another_type() {
    let mut drift = Drift::default();
    for Response { operation, sample, read_strictly, .. } in made() {
        assert!(read_strictly(&sample.to_string()).is_ok(), "{operation}");
        drift.of(&operation, &sample, |changed, path, change| {
            let Change::To(value) = change else { return };
            // `null` is absent, a map may be empty, a time may be a number, a part may have any type, and a handle may be a
            // string.
            let ends_with = |ends: &[&str]| ends.iter().any(|end| path.of_any_element.ends_with(end));
            let accepts = match value {
                Value::Null => true,
                Value::Object(fields) if fields.is_empty() => true,
                Value::Array(elements) if elements[..] == [Value::Null] => true,
                Value::Number(number) if number.is_u64() => ends_with(&["_at", "trial_end", "].type"]),
                Value::Number(_) | Value::Array(_) => ends_with(&["coordinates[]", "coordinates", "].type"]),
                Value::String(_) => ends_with(&["handle", "handles[]", "].type"]),
                _ => ends_with(&["].type"]),
            };
            if !accepts {
                let error = read_strictly(&changed.to_string());
                assert!(error.is_err(), "{operation}: {}: {change:?}", path.exact);
            }
        });
    }
    assert!(drift.seen.len() > 5_000, "{} changes", drift.seen.len());
}

fn event(body: &Value) -> Result<Event, ParseEventError> {
    Event::parse_unverified(body.to_string())
}

/// Checks every change of the samples in these folders; returns the number of changes.
fn check_events(folders: &[&str], table: Table, ignored: &[&str]) -> usize {
    let mut drift = Drift::default();
    for (file, body) in folders.iter().flat_map(|name| folder(name)) {
        if file == "python-dispatch.json" {
            continue;
        }
        let sample: Value = serde_json::from_str(&body).unwrap();
        let event_type = sample["event_type"].as_str().unwrap();
        let unchanged = event(&sample).unwrap();
        let payload_type = unchanged.data.payload_type().unwrap();
        drift.of(payload_type, &sample, |changed, path, change| {
            if ignored.contains(&path.exact.as_str()) {
                return;
            }
            let is_error = change.is_an_error(identifying(table, event_type, path));
            let exact = &path.exact;
            match event(changed) {
                Ok(event) => {
                    assert!(!is_error, "{file}: {exact}: {change:?} is no error");
                    assert_eq!(event.data.payload_type(), Some(payload_type), "{file}: {exact}: {change:?}");
                    assert_eq!(serde_json::to_value(&event).unwrap(), *changed, "{file}: {exact}");
                }
                Err(error) => {
                    assert!(is_error, "{file}: {exact}: {change:?}: {error}");
                    assert!(path.has(error.path()), "{file}: {exact}: {change:?}: {error}");
                    assert_eq!(error.event().is_some(), exact.starts_with("data"), "{file}: {exact}");
                }
            }
        });
    }
    drift.seen.len()
}

#[test]
fn an_event_is_read_whatever_a_secondary_field_is() {
    let checked = check_events(&["events/v3-0.1.0", "events/v3-0.65.0"], OF_EVENTS, &[]);
    assert!(checked > 5_000, "{checked} changes");
}

#[test]
fn an_event_in_an_older_format_is_read_whatever_a_secondary_field_is() {
    // The versions select the format: without them, an event is read in the newest one.
    let versions = &["api_version", "webhook_version"];
    let folders = &["events/v3-2025-01-01", "events/v2", "events/v2-derived"];
    let checked = check_events(folders, OF_OLDER_EVENTS, versions);
    assert!(checked > 1_000, "{checked} changes");
}

#[test]
fn an_abridged_event_has_the_payload_type_of_its_event_type() {
    let events = file("abridged-events.json");
    for sample in events.as_array().unwrap() {
        let event = event(sample).unwrap_or_else(|error| panic!("{error}\n{sample:#}"));
        let payload_type = event.data.payload_type().unwrap();
        assert_eq!(payload_type, format!("{:?}", event.event_type), "{sample:#}");
        if payload_type == "MessageReceived" {
            let message = event.message().unwrap();
            let sender = sample["data"].pointer("/sender_handle/handle").and_then(Value::as_str);
            assert_eq!(message.sender.map(AsRef::as_ref), sender);
            assert!(!message.is_from_me());
        }
    }
    assert_eq!(events.as_array().unwrap().len(), 11);
}
