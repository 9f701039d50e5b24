//! Every sample of a V3 event is read as the payload type that its `event_type` names, and nothing of it is lost.

use std::collections::BTreeSet;

use linq_types::events::{Event, EventData, EventType};
use serde_json::Value;

use super::data::{folder, json, meaning};

/// The payloads as two versions of the API have them.
const FOLDERS: [&str; 2] = ["events/v3-0.1.0", "events/v3-0.65.0"];
const DISPATCH: &str = "python-dispatch.json";

macro_rules! payloads {
    ($($name:ident)+) => {
        const PAYLOADS: &[&str] = &[$(stringify!($name)),+];

        /// The name of the payload's type, and the payload as the type alone writes it.
        fn payload(data: &EventData) -> (&'static str, Value) {
            match data {
                $(EventData::$name(payload) => (stringify!($name), serde_json::to_value(payload).unwrap()),)+
                other => panic!("no payload type: {other:?}"),
            }
        }
    };
}

payloads! {
    MessageSent
    MessageReceived
    MessageRead
    MessageDelivered
    MessageFailed
    MessageEdited
    ReactionAdded
    ReactionRemoved
    PollReceived
    PollFailed
    PollSent
    PollDelivered
    PollRead
    PollUpdated
    PollVoteAdded
    PollVoteRemoved
    PollReactionAdded
    ParticipantAdded
    ParticipantRemoved
    ChatCreated
    ChatGroupNameUpdated
    ChatGroupIconUpdated
    ChatGroupNameUpdateFailed
    ChatGroupIconUpdateFailed
    ChatBackgroundUpdated
    ChatBackgroundUpdateFailed
    ChatTypingIndicatorStarted
    ChatTypingIndicatorStopped
    PhoneNumberStatusUpdated
    PhoneNumberAssigned
    PhoneNumberReleased
    ContactCardReceived
    LocationSharingStarted
    LocationSharingStopped
    PaymentSucceeded
    PaymentCanceled
    PaymentExpired
    PaymentDeclined
    PaymentAuthorized
    ConnectionCreated
    ConnectionRevoked
    ZeroDayRetentionUpdated
    PhoneNumberForwardingUpdated
    EnvironmentLineMoved
    ContactCardCreated
    ContactCardUpdated
    ContactCardDeleted
    ApiTokenCreated
    ApiTokenRenamed
    ApiTokenExpiryScheduled
    ApiTokenExpired
    ApiTokenActivated
    ApiTokenDeleted
    EnvironmentCreated
    EnvironmentRenamed
    EnvironmentDeleted
    WebhookSubscriptionCreated
    WebhookSubscriptionDeleted
    WebhookSubscriptionTargetUrlChanged
    WebhookSubscriptionEnabled
    WebhookSubscriptionDisabled
    WebhookSubscriptionEventsUpdated
    WebhookSubscriptionPhoneNumbersUpdated
    WebhookSubscriptionRoutingHeadersSet
    WebhookSubscriptionRoutingHeadersCleared
    TeamMemberAdded
    TeamMemberSignedIn
    TeamMemberSignedOut
}

struct Sample {
    file: String,
    body: String,
}

impl Sample {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn event(&self) -> Event {
        Event::parse_unverified(self.body.clone())
            .unwrap_or_else(|error| panic!("{}: {error}: {}", self.file, error.path()))
    }

    /// `phone_number.status_updated` names the type `PhoneNumberStatusUpdated`.
    fn type_name(&self) -> String {
        let words = self.json()["event_type"].as_str().unwrap().replace('_', ".");
        words.split('.').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
    }
}

fn samples(folder_name: &str) -> impl Iterator<Item = Sample> {
    let files = folder(folder_name).into_iter().filter(|(file, _)| file != DISPATCH);
    files.map(move |(file, body)| Sample { file: format!("{folder_name}/{file}"), body })
}

fn all_samples() -> impl Iterator<Item = Sample> {
    FOLDERS.into_iter().flat_map(samples)
}

#[test]
fn every_sample_is_the_payload_type_that_its_event_type_names() {
    let mut seen = BTreeSet::new();
    for sample in all_samples() {
        let event = sample.event();
        let (name, _) = payload(&event.data);
        assert_eq!(name, sample.type_name(), "{}", sample.file);
        assert_eq!(name, format!("{:?}", event.event_type), "{}", sample.file);
        seen.insert(name);
    }
    assert_eq!(seen, PAYLOADS.iter().copied().collect());
    assert_eq!(seen.len(), 68);
}

#[test]
fn only_calls_have_no_payload_type() {
    let (calls, others): (Vec<_>, Vec<_>) =
        EventType::KNOWN.iter().partition(|event_type| event_type.as_str().starts_with("call."));
    assert_eq!(calls.len(), 7);
    let others: Vec<_> = others.iter().map(|event_type| format!("{event_type:?}")).collect();
    assert_eq!(others, PAYLOADS);
}

#[test]
fn without_a_version_the_newest_payload_is_meant_and_the_older_version_differs_in_messages_alone() {
    let with_version = |sample: &Sample, version: Option<&str>| {
        let mut json = sample.json();
        json["webhook_version"] = version.into();
        Event::parse_unverified(json.to_string()).unwrap().data
    };
    for sample in all_samples() {
        let newest = with_version(&sample, Some("2026-02-03"));
        assert_eq!(with_version(&sample, None), newest, "{}", sample.file);
        let type_name = sample.type_name();
        if !["MessageSent", "MessageReceived", "MessageDelivered", "MessageRead"].contains(&&*type_name) {
            assert_eq!(with_version(&sample, Some("2025-01-01")), newest, "{}", sample.file);
        }
    }
}

#[test]
fn an_event_is_written_as_it_came() {
    for sample in all_samples() {
        assert_eq!(serde_json::to_value(sample.event()).unwrap(), sample.json(), "{}", sample.file);
    }
}

#[test]
fn a_payload_type_knows_every_field_of_its_samples() {
    for sample in all_samples() {
        let (_, written) = payload(&sample.event().data);
        assert_eq!(meaning(written), meaning(sample.json()["data"].take()), "{}", sample.file);
    }
}

#[test]
fn the_enums_know_every_value_of_the_samples() {
    for sample in all_samples() {
        let debug = format!("{:?}", sample.event().data);
        // This one has a made-up word in place of most texts, an event type among them.
        let expected = usize::from(sample.file.ends_with("webhook_subscription.target_url_changed.max.json"));
        assert_eq!(debug.matches("Unknown(").count(), expected, "{}: {debug}", sample.file);
    }
}

#[test]
fn events_of_one_shape_are_told_apart_where_the_official_python_sdk_mixes_them_up() {
    for folder_name in FOLDERS {
        let dispatch = json(&format!("{folder_name}/{DISPATCH}"));
        let mut mixed_up = 0;
        let mut count = 0;
        for sample in samples(folder_name) {
            let file = sample.file.rsplit('/').next().unwrap();
            let classes = &dispatch["by_file"][file];
            let (name, _) = payload(&sample.event().data);
            let own_class = classes["own_class"].as_str().unwrap();
            assert!(own_class.eq_ignore_ascii_case(&format!("{name}WebhookEvent")), "{file}: {name}");
            mixed_up += usize::from(classes["python_gives"] != own_class);
            count += 1;
        }
        assert_eq!(dispatch["misdispatched"], mixed_up);
        assert_eq!(dispatch["samples"], count);
    }
}

#[test]
fn the_rare_payloads_do_not_make_every_event_large() {
    let size = size_of::<EventData>();
    assert!(size <= 768, "{size} bytes");
}
