//! The type of the response of each operation, and samples of them.
//!
//! Samples are made from the models of the API (`tests/data/facts.json` of the workspace), with one item in each list; others
//! are the files of `tests/data/v3-responses`.

use linq_types::{
    attachments::*,
    available_number::*,
    blocked_handles::*,
    capability::*,
    chats::*,
    contact_card::*,
    experiences::*,
    json::{self, JsonError},
    locations::*,
    messages::*,
    payment_requests::*,
    payments::*,
    phone_numbers::*,
    phonenumbers::*,
    polls::*,
    reactions::*,
    webhook_events::*,
    webhook_subscriptions::*,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::data::{folder, json as file};

/// Reads a response, and returns what its type writes.
pub(super) type Read = fn(&str) -> Result<Value, JsonError>;

const RESPONSES: &[(&str, Read, Read)] = &[
    ("attachments.create", read::<AttachmentCreateResponse>, read_strictly::<AttachmentCreateResponse>),
    ("attachments.retrieve", read::<Attachment>, read_strictly::<Attachment>),
    (
        "available_number.retrieve",
        read::<AvailableNumberRetrieveResponse>,
        read_strictly::<AvailableNumberRetrieveResponse>,
    ),
    (
        "blocked_handles.block",
        read::<BlockedHandleBlockResponse>,
        read_strictly::<BlockedHandleBlockResponse>,
    ),
    ("blocked_handles.list", read::<BlockedHandleListResponse>, read_strictly::<BlockedHandleListResponse>),
    ("capability.check_RCS", read::<HandleCheckResponse>, read_strictly::<HandleCheckResponse>),
    ("capability.check_i_message", read::<HandleCheckResponse>, read_strictly::<HandleCheckResponse>),
    ("chats.create", read::<ChatCreateResponse>, read_strictly::<ChatCreateResponse>),
    ("chats.leave_chat", read::<AcceptedResponse>, read_strictly::<AcceptedResponse>),
    ("chats.list_chats", read::<ChatListResponse>, read_strictly::<ChatListResponse>),
    (
        "chats.location.request",
        read::<ChatLocationRequestResponse>,
        read_strictly::<ChatLocationRequestResponse>,
    ),
    (
        "chats.location.retrieve",
        read::<ChatLocationRetrieveResponse>,
        read_strictly::<ChatLocationRetrieveResponse>,
    ),
    (
        "chats.location.stop",
        read::<ChatLocationRequestResponse>,
        read_strictly::<ChatLocationRequestResponse>,
    ),
    ("chats.messages.list", read::<MessageListResponse>, read_strictly::<MessageListResponse>),
    ("chats.messages.send", read::<MessageSendResponse>, read_strictly::<MessageSendResponse>),
    ("chats.participants.add", read::<AcceptedResponse>, read_strictly::<AcceptedResponse>),
    ("chats.participants.remove", read::<AcceptedResponse>, read_strictly::<AcceptedResponse>),
    ("chats.polls.create", read::<PollResponse>, read_strictly::<PollResponse>),
    ("chats.retrieve", read::<Chat>, read_strictly::<Chat>),
    ("chats.send_voicememo", read::<VoiceMemoSendResponse>, read_strictly::<VoiceMemoSendResponse>),
    ("chats.update", read::<ChatUpdateResponse>, read_strictly::<ChatUpdateResponse>),
    ("contact_card.create", read::<ContactCard>, read_strictly::<ContactCard>),
    (
        "contact_card.retrieve",
        read::<ContactCardRetrieveResponse>,
        read_strictly::<ContactCardRetrieveResponse>,
    ),
    ("contact_card.update", read::<ContactCard>, read_strictly::<ContactCard>),
    ("experiences.list", read::<ExperienceListResponse>, read_strictly::<ExperienceListResponse>),
    ("experiences.retrieve", read::<Experience>, read_strictly::<Experience>),
    ("messages.add_reaction", read::<AcceptedResponse>, read_strictly::<AcceptedResponse>),
    ("messages.create", read::<MessageCreateResponse>, read_strictly::<MessageCreateResponse>),
    ("messages.list_messages_thread", read::<MessageThreadResponse>, read_strictly::<MessageThreadResponse>),
    ("messages.poll.add_options", read::<PollResponse>, read_strictly::<PollResponse>),
    ("messages.poll.retrieve", read::<PollResponse>, read_strictly::<PollResponse>),
    ("messages.poll.vote", read::<PollResponse>, read_strictly::<PollResponse>),
    ("messages.retrieve", read::<Message>, read_strictly::<Message>),
    ("messages.update", read::<Message>, read_strictly::<Message>),
    ("messages.update_app_card", read::<MessageSendResponse>, read_strictly::<MessageSendResponse>),
    (
        "messages.update_sticker_placement",
        read::<StickerPlacementUpdateResponse>,
        read_strictly::<StickerPlacementUpdateResponse>,
    ),
    ("payment_handles.connect", read::<PaymentHandleConnection>, read_strictly::<PaymentHandleConnection>),
    ("payment_handles.connection", read::<PaymentHandleConnection>, read_strictly::<PaymentHandleConnection>),
    ("payment_handles.revoke", read::<PaymentHandleConnection>, read_strictly::<PaymentHandleConnection>),
    ("payment_handles.verify", read::<PaymentHandleConnection>, read_strictly::<PaymentHandleConnection>),
    (
        "payment_providers.connect",
        read::<PaymentProviderConnectResponse>,
        read_strictly::<PaymentProviderConnectResponse>,
    ),
    ("payment_providers.retrieve", read::<PaymentProvider>, read_strictly::<PaymentProvider>),
    ("payment_requests.cancel", read::<PaymentRequest>, read_strictly::<PaymentRequest>),
    ("payment_requests.create", read::<PaymentRequest>, read_strictly::<PaymentRequest>),
    (
        "payment_requests.list",
        read::<PaymentRequestListResponse>,
        read_strictly::<PaymentRequestListResponse>,
    ),
    ("payment_requests.retrieve", read::<PaymentRequest>, read_strictly::<PaymentRequest>),
    ("payments.cancel", read::<Payment>, read_strictly::<Payment>),
    ("payments.create", read::<Payment>, read_strictly::<Payment>),
    ("payments.credentials", read::<PaymentCredentialsResponse>, read_strictly::<PaymentCredentialsResponse>),
    ("payments.retrieve", read::<Payment>, read_strictly::<Payment>),
    ("phone_numbers.get_reputation_audit", read::<ReputationAudit>, read_strictly::<ReputationAudit>),
    ("phone_numbers.list", read::<PhoneNumberListResponse>, read_strictly::<PhoneNumberListResponse>),
    (
        "phone_numbers.start_reputation_audit",
        read::<ReputationAuditStartResponse>,
        read_strictly::<ReputationAuditStartResponse>,
    ),
    ("phone_numbers.update", read::<PhoneNumberUpdateResponse>, read_strictly::<PhoneNumberUpdateResponse>),
    ("phonenumbers.list", read::<PhonenumberListResponse>, read_strictly::<PhonenumberListResponse>),
    ("webhook_events.list", read::<WebhookEventListResponse>, read_strictly::<WebhookEventListResponse>),
    (
        "webhook_subscriptions.create",
        read::<WebhookSubscriptionCreateResponse>,
        read_strictly::<WebhookSubscriptionCreateResponse>,
    ),
    (
        "webhook_subscriptions.list",
        read::<WebhookSubscriptionListResponse>,
        read_strictly::<WebhookSubscriptionListResponse>,
    ),
    ("webhook_subscriptions.retrieve", read::<WebhookSubscription>, read_strictly::<WebhookSubscription>),
    ("webhook_subscriptions.update", read::<WebhookSubscription>, read_strictly::<WebhookSubscription>),
];

fn read<T: DeserializeOwned + Serialize>(json: &str) -> Result<Value, JsonError> {
    json::from_slice::<T>(json.as_bytes()).map(written)
}

fn read_strictly<T: DeserializeOwned + Serialize>(json: &str) -> Result<Value, JsonError> {
    json::from_slice_strict::<T>(json.as_bytes()).map(written)
}

fn written<T: Serialize>(read: T) -> Value {
    serde_json::to_value(read).unwrap()
}

/// The response of an operation.
pub(super) struct Response {
    pub(super) operation: String,
    pub(super) sample: Value,
    pub(super) read: Read,
    pub(super) read_strictly: Read,
}

impl Response {
    fn new(operation: &str, sample: Value) -> Self {
        let known = RESPONSES.iter().find(|(known, ..)| *known == operation);
        let (_, read, read_strictly) = *known.unwrap_or_else(|| panic!("no type: {operation}"));
        Self { operation: operation.to_owned(), sample, read, read_strictly }
    }
}

/// A sample of each response of each version of the API, made from its model.
pub(super) fn made() -> Vec<Response> {
    let facts = file("../../../../tests/data/facts.json");
    let mut responses = Vec::new();
    for release in facts.as_object().unwrap().values() {
        for (operation, endpoint) in release["endpoints"].as_object().unwrap() {
            if !endpoint["response"].is_null() {
                let sample = sample(&endpoint["response"], &release["models"]);
                responses.push(Response::new(operation, sample));
            }
        }
    }
    responses
}

/// The responses in files.
pub(super) fn recorded() -> Vec<Response> {
    let files = folder("../../../../tests/data/v3-responses");
    let response = |(name, text): (&String, &String)| {
        let operation = name.strip_suffix(".json").unwrap().rsplit_once('.').unwrap().0;
        Response::new(operation, serde_json::from_str(text).unwrap())
    };
    files.iter().map(response).collect()
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
pub(super) fn is_range(name: &str) -> bool {
    name.ends_with("range")
}
