//! Lists and maps in responses: null, absent and `[]` read the same, at every place where the API has one.
//!
//! The samples are made from the models of the API (`tests/data/facts.json` of the workspace), with one item in each list.

use linq_types::{
    attachments::AttachmentCreateResponse,
    blocked_handles::BlockedHandleListResponse,
    chats::{Chat, ChatCreateResponse, ChatListResponse, VoiceMemoSendResponse},
    contact_card::ContactCardRetrieveResponse,
    experiences::{Experience, ExperienceListResponse},
    json,
    locations::ChatLocationRetrieveResponse,
    messages::{
        Message, MessageCreateResponse, MessageListResponse, MessageSendResponse, MessageThreadResponse,
    },
    payment_requests::{PaymentRequest, PaymentRequestListResponse},
    payments::Payment,
    phone_numbers::{PhoneNumberListResponse, ReputationAudit},
    phonenumbers::PhonenumberListResponse,
    polls::PollResponse,
    webhook_events::WebhookEventListResponse,
    webhook_subscriptions::{
        WebhookSubscription, WebhookSubscriptionCreateResponse, WebhookSubscriptionListResponse,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::data::json as file;

type Read = fn(&Value) -> Value;

/// The type of the response of each operation that has a list in it.
const RESPONSES: &[(&str, Read)] = &[
    ("attachments.create", read::<AttachmentCreateResponse>),
    ("blocked_handles.list", read::<BlockedHandleListResponse>),
    ("chats.create", read::<ChatCreateResponse>),
    ("chats.list_chats", read::<ChatListResponse>),
    ("chats.location.retrieve", read::<ChatLocationRetrieveResponse>),
    ("chats.messages.list", read::<MessageListResponse>),
    ("chats.messages.send", read::<MessageSendResponse>),
    ("chats.polls.create", read::<PollResponse>),
    ("chats.retrieve", read::<Chat>),
    ("chats.send_voicememo", read::<VoiceMemoSendResponse>),
    ("contact_card.retrieve", read::<ContactCardRetrieveResponse>),
    ("experiences.list", read::<ExperienceListResponse>),
    ("experiences.retrieve", read::<Experience>),
    ("messages.create", read::<MessageCreateResponse>),
    ("messages.list_messages_thread", read::<MessageThreadResponse>),
    ("messages.poll.add_options", read::<PollResponse>),
    ("messages.poll.retrieve", read::<PollResponse>),
    ("messages.poll.vote", read::<PollResponse>),
    ("messages.retrieve", read::<Message>),
    ("messages.update", read::<Message>),
    ("messages.update_app_card", read::<MessageSendResponse>),
    ("payment_requests.cancel", read::<PaymentRequest>),
    ("payment_requests.create", read::<PaymentRequest>),
    ("payment_requests.list", read::<PaymentRequestListResponse>),
    ("payment_requests.retrieve", read::<PaymentRequest>),
    ("payments.cancel", read::<Payment>),
    ("payments.create", read::<Payment>),
    ("payments.retrieve", read::<Payment>),
    ("phone_numbers.get_reputation_audit", read::<ReputationAudit>),
    ("phone_numbers.list", read::<PhoneNumberListResponse>),
    ("phonenumbers.list", read::<PhonenumberListResponse>),
    ("webhook_events.list", read::<WebhookEventListResponse>),
    ("webhook_subscriptions.create", read::<WebhookSubscriptionCreateResponse>),
    ("webhook_subscriptions.list", read::<WebhookSubscriptionListResponse>),
    ("webhook_subscriptions.retrieve", read::<WebhookSubscription>),
    ("webhook_subscriptions.update", read::<WebhookSubscription>),
];

/// The sample as its type writes it.
fn read<T: DeserializeOwned + Serialize>(sample: &Value) -> Value {
    let read: Result<T, _> = json::from_slice(sample.to_string().as_bytes());
    serde_json::to_value(read.unwrap_or_else(|error| panic!("{error}\n{sample:#}"))).unwrap()
}

/// A value of this type, with one item in each list and each map.
fn sample(kind: &Value, models: &Value) -> Value {
    let fields = |fields: &Value| {
        let fields = fields.as_object().unwrap().iter();
        fields
            .map(|(name, kind)| {
                (name.clone(), if is_range(name) { json!([0, 1]) } else { sample(kind, models) })
            })
            .collect()
    };
    match kind {
        Value::String(simple) => match simple.as_str() {
            "time" => json!("2026-02-05T19:52:17Z"),
            "boolean" => json!(true),
            "integer" | "number" => json!(1),
            _ => json!("text"),
        },
        Value::Object(kind) => match kind.iter().next().unwrap() {
            (name, model) if name == "model" => fields(&models[model.as_str().unwrap()]),
            (name, object) if name == "object" => fields(object),
            (name, values) if name == "enum" => values[0].clone(),
            (name, value) if name == "map" => json!({ "name": sample(value, models) }),
            (name, item) if name == "array" => match item.get("union") {
                Some(kinds) => kinds.as_array().unwrap().iter().map(|kind| sample(kind, models)).collect(),
                None => json!([sample(item, models)]),
            },
            other => panic!("{other:?}"),
        },
        other => panic!("{other}"),
    }
}

/// Ranges are arrays of two numbers, not lists.
fn is_range(name: &str) -> bool {
    name.ends_with("range")
}

/// The JSON pointers of the lists and the maps in a sample.
fn lists(sample: &Value, pointer: &str, found: &mut Vec<String>) {
    match sample {
        Value::Object(fields) => {
            if fields.keys().eq(["name"]) {
                found.push(pointer.to_owned());
            }
            for (name, value) in fields.iter().filter(|(name, _)| !is_range(name)) {
                lists(value, &format!("{pointer}/{name}"), found);
            }
        }
        Value::Array(items) => {
            found.push(pointer.to_owned());
            for (at, item) in items.iter().enumerate() {
                lists(item, &format!("{pointer}/{at}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn a_list_that_is_null_or_absent_reads_as_an_empty_one() {
    let facts = file("../../../../tests/data/facts.json");
    let mut checked = 0;
    for release in facts.as_object().unwrap().values() {
        for (id, endpoint) in release["endpoints"].as_object().unwrap() {
            if endpoint["response"].is_null() {
                continue;
            }
            let sample = sample(&endpoint["response"], &release["models"]);
            let mut found = Vec::new();
            lists(&sample, "", &mut found);
            if found.is_empty() {
                continue;
            }
            let (_, read) =
                RESPONSES.iter().find(|(known, _)| known == id).unwrap_or_else(|| panic!("no type: {id}"));
            for pointer in found {
                let (parent, name) = pointer.rsplit_once('/').unwrap();
                let with = |list: Option<Value>| {
                    let mut sample = sample.clone();
                    let fields = sample.pointer_mut(parent).unwrap().as_object_mut().unwrap();
                    match list {
                        Some(list) => fields.insert(name.to_owned(), list),
                        None => fields.remove(name),
                    };
                    read(&sample)
                };
                let is_map = sample.pointer(&pointer).unwrap().is_object();
                let empty = with(Some(if is_map { json!({}) } else { json!([]) }));
                let written = empty.pointer(&pointer).map_or(0, |list| list.as_array().map_or(0, Vec::len));
                assert_eq!(written, 0, "{id}: {pointer}");
                assert_ne!(read(&sample), empty, "{id}: {pointer} is not read");
                assert_eq!(with(Some(Value::Null)), empty, "{id}: {pointer} is null");
                assert_eq!(with(None), empty, "{id}: {pointer} is absent");
                checked += 1;
            }
        }
    }
    assert!(checked > 150, "{checked} lists");
}
