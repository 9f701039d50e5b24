//! Conversions and comparisons: ids and open enums with text, messages from text.

use std::{collections::BTreeSet, convert::Infallible, fmt::Display, fs, path::Path, str::FromStr};

use linq_types::{
    attachments::*, backgrounds::*, capability::*, error::ErrorCode, events::*, experiences::*, locations::*,
    messages::*, parts::*, payment_requests::*, payments::*, phone_numbers::*, polls::*, reactions::*, *,
};
use serde::{Serialize, de::DeserializeOwned};

/// Asserts that `T` converts from and to text, and compares with it, for a text that it may or may not know.
fn assert_text<T>()
where
    T: FromStr<Err = Infallible> + AsRef<str> + Display + Into<String> + Clone + Eq,
    T: PartialEq<str> + for<'a> PartialEq<&'a str> + PartialEq<String>,
    T: for<'a> From<&'a str> + From<String> + for<'a> From<&'a String> + for<'a> From<&'a T>,
    T: Serialize + DeserializeOwned,
{
    for text in ["never-heard-of", "iMessage", "delivered"] {
        let owned = text.to_owned();
        let value = T::from(text);
        let others = [text.parse().unwrap(), T::from(owned.clone()), T::from(&owned), T::from(&value)];
        assert!(others.iter().all(|other| *other == value), "{text}");
        assert!(value == *text && value == text && value == owned, "{text}");
        assert!(value != *"other" && value != "other" && value != owned.to_uppercase(), "{text}");
        assert_eq!((value.as_ref(), value.to_string()), (text, owned.clone()));
        let json = serde_json::to_string(&value).unwrap();
        assert_eq!(json, format!("{text:?}"));
        assert!(serde_json::from_str::<T>(&json).unwrap() == value, "{text}");
        assert_eq!(value.into(), owned);
    }
}

macro_rules! text_types {
    ($($name:ident)+) => {
        const TEXT_TYPES: &[&str] = &[$(stringify!($name)),+];

        #[test]
        fn ids_and_open_enums_convert_from_and_compare_with_text() {
            $(assert_text::<$name>();)+
        }
    };
}

text_types! {
    ActorId ApiTokenId AttachmentId ChatId ContactCardId EventId Handle HandleId IdempotencyKey MessageId PartnerId
    PaymentConnectId PaymentId PaymentRequestId PhoneNumberId PollOptionId ReactionId ReputationAuditId TeamMemberId
    TraceId WebhookSubscriptionId
    AttachmentStatus BackgroundStyle BackgroundType ContentType DeliveryStatus EffectKind EffectName
    ExperienceFieldType FromSelectionReason GeoJsonType HandleCheckReason HandleStatus HealthStatusKind LineType
    PaymentHandleStatus PaymentInterval PaymentProviderStatus PaymentRail PaymentRequestMode PaymentRequestStatus
    PaymentStatus PollVoteOperation PreferredService ReactionOperation ReactionType ReputationAuditStatus
    AccountActorType AccountOrigin Direction EventType PhoneNumberStatus SignInMethod TeamMemberRole WebhookVersion
    ReputationDriverKey ReputationImpact Service TextAnimation TextStyle ThreadOrder
}

/// The names of the types that the macros `id!` and `open_enum!` declare in the files of a folder.
fn declared(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            declared(&path, found);
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        let mut macro_name = None;
        for line in source.lines() {
            match line {
                "id! {" | "open_enum! {" => macro_name = line.strip_suffix("! {"),
                "}" => macro_name = None,
                _ => {}
            }
            let line = line.trim();
            found.extend(match macro_name {
                Some("id") => line.strip_suffix(';').map(str::to_owned),
                Some(_) => {
                    line.strip_prefix("pub enum ").and_then(|line| line.strip_suffix(" {")).map(str::to_owned)
                }
                None => None,
            });
        }
    }
}

#[test]
fn every_id_and_open_enum_is_listed() {
    let mut found = BTreeSet::new();
    declared(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let unlisted: Vec<_> = found.iter().filter(|name| !TEXT_TYPES.contains(&name.as_str())).collect();
    assert!(unlisted.is_empty(), "{unlisted:?}");
    assert!(found.len() > 50, "{found:?}");
}

#[test]
fn text_of_any_kind_is_a_message_and_a_part() {
    let text = "Hello!".to_owned();
    let content = MessageContent::new([Part::text("Hello!")]);
    for from in [MessageContent::from("Hello!"), (&text).into(), text.clone().into()] {
        assert_eq!(from, content);
    }
    for from in [NewChatMessage::from("Hello!"), (&text).into(), text.clone().into(), content.clone().into()]
    {
        assert_eq!(from.message, content);
    }
    for from in [Part::from("Hello!"), (&text).into(), text.clone().into(), TextPart::from(&text).into()] {
        assert_eq!(from, Part::text("Hello!"));
    }
    for from in [UpdateMessage::from("Hello!"), (&text).into(), text.clone().into()] {
        assert_eq!(from, UpdateMessage::new("Hello!"));
    }
    let message = NewMessage::new(["+12025550199"], &text).continuation_message(&text);
    assert_eq!((message.message, message.continuation_message), (content, Some("Hello!".into())));
    assert_eq!(NewPoll::new([&text, &text]), NewPoll::new(["Hello!", "Hello!"]));
}

#[test]
fn an_error_code_converts_from_and_compares_with_its_number() {
    assert_eq!(ErrorCode::from(1007), ErrorCode::RATE_LIMITED);
    assert_eq!(ErrorCode::RATE_LIMITED, 1007);
    assert_eq!(u32::from(ErrorCode::RATE_LIMITED), 1007);
}
